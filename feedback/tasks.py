"""Work for the worker: letters out of the outbox, and what is kept or stays open only for a while."""

import logging
from datetime import timedelta

from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError
from django.utils import timezone
from procrastinate import JobContext, builtin_tasks
from procrastinate.contrib.django import app

import feedback.mail.checks  # noqa: F401 (registers the checks: the tasks of every app are read at every start)
from feedback import mail
from feedback.actions.post import expire_case
from feedback.actions.refusals import NotPossible
from feedback.attachments import forget_left_behind, scan_held
from feedback.models import Case, Letter
from samokov_portal.office.limits import forget_ended

logger = logging.getLogger(__name__)
# So many letters a minute are tried by one sweep, so that a long queue does not keep the worker from other work.
SWEEP = 200
FINISHED_JOBS_KEPT_HOURS = 72


@app.task(name="feedback.deliver_letter")
def deliver_letter(letter_id: int) -> None:
    """Send a letter as soon as it is written. While the mail server is out of reach it waits for the sweep."""
    now = timezone.now()
    if not mail.is_held_up(now):
        mail.deliver(letter_id, now)


@app.periodic(cron="* * * * *")
@app.task(name="feedback.deliver_waiting_letters", queueing_lock="feedback.deliver_waiting_letters")
def deliver_waiting_letters(timestamp: int) -> None:
    """Each minute, send what waits, the longest waiting first; one letter at a time finds out if the server is there.

    `timestamp` is when it was due.
    """
    for letter_id in list(Letter.objects.to_mail(timezone.now()).values_list("pk", flat=True)[:SWEEP]):
        try:
            came = mail.deliver(letter_id, timezone.now())
        except DatabaseError:
            raise
        except Exception:
            # A file that cannot be read (each store has its own errors for it) must not hold up the letters behind it.
            # The attempt was counted and the next one is put off; after the last one the letter is given up.
            logger.exception("letter %s could not be sent", letter_id)
            continue
        if came == mail.Came.UNREACHABLE:
            return


@app.periodic(cron="37 3 * * *")
@app.task(name="feedback.expire_cases")
def expire_cases(timestamp: int) -> None:
    """Each night, close the cases whose senders had their time to ask for another look.

    `timestamp` is when it was due.
    """
    told_before = timezone.now() - timedelta(days=settings.REOPEN_DAYS)
    for case_id in list(Case.objects.notified_before(told_before).values_list("pk", flat=True)):
        try:
            expire_case(case_id=case_id, now=timezone.now())
        except NotPossible:
            # Its sender asked for another look, or an official closed it, since the list was made.
            continue


@app.periodic(cron="17 3 * * *")
@app.task(name="feedback.forget_attempts")
def forget_attempts(timestamp: int) -> None:
    """Each night, remove the counts of attempts whose windows are over. `timestamp` is when it was due."""
    forget_ended(timezone.now())


@app.periodic(cron="*/10 * * * *")
@app.task(name="feedback.look_after_files", queueing_lock="feedback.look_after_files")
def look_after_files(timestamp: int) -> None:
    """Every ten minutes, ask the scanner about the files that are held, and forget those of forms that were not sent.

    `timestamp` is when it was due.
    """
    scan_held()
    forget_left_behind(now=timezone.now())


@app.periodic(cron="27 3 * * *")
@app.task(name="feedback.clear_sessions")
def clear_sessions(timestamp: int) -> None:
    """Each night, remove the sessions that are over. `timestamp` is when it was due."""
    call_command("clearsessions")


@app.periodic(cron="47 3 * * *")
@app.task(name="feedback.remove_old_jobs", pass_context=True)
async def remove_old_jobs(context: JobContext, timestamp: int) -> None:
    """Each night, remove the jobs done some days ago; there is one for each letter and each minute."""
    await builtin_tasks.remove_old_jobs(context, max_hours=FINISHED_JOBS_KEPT_HOURS)
