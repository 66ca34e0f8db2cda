"""The inspection itself: it says nothing of a good page and finds what it is there to find."""

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.inspection import faults

GOOD = (
    "<!DOCTYPE html><html lang=bg><title>Добре</title><main><h1>Добре</h1><details><summary>още</summary>{}</details>"
)


def shown(browser: Browser, folded: str) -> list[str]:
    page: Page = browser.new_page()
    page.set_content(GOOD.format(folded))
    found = faults(page, "bg")
    page.close()
    return found


def test_good_page_has_no_faults(browser: Browser) -> None:
    assert shown(browser, "<p>Текст</p>") == []


@pytest.mark.parametrize(
    ("folded", "fault"),
    [
        ("<input>", "label"),
        ("<p style='color: #bbb'>сиво</p>", "color-contrast"),
        ("<h1>още едно</h1>", "headings of the first level: 2, not 1"),
        ("<div style='width: 400px; height: 1px'></div>", "scrolls sideways: at 320 px"),
    ],
)
def test_fault_in_what_is_folded_away_is_found(browser: Browser, folded: str, fault: str) -> None:
    assert any(found.startswith(fault) for found in shown(browser, folded))
