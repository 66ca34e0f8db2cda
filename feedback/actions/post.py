"""What follows from a letter that has gone out, or could not; sending itself is in feedback.mail."""

from datetime import datetime

from django.db import transaction

from feedback.actions.desk import record_notice
from feedback.actions.moves import begin, carry_out, said, tell
from feedback.actions.refusals import AlreadyDone, NotAllowed, NotPossible, PersonComplainedOf
from feedback.actions.sender import reopen_until
from feedback.choices import EventKind, LetterKind, LetterState, Means, Status
from feedback.letters import send_soon
from feedback.models import Case, Letter
from samokov_portal.history import save_with_history
from samokov_portal.legal.receipt import day_of_receipt
from samokov_portal.staff.models import StaffUser
from services.letters import notice_has_left

HOW = {Means.EMAIL: "по имейл", Means.PAPER: "с писмо", Means.PHONE: "по телефона"}


def letter_has_left(letter: Letter, *, now: datetime, by: StaffUser | None) -> None:
    """Record on a locked `letter`, in the caller's transaction, that it is out, and carry out what waited for it.

    A decision is then made known; a case is forwarded when the last of its bodies was written to.
    """
    letter.state, letter.sent_at, letter.sent_by, letter.try_at = LetterState.SENT, now, by, None
    letter.last_error = ""
    save_with_history(letter, by=by, why="изпратено", fields=["state", "sent_at", "sent_by", "try_at", "last_error"])
    if letter.application_id is not None:
        notice_has_left(letter.kind, application_id=letter.application_id, now=now)
        return
    case = Case.objects.select_for_update(of=("self",)).get(pk=letter.case_id)
    if letter.kind == LetterKind.DECIDED and case.status == Status.DECIDED and _is_newest_decision(letter, case):
        record_notice("notified", case, how=HOW[Means(letter.means)], by=None, now=now)
    if letter.kind == LetterKind.FORWARDING and case.status == Status.FORWARDING:
        _forward_when_all_left(case, now=now)


def _is_newest_decision(letter: Letter, case: Case) -> bool:
    newest = case.letters.filter(kind=LetterKind.DECIDED).order_by("-pk").first()
    return newest == letter


def _forward_when_all_left(case: Case, *, now: datetime) -> None:
    if case.letters.to_bodies().unsent().exists():
        return
    changes = {"forwarded_at": now}
    carry_out(
        "forwarded",
        case,
        EventKind.FORWARDED,
        at=now,
        by=None,
        why="писмата са изпратени",
        changes=changes,
        note=case.forwarded_to,
    )


@transaction.atomic
def hand_over(*, letter_id: int, by: StaffUser, now: datetime, address: str = "") -> Letter:
    """Record that an official posted or handed over a letter, or made the call; `address` where it went, if elsewhere.

    An e-mail may be handed over too, when the mail server gave it up or keeps it waiting. Raises NotAllowed,
    PersonComplainedOf, AlreadyDone.
    """
    letter = _unsent(letter_id, by)
    if letter.means == Means.EMAIL:
        letter.means, letter.state, letter.try_at = Means.PAPER, LetterState.QUEUED, None
    letter.address = address.strip() or letter.address
    save_with_history(letter, by=by, why="предава се от служител", fields=["means", "state", "try_at", "address"])
    letter_has_left(letter, now=now, by=by)
    return letter


@transaction.atomic
def try_again(*, letter_id: int, address: str, by: StaffUser, now: datetime) -> Letter:
    """Put an e-mail that was given up back into the queue, to a corrected address if one is given.

    Raises NotAllowed, PersonComplainedOf, AlreadyDone.
    """
    letter = _unsent(letter_id, by)
    if letter.state != LetterState.FAILED or letter.means != Means.EMAIL:
        raise AlreadyDone
    letter.address = address or letter.address
    letter.state, letter.attempts, letter.try_at, letter.last_error = LetterState.QUEUED, 0, now, ""
    save_with_history(letter, by=by, why="нов опит", fields=["address", "state", "attempts", "try_at", "last_error"])
    send_soon(letter)
    return letter


def _unsent(letter_id: int, by: StaffUser) -> Letter:
    """The letter, locked. Raises NotAllowed, PersonComplainedOf, and AlreadyDone when it has left."""
    letter = _letter(letter_id, by)
    if letter.state == LetterState.SENT:
        raise AlreadyDone
    return letter


def _letter(letter_id: int, by: StaffUser) -> Letter:
    """The letter, locked, if it is for `by` to deal with. Raises NotAllowed, PersonComplainedOf."""
    letter = Letter.objects.select_for_update(of=("self",)).select_related("case").get(pk=letter_id)
    if not by.has_perm("feedback.post_letter"):
        raise NotAllowed("feedback.post_letter")
    if letter.case is not None and letter.case.complained_of_id == by.pk:
        raise PersonComplainedOf
    return letter


@transaction.atomic
def confirm_receipt(*, letter_id: int, confirmation: str, by: StaffUser, now: datetime) -> Letter:
    """Record that a body said it has the forwarded case, with its number or whatever it said.

    Raises NotAllowed, PersonComplainedOf, AlreadyDone (confirmed, or not even sent), NeedsReason.
    """
    letter = _letter(letter_id, by)
    is_awaited = letter.state == LetterState.SENT and letter.confirmed_at is None
    if letter.case is None or letter.kind != LetterKind.FORWARDING or not is_awaited:
        raise AlreadyDone
    letter.confirmed_at, letter.confirmation = now, said(confirmation)
    save_with_history(letter, by=by, why="потвърдено", fields=["confirmed_at", "confirmation"])
    tell(letter.case, EventKind.CONFIRMED, at=now, by=by, note=f"{letter.recipient}: {letter.confirmation}")
    return letter


@transaction.atomic
def expire_case(*, case_id: int, now: datetime) -> Case:
    """Close a case whose sender was told and did not ask for another look in the time for it.

    Raises NotPossible while that time lasts: it runs anew after each answer.
    """
    case = begin("expire", case_id, by=None)
    until = reopen_until(case)
    if until is not None and day_of_receipt(now) <= until:
        raise NotPossible("expire", case.status)
    carry_out("expire", case, EventKind.CLOSED, at=now, by=None, why="изтече времето", changes={"closed_at": now})
    return case
