"""What follows from decreed days: which last day moves, and who may decide it."""

from datetime import date
from typing import Any

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from samokov_portal.legal.holidays import Calendar
from samokov_portal.legal.terms import TERMS, deadline
from samokov_portal.office.decrees import (
    NeedsReason,
    NotAllowed,
    NothingToApply,
    mark_applied,
    order_decrees,
    shift,
    standing_order,
)
from samokov_portal.office.models import WorkingDayOverride
from tests.factories import at
from tests.office.decreeing import REASON, decree, ordered

pytestmark = pytest.mark.django_db
NOW = at("2026-11-23")  # Monday
OFF, WORKING = False, True

# rule, received, the decreed day and what it becomes, where the last day was and where it is then
SHIFTS = [
    ("signal-decision", "2026-10-01", ("2026-12-01", OFF), "2026-12-01", "2026-12-02"),  # Tue -> Wed
    ("signal-decision", "2026-09-28", ("2026-11-28", WORKING), "2026-11-30", "2026-11-28"),  # Mon -> Sat
    ("signal-decision", "2026-09-28", ("2026-11-30", OFF), "2026-11-30", "2026-12-01"),  # Mon -> Tue, over a weekend
    ("enquiry-answer", "2026-11-19", ("2026-11-27", OFF), "2026-11-30", "2026-12-01"),  # a Friday on the way
    ("enquiry-answer", "2026-11-19", ("2026-11-28", WORKING), "2026-11-30", "2026-11-28"),  # a Saturday on the way
    ("forward", "2026-11-20", ("2026-11-27", OFF), "2026-11-27", "2026-11-30"),  # Fri -> Mon
    ("information-decision", "2026-12-10", ("2026-12-24", WORKING), "2026-12-29", "2026-12-24"),  # Christmas Eve
    ("signal-decision", "2026-11-02", ("2027-01-04", OFF), "2027-01-04", "2027-01-05"),  # Mon -> Tue; 02.01 is Sat
]
STAYS = [
    ("signal-decision", "2026-10-01", ("2026-11-30", OFF), "2026-12-01"),  # a day on the way of a term in months
    ("signal-decision", "2026-10-01", ("2026-12-02", OFF), "2026-12-01"),  # the day after the last one
    ("enquiry-answer", "2026-11-19", ("2026-11-19", OFF), "2026-11-30"),  # the day of receipt is not counted
    ("enquiry-answer", "2026-11-19", ("2026-12-01", OFF), "2026-11-30"),
]


def moved(rule: str, received_on: str, day: tuple[str, bool], stands: str, today: str = "2026-11-23") -> Any:
    row = decree(date.fromisoformat(day[0]), is_working=day[1])

    def counted(calendar: Calendar) -> date:
        return deadline(TERMS[rule], date.fromisoformat(received_on), calendar).due_on

    calendar = WorkingDayOverride.objects.all().calendar()
    found = shift(
        date.fromisoformat(stands),
        counted,
        decrees=[row],
        calendar=calendar,
        today=date.fromisoformat(today),
    )
    return found and (found.was.isoformat(), found.becomes.isoformat(), found.because == (row,))


@pytest.mark.parametrize(("rule", "received_on", "day", "was", "becomes"), SHIFTS)
def test_a_decreed_day_moves_the_last_day(
    rule: str, received_on: str, day: tuple[str, bool], was: str, becomes: str
) -> None:
    assert moved(rule, received_on, day, was) == (was, becomes, True)


@pytest.mark.parametrize(("rule", "received_on", "day", "stands"), STAYS)
def test_a_decreed_day_elsewhere_moves_nothing(rule: str, received_on: str, day: tuple[str, bool], stands: str) -> None:
    assert moved(rule, received_on, day, stands) is None


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        ("2026-11-28", ("2026-11-30", "2026-11-28", True)),  # to this very day
        ("2026-11-29", None),  # it would be yesterday
    ],
)
def test_no_last_day_moves_into_the_past(today: str, expected: Any) -> None:
    assert moved("signal-decision", "2026-09-28", ("2026-11-28", WORKING), "2026-11-30", today) == expected


def test_what_differs_for_another_reason_is_left_alone() -> None:
    # Stored as 03.12, counted as 01.12, and the decreed day has no part in it.
    assert moved("signal-decision", "2026-10-01", ("2026-11-30", OFF), "2026-12-03") is None


def test_every_day_that_decides_is_named_and_no_other() -> None:
    monday, tuesday = decree(date(2026, 11, 30)), decree(date(2026, 12, 1))
    other = decree(date(2026, 12, 4))

    found = shift(
        date(2026, 11, 30),
        lambda calendar: deadline(TERMS["signal-decision"], date(2026, 9, 30), calendar).due_on,
        decrees=[monday, tuesday, other],
        calendar=WorkingDayOverride.objects.all().calendar(),
        today=date(2026, 11, 23),
    )

    assert found is not None
    assert (found.becomes, found.because) == (date(2026, 12, 2), (monday, tuesday))
    assert found.days.startswith("30.11.2026 г. е неработен ден (РМС № 1 от 2026 г., ДВ, бр. 1 от 2026 г.). 01.12.2026")


def test_the_secretary_orders_once_what_waits(staff: Any) -> None:
    row = decree(date(2026, 12, 1))

    number = order_decrees(by=staff["secretary"], reason=f" {REASON} ", now=NOW)

    row.refresh_from_db()
    assert number == 1
    assert (row.ordered_at, row.ordered_by, row.order_reason, row.applied_at) == (
        NOW,
        staff["secretary"],
        REASON,
        None,
    )
    assert row.history.latest().history_change_reason == REASON
    assert ProcrastinateJob.objects.filter(task_name="portal.apply_decrees").count() == 1
    with pytest.raises(NothingToApply):
        order_decrees(by=staff["secretary"], reason=REASON, now=NOW)


@pytest.mark.parametrize("role", ["clerk", "expert", "mayor", "editor", "auditor"])
def test_nobody_else_orders(staff: Any, role: str) -> None:
    row = decree(date(2026, 12, 1))

    with pytest.raises(NotAllowed):
        order_decrees(by=staff[role], reason=REASON, now=NOW)

    assert list(WorkingDayOverride.objects.waiting()) == [row]


def test_nothing_is_ordered_without_a_reason(staff: Any) -> None:
    decree(date(2026, 12, 1))

    with pytest.raises(NeedsReason):
        order_decrees(by=staff["secretary"], reason="  ", now=NOW)

    assert standing_order() is None


def test_an_order_stands_until_it_is_carried_out(staff: Any) -> None:
    row = decree(date(2026, 12, 1))

    order = ordered(staff["secretary"], NOW)
    later = decree(date(2026, 12, 2), learnt_at=at("2026-11-24"))
    mark_applied(order.decrees, now=at("2026-11-25"))

    row.refresh_from_db()
    assert (order.decrees, order.by, order.reason) == ([row], staff["secretary"], REASON)
    assert row.applied_at == at("2026-11-25")
    assert standing_order() is None
    assert list(WorkingDayOverride.objects.waiting()) == [later]


def test_days_are_listed_the_latest_first_and_the_true_one_before_the_replaced() -> None:
    first = decree(date(2026, 12, 1))
    later = decree(date(2026, 12, 24), is_working=True)
    again = decree(date(2026, 12, 1), is_working=True, learnt_at=at("2026-11-21"))

    assert list(WorkingDayOverride.objects.by_day()) == [later, again, first]
