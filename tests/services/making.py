"""Making up applications in tests."""

from datetime import date, timedelta

from samokov_portal.legal.holidays import Calendar
from samokov_portal.office.samples import Chance
from services.samples import make_applications
from tests.factories import at

UNTIL = at("2026-11-22", "21:59")  # Sunday, 23:59 in Sofia
DAYS = [date(2026, 11, 22) - timedelta(days=2 * back) for back in range(250)]  # back to July 2025
NAMES = ["Иван Петров", "Мария Стоянова"]


def made_up(seed: int = 1, days: list[date] = DAYS) -> int:
    """Make applications received on `days`; returns how many."""
    return make_applications(Chance(seed, Calendar()), days=days, names=NAMES, until=UNTIL)
