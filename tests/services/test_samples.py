"""Made-up applications: lawful, repeatable, and with the history of a real life."""

from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from samokov_portal.legal.holidays import Calendar
from samokov_portal.office.samples import Chance
from services.choices import ApplicationStatus, Purpose
from services.clock import count
from services.models import Application, ApplicationEvent, Visit
from services.samples import make_applications
from tests.factories import at
from tests.knowing import punctuality

pytestmark = pytest.mark.django_db
UNTIL = at("2026-11-22", "21:59")  # Sunday, 23:59 in Sofia
DAYS = [date(2026, 11, 22) - timedelta(days=2 * back) for back in range(250)]  # back to July 2025
NAMES = ["Иван Петров", "Мария Стоянова"]


def make(seed: int = 1, days: list[date] = DAYS) -> int:
    return make_applications(Chance(seed, Calendar()), days=days, names=NAMES, until=UNTIL)


def rows() -> list[dict[str, Any]]:
    """What the table holds, without the keys, which a rollback does not give back."""
    return [
        {name: value for name, value in row.items() if name not in ("id", "application_id", "history_salt")}
        for model in (Application, ApplicationEvent, Visit)
        for row in model.objects.order_by("pk").values()
    ]


def rolled_back(seed: int) -> list[dict[str, Any]]:
    with transaction.atomic():
        make(seed)
        made = rows()
        transaction.set_rollback(True)
    return made


def test_the_same_seed_makes_the_same_applications() -> None:
    assert rolled_back(7) == rolled_back(7)


def test_another_seed_makes_other_applications() -> None:
    assert rolled_back(7) != rolled_back(8)


def test_there_is_one_application_for_each_day_and_all_are_samples() -> None:
    made = make()

    assert made == len(DAYS) == Application.objects.filter(is_sample=True).count()


def test_nothing_of_them_lies_in_the_future() -> None:
    make()

    assert not Application.objects.filter(registered_at__gt=UNTIL).exists()
    assert not Application.objects.filter(completed_at__gt=UNTIL).exists()
    assert not Application.objects.filter(handed_over_at__gt=UNTIL).exists()


def test_numbers_follow_the_order_of_receipt_without_a_gap() -> None:
    make()

    for year in (2025, 2026):
        numbers = list(
            Application.objects.filter(registered_at__year=year)
            .order_by("registered_at")
            .values_list("number", flat=True)
        )
        assert sorted(numbers) == [f"У-{year}-{serial:06d}" for serial in range(1, len(numbers) + 1)]


def test_applications_come_and_are_given_on_working_days() -> None:
    make()
    calendar = Calendar()
    moments = [
        moment
        for row in Application.objects.all()
        for moment in (row.received_at, row.completed_at, row.handed_over_at)
        if moment
    ]

    assert all(calendar.is_workday(timezone.localtime(moment).date()) for moment in moments)
    assert all(calendar.is_workday(row.due_on) for row in Application.objects.all())


def test_every_step_of_a_life_stands_in_the_history() -> None:
    make()
    kept = Counter(Application.history.values_list("id", flat=True))

    # One for the receipt, as for each of the events, of which the first is the receipt.
    assert kept == Counter(ApplicationEvent.objects.values_list("application_id", flat=True))


def test_a_life_reads_as_it_was_lived() -> None:
    make()
    rows = Application.objects.prefetch_related("events")

    for row in rows:
        events = sorted(row.events.all(), key=lambda event: (event.at, event.pk))
        assert events[0].kind == "received"
        assert count(row, events, Calendar()).due_on == row.due_on
        assert {event.at for event in events} >= {at for at in (row.completed_at, row.handed_over_at) if at}


def test_lives_end_in_every_way_and_stand_everywhere() -> None:
    make(days=6 * DAYS)

    assert set(Application.objects.values_list("status", flat=True)) >= set(ApplicationStatus.values) - {"received"}
    assert ApplicationEvent.objects.filter(kind="mended").exists()
    assert Application.objects.filter(fee=None).exists()
    assert Application.objects.filter(paid__isnull=False).exists()


def test_visits_lie_between_receipt_and_completion_and_stand_in_the_history() -> None:
    make()
    visits = Visit.objects.select_related("application")

    assert all(seen.at == seen.recorded_at <= (seen.application.completed_at or UNTIL) for seen in visits)
    assert set(visits.values_list("application__channel", flat=True)) == {"counter"}
    assert set(Visit.history.values_list("id", "history_date")) == set(visits.values_list("id", "recorded_at"))


def test_most_applicants_come_once_and_are_told_the_last_day() -> None:
    make()
    at_counter = Application.objects.filter(channel="counter")
    came = {purpose: Visit.objects.filter(purpose=purpose).count() for purpose in Purpose}
    told = Application.objects.exclude(due_told_at=None).count()

    assert 0.9 * at_counter.count() < came[Purpose.APPLY] < at_counter.count()
    assert 0 < came[Purpose.SENT_BACK] < 0.08 * at_counter.count()
    assert 0 < came[Purpose.DOCUMENTS] < 0.08 * at_counter.count()
    assert 0.8 * len(DAYS) < told < 0.95 * len(DAYS)


def test_some_are_late_and_most_are_not() -> None:
    make()

    counted = punctuality(Application.objects.known_at(UNTIL).term_facts(UNTIL), "in_term")

    assert 0.8 < counted["part"] / counted["whole"] < 1


def test_no_days_are_no_applications() -> None:
    assert make_applications(Chance(1, Calendar()), days=[], names=NAMES, until=UNTIL) == 0
