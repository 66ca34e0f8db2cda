"""What every move has in common: the lock, the table, the change with its history, the event."""

from datetime import datetime
from typing import Any

from samokov_portal.history import save_with_history
from samokov_portal.staff.models import StaffUser
from services.actions.refusals import ChangedMeanwhile, NeedsReason, NotAllowed, NotPossible
from services.choices import ApplicationEventKind
from services.letters import tell_applicant
from services.life import MOVES
from services.models import Application, ApplicationEvent


def begin(name: str, application_id: int, *, by: StaffUser, seen: int | None = None) -> Application:
    """The application, locked, on which the move `name` is possible for `by`.

    `seen` is the newest event that the person had before them (None: they saw no page). Raises NotAllowed,
    ChangedMeanwhile, NotPossible.
    """
    move = MOVES[name]
    application = Application.objects.select_for_update(of=("self",)).get(pk=application_id)
    if not any(by.has_perm(permission) for permission in move.by):
        raise NotAllowed(name)
    if seen is not None and application.last_event_id() != seen:
        raise ChangedMeanwhile
    if application.status not in move.begins:
        raise NotPossible(name, application.status)
    return application


def said(text: str) -> str:
    """`text` without the space around it. Raises NeedsReason when nothing was said."""
    if not text.strip():
        raise NeedsReason
    return text.strip()


def carry_out(
    name: str,
    application: Application,
    *,
    at: datetime,
    by: StaffUser,
    why: str,
    changes: dict[str, Any],
    note: str = "",
    facts: dict[str, Any] | None = None,
) -> ApplicationEvent:
    """Store the move: `changes` of the application with history, the event with the `facts` that the clock reads.

    Whatever the table says the applicant is told of goes to the outbox in the same transaction.
    """
    move = MOVES[name]
    if move.ends is not None:
        changes = {"status": move.ends, **changes}
    for field, value in changes.items():
        setattr(application, field, value)
    if changes:
        save_with_history(application, by=by, why=why, fields=list(changes))
    event = happened(application, move.event, at=at, by=by, note=note, **(facts or {}))
    if move.tells is not None:
        tell_applicant(move.tells, application=application, event=event, now=at)
    return event


def happened(
    application: Application,
    kind: ApplicationEventKind,
    *,
    at: datetime,
    by: StaffUser | None,
    note: str = "",
    **facts: Any,
) -> ApplicationEvent:
    """Add what happened to the events of the application."""
    return ApplicationEvent.objects.create(application=application, kind=kind, at=at, by=by, note=note, **facts)
