"""The page of a followed case in each of its states: axe and `inspection.faults`, in both languages."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone, translation
from playwright.sync_api import Page

from feedback.choices import FileState, Kind, Status
from feedback.models import Attachment
from samokov_portal.history import save_with_history
from tests.browser.inspection import bring_axe, faults
from tests.browser.touring import DISPLAYS, NARROW
from tests.feedback.following import Receipt, case_in, file_case
from tests.feedback.life_stories import take

LONG_OVERDUE = timedelta(days=100)


def paused(staff: dict[str, Any], now: datetime) -> Receipt:
    """A request for information whose term stands still."""
    receipt = file_case(now - timedelta(days=3), Kind.INFORMATION)
    values = {"question": "За коя година?", "ground": "information-unclear"}
    take("ask", receipt.case, now=now - timedelta(days=2), by=staff["clerk"], **values)
    return receipt


def with_files(now: datetime) -> Receipt:
    """A case with a file in each state."""
    receipt = file_case(now)
    for state in FileState:
        facts = {"content_type": "image/jpeg", "size": 1_500_000, "received_sha256": "a" * 64, "sha256": "b" * 64}
        row = Attachment(
            case=receipt.case, added_at=now, name=f"снимка {state}.jpg", stored=f"x/{state}", state=state, **facts
        )
        save_with_history(row, by=None, why="приет файл")
    return receipt


def looked_at_twice(staff: dict[str, Any], now: datetime) -> Receipt:
    """A case with two answers, both rated badly."""
    receipt = case_in(Status.NOTIFIED, staff, now)
    for name in ("rate", "reopen", "answer", "notify", "rate"):
        take(name, receipt.case, now=now, by=staff["clerk"])
    return receipt


def in_every_state(staff: dict[str, Any], now: datetime) -> dict[str, Receipt]:
    cases = {status.value: case_in(status, staff, now) for status in Status}
    others = {
        "praise": file_case(now, Kind.PRAISE),
        "paused": paused(staff, now),
        "late": file_case(now - LONG_OVERDUE),
        "with files": with_files(now),
        "looked at twice": looked_at_twice(staff, now),
    }
    return {**cases, **others}


def open_case(page: Page, receipt: Receipt) -> None:
    page.goto(reverse("feedback:track"))
    give_code(page, receipt)


def give_code(page: Page, receipt: Receipt) -> None:
    page.locator("[name=number]").fill(receipt.case.number)
    page.locator("[name=code]").fill(receipt.code)
    page.locator("main form", has=page.locator("[name=code]")).locator("button").click()


def press(page: Page, action: str) -> int:
    """Send the form of `action`; the status of the answer."""
    with page.expect_navigation() as sending:
        page.locator(f"form[action$='/{action}/'] button").click()
    return sending.value.status


@pytest.mark.parametrize(("language", "display"), DISPLAYS)
def test_followed_cases_have_no_faults(
    open_page: Callable[..., Page], staff: dict[str, Any], language: str, display: dict[str, Any]
) -> None:
    cases = in_every_state(staff, timezone.now())
    page, wrong = open_page(**display), {}
    bring_axe(page)

    with translation.override(language):
        for state, receipt in cases.items():
            open_case(page, receipt)
            wrong[state] = faults(page, language)
        page.goto(f"{receipt.page}receipt/")
        wrong["receipt"] = faults(page, language)

    assert {state: found for state, found in wrong.items() if found} == {}


def test_refusals_on_the_way_have_no_faults(open_page: Callable[..., Page], staff: dict[str, Any]) -> None:
    now = timezone.now()
    receipt = case_in(Status.ASSIGNED, staff, now)
    page, wrong = open_page(**NARROW), {}

    open_case(page, receipt)
    page.get_by_text("Добавете сведения").click()
    assert press(page, "add") == 422
    wrong["a form with errors"] = faults(page, "bg")
    page.locator("[name=add-text]").fill("До аптеката е.")
    page.context.clear_cookies(name="sessionid")
    assert press(page, "add") == 403
    wrong["the code is asked for again"] = faults(page, "bg")
    give_code(page, receipt)
    wrong["what was typed came back"] = faults(page, "bg")
    take("answer", receipt.case, now=now, by=staff["clerk"])
    assert press(page, "add") == 409
    wrong["a step that is not possible any more"] = faults(page, "bg")
    page.get_by_role("button", name="Излезте").click()
    wrong["after leaving"] = faults(page, "bg")

    assert {state: found for state, found in wrong.items() if found} == {}
