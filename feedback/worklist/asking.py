"""What somebody asks of the work list: which part of it, narrowed by what, and from which place on."""

from collections.abc import Hashable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, partial
from heapq import merge
from itertools import islice
from typing import Any

from feedback.models import Case
from feedback.worklist.lines import WorkLine, lines_of
from samokov_portal.legal.workdays import add_workdays
from samokov_portal.office.calendar import calendar_known
from samokov_portal.office.choices import Tab
from samokov_portal.office.numbers import read_number
from samokov_portal.office.queue import Statement, bounded, counted_by, found_by, merged, statement
from samokov_portal.staff.models import StaffUser
from services.known import name_services, name_units
from services.models import Application

# The kind by which applications are asked for, beside the kinds of cases.
APPLICATION = "application"
REGISTERS = (Case, Application)
# By what a person sees more or less of the registers.
SEEING = (
    "feedback.view_case",
    "feedback.view_all_cases",
    "services.view_application",
    "services.view_all_applications",
)
PAGE = 50
# From here on nobody reads the number beside a tab.
MOST_COUNTED = 500
NEAR_WORKING_DAYS = 3
# So many rows are made into lines at once when the whole list is taken out.
CHUNK = 1000


@dataclass(frozen=True)
class Page:
    """What stands on one page of the list, and the place after which the next one begins; empty after the last."""

    lines: list[WorkLine]
    more: str


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

    def page(self) -> Page:
        """The lines of the page that is asked for; a query for each register and one for the letters, and as many for
        the names of units and services where they are not remembered."""
        found = [(row.queue_place, row) for rows in self._first_rows() for row in rows]
        on_page, more = merged(found, PAGE)
        return Page(lines_of([row for _place, row in on_page], self.today, self.user), more)

    def _first_rows(self) -> list[list[Any]]:
        """The first rows of each register on the page that is asked for, named."""
        found = []
        for place in range(len(REGISTERS)):
            found.append(found_by(("page", place, self.tab, self._said), partial(self._following, place)))
        cases, applications = found
        name_units([*cases, *applications])
        name_services(applications)
        return found

    def _following(self, place: int) -> Any:
        rows, after = self._registers(self.tab)[place], self.wanted.get("after")
        # Units and services are named afterwards.
        return (rows.after(after) if after else rows).with_line().select_related(None)[: PAGE + 1]

    def _bounded(self, place: int, tab: Tab, most: int) -> Any:
        return bounded(self._registers(tab)[place], most)

    @property
    def _said(self) -> Hashable:
        """All that the querysets depend on, beside the part of the list."""
        may = tuple(self.user.has_perm(name) for name in SEEING)
        wanted = tuple(sorted((name, getattr(value, "pk", value)) for name, value in self.wanted.items()))
        return self.user.pk, may, self.today, self.soon, wanted

    def counts(self) -> dict[Tab, str]:
        """How many rows each part of the list has with these filters, „500+“ from there on; one query."""
        counted = self._counted(list(Tab), MOST_COUNTED)
        return {Tab(tab): f"{MOST_COUNTED}+" if count > MOST_COUNTED else str(count) for tab, count in counted.items()}

    def is_longer_than(self, most: int) -> bool:
        """Whether the list has more than `most` rows; one query, which reads no more of them."""
        return self._counted([self.tab], most)[self.tab] > most

    def _counted(self, tabs: list[Tab], most: int) -> dict[str, int]:
        """How many rows each part of the list has, counted up to one more than `most`; one query."""
        said = self._said
        asked: dict[str, list[Statement | None]] = {
            tab: [
                statement(
                    ("count", place, tab, most, said),
                    partial(self._bounded, place, tab, most),
                )
                for place in range(len(REGISTERS))
            ]
            for tab in tabs
        }
        return counted_by(asked)

    def count(self) -> int:
        """How many rows the list has: for whoever has the time to count them all; a query for each register."""
        return sum(rows.count() for rows in self._registers(self.tab))

    def lines(self) -> Iterator[WorkLine]:
        """Every line of the list from its beginning, in its order, with a bounded number of them in memory."""
        streams = [rows.with_line().iterator(chunk_size=CHUNK) for rows in self._registers(self.tab)]
        rows = merge(*streams, key=lambda row: row.queue_place)
        while chunk := list(islice(rows, CHUNK)):
            yield from lines_of(chunk, self.today, self.user)

    def _registers(self, tab: Tab) -> list[Any]:
        """What the part `tab` has of each register, narrowed by the filters, in order."""
        cases = Case.objects.seen_by(self.user).by_awaited_day()
        applications = Application.objects.seen_by(self.user).by_awaited_day()
        if self.wanted.get("number"):
            number = read_number(self.wanted["number"])
            return [cases.filter(number=number), applications.filter(number=number)]
        return [
            self._narrowed_cases(cases.in_tab(tab, today=self.today, soon=self.soon)),
            self._narrowed_applications(applications.in_tab(tab, today=self.today, soon=self.soon)),
        ]

    def _narrowed_cases(self, cases: Any) -> Any:
        wanted = self.wanted
        if wanted.get("kind") == APPLICATION:
            return cases.none()
        names = ("status", "kind", "unit", "channel", "settlement", "service", "standard")
        narrowed = cases.filter(**{name: wanted[name] for name in names if wanted.get(name)})
        return narrowed.saying(wanted["text"].split()) if wanted.get("text") else narrowed

    def _narrowed_applications(self, applications: Any) -> Any:
        wanted = self.wanted
        # An application has no status of a case, names no village and no promise.
        only_cases = ("status", "settlement", "standard")
        if wanted.get("kind") not in (None, "", APPLICATION) or any(wanted.get(name) for name in only_cases):
            return applications.none()
        names = ("unit", "channel", "service")
        narrowed = applications.filter(**{name: wanted[name] for name in names if wanted.get(name)})
        return narrowed.about(wanted["text"].split()) if wanted.get("text") else narrowed
