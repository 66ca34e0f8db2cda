"""Made-up lives for the demonstration: repeatable chance, and the history that a real life would have left."""

from datetime import date, time
from typing import Any

import pytest
from django.utils import timezone

from samokov_portal.legal.holidays import Calendar, Override
from samokov_portal.office.samples import Chance, Life, Step, lives_until, store_lives
from services.choices import ApplicationOutcome
from services.models import Application
from tests.factories import ApplicationFactory, at

SATURDAY, MONDAY = date(2026, 11, 21), date(2026, 11, 23)


def chance(seed: int = 1, **overrides: Any) -> Chance:
    return Chance(seed, Calendar(overrides.get("overrides", {})))


def test_the_same_seed_makes_the_same_choices() -> None:
    one, other = chance(seed=5), chance(seed=5)

    assert [one.at_any_hour(MONDAY) for _ in range(20)] == [other.at_any_hour(MONDAY) for _ in range(20)]


def test_another_seed_makes_other_choices() -> None:
    one, other = chance(seed=5), chance(seed=6)

    assert [one.at_any_hour(MONDAY) for _ in range(20)] != [other.at_any_hour(MONDAY) for _ in range(20)]


def test_work_is_done_in_working_hours_of_the_next_working_day() -> None:
    luck = chance()

    moments = [timezone.localtime(luck.at_work(SATURDAY)) for _ in range(200)]

    assert {moment.date() for moment in moments} == {MONDAY}
    assert all(time(8, 30) <= moment.time() < time(17, 0) for moment in moments)


def test_work_waits_for_a_day_off_by_decree() -> None:
    luck = chance(overrides={MONDAY: Override(is_working=False, source="РМС № 1")})

    assert luck.at_work(SATURDAY).date() == date(2026, 11, 24)  # Tuesday


@pytest.mark.parametrize("mean", [0.1, 0.5, 0.9])
def test_a_day_part_of_the_way_is_never_outside_it(mean: float) -> None:
    luck = chance()

    days = {luck.part_way(SATURDAY, MONDAY, mean) for _ in range(200)}

    assert days <= {date(2026, 11, 21), date(2026, 11, 22), date(2026, 11, 23)}


def test_a_day_between_may_be_either_end() -> None:
    luck = chance()

    assert {luck.between(SATURDAY, MONDAY) for _ in range(100)} == {SATURDAY, date(2026, 11, 22), MONDAY}


def test_waiting_is_now_and_then_not_written_down() -> None:
    luck = chance()

    waits = [luck.waited_minutes() for _ in range(300)]

    assert None in waits
    assert all(wait >= 0 for wait in waits if wait is not None)


def life(day: str = "2026-11-20") -> Life:
    done = {"completed_at": at("2026-11-23"), "outcome": ApplicationOutcome.READY, "status": ApplicationOutcome.READY}
    step = Step(at("2026-11-23"), "готово", done)
    return Life({"received_at": at(day), "outcome": ""}, at(day), [step])


def test_a_life_ends_with_the_values_of_its_last_step() -> None:
    assert life().end == {
        "received_at": at("2026-11-20"),
        "completed_at": at("2026-11-23"),
        "outcome": "ready",
        "status": "ready",
    }


@pytest.mark.parametrize(
    ("moment", "steps"), [(at("2026-11-23", "11:59"), 0), (at("2026-11-23", "12:00"), 1), (at("2026-11-24"), 1)]
)
def test_a_life_has_come_as_far_as_the_moment(moment: Any, steps: int) -> None:
    assert len(life().until(moment).steps) == steps


def test_a_life_that_would_begin_after_the_moment_begins_earlier() -> None:
    lives = lives_until(at("2026-11-22", "11:59"), [date(2026, 11, 24)], lambda day: life(day.isoformat()))

    assert [made.registered_at for made in lives] == [at("2026-11-21")]


@pytest.mark.django_db
def test_a_stored_life_leaves_a_row_of_history_for_each_step(staff: Any) -> None:
    model = ApplicationFactory.build()
    start = {
        "number": "У-2026-000001",
        "service": model.service,
        "applicant_name": "Иван Петров",
        "channel": "counter",
        "received_at": at("2026-11-20"),
        "registered_at": at("2026-11-20"),
        "due_on": date(2026, 12, 4),
        "first_due_on": date(2026, 12, 4),
    }
    lived = Life(start, at("2026-11-20"), life().steps)

    rows = store_lives(Application, [lived], by=staff["clerk"])

    past = rows[0].history.order_by("history_date")
    assert list(Application.objects.all()) == rows
    assert [
        (row.history_type, row.history_date, row.history_change_reason, row.outcome, row.history_user) for row in past
    ] == [
        ("+", at("2026-11-20"), "примерни данни", "", staff["clerk"]),
        ("~", at("2026-11-23"), "готово", "ready", staff["clerk"]),
    ]
