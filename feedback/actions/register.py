"""Registering what a citizen sent or a clerk logged: once for each form, and once for the same contents."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from feedback.access import access_code, access_digest
from feedback.actions.moves import awaited_on, tell
from feedback.actions.refusals import AlreadyFiled
from feedback.attachments import attach_waiting, received_digests
from feedback.choices import REGISTER_LETTERS, EventKind, LetterKind
from feedback.clock import promised_term
from feedback.letters import write_letter
from feedback.models import Case, CaseEvent
from samokov_portal.history import save_with_history
from samokov_portal.legal.receipt import day_of_receipt
from samokov_portal.legal.terms import deadline, in_force
from samokov_portal.office.calendar import calendar_known
from samokov_portal.office.late import late_reason
from samokov_portal.office.models import next_number
from samokov_portal.office.numbers import write_number
from samokov_portal.office.once import content_digest, form_digest, store_once
from samokov_portal.office.registering import registering
from samokov_portal.pagestore import nothing_watched_changes
from samokov_portal.questions import question
from samokov_portal.staff.models import StaffUser

# How long the same contents count as sent twice: over a lost answer, a second tab, the way back.
SAME_WITHIN = timedelta(hours=24)


@dataclass(frozen=True)
class Filed:
    """A stored case with the access code, which exists only here and on the receipt."""

    case: Case
    code: str
    is_new: bool
    # What is told of it so far, where it is new; None: nobody looked.
    events: tuple[CaseEvent, ...] | None = None


def register_case(
    *,
    nonce: str,
    values: dict[str, Any],
    received_at: datetime | None,
    registered_at: datetime,
    by: StaffUser | None = None,
    browser: str = "",
) -> Filed:
    """Store what a citizen sent (`by` is None) or a clerk logged, once for each form; the term runs from `received_at`,
    without it from `registered_at`.

    `nonce` is the random part of the form's token; `values` are the fields of Case that the form asks for, with the
    channel. Files that wait for this form become the case's. `browser` is what tells one browser from another; where it
    is given, the very same contents are registered once in a day only, whatever form they come with.

    Raises FormAlreadyUsed when the same form was already sent with other contents; AlreadyFiled when another form
    brought the same contents; LateWithoutReason and DatedTooFarBack for what a clerk enters late.
    """
    code = access_code(nonce)
    moments = {"received_at": received_at or registered_at, "registered_at": registered_at}
    if by is not None:
        values = {**values, "late_reason": _late_reason(values, by, **moments)}

    told: list[CaseEvent] = []

    def store(digests: dict[str, str]) -> Case:
        facts = {**values, **digests, **moments}
        if browser:
            facts["repeat_digest"] = content_digest({"contents": digests["content_digest"], "browser": browser})
        case, event = _register(facts, code, by=by, has_files=bool(said["files"]))
        told.append(event)
        return case

    # A clerk says when it came; for a citizen it is the moment of sending, which differs at a second press.
    said = {**values, "files": received_digests(form_digest(nonce))}
    if by is not None:
        said["received_at"] = received_at
    case, is_new = store_once(Case, nonce=nonce, values=said, store=store)
    return Filed(case, code, is_new, tuple(told) if is_new else None)


def _late_reason(values: dict[str, Any], by: StaffUser, *, received_at: datetime, registered_at: datetime) -> str:
    return late_reason(
        values.get("late_reason", ""),
        channel=values["channel"],
        received_at=received_at,
        registered_at=registered_at,
        calendar=calendar_known(registered_at),
        may_backdate=by.has_perm("feedback.backdate_case"),
    )


def _register(facts: dict[str, Any], code: str, *, by: StaffUser | None, has_files: bool) -> tuple[Case, CaseEvent]:
    with registering(), nothing_watched_changes():
        return _registered(facts, code, by=by, has_files=has_files)


def _registered(facts: dict[str, Any], code: str, *, by: StaffUser | None, has_files: bool) -> tuple[Case, CaseEvent]:
    if "repeat_digest" in facts:
        _refuse_second(facts)
    received_on = day_of_receipt(facts["received_at"])
    # A register is numbered by the day of registration: last year's is closed also for what came in it.
    registered_on = day_of_receipt(facts["registered_at"])
    letter = REGISTER_LETTERS[facts["kind"]]
    promise = _promise(facts["kind"], received_on)
    # As late as can be: whoever files the same kind waits from here on for the end of this transaction.
    number = write_number(letter, registered_on.year, next_number(letter, registered_on))
    case = Case(**facts, **promise, number=number, citizen_kind=facts["kind"], access_digest=access_digest(code))
    case.next_on = awaited_on(case)
    save_with_history(case, by=by, why="регистрирана")
    term = {name: promise.get(name, "") for name in ("term_code", "term_version")}
    event = tell(case, EventKind.REGISTERED, at=facts["registered_at"], by=by, **term)
    case.has_attachments = has_files  # type: ignore[attr-defined]  # see Case.present
    if has_files:
        attach_waiting(case, facts["form_digest"])
    write_letter(LetterKind.RECEIVED, case=case, event=event, now=facts["registered_at"])
    return case, event


def _refuse_second(facts: dict[str, Any]) -> None:
    """Let one at a time through with these contents, and nobody who comes second. Raises AlreadyFiled."""
    digest = facts["repeat_digest"]
    with connection.cursor() as cursor:
        # Until the transaction ends; sixteen digits of the digest make the lock's 64 bits.
        cursor.execute("SELECT pg_advisory_xact_lock(('x' || %s)::bit(64)::bigint)", [digest[:16]])
    earlier = next(iter(_sent_before(digest, facts["registered_at"] - SAME_WITHIN)), None)
    # The same form again is no second filing: its unique digest brings the first receipt.
    if earlier is not None and earlier[1] != facts["form_digest"]:
        raise AlreadyFiled(Case.objects.get(pk=earlier[0]))


@question
def _sent_before(digest: str, since: datetime) -> Any:
    return Case.objects.sent_before(digest, since=since).order_by("pk").values_list("pk", "form_digest")[:1]


def _promise(kind: str, received_on: Any) -> dict[str, Any]:
    """The dates promised on receipt, with the version of the rule by which they were found."""
    calendar = calendar_known()
    promise: dict[str, Any] = {
        "forward_due_on": deadline(in_force("forward", received_on), received_on, calendar).due_on
    }
    term = promised_term(kind, received_on)
    if term is not None:
        due_on = deadline(term, received_on, calendar).due_on
        promise |= {"term_code": term.code, "term_version": term.version, "first_due_on": due_on, "due_on": due_on}
    return promise
