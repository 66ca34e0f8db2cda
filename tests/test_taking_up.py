"""What a worker had in its hands when it was killed is done by another one."""

from datetime import timedelta

import pytest
from asgiref.sync import async_to_sync
from django.db.models.functions import Now
from procrastinate.contrib.django.models import ProcrastinateJob, ProcrastinateWorker

from charter.tasks import order_pdf
from samokov_portal.tasks import MOST_ATTEMPTS, take_up_again

pytestmark = pytest.mark.django_db(transaction=True)
REPORT = 7


def in_hands(*, seconds: int | None, attempts: int = 0) -> ProcrastinateJob:
    """The rendering of a report that a worker began, which was last alive so many seconds ago; None: it is gone."""
    order_pdf(REPORT)
    job = ProcrastinateJob.objects.get(status="todo")
    worker = None
    if seconds is not None:
        alive = ProcrastinateWorker(last_heartbeat=Now() - timedelta(seconds=seconds))
        (worker,) = ProcrastinateWorker.objects.all().bulk_create([alive])
    ProcrastinateJob.objects.filter(pk=job.pk).update(status="doing", worker=worker, attempts=attempts)
    return job


def taken_up(job: ProcrastinateJob) -> tuple[str, int]:
    """The state of the job afterwards, and how often it was begun."""
    async_to_sync(take_up_again.func)(0)
    job.refresh_from_db()
    return job.status, job.attempts


@pytest.mark.parametrize("seconds", [None, 3600])
def test_a_job_of_a_killed_worker_is_done_again(seconds: int | None) -> None:
    assert taken_up(in_hands(seconds=seconds)) == ("todo", 1)


def test_a_job_of_a_worker_that_is_alive_is_left_to_it() -> None:
    assert taken_up(in_hands(seconds=0)) == ("doing", 0)


def test_what_was_ordered_again_meanwhile_is_done_once_and_not_held_up() -> None:
    job = in_hands(seconds=None)
    order_pdf(REPORT)

    assert taken_up(job)[0] == "failed"
    assert list(ProcrastinateJob.objects.exclude(pk=job.pk).values_list("status", flat=True)) == ["todo"]


def test_what_kills_its_worker_each_time_is_given_up() -> None:
    assert taken_up(in_hands(seconds=None, attempts=MOST_ATTEMPTS - 1))[0] == "failed"
