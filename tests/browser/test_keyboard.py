"""The standards and a report with the keyboard alone, in a browser without JavaScript."""

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from charter.measurement import Period
from charter.models import Report
from tests.browser.stories import cases_in_every_state, real_now
from tests.charter.staged import publish

# More stops than any of these pages has before what is looked for.
FAR = 80
FOCUSED = """() => {
    const one = document.activeElement, style = getComputedStyle(one);
    const name = one.labels?.length ? one.labels[0].innerText : one.innerText;
    return [(name || "").trim(), style.outlineStyle !== "none" || style.boxShadow !== "none"];
}"""


@pytest.fixture
def published(staff: dict[str, Any]) -> Report:
    now = real_now()
    cases_in_every_state(staff, now)
    return publish(Period.quarter_of(timezone.localdate(now)).previous_quarter(), now, staff)


def tab_to(page: Page, name: str) -> None:
    """Press Tab until what is called `name` has the focus; on the way each stop must show that it has it."""
    for _stop in range(FAR):
        page.keyboard.press("Tab")
        found, is_seen = page.evaluate(FOCUSED)
        assert is_seen, f"the focus on „{found}“ cannot be seen"
        if found.startswith(name):
            return
    raise AssertionError(f"„{name}“ is not reached by Tab")


def test_a_figure_is_reached_down_to_its_records_by_keyboard(open_page: Callable[..., Page], published: Report) -> None:
    page = open_page(java_script_enabled=False)
    page.goto("/charter/standards/")

    tab_to(page, "Решение по сигнал")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Решение по сигнал")
    tab_to(page, "Друг период")
    tab_to(page, "Записите зад този резултат")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Записите зад резултата")


def test_a_report_is_read_by_keyboard(open_page: Callable[..., Page], published: Report) -> None:
    page = open_page(java_script_enabled=False)
    page.goto(published.get_absolute_url())

    tab_to(page, "Файлове и отпечатъци")
    page.keyboard.press("Enter")
    tab_to(page, "Проверете файл, който имате")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Проверка на доклад")
    tab_to(page, "Файл в PDF")
    tab_to(page, "Проверете файла")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_be_visible()


def test_staff_find_their_pages_on_a_phone_by_keyboard(
    open_page: Callable[..., Page], staff: dict[str, Any], log_in: Callable[[Page, str], Page]
) -> None:
    page = log_in(open_page(width=360, java_script_enabled=False), "secretary")
    page.goto("/desk/")
    box = page.locator(".staff-bar").bounding_box()
    assert box is not None
    assert box["height"] < 120  # one name and one closed list, not ten lines of links before the page begins

    tab_to(page, "Работни страници")
    page.keyboard.press("Enter")
    tab_to(page, "Служители и роли")
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", level=1)).to_have_text("Служители и роли")
