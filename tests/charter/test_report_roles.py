"""Who may take which step with a report, and with which the portal refuses them."""

from datetime import datetime
from typing import Any

import pytest

from charter.actions.reports import prepare_report, submit_report
from charter.choices import ReportStatus
from charter.measurement import Period
from charter.models import Report
from charter.stages import STEPS
from tests.charter.staged import approved, explained

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("few_standards")]

ROLES = ("clerk", "expert", "secretary", "mayor", "editor", "auditor")
MAY = {
    "submit": {"secretary", "mayor", "editor"},
    "send_back": {"secretary", "mayor"},
    "approve": {"secretary", "mayor"},
    "publish": {"secretary", "mayor"},
    "discard": {"secretary", "mayor", "editor"},
}
ENDS = {
    "submit": ReportStatus.SUBMITTED,
    "send_back": ReportStatus.RETURNED,
    "approve": ReportStatus.APPROVED,
    "publish": ReportStatus.PUBLISHED,
    "discard": ReportStatus.DISCARDED,
}


def before(step: str, staff: Any, now: datetime) -> Report:
    """A report with which `step` may be taken; prepared by nobody, submitted by the editor, approved by the mayor."""
    report = prepare_report(period=Period.parse("2026-Q3"), as_of=now, by=None, now=now)
    if step == "publish":
        return approved(report, staff, now)
    explained(report, staff["editor"], now)
    if step not in ("submit", "discard"):
        submit_report(report_id=report.pk, by=staff["editor"], now=now)
    return Report.objects.get(pk=report.pk)


def test_every_step_is_in_the_table() -> None:
    assert set(MAY) == set(ENDS) == set(STEPS)


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("step", STEPS)
def test_each_role_takes_the_steps_of_the_table_only(
    as_role: Any, staff: Any, clock: datetime, role: str, step: str
) -> None:
    report = before(step, staff, clock)
    stood = report.status

    response = as_role(role).post(f"/desk/reports/{report.pk}/{step}/", {"note": "Моля, обяснете спада."})

    report = Report.objects.get(pk=report.pk)
    if role in MAY[step]:
        assert (response.status_code, report.status) == (302, ENDS[step])
    else:
        assert (response.status_code, report.status) == (403, stood)


@pytest.mark.parametrize("step", STEPS)
def test_who_is_not_logged_in_is_asked_to(client: Any, staff: Any, clock: datetime, step: str) -> None:
    report = before(step, staff, clock)

    response = client.post(f"/desk/reports/{report.pk}/{step}/")

    assert response.status_code == 302
    assert response["Location"].startswith("/desk/login/")
    assert Report.objects.get(pk=report.pk).status == report.status


@pytest.mark.parametrize("role", ROLES)
def test_each_role_reads_what_is_prepared_or_does_not(as_role: Any, staff: Any, clock: datetime, role: str) -> None:
    report = before("submit", staff, clock)

    status = as_role(role).get(f"/desk/reports/{report.pk}/").status_code

    assert status == (200 if role in {"secretary", "mayor", "editor"} else 403)
