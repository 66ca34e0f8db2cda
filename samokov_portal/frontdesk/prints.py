"""Many papers at once, in one PDF: the letters that wait for the post, the labels of a day's folders.

A few are made while the person waits, more of them by the worker (`PrintOrder`).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from heapq import merge
from io import BytesIO
from typing import Any

from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app

from feedback.actions.ordered import mark, refuse_too_many
from feedback.choices import PaperSize, PrintKind
from feedback.models import Case, PrintOrder
from feedback.querysets import ABOUT, LetterQuerySet
from feedback.views.letters import WAITS, letters_seen_by
from samokov_portal.files import shelf
from samokov_portal.frontdesk.papers import about_letter, about_us
from samokov_portal.printing import render_papers
from samokov_portal.staff.models import StaffUser
from services.models import Application

# Twelve letters took three seconds on two shared cores, so these take no longer than a page may.
AT_ONCE = 10
# What lies in one tray: of more, each so many are a file of their own; of what is more than all these, the rest waits.
MOST = 300
MOST_FILES = 10
LABELS_ON_A_SHEET = 10
PAPERS_BETWEEN_MARKS = 10


@dataclass(frozen=True)
class Batch:
    """What shall be printed for `user`: keys of letters, or numbers of cases and applications, in their order."""

    what: PrintKind
    size: PaperSize
    keys: Sequence[Any]
    user: StaffUser

    def pieces(self) -> Iterator[tuple[int, str, dict[str, Any]]]:
        """Each piece as it is laid out: of how many papers it is made, its template and what stands on it.

        What `user` may not see any more is left out.
        """
        if self.what == PrintKind.LETTERS:
            for letter in in_given_order(letters_of(self.user).in_bulk(self.keys), self.keys):
                yield 1, "papers/letter.html", about_letter(letter)
            return
        together = LABELS_ON_A_SHEET if self.size == PaperSize.A4 else 1
        rows = in_given_order(rows_by_number(self.user, self.keys), self.keys)
        for first in range(0, len(rows), together):
            on_it = rows[first : first + together]
            yield len(on_it), "papers/labels.html", {"rows": on_it}


def in_given_order(found: dict[Any, Any], keys: Sequence[Any]) -> list[Any]:
    return [found[key] for key in keys if key in found]


def letters_of(user: StaffUser) -> LetterQuerySet:
    """The letters that `user` may see, with what they are about."""
    return letters_seen_by(user).select_related(*ABOUT, "body")


def rows_by_number(user: StaffUser, numbers: Sequence[str]) -> dict[str, Case | Application]:
    """The cases and applications with these numbers that `user` may see; two queries."""
    registers: tuple[Any, ...] = (Case.objects.seen_by(user), Application.objects.seen_by(user))
    return {
        row.number: row
        for register in registers
        for row in register.filter(number__in=numbers).select_related("unit", "service")
    }


def waiting_letters(user: StaffUser) -> LetterQuerySet:
    """The letters on paper that nobody has posted yet, in the order in which they were written."""
    return letters_seen_by(user).filter(WAITS["paper"]).order_by("pk")


def numbers_of_day(user: StaffUser, day: date) -> list[str]:
    """The numbers of what was registered on `day`, in its order, one more than may be ordered; two queries."""
    begin = timezone.make_aware(datetime.combine(day, time.min))
    end = timezone.make_aware(datetime.combine(day, time.max))
    registers: tuple[Any, ...] = (Case.objects.seen_by(user), Application.objects.seen_by(user))
    enough = MOST * MOST_FILES + 1
    found = [
        register.filter(registered_at__gte=begin, registered_at__lte=end)
        .order_by("registered_at", "pk")
        .values_list("registered_at", "number")[:enough]
        for register in registers
    ]
    return [number for _at, number in merge(*found)][:enough]


def printed(batch: Batch) -> bytes:
    """The papers at once. Raises RendererMissing, ValueError (none is left)."""
    us = about_us()
    return render_papers(((template, {**us, **said}) for _count, template, said in batch.pieces()), size=batch.size)


@transaction.atomic
def order_print(batch: Batch, *, now: datetime) -> PrintOrder:
    """Have the worker make the papers. Raises TooMany."""
    refuse_too_many(PrintOrder, by=batch.user, now=now)
    order = PrintOrder.objects.create(
        what=batch.what,
        size=batch.size,
        papers=list(batch.keys),
        whole=len(batch.keys),
        ordered_by=batch.user,
        ordered_at=now,
        moved_at=now,
    )
    app.configure_task("portal.write_print").defer(order_id=order.pk)
    return order


@transaction.atomic
def order_prints(batch: Batch, *, now: datetime) -> list[PrintOrder]:
    """Have the worker make the papers, each MOST of them in a file of its own. Raises TooMany, and orders none then."""
    parts = [batch.keys[first : first + MOST] for first in range(0, len(batch.keys), MOST)]
    return [order_print(replace(batch, keys=keys), now=now) for keys in parts]


@transaction.atomic
def order_again(order: PrintOrder, *, now: datetime) -> None:
    """Have the worker try an order again that failed or was left half done; nothing happens to another one."""
    locked = PrintOrder.objects.select_for_update().get(pk=order.pk)
    if locked.finished_at is None and locked.is_lost(now):
        mark(locked, failed_at=None, written=0, moved_at=now)
        app.configure_task("portal.write_print").defer(order_id=locked.pk)


def write_print(order: PrintOrder, *, clock: Any) -> None:
    """Make the ordered papers and say on the way how far they are; `clock` gives the present moment."""
    batch = Batch(PrintKind(order.what), PaperSize(order.size), order.papers, order.ordered_by)
    content = render_papers(_marked(order, batch, clock), size=order.size)
    mark(order, stored=shelf.put(BytesIO(content)), finished_at=clock(), moved_at=clock())


def _marked(order: PrintOrder, batch: Batch, clock: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    us, done = about_us(), 0
    for count, template, said in batch.pieces():
        yield template, {**us, **said}
        # The next one is asked for when this one is laid out.
        done += count
        if done - order.written >= PAPERS_BETWEEN_MARKS:
            mark(order, written=done, moved_at=clock())
    mark(order, written=done, moved_at=clock())
