"""Records with the columns of `with_facts`, counted: the share, the groups of it, and the rows behind it."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from dateutil.relativedelta import relativedelta
from django.db.models import Case as Choice
from django.db.models import Count, F, Q, Value, When

from charter.choices import Span
from charter.measurement.shares import Share, Spread
from samokov_portal.legal.holidays import Calendar
from samokov_portal.legal.workdays import workdays_between
from samokov_portal.office.choices import COUNTED, Fact

COLUMNS = ("state", "extended", "merged", "began_on", "done_on", "lasted")


@dataclass(frozen=True)
class Row:
    """A record behind a figure, without anything that says whose it is."""

    state: str
    extended: bool
    began_on: date | None
    last_day: date | None
    done_on: date | None
    lasted: int | None
    merged: bool


def took(began_on: date | None, done_on: date | None, lasted: int | None, span: str, calendar: Calendar) -> int | None:
    """How long a record took in what `span` says; None when it is not done, or not of that sort."""
    if span in (Span.MINUTES, Span.VISITS):
        return lasted
    if not span or began_on is None or done_on is None:
        return None
    if span == Span.WORKING_DAYS:
        return workdays_between(began_on, done_on, calendar)
    return (done_on - began_on).days


def tally(facts: Iterable[Any], *, left_out: Iterable[Fact], span: str, calendar: Calendar) -> Share:
    """The share of all the records of `facts` (querysets with the columns of `with_facts`); one query each.

    Every reason of `left_out` is said, also when nothing is left out for it.
    """
    states: Counter[str] = Counter()
    extended: Counter[str] = Counter()
    values: Counter[int] = Counter()
    merged = 0
    for queryset in facts:
        for row in queryset.values(*COLUMNS).annotate(count=Count("pk")).order_by():
            states[row["state"]] += row["count"]
            if row["extended"]:
                extended[row["state"]] += row["count"]
            if row["merged"] and row["state"] in COUNTED:
                merged += row["count"]
            value = took(row["began_on"], row["done_on"], row["lasted"], span, calendar)
            if value is not None and row["state"] in COUNTED:
                values[value] += row["count"]
    return Share(
        part=states[Fact.KEPT],
        whole=sum(states[state] for state in COUNTED),
        excluded={reason.value: states[reason] for reason in left_out},
        unanswered=states[Fact.UNANSWERED],
        extended=(extended[Fact.KEPT], sum(extended[state] for state in COUNTED)),
        merged=merged,
        spread=Spread.of(values),
    )


def states_by(facts: Iterable[Any], column: str) -> dict[Any, Counter[str]]:
    """How many records of `facts` are in each state for each value of `column`; one query each."""
    return states_by_each(facts, (column,))[column]


def states_by_each(facts: Iterable[Any], columns: Sequence[str]) -> dict[str, dict[Any, Counter[str]]]:
    """The same for each of several columns, still with one query for each of `facts`."""
    found: dict[str, dict[Any, Counter[str]]] = {column: {} for column in columns}
    for queryset in facts:
        for row in queryset.values(*columns, "state").annotate(count=Count("pk")).order_by():
            for column in columns:
                found[column].setdefault(row[column], Counter())[row["state"]] += row["count"]
    return found


def counts_of_states(queryset: Any) -> Counter[str]:
    """How many records are in each state; one query."""
    return Counter(dict(queryset.values_list("state").annotate(count=Count("pk")).order_by()))


# The moment or day of what happened, and when it was entered, by which it is seen what came late into the register.
ENTRIES = (("received_at", "registered_at"), ("asked_at", "recorded_at"), ("on", "recorded_at"))


def entered_late(facts: Iterable[Any], *, after: timedelta) -> int:
    """How many counted records of `facts` were entered longer than `after` what they tell of; a query each at most."""
    late = 0
    for queryset in facts:
        names = {field.name for field in queryset.model._meta.get_fields()}
        for happened, entered in ENTRIES:
            if {happened, entered} <= names:
                counted = queryset.filter(state__in=COUNTED, **{f"{entered}__gt": F(happened) + after})
                late += counted.count()
    return late


def rows(facts: Iterable[Any], hidden: Collection[date] = ()) -> Iterator[Row]:
    """The records behind a figure, those of the `hidden` months without days; see `in_order`."""
    for queryset in facts:
        for values in in_order(queryset, hidden).iterator(chunk_size=2000):
            yield Row(*values)


def in_order(queryset: Any, hidden: Collection[date] = ()) -> Any:
    """What may be told of the rows of `queryset`, in the order of their days, which is not that of the register.

    Those counted in one of the `hidden` months (by their first days) have neither days nor times and stand last: from
    their place between others it would be seen how many of them are of which month.
    """
    is_hidden = Q(pk__in=[])
    for first in hidden:
        is_hidden |= Q(counted_on__gte=first, counted_on__lt=first + relativedelta(months=1))
    names = ("counted_on", "began_on", "last_day", "done_on", "lasted")
    seen = {f"told_{name}": Choice(When(is_hidden, then=Value(None)), default=F(name)) for name in names}
    order = ("told_began_on", "told_done_on", "state", "told_lasted", "extended", "merged")
    columns = ("state", "extended", "told_began_on", "told_last_day", "told_done_on", "told_lasted", "merged")
    told = queryset.annotate(**seen) if hidden else queryset.annotate(**{f"told_{name}": F(name) for name in names})
    return told.values_list(*columns).order_by(F("told_counted_on").asc(nulls_last=True), *order)


def alike(queryset: Any, hidden: Collection[date] = ()) -> Any:
    """The rows of `in_order` in the same order, those that say the same together, and last how many they are."""
    return in_order(queryset, hidden).annotate(count=Count("pk"))
