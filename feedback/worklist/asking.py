"""What somebody asks of the work list: which part of it, narrowed by what, and from which place on."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from heapq import merge
from itertools import islice
from typing import Any

from feedback.models import Case
from feedback.worklist.lines import WorkLine, lines_of
from samokov_portal.legal.workdays import add_workdays
from samokov_portal.office.choices import Tab
from samokov_portal.office.models import WorkingDayOverride
from samokov_portal.office.numbers import read_number
from samokov_portal.office.queue import bounded_counts, merged
from samokov_portal.staff.models import StaffUser
from services.models import Application

# The kind by which applications are asked for, beside the kinds of cases.
APPLICATION = "application"
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
        """The last day that is near; one query."""
        calendar = WorkingDayOverride.objects.all().calendar()
        return add_workdays(self.today, NEAR_WORKING_DAYS, calendar)

    def page(self) -> Page:
        """The lines of the page that is asked for; a query for each register and one for the letters."""
        after = self.wanted.get("after")
        found = []
        for rows in self._registers(self.tab):
            following = rows.after(after) if after else rows
            found += [(row.queue_place, row) for row in following.with_line()[: PAGE + 1]]
        on_page, more = merged(found, PAGE)
        return Page(lines_of([row for _place, row in on_page], self.today, self.user), more)

    def counts(self) -> dict[Tab, str]:
        """How many rows each part of the list has with these filters, „500+“ from there on; one query."""
        counted = bounded_counts({tab: self._registers(tab) for tab in Tab}, most=MOST_COUNTED)
        return {Tab(tab): f"{MOST_COUNTED}+" if count > MOST_COUNTED else str(count) for tab, count in counted.items()}

    def is_longer_than(self, most: int) -> bool:
        """Whether the list has more than `most` rows; one query, which reads no more of them."""
        return bounded_counts({"": self._registers(self.tab)}, most=most)[""] > most

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
