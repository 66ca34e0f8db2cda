"""What exports and prints have in common: so many a day, how far each is, and that their files go after a day."""

from datetime import datetime
from typing import Any

from feedback.models import Export, PrintOrder
from feedback.models.desk import KEPT, Ordered
from samokov_portal.files import shelf
from samokov_portal.staff.models import StaffUser

# A person has no use for more.
MOST_ORDERED_A_DAY = 20


class TooMany(Exception):
    """This person has as many as one person may."""


def refuse_too_many(model: type[Ordered], *, by: StaffUser, now: datetime) -> None:
    """Raises TooMany when `by` ordered as many of these within a day as one may."""
    if model.objects.of(by).ordered_since(now - KEPT).count() >= MOST_ORDERED_A_DAY:
        raise TooMany


def mark(row: Ordered, **facts: Any) -> None:
    """Say how far an ordered file is."""
    for name, value in facts.items():
        setattr(row, name, value)
    row.save(update_fields=list(facts))


def mark_failed(row: Ordered, *, now: datetime) -> None:
    """Say that the file is not coming."""
    mark(row, failed_at=now)


def forget_ordered(*, now: datetime) -> int:
    """Remove the files that were kept for their day; returns how many there were."""
    old = [row for model in (Export, PrintOrder) for row in model.objects.ordered_before(now - KEPT)]
    for row in old:
        forget(row)
    return len(old)


def forget(row: Ordered) -> None:
    """Remove an ordered file, and that it was ordered."""
    if row.stored:
        shelf.discard(row.stored)
    row.delete()
