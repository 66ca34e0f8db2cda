"""What officials do with a case, by the table in feedback.life."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from feedback.actions.merging import hand_on
from feedback.actions.moves import begin, carry_out, in_bulgarian, running_reopening, said, with_tied
from feedback.actions.questions import lapse_with_the_case, recounted
from feedback.actions.refusals import (
    CannotExtend,
    NeedsName,
    NeedsReason,
    NotAllowed,
    UnitIsNoMore,
    WrongGround,
    WrongOutcome,
)
from feedback.actions.survey import invite_about_case
from feedback.choices import MERGED_KINDS, NOTIFIED_KINDS, OUTCOMES, EndReason, EventKind, Kind, Outcome, Status
from feedback.clock import comes_too_late, log_of, promised_term, term_by_code
from feedback.letters import write_forwarding
from feedback.letters.answers import given_to
from feedback.models import Body, Case, CaseEvent
from samokov_portal.history import save_with_history
from samokov_portal.legal.clock import Extended, run
from samokov_portal.legal.grounds import (
    ENDS,
    EXTENSIONS,
    EndGround,
    ExtensionGround,
    ends_of,
    extensions_of,
)
from samokov_portal.legal.receipt import day_of_receipt
from samokov_portal.legal.terms import LAST_YEAR, deadline
from samokov_portal.office.calendar import calendar_known
from samokov_portal.office.choices import Channel
from samokov_portal.staff.models import StaffUser
from services.models import Unit

SUPERIOR_PERMISSION = "feedback.extend_case"
# A working day later than any term.
BEYOND_ANY = date(LAST_YEAR, 12, 1)


@transaction.atomic
def assign_case(
    *,
    case_id: int,
    unit: Unit,
    by: StaffUser,
    now: datetime,
    complained_of: StaffUser | None = None,
    reason: str = "",
    seen: int | None = None,
) -> Case:
    """Give the case to a unit, and name the official against whom it is directed, if any. Raises UnitIsNoMore."""
    case = begin("assign", case_id, by=by, seen=seen)
    if not unit.is_there_on(timezone.localtime(now).date()):
        raise UnitIsNoMore
    together = with_tied(case, by)
    changes: dict[str, Any] = {"unit": unit, "complained_of": complained_of}
    why = f"възложена на {unit}"
    if complained_of != case.complained_of:
        # Who may not see the case from now on, and who may again, must be found in the history.
        why += f"; срещу: {case.complained_of or 'никого'} → {complained_of or 'никого'}"
    if reason:
        why += f". {reason}"
    if case.status != Status.REOPENED:
        changes["status"] = Status.ASSIGNED
    carry_out("assign", case, EventKind.ASSIGNED, at=now, by=by, why=why, changes=changes, note=str(unit))
    for one in together[1:]:
        changes, why = {"unit": unit, "status": Status.ASSIGNED}, f"възложена на {unit} заедно с {case}"
        carry_out("assign", one, EventKind.ASSIGNED, at=now, by=by, why=why, changes=changes, note=str(unit))
    return case


@transaction.atomic
def requalify_case(
    *, case_id: int, kind: str, reason: str, by: StaffUser, now: datetime, seen: int | None = None
) -> Case:
    """Treat the case as what it is by its contents; the sender's own label and the number stay.

    The new kind's term runs from the same receipt. Raises NeedsReason, NeedsName (an anonymous one becomes nothing that
    must be answered), WrongGround (it is of this kind already), NamesSender.
    """
    case = begin("requalify", case_id, by=by, seen=seen)
    reason = said(reason)
    if kind == case.kind:
        raise WrongGround
    if case.is_anonymous and not _may_be_anonymous(kind, case.channel):
        raise NeedsName
    if kind not in MERGED_KINDS:
        hand_on(case, by=by, now=now)
    for one in with_tied(case, by, saying=reason):
        _requalify(one, kind, reason, by=by, now=now)
    return case


def _requalify(case: Case, kind: str, reason: str, *, by: StaffUser, now: datetime) -> None:
    """Make a locked case one of `kind`, with the term of that kind from its own receipt."""
    was = in_bulgarian(Kind(case.kind).label)
    missed = _missed_term(case, now)
    case.kind = kind
    facts, dates = _promise_anew(case, now)
    note = f"{was} → {in_bulgarian(Kind(kind).label)}. {reason}"
    carry_out(
        "requalify",
        case,
        EventKind.REQUALIFIED,
        at=now,
        by=by,
        why=reason,
        changes={"kind": kind, **facts, **dates},
        note=note,
        facts={**facts, **missed, "due_on": dates["due_on"]},
    )


def _missed_term(case: Case, now: datetime) -> dict[str, Any]:
    """What the event says when the term of the kind that `case` has had ran out before: it stays missed."""
    if case.due_on is None or case.due_on >= day_of_receipt(now) or case.paused_at is not None:
        return {}
    return {"ground": case.kind, "until": case.due_on}


def _may_be_anonymous(kind: str, channel: str) -> bool:
    """Praise may; a signal or proposal only where nobody could ask for a name (АПК, чл. 111, ал. 4)."""
    return kind == Kind.PRAISE or (kind in (Kind.SIGNAL, Kind.PROPOSAL) and channel != Channel.WEB)


def _promise_anew(case: Case, now: datetime) -> tuple[dict[str, str], dict[str, Any]]:
    """The term of the kind that `case` has become, and the dates by it; of praise there are none."""
    term = promised_term(case.kind, day_of_receipt(case.received_at))
    if term is None:
        return {"term_code": "", "term_version": ""}, {"due_on": None, "due_moved_at": now}
    facts = {"term_code": term.code, "term_version": term.version}
    if not case.term_code:
        # What was registered as praise promised nothing: the log begins with the term that it has now.
        case.term_code, case.term_version = term.code, term.version
    dates = recounted(case, CaseEvent(case=case, kind=EventKind.REQUALIFIED, at=now, **facts))
    return facts, {**dates, "first_due_on": case.first_due_on or dates["due_on"]}


@transaction.atomic
def forward_case(
    *, case_id: int, bodies: Sequence[Body], reason: str, by: StaffUser, now: datetime, seen: int | None = None
) -> Case:
    """Write to the bodies that are competent for the case, and for each that is tied to it (АПК, чл. 112).

    It counts as forwarded, and the sender is told, when the last of the letters has gone out. Raises NeedsReason (also
    when no body is named), NamesSender.
    """
    case = begin("forward", case_id, by=by, seen=seen)
    reason = said(reason)
    if not bodies:
        raise NeedsReason
    for one in with_tied(case, by, saying=reason):
        _forward(one, bodies, reason, by=by, now=now)
    return case


def _forward(case: Case, bodies: Sequence[Body], reason: str, *, by: StaffUser, now: datetime) -> None:
    """Decide to forward a locked case, and write to the bodies about it."""
    names = "; ".join(body.name for body in bodies)
    event = carry_out(
        "forward",
        case,
        EventKind.FORWARDING,
        at=now,
        by=by,
        why=reason,
        changes={"forwarded_to": names},
        note=f"{names}. {reason}",
    )
    for body in bodies:
        write_forwarding(case=case, event=event, body=body, reason=reason, now=now)


def longest_due_on(case: Case, ground: ExtensionGround) -> date:
    """The last day to which the term of an undecided case may be extended on `ground`."""
    log = log_of(case, case.events.in_order())
    # The clock itself cuts what goes beyond; it also knows what stood still and what began anew.
    beyond = Extended(log[-1].on, BEYOND_ANY, term_by_code(ground.longest))
    return run([*log, beyond], calendar_known()).due_on


def extensions_for(case: Case, by: StaffUser) -> list[ExtensionGround]:
    """The grounds on which this person may extend the term of the case; empty where the law knows none."""
    allowed = {True: by.has_perm(SUPERIOR_PERMISSION), False: by.has_perm("feedback.answer_case")}
    return [ground for ground in extensions_of(case.term_code) if allowed[ground.by_superior]]


def may_extend(case: Case, ground: ExtensionGround, due_on: date, today: date) -> bool:
    """Whether the running term may be moved to `due_on`: later, a working day, and not beyond the longest."""
    if case.due_on is None or ground.term != case.term_code or not calendar_known().is_workday(due_on):
        return False
    return today <= case.due_on < due_on <= longest_due_on(case, ground)


@transaction.atomic
def extend_case(
    *, case_id: int, ground: str, due_on: date, reason: str, by: StaffUser, now: datetime, seen: int | None = None
) -> Case:
    """Move the last day later on a ground of the law; the sender is told in the same transaction.

    Raises NeedsReason, NotAllowed (not the competent body), NeedsName (nobody to tell), WrongGround, CannotExtend (not
    later, beyond the cap, not a working day, term over).
    """
    case = begin("extend", case_id, by=by, seen=seen)
    reason = said(reason)
    found = EXTENSIONS.get(ground)
    if found is None or found.term != case.term_code:
        raise WrongGround(ground) if extensions_of(case.term_code) else CannotExtend
    if found not in extensions_for(case, by):
        raise NotAllowed
    if case.is_anonymous:
        raise NeedsName
    if not may_extend(case, found, due_on, day_of_receipt(now)):
        raise CannotExtend
    for asked in case.extension_requests.waiting():
        asked.is_granted, asked.answered_at, asked.answered_by = True, now, by
        save_with_history(asked, by=by, why=reason)
    carry_out(
        "extend",
        case,
        EventKind.EXTENDED,
        at=now,
        by=by,
        why=reason,
        changes={"due_on": due_on, "extended_at": now, "due_moved_at": now},
        note=f"Нов срок: {due_on:%d.%m.%Y} г. {reason}",
        facts={"ground": ground, "until": due_on, "due_on": due_on},
    )
    return case


@transaction.atomic
def end_case(*, case_id: int, ground: str, reason: str, by: StaffUser, now: datetime, seen: int | None = None) -> Case:
    """End the case without a decision, on a ground that the law knows for its kind. Raises NeedsReason, WrongGround."""
    case = begin("end", case_id, by=by, seen=seen)
    reason = said(reason)
    found = ENDS.get(ground)
    if found is None or found not in ends_for(case):
        raise WrongGround(ground)
    end_reason = EndReason(ground)
    hand_on(case, by=by, now=now)
    changes = {"ended_at": now, "end_reason": end_reason, **lapse_with_the_case(case, by=by, now=now)}
    note = f"{in_bulgarian(end_reason.label)} ({found.source}). {reason}"
    carry_out("end", case, EventKind.ENDED, at=now, by=by, why=reason, changes=changes, note=note)
    return case


def ends_for(case: Case) -> list[EndGround]:
    """The grounds on which the case may be ended as things stand."""
    return [ground for ground in ends_of(case.kind) if _bears(ground.code, case)]


def _bears(ground: str, case: Case) -> bool:
    """Whether the facts at hand allow the ground; what only an official can judge is theirs to say."""
    if ground == EndReason.ANONYMOUS:
        return case.is_anonymous
    if ground in (EndReason.TOO_OLD, EndReason.LATE):
        # Without a date given by the sender the official says it; a date within the time for it refutes them.
        return case.happened_on is None or comes_too_late(case)
    if ground == EndReason.NOT_CLARIFIED:
        return case.questions.filter(lapsed_at__isnull=False).exclude(ground="").exists()
    return True


@transaction.atomic
def answer_case(
    *, case_id: int, outcome: str, answer: str, by: StaffUser, now: datetime, seen: int | None = None
) -> Case:
    """Give the answer, the first one or that of another look; the sender reads it with the access code.

    The first answer goes to the sender of each case that is tied to this one too: a decision is made known to whoever
    sent the signal or proposal (АПК, чл. 118, ал. 1; чл. 123, ал. 1).

    Raises WrongOutcome, NeedsName (no proceedings on what is anonymous: АПК, чл. 111, ал. 4), NeedsReason (a decision
    on a signal is reasoned: чл. 123, ал. 1), PersonComplainedOf (also where one of the tied ones is against `by`),
    NamesSender. What the answer leaves in braces is said of each case by itself.
    """
    case = begin("answer", case_id, by=by, seen=seen)
    answer = said(answer)
    if outcome not in OUTCOMES[case.kind]:
        raise WrongOutcome(outcome)
    if case.is_anonymous and case.kind != Kind.PRAISE:
        raise NeedsName
    for one in with_tied(case, by, saying=answer):
        _decide(one, Outcome(outcome), given_to(one, answer, day_of_receipt(now)), by=by, now=now)
    return case


def _decide(case: Case, outcome: Outcome, answer: str, *, by: StaffUser, now: datetime) -> None:
    """Give a locked case its answer: to its own sender, by its own letter, with the days that follow from it."""
    decision: dict[str, Any] = {"outcome": outcome, "answer": answer, "decided_at": now, "notify_due_on": None}
    if case.kind in NOTIFIED_KINDS:
        decided_on = day_of_receipt(now)
        decision["notify_due_on"] = deadline(term_by_code("notify", decided_on), decided_on, calendar_known()).due_on
    again = running_reopening(case)
    if again is not None:
        for field, value in decision.items():
            setattr(again, field, value)
        save_with_history(again, by=by, why="даден нов отговор", fields=list(decision))
    # Before the letter, which names the code.
    invite_about_case(case, answers=1 + case.reopenings.exclude(decided_at=None).count(), now=now)
    changes = decision if again is None else {}
    why = f"дадено решение заедно с {case.duplicate_of}" if case.awaits_main else "дадено решение"
    carry_out("answer", case, EventKind.DECIDED, at=now, by=by, why=why, changes=changes)


@transaction.atomic
def notify_case(*, case_id: int, how: str, by: StaffUser, now: datetime, seen: int | None = None) -> Case:
    """Record how the sender was told of the answer by an official. Raises NeedsReason."""
    case = begin("notify", case_id, by=by, seen=seen)
    record_notice("notify", case, how=said(how), by=by, now=now)
    return case


def record_notice(name: str, case: Case, *, how: str, by: StaffUser | None, now: datetime) -> None:
    """The sender of a locked case knows its answer: the first one, or that of another look."""
    again = running_reopening(case)
    if again is not None:
        again.notified_at = now
        save_with_history(again, by=by, why=how, fields=["notified_at"])
    changes = {"notified_at": now} if again is None else {}
    carry_out(name, case, EventKind.NOTIFIED, at=now, by=by, why=how, changes=changes, note=how)


@transaction.atomic
def close_case(*, case_id: int, by: StaffUser, now: datetime, seen: int | None = None) -> Case:
    """Put the case away; the sender may still ask for another look as long as the time for it lasts."""
    case = begin("close", case_id, by=by, seen=seen)
    carry_out("close", case, EventKind.CLOSED, at=now, by=by, why="приключена", changes={"closed_at": now})
    return case


@transaction.atomic
def record_withdrawal(*, case_id: int, how: str, by: StaffUser, now: datetime, seen: int | None = None) -> Case:
    """Write down that the sender withdrew the case at the desk or by letter. Raises NeedsReason."""
    case = begin("record_withdrawal", case_id, by=by, seen=seen)
    withdraw("record_withdrawal", case, how=said(how), by=by, now=now)
    return case


def withdraw(name: str, case: Case, *, how: str, by: StaffUser | None, now: datetime) -> None:
    """End a locked case as its sender wishes."""
    hand_on(case, by=by, now=now)
    changes = {"ended_at": now, "duplicate_of": None, **lapse_with_the_case(case, by=by, now=now)}
    carry_out(name, case, EventKind.WITHDRAWN, at=now, by=by, why=how or "оттеглена", changes=changes, note=how)
