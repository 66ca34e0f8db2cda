"""Work for the worker in which several apps take part."""

import logging

from django.http import QueryDict
from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.jobs import Job, Status

from charter.entries import index_charter, index_reports
from feedback.actions.calendar import move_case
from feedback.actions.exports import write_export
from feedback.actions.ordered import forget_ordered, mark_failed
from feedback.forms.work import WorkListFilter
from feedback.models import Export, PrintOrder
from samokov_portal.audit.seals import seal_with_our_key
from samokov_portal.frontdesk.prints import write_print
from samokov_portal.moving import touched_applications, touched_cases
from samokov_portal.office.decrees import mark_applied, standing_order
from samokov_portal.search.zero_results import forget_zero_results
from services.actions import move_application
from services.entries import index_services

logger = logging.getLogger(__name__)
# So often a job may be begun: one with which the worker dies each time may be what kills it.
MOST_ATTEMPTS = 3


@app.periodic(cron="* * * * *")
@app.task(name="portal.take_up_again", queueing_lock="portal.take_up_again")
async def take_up_again(timestamp: int) -> None:
    """Each minute, have done again what a worker had in its hands when it was killed. `timestamp` is when it was due.

    Otherwise nobody does it, and what waits for its lock, as a report for its PDF, waits for ever. So every task must
    be one that may be repeated.
    """
    for job in await app.job_manager.get_stalled_jobs():
        if job.attempts + 1 < MOST_ATTEMPTS and not await _waits_once_more(job):
            await app.job_manager.retry_job(job)
        else:
            logger.error("job %s (%s) is given up: its worker was killed", job.id, job.task_name)
            await app.job_manager.finish_job(job, Status.FAILED, delete_job=False)


async def _waits_once_more(job: Job) -> bool:
    """Whether the same was ordered again meanwhile; two orders with one lock may not wait together."""
    lock = job.queueing_lock
    return bool(lock and list(await app.job_manager.list_jobs_async(queueing_lock=lock, status=Status.TODO.value)))


@app.periodic(cron="57 2 * * *")
@app.task(name="portal.seal_each_night")
def seal_each_night(timestamp: int) -> None:
    """Seal what was added to the history since the last seal. `timestamp` is when it was due."""
    seal_with_our_key(timezone.now())


@app.task(name="portal.seal", retry=RetryStrategy(max_attempts=5, exponential_wait=4))
def seal() -> None:
    """The same at once, after something was published."""
    seal_with_our_key(timezone.now())


@app.periodic(cron="27 3 * * *")
@app.task(name="portal.index_each_night")
def index_each_night(timestamp: int) -> None:
    """Make what can be found say what the tables say, however they were changed, and forget old vain searches."""
    index_services()
    index_charter()
    index_reports()
    forget_zero_results(timezone.localdate())


@app.periodic(cron="*/5 * * * *")
@app.task(name="portal.apply_decrees")
def apply_decrees(timestamp: int) -> None:
    """Move the open cases and applications, each in a transaction of its own, by the decrees that were ordered.

    Whatever was moved before stays, so a worker that was stopped in the middle is followed by the next one, at the
    latest five minutes later. `timestamp` is when it was due.
    """
    order = standing_order()
    if order is None:
        return
    for key in list(touched_applications(order.decrees).values_list("pk", flat=True)):
        move_application(application_id=key, order=order, now=timezone.now())
    for key in list(touched_cases(order.decrees).values_list("pk", flat=True)):
        move_case(case_id=key, order=order, now=timezone.now())
    mark_applied(order.decrees, now=timezone.now())


@app.task(name="portal.write_export")
def write_ordered_export(export_id: int) -> None:
    """Write the work list that somebody ordered as a file; whoever waits for one that fails is told so."""
    export = Export.objects.select_related("ordered_by").get(pk=export_id)
    if export.finished_at is not None:
        return
    today = timezone.localtime(export.ordered_at).date()
    asked = WorkListFilter(QueryDict(export.query)).asked_by(export.ordered_by, today)
    try:
        write_export(export, asked, clock=timezone.now)
    except Exception:
        mark_failed(export, now=timezone.now())
        raise


@app.task(name="portal.write_print")
def write_ordered_print(order_id: int) -> None:
    """Make the papers that somebody ordered; whoever waits for some that fail is told so and may try again."""
    order = PrintOrder.objects.select_related("ordered_by").get(pk=order_id)
    if order.finished_at is not None:
        return
    try:
        write_print(order, clock=timezone.now)
    except Exception:
        mark_failed(order, now=timezone.now())
        raise


@app.periodic(cron="7 * * * *")
@app.task(name="portal.forget_ordered")
def forget_ordered_files(timestamp: int) -> None:
    """Each hour, remove the ordered files that were kept for their day. `timestamp` is when it was due."""
    forget_ordered(now=timezone.now())
