"""Recording what was seen on the spot, and withdrawing what was recorded by mistake."""

from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction

from charter.actions.refusals import NeedsReason
from charter.models import Observation
from samokov_portal.history import save_with_history
from samokov_portal.staff.models import StaffUser

# The same facts from the same person within this time are a second press, not a second observation.
SECOND_PRESS = timedelta(minutes=2)


class AlreadyWithdrawn(Exception):
    """The observation was withdrawn before."""


@transaction.atomic
def record_observation(*, values: dict[str, Any], by: StaffUser, now: datetime) -> Observation:
    """Store what was seen; pressed twice it is stored once."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"observation {by.pk}"])
    twin = Observation.objects.filter(**values, recorded_by=by, recorded_at__gt=now - SECOND_PRESS).first()
    if twin is not None:
        return twin
    observation = Observation(**values, recorded_by=by, recorded_at=now)
    save_with_history(observation, by=by, why="записано наблюдение")
    return observation


@transaction.atomic
def withdraw_observation(*, observation_id: int, reason: str, by: StaffUser, now: datetime) -> Observation:
    """Withdraw a mistaken observation; figures as of before still count it. Raises NeedsReason, AlreadyWithdrawn."""
    observation = Observation.objects.select_for_update(of=("self",)).get(pk=observation_id)
    if observation.withdrawn_at is not None:
        raise AlreadyWithdrawn
    if not reason.strip():
        raise NeedsReason
    observation.withdrawn_at, observation.withdrawal_reason = now, reason.strip()
    save_with_history(observation, by=by, why=reason.strip(), fields=["withdrawn_at", "withdrawal_reason"])
    return observation
