"""Taking a report through its stages in tests, as two people would."""

from datetime import date, datetime
from typing import Any

from charter.actions.reports import (
    approve_report,
    attach_pdf,
    explain_finding,
    prepare_report,
    publish_report,
    submit_report,
    write_comment,
)
from charter.choices import Verdict
from charter.measurement import Period
from charter.models import Report, Standard

# Promises that reports are made of where it is all the same which; of all of them they take ten times as long.
FEW = ("signal-decision", "forward", "oral-enquiry")
ACTION = {"what": "Напомняне преди срока.", "owner": "Секретар", "due_on": date(2026, 12, 31)}


def keep_few_standards() -> None:
    """Leave two promises that are counted and one that is not measured."""
    Standard.objects.exclude(code__in=FEW).delete()


def explained(report: Report, by: Any, now: datetime) -> Report:
    """Everything that keeps the report from being submitted is said."""
    for figure in report.figures.filter(verdict=Verdict.BROKEN):
        write_comment(figure_id=figure.pk, comment="Забавени становища.", actions=[ACTION], by=by, now=now)
    for finding in report.findings.all():
        explain_finding(finding_id=finding.pk, explanation="Проверено е.", by=by, now=now)
    return Report.objects.get(pk=report.pk)


def approved(report: Report, staff: Any, now: datetime, pdf: bytes = b"%PDF-1.7 of a report") -> Report:
    """Submitted by the editor, approved by the mayor, rendered."""
    explained(report, staff["editor"], now)
    submit_report(report_id=report.pk, by=staff["editor"], now=now)
    approve_report(report_id=report.pk, by=staff["mayor"], now=now)
    return attach_pdf(report_id=report.pk, pdf=pdf)


def publish(
    period: Period, as_of: datetime, staff: Any, *, pdf: bytes = b"%PDF-1.7 of a report", reason: str = ""
) -> Report:
    """The published report of `period`; a second one corrects the first for `reason`."""
    report = prepare_report(period=period, as_of=as_of, by=staff["secretary"], now=as_of, correction_reason=reason)
    approved(report, staff, as_of, pdf)
    return publish_report(report_id=report.pk, by=staff["mayor"], now=as_of)
