"""What follows from days that decrees moved: which last day moves, why, and who decided that it shall."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db import transaction
from procrastinate.contrib.django import app

from samokov_portal.history import save_with_history
from samokov_portal.legal.holidays import Calendar, Override
from samokov_portal.office.models import WorkingDayOverride
from samokov_portal.staff.models import StaffUser

APPLY_PERMISSION = "office.apply_workingdayoverride"

Decrees = Sequence[WorkingDayOverride]


class NotAllowed(Exception):
    """This person may not decide that open cases move."""


class NeedsReason(Exception):
    """The citizens whose dates move are owed a reason in words."""


class NothingToApply(Exception):
    """No day waits to be applied: somebody did it already, or there is none."""


@dataclass(frozen=True)
class Order:
    """That open cases shall move by `decrees`: who decided it, and why."""

    decrees: Decrees
    by: StaffUser | None
    reason: str


@dataclass(frozen=True)
class Shift:
    """A last day that moves, and the decreed days that decide where it lies now."""

    was: date
    becomes: date
    because: tuple[WorkingDayOverride, ...]

    @property
    def days(self) -> str:
        """The moved days with the decree, as letters and events name them."""
        return " ".join(in_words(decree) for decree in self.because)


def in_words(decree: WorkingDayOverride) -> str:
    """What a decree says of its day. In Bulgarian: stored with cases, whatever the language of the page."""
    return f"{decree.day:%d.%m.%Y} г. е {'работен' if decree.is_working else 'неработен'} ден ({decree.basis})."


def shift(
    stands: date,
    counted: Callable[[Calendar], date],
    *,
    decrees: Iterable[WorkingDayOverride],
    calendar: Calendar,
    today: date,
) -> Shift | None:
    """How the last day that `stands` moves by `decrees`; `counted` is where a calendar puts it.

    None when it stays. It stays, too, when it would move to before `today`, because what was promised is not taken back
    after the fact; and when it differs for another reason than these decrees.
    """
    becomes = counted(calendar)
    if becomes == stands or becomes < today:
        return None
    because = tuple(decree for decree in decrees if counted(_without(calendar, decree.day)) != becomes)
    return Shift(stands, becomes, because) if because else None


def _without(calendar: Calendar, day: date) -> Calendar:
    """The calendar with the opposite on `day`."""
    opposite = Override(not calendar.is_workday(day), "")
    return replace(calendar, overrides={**calendar.overrides, day: opposite})


@transaction.atomic
def order_decrees(*, by: StaffUser, reason: str, now: datetime) -> int:
    """Decide that open cases and applications move by every day learnt so far; the worker is told in the same
    transaction. Returns how many days.

    Raises NotAllowed, NeedsReason, NothingToApply.
    """
    if not by.has_perm(APPLY_PERMISSION):
        raise NotAllowed
    if not reason.strip():
        raise NeedsReason
    waiting = list(WorkingDayOverride.objects.select_for_update().waiting())
    if not waiting:
        raise NothingToApply
    for decree in waiting:
        decree.ordered_at, decree.ordered_by, decree.order_reason = now, by, reason.strip()
        save_with_history(decree, by=by, why=reason.strip(), fields=["ordered_at", "ordered_by", "order_reason"])
    # The lowest part of the portal does not know who has last days to move.
    app.configure_task("portal.apply_decrees").defer(timestamp=int(now.timestamp()))
    return len(waiting)


def standing_order() -> Order | None:
    """What the worker has to carry out or to finish, with the reason of the newest decision; None when nothing."""
    decrees = list(WorkingDayOverride.objects.being_applied().select_related("ordered_by"))
    return Order(decrees, decrees[-1].ordered_by, decrees[-1].order_reason) if decrees else None


@transaction.atomic
def mark_applied(decrees: Decrees, *, now: datetime) -> None:
    """Record that the worker is through with `decrees`; what another worker marked meanwhile stays as it is."""
    keys = [decree.pk for decree in decrees]
    for decree in WorkingDayOverride.objects.select_for_update(of=("self",)).being_applied().filter(pk__in=keys):
        decree.applied_at = now
        save_with_history(decree, by=decree.ordered_by, why="приложен", fields=["applied_at"])
