"""The promised date of an application, with the count behind it: a reading of the event log."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from samokov_portal.legal.clock import Entry, ImpossibleLog, Received, Resumed, Suspended, run
from samokov_portal.legal.grounds import SUSPENSIONS
from samokov_portal.legal.holidays import Calendar
from samokov_portal.legal.receipt import day_of_receipt
from samokov_portal.legal.terms import TERMS, Deadline, Term, deadline, in_force
from samokov_portal.office.calendar import calendar_known
from services.choices import ApplicationEventKind
from services.models import OWN_TERM_SOURCE, Application, ApplicationEvent

logger = logging.getLogger(__name__)
DEFECTS = SUSPENSIONS["defects"]


def term_of(application: Application) -> Term:
    """The term that was promised, as it was then.

    To the clock it is that of an act, whoever set its length: defects let each of them stand still.
    """
    term = TERMS["act-default"].as_of_version(application.term_version)
    source = application.term_source
    return replace(term, source=source, verified=term.verified or source == OWN_TERM_SOURCE)


def log_of(application: Application, events: Iterable[ApplicationEvent]) -> list[Entry]:
    """What the clock reads of the `events` of an application, in order of time."""
    later = (_entry(event) for event in events)
    received = Received(day_of_receipt(application.received_at), term_of(application))
    return [received, *(entry for entry in later if entry is not None)]


def _entry(event: ApplicationEvent) -> Entry | None:
    if not event.ground:
        return None
    on = day_of_receipt(event.at)
    if event.kind == ApplicationEventKind.DEFECTS:
        return Suspended(on, SUSPENSIONS[event.ground])
    return Resumed(on)


def count(application: Application, events: Iterable[ApplicationEvent], calendar: Calendar) -> Deadline:
    """The last day by the log, every day explained. Raises legal.clock.ImpossibleLog and legal.terms.OutOfRange."""
    return run(log_of(application, events), calendar)


def explain(application: Application) -> Deadline | None:
    """How the date in force was counted, by the calendar as it was known when it was counted last.

    None when the log does not give the stored date: then it must not be explained by it.
    """
    events = list(application.events.in_order())
    known = [event.at for event in events if event.due_on]
    try:
        found = count(application, events, calendar_known(max([application.registered_at, *known])))
    except ImpossibleLog:
        logger.exception("the events of application %s contradict each other", application.pk)
        return None
    return found if found.due_on == application.due_on else None


def mend_by(told_on: date, calendar: Calendar) -> date:
    """The last day on which defects told on `told_on` may be mended."""
    return deadline(in_force(DEFECTS.answer_term, told_on), told_on, calendar).due_on


@dataclass(frozen=True)
class SilentRefusal:
    """That the term passed without an act, which the law takes for a refusal, and until when it may be contested."""

    since: date
    contest_by: date
    term: Term


def silent_refusal(application: Application, today: date, calendar: Calendar) -> SilentRefusal | None:
    """Of an application that awaits an act after its last day (АПК, чл. 84, ал. 2); None while there is none.

    Whoever was not told of the proceedings, and so of their last day (чл. 26), has longer. What the applicant must mend
    first is not the municipality's silence.
    """
    if application.completed_at is not None or application.paused_at is not None or application.due_on >= today:
        return None
    code = "silent-refusal" if application.due_told_at is not None else "silent-refusal-untold"
    term = in_force(code, application.due_on)
    return SilentRefusal(application.due_on, deadline(term, application.due_on, calendar).due_on, term)
