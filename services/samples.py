"""Made-up applications for services and the visits of their applicants, for the demonstration."""

from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from samokov_portal.legal.terms import deadline
from samokov_portal.office.choices import Channel
from samokov_portal.office.models import next_number
from samokov_portal.office.numbers import write_number
from samokov_portal.office.samples import WHY, Chance, Life, Step, lives_until, store_lives
from services.actions import REGISTER
from services.choices import ApplicationOutcome, Purpose
from services.models import Application, Service, Visit

LATE, REFUSED, NOT_TAKEN = 0.06, 0.02, 0.08
TOLD, TOLD_LATER = 0.9, 0.4  # later: of those who were not told at once
COUNTERS = ("Гише 1", "Гише 2", "Гише 3", "Гише 4")
NO_VISIT, DOCUMENTS, SENT_BACK = 0.05, 0.04, 0.03


def make_applications(chance: Chance, *, days: list[date], names: list[str], until: datetime) -> int:
    """One application on each of `days`, lived as far as `until`; returns how many were made."""
    services = list(Service.objects.order_by("pk"))
    # A few services are asked for far more often than the rest.
    weights = [1 / (1 + place) ** 0.5 for place in range(len(services))]
    lives = lives_until(
        until, days, lambda day: _life(chance, chance.one_of(services, weights), day, chance.one_of(names))
    )
    _number(lives)
    rows = store_lives(Application, lives, by=None)
    visits = [life for row in rows for life in _visits(chance, row, until) if life.registered_at <= until]
    store_lives(Visit, visits, by=None)
    return len(rows)


def _life(chance: Chance, service: Service, day: date, name: str) -> Life:
    received_at = chance.at_work(day)
    channel = chance.one_of([Channel.COUNTER, Channel.POST, Channel.EMAIL], [90, 6, 4])
    due = deadline(service.term, received_at.date(), chance.calendar)
    is_told = channel == Channel.COUNTER and chance.happens(TOLD)
    start = {
        "service": service,
        "unit": service.unit,
        "applicant_name": name,
        "channel": channel,
        "waited_minutes": chance.waited_minutes() if channel == Channel.COUNTER else None,
        "received_at": received_at,
        "registered_at": received_at,
        "term_source": due.term.source,
        "term_version": due.term.version,
        "due_on": due.due_on,
        "first_due_on": due.due_on,
        "due_told_at": received_at if is_told else None,
        "is_sample": True,
    }
    steps = _steps(chance, received_at, due.due_on)
    return Life(start, received_at, steps if is_told else [*_told_later(chance, received_at, steps), *steps])


def _told_later(chance: Chance, received_at: datetime, steps: list[Step]) -> list[Step]:
    """The telling of the last day some days after, unless all was done before that, or nobody thought of it."""
    received_on = received_at.date()
    told_at = chance.at_work(chance.between(received_on + timedelta(days=1), received_on + timedelta(days=9)))
    if not chance.happens(TOLD_LATER) or told_at >= steps[0].at:
        return []
    return [Step(told_at, WHY, {"due_told_at": told_at})]


def _steps(chance: Chance, received_at: datetime, due_on: date) -> list[Step]:
    if chance.happens(LATE):
        done_on = due_on + timedelta(days=chance.random.randint(1, 12))
    else:
        done_on = chance.part_way(received_at.date(), due_on, mean=0.5)
    completed_at = max(chance.at_work(done_on), received_at + timedelta(minutes=10))
    if chance.happens(REFUSED):
        reason = "Не са представени документите, поискани с указанията."
        refusal = {"completed_at": completed_at, "outcome": ApplicationOutcome.REFUSED, "outcome_note": reason}
        return [Step(completed_at, WHY, refusal)]
    steps = [Step(completed_at, WHY, {"completed_at": completed_at, "outcome": ApplicationOutcome.READY})]
    if not chance.happens(NOT_TAKEN):
        taken_at = max(chance.at_work(done_on + timedelta(days=chance.random.randint(0, 9))), completed_at)
        steps.append(Step(taken_at, WHY, {"handed_over_at": taken_at}))
    return steps


def _visits(chance: Chance, row: Application, until: datetime) -> list[Life]:
    """How often the applicant came to a counter; of some applications nobody recorded it."""
    if row.channel != Channel.COUNTER or chance.happens(NO_VISIT):
        return []
    came_at, counter, other = row.received_at, *chance.random.sample(COUNTERS, 2)
    found = [_visit(row, came_at, counter, Purpose.APPLY)]
    last = row.completed_at or until
    if chance.happens(SENT_BACK):
        sent_at = min(came_at + timedelta(minutes=chance.random.randint(5, 40)), last)
        found.append(_visit(row, sent_at, other, Purpose.SENT_BACK))
    if chance.happens(DOCUMENTS):
        back_at = chance.at_work(chance.between(came_at.date(), timezone.localtime(last).date()))
        found.append(_visit(row, min(max(back_at, came_at), last), counter, Purpose.DOCUMENTS))
    return found


def _visit(row: Application, at: datetime, counter: str, purpose: Purpose) -> Life:
    start = {"application": row, "at": at, "counter": counter, "purpose": purpose, "recorded_at": at}
    return Life(start, at)


def _number(lives: list[Life]) -> None:
    """Give the numbers of the register in the order of receipt, each year's from its own counter."""
    by_year: dict[int, list[dict[str, Any]]] = {}
    for life in sorted(lives, key=lambda life: life.registered_at):
        by_year.setdefault(timezone.localtime(life.registered_at).year, []).append(life.start)
    for year, rows in by_year.items():
        first = next_number(REGISTER, date(year, 1, 1), count=len(rows))
        for serial, row in enumerate(rows, start=first):
            row["number"] = write_number(REGISTER, year, serial)
