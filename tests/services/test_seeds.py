"""Made-up applications by their seed, and how many there may be of them."""

from typing import Any

import pytest
from django.db import transaction

from services.choices import ApplicationStatus
from services.models import Application, ApplicationEvent, Visit
from tests.services.making import DAYS, made_up

pytestmark = pytest.mark.django_db


def rows() -> list[dict[str, Any]]:
    """What the table holds, without the keys, which a rollback does not give back."""
    return [
        {name: value for name, value in row.items() if name not in ("id", "application_id", "history_salt")}
        for model in (Application, ApplicationEvent, Visit)
        for row in model.objects.order_by("pk").values()
    ]


def rolled_back(seed: int) -> list[dict[str, Any]]:
    with transaction.atomic():
        made_up(seed)
        made = rows()
        transaction.set_rollback(True)
    return made


def test_only_the_same_seed_makes_the_same_applications() -> None:
    made = rolled_back(7)

    assert made == rolled_back(7)
    assert made != rolled_back(8)


def test_lives_end_in_every_way_and_stand_everywhere() -> None:
    made_up(days=6 * DAYS)

    assert set(Application.objects.values_list("status", flat=True)) >= set(ApplicationStatus.values) - {"received"}
    assert ApplicationEvent.objects.filter(kind="mended").exists()
    assert Application.objects.filter(fee=None).exists()
    assert Application.objects.filter(paid__isnull=False).exists()


def test_no_days_are_no_applications() -> None:
    assert made_up(days=[]) == 0
