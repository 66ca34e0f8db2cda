"""What is asked after an answer, with errors and without, and the design page: axe and `inspection.faults`."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, Response

from feedback.actions.survey import invite_about_case
from feedback.choices import Status
from tests.browser.stories import real_now
from tests.browser.touring import Place, Tour, at, pressed
from tests.feedback.following import Receipt, case_in

pytestmark = pytest.mark.django_db(transaction=True)


def followed(receipt: Receipt) -> Place:
    """The page of a case, come to with its code."""

    def follow(page: Page) -> Response | None:
        page.goto(reverse("feedback:track"))
        page.locator("[name=number]").fill(receipt.case.number)
        page.locator("[name=code]").fill(receipt.code)
        with page.expect_navigation() as sending:
            page.locator("main form", has=page.locator("[name=code]")).locator("button").click()
        return sending.value

    return Place("a followed case", follow)


def test_the_survey_about_an_answer_has_no_faults(open_page: Callable[..., Page], staff: dict[str, Any]) -> None:
    receipt = case_in(Status.NOTIFIED, staff, real_now())
    invited = invite_about_case(receipt.case, answers=1, now=real_now())
    tour = Tour(open_page(), "bg")

    def asked() -> Iterator[Place]:
        yield followed(receipt)
        yield at("feedback:tracked", receipt.case.number)
        yield pressed(receipt.page, reverse("feedback:track_survey", args=[receipt.case.number]), 200, "the survey")
        yield Place("a survey without an answer", send_nothing, 422)

    assert invited.code
    assert tour.in_both_languages(asked) == {}
    assert reverse("feedback:survey_answers") in tour.page.url


def send_nothing(page: Page) -> Response | None:
    """Send the survey that is open as it stands."""
    with page.expect_navigation() as sending:
        page.locator("main form button").last.click()
    return sending.value


def test_the_design_page_has_no_faults(open_page: Callable[..., Page], settings: Any) -> None:
    settings.DEBUG = True
    tour = Tour(open_page(), "bg")

    assert tour.in_both_languages(lambda: [at("design")]) == {}
