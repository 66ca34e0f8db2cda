"""What somebody asks of the work list: which part of it, narrowed by what, and from which place on."""

from collections.abc import Callable, Collection, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache, cached_property, partial
from heapq import merge
from itertools import islice
from typing import Any

from feedback.models import Case
from feedback.worklist.lines import WorkLine, lines_of
from samokov_portal.legal.workdays import add_workdays
from samokov_portal.office.calendar import calendar_known
from samokov_portal.office.choices import Tab
from samokov_portal.office.numbers import read_number
from samokov_portal.office.querysets import Sought, sought
from samokov_portal.office.queue import (
    NO_KEY,
    NOTHING,
    Summed,
    asked_once,
    bounded,
    counted_by,
    in_part,
    kept,
    merged,
    summed_up,
)
from samokov_portal.questions import Kept, Part
from samokov_portal.staff.models import StaffUser
from services.known import name_services, name_units, services_named
from services.models import Application

# The kind by which applications are asked for, beside the kinds of cases.
APPLICATION = "application"
REGISTERS = (Case, Application)
CASES = REGISTERS.index(Case)
# By what a person sees more or less of the registers.
SEEING = (
    "feedback.view_case",
    "feedback.view_all_cases",
    "services.view_application",
    "services.view_all_applications",
)
PAGE = 50
# Who looks for more words asks a question that nobody asks again.
MOST_WORDS = 5
# The filters that change a value in the questions and nothing else.
VALUES = ("number", "unit", "settlement", "service", "standard")
# Those of which each choice makes another question, which its own index may answer.
LITERAL = ("status", "kind", "channel")
# What lies in the indexes of the list beside their keys, and may be rare among what is open.
BESIDE = ("kind", "channel", "settlement", "service", "standard")
# From here on nobody reads the number beside a tab.
MOST_COUNTED = 500
NEAR_WORKING_DAYS = 3
# So many rows are made into lines at once when the whole list is taken out.
CHUNK = 1000


def up_to_most(count: int) -> str:
    """A count as it stands beside a part of the list: „500+“ from there on."""
    return f"{MOST_COUNTED}+" if count > MOST_COUNTED else str(count)


@dataclass(frozen=True)
class Page:
    """What stands on one page of the list, and the place after which the next one begins; empty after the last."""

    lines: list[WorkLine]
    more: str


@dataclass(frozen=True)
class Narrowing:
    """What the registers are narrowed by: who looks, and what they may see, the days, and the filters in use.

    Filters name rows by their keys, `after` is a place and `text` is words. `named` are, of each word, the keys of the
    services that it names. `said` are, of each register, the keys of the open rows that are asked for, where the words
    were looked for already.
    """

    user: int
    may: Mapping[str, bool]
    today: date
    soon: date
    wanted: Mapping[str, Any]
    named: Sequence[list[int]] = ()
    said: Sequence[list[int]] | None = None

    def registers(self, tab: Tab) -> list[Any]:
        """What the part `tab` has of each register, narrowed by the filters, in order."""
        found = [rows.by_awaited_day() for rows in self._seen()]
        if "number" in self.wanted:
            return [rows.filter(number=self.wanted["number"]) for rows in found]
        return [self._in_tab(place, rows, tab) for place, rows in enumerate(found)]

    def _in_tab(self, place: int, rows: Any, tab: Tab) -> Any:
        narrowed = self._narrowed(place, rows.in_tab(tab, today=self.today, soon=self.soon))
        if self.said is not None and tab not in rows.beyond_open:
            return narrowed.filter(pk__any_of=self.said[place])
        return self._saying(place, narrowed)

    def found(self, place: int) -> Any:
        """The open rows of a register that say the words, with the day that is awaited and the parts they are in."""
        rows = self._saying(place, self._narrowed(place, self._seen()[place].open()))
        return rows.with_tabs(within_open(place), today=self.today, soon=self.soon)

    def _seen(self) -> list[Any]:
        """What of each register this person may see at all."""
        may = self.may
        cases = Case.objects.seen_from(self.user, sees_all=may["feedback.view_all_cases"])
        applications = Application.objects.seen_from(
            self.user,
            sees_some=may["services.view_application"],
            sees_all=may["services.view_all_applications"],
        )
        return [cases if may["feedback.view_case"] else cases.none(), applications]

    def _narrowed(self, place: int, rows: Any) -> Any:
        """The rows of a register narrowed by the filters that are no words."""
        wanted = self.wanted
        kind = wanted.get("kind")
        names: tuple[str, ...]
        if place == CASES:
            names = ("status", "kind", "unit", "channel", "settlement", "service", "standard")
            is_left_out = kind == APPLICATION
        else:
            names = ("unit", "channel", "service")
            # An application has no status of a case, names no village and no promise.
            only_cases = ("status", "settlement", "standard")
            is_left_out = kind not in (None, "", APPLICATION) or any(wanted.get(name) for name in only_cases)
        if is_left_out:
            return rows.none()
        return rows.filter(**{name: wanted[name] for name in names if wanted.get(name)})

    def _saying(self, place: int, rows: Any) -> Any:
        words = self.wanted.get("text")
        if not words:
            return rows
        return rows.saying(words) if place == CASES else rows.about(words, self.named)


