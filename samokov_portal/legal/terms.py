"""The legal terms, each with its article, and how the last day of one is found and explained."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from dateutil.relativedelta import relativedelta

from samokov_portal.legal.holidays import Calendar
from samokov_portal.legal.workdays import ONE_DAY, add_workdays, this_or_next_workday

# Beyond these years the official holidays are neither tabulated nor foreseeable.
FIRST_YEAR, LAST_YEAR = 2006, 2099


class Unit(StrEnum):
    """What a term is counted in. „Дни“ without a qualifier are calendar days."""

    WORKING_DAYS = "working_days"
    CALENDAR_DAYS = "calendar_days"
    MONTHS = "months"


class Why(StrEnum):
    """Why a day was counted or skipped."""

    RECEIVED = "received"
    COUNTED = "counted"
    SAME_DATE = "same-date"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    LAST_DAY_OFF = "last-day-off"
    ROLLED = "rolled"


@dataclass(frozen=True)
class Term:
    """A term set by law or promised: how long, by which article, since when, and whether the text was verified."""

    code: str
    amount: int
    unit: Unit
    source: str
    valid_from: date | None
    verified: bool

    @property
    def version(self) -> str:
        """What is stored with a promise, so that it stays as it was made: amount, unit and, if known, date of force."""
        length = f"{self.amount} {self.unit.value}"
        return f"{length} @ {self.valid_from.isoformat()}" if self.valid_from else length


@dataclass(frozen=True)
class Step:
    """One day of the count, each at most once. `note` names the holiday or the decree, if any.

    In a term in days exactly `amount` steps are counted; in months one is, the date of the same number.
    """

    day: date
    counted: bool
    why: Why
    note: str = ""


@dataclass(frozen=True)
class Deadline:
    """The last day of a term and how it was found, day by day."""

    term: Term
    received_on: date
    due_on: date
    steps: tuple[Step, ...]


class OutOfRange(ValueError):
    """The date lies outside the years for which the calendar is known."""


APK_IN_FORCE = date(2006, 7, 12)
ZDOI_IN_FORCE = date(2000, 7, 11)
NAO_2020 = date(2020, 1, 31)

TERMS: dict[str, Term] = {
    term.code: term
    for term in (
        Term("signal-decision", 2, Unit.MONTHS, "АПК, чл. 121", APK_IN_FORCE, verified=False),
        Term("proposal-decision", 2, Unit.MONTHS, "АПК, чл. 118, ал. 1", APK_IN_FORCE, verified=True),
        Term("forward", 7, Unit.CALENDAR_DAYS, "АПК, чл. 112", APK_IN_FORCE, verified=False),
        Term("notify", 7, Unit.CALENDAR_DAYS, "АПК, чл. 118, ал. 1 и чл. 123, ал. 1", APK_IN_FORCE, verified=True),
        Term("enquiry-answer", 7, Unit.WORKING_DAYS, "НАО, приложение към чл. 20", NAO_2020, verified=False),
        Term("information-decision", 14, Unit.CALENDAR_DAYS, "ЗДОИ, чл. 28", ZDOI_IN_FORCE, verified=False),
        Term("act-complaint", 14, Unit.CALENDAR_DAYS, "АПК, чл. 84, ал. 1", APK_IN_FORCE, verified=True),
        Term("act-review", 7, Unit.CALENDAR_DAYS, "АПК, чл. 91 и 92", APK_IN_FORCE, verified=False),
        Term("act-default", 14, Unit.CALENDAR_DAYS, "АПК, чл. 57", APK_IN_FORCE, verified=False),
        Term("defects", 3, Unit.CALENDAR_DAYS, "АПК, чл. 30", APK_IN_FORCE, verified=False),
    )
}


def deadline(term: Term, received_on: date, calendar: Calendar) -> Deadline:
    """The last day of `term` for what was received on `received_on`, by ГПК чл. 60 and with every day explained.

    Raises OutOfRange when the date lies outside the years for which the calendar is known.
    """
    if not FIRST_YEAR <= received_on.year <= LAST_YEAR - 1:
        raise OutOfRange(received_on)
    count = {
        Unit.WORKING_DAYS: _working_days,
        Unit.CALENDAR_DAYS: _calendar_days,
        Unit.MONTHS: _months,
    }[term.unit]
    steps = (Step(received_on, counted=False, why=Why.RECEIVED), *count(term.amount, received_on, calendar))
    return Deadline(term, received_on, steps[-1].day, steps)


def _working_days(amount: int, received_on: date, calendar: Calendar) -> Iterator[Step]:
    last = add_workdays(received_on, amount, calendar)
    day = received_on + ONE_DAY
    while day <= last:
        yield _step(day, calendar)
        day += ONE_DAY


def _calendar_days(amount: int, received_on: date, calendar: Calendar) -> Iterator[Step]:
    for number in range(1, amount):
        yield Step(received_on + timedelta(days=number), counted=True, why=Why.COUNTED)
    yield from _last_day(received_on + timedelta(days=amount), Why.COUNTED, calendar)


def _months(amount: int, received_on: date, calendar: Calendar) -> Iterator[Step]:
    # relativedelta takes the last day of a month that has no such date, as ГПК чл. 60, ал. 3 does.
    yield from _last_day(received_on + relativedelta(months=amount), Why.SAME_DATE, calendar)


def _last_day(last: date, why: Why, calendar: Calendar) -> Iterator[Step]:
    """The last counted day and, when it is not a working one, the days by which the term is carried on."""
    end = this_or_next_workday(last, calendar)
    if end == last:
        yield Step(last, counted=True, why=why)
        return
    yield Step(last, counted=True, why=Why.LAST_DAY_OFF, note=calendar.holiday_name(last))
    day = last + ONE_DAY
    while day < end:
        yield _step(day, calendar)
        day += ONE_DAY
    yield Step(end, counted=False, why=Why.ROLLED)


def _step(day: date, calendar: Calendar) -> Step:
    if calendar.is_workday(day):
        return Step(day, counted=True, why=Why.COUNTED)
    name = calendar.holiday_name(day)
    return Step(day, counted=False, why=Why.HOLIDAY if name else Why.WEEKEND, note=name)
