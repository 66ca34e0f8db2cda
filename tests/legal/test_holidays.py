"""Кодекс на труда, чл. 154: which days are not worked."""

from datetime import date

import pytest

from samokov_portal.legal.holidays import Calendar, Override, official_holidays

# The dates are of the statute and of the calendar: fixed days, Orthodox Easter, and the shift of a holiday that falls
# on a weekend to the next working day (since 2017; not for Easter).
HOLIDAYS = {
    2024: "01-01 03-03 03-04 05-01 05-03 05-04 05-05 05-06 05-24 09-06 09-22 09-23 12-24 12-25 12-26",
    2025: "01-01 03-03 04-18 04-19 04-20 04-21 05-01 05-06 05-24 05-26 09-06 09-08 09-22 12-24 12-25 12-26 12-31",
    2026: "01-01 01-02 03-03 04-10 04-11 04-12 04-13 05-01 05-06 05-24 05-25 09-06 09-07 09-22 12-24 12-25 12-26 12-28",
    2027: "01-01 03-03 04-30 05-01 05-02 05-03 05-04 05-06 05-24 09-06 09-22 12-24 12-25 12-26 12-27 12-28",
}


@pytest.mark.parametrize("year", HOLIDAYS)
def test_official_holidays_of_a_year(year: int) -> None:
    expected = {date.fromisoformat(f"{year}-{day}") for day in HOLIDAYS[year].split()}

    assert set(official_holidays(year)) == expected


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 11, 23), True),  # Monday
        (date(2026, 11, 21), False),  # Saturday
        (date(2026, 11, 22), False),  # Sunday
        (date(2026, 3, 3), False),  # Tuesday, Освобождението
        (date(2026, 4, 10), False),  # Orthodox Good Friday
        (date(2026, 4, 13), False),  # Easter Monday
        (date(2026, 5, 25), False),  # Monday, for Sunday 24 May
        (date(2026, 11, 1), False),  # Sunday; Ден на народните будители is a day off for schools only
        (date(2027, 11, 1), True),  # Monday, the same day: offices work
        (date(2026, 1, 2), False),  # Friday, by decree of the Council of Ministers
    ],
)
def test_offices_work_or_not(day: date, works: bool) -> None:
    assert Calendar().is_workday(day) is works


def test_decree_makes_a_working_day_non_working() -> None:
    calendar = Calendar({date(2026, 11, 23): Override(is_working=False, source="РМС № 1, ДВ 1/2026")})

    assert not calendar.is_workday(date(2026, 11, 23))
    assert calendar.holiday_name(date(2026, 11, 23)) == "РМС № 1, ДВ 1/2026"


def test_decree_makes_a_saturday_working() -> None:
    calendar = Calendar({date(2026, 11, 21): Override(is_working=True, source="РМС № 1, ДВ 1/2026")})

    assert calendar.is_workday(date(2026, 11, 21))
    assert calendar.holiday_name(date(2026, 11, 21)) == ""
