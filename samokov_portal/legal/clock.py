"""The clock of a case: a pure function of its event log. Nothing is kept here; the same log gives the same date."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from samokov_portal.legal.grounds import Effect, SuspensionGround
from samokov_portal.legal.holidays import Calendar
from samokov_portal.legal.terms import Deadline, Step, Term, Why, deadline
from samokov_portal.legal.workdays import ONE_DAY, this_or_next_workday


@dataclass(frozen=True)
class Received:
    """It came; the day itself is not counted."""

    on: date
    term: Term


@dataclass(frozen=True)
class Requalified:
    """By its content it is of another kind, so another term runs from the same receipt.

    Days on which the clock stood still stay so; that it began anew by the old kind's rule does not. An extension stays
    as far as the new kind's longest term lets it; where the law knows none (`longest` is None), it falls away.
    """

    on: date
    term: Term
    longest: Term | None = None


@dataclass(frozen=True)
class Suspended:
    """The clock stands still from the next day on: the day on which something happens is never counted for it."""

    on: date
    ground: SuspensionGround


@dataclass(frozen=True)
class Resumed:
    """What was waited for came; this day still stands still, the next one counts."""

    on: date


@dataclass(frozen=True)
class Extended:
    """The competent body moved the last day to `until`, at most as far as `longest` from receipt."""

    on: date
    until: date
    longest: Term


Entry = Received | Requalified | Suspended | Resumed | Extended


class ImpossibleLog(ValueError):
    """The entries contradict each other: out of order, resumed without being suspended, nothing received."""


class GroundNotAllowed(ImpossibleLog):
    """The law does not let this term stand still on this ground."""


@dataclass(frozen=True)
class Reading:
    """What the log says so far. `standing_since` is the day of a suspension that has not ended."""

    term: Term
    received_on: date
    start: date
    standing_still: frozenset[date] = frozenset()
    standing_since: date | None = None
    ground: SuspensionGround | None = None
    until: date | None = None
    longest: Term | None = None


def run(log: Sequence[Entry], calendar: Calendar) -> Deadline:
    """The last day by `log`, whose entries are in order of time, with every day explained.

    Raises ImpossibleLog (GroundNotAllowed among them) and OutOfRange.
    """
    _refuse_disorder(log)
    first, *rest = log
    if not isinstance(first, Received):
        raise ImpossibleLog("nothing was received")
    reading = Reading(first.term, first.on, first.on)
    for entry in rest:
        reading = _read(reading, entry)
    return _explain(reading, calendar)


def _refuse_disorder(log: Sequence[Entry]) -> None:
    days = [entry.on for entry in log]
    if not days or days != sorted(days):
        raise ImpossibleLog("the entries are not in order of time")


def _read(reading: Reading, entry: Entry) -> Reading:
    match entry:
        case Requalified():
            return _requalify(reading, entry)
        case Suspended():
            return _suspend(reading, entry)
        case Resumed():
            return _resume(reading, entry.on)
        case Extended():
            return replace(reading, until=entry.until, longest=entry.longest)
        case Received():
            raise ImpossibleLog("received twice")


def _requalify(reading: Reading, entry: Requalified) -> Reading:
    if reading.standing_since is not None:
        raise ImpossibleLog("re-qualified while suspended")
    until = reading.until if entry.longest else None
    return replace(reading, term=entry.term, start=reading.received_on, until=until, longest=entry.longest)


def _suspend(reading: Reading, entry: Suspended) -> Reading:
    if reading.standing_since is not None:
        raise ImpossibleLog("suspended twice")
    if reading.term.code not in entry.ground.terms:
        raise GroundNotAllowed(entry.ground.code, reading.term.code)
    return replace(reading, standing_since=entry.on, ground=entry.ground)


def _resume(reading: Reading, on: date) -> Reading:
    if reading.standing_since is None or reading.ground is None:
        raise ImpossibleLog("resumed without being suspended")
    # A set of days: whatever overlaps is still one day.
    stood = reading.standing_still | frozenset(_days_after(reading.standing_since, on))
    start = on if reading.ground.effect is Effect.RESTARTS else reading.start
    return replace(reading, standing_still=stood, standing_since=None, ground=None, start=start)


def _days_after(day: date, last: date) -> Iterable[date]:
    while day < last:
        day += ONE_DAY
        yield day


def _explain(reading: Reading, calendar: Calendar) -> Deadline:
    counted = deadline(reading.term, reading.start, calendar, reading.standing_still)
    steps = counted.steps
    if reading.start != reading.received_on:
        restart = Step(reading.start, counted=False, why=Why.RESTARTED)
        steps = (Step(reading.received_on, counted=False, why=Why.RECEIVED), restart, *steps[1:])
    due_on = _extended(reading, counted.due_on, calendar)
    if due_on != counted.due_on:
        steps = (*steps, Step(due_on, counted=False, why=Why.EXTENDED))
    return Deadline(reading.term, reading.received_on, due_on, steps, is_suspended=reading.standing_since is not None)


def _extended(reading: Reading, due_on: date, calendar: Calendar) -> date:
    """The extended last day, never earlier than the term itself and never beyond the longest one."""
    if reading.until is None or reading.longest is None:
        return due_on
    longest = deadline(reading.longest, reading.start, calendar, reading.standing_still).due_on
    # A decree may have made the chosen day a day off since (ГПК, чл. 60, ал. 6).
    until = this_or_next_workday(reading.until, calendar)
    return max(due_on, min(until, longest))
