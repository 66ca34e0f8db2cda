"""Questions to the sender: asked, answered, left without an answer; and whether the clock stands still for them."""

from datetime import date, datetime
from typing import Any

from django.db import transaction

from feedback.actions.moves import begin, carry_out, resting_status, said, tell
from feedback.actions.refusals import NeedsName, WrongGround
from feedback.choices import EventKind
from feedback.clock import count, term_by_code
from feedback.models import Case, CaseEvent, Question
from samokov_portal.history import save_with_history
from samokov_portal.legal.grounds import (
    SUSPENSIONS,
    suspensions_of,
)
from samokov_portal.legal.receipt import day_of_receipt
from samokov_portal.legal.terms import Why, deadline
from samokov_portal.office.calendar import calendar_known
from samokov_portal.staff.models import StaffUser

# A working day later than any term.


def recounted(case: Case, happened: CaseEvent) -> dict[str, Any]:
    """The last day with `happened` added to the log, by the calendar known now, and whether it is an extended one."""
    events = [*case.events.in_order(), happened]
    found = count(case, events, calendar_known())
    extended_at = max((event.at for event in events if event.kind == EventKind.EXTENDED), default=None)
    is_extended = found.steps[-1].why == Why.EXTENDED
    return {
        "due_on": found.due_on,
        "due_moved_at": happened.at,
        "extended_at": extended_at if is_extended else None,
    }


@transaction.atomic
def ask_sender(
    *, case_id: int, question: str, by: StaffUser, now: datetime, ground: str = "", seen: int | None = None
) -> Case:
    """Ask the sender for what is missing. The term runs on, unless the law lets it stand still on `ground`.

    Raises NeedsReason (nothing asked), NeedsName (nobody to ask), WrongGround (not for this kind, or the term is over:
    a question does not undo a delay).
    """
    case = begin("ask", case_id, by=by, seen=seen)
    question = said(question)
    if case.is_anonymous:
        raise NeedsName
    if ground and not may_stand_still(case, ground, day_of_receipt(now)):
        raise WrongGround(ground)
    answer_due_on = _answer_due_on(ground, now) if ground else None
    asked = Question(case=case, text=question, ground=ground, asked_at=now, asked_by=by, answer_due_on=answer_due_on)
    save_with_history(asked, by=by, why="зададен въпрос")
    changes = {"paused_at": now} if ground else {}
    carry_out(
        "ask",
        case,
        EventKind.ASKED,
        at=now,
        by=by,
        why="зададен въпрос",
        changes=changes,
        note=question,
        facts={"ground": ground},
    )
    return case


def may_stand_still(case: Case, ground: str, today: date) -> bool:
    """Whether the law lets the running term of the case stand still on `ground`."""
    allowed = {found.code for found in suspensions_of(case.term_code)}
    return ground in allowed and case.due_on is not None and today <= case.due_on


def _answer_due_on(ground: str, now: datetime) -> date:
    asked_on = day_of_receipt(now)
    return deadline(term_by_code(SUSPENSIONS[ground].answer_term, asked_on), asked_on, calendar_known()).due_on


@transaction.atomic
def record_reply(*, case_id: int, text: str, by: StaffUser, now: datetime, seen: int | None = None) -> Case:
    """Write down what the sender answered at the desk, by phone or by post. Raises NeedsReason."""
    case = begin("record_reply", case_id, by=by, seen=seen)
    return end_question("record_reply", case, EventKind.REPLIED, reply=said(text), by=by, now=now)


@transaction.atomic
def lapse_question(*, case_id: int, by: StaffUser, now: datetime, seen: int | None = None) -> Case:
    """Go on without an answer. Raises WrongGround while the sender still has time by law to answer."""
    case = begin("lapse", case_id, by=by, seen=seen)
    question = case.questions.open().get()
    if question.answer_due_on is not None and day_of_receipt(now) <= question.answer_due_on:
        raise WrongGround
    return end_question("lapse", case, EventKind.LAPSED, reply="", by=by, now=now)


def end_question(name: str, case: Case, event: EventKind, *, reply: str, by: StaffUser | None, now: datetime) -> Case:
    """Close the open question of a locked case; a term that stood still goes on, by the calendar known now."""
    question = case.questions.select_for_update().open().get()
    if reply:
        question.reply, question.replied_at = reply, now
    else:
        question.lapsed_at = now
    save_with_history(question, by=by, why="отговорен" if reply else "останал без отговор")
    facts: dict[str, Any] = {"ground": question.ground}
    changes: dict[str, Any] = {"status": resting_status(case), "paused_at": None}
    if question.ground:
        changes |= recounted(case, CaseEvent(case=case, kind=event, at=now, ground=question.ground))
        facts["due_on"] = changes["due_on"]
    why = "подателят отговори" if reply else "няма отговор"
    carry_out(name, case, event, at=now, by=by, why=why, changes=changes, note=reply, facts=facts)
    return case


def lapse_with_the_case(case: Case, *, by: StaffUser | None, now: datetime) -> dict[str, Any]:
    """A question that is still open goes with the case; a term that stood still is counted to its end.

    Returns what changes of the case: without it, what ended while it lawfully waited would be taken for late.
    """
    question = case.questions.select_for_update().open().first()
    if question is None:
        return {}
    question.lapsed_at = now
    save_with_history(question, by=by, why="преписката приключи", fields=["lapsed_at"])
    if not question.ground:
        return {}
    dates = recounted(case, CaseEvent(case=case, kind=EventKind.LAPSED, at=now, ground=question.ground))
    note = "Преписката приключи, преди да има отговор."
    tell(case, EventKind.LAPSED, at=now, by=by, note=note, ground=question.ground, due_on=dates["due_on"])
    return {"paused_at": None, **dates}
