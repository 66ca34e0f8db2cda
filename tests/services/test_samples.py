"""Made-up applications: lawful, repeatable, and with the history of a real life."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import timezone

from samokov_portal.legal.holidays import Calendar
from services.choices import Purpose
from services.clock import count
from services.models import Application, ApplicationEvent, Visit
from tests.knowing import punctuality
from tests.services.making import DAYS, UNTIL, made_up
from tests.sharing import check_now, shared_rows

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def applications(django_db_setup: None, django_db_blocker: Any) -> Iterator[int]:
    """Made once, and how many they are: nothing here changes them."""
    with shared_rows(django_db_blocker):
        count = made_up()
        check_now()
        yield count


def test_there_is_one_application_for_each_day_and_all_are_samples(applications: int) -> None:
    assert applications == len(DAYS) == Application.objects.filter(is_sample=True).count()


def test_nothing_of_them_lies_in_the_future(applications: int) -> None:
    assert not Application.objects.filter(registered_at__gt=UNTIL).exists()
    assert not Application.objects.filter(completed_at__gt=UNTIL).exists()
    assert not Application.objects.filter(handed_over_at__gt=UNTIL).exists()


def test_numbers_follow_the_order_of_receipt_without_a_gap(applications: int) -> None:
    for year in (2025, 2026):
        numbers = list(
            Application.objects.filter(registered_at__year=year)
            .order_by("registered_at")
            .values_list("number", flat=True)
        )
        assert sorted(numbers) == [f"У-{year}-{serial:06d}" for serial in range(1, len(numbers) + 1)]


def test_applications_come_and_are_given_on_working_days(applications: int) -> None:
    calendar = Calendar()
    moments = [
        moment
        for row in Application.objects.all()
        for moment in (row.received_at, row.completed_at, row.handed_over_at)
        if moment
    ]

    assert all(calendar.is_workday(timezone.localtime(moment).date()) for moment in moments)
    assert all(calendar.is_workday(row.due_on) for row in Application.objects.all())


def test_every_step_of_a_life_stands_in_the_history(applications: int) -> None:
    kept = Counter(Application.history.values_list("id", flat=True))

    # One for the receipt, as for each of the events, of which the first is the receipt.
    assert kept == Counter(ApplicationEvent.objects.values_list("application_id", flat=True))


def test_a_life_reads_as_it_was_lived(applications: int) -> None:
    rows = Application.objects.prefetch_related("events")

    for row in rows:
        events = sorted(row.events.all(), key=lambda event: (event.at, event.pk))
        assert events[0].kind == "received"
        assert count(row, events, Calendar()).due_on == row.due_on
        assert {event.at for event in events} >= {at for at in (row.completed_at, row.handed_over_at) if at}


def test_visits_lie_between_receipt_and_completion_and_stand_in_the_history(applications: int) -> None:
    visits = Visit.objects.select_related("application")

    assert all(seen.at == seen.recorded_at <= (seen.application.completed_at or UNTIL) for seen in visits)
    assert set(visits.values_list("application__channel", flat=True)) == {"counter"}
    assert set(Visit.history.values_list("id", "history_date")) == set(visits.values_list("id", "recorded_at"))


def test_most_applicants_come_once_and_are_told_the_last_day(applications: int) -> None:
    at_counter = Application.objects.filter(channel="counter")
    came = {purpose: Visit.objects.filter(purpose=purpose).count() for purpose in Purpose}
    told = Application.objects.exclude(due_told_at=None).count()

    assert 0.9 * at_counter.count() < came[Purpose.APPLY] < at_counter.count()
    assert 0 < came[Purpose.SENT_BACK] < 0.08 * at_counter.count()
    assert 0 < came[Purpose.DOCUMENTS] < 0.08 * at_counter.count()
    assert 0.8 * len(DAYS) < told < 0.95 * len(DAYS)


def test_some_are_late_and_most_are_not(applications: int) -> None:
    counted = punctuality(Application.objects.known_at(UNTIL).term_facts(UNTIL), "in_term")

    assert 0.8 < counted["part"] / counted["whole"] < 1
