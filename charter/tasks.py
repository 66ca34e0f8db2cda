"""Work for the worker, enqueued in the same transaction as what it is about."""

from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from charter.actions.refusals import AlreadyPublished, NeedsReason
from charter.actions.reports import attach_pdf, prepare_report, wait_for_writers
from charter.measurement import Period
from charter.models import Report
from charter.pdf import render_report
from feedback.models import Case
from samokov_portal.staff.models import StaffUser


@app.task(name="charter.render_report_pdf", retry=RetryStrategy(max_attempts=5, exponential_wait=4))
def render_report_pdf(report_id: int) -> None:
    """Render the PDF of a report and store it; one published meanwhile keeps the PDF it was published with."""
    report = Report.objects.get(pk=report_id)
    try:
        attach_pdf(report_id=report_id, pdf=render_report(report))
    except AlreadyPublished:
        return


@app.task(name="charter.draft_report")
def draft_report(period: str, by: int | None, reason: str = "") -> None:
    """Count and freeze a period as of now, for whoever ordered it (None: nobody), and have its PDF rendered.

    A correction that was ordered without a reason, because the report was published meanwhile, is not made.
    """
    as_of = timezone.now()
    wait_for_writers()
    person = None if by is None else StaffUser.objects.get(pk=by)
    try:
        report = prepare_report(
            period=Period.parse(period), as_of=as_of, by=person, now=timezone.now(), correction_reason=reason
        )
    except NeedsReason:
        return
    render_report_pdf.defer(report_id=report.pk)


@app.periodic(cron="30 5 * * *")
@app.task(name="charter.draft_due_reports")
def draft_due_reports(timestamp: int) -> None:
    """Draft the report of the last quarter and of the last year some days after their end, if there is none yet.

    `timestamp` is when it was due.
    """
    for period in due_periods(timezone.now()):
        draft_report(period=period.code, by=None)


def due_periods(now: datetime) -> list[Period]:
    """The ended quarter and year, long enough ago by REPORT_AFTER_DAYS, that have cases and no report."""
    today = timezone.localtime(now).date() - timedelta(days=settings.REPORT_AFTER_DAYS)
    ended = [
        Period.quarter_of(today).previous_quarter(),
        Period.year_of(Period.year_of(today).start - timedelta(days=1)),
    ]
    return [
        period
        for period in ended
        if Case.objects.received_between(*period.span).exists() and not Report.objects.of_period(period.code).exists()
    ]
