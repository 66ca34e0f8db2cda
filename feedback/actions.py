"""Changes of a case: each atomic, with the acting person and the moment passed in, and with a named refusal."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from dateutil.relativedelta import relativedelta
from django.db import transaction
from django.utils import timezone

from feedback.access import access_code, access_digest
from feedback.choices import NOTIFIED_KINDS, OUTCOMES, REGISTER_LETTERS, EventKind, Kind, Outcome, Status
from feedback.clock import promised_term
from feedback.models import Case, CaseEvent
from samokov_portal.history import save_with_history
from samokov_portal.legal.terms import TERMS, deadline
from samokov_portal.legal.workdays import this_or_next_workday
from samokov_portal.office.models import WorkingDayOverride, next_number
from samokov_portal.office.numbers import write_number
from samokov_portal.office.once import store_once
from samokov_portal.staff.models import StaffUser
from services.models import Unit

# How long the superior body may extend a term, in months (АПК, чл. 118, ал. 2 and чл. 121), counted from receipt.
LONGEST_TERM_MONTHS: dict[str, int] = {Kind.PROPOSAL: 6, Kind.SIGNAL: 3}


class Refused(Exception):
    """The change is not allowed as things stand; the text of the subclass says why."""


class ChangedMeanwhile(Refused):
    """Somebody else changed the case after this person had opened its page."""


class NotOpen(Refused):
    """The case is closed or forwarded, or already decided."""


class NotDecided(Refused):
    """There is no decision of which the sender could be told."""


class WrongOutcome(Refused):
    """The outcome does not belong to this kind of case."""


class CannotExtend(Refused):
    """The law knows no extension for this kind, or the new date is not later, or is beyond the cap."""


class NeedsReason(Refused):
    """A change that the citizen is told of needs a reason in words."""


@dataclass(frozen=True)
class Filed:
    """A stored case with the access code, which exists only here and on the receipt."""

    case: Case
    code: str
    is_new: bool


def register_case(
    *,
    nonce: str,
    values: dict[str, Any],
    received_at: datetime,
    registered_at: datetime,
    by: StaffUser | None = None,
) -> Filed:
    """Store what a citizen sent (`by` is None) or a clerk logged, once for each form; the term runs from `received_at`.

    `nonce` is the random part of the form's token; `values` are the fields of Case that the form asks for, with the
    channel. Raises FormAlreadyUsed when the same form was already sent with other contents.
    """
    code = access_code(nonce)

    def store(digests: dict[str, str]) -> Case:
        facts = {**values, **digests, "received_at": received_at, "registered_at": registered_at}
        return _register(facts, code, by=by)

    # A clerk says when it came; for a citizen it is the moment of sending, which differs at a second press.
    said = values if by is None else {**values, "received_at": received_at}
    case, is_new = store_once(Case, nonce=nonce, values=said, store=store)
    return Filed(case, code, is_new)


@transaction.atomic
def _register(facts: dict[str, Any], code: str, *, by: StaffUser | None) -> Case:
    received_on = timezone.localtime(facts["received_at"]).date()
    # A register is numbered by the day of registration: last year's is closed also for what came in it.
    registered_on = timezone.localtime(facts["registered_at"]).date()
    letter = REGISTER_LETTERS[facts["kind"]]
    number = write_number(letter, registered_on.year, next_number(letter, registered_on))
    case = Case(
        **facts,
        **_promise(facts["kind"], received_on),
        number=number,
        citizen_kind=facts["kind"],
        access_digest=access_digest(code),
    )
    save_with_history(case, by=by, why="регистрирана")
    _tell(case, EventKind.REGISTERED, at=facts["registered_at"], by=by)
    return case


def _promise(kind: str, received_on: date) -> dict[str, Any]:
    """The dates promised on receipt, with the version of the rule by which they were found."""
    calendar = WorkingDayOverride.objects.all().calendar()
    promise: dict[str, Any] = {"forward_due_on": deadline(TERMS["forward"], received_on, calendar).due_on}
    term = promised_term(kind)
    if term is not None:
        due_on = deadline(term, received_on, calendar).due_on
        promise |= {"term_code": term.code, "term_version": term.version, "first_due_on": due_on, "due_on": due_on}
    return promise


def _tell(case: Case, kind: EventKind, *, at: datetime, by: StaffUser | None, note: str = "") -> None:
    CaseEvent.objects.create(case=case, kind=kind, at=at, by=by, note=note)


def _locked(case_id: int, seen: int | None) -> Case:
    """The case, locked. Raises ChangedMeanwhile when its newest event is not `seen` (None: the caller saw no page)."""
    case = Case.objects.select_for_update(of=("self",)).get(pk=case_id)
    if seen is not None and case.last_event_id() != seen:
        raise ChangedMeanwhile
    return case


def _undecided(case_id: int, seen: int | None) -> Case:
    """The case, locked, on which a decision is still to be given. Raises NotOpen, ChangedMeanwhile."""
    case = _locked(case_id, seen)
    if case.status not in (Status.REGISTERED, Status.ASSIGNED):
        raise NotOpen
    return case


@transaction.atomic
def assign_case(*, case_id: int, unit: Unit, by: StaffUser, now: datetime, seen: int | None = None) -> Case:
    """Give the case to a unit. Raises NotOpen."""
    case = _undecided(case_id, seen)
    case.unit = unit
    case.status = Status.ASSIGNED
    save_with_history(case, by=by, why=f"възложена на {unit}", fields=["unit", "status"])
    _tell(case, EventKind.ASSIGNED, at=now, by=by, note=str(unit))
    return case


@transaction.atomic
def forward_case(
    *, case_id: int, body: str, reason: str, by: StaffUser, now: datetime, seen: int | None = None
) -> Case:
    """Send the case to the body that is competent for it (АПК, чл. 112). Raises NotOpen, NeedsReason."""
    case = _undecided(case_id, seen)
    if not body.strip() or not reason.strip():
        raise NeedsReason
    case.forwarded_to = body.strip()
    case.forwarded_at = now
    case.status = Status.FORWARDED
    save_with_history(case, by=by, why=reason, fields=["forwarded_to", "forwarded_at", "status"])
    _tell(case, EventKind.FORWARDED, at=now, by=by, note=f"{case.forwarded_to}. {reason.strip()}")
    return case


def longest_due_on(case: Case) -> date | None:
    """The last day to which the superior body may extend the term; None where the law knows no extension."""
    months = LONGEST_TERM_MONTHS.get(case.kind)
    if months is None:
        return None
    end = timezone.localtime(case.received_at).date() + relativedelta(months=months)
    # A last day that is not a working one is carried to the next (ГПК, чл. 60, ал. 6), also for the longest term.
    return this_or_next_workday(end, WorkingDayOverride.objects.all().calendar())


def may_extend(case: Case, due_on: date, today: date) -> bool:
    """Whether the running term of the case may be moved to `due_on`: later, a working day, and not beyond the cap."""
    longest = longest_due_on(case)
    if longest is None or case.due_on is None:
        return False
    is_workday = WorkingDayOverride.objects.all().calendar().is_workday(due_on)
    return today <= case.due_on < due_on <= longest and is_workday


@transaction.atomic
def extend_case(
    *, case_id: int, due_on: date, reason: str, by: StaffUser, now: datetime, seen: int | None = None
) -> Case:
    """Move the last day later, with a reason that the citizen reads.

    Raises NotOpen, NeedsReason, CannotExtend (no extension for this kind, not later, beyond the cap, not a working day,
    term over).
    """
    case = _undecided(case_id, seen)
    if not reason.strip():
        raise NeedsReason
    if not may_extend(case, due_on, timezone.localtime(now).date()):
        raise CannotExtend
    case.due_on = due_on
    case.extended_at = now
    save_with_history(case, by=by, why=reason, fields=["due_on", "extended_at"])
    _tell(case, EventKind.EXTENDED, at=now, by=by, note=f"Нов срок: {due_on:%d.%m.%Y} г. {reason.strip()}")
    return case


@transaction.atomic
def answer_case(
    *, case_id: int, outcome: str, answer: str, by: StaffUser, now: datetime, seen: int | None = None
) -> Case:
    """Give the decision or the answer; the citizen reads it with the access code.

    Raises NotOpen, WrongOutcome, NeedsReason (a decision on a signal is reasoned: АПК, чл. 123, ал. 1).
    """
    case = _undecided(case_id, seen)
    if outcome not in OUTCOMES[case.kind]:
        raise WrongOutcome
    if not answer.strip():
        raise NeedsReason
    case.outcome = Outcome(outcome)
    case.answer = answer.strip()
    case.decided_at = now
    if case.kind in NOTIFIED_KINDS:
        calendar = WorkingDayOverride.objects.all().calendar()
        case.notify_due_on = deadline(TERMS["notify"], timezone.localtime(now).date(), calendar).due_on
    case.status = Status.DECIDED
    fields = ["outcome", "answer", "decided_at", "notify_due_on", "status"]
    save_with_history(case, by=by, why="дадено решение", fields=fields)
    _tell(case, EventKind.DECIDED, at=now, by=by)
    return case


@transaction.atomic
def close_case(*, case_id: int, how: str, by: StaffUser, now: datetime, seen: int | None = None) -> Case:
    """Record that the sender was told of the decision, and how, and close the case. Raises NotDecided, NeedsReason."""
    case = _locked(case_id, seen)
    if case.status != Status.DECIDED:
        raise NotDecided
    if not how.strip():
        raise NeedsReason
    case.notified_at = case.closed_at = now
    case.status = Status.CLOSED
    save_with_history(case, by=by, why=how, fields=["notified_at", "closed_at", "status"])
    _tell(case, EventKind.CLOSED, at=now, by=by, note=how.strip())
    return case
