"""A citizen whose network filed a lot: the browser proves its work, or without JavaScript a short wait is enough."""

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from feedback.models import Case
from samokov_portal.office.limits import network_of, take
from samokov_portal.office.spam import HOUR, Limit
from tests.browser.inspection import read_receipt

TEXT = "От седмица не свети.\nТъмно е и е опасно."
READY = "Проверката е готова. Можете да изпратите веднага."


@pytest.fixture
def crowded(settings: Any, transactional_db: None) -> None:
    """The network of the browser has filed as much as it may in an hour."""
    settings.FILINGS_AN_HOUR_PER_NETWORK = 1
    settings.FILING_WAIT_SECONDS = 600
    take(Limit("filings of a network", 1, HOUR), network_of("127.0.0.1"), timezone.now())


def fill_in_and_send(page: Page) -> None:
    page.goto("/feedback/new/signal/")
    page.get_by_label("Накратко, за какво става дума").fill("Не свети лампа")
    page.get_by_label("Опишете го с Ваши думи").fill(TEXT)
    page.get_by_label("Име и фамилия").fill("Мария Стоянова")
    page.get_by_label("Телефон").fill("0888 123 456")
    send(page)


def send(page: Page) -> None:
    page.get_by_role("button", name="Изпратете сигнала").click()


def expect_receipt(page: Page) -> None:
    number, _code = read_receipt(page)
    assert number == Case.objects.get().number


def test_the_browser_proves_its_work_and_the_form_passes(open_page: Callable[..., Page], crowded: None) -> None:
    page = open_page()
    fill_in_and_send(page)

    expect(page.get_by_role("status").get_by_text(READY)).to_be_visible()
    assert Case.objects.count() == 0
    expect(page.get_by_label("Опишете го с Ваши думи")).to_have_value(TEXT)
    send(page)

    expect_receipt(page)


def test_without_javascript_the_form_passes_after_the_wait(
    open_page: Callable[..., Page], crowded: None, settings: Any
) -> None:
    page = open_page(java_script_enabled=False)
    fill_in_and_send(page)

    expect(page.get_by_role("alert")).to_contain_text("Изчакайте")
    expect(page.get_by_text(READY)).to_be_hidden()
    expect(page.get_by_label("Опишете го с Ваши думи")).to_have_value(TEXT)
    send(page)
    expect(page.get_by_role("alert")).to_contain_text("Изчакайте")
    settings.FILING_WAIT_SECONDS = 0  # as if the wait were over
    send(page)

    expect_receipt(page)


def test_the_hidden_field_is_out_of_sight_and_out_of_the_order_of_the_keys(
    open_page: Callable[..., Page], transactional_db: None
) -> None:
    page = open_page()
    page.goto("/feedback/new/signal/")

    box = page.locator("#id_website").locator("..").bounding_box()
    reached = set()
    for _ in range(60):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement.id"))

    assert box is not None
    assert max(box["width"], box["height"]) <= 1
    assert "id_phone" in reached
    assert "id_website" not in reached
