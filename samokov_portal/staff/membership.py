"""Who gave a role to whom: Django changes memberships beside the row, so its history does not see it."""

from typing import Any

from samokov_portal.staff.choices import StaffEventKind
from samokov_portal.staff.models import StaffUser, note_event

DONE = {"post_add", "post_remove", "post_clear"}


def note_membership(*, instance: Any, action: str, reverse: bool, pk_set: set[int] | None, **_signal: Any) -> None:
    """Store an event for each member of staff whose roles or permissions were changed.

    A group that is emptied as a whole does not say of whom; that the database refuses, for want of the events.
    """
    if action not in DONE or pk_set == set():
        return
    people = StaffUser.objects.filter(pk__in=pk_set or ()) if reverse else [instance]
    for person in people:
        note_event(person, StaffEventKind.ROLES)
