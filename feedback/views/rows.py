"""Rows and parts of the work list as HTML, made once for the same words: the same are on the desks all day."""

from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from feedback.worklist import CaseLine, Words, WorkLine
from samokov_portal.office.choices import Tab


class Cells(NamedTuple):
    """All that a row says, and nothing else: two rows with the same cells are the same."""

    is_case: bool
    number: str
    words: Words
    subject: str
    unit: str
    last_day: date | None
    days_left: int | None
    is_late: bool
    is_open: bool
    is_unsent: bool
    days_unsent: int
    last_event: int | None

    @property
    def url(self) -> str:
        return reverse("feedback:case" if self.is_case else "services:application", args=[self.number])

    @property
    def days_late(self) -> int:
        return -(self.days_left or 0)


class WorkTab(NamedTuple):
    """All that the link to a part of the list says, in the language of the page."""

    label: str
    query: str
    amount: str
    is_current: bool = False


def rows_of(lines: Iterable[WorkLine]) -> SafeString:
    """The lines as rows of the table, in their order."""
    language = get_language()
    # Together: a template takes longer to put in fifty of them than it takes to find them here.
    return mark_safe("\n".join(_row(cells_of(line, language), language) for line in lines))


def cells_of(line: WorkLine, language: str | None) -> Cells:
    of_case = line if isinstance(line, CaseLine) else None
    return Cells(
        is_case=of_case is not None,
        number=line.row.number,
        # Of the language of the page, which is not asked for again with each line.
        words=line.words_in(language),
        subject=line.subject,
        unit=line.row.unit.short_name if line.row.unit else "",
        last_day=line.last_day,
        days_left=line.days_left,
        is_late=line.is_late,
        is_open=line.is_open,
        is_unsent=line.unsent_since is not None,
        days_unsent=of_case.days_unsent if of_case else 0,
        last_event=of_case.last_event if of_case else None,
    )


def links_to(tabs: Iterable[WorkTab], *, has_words: bool = False) -> SafeString:
    """The parts of the list as links, in their order; kept unless they carry words that somebody typed (`has_words`),
    which may be a person's name."""
    return mark_safe("\n".join(map(_link if has_words else _kept_link, tabs)))


@lru_cache(maxsize=100)
def label_of(tab: Tab, _language: str | None) -> str:
    return str(tab.label)


def _link(tab: WorkTab) -> SafeString:
    return render_to_string("feedback/_work_tab.html", {"link": tab})


_kept_link = lru_cache(maxsize=2000)(_link)


@lru_cache(maxsize=5000)
def _row(cells: Cells, _language: str | None) -> SafeString:
    return render_to_string("feedback/_work_row.html", {"line": cells})
