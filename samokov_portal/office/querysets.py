"""Questions that every register is asked, by those who come and those who count."""

import re
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, NamedTuple, Self

from django.db import models
from django.db.models import Case as Choice
from django.db.models import ExpressionWrapper, F, Q, Value, When
from django.db.models.functions import TruncDate

from samokov_portal.office.choices import Channel, Fact, Tab
from samokov_portal.office.queue import Place, follows, in_part

BOOLEAN = models.BooleanField()
# What means something else in a pattern, and how it stands for itself.
WILD, BACKSLASH = re.compile(r"[\\%_]"), r"\\\g<0>"


class Sought(NamedTuple):
    """A word that is looked for: as it was typed, and the pattern of a text that has it."""

    word: str
    pattern: str


def sought(text: str) -> list[Sought]:
    """The words of what somebody typed."""
    return [Sought(word, f"%{WILD.sub(BACKSLASH, word)}%") for word in text.split()]


class ReceivedQuerySet(models.QuerySet[Any]):
    """Rows that came to the office: with `received_at`, `channel`, `waited_minutes` and `is_sample`."""

    def real(self) -> Self:
        """Rows that somebody really sent or logged, also while trying the demonstration."""
        return self.filter(is_sample=False)

    def samples(self) -> Self:
        """Rows made up for the demonstration."""
        return self.filter(is_sample=True)

    def received_between(self, start: datetime, end: datetime) -> Self:
        """Rows received in the half-open span [start, end) of aware moments."""
        return self.filter(received_at__gte=start, received_at__lt=end)

    def waiting_facts(self, limit: int) -> Self:
        """Whoever was served at the counter: `kept` when called within `limit` minutes, by what the clerk recorded."""
        state = Choice(
            When(waited_minutes__lte=limit, then=Value(Fact.KEPT)),
            When(waited_minutes__gt=limit, then=Value(Fact.LATE)),
            default=Value(Fact.NOT_RECORDED),
        )
        at_counter = self.filter(channel=Channel.COUNTER).annotate(came_on=TruncDate("received_at"))
        return with_facts(
            at_counter, state=state, began_on=F("came_on"), counted_on=F("came_on"), lasted=F("waited_minutes")
        )


class QueueQuerySet(ReceivedQuerySet):
    """Rows on which somebody works by a day: the parts of the work list, and the order in which it lists them.

    `letter` is that by which places name the register; `awaited_day` the day of each row, as an index has it.
    """

    letter = ""
    awaited_day: Any = None
    # What the parts of the list ask of a row; those that are awaited also that it is open and its clock runs. Each
    # register says all of them.
    is_open: Q
    is_running: Q
    waits_for_sender: Q
    is_being_forwarded: Q
    is_to_hand_over: Q
    # The parts that have rows which are not open any more.
    beyond_open: frozenset[Tab] = frozenset()

    def in_tab(self, tab: Tab, *, today: date, soon: date) -> Self:
        """The rows of a part of the work list on the day `today`; `soon` is the last day that is near."""
        return self.alias(awaited_day=self.awaited_day).filter(self.tab_asks(tab, today=today, soon=soon))

    @classmethod
    def tab_asks(cls, tab: Tab, *, today: date, soon: date) -> Q:
        """What a part of the work list asks of a row, of which `awaited_day` is known."""
        running = cls.is_open & cls.is_running
        match tab:
            case Tab.OVERDUE:
                return running & Q(awaited_day__lt=today)
            case Tab.TODAY:
                return running & Q(awaited_day=today)
            case Tab.SOON:
                return running & Q(awaited_day__gt=today, awaited_day__lte=soon)
            case Tab.WAITING:
                return cls.waits_for_sender
            case Tab.UNDELIVERED:
                return cls.is_being_forwarded
            case Tab.HANDOVER:
                return cls.is_to_hand_over
        return cls.is_open

    def with_tabs(self, tabs: Iterable[Tab], *, today: date, soon: date) -> Self:
        """With the day that is awaited, and whether a row is in each of these parts of the list (`in_part`)."""
        asked = {in_part(tab): ExpressionWrapper(self.tab_asks(tab, today=today, soon=soon), BOOLEAN) for tab in tabs}
        return self.annotate(awaited_day=self.awaited_day).annotate(**asked)

    def open(self) -> Self:
        """Rows on which somebody still has something to do."""
        return self.filter(self.is_open)

    def running(self) -> Self:
        """Rows whose clock runs: it does not stand still until somebody from outside answers."""
        return self.filter(self.is_running)

    def waiting_for_sender(self) -> Self:
        """Rows of which somebody from outside was asked something."""
        return self.filter(self.waits_for_sender)

    def being_forwarded(self) -> Self:
        """Rows that were to be forwarded, and of which a letter has not left yet."""
        return self.filter(self.is_being_forwarded)

    def to_hand_over(self) -> Self:
        """Rows with an answer that is still to be told or handed over."""
        return self.filter(self.is_to_hand_over)

    def by_awaited_day(self) -> Self:
        """Soonest awaited day first; what awaits none, such as praise, comes at the end."""
        return self.alias(awaited_day=self.awaited_day).order_by("awaited_day", "pk")

    def after(self, place: Place) -> Self:
        """Of `by_awaited_day`: what follows `place`, the next page without counting rows."""
        return self.filter(follows(self.awaited_day, place, self.letter))


def with_facts(rows: Any, *, state: Any, counted_on: Any, **known: Any) -> Any:
    """`rows` with the columns that every measure counts by.

    `state` (a Fact), `counted_on` (the day by which a row falls into a period), and, null where it says nothing:
    `began_on`, `last_day`, `done_on` (days in Europe/Sofia), `lasted` (minutes or visits), and whether
    the term was lawfully `extended` and the row was handled together with another (`merged`).
    """
    none = {
        "began_on": Value(None, output_field=models.DateField()),
        "last_day": Value(None, output_field=models.DateField()),
        "done_on": Value(None, output_field=models.DateField()),
        "lasted": Value(None, output_field=models.IntegerField()),
        "extended": Value(False),
        "merged": Value(False),
    }
    return rows.annotate(state=state, counted_on=counted_on, **{**none, **known})
