"""Made-up observations on the spot, for the demonstration."""

from datetime import date, datetime, timedelta

from charter.choices import MeasuredFrom, Method
from charter.models import Observation, Standard
from samokov_portal.office.samples import WHY, Chance
from services.models import Unit

# How many in a quarter of a year for each promise that is measured so, and how many of them find it broken.
A_QUARTER = 9
BROKEN = 0.07
NOTE = "Примерно наблюдение."


def make_observations(chance: Chance, *, first: date, until: datetime) -> int:
    """Some observations of each promise measured by observation, from `first` on; returns how many were made."""
    units = list(Unit.objects.in_order())
    days = (until.date() - first).days
    rows = []
    for standard in Standard.objects.in_force().filter(measured_from=MeasuredFrom.OBSERVATION):
        for _serial in range(A_QUARTER * days // 91):
            seen_at = chance.at_work(first + timedelta(days=chance.random.randrange(days)))
            recorded_at = seen_at + timedelta(hours=chance.random.randint(1, 30))
            is_kept = not chance.happens(BROKEN)
            if recorded_at > until:
                continue
            rows.append(
                Observation(
                    standard=standard,
                    on=seen_at.date(),
                    method=chance.one_of(list(Method)),
                    unit=chance.one_of(units),
                    is_kept=is_kept,
                    minutes=_minutes(chance, standard, is_kept),
                    note=NOTE,
                    recorded_at=recorded_at,
                    is_sample=True,
                )
            )
    stored = Observation.objects.bulk_create(rows)
    past = Observation.history.model
    fields = [field.attname for field in past.tracked_fields]
    past.objects.bulk_create(
        past(
            **{name: getattr(row, name) for name in fields},
            history_date=row.recorded_at,
            history_type="+",
            history_change_reason=WHY,
        )
        for row in stored
    )
    return len(stored)


def _minutes(chance: Chance, standard: Standard, is_kept: bool) -> int | None:
    """How long it took where the promise is of minutes."""
    if standard.limit is None or standard.limit_unit != "minutes":
        return None
    return chance.random.randint(2, standard.limit) if is_kept else standard.limit + chance.random.randint(1, 15)
