"""Everything that comes is entered by keys alone, in less than twenty seconds."""

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from feedback.models import Case
from services.models import Application, Service
from tests.browser.test_desk_journey import press_until

# A clerk who types without looking strikes five keys a second (Card, Moran and Newell 1980: 0.2 s for a key).
SECONDS_A_KEY = 0.2
MOST_SECONDS = 20


class Typist:
    """Strikes keys as fast as a machine, counts them, and says how long a person would take."""

    def __init__(self, page: Page) -> None:
        self.page, self.keys, self.began = page, 0, time.monotonic()

    def types(self, text: str) -> None:
        self.keys += len(text)
        self.page.keyboard.type(text, delay=20)

    def strikes(self, *keys: str) -> None:
        for key in keys:
            self.keys += key.count("+") + 1
            self.page.keyboard.press(key)

    @property
    def seconds(self) -> float:
        """What a person needs for the keys, and what the page made them wait, which is in the time that passed."""
        return self.keys * SECONDS_A_KEY + time.monotonic() - self.began


@pytest.fixture
def at_the_page(open_page: Callable[..., Page], log_in: Callable[[Page, str], Page]) -> Page:
    page = log_in(open_page(), "clerk")
    page.goto("/desk/log/")
    expect(page.locator("[name=what]")).to_be_focused()
    return page


def test_an_oral_signal_is_entered_by_keys_alone(at_the_page: Page) -> None:
    typist = Typist(at_the_page)

    typist.types("си")
    expect(at_the_page.locator("#what-offered li").first).to_contain_text("сигнал")
    typist.strikes("Tab")
    expect(at_the_page.get_by_label("Име и фамилия")).to_be_focused()
    typist.types("Иван Петров")
    typist.strikes("Tab")
    typist.types("0888123456")
    typist.strikes("Tab")
    expect(at_the_page.get_by_label("Какво казва или иска")).to_be_focused()
    typist.types("Не свети лампата пред училището.")
    typist.strikes("Control+Enter")
    expect(at_the_page.get_by_role("heading", level=1)).to_have_text("Сигналът е регистриран")

    case = Case.objects.get()
    assert (case.kind, case.name, case.phone, case.is_oral) == ("signal", "Иван Петров", "0888123456", True)
    assert (case.subject, case.channel, case.visit_number) == ("Не свети лампата пред училището", "counter", 1)
    assert timezone.now() - case.received_at < timedelta(minutes=1)
    assert typist.keys == 60
    assert typist.seconds < MOST_SECONDS
    # The next key prints the receipt.
    expect(at_the_page.get_by_role("button", name="Разписка, А4")).to_be_focused()


def test_an_application_is_entered_by_keys_alone(at_the_page: Page) -> None:
    typist = Typist(at_the_page)

    typist.types("2052")
    typist.strikes("Tab")
    typist.types("Иван Петров")
    typist.strikes("Tab")
    typist.types("0888123456")
    typist.strikes("Enter")
    expect(at_the_page.get_by_role("heading", level=1)).to_have_text("Заявлението е регистрирано")

    row = Application.objects.get()
    assert (row.service, row.applicant_name) == (Service.objects.get(number="2052"), "Иван Петров")
    assert (row.applicant_contact, row.is_oral, row.visits.get().purpose) == ("0888123456", False, "apply")
    assert typist.keys == 28
    assert typist.seconds < MOST_SECONDS
    expect(at_the_page.get_by_role("button", name="Разписка, А4")).to_be_focused()


def test_somebody_who_was_here_is_chosen_by_keys_and_shown_masked(at_the_page: Page, staff: dict[str, Any]) -> None:
    test_an_oral_signal_is_entered_by_keys_alone(at_the_page)
    at_the_page.goto("/desk/log/?channel=phone")
    typist = Typist(at_the_page)

    typist.types("за")
    expect(at_the_page.locator("#what-offered li").first).to_contain_text("запитване")
    typist.strikes("Tab")
    typist.types("пет")
    expect(at_the_page.locator("#people-offered li")).to_contain_text("Иван П.")
    typist.strikes("ArrowDown", "Enter")
    expect(at_the_page.locator("[data-person-chosen]")).to_contain_text("…456")
    expect(at_the_page.locator("main")).not_to_contain_text("0888123456")
    typist.types("Кога ще мине снегорин?")
    typist.strikes("Alt+0")
    expect(at_the_page.get_by_role("heading", level=1)).to_have_text("Запитването е регистрирано")

    newest = Case.objects.latest("pk")
    assert (newest.name, newest.phone, newest.channel, newest.is_oral) == ("Иван Петров", "0888123456", "phone", True)
    assert newest.visit_number is None
    assert typist.seconds < MOST_SECONDS


def test_a_signal_is_entered_without_javascript_by_keys_alone(
    open_page: Callable[..., Page], log_in: Callable[[Page, str], Page], staff: dict[str, Any]
) -> None:
    page = log_in(open_page(width=360, java_script_enabled=False), "clerk")
    page.goto("/desk/log/")
    expect(page.locator("[name=what]")).to_be_focused()

    page.keyboard.type("сигнал")
    press_until(page, "[name=name]")
    page.keyboard.type("Иван Петров")
    press_until(page, "[name=text]")
    page.keyboard.type("Не свети лампата пред училището.")
    press_until(page, "[name=counter]")
    page.keyboard.type("Гише 3")
    page.keyboard.press("Enter")

    # Nobody can be answered so: the page says it, and keeps what was typed.
    expect(page.get_by_role("alert")).to_contain_text("телефон, имейл или адрес")
    press_until(page, "[name=phone]")
    page.keyboard.type("0888123456")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Сигналът е регистриран")
    assert (Case.objects.get().phone, Case.objects.get().name) == ("0888123456", "Иван Петров")
