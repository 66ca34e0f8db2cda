"""Work for the worker, enqueued in the same transaction as what it is about."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import OperationalError, transaction
from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from charter.actions.drafts import LIFE
from charter.actions.refusals import AlreadyInWork, AlreadyPublished, NeedsReason, OutOfDate
from charter.actions.reports import attach_pdf, has_records, prepare_report, wait_for_writers
from charter.measurement import Period
from charter.models import CharterDraft, Report
from charter.pdf import render_report
from charter.running import count_running
from samokov_portal.audit.seals import seal_with_our_key
from samokov_portal.staff.models import StaffUser


@app.task(name="charter.render_report_pdf", retry=RetryStrategy(max_attempts=5, exponential_wait=4))
def render_report_pdf(report_id: int) -> None:
    """Render the PDF of a report that has none, and store it.

    One published meanwhile keeps the PDF it was published with; one changed meanwhile is rendered once more, and
    whatever else was ordered finds the PDF there.
    """
    report = Report.objects.get(pk=report_id)
    step = report.newest_step()
    if report.pdf is not None:
        return
    try:
        attach_pdf(report_id=report_id, pdf=render_report(report), of_step=step)
    except AlreadyPublished:
        return
    except OutOfDate:
        order_pdf(report_id)


def order_pdf(report_id: int) -> None:
    """Have the PDF rendered, in the transaction of the change; of many changes one after another, once.

    An order that still waits will read what the change stored. One that begins just before that is stored finds itself
    out of date, and orders again.
    """
    name = f"charter.report {report_id}"
    try:
        with transaction.atomic():
            render_report_pdf.configure(lock=name, queueing_lock=name).defer(report_id=report_id)
    except AlreadyEnqueued:
        return


@app.task(
    name="charter.draft_report",
    retry=RetryStrategy(max_attempts=5, exponential_wait=4, retry_exceptions=[OperationalError]),
)
def draft_report(period: str, by: int | None, reason: str = "") -> None:
    """Seal the history, count and freeze a period as of now, for whoever ordered it (None: nobody), and have its PDF
    rendered.

    A correction that was ordered without a reason, because the report was published meanwhile, is not made; nor is a
    second draft, when two people ordered one or the button was pressed twice.
    """
    as_of = timezone.now()
    wait_for_writers()
    seal_with_our_key(as_of)
    person = None if by is None else StaffUser.objects.get(pk=by)
    try:
        report = prepare_report(
            period=Period.parse(period),
            as_of=as_of,
            by=person,
            now=timezone.now(),
            correction_reason=reason,
            is_only_one=True,
        )
    except (NeedsReason, AlreadyInWork):
        return
    order_pdf(report.pk)


@app.periodic(cron="30 5 * * *")
@app.task(name="charter.draft_due_reports")
def draft_due_reports(timestamp: int) -> None:
    """Draft the report of the last quarter and of the last year some days after their end, if there is none yet.

    `timestamp` is when it was due.
    """
    for period in due_periods(timezone.now()):
        draft_report(period=period.code, by=None)


@app.periodic(cron="7 * * * *")
@app.task(name="charter.count_each_hour")
def count_each_hour(timestamp: int) -> None:
    """Each hour, count the promises of the running quarter for the Secretary's page. `timestamp` is when it was due."""
    count_running(timezone.now())


@app.task(name="charter.count_now", queueing_lock="charter.count_now")
def count_now() -> None:
    """The same at once, because somebody asked for it."""
    count_running(timezone.now())


def due_periods(now: datetime) -> list[Period]:
    """The ended quarter and year, long enough ago by REPORT_AFTER_DAYS, that have records and no report."""
    today = timezone.localtime(now).date() - timedelta(days=settings.REPORT_AFTER_DAYS)
    ended = [
        Period.quarter_of(today).previous_quarter(),
        Period.year_of(Period.year_of(today).start - timedelta(days=1)),
    ]
    return [period for period in ended if has_records(period) and not Report.objects.of_period(period.code).exists()]


@app.periodic(cron="* * * * *")
@app.task(name="charter.publish_scheduled", queueing_lock="charter.publish_scheduled")
def publish_scheduled(timestamp: int) -> None:
    """Each minute, publish the text of the charter whose moment has come. `timestamp` is when it was due."""
    for draft_id in list(CharterDraft.objects.due(timezone.now()).values_list("pk", flat=True)):
        LIFE.publish_due(draft_id, timezone.now())


@app.task(name="charter.check_links")
def check_links(draft_id: int) -> None:
    """Ask every address in a draft of the charter whether it answers, and store what was found."""
    LIFE.check_links(draft_id, timezone.now())


def order_link_check(draft_id: int) -> None:
    """Have the links of a draft asked, in the transaction of the change that it is about."""
    check_links.defer(draft_id=draft_id)
