"""Applications brought to each state by the actions that officials take, never by writing rows."""

import uuid
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from samokov_portal.history import save_with_history
from services.actions import ACTIONS, log_application
from services.life import MOVES
from services.models import Application, Service, Unit
from tests.factories import at

RECEIVED_AT = at("2026-03-02", "10:00")  # Monday; due on Monday 16.03.2026
# What is given with each move when it is made well.
GOOD: dict[str, dict[str, Any]] = {
    "defects": {"defects": "Липсва подпис."},
    "mend": {"how": "Подписано е на гише."},
    "set_fee": {"fee": Decimal("3.07"), "reason": "Наредба № 12"},
    "pay": {"paid": Decimal("3.07"), "paid_by": "cash", "document": ""},
    "finish": {"note": ""},
    "refuse": {"reasons": "Няма право."},
    "leave": {"reason": "Не са отстранени."},
    "withdraw": {"how": "Лично на гише."},
    "hand_over": {"how": "counter"},
}
# By which moves an application comes to stand there.
WAY: dict[str, tuple[str, ...]] = {
    "received": (),
    "in_work": ("check",),
    "defects": ("check", "defects"),
    "ready": ("check", "finish"),
    "handed_over": ("check", "finish", "hand_over"),
    "refused": ("refuse",),
    "no_proceedings": ("defects", "leave"),
    "withdrawn": ("withdraw",),
}


def logged(clerk: Any, received_at: datetime = RECEIVED_AT, **facts: Any) -> Application:
    """An application as it is when it was just registered, of the unit in which the expert of the tests works."""
    values = {
        "service": Service.objects.get(number="2016"),
        "applicant_name": "Иван Петров",
        "applicant_contact": "ivan@example.bg",
        "channel": "counter",
        **facts,
    }
    times = {"received_at": received_at, "registered_at": received_at}
    row, _is_new = log_application(nonce=uuid.uuid4().hex, values=values, by=clerk, **times)
    row.unit = Unit.objects.get(code="hdettos")
    save_with_history(row, by=clerk, why="звено", fields=["unit"])
    return row


def when(move: str, row: Application) -> datetime:
    """A moment at which the move is in time: after the three days for leaving it, before for the rest."""
    return row.received_at + timedelta(days=5 if move == "leave" else 1)


def take(move: str, row: Application, *, by: Any, now: datetime | None = None, **values: Any) -> Application:
    """Make the move, well unless `values` say otherwise."""
    given = {**GOOD.get(move, {}), **values}
    return ACTIONS[move](application_id=row.pk, by=by, now=now or when(move, row), **given)


def brought_to(status: str, staff: dict[str, Any], **facts: Any) -> Application:
    """An application that came to stand there."""
    row = logged(staff["clerk"], **facts)
    for move in WAY[status]:
        row = take(move, row, by=staff["clerk"])
    return row


def begins_at(move: str) -> str:
    """A state from which the move may be made."""
    return sorted(MOVES[move].begins)[0]
