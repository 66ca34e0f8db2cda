"""Counting in working days."""

from datetime import date, timedelta

from samokov_portal.legal.holidays import Calendar

ONE_DAY = timedelta(days=1)


def this_or_next_workday(day: date, calendar: Calendar) -> date:
    """`day` itself when offices work on it, else the first later day on which they do (ГПК чл. 60, ал. 6)."""
    while not calendar.is_workday(day):
        day += ONE_DAY
    return day


def add_workdays(day: date, count: int, calendar: Calendar) -> date:
    """The `count`-th working day after `day`; `day` itself is not counted. `count` is in working days, >= 0."""
    for _ in range(count):
        day = this_or_next_workday(day + ONE_DAY, calendar)
    return day


def last_workday_before(day: date, calendar: Calendar) -> date:
    """The last day before `day` on which offices work."""
    day -= ONE_DAY
    while not calendar.is_workday(day):
        day -= ONE_DAY
    return day


def workdays_between(first: date, last: date, calendar: Calendar) -> int:
    """How many working days there are after `first` up to and including `last`; 0 when `last` is not later."""
    return sum(calendar.is_workday(first + ONE_DAY * (step + 1)) for step in range((last - first).days))
