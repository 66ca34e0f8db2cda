"""Which open cases and applications move by days that decrees moved; above both apps, because it asks both."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from feedback.actions.calendar import shifts_of
from feedback.models import Case
from samokov_portal.legal.holidays import Calendar
from samokov_portal.legal.receipt import day_of_receipt
from samokov_portal.office.decrees import Decrees, Shift
from samokov_portal.office.models import WorkingDayOverride
from samokov_portal.staff.models import StaffUser
from services.actions import shift_of
from services.models import Application

# So many rows of each register are counted for a page, and so many of those that would move are named on it.
COUNTED, NAMED = 500, 5


@dataclass(frozen=True)
class Outlook:
    """How many rows of a register would move; `is_all` unless there were too many to count them all.

    `examples` are pairs of a row that the person may open and how its last day moves.
    """

    number: int
    is_all: bool
    examples: list[tuple[Any, Shift]]


def touched_cases(decrees: Decrees) -> Any:
    """The open cases that `decrees` may move, as a queryset."""
    return Case.objects.touched_by(*span(decrees)).order_by("next_on", "pk")


def touched_applications(decrees: Decrees) -> Any:
    """The open applications that `decrees` may move, as a queryset."""
    return Application.objects.touched_by(*span(decrees)).by_due_date()


def span(decrees: Decrees) -> tuple[date, date]:
    """The first and the last of the moved days."""
    days = [decree.day for decree in decrees]
    return min(days), max(days)


def what_would_move(decrees: Decrees, user: StaffUser, now: datetime) -> dict[str, Outlook]:
    """What would move if it were decided at `now`: `cases` and `applications`, with examples that `user` may open."""
    calendar = WorkingDayOverride.objects.known_by(now).calendar()
    today = day_of_receipt(now)

    def of_case(row: Case, by: Calendar) -> list[Shift]:
        return [moved.shift for moved in shifts_of(row, decrees=decrees, calendar=by, today=today)]

    def of_application(row: Application, by: Calendar) -> list[Shift]:
        moved = shift_of(row, decrees=decrees, calendar=by, today=today)
        return [] if moved is None else [moved]

    cases = touched_cases(decrees).prefetch_related("events", "questions", "reopenings")
    return {
        "cases": _outlook(cases, of_case, calendar, Case.objects.seen_by(user)),
        "applications": _outlook(
            touched_applications(decrees), of_application, calendar, Application.objects.seen_by(user)
        ),
    }


def _outlook(rows: Any, moves: Callable[[Any, Calendar], Sequence[Shift]], calendar: Calendar, seen: Any) -> Outlook:
    found = list(rows[: COUNTED + 1])
    moved = [(row, shifts[0]) for row in found[:COUNTED] if (shifts := moves(row, calendar))]
    open_to = set(seen.filter(pk__in=[row.pk for row, _shift in moved]).values_list("pk", flat=True))
    examples = [(row, shift) for row, shift in moved if row.pk in open_to]
    return Outlook(len(moved), len(found) <= COUNTED, examples[:NAMED])
