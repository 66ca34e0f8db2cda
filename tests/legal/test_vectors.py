"""Last days worked out from the law and the calendar alone, 2024-2030.

The days off in `vectors/days_off.csv` were typed from КТ, чл. 154, ал. 1 and 2 and the decree of 2025. The other tables
were counted on them day by day, without our code and without the library `holidays`; `why` says where a term would have
ended by its length alone, or which days it did not count.
"""

import csv
from datetime import date, timedelta
from pathlib import Path

import pytest

from samokov_portal.legal.holidays import Calendar
from samokov_portal.legal.terms import TERMS, deadline
from samokov_portal.legal.workdays import add_workdays

TABLES = Path(__file__).parent / "vectors"
FIRST_DAY, LAST_DAY = date(2024, 1, 1), date(2030, 12, 31)
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
WEEKEND = ("Sat", "Sun")

Row = dict[str, str]


def rows_of(name: str) -> list[Row]:
    with (TABLES / f"{name}.csv").open(encoding="utf-8", newline="") as table:
        return list(csv.DictReader(table))


DAYS_OFF = rows_of("days_off")
WORKING_DAYS = rows_of("working_days")
TERM_ENDS = [
    row
    for name in (
        *("month_ends", "leap_days", "holidays", "moved_days", "easter", "christmas_and_new_year"),
        *("received_on_a_day_off", "clock_changes"),
    )
    for row in rows_of(name)
]


def weekday_of(day: str) -> str:
    return WEEKDAYS[date.fromisoformat(day).weekday()]


def name_of(row: Row) -> str:
    return " ".join([row.get("rule") or f"+{row['count']}", row.get("received_on") or row["day"]])


@pytest.mark.parametrize("row", TERM_ENDS, ids=name_of)
def test_last_day_of_a_term_is_that_of_the_table(row: Row) -> None:
    found = deadline(TERMS[row["rule"]], date.fromisoformat(row["received_on"]), Calendar())

    assert found.due_on.isoformat() == row["due_on"], row["why"]


@pytest.mark.parametrize("row", WORKING_DAYS, ids=name_of)
def test_working_days_are_counted_as_in_the_table(row: Row) -> None:
    found = add_workdays(date.fromisoformat(row["day"]), int(row["count"]), Calendar())

    assert found.isoformat() == row["expected"], row["why"]


def test_days_off_are_those_of_the_statute_and_no_others() -> None:
    table = {row["day"] for row in DAYS_OFF}
    days = [FIRST_DAY + timedelta(days=number) for number in range((LAST_DAY - FIRST_DAY).days + 1)]
    by_table = [day for day in days if day.isoformat() in table or WEEKDAYS[day.weekday()] in WEEKEND]

    by_calendar = [day for day in days if not Calendar().is_workday(day)]

    assert by_calendar == by_table


def test_every_holiday_of_the_table_has_a_name_and_no_other_day_has() -> None:
    days = [FIRST_DAY + timedelta(days=number) for number in range((LAST_DAY - FIRST_DAY).days + 1)]

    named = [day.isoformat() for day in days if Calendar().holiday_name(day)]

    assert named == [row["day"] for row in DAYS_OFF]


def test_weekdays_of_the_tables_agree_with_the_calendar() -> None:
    written = [
        *((row["day"], row["weekday"]) for row in DAYS_OFF + WORKING_DAYS),
        *((row["expected"], row["expected_weekday"]) for row in WORKING_DAYS),
        *((row["received_on"], row["weekday"]) for row in TERM_ENDS),
        *((row["due_on"], row["due_weekday"]) for row in TERM_ENDS),
    ]

    assert [(day, weekday) for day, weekday in written if weekday_of(day) != weekday] == []


def test_no_term_of_the_tables_ends_on_a_day_off() -> None:
    off = {row["day"] for row in DAYS_OFF}
    ends = [(row["due_on"], row["due_weekday"]) for row in TERM_ENDS]

    assert [day for day, weekday in ends if day in off or weekday in WEEKEND] == []


def test_no_row_is_written_twice() -> None:
    names = [name_of(row) for row in TERM_ENDS + WORKING_DAYS]

    assert len(set(names)) == len(names)
