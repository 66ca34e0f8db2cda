"""Cases tied to a main one by the action of a clerk, and read anew."""

from datetime import date, datetime, timedelta
from typing import Any

from feedback.choices import Kind
from feedback.models import Case
from tests.factories import at
from tests.feedback.life_stories import filed, take

TIED_AT, LATER = at("2026-03-10"), at("2026-03-20")
WHY = "за една и съща лампа"
# The last day of a signal that came on the fifth of March.
SIGNAL_OF_05 = date(2026, 5, 5)


def tied(main: Case, staff: Any, *, received_at: datetime | None = None, kind: str = Kind.SIGNAL) -> Case:
    """A case of another sender that was tied to `main`, ten days after the main one came."""
    facts = {"name": "Петър Илиев", "email": "petar@example.bg"}
    case = filed(kind, received_at=received_at or main.received_at + timedelta(days=3), **facts)
    return take("merge", case, now=TIED_AT, by=staff["clerk"], main=main, reason=WHY)


def fresh(*cases: Case) -> list[Case]:
    return [Case.objects.get(pk=case.pk) for case in cases]
