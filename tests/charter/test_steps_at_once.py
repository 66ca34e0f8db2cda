"""Two people who take a step of a report at the same moment: one is done, the other is told so, none is done twice."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from threading import Barrier
from typing import Any

import pytest
from django.db import connections
from procrastinate.contrib.django.models import ProcrastinateJob

from charter.actions.reports import attach_pdf, prepare_report
from charter.measurement import Period
from charter.models import Report
from charter.tasks import draft_report
from samokov_portal.staff.models import StaffUser
from tests.charter.staged import explained
from tests.factories import CaseFactory, at

pytestmark = pytest.mark.django_db(transaction=True)
Q2 = Period.parse("2026-Q2")
REFUSED = ("Докладът вече не е на този етап.", "Докладът вече е публикуван", "Междувременно колега промени доклада.")


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    """The results of all the calls, each made in a thread of its own at the same moment."""
    start = Barrier(len(calls))

    def call(one: Callable[[], Any]) -> Any:
        start.wait()
        try:
            return one()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(calls)) as threads:
        return list(threads.map(call, calls))


def press(client: Any, report: Report, step: str) -> Callable[[], Any]:
    """Pressing the button of `step` on the page as it stands now."""
    seen = client.get(f"/desk/reports/{report.pk}/").context["seen"]
    return lambda: client.post(f"/desk/reports/{report.pk}/{step}/", {"seen": seen, "note": "Допълнете."})


def assert_one_was_done(answers: list[Any]) -> None:
    assert sorted(answer.status_code for answer in answers) == [302, 409]
    words = next(answer.content.decode() for answer in answers if answer.status_code == 409)
    assert any(refusal in words for refusal in REFUSED)


def test_of_two_steps_at_once_one_is_taken(as_role: Any, staff: dict[str, StaffUser], clock: datetime) -> None:
    report = explained(prepare_report(period=Q2, as_of=clock, by=None, now=clock), staff["editor"], clock)
    editor, secretary, mayor = as_role("editor"), as_role("secretary"), as_role("mayor")
    said = report.steps.count()

    assert_one_was_done(at_once(press(editor, report, "submit"), press(editor, report, "submit")))
    assert_one_was_done(at_once(press(secretary, report, "send_back"), press(mayor, report, "send_back")))
    assert_one_was_done(at_once(press(editor, report, "submit"), press(editor, report, "discard")))
    report = Report.objects.get()
    assert (report.status in ("submitted", "discarded"), report.steps.count()) == (True, said + 3)


def test_of_approving_and_sending_back_at_once_one_is_done_and_publishing_twice_is_once(
    as_role: Any, staff: dict[str, StaffUser], clock: datetime
) -> None:
    report = explained(prepare_report(period=Q2, as_of=clock, by=None, now=clock), staff["editor"], clock)
    editor, secretary, mayor = as_role("editor"), as_role("secretary"), as_role("mayor")
    press(editor, report, "submit")()

    assert_one_was_done(at_once(press(secretary, report, "approve"), press(mayor, report, "send_back")))
    if Report.objects.get().status == "returned":
        press(editor, report, "submit")()
        press(mayor, report, "approve")()
    attach_pdf(report_id=report.pk, pdf=b"%PDF-1.7 of a report")
    assert_one_was_done(at_once(press(secretary, report, "publish"), press(mayor, report, "publish")))
    assert Report.objects.get().status == "published"
    assert [step.status for step in report.steps.all()].count("published") == 1


def test_two_workers_that_draft_one_period_at_once_make_one_draft(db: None, clock: datetime) -> None:
    CaseFactory(received_at=at("2026-05-04"))

    at_once(*[lambda: draft_report(period="2026-Q2", by=None)] * 2)

    assert [(report.period, report.version) for report in Report.objects.all()] == [("2026-Q2", 1)]
    assert ProcrastinateJob.objects.filter(task_name="charter.render_report_pdf").count() == 1
