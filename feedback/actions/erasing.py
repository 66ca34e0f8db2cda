"""What remains of a case when nobody may know any more whose it was."""

from datetime import datetime
from typing import Any

from django.core.files.storage import Storage
from django.db import transaction

from feedback.actions.refusals import AlreadyDone, NotPossible
from feedback.choices import LetterState
from feedback.models import (
    Attachment,
    Case,
    CaseEvent,
    ExtensionRequest,
    InternalNote,
    Letter,
    Question,
    Rating,
    Reopening,
)
from feedback.models.files import attachment_store
from samokov_portal.audit.erasure import erase_events, erase_rows, leave_tombstone, personal_of
from samokov_portal.audit.models import Tombstone

PARTS = (Question, Reopening, Rating, ExtensionRequest, InternalNote, Letter, Attachment)


@transaction.atomic
def erase_case(*, case_id: int, why: str, now: datetime) -> Tombstone:
    """Empty what a case and all that belongs to it say of a person, in history too; the bytes of files go.

    As the owner of the tables. Numbers, days, kinds and outcomes stay, so figures and seals do. Raises NotPossible
    while the case or a letter of it is in work, AlreadyDone when it was erased before.
    """
    case = Case.objects.select_for_update(of=("self",)).get(pk=case_id)
    if case.is_open or case.letters.exclude(state=LetterState.SENT).exists():
        raise NotPossible
    if Tombstone.objects.filter(what=Case._meta.label, number=case.number).exists():
        raise AlreadyDone
    parts: dict[Any, list[Any]] = {
        model: list(model._default_manager.filter(case=case).order_by("pk")) for model in PARTS
    }
    was_there = {"case": personal_of(case)} | {
        f"{model._meta.model_name} {row.pk}": personal_of(row) for model, rows in parts.items() for row in rows
    }
    stored = [row.stored.name for row in parts[Attachment] if row.stored]
    erase_rows([case], why=why)
    for rows in parts.values():
        erase_rows(rows, why=why)
    erase_events(CaseEvent, "case_id", case.pk)
    stone = leave_tombstone(
        case,
        number=case.number,
        kind=case.kind,
        outcome=case.outcome or case.end_reason or case.status,
        received_at=case.received_at,
        ended_at=case.closed_at or case.ended_at or case.forwarded_at or case.notified_at,
        why=why,
        was_there=was_there,
        now=now,
    )
    # Before the end of the transaction: where the store fails nothing was erased and the next run tries again. After
    # it the tombstone would stand, and nobody would come back for the bytes.
    _remove(attachment_store(), stored)
    return stone


def _remove(store: Storage, names: list[str]) -> None:
    for name in names:
        store.delete(name)
