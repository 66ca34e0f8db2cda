"""What every move has in common: the lock, the table, the event, the next day awaited and the letter."""

from datetime import date, datetime
from typing import Any

from django.utils.translation import override

from feedback.actions.refusals import (
    ChangedMeanwhile,
    IsTied,
    NamesSender,
    NeedsReason,
    NotAllowed,
    NotPossible,
    PersonComplainedOf,
)
from feedback.choices import EventKind, Status
from feedback.letters import write_letter
from feedback.life import MOVES, PORTAL, SENDER, Move
from feedback.models import Case, CaseEvent, Reopening
from feedback.senders import names_somebody
from samokov_portal.history import save_with_history
from samokov_portal.staff.models import StaffUser


def begin(name: str, case_id: int, *, by: StaffUser | None, seen: int | None = None) -> Case:
    """The case, locked, on which the move `name` is possible for `by` (None: the sender or the portal itself).

    `seen` is the newest event that the person had before them (None: they saw no page). Raises NotAllowed,
    PersonComplainedOf, ChangedMeanwhile, NotPossible, IsTied.
    """
    move = MOVES[name]
    case = Case.objects.select_for_update(of=("self",)).get(pk=case_id)
    _refuse_stranger(move, case, by)
    if seen is not None and case.last_event_id() != seen:
        raise ChangedMeanwhile
    if case.status not in move.begins:
        raise NotPossible(name, case.status)
    if case.awaits_main and not move.tied:
        raise IsTied
    return case


def with_tied(case: Case, by: StaffUser, *, saying: str = "") -> list[Case]:
    """The locked `case` and, locked too, those that are to get what it gets. Raises PersonComplainedOf, NamesSender
    (`saying`, which each of their senders will read, names one of them).

    A case that was answered takes nobody along any more: another look at it is its own sender's.
    """
    if case.decided_at is not None:
        return [case]
    tied = list(Case.objects.select_for_update(of=("self",)).tied_to(case))
    if any(one.complained_of_id == by.pk for one in tied):
        raise PersonComplainedOf
    if tied and names_somebody(saying, [case, *tied]):
        raise NamesSender
    return [case, *tied]


def _refuse_stranger(move: Move, case: Case, by: StaffUser | None) -> None:
    if by is None:
        if move.by not in (SENDER, PORTAL):
            raise NotAllowed(move.by)
        return
    if not any(by.has_perm(permission) for permission in move.permissions):
        raise NotAllowed(move.by)
    if case.complained_of_id == by.pk:
        raise PersonComplainedOf


def said(text: str) -> str:
    """`text` without the space around it. Raises NeedsReason when nothing was said."""
    if not text.strip():
        raise NeedsReason
    return text.strip()


def in_bulgarian(label: Any) -> str:
    """A label for the register and for letters, which are in Bulgarian whatever page an official works on."""
    with override("bg"):
        return str(label)


def carry_out(
    name: str,
    case: Case,
    event: EventKind,
    *,
    at: datetime,
    by: StaffUser | None,
    why: str,
    changes: dict[str, Any],
    note: str = "",
    facts: dict[str, Any] | None = None,
) -> CaseEvent:
    """Store the move: `changes` of the case with history, the event with the `facts` that the clock reads, the letter.

    Whatever the table says the sender is told of goes to the outbox in the same transaction.
    """
    move = MOVES[name]
    if move.ends is not None:
        changes = {"status": move.ends, **changes}
    for field, value in changes.items():
        setattr(case, field, value)
    case.next_on = awaited_on(case)
    save_with_history(case, by=by, why=why, fields=[*changes, "next_on"])
    happened = tell(case, event, at=at, by=by, note=note, **(facts or {}))
    if move.tells is not None:
        write_letter(move.tells, case=case, event=happened, now=at)
    return happened


def tell(case: Case, kind: EventKind, *, at: datetime, by: StaffUser | None, note: str = "", **facts: Any) -> CaseEvent:
    """Add what happened to the events of the case."""
    return CaseEvent.objects.create(case=case, kind=kind, at=at, by=by, note=note, **facts)


def running_reopening(case: Case) -> Reopening | None:
    """The other look at the case that has not ended with a notice; None when there is none."""
    return case.reopenings.filter(notified_at=None).first()


def awaited_on(case: Case) -> date | None:
    """The last day of what is awaited next of the municipality or, while the clock stands still, of the sender."""
    match case.status:
        case Status.REGISTERED | Status.ASSIGNED:
            return case.due_on
        case Status.CLARIFICATION:
            question = case.questions.open().first()
            waits = case.paused_at is not None and question is not None
            return question.answer_due_on if waits and question is not None else case.due_on
        case Status.FORWARDING:
            return case.forward_due_on
        case Status.DECIDED:
            again = running_reopening(case)
            return again.notify_due_on if again is not None else case.notify_due_on
        case Status.REOPENED:
            again = running_reopening(case)
            return again.due_on if again is not None else None
    return None


def resting_status(case: Case) -> Status:
    """Where a case stands on which work goes on: with a unit or not yet."""
    return Status.ASSIGNED if case.unit_id else Status.REGISTERED
