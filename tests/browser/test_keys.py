"""A security key in a real browser, by its virtual authenticator: added, used to sign in, refused, removed."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import CDPSession, Page, Route, expect

from samokov_portal.staff.factors import factors_of
from samokov_portal.staff.models import StaffUser
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db(transaction=True)
KEY = {"protocol": "ctap2", "transport": "usb", "hasResidentKey": False, "hasUserVerification": False}


@pytest.fixture(autouse=True)
def required(settings: Any) -> None:
    settings.STAFF_SECOND_FACTOR = True


class Plugged:
    """The keys that are plugged into the computer of a page."""

    def __init__(self, page: Page) -> None:
        self.session: CDPSession = page.context.new_cdp_session(page)
        self.session.send("WebAuthn.enable")
        self.name = self.plug()

    def plug(self) -> str:
        options = {**KEY, "automaticPresenceSimulation": True}
        return str(self.session.send("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"])

    def swap(self) -> None:
        """Take the key out and plug another one in."""
        self.session.send("WebAuthn.removeVirtualAuthenticator", {"authenticatorId": self.name})
        self.name = self.plug()

    def credentials(self) -> Any:
        return self.session.send("WebAuthn.getCredentials", {"authenticatorId": self.name})["credentials"]


def give_password(page: Page) -> None:
    page.goto("/desk/login/")
    page.fill("[name=username]", "clerk")
    page.fill("[name=password]", PASSWORD)
    page.get_by_role("button", name="Влезте").click()


def log_out(page: Page) -> None:
    page.get_by_role("button", name="Изход").click()


def test_a_key_is_added_lets_in_and_goes_and_a_foreign_one_does_not(
    open_page: Callable[..., Page], staff: dict[str, StaffUser]
) -> None:
    page = open_page()
    plugged = Plugged(page)
    give_password(page)
    page.get_by_role("link", name="Добавете ключ").click()
    page.get_by_label("Как да го наречем").fill("Зеленият")
    page.get_by_role("button", name="Добавете ключа").click()
    expect(page.get_by_role("heading", name="Запишете резервните кодове")).to_be_visible()

    log_out(page)
    give_password(page)
    page.get_by_role("button", name="Използвайте ключа").click()
    expect(page.get_by_role("heading", level=1, name="Преписки и заявления за работа")).to_be_visible()

    page.goto("/desk/second-factor/key/")
    page.get_by_role("button", name="Добавете ключа").click()
    expect(page.get_by_role("alert")).to_contain_text("вече е добавен")
    plugged.swap()
    page.get_by_role("button", name="Добавете ключа").click()
    expect(page.get_by_role("status")).to_contain_text("Вторият фактор е добавен")
    page.get_by_role("button", name="Премахнете „Зеленият“").click()
    expect(page.get_by_role("status")).to_contain_text("премахнат")
    assert [row.wrap().name for row in factors_of(staff["clerk"]).keys] == ["Ключ 2"]

    log_out(page)
    plugged.swap()  # a key that the portal does not know
    give_password(page)
    page.get_by_role("button", name="Използвайте ключа").click()
    expect(page.get_by_role("alert")).to_contain_text("Ключът не беше потвърден")
    page.goto("/desk/")
    expect(page.get_by_role("heading", name="Вход за служители")).to_be_visible()


def test_whoever_presses_before_a_slow_script_is_here_is_asked_for_the_key(
    open_page: Callable[..., Page], staff: dict[str, StaffUser]
) -> None:
    page = open_page()
    Plugged(page)
    give_password(page)

    def late(route: Route) -> None:
        time.sleep(1)
        route.continue_()

    page.route("**/key*.js", late)
    page.goto("/desk/second-factor/key/", wait_until="commit")
    page.get_by_role("button", name="Добавете ключа").click()

    expect(page.get_by_role("heading", name="Запишете резервните кодове")).to_be_visible()


def test_a_browser_without_keys_says_so(open_page: Callable[..., Page], staff: dict[str, StaffUser]) -> None:
    page = open_page()
    page.add_init_script("delete window.PublicKeyCredential")
    give_password(page)
    page.goto("/desk/second-factor/key/")

    expect(page.get_by_role("alert")).to_contain_text("Този браузър не може да работи с ключове")
    expect(page.get_by_role("button", name="Добавете ключа")).to_be_disabled()


def test_without_a_script_the_page_says_what_is_missing(
    open_page: Callable[..., Page], staff: dict[str, StaffUser]
) -> None:
    page = open_page(java_script_enabled=False)
    give_password(page)
    page.goto("/desk/second-factor/key/")
    expect(page.get_by_text("браузърът Ви трябва да изпълнява JavaScript. Без него")).to_be_visible()
    page.get_by_role("button", name="Добавете ключа").click()

    expect(page.get_by_role("alert")).to_contain_text("Ключът не беше попитан")
