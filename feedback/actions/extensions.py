"""Asking the superior body for a longer term, and its refusal; granting is extending (`desk.extend_case`)."""

from datetime import date, datetime

from django.db import transaction

from feedback.actions.desk import SUPERIOR_PERMISSION, may_extend
from feedback.actions.moves import said
from feedback.actions.refusals import (
    AlreadyDone,
    CannotExtend,
    NeedsName,
    NotAllowed,
    NotPossible,
    PersonComplainedOf,
)
from feedback.life import MOVES
from feedback.models import Case, ExtensionRequest
from samokov_portal.history import save_with_history
from samokov_portal.legal.grounds import ExtensionGround, extensions_of
from samokov_portal.legal.receipt import day_of_receipt
from samokov_portal.staff.models import StaffUser

ASKING_PERMISSION = "feedback.answer_case"


def ground_to_ask(case: Case) -> ExtensionGround | None:
    """The ground on which only the superior body may extend the term of this case; None where there is none."""
    return next((ground for ground in extensions_of(case.term_code) if ground.by_superior), None)


@transaction.atomic
def ask_extension(*, case_id: int, due_on: date, reason: str, by: StaffUser, now: datetime) -> ExtensionRequest:
    """Ask the superior body to move the last day to `due_on`; the sender is told only if it does.

    Raises NotAllowed, PersonComplainedOf, NotPossible (not in this state), NeedsReason, NeedsName (nobody to tell),
    CannotExtend (as for extending), AlreadyDone (a request waits for its answer).
    """
    case = _locked(case_id, by, ASKING_PERMISSION)
    reason = said(reason)
    ground = ground_to_ask(case)
    if case.is_anonymous:
        raise NeedsName
    if ground is None or not may_extend(case, ground, due_on, day_of_receipt(now)):
        raise CannotExtend
    if case.extension_requests.waiting().exists():
        raise AlreadyDone
    asked = ExtensionRequest(case=case, ground=ground.code, due_on=due_on, reason=reason, asked_at=now, asked_by=by)
    save_with_history(asked, by=by, why="поискано удължаване")
    return asked


@transaction.atomic
def refuse_extension(*, case_id: int, answer: str, by: StaffUser, now: datetime) -> ExtensionRequest:
    """Say no to the request that waits; the term stays.

    Raises NotAllowed, PersonComplainedOf, NeedsReason, NotPossible (nothing waits).
    """
    case = _locked(case_id, by, SUPERIOR_PERMISSION)
    answer = said(answer)
    asked = case.extension_requests.waiting().first()
    if asked is None:
        raise NotPossible
    asked.is_granted, asked.answer, asked.answered_at, asked.answered_by = False, answer, now, by
    save_with_history(asked, by=by, why=answer)
    return asked


def _locked(case_id: int, by: StaffUser, permission: str) -> Case:
    case = Case.objects.select_for_update(of=("self",)).get(pk=case_id)
    if not by.has_perm(permission):
        raise NotAllowed(permission)
    if case.complained_of_id == by.pk:
        raise PersonComplainedOf
    if case.status not in MOVES["extend"].begins:
        raise NotPossible("extend", case.status)
    return case
