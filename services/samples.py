"""Made-up applications for services, for the demonstration."""

from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from samokov_portal.legal.terms import deadline
from samokov_portal.office.choices import Channel
from samokov_portal.office.models import next_number
from samokov_portal.office.numbers import write_number
from samokov_portal.office.samples import WHY, Chance, Life, Step, lives_until, store_lives
from services.actions import REGISTER
from services.choices import ApplicationOutcome
from services.models import Application, Service

LATE, REFUSED, NOT_TAKEN = 0.06, 0.02, 0.08


def make_applications(chance: Chance, *, days: list[date], names: list[str], until: datetime) -> int:
    """One application on each of `days`, lived as far as `until`; returns how many were made."""
    services = list(Service.objects.order_by("pk"))
    # A few services are asked for far more often than the rest.
    weights = [1 / (1 + place) ** 0.5 for place in range(len(services))]
    lives = lives_until(
        until, days, lambda day: _life(chance, chance.one_of(services, weights), day, chance.one_of(names))
    )
    _number(lives)
    return len(store_lives(Application, lives, by=None))


def _life(chance: Chance, service: Service, day: date, name: str) -> Life:
    received_at = chance.at_work(day)
    channel = chance.one_of([Channel.COUNTER, Channel.POST, Channel.EMAIL], [90, 6, 4])
    due = deadline(service.term, received_at.date(), chance.calendar)
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
        "is_sample": True,
    }
    return Life(start, received_at, _steps(chance, received_at, due.due_on))


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


def _number(lives: list[Life]) -> None:
    """Give the numbers of the register in the order of receipt, each year's from its own counter."""
    by_year: dict[int, list[dict[str, Any]]] = {}
    for life in sorted(lives, key=lambda life: life.registered_at):
        by_year.setdefault(timezone.localtime(life.registered_at).year, []).append(life.start)
    for year, rows in by_year.items():
        first = next_number(REGISTER, date(year, 1, 1), count=len(rows))
        for serial, row in enumerate(rows, start=first):
            row["number"] = write_number(REGISTER, year, serial)
