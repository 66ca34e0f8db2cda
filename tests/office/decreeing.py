"""Days moved by decree, as tests enter them."""

from datetime import date, datetime
from typing import Any

from samokov_portal.history import save_with_history
from samokov_portal.office.decrees import Order, order_decrees, standing_order
from samokov_portal.office.models import WorkingDayOverride
from tests.factories import at

REASON = "Обнародвано е решение за почивните дни."
LEARNT = at("2026-11-20")  # Friday


def decree(day: date, *, is_working: bool = False, learnt_at: datetime = LEARNT, **facts: Any) -> WorkingDayOverride:
    """A day that the government made working or a day off."""
    source = {"source": "РМС № 1 от 2026 г.", "gazette": "ДВ, бр. 1 от 2026 г.", **facts}
    row = WorkingDayOverride(day=day, is_working=is_working, learnt_at=learnt_at, **source)
    save_with_history(row, by=None, why="обнародвано")
    return row


def ordered(by: Any, now: datetime) -> Order:
    """The standing order after the secretary decided about every day learnt so far."""
    order_decrees(by=by, reason=REASON, now=now)
    order = standing_order()
    assert order is not None
    return order
