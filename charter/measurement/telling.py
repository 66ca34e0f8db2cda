"""What of a figure may be told over time, so that no month of fewer than five records can be read from it.

Whoever knows that a neighbour's matter fell into a certain month would read from a figure of one what became of it. So
a small month is hidden, and with it so many others of its quarter that it cannot be had by subtraction; the days of
their records are told to nobody, and no figure is given of a period that divides them.

A moment within a period ends it as a last day would: what was known of a quarter at the end of its first month is that
month. So `as_of` before `now` divides what is hidden as of `now`, too.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta

from dateutil.relativedelta import relativedelta
from django.db.models.functions import TruncMonth
from django.utils import timezone

from charter.measurement.groups import SMALLEST_GROUP, Group, counted, may_be_named, shown
from charter.measurement.measures import Measure
from charter.measurement.periods import Period
from charter.measurement.shares import Share
from charter.measurement.tally import states_by
from samokov_portal.office.choices import Fact

Months = dict[date, Counter[str]]


def told(measure: Measure, period: Period, as_of: datetime, now: datetime | None = None) -> Share | None:
    """The share of `period` as the store knew it at `as_of`; None where that divides hidden months.

    `now` is the moment of asking, which is `as_of` itself if it is not given. Of whole quarters the queries are those
    of the measure; an end or a moment within a quarter takes one more for each source.
    """
    return None if divides_hidden(measure, period, as_of, now) else measure(period, as_of)


def told_each(measure: Measure, spans: Sequence[Period], as_of: datetime) -> list[Share | None]:
    """`told` of each of `spans`, which follow each other without a gap: its part and its whole, and no more of it.

    Whole quarters are counted together, with one query a source, where the measure adds up.
    """
    whole = Period(spans[0].start, spans[-1].end)
    if not measure.adds_up or any(span.days != whole_quarters(span).days for span in spans):
        return [told(measure, span, as_of) for span in spans]
    months = by_month(measure, whole, as_of)
    totals = [sum((months[day] for day in months if span.start <= day < span.end), Counter[str]()) for span in spans]
    return [Share(states[Fact.KEPT], counted(states)) for states in totals]


def divides_hidden(measure: Measure, period: Period, as_of: datetime, now: datetime | None = None) -> bool:
    """Whether some days of the hidden months of a quarter are told and others not: by `period`, or by `as_of`.

    Of a quarter that is small itself the whole is told at any moment.
    """
    if any(divides(period, hidden_of(months)) for months in _cut_quarters(measure, period, as_of)):
        return True
    known = known_days(period, as_of, now) if now and now != as_of else None
    if known is None:
        return False
    found = _cut_quarters(measure, known, now or as_of)
    return any(divides(known, hidden_of(months)) for months in found if not is_small(months))


def divides(period: Period, months: Iterable[date]) -> bool:
    """Whether some days of these months are in `period` and others are not."""
    days = [day for first in months for day in days_of_month(first)]
    return 0 < sum(period.start <= day < period.end for day in days) < len(days)


def _cut_quarters(measure: Measure, period: Period, as_of: datetime) -> Iterator[Months]:
    """The months of each quarter that `period` cuts; one query a source for each."""
    for quarter in {Period.quarter_of(period.start), Period.quarter_of(period.last_day)}:
        if quarter.start < period.start or period.end < quarter.end:
            yield by_month(measure, quarter, as_of)


def known_days(period: Period, as_of: datetime, now: datetime) -> Period | None:
    """The days of `period` that had begun at `as_of`, where that is an earlier day than `now`; None if none had."""
    last = timezone.localtime(as_of - timedelta(microseconds=1)).date()
    if last >= timezone.localtime(now).date():
        return period
    end = min(period.end, last + timedelta(days=1))
    return Period(period.start, end) if period.start < end else None


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
    if is_small(months):
        return set(months)
    visible = shown(months) if may_be_named(months) else set()
    return {month for month, states in months.items() if counted(states) and month not in visible}


def is_small(months: Months) -> bool:
    """Whether the months of a quarter have few records together."""
    return sum(states.total() for states in months.values()) < SMALLEST_GROUP


def by_month(measure: Measure, period: Period, as_of: datetime) -> Months:
    """How many records of `period` are in each state for each month by its first day; one query a source."""
    facts = [rows.annotate(month=TruncMonth("counted_on")) for rows in measure.facts(period, as_of)]
    return states_by(facts, "month")


def whole_quarters(period: Period) -> Period:
    """The quarters that `period` touches, from the first to the last."""
    return Period(Period.quarter_of(period.start).start, Period.quarter_of(period.last_day).end)


def hidden_since(measure: Measure, period: Period, as_of: datetime, now: datetime | None = None) -> set[date]:
    """The months of the quarters of `period` that are hidden as of `as_of` or of `now`; one query a source for each."""
    hidden = hidden_months(measure, period, as_of)
    return hidden | hidden_months(measure, period, now) if now and now != as_of else hidden


def months_of(measure: Measure, quarter: Period, as_of: datetime, now: datetime | None = None) -> list[Group]:
    """The figure of each month of `quarter` by its first day, hidden ones without numbers; none where all are hidden.

    Months without anything to count are left out, and all are where `as_of` divides what is hidden as of `now`.
    """
    if divides_hidden(measure, quarter, as_of, now):
        return []
    months = by_month(measure, quarter, as_of)
    hidden = hidden_of(months)
    if now and now != as_of:
        hidden |= hidden_months(measure, quarter, now)
    found = [(month, states) for month, states in sorted(months.items()) if counted(states)]
    if all(month in hidden for month, _states in found):
        return []
    return [
        Group(month, None, None) if month in hidden else Group(month, states[Fact.KEPT], counted(states))
        for month, states in found
    ]
