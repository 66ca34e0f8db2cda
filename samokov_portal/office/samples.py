"""Made-up rows for the demonstration: chance that can be repeated, and rows stored with the history of a real life."""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import islice
from random import Random
from typing import Any

from django.db import models
from django.utils import timezone
from simple_history.utils import get_history_manager_for_model

from samokov_portal.legal.holidays import Calendar
from samokov_portal.legal.workdays import this_or_next_workday

BATCH = 2000
OPENS, CLOSES = time(8, 30), time(17, 0)
WHY = "примерни данни"


@dataclass
class Step:
    """A change in the life of a made-up row: when, why, and the fields that got other values."""

    at: datetime
    why: str
    changes: dict[str, Any]
    event: str = ""
    note: str = ""


@dataclass
class Life:
    """A made-up row from its registration on; `start` are its fields as registered."""

    start: dict[str, Any]
    registered_at: datetime
    steps: list[Step] = field(default_factory=list)

    @property
    def end(self) -> dict[str, Any]:
        """The fields after the last step."""
        fields = dict(self.start)
        for step in self.steps:
            fields |= step.changes
        return fields

    def until(self, moment: datetime) -> "Life":
        """What of it had happened by `moment`."""
        return Life(self.start, self.registered_at, [step for step in self.steps if step.at <= moment])


class Chance:
    """Random choices that a seed repeats, in the working calendar of the municipality."""

    def __init__(self, seed: int, calendar: Calendar) -> None:
        self.random = Random(seed)
        self.calendar = calendar

    def happens(self, probability: float) -> bool:
        return self.random.random() < probability

    def one_of(self, rows: Sequence[Any], weights: Sequence[float] | None = None) -> Any:
        return self.random.choices(rows, weights)[0]

    def at_work(self, day: date) -> datetime:
        """A moment in working hours on `day`, or on the next working day."""
        opens = datetime.combine(this_or_next_workday(day, self.calendar), OPENS)
        minutes = (CLOSES.hour - OPENS.hour) * 60 + CLOSES.minute - OPENS.minute
        return timezone.make_aware(opens + timedelta(minutes=self.random.randrange(minutes)))

    def at_any_hour(self, day: date) -> datetime:
        """A moment on `day` at which people are awake, in Europe/Sofia."""
        hour = self.one_of(range(6, 24), [1, 3, 6, 8, 9, 9, 8, 7, 7, 7, 7, 8, 9, 10, 10, 8, 5, 2])
        return timezone.make_aware(datetime.combine(day, time(hour, self.random.randrange(60))))

    def between(self, first: date, last: date) -> date:
        """A day from `first` to `last`, both possible."""
        return first + timedelta(days=self.random.randrange((last - first).days + 1))

    def part_way(self, first: date, last: date, mean: float) -> date:
        """A day from `first` to `last`, most likely at the `mean` part of the way (0 to 1)."""
        part = self.random.betavariate(4 * mean, 4 * (1 - mean))
        return first + timedelta(days=math.floor(part * ((last - first).days + 1)))

    def waited_minutes(self) -> int | None:
        """How long a person waited at the counter; now and then nobody wrote it down."""
        return None if self.happens(0.05) else round(self.random.gammavariate(2.2, 4))


def lives_until(moment: datetime, days: Iterable[date], live: Callable[[date], Life]) -> list[Life]:
    """A life for each day, as far as it had come by `moment`; one not yet registered then begins earlier instead."""
    lives = []
    for day in days:
        life = live(day)
        while life.registered_at > moment:
            day -= timedelta(days=1)
            life = live(day)
        lives.append(life.until(moment))
    return lives


def store_lives(model: type[models.Model], lives: Iterable[Life], by: Any) -> list[Any]:
    """Insert the rows as they ended, and one history row for the registration and for each step, as it was then."""
    lives = list(lives)
    rows = model._default_manager.bulk_create([model(**life.end) for life in lives], batch_size=BATCH)
    manager = get_history_manager_for_model(model)
    past = (
        version for row, life in zip(rows, lives, strict=True) for version in _versions(manager.model, row, life, by)
    )
    while batch := list(islice(past, BATCH)):
        manager.bulk_create(batch)
    return rows


def _versions(historical: Any, row: models.Model, life: Life, by: Any) -> Iterable[Any]:
    fields = dict(life.start)
    yield _version(historical, row, fields, life.registered_at, "+", WHY, by)
    for step in life.steps:
        fields |= step.changes
        yield _version(historical, row, fields, step.at, "~", step.why, by)


def _version(historical: Any, row: Any, fields: dict[str, Any], at: datetime, kind: str, why: str, by: Any) -> Any:
    then = row.__class__(**fields)
    kept = {tracked.attname: getattr(then, tracked.attname) for tracked in historical.tracked_fields}
    kept["id"] = row.pk
    return historical(**kept, history_date=at, history_type=kind, history_change_reason=why, history_user=by)
