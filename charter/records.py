"""What stands behind a live figure: its anonymised records, cut as a list is, and its months."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.db.models.functions import TruncMonth
from django.utils.translation import gettext_lazy as _

from charter.measurement import Measure, Period
from charter.measurement.groups import SMALLEST_GROUP, Group, groups
from charter.measurement.tally import in_order, states_by, took
from samokov_portal.office.choices import Fact

# What a single record says; `Fact` has the words for many.
STATES: dict[str, Any] = {
    Fact.KEPT: _("спазено"),
    Fact.LATE: _("след срока"),
    Fact.UNANSWERED: _("с изтекъл срок и без отговор"),
    Fact.NOT_KEPT: _("неспазено"),
    Fact.IN_TERM: _("още в срок"),
    Fact.FORWARDED: _("препратено на компетентния орган"),
    Fact.NO_PROCEEDINGS: _("без производство по закон"),
    Fact.WITHDRAWN: _("оттеглено от подателя"),
    Fact.NOT_RECORDED: _("без записано време на чакане"),
}


@dataclass(frozen=True)
class Record:
    """A record behind a figure: nobody's person, unit or village, and where there are few of them no days either."""

    state: str
    extended: bool
    began_on: date | None
    last_day: date | None
    done_on: date | None
    took: int | None

    @property
    def says(self) -> Any:
        """What happened with it, in words."""
        return STATES[self.state]


class Records:
    """The records that a measure counts in a period as of a moment, in the order of their days.

    Of fewer than five nobody is told the days: whoever knows when one of them came in would know the rest of it.
    """

    def __init__(self, measure: Measure, period: Period, as_of: datetime) -> None:
        self.span = measure.span
        self.calendar = measure.calendar(as_of)
        self.facts = measure.facts(period, as_of)

    @cached_property
    def counts(self) -> list[int]:
        """How many records each source has; one query each."""
        return [queryset.count() for queryset in self.facts]

    def __len__(self) -> int:
        return sum(self.counts)

    @property
    def is_small(self) -> bool:
        return 0 < len(self) < SMALLEST_GROUP

    def __getitem__(self, cut: slice) -> list[Record]:
        """The records from `cut.start` to before `cut.stop`, out of the sources one after another."""
        start, stop, found = cut.start or 0, len(self) if cut.stop is None else cut.stop, []
        for queryset, count in zip(self.facts, self.counts, strict=True):
            if start < count and stop > 0:
                found += [self.told(*values) for values in in_order(queryset)[max(start, 0) : stop]]
            start, stop = start - count, stop - count
        return found

    def __iter__(self) -> Iterator[Record]:
        for queryset in self.facts:
            for values in in_order(queryset).iterator(chunk_size=2000):
                yield self.told(*values)

    def told(self, state: str, extended: bool, began_on: Any, last_day: Any, done_on: Any, lasted: Any) -> Record:
        """A row as it may be told."""
        if self.is_small:
            return Record(state, extended, None, None, None, None)
        time = took(began_on, done_on, lasted, self.span, self.calendar)
        return Record(state, extended, began_on, last_day, done_on, time)


def months(measure: Measure, period: Period, as_of: datetime) -> list[Group]:
    """The figure of each month of `period` by its first day, small ones withheld as small groups are.

    Months without anything to count are left out; one query for each source of the measure.
    """
    facts = [rows.annotate(month=TruncMonth("counted_on")) for rows in measure.facts(period, as_of)]
    return groups(states_by(facts, "month"))
