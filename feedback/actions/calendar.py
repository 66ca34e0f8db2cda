"""What days moved by decree do to open cases: awaited last days counted anew, and their senders told.

What is decided, forwarded or ended stays as it was; where a day lay before is kept with the event.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from feedback.actions.moves import awaited_on, tell
from feedback.choices import DecreedDay, EventKind, LetterKind, Status
from feedback.clock import count, count_reopening, term_by_code
from feedback.letters import write_letter
from feedback.models import Case, Question, Reopening
from samokov_portal.history import save_with_history
from samokov_portal.legal.clock import ImpossibleLog
from samokov_portal.legal.grounds import SUSPENSIONS
from samokov_portal.legal.holidays import Calendar
from samokov_portal.legal.receipt import day_of_receipt
from samokov_portal.legal.terms import deadline
from samokov_portal.office.calendar import calendar_known
from samokov_portal.office.decrees import Decrees, Order, Shift, shift
from samokov_portal.staff.models import StaffUser

# Of these moves the sender is told by letter; the other days are for the municipality to keep.
TOLD = (DecreedDay.ANSWER, DecreedDay.LOOK, DecreedDay.QUESTION)


@dataclass(frozen=True)
class Awaited:
    """A last day that is still awaited: of what, where it stands, and where a calendar puts it.

    `row` and `field` are where it is kept.
    """

    of: DecreedDay
    stands: date
    counted: Callable[[Calendar], date]
    row: Case | Question | Reopening
    field: str


@dataclass(frozen=True)
class CaseShift:
    """An awaited day that moves."""

    of: Awaited
    shift: Shift

    @property
    def words(self) -> str:
        """From when to when, in Bulgarian: stored with the case, whatever the language of the page."""
        label = NAMES[self.of.of]
        return f"{label} се премества от {self.shift.was:%d.%m.%Y} г. на {self.shift.becomes:%d.%m.%Y} г."


NAMES = {
    DecreedDay.ANSWER: "Срокът за отговор",
    DecreedDay.LOOK: "Срокът за новия отговор",
    DecreedDay.QUESTION: "Срокът, в който може да отговорите на въпроса ни,",
    DecreedDay.NOTICE: "Срокът да Ви уведомим за отговора",
    DecreedDay.FORWARD: "Срокът за препращане",
}


def shifts_of(case: Case, *, decrees: Decrees, calendar: Calendar, today: date) -> list[CaseShift]:
    """How the awaited days of a case move by `decrees`. Queries nothing but the related rows, which may be prefetched.

    A case whose log the clock cannot read stays as it was promised.
    """
    found = []
    for day in awaited_days(case):
        try:
            moved = shift(day.stands, day.counted, decrees=decrees, calendar=calendar, today=today)
        except ImpossibleLog:
            continue
        if moved is not None:
            found.append(CaseShift(day, moved))
    return found


def awaited_days(case: Case) -> Iterable[Awaited]:
    """The last days that a decree may still move, by where the case stands."""
    match case.status:
        case Status.REGISTERED | Status.ASSIGNED | Status.CLARIFICATION:
            yield from _of_the_first_answer(case)
            yield _of_forwarding(case)
        case Status.FORWARDING:
            yield _of_forwarding(case)
        case Status.DECIDED:
            yield from _of_the_notice(_look(case) or case)
        case Status.REOPENED:
            yield from _of_the_look(_look(case))


def _of_the_first_answer(case: Case) -> Iterable[Awaited]:
    """While the clock stands still, the day that is awaited is the sender's own."""
    question = next((asked for asked in case.questions.all() if asked.is_open), None)
    if case.paused_at is not None and question is not None and question.answer_due_on is not None:
        code, asked_on = SUSPENSIONS[question.ground].answer_term, day_of_receipt(question.asked_at)
        yield Awaited(DecreedDay.QUESTION, question.answer_due_on, _ends(code, asked_on), question, "answer_due_on")
    elif case.due_on is not None:
        events = sorted(case.events.all(), key=lambda event: (event.at, event.pk))
        yield Awaited(
            DecreedDay.ANSWER, case.due_on, lambda calendar: count(case, events, calendar).due_on, case, "due_on"
        )


