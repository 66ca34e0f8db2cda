"""Complaints after the 14 days and signals about what is older than two years: registered, and told of it."""

from datetime import date

import pytest

from feedback.clock import comes_too_late
from feedback.models import Case
from tests.factories import at


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("kind", "happened_on", "received", "late"),
    [
        ("complaint", date(2026, 11, 9), "2026-11-23", False),  # Monday, the fourteenth day is Monday
        ("complaint", date(2026, 11, 8), "2026-11-23", False),  # the fourteenth day is Sunday 22.11 -> Monday
        ("complaint", date(2026, 11, 6), "2026-11-23", True),  # the fourteenth day was Friday 20.11
        ("complaint", None, "2026-11-23", False),
        ("signal", date(2024, 11, 23), "2026-11-23", False),  # two years to the day
        ("signal", date(2024, 11, 22), "2026-11-23", True),
        ("signal", None, "2026-11-23", False),
        ("proposal", date(2020, 1, 1), "2026-11-23", False),
    ],
)
def test_what_comes_too_late_is_known(kind: str, happened_on: date | None, received: str, late: bool) -> None:
    moment = at(received)

    assert comes_too_late(Case(kind=kind, happened_on=happened_on, received_at=moment, registered_at=moment)) is late
