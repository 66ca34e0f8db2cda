"""What stands behind a live figure: its anonymised records, cut as a list is, and its months."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.db.models import Count
from django.db.models.functions import TruncMonth, TruncQuarter
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
    Fact.ASKED_IN_WRITING: _("с молба да се отговори писмено"),
    Fact.NO_ANSWER: _("без отговор на този въпрос"),
    Fact.FORGOTTEN: _("с отговор „не помня“"),
    Fact.NO_VISIT: _("без записано идване на гишето"),
    Fact.DONE_SOON: _("готово до седмия ден, без датата да е съобщена"),
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

    Where a quarter has fewer than five, the days of those are told to nobody: whoever knows when one of them came in
    would know the rest of it. Each quarter for itself, so that asking for a longer period tells no more.
    """

    def __init__(self, measure: Measure, period: Period, as_of: datetime) -> None:
        self.span = measure.span
        self.calendar = measure.calendar(as_of)
        self.facts = measure.facts(period, as_of)

    @cached_property
    def quarters(self) -> list[Counter[date]]:
        """How many records each source has in each quarter; one query each."""
        quarter = TruncQuarter("counted_on")
        return [
            Counter(dict(queryset.values_list(quarter).annotate(count=Count("pk")).order_by()))
            for queryset in self.facts
        ]

    @cached_property
    def small(self) -> set[date]:
        """The quarters, each by its first day, whose records have no days."""
        together = sum(self.quarters, Counter[date]())
        return {quarter for quarter, count in together.items() if count < SMALLEST_GROUP}

    def __len__(self) -> int:
        return sum(source.total() for source in self.quarters)

    def __getitem__(self, cut: slice) -> list[Record]:
        """The records from `cut.start` to before `cut.stop`, out of the sources one after another."""
        start, stop = cut.start or 0, len(self) if cut.stop is None else cut.stop
        found: list[Record] = []
        for queryset, source in zip(self.facts, self.quarters, strict=True):
            count = source.total()
            if start < count and stop > 0:
                found += [self.told(*values) for values in in_order(queryset, "counted_on")[max(start, 0) : stop]]
            start, stop = start - count, stop - count
        return found

    def __iter__(self) -> Iterator[Record]:
        for queryset in self.facts:
            for values in in_order(queryset, "counted_on").iterator(chunk_size=2000):
                yield self.told(*values)

    def told(
        self, state: str, extended: bool, began_on: Any, last_day: Any, done_on: Any, lasted: Any, counted_on: date
    ) -> Record:
        """A row as it may be told."""
        if Period.quarter_of(counted_on).start in self.small:
            return Record(state, extended, None, None, None, None)
        time = took(began_on, done_on, lasted, self.span, self.calendar)
        return Record(state, extended, began_on, last_day, done_on, time)


def months(measure: Measure, period: Period, as_of: datetime) -> list[Group]:
    """The figure of each month of `period` by its first day, small ones withheld as small groups are.

    Months without anything to count are left out; one query for each source of the measure.
    """
    facts = [rows.annotate(month=TruncMonth("counted_on")) for rows in measure.facts(period, as_of)]
    return groups(states_by(facts, "month"))
