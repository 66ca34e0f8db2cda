"""What stands behind a live figure: its anonymised records, cut as a list is."""

from collections import Counter
from collections.abc import Generator, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.utils.translation import gettext_lazy as _

from charter.measurement import Measure, Period
from charter.measurement.tally import alike, counts_of_states, in_order, rows, took
from charter.measurement.telling import hidden_since
from samokov_portal.copying import copied_rows
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
    Fact.REFUSED: _("отказано с мотиви в срока"),
    Fact.STANDING: _("със спрян срок, чака заявителя"),
    Fact.NOT_RECORDED: _("без записано време на чакане"),
    Fact.ASKED_IN_WRITING: _("с молба да се отговори писмено"),
    Fact.NO_ANSWER: _("без отговор на този въпрос"),
    Fact.FORGOTTEN: _("с отговор „не помня“"),
    Fact.NO_VISIT: _("без записано идване на гишето"),
    Fact.DONE_SOON: _("приключено до седмия ден, без датата да е съобщена"),
    Fact.DUE_SOON: _("с последен ден най-късно на седмия ден"),
}


@dataclass(frozen=True)
class Record:
    """A record behind a figure: nobody's person, unit or village, and in a hidden month no days either."""

    state: str
    extended: bool
    began_on: date | None
    last_day: date | None
    done_on: date | None
    took: int | None
    merged: bool

    @property
    def says(self) -> Any:
        """What happened with it, in words."""
        return STATES[self.state]


class Records:
    """The records that a measure counts in a period as of a moment, in the order of their days; those of hidden months
    stand last and have none. Not of a period that divides hidden months: ask `divides_hidden` before.
    """

    def __init__(
        self, measure: Measure, period: Period, as_of: datetime, now: datetime | None = None, *, state: str = ""
    ) -> None:
        """Those of one `state` (a Fact), or all of them; `now` as for `told`."""
        self.state = state
        self.span = measure.span
        self.calendar = measure.calendar(as_of)
        self.facts = measure.facts(period, as_of)
        self.hidden = hidden_since(measure, period, as_of, now)

    @cached_property
    def states(self) -> list[Counter[str]]:
        """How many records of each state each source has; one query each."""
        return [counts_of_states(queryset) for queryset in self.facts]

    @property
    def by_state(self) -> list[tuple[str, Any, int]]:
        """Each state that occurs, in the order of `Fact`: its code, its words and how many are in it."""
        total = sum(self.states, Counter())
        return [(fact.value, STATES[fact], total[fact]) for fact in Fact if total[fact]]

    @property
    def total(self) -> int:
        """How many there are, whatever their state."""
        return sum(found.total() for found in self.states)

    @property
    def counts(self) -> list[int]:
        """How many records each source has of those asked for."""
        return [found[self.state] if self.state else found.total() for found in self.states]

    def __len__(self) -> int:
        return sum(self.counts)

    def __getitem__(self, cut: slice) -> list[Record]:
        """The records from `cut.start` to before `cut.stop`, out of the sources one after another."""
        start, stop = cut.start or 0, len(self) if cut.stop is None else cut.stop
        found: list[Record] = []
        for queryset, count in zip(self.facts, self.counts, strict=True):
            if start < count and stop > 0:
                asked = queryset.filter(state=self.state) if self.state else queryset
                found += [self.told(*values) for values in in_order(asked, self.hidden)[max(start, 0) : stop]]
            start, stop = start - count, stop - count
        return found

    def __iter__(self) -> Iterator[Record]:
        """All of them, whatever their state."""
        for row in rows(self.facts, self.hidden):
            yield self.told(row.state, row.extended, row.began_on, row.last_day, row.done_on, row.lasted, row.merged)

    def alike(self) -> Generator[tuple[Record, int]]:
        """The same, those that follow each other and say the same only once, with how many they are.

        To be closed by whoever may not read it to its end: see `copied_rows`.
        """
        for queryset in self.facts:
            with closing(copied_rows(alike(queryset, self.hidden))) as found:
                for *values, count in found:
                    yield self.told(*values), count

    def told(
        self, state: str, extended: bool, began_on: Any, last_day: Any, done_on: Any, lasted: Any, merged: bool
    ) -> Record:
        """A row as it is shown."""
        time = took(began_on, done_on, lasted, self.span, self.calendar)
        return Record(state, extended, began_on, last_day, done_on, time, merged)