def _of_forwarding(case: Case) -> Awaited:
    counted = _ends("forward", day_of_receipt(case.received_at))
    return Awaited(DecreedDay.FORWARD, case.forward_due_on, counted, case, "forward_due_on")


def _of_the_notice(row: Case | Reopening) -> Iterable[Awaited]:
    if row.notify_due_on is not None and row.decided_at is not None:
        counted = _ends("notify", day_of_receipt(row.decided_at))
        yield Awaited(DecreedDay.NOTICE, row.notify_due_on, counted, row, "notify_due_on")


def _of_the_look(look: Reopening | None) -> Iterable[Awaited]:
    if look is not None:
        yield Awaited(
            DecreedDay.LOOK, look.due_on, lambda calendar: count_reopening(look, calendar).due_on, look, "due_on"
        )


def _look(case: Case) -> Reopening | None:
    return next((look for look in case.reopenings.all() if look.notified_at is None), None)


def _ends(code: str, start: date) -> Callable[[Calendar], date]:
    """Where a calendar puts the last day of the term with this code that runs from `start`."""
    return lambda calendar: deadline(term_by_code(code, start), start, calendar).due_on


@transaction.atomic
def move_case(*, case_id: int, order: Order, now: datetime) -> list[CaseShift]:
    """Move the awaited days of one case as ordered, and tell its sender in the same transaction.

    Empty when there is nothing to move: a second time, or when the case ended meanwhile. So whoever was stopped in the
    middle of many simply begins again.
    """
    case = Case.objects.select_for_update(of=("self",)).get(pk=case_id)
    # The calendar of this very moment, because it is by that of the event's moment that the date is explained later.
    calendar = calendar_known(now)
    found = shifts_of(case, decrees=order.decrees, calendar=calendar, today=day_of_receipt(now))
    for moved in found:
        _store(moved, case, order=order, now=now)
    if found:
        case.next_on = awaited_on(case)
        save_with_history(case, by=order.by, why=_why(found, order.reason), fields=_changed(found, case))
    for moved in found:
        _tell(moved, case, by=order.by, now=now)
    return found


def _store(moved: CaseShift, case: Case, *, order: Order, now: datetime) -> None:
    day = moved.of
    setattr(day.row, day.field, moved.shift.becomes)
    if day.row is not case:
        save_with_history(day.row, by=order.by, why=_why([moved], order.reason), fields=[day.field])
    elif day.of == DecreedDay.ANSWER:
        case.due_moved_at = now
    elif day.of == DecreedDay.NOTICE:
        case.notice_moved_at = now


def _changed(found: list[CaseShift], case: Case) -> list[str]:
    return [*(moved.of.field for moved in found if moved.of.row is case), "due_moved_at", "notice_moved_at", "next_on"]


def _why(found: list[CaseShift], reason: str) -> str:
    words = " ".join(dict.fromkeys(f"{moved.shift.days} {moved.words}" for moved in found))
    return f"{words} {reason}"


def _tell(moved: CaseShift, case: Case, *, by: StaffUser | None, now: datetime) -> None:
    """What the sender sees. The last day for forwarding is the municipality's own and stands in the history only."""
    day = moved.of.of
    if day == DecreedDay.FORWARD:
        return
    facts: dict[str, Any] = {"ground": day, "until": moved.shift.was}
    if day == DecreedDay.ANSWER:
        facts = {"due_on": moved.shift.becomes}
    note = f"{moved.shift.days} {moved.words}"
    event = tell(case, EventKind.MOVED, at=now, by=by, note=note, **facts)
    if day in TOLD:
        until = f"{moved.shift.becomes:%d.%m.%Y} г."
        write_letter(LetterKind.MOVED, case=case, event=event, now=now, due=until, note=_letter_note(moved))


def _letter_note(moved: CaseShift) -> str:
    """The moved days and, where it is not the answer's, which day moves."""
    return moved.shift.days if moved.of.of == DecreedDay.ANSWER else f"{moved.shift.days} {moved.words}"
