"""Files that officials add to a case, at any time of its life: a signed page, a photograph, a reply on paper."""

from datetime import datetime

from django.db import transaction

from feedback.actions.moves import tell
from feedback.actions.refusals import AlreadyDone, NotAllowed, PersonComplainedOf
from feedback.attachments import attach_waiting
from feedback.choices import EventKind
from feedback.models import Case
from samokov_portal.staff.models import StaffUser


@transaction.atomic
def attach_files(*, case_id: int, form_digest: str, by: StaffUser, now: datetime) -> Case:
    """Give the files that wait for this form to the case. Raises NotAllowed, PersonComplainedOf, AlreadyDone (none)."""
    case = Case.objects.select_for_update(of=("self",)).get(pk=case_id)
    if not by.has_perm("feedback.log_case"):
        raise NotAllowed
    if case.complained_of_id == by.pk:
        raise PersonComplainedOf
    attached = attach_waiting(case, form_digest)
    if not attached:
        raise AlreadyDone
    tell(case, EventKind.ATTACHED, at=now, by=by, note=", ".join(file.name for file in attached))
    return case