@cache
def within_open(place: int) -> tuple[Tab, ...]:
    """The parts of the list whose rows of a register are all open."""
    return tuple(tab for tab in Tab if tab not in REGISTERS[place].objects.all().beyond_open)


@dataclass(frozen=True)
class Asked:
    """A question to the work list, by whoever may see what, on the day `today`.

    `wanted` are the filters of `WorkListFilter` that were filled in. A number finds what bears it, ended or not; all
    else is about what is still in work.
    """

    user: StaffUser
    today: date
    wanted: dict[str, Any] = field(default_factory=dict)

    @property
    def tab(self) -> Tab:
        return Tab(self.wanted.get("tab") or Tab.OPEN)

    @property
    def sought(self) -> list[str]:
        """The words and numbers that are looked for, for the record of looks."""
        return [self.wanted.get("number", ""), self.wanted.get("text", "")]

    @cached_property
    def soon(self) -> date:
        """The last day that is near; one query at the most."""
        return add_workdays(self.today, NEAR_WORKING_DAYS, calendar_known())

    def page(self, *, decided_in: Collection[str] = ()) -> Page:
        """The lines of the page that is asked for, those of cases in one of the statuses `decided_in` with the newest
        event; a query for each register, one more for each where words are looked for, and one each for units and
        services where they are not remembered."""
        statuses = tuple(sorted(decided_in))
        found = [(row.queue_place, row) for place in range(len(REGISTERS)) for row in self._first_rows(place, statuses)]
        on_page, more = merged(found, PAGE)
        rows = [row for _place, row in on_page]
        name_units(rows)
        name_services(row for row in rows if isinstance(row, Application))
        return Page(lines_of(rows, self.today, self.user), more)

    def _first_rows(self, place: int, statuses: tuple[str, ...]) -> list[Any]:
        """The first rows of a register on the page that is asked for: as many as if the other one had none."""
        question = self._question(place, ("page", statuses), self.tab, partial(self._following, place, statuses))
        return [] if question is None else question.ask(self._arguments)

    def _following(self, place: int, statuses: tuple[str, ...], *arguments: Any) -> Any:
        narrowing = self._narrowed_by(*arguments)
        rows, after = narrowing.registers(self.tab)[place], narrowing.wanted.get("after")
        rows = rows.after(after) if after else rows
        if not self._words and any(narrowing.wanted.get(name) for name in BESIDE):
            # Found first: where nothing but the key is asked for, no row is read to learn that it is not meant.
            rows = rows.model.objects.filter(pk__in=rows.values("pk")[: PAGE + 1]).by_awaited_day()
        rows = rows.with_last_event(statuses) if place == CASES and statuses else rows
        # Units and services are named afterwards.
        return rows.with_line().select_related(None)[: PAGE + 1]

    def _bounded(self, place: int, tab: Tab, most: int, *arguments: Any) -> Any:
        return bounded(self._narrowed_by(*arguments).registers(tab)[place], most)

    def _is_found_by_words(self, place: int, tab: Tab) -> bool:
        return bool(self._words) and tab in within_open(place)

    @cached_property
    def _found(self) -> list[Summed]:
        """Of each register how many open rows in each part say the words that are looked for, and the keys of those on
        the page; a query for each.

        Looked for once: for its lines and for each of its parts a page would read again all that say them.
        """
        return [self._found_in(place) for place in range(len(REGISTERS))]

    def _found_in(self, place: int) -> Summed:
        # How rare a word is decides by which index it is best looked for, so a plan for any word would not do.
        rows = partial(self._found_by_words, place)
        question = self._asked(("found", place), rows, is_prepared=False, arguments=self._without_keys)
        after = self._narrowing.wanted.get("after")
        begins = (after.day, after.key_in(REGISTERS[place].objects.all().letter)) if after else (date.min, NO_KEY)
        shown = self.tab if self._is_found_by_words(place, self.tab) else None
        return summed_up(question, self._without_keys, within_open(place), shown, begins, PAGE + 1)

    def _found_by_words(self, place: int, *arguments: Any) -> Any:
        rows = replace(self._narrowed_by(*arguments), said=None).found(place)
        return rows.order_by().values_list("pk", "awaited_day", *map(in_part, within_open(place)))

    @cached_property
    def _keys_on_page(self) -> list[list[int]]:
        """Of each register the keys that stand on the page that is asked for, as far as words find them."""
        return [found.shown for found in self._found] if self._words else []

    def _question(self, place: int, what: Hashable, tab: Tab, rows: Callable[..., Any]) -> Kept | None:
        """The question to a register that `rows` makes of the arguments; None where it is sure to find nothing."""
        by_words = self._is_found_by_words(place, tab)
        if by_words and not self._keys_on_page[place]:
            return None
        is_prepared = by_words or not self._words
        return self._asked((what, tab, place), rows, is_prepared=is_prepared, arguments=self._arguments)

    def _asked(
        self, what: tuple[Any, ...], rows: Callable[..., Any], *, is_prepared: bool, arguments: list[Any]
    ) -> Kept | None:
        if len(self._words) > MOST_WORDS:
            return asked_once(rows(*arguments))
        return kept((*what, self._depends_on), rows, arguments, is_prepared=is_prepared)

    @cached_property
    def _may(self) -> dict[str, bool]:
        return {name: self.user.has_perm(name) for name in SEEING}

    @cached_property
    def _narrowing(self) -> Narrowing:
        wanted = {name: getattr(value, "pk", value) for name, value in self.wanted.items() if value}
        if "number" in wanted:
            wanted["number"] = read_number(wanted["number"])
        if "text" in wanted:
            # A number is looked for alone.
            wanted["text"] = [] if "number" in wanted else sought(wanted["text"])
        words = [one.word for one in wanted.get("text", ())]
        sees_applications = self._may["services.view_application"] or self._may["services.view_all_applications"]
        named = services_named(words) if sees_applications else [[] for _word in words]
        return Narrowing(self.user.pk, self._may, self.today, self.soon, wanted, named)

    @cached_property
    def _words(self) -> list[Sought]:
        return list(self._narrowing.wanted.get("text", ()))

    @cached_property
    def _arguments(self) -> list[Any]:
        """What another person, day or unit changes in the questions without making them others; for words a query of
        each register."""
        return self._arguments_with(self._keys_on_page)

    @cached_property
    def _without_keys(self) -> list[Any]:
        """The same where the words are still to be looked for."""
        return self._arguments_with([[] for _register in REGISTERS])

    def _arguments_with(self, keys: list[list[int]]) -> list[Any]:
        given = self._narrowing
        chosen = [given.wanted[name] for name in VALUES if name in given.wanted]
        after = given.wanted.get("after")
        place = (after.day, after.key) if after else ()
        words = [*keys, *(part for word in self._words for part in word), *given.named] if self._words else []
        return [given.user, given.today, given.soon, *chosen, *place, *words]

    def _narrowed_by(self, user: int, today: date, soon: date, *keys: Any) -> Narrowing:
        """The narrowing with these arguments in place of its own."""
        given, left = self._narrowing, iter(keys)
        wanted = {**given.wanted, **{name: next(left) for name in VALUES if name in given.wanted}}
        if "after" in wanted:
            wanted["after"] = wanted["after"]._replace(day=next(left), key=next(left))
        named, said = [], None
        if self._words:
            said = [next(left) for _register in REGISTERS]
            wanted["text"] = [Sought(next(left), next(left)) for _word in self._words]
            named = [next(left) for _word in self._words]
        return Narrowing(user, given.may, today, soon, wanted, named, said)

    @cached_property
    def _depends_on(self) -> Hashable:
        """All that the questions depend on beside their arguments and the part of the list."""
        given = self._narrowing
        after = given.wanted.get("after")
        others = [(name, value) for name, value in given.wanted.items() if name in LITERAL]
        names = [name for name in VALUES if name in given.wanted]
        filters = tuple(names), tuple(sorted(others)), len(self._words)
        return tuple(given.may.values()), filters, after and after.register

    def counts(self, beside: Mapping[str, Part] = NOTHING) -> dict[str, int]:
        """How many rows each part of the list has with these filters, up to one more than MOST_COUNTED; no part for a
        number, which is one row. With them how many rows each of the questions `beside` finds; one query."""
        return self._counted([] if self.wanted.get("number") else list(Tab), MOST_COUNTED, beside)

    def is_longer_than(self, most: int) -> bool:
        """Whether the list has more than `most` rows; one query, which reads no more of them."""
        return self._counted([self.tab], most)[self.tab] > most

    def _counted(self, tabs: list[Tab], most: int, beside: Mapping[str, Part] = NOTHING) -> dict[str, int]:
        """How many rows each part of the list has, counted up to one more than `most`, and each of `beside`; one query,
        where words are looked for only of what is `beyond_open`."""
        asked: dict[str, list[Kept | None]] = {
            tab: [
                self._question(place, ("count", most), tab, partial(self._bounded, place, tab, most))
                for place in range(len(REGISTERS))
                if not self._is_found_by_words(place, tab)
            ]
            for tab in tabs
        }
        counted = counted_by(asked, self._arguments, beside)
        for found in self._found if self._words else ():
            for tab in tabs:
                counted[tab] += found.counts.get(tab, 0)
        return counted

    def count(self) -> int:
        """How many rows the list has: for whoever has the time to count them all; a query for each register."""
        return sum(rows.count() for rows in self._narrowing.registers(self.tab))

    def lines(self) -> Iterator[WorkLine]:
        """Every line of the list from its beginning, in its order, with a bounded number of them in memory."""
        registers = self._narrowing.registers(self.tab)
        streams = [rows.with_line().iterator(chunk_size=CHUNK) for rows in registers]
        rows = merge(*streams, key=lambda row: row.queue_place)
        while chunk := list(islice(rows, CHUNK)):
            yield from lines_of(chunk, self.today, self.user)
