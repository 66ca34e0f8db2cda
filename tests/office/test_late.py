"""What is entered later than it came: marked, with a reason, and dated no further back than is allowed."""

from datetime import date, datetime

import pytest

from samokov_portal.legal.holidays import Calendar, Override
from samokov_portal.office.late import DatedTooFarBack, LateWithoutReason, is_late, late_reason
from tests.factories import at

MONDAY = at("2026-11-23", "10:00")  # 12:00 in Sofia
WHY = "нямаше връзка с портала"


@pytest.mark.parametrize(
    ("channel", "received_at", "late"),
    [
        ("counter", at("2026-11-23", "10:00"), False),
        ("counter", at("2026-11-23", "09:00"), False),  # an hour
        ("counter", at("2026-11-23", "08:59"), True),
        ("phone", at("2026-11-23", "08:59"), True),
        ("post", at("2026-11-23", "06:00"), False),  # the letters of a day are entered until its end
        ("email", at("2026-11-22", "22:00"), False),  # midnight in Sofia
        ("email", at("2026-11-22", "21:59"), True),  # Sunday
        ("post", at("2026-11-20", "06:00"), True),  # Friday
    ],
)
def test_what_counts_as_entered_late(channel: str, received_at: datetime, late: bool) -> None:
    assert is_late(channel, received_at, MONDAY) is late


def kept(received_at: datetime, *, reason: str = WHY, may: bool = False, calendar: Calendar | None = None) -> str:
    return late_reason(
        reason,
        channel="post",
        received_at=received_at,
        registered_at=MONDAY,
        calendar=calendar or Calendar(),
        may_backdate=may,
    )


@pytest.mark.parametrize(
    ("received_at", "reason", "expected"),
    [
        (at("2026-11-23", "06:00"), WHY, ""),  # in time: there is nothing to explain
        (at("2026-11-20", "06:00"), f" {WHY} ", WHY),  # Friday, the previous working day
        (at("2026-11-19", "22:00"), WHY, WHY),  # midnight, already Friday in Sofia
        (at("2026-11-21", "06:00"), WHY, WHY),  # Saturday
    ],
)
def test_the_reason_is_kept_of_what_is_late(received_at: datetime, reason: str, expected: str) -> None:
    assert kept(received_at, reason=reason) == expected


@pytest.mark.parametrize("may", [False, True])
@pytest.mark.parametrize("reason", ["", "  "])
def test_whoever_enters_late_says_why(reason: str, may: bool) -> None:
    with pytest.raises(LateWithoutReason):
        kept(at("2026-11-20", "06:00"), reason=reason, may=may)


def test_before_the_previous_working_day_only_who_may() -> None:
    thursday = at("2026-11-19", "21:59")

    with pytest.raises(DatedTooFarBack) as refused:
        kept(thursday)

    assert refused.value.earliest == date(2026, 11, 20)
    assert kept(thursday, may=True) == WHY


def test_the_previous_working_day_is_found_by_the_decrees() -> None:
    saturday_at_work = Calendar({date(2026, 11, 21): Override(True, "РМС № 1")})

    with pytest.raises(DatedTooFarBack) as refused:
        kept(at("2026-11-20", "06:00"), calendar=saturday_at_work)

    assert refused.value.earliest == date(2026, 11, 21)
