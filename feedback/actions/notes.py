"""Notes that officials write to each other about a case."""

from datetime import datetime

from django.db import transaction

from feedback.actions.moves import said
from feedback.actions.refusals import NotAllowed, PersonComplainedOf
from feedback.models import Case, InternalNote
from samokov_portal.history import save_with_history
from samokov_portal.staff.models import StaffUser

PERMISSION = "feedback.add_internalnote"


@transaction.atomic
def add_note(*, case_id: int, text: str, by: StaffUser, now: datetime) -> InternalNote:
    """Write a note about a case, in whatever state it is; neither its state nor its clock notices.

    No event is written, because the sender reads those. The same words as the newest note by the same person are that
    note: a second press. Raises NotAllowed, PersonComplainedOf, NeedsReason (nothing was said).
    """
    case = Case.objects.select_for_update(of=("self",)).get(pk=case_id)
    if not by.has_perm(PERMISSION):
        raise NotAllowed(PERMISSION)
    if case.complained_of_id == by.pk:
        raise PersonComplainedOf
    text = said(text)
    newest = case.notes.order_by("-pk").first()
    if newest is not None and newest.by_id == by.pk and newest.text == text:
        return newest
    note = InternalNote(case=case, text=text, by=by, at=now)
    save_with_history(note, by=by, why="вътрешна бележка")
    return note
