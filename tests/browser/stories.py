"""Cases brought to a state by the actions that people take, with moments relative to the real clock."""

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from feedback.choices import Kind, Status
from feedback.models import Case
from samokov_portal.legal.holidays import Calendar
from samokov_portal.legal.workdays import this_or_next_workday
from samokov_portal.office.choices import Channel
from tests.feedback.life_stories import ANSWER, NAMELESS, body, brought_to, filed, take, walk

LONG_OVERDUE = timedelta(days=100)


def file_case(kind: str, received_at: datetime) -> Case:
    """A case filed through the portal at `received_at`."""
    place = {"place": "ул. „Търговска“ 12"} if kind == Kind.SIGNAL else {}
    text = "От седмица не светят лампите.\nИмето на улицата е в полето „място“."
    return filed(kind, received_at=received_at, text=text, **place)


def give_answer(case: Case, by: Any, now: datetime) -> None:
    take("answer", case, now=now, by=by, answer=ANSWER)


def cases_in_every_state(staff: dict[str, Any], now: datetime) -> dict[str, Case]:
    """By the name of the state; signals, unless the name says otherwise."""
    received_at = now - timedelta(days=10)
    cases = {
        status.value: brought_to(status, staff, file_case(Kind.SIGNAL, received_at))
        for status in Status
        if status != Status.FORWARDING
    }
    return cases | {
        "forwarding": half_forwarded(staff, received_at),
        "extended": extended(staff, received_at),
        "overdue": walk(file_case(Kind.SIGNAL, now - LONG_OVERDUE), ("assign",), staff),
        "answered late": walk(file_case(Kind.SIGNAL, now - LONG_OVERDUE), ("answer",), staff, start=now),
        "against an official": against(staff["mayor"], staff, received_at),
        "requalified": walk(file_case(Kind.PRAISE, received_at), ("assign", "requalify"), staff),
        "paused": paused(staff, received_at),
        "nameless": filed(received_at=received_at, channel=Channel.POST, **NAMELESS),
        "looked at twice": walk(
            brought_to(Status.REOPENED, staff, file_case(Kind.SIGNAL, received_at)), ("answer",), staff, start=now
        ),
        "rated": walk(brought_to(Status.NOTIFIED, staff, file_case(Kind.SIGNAL, received_at)), ("rate",), staff),
        "praise": file_case(Kind.PRAISE, now - timedelta(days=1)),
    }


def half_forwarded(staff: dict[str, Any], received_at: datetime) -> Case:
    """To be forwarded to two bodies, none of whose letters has left."""
    case = file_case(Kind.SIGNAL, received_at)
    bodies = [body(), body("Басейнова дирекция", email="basin@example.bg")]
    return take("forward", case, now=received_at + timedelta(days=1), by=staff["clerk"], bodies=bodies)


def extended(staff: dict[str, Any], received_at: datetime) -> Case:
    case = file_case(Kind.SIGNAL, received_at)
    assert case.due_on is not None
    until = this_or_next_workday(case.due_on + timedelta(days=7), Calendar({}))
    return take("extend", case, now=received_at + timedelta(days=1), by=staff["mayor"], due_on=until)


def against(person: Any, staff: dict[str, Any], received_at: datetime) -> Case:
    case = file_case(Kind.SIGNAL, received_at)
    return take("assign", case, now=received_at, by=staff["clerk"], complained_of=person)


def paused(staff: dict[str, Any], received_at: datetime) -> Case:
    """A request for information whose term stands still."""
    case = walk(file_case(Kind.INFORMATION, received_at), ("assign",), staff)
    now = received_at + timedelta(days=2)
    return take("ask", case, now=now, by=staff["clerk"], ground="information-unclear")


def real_now() -> datetime:
    return timezone.now()
