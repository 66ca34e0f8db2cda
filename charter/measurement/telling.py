"""What of a figure may be told over time, so that no month of fewer than five records can be read from it.

Whoever knows that a neighbour's matter fell into a certain month would read from a figure of one what became of it. So
a small month is hidden, and with it so many others of its quarter that it cannot be had by subtraction; the days of
their records are told to nobody, and no figure is given of a period that divides them.
"""

from collections import Counter
from datetime import date, datetime, timedelta

from dateutil.relativedelta import relativedelta
from django.db.models.functions import TruncMonth

from charter.measurement.groups import SMALLEST_GROUP, Group, counted, may_be_named, shown
from charter.measurement.measures import Measure
from charter.measurement.periods import Period
from charter.measurement.shares import Share
from charter.measurement.tally import states_by
from samokov_portal.office.choices import Fact

Months = dict[date, Counter[str]]


def told(measure: Measure, period: Period, as_of: datetime) -> Share | None:
    """The share of `period` as the store knew it at `as_of`; None where `period` divides hidden months.

    Of whole quarters the queries are those of the measure; an end within a quarter takes one more for each source.
    """
    return None if divides_hidden(measure, period, as_of) else measure(period, as_of)


def divides_hidden(measure: Measure, period: Period, as_of: datetime) -> bool:
    """Whether some days of the hidden months of a quarter are in `period` and others are not."""
    for quarter in {Period.quarter_of(period.start), Period.quarter_of(period.last_day)}:
        if period.start <= quarter.start and quarter.end <= period.end:
            continue
        days = [day for first in hidden_months(measure, quarter, as_of) for day in days_of_month(first)]
        inside = sum(period.start <= day < period.end for day in days)
        if 0 < inside < len(days):
            return True
    return False


def days_of_month(first: date) -> list[date]:
    return [first + timedelta(days=day) for day in range((first + relativedelta(months=1) - first).days)]


def hidden_months(measure: Measure, period: Period, as_of: datetime) -> set[date]:
    """The hidden months, each by its first day, of every quarter that `period` touches; one query a source."""
    quarters: dict[date, Months] = {}
    for month, states in by_month(measure, whole_quarters(period), as_of).items():
        quarters.setdefault(Period.quarter_of(month).start, {})[month] = states
    return {month for months in quarters.values() for month in hidden_of(months)}


def hidden_of(months: Months) -> set[date]:
    """The hidden ones of the months of one quarter: all where the quarter itself has few records."""
    if sum(states.total() for states in months.values()) < SMALLEST_GROUP:
        return set(months)
    visible = shown(months) if may_be_named(months) else set()
    return {month for month, states in months.items() if counted(states) and month not in visible}


def by_month(measure: Measure, period: Period, as_of: datetime) -> Months:
    """How many records of `period` are in each state for each month by its first day; one query a source."""
    facts = [rows.annotate(month=TruncMonth("counted_on")) for rows in measure.facts(period, as_of)]
    return states_by(facts, "month")


def whole_quarters(period: Period) -> Period:
    """The quarters that `period` touches, from the first to the last."""
    return Period(Period.quarter_of(period.start).start, Period.quarter_of(period.last_day).end)


def months_of(measure: Measure, quarter: Period, as_of: datetime) -> list[Group]:
    """The figure of each month of `quarter` by its first day, hidden ones without numbers; none where all are hidden.

    Months without anything to count are left out; one query a source.
    """
    months = by_month(measure, quarter, as_of)
    hidden = hidden_of(months)
    found = [(month, states) for month, states in sorted(months.items()) if counted(states)]
    if all(month in hidden for month, _states in found):
        return []
    return [
        Group(month, None, None) if month in hidden else Group(month, states[Fact.KEPT], counted(states))
        for month, states in found
    ]
