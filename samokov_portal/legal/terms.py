"""The legal terms, each with its article, and how the last day of one is found and explained."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from dateutil.relativedelta import relativedelta

from samokov_portal.legal.holidays import Calendar
from samokov_portal.legal.workdays import ONE_DAY

# Beyond these years the official holidays are neither tabulated nor foreseeable.
FIRST_YEAR, LAST_YEAR = 2006, 2099


# What `Term.version` writes.
VERSION = re.compile(r"(?P<amount>\d+) (?P<unit>[a-z_]+)(?: @ (?P<since>\d{4}-\d\d-\d\d))?")


class Unit(StrEnum):
    """What a term is counted in. „Дни“ without a qualifier are calendar days."""

    WORKING_DAYS = "working_days"
    CALENDAR_DAYS = "calendar_days"
    MONTHS = "months"
    YEARS = "years"


class Why(StrEnum):
    """Why a day was counted or skipped."""

    RECEIVED = "received"
    COUNTED = "counted"
    SAME_DATE = "same-date"
    SUSPENDED = "suspended"
    RESTARTED = "restarted"
    EXTENDED = "extended"
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

    def as_of_version(self, version: str) -> "Term":
        """The term as it was when `version` was stored with a promise. Raises ValueError when it is no version."""
        found = VERSION.fullmatch(version)
        if found is None:
            raise ValueError(version)
        since = found["since"]
        return replace(
            self,
            amount=int(found["amount"]),
            unit=Unit(found["unit"]),
            valid_from=date.fromisoformat(since) if since else None,
        )


@dataclass(frozen=True)
class Step:
    """One day of the count, each at most once. `note` names the holiday or the decree, if any.

    In a term in days exactly `amount` steps are counted; in months and years the date of the same number is, and one
    more for each day on which the term stood still.
    """

    day: date
    counted: bool
    why: Why
    note: str = ""


@dataclass(frozen=True)
class Deadline:
    """The last day of a term and how it was found, day by day.

    While the term is suspended, `due_on` is what it would be if it ran on from the day of the suspension.
    """

    term: Term
    received_on: date
    due_on: date
    steps: tuple[Step, ...]
    is_suspended: bool = False


class OutOfRange(ValueError):
    """The date lies outside the years for which the calendar is known."""


APK_IN_FORCE = date(2006, 7, 12)
ZDOI_IN_FORCE = date(2000, 7, 11)
NAO_2020 = date(2020, 1, 31)

# Every version of every rule; a changed law is a new row with its own `valid_from`, never an edited one.
RULES: tuple[Term, ...] = (
    Term("signal-decision", 2, Unit.MONTHS, "АПК, чл. 121", APK_IN_FORCE, verified=False),
    Term("signal-longest", 3, Unit.MONTHS, "АПК, чл. 121", APK_IN_FORCE, verified=False),
    Term("signal-age", 2, Unit.YEARS, "АПК, чл. 111, ал. 4", APK_IN_FORCE, verified=True),
    Term("proposal-decision", 2, Unit.MONTHS, "АПК, чл. 118, ал. 1", APK_IN_FORCE, verified=True),
    Term("proposal-longest", 6, Unit.MONTHS, "АПК, чл. 118, ал. 2", APK_IN_FORCE, verified=True),
    Term("forward", 7, Unit.CALENDAR_DAYS, "АПК, чл. 112", APK_IN_FORCE, verified=False),
    Term("notify", 7, Unit.CALENDAR_DAYS, "АПК, чл. 118, ал. 1 и чл. 123, ал. 1", APK_IN_FORCE, verified=True),
    Term("enquiry-answer", 7, Unit.WORKING_DAYS, "НАО, приложение към чл. 20", NAO_2020, verified=False),
    Term("information-decision", 14, Unit.CALENDAR_DAYS, "ЗДОИ, чл. 28", ZDOI_IN_FORCE, verified=False),
    Term("information-clarify", 30, Unit.CALENDAR_DAYS, "ЗДОИ, чл. 29", ZDOI_IN_FORCE, verified=False),
    Term("information-volume", 24, Unit.CALENDAR_DAYS, "ЗДОИ, чл. 30", ZDOI_IN_FORCE, verified=False),
    Term("information-consent", 28, Unit.CALENDAR_DAYS, "ЗДОИ, чл. 31", ZDOI_IN_FORCE, verified=False),
    Term("act-complaint", 14, Unit.CALENDAR_DAYS, "АПК, чл. 84, ал. 1", APK_IN_FORCE, verified=True),
    Term("silent-refusal", 1, Unit.MONTHS, "АПК, чл. 84, ал. 2", APK_IN_FORCE, verified=True),
    Term("silent-refusal-untold", 2, Unit.MONTHS, "АПК, чл. 84, ал. 2", APK_IN_FORCE, verified=True),
    Term("act-court", 14, Unit.CALENDAR_DAYS, "АПК, чл. 149", APK_IN_FORCE, verified=True),
    Term("act-court-silence", 1, Unit.MONTHS, "АПК, чл. 149", APK_IN_FORCE, verified=True),
    Term("act-review", 7, Unit.CALENDAR_DAYS, "АПК, чл. 91 и 92", APK_IN_FORCE, verified=False),
    Term("act-default", 14, Unit.CALENDAR_DAYS, "АПК, чл. 57", APK_IN_FORCE, verified=False),
    Term("defects", 3, Unit.CALENDAR_DAYS, "АПК, чл. 30", APK_IN_FORCE, verified=False),
)
# The newest version of each.
TERMS: dict[str, Term] = {term.code: term for term in RULES}


def in_force(code: str, on: date) -> Term:
    """The version of the rule `code` that was in force on the day `on`; the oldest one before that. Raises KeyError."""
    versions = [term for term in RULES if term.code == code]
    if not versions:
        raise KeyError(code)
    return next((term for term in reversed(versions) if term.valid_from and term.valid_from <= on), versions[0])


def deadline(term: Term, received_on: date, calendar: Calendar, suspended: Collection[date] = frozenset()) -> Deadline:
    """The last day of `term` for what was received on `received_on`, by ГПК чл. 60 and with every day explained.

    `suspended` are the days on which the term did not run; none of them is counted, and each moves the end by a day.
    Raises OutOfRange when the date lies outside the years for which the calendar is known.
    """
    if not FIRST_YEAR <= received_on.year <= LAST_YEAR - 1:
        raise OutOfRange(received_on)
    count = {
        Unit.WORKING_DAYS: _working_days,
        Unit.CALENDAR_DAYS: _calendar_days,
        Unit.MONTHS: _months,
        Unit.YEARS: _years,
    }[term.unit]
    start = Step(received_on, counted=False, why=Why.RECEIVED, note=calendar.holiday_name(received_on))
    steps = (start, *count(term.amount, received_on, calendar, suspended))
    return Deadline(term, received_on, steps[-1].day, steps)


def _working_days(amount: int, start: date, calendar: Calendar, suspended: Collection[date]) -> Iterator[Step]:
    day = start
    while amount:
        day += ONE_DAY
        step = _step(day, calendar, suspended)
        amount -= step.counted
        yield step


def _calendar_days(amount: int, start: date, calendar: Calendar, suspended: Collection[date]) -> Iterator[Step]:
    day = start
    while amount:
        day += ONE_DAY
        if day in suspended:
            yield Step(day, counted=False, why=Why.SUSPENDED)
            continue
        amount -= 1
        if amount:
            yield Step(day, counted=True, why=Why.COUNTED)
    yield from _last_day(day, Why.COUNTED, calendar, suspended)


def _months(amount: int, start: date, calendar: Calendar, suspended: Collection[date]) -> Iterator[Step]:
    # relativedelta takes the last day of a month that has no such date, as ГПК чл. 60, ал. 3 does.
    yield from _same_date(start, start + relativedelta(months=amount), calendar, suspended)


def _years(amount: int, start: date, calendar: Calendar, suspended: Collection[date]) -> Iterator[Step]:
    yield from _same_date(start, start + relativedelta(years=amount), calendar, suspended)


def _same_date(start: date, last: date, calendar: Calendar, suspended: Collection[date]) -> Iterator[Step]:
    """The date of the same number, carried on by as many days as the term was suspended before it."""
    lost = sorted(day for day in suspended if start < day <= last)
    if not lost:
        yield from _last_day(last, Why.SAME_DATE, calendar, suspended)
        return
    yield from (Step(day, counted=False, why=Why.SUSPENDED) for day in lost if day < last)
    yield Step(last, counted=last not in suspended, why=Why.SAME_DATE)
    yield from _calendar_days(len(lost), last, calendar, suspended)


def _last_day(last: date, why: Why, calendar: Calendar, suspended: Collection[date]) -> Iterator[Step]:
    """The last counted day and, when it is not a working one, the days by which the term is carried on."""
    if calendar.is_workday(last):
        yield Step(last, counted=True, why=why)
        return
    yield Step(last, counted=True, why=Why.LAST_DAY_OFF, note=calendar.holiday_name(last))
    day = last + ONE_DAY
    while not _step(day, calendar, suspended).counted:
        yield _step(day, calendar, suspended)
        day += ONE_DAY
    yield Step(day, counted=False, why=Why.ROLLED)


def _step(day: date, calendar: Calendar, suspended: Collection[date]) -> Step:
    if day in suspended:
        return Step(day, counted=False, why=Why.SUSPENDED)
    if calendar.is_workday(day):
        return Step(day, counted=True, why=Why.COUNTED, note=calendar.decree_of_work(day))
    name = calendar.holiday_name(day)
    return Step(day, counted=False, why=Why.HOLIDAY if name else Why.WEEKEND, note=name)
