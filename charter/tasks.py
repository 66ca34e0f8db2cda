"""Work for the worker, enqueued in the same transaction as what it is about."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import OperationalError, transaction
from django.db.models import Max, Min, TextChoices
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.exceptions import AlreadyEnqueued

from charter.actions.drafts import LIFE
from charter.actions.refusals import AlreadyInWork, AlreadyPublished, NeedsReason, OutOfDate
from charter.actions.reports import attach_pdf, has_records, prepare_report, wait_for_writers
from charter.measurement import Period
from charter.models import CharterDraft, Report
from charter.pdf import render_report
from charter.running import count_running
from samokov_portal.audit.seals import seal_with_our_key
from samokov_portal.questions import question
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


class OrderState(TextChoices):
    """Where the worker is with something that was ordered."""

    WAITING = "todo", _("чака реда си")
    WORKING = "doing", _("изготвя се")
    FAILED = "failed", _("не можа да бъде изготвен, поръчайте го отново")


@dataclass(frozen=True)
class OrderedDraft:
    """A report whose draft was ordered and is not there."""

    period: str
    ordered_at: datetime
    state: OrderState


def ordered_drafts(now: datetime) -> list[OrderedDraft]:
    """The drafts that wait or are in work, and those that failed within the last day; the newest first."""
    jobs = (
        ProcrastinateJob.objects.filter(task_name=draft_report.name, status__in=OrderState.values)
        .annotate(ordered_at=Min("procrastinateevent__at"), last_at=Max("procrastinateevent__at"))
        .exclude(status=OrderState.FAILED, last_at__lt=now - timedelta(days=1))
        .order_by("-id")
    )
    return [OrderedDraft(job.args["period"], job.ordered_at, OrderState(job.status)) for job in jobs]


def is_being_counted() -> bool:
    """Whether a count of the running quarter was ordered and has not ended."""
    return bool(_counts_in_work())


@question
def _counts_in_work() -> Any:
    open_states = [OrderState.WAITING, OrderState.WORKING]
    return ProcrastinateJob.objects.filter(task_name=count_now.name, status__in=open_states).values_list("pk")[:1]


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
