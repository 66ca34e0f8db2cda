"""What of a sender is shown to whom: in full with `feedback.view_sender`, else initials and that there is a contact."""

from collections.abc import Iterable
from dataclasses import replace

from feedback.changes import Change
from feedback.models import Case, Letter
from samokov_portal.staff.masking import hidden, initials, masked
from samokov_portal.staff.models import StaffUser

SENDER = "feedback.view_sender"
PERSON = frozenset({"case.name", "case.email", "case.phone", "case.address"})


def shown_case(row: Case, user: StaffUser) -> Case:
    """The case as `user` may see it."""
    if user.has_perm(SENDER):
        return row
    return masked(row, name=initials, email=hidden, phone=hidden, address=hidden)


def shown_letters(letters: Iterable[Letter], user: StaffUser) -> list[Letter]:
    """Letters as `user` may see them; a competent body is no secret."""
    if user.has_perm(SENDER):
        return list(letters)
    return [letter if letter.body_id else masked(letter, recipient=initials, address=hidden) for letter in letters]


def shown_changes(changes: Iterable[Change], user: StaffUser) -> list[Change]:
    """Changes as `user` may see them: of a name or a contact only that there was one."""
    if user.has_perm(SENDER):
        return list(changes)
    return [
        replace(change, was=change.was and hidden(change.was), now=change.now and hidden(change.now))
        if change.field in PERSON
        else change
        for change in changes
    ]
