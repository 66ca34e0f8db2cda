"""Counting in working days; every expected date is read off a calendar, weekdays beside it."""

from datetime import date

import pytest

from samokov_portal.legal.holidays import Calendar
from samokov_portal.legal.workdays import add_workdays, this_or_next_workday


@pytest.mark.parametrize(
    ("start", "count", "expected"),
    [
        (date(2026, 11, 23), 0, date(2026, 11, 23)),  # Monday, nothing to count
        (date(2026, 11, 23), 1, date(2026, 11, 24)),  # Monday -> Tuesday
        (date(2026, 11, 20), 1, date(2026, 11, 23)),  # Friday -> Monday
        (date(2026, 11, 21), 1, date(2026, 11, 23)),  # Saturday -> Monday
        (date(2026, 4, 9), 3, date(2026, 4, 16)),  # Thursday before Good Friday -> Thursday
        (date(2026, 5, 22), 1, date(2026, 5, 26)),  # Friday; 25.05 is off for Sunday 24.05 -> Tuesday
        (date(2026, 9, 4), 1, date(2026, 9, 8)),  # Friday; 07.09 is off for Sunday 06.09 -> Tuesday
        (date(2026, 12, 23), 1, date(2026, 12, 29)),  # Wednesday; 24-26.12, 28.12 for Saturday 26.12 -> Tuesday
        (date(2026, 4, 30), 5, date(2026, 5, 11)),  # Thursday; 01.05 and 06.05 off -> Monday
        (date(2025, 12, 30), 1, date(2026, 1, 5)),  # Tuesday; 31.12, 01.01 and 02.01 off -> Monday
        (date(2027, 4, 29), 1, date(2027, 5, 5)),  # Thursday; Easter and 04.05 for 01.05 -> Wednesday
    ],
)
def test_add_workdays(start: date, count: int, expected: date) -> None:
    assert add_workdays(start, count, Calendar()) == expected


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 11, 23), date(2026, 11, 23)),  # Monday stays
        (date(2026, 11, 21), date(2026, 11, 23)),  # Saturday -> Monday
        (date(2026, 4, 11), date(2026, 4, 14)),  # Holy Saturday -> Tuesday
        (date(2026, 12, 24), date(2026, 12, 29)),  # Thursday, Christmas Eve -> Tuesday
    ],
)
def test_this_or_next_workday(day: date, expected: date) -> None:
    assert this_or_next_workday(day, Calendar()) == expected
