"""The promised date of a case and of a kind, with the count behind it: a reading of the event log."""

import logging
from collections.abc import Iterable
from datetime import date

from dateutil.relativedelta import relativedelta
from django.conf import settings

from feedback.choices import ANSWER_TERMS, DecreedDay, EventKind, Kind
from feedback.models import Case, CaseEvent, Reopening
from samokov_portal.legal.clock import Entry, Extended, ImpossibleLog, Received, Requalified, Resumed, Suspended, run
from samokov_portal.legal.grounds import EXTENSIONS, SUSPENSIONS, extensions_of
from samokov_portal.legal.holidays import Calendar
from samokov_portal.legal.receipt import day_of_receipt
from samokov_portal.legal.terms import TERMS, Deadline, Term, deadline, in_force
from samokov_portal.office.calendar import calendar_known

logger = logging.getLogger(__name__)
# After these, where they set a last day, it is counted by the calendar as it is known at that moment.
RECOUNTED = (EventKind.EXTENDED, EventKind.REQUALIFIED, EventKind.REPLIED, EventKind.LAPSED, EventKind.MOVED)


def term_by_code(code: str, on: date | None = None) -> Term:
    """The term with this code, as in force on `on` (None: the newest); an enquiry's length is a setting.

    Raises KeyError.
    """
    term = TERMS[code] if on is None else in_force(code, on)
    if code != "enquiry-answer":
        return term
    return Term(term.code, settings.ENQUIRY_ANSWER_WORKDAYS, term.unit, term.source, term.valid_from, term.verified)


def promised_term(kind: str, on: date | None = None) -> Term | None:
    """The term by which a case of `kind` received on `on` is answered; None for praise."""
    code = ANSWER_TERMS.get(kind)
    return None if code is None else term_by_code(code, on)


def log_of(case: Case, events: Iterable[CaseEvent]) -> list[Entry]:
    """What the clock reads of the `events` of a case of its first round, in order of time. Not for praise."""
    events = list(events)
    first = next((event for event in events if event.kind == EventKind.REGISTERED and event.term_code), None)
    term = _term(first.term_code, first.term_version) if first else _term(case.term_code, case.term_version)
    later = (_entry(case, event) for event in events)
    return [Received(day_of_receipt(case.received_at), term), *(entry for entry in later if entry is not None)]


def _entry(case: Case, event: CaseEvent) -> Entry | None:
    on = day_of_receipt(event.at)
    match event.kind:
        case EventKind.REQUALIFIED if event.term_code:
            return Requalified(on, _term(event.term_code, event.term_version), longest_term(event.term_code))
        case EventKind.ASKED if event.ground:
            return Suspended(on, SUSPENSIONS[event.ground])
        case EventKind.REPLIED | EventKind.LAPSED if event.ground:
            return Resumed(on)
        case EventKind.EXTENDED if event.until:
            ground = EXTENSIONS.get(event.ground)
            longest = term_by_code(ground.longest) if ground else longest_term(case.term_code)
            return Extended(on, event.until, longest) if longest else None
    return None


def _term(code: str, version: str) -> Term:
    """The term with this code in the version of then."""
    return TERMS[code].as_of_version(version)


def longest_term(code: str) -> Term | None:
    """The longest to which the term with this code may be extended on any ground; None: no extension."""
    longest = [term_by_code(ground.longest) for ground in extensions_of(code)]
    return max(longest, key=lambda term: term.amount, default=None)


def count(case: Case, events: Iterable[CaseEvent], calendar: Calendar) -> Deadline:
    """The last day of the first answer by the log, with every day explained. Not for praise.

    Raises legal.clock.ImpossibleLog and legal.terms.OutOfRange.
    """
    return run(log_of(case, events), calendar)


def explain(case: Case, events: Iterable[CaseEvent] | None = None) -> Deadline | None:
    """How the date in force was counted, by the calendar as it was known when it was counted last.

    `events` are those of the case in order, where they were read already. None for praise, and when the log does not
    give the stored date: then it must not be explained by it.
    """
    if case.due_on is None:
        return None
    events = list(case.events.in_order() if events is None else events)
    known = [event.at for event in events if event.kind in RECOUNTED and event.due_on]
    try:
        found = count(case, events, calendar_known(max([case.registered_at, *known])))
    except ImpossibleLog:
        logger.exception("the events of case %s contradict each other", case.pk)
        return None
    return found if found.due_on == case.due_on else None


def explain_reopening(reopening: Reopening) -> Deadline:
    """How the last day of another look at a case is counted: anew, from the day on which its sender asked for it.

    By the calendar as it was known then or, where a decree moved the day, when it did.
    """
    moves = reopening.case.events.decreed(DecreedDay.LOOK, since=reopening.asked_at, until=reopening.decided_at)
    moved_at = max((event.at for event in moves), default=reopening.asked_at)
    return count_reopening(reopening, calendar_known(moved_at))


def count_reopening(reopening: Reopening, calendar: Calendar) -> Deadline:
    """The last day of another look at a case by `calendar`."""
    term = TERMS[reopening.term_code].as_of_version(reopening.term_version)
    return deadline(term, day_of_receipt(reopening.asked_at), calendar)


def comes_too_late(case: Case) -> bool:
    """Whether a complaint came after the 14 days for it (АПК, чл. 84, ал. 1), or a signal is about what happened more
    than two years before (чл. 111, ал. 4), as far as the date that the sender gave tells.

    It is registered all the same; the sender is told what may follow.
    """
    received_on = day_of_receipt(case.received_at)
    if case.happened_on is None:
        return False
    if case.kind == Kind.COMPLAINT:
        last_day = deadline(TERMS["act-complaint"], case.happened_on, calendar_known(case.registered_at)).due_on
        return last_day < received_on
    age = relativedelta(years=TERMS["signal-age"].amount)
    return case.kind == Kind.SIGNAL and case.happened_on + age < received_on
