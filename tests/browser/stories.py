"""Cases brought to a state by the actions that people take, with moments relative to the real clock."""

import uuid
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from feedback.actions import (
    Filed,
    answer_case,
    assign_case,
    close_case,
    extend_case,
    forward_case,
    register_case,
)
from feedback.choices import OUTCOMES, Kind
from samokov_portal.legal.holidays import Calendar
from samokov_portal.legal.workdays import this_or_next_workday
from samokov_portal.office.choices import Channel
from services.models import Unit

LONG_OVERDUE = timedelta(days=100)
ANSWER = "Лампите са подменени."


def file_case(kind: str, received_at: datetime) -> Filed:
    """A case filed through the portal at `received_at`."""
    values: dict[str, Any] = {
        "kind": kind,
        "channel": Channel.WEB,
        "subject": "Не свети лампа",
        "text": "От седмица не светят лампите.\nИмето на улицата е в полето „място“.",
        "name": "Мария Стоянова",
        "email": "maria@example.bg",
    }
    if kind == Kind.SIGNAL:
        values["place"] = "ул. „Търговска“ 12"
    return register_case(nonce=uuid.uuid4().hex, values=values, received_at=received_at, registered_at=received_at)


def give_answer(filed: Filed, by: Any, now: datetime) -> None:
    answer_case(case_id=filed.case.pk, outcome=OUTCOMES[filed.case.kind][0], answer=ANSWER, by=by, now=now)


def cases_in_every_state(staff: dict[str, Any], now: datetime) -> dict[str, Filed]:
    """By the name of the state; all but the praise are signals."""
    clerk, mayor, unit = staff["clerk"], staff["mayor"], Unit.objects.get(code="hdettos")
    cases = {
        state: file_case(Kind.SIGNAL, now - timedelta(days=10))
        for state in ("registered", "assigned", "forwarded", "decided", "closed", "extended")
    }
    cases["overdue"] = file_case(Kind.SIGNAL, now - LONG_OVERDUE)
    cases["answered late"] = file_case(Kind.SIGNAL, now - LONG_OVERDUE)
    cases["praise"] = file_case(Kind.PRAISE, now - timedelta(days=1))

    for state in ("assigned", "decided", "closed", "overdue"):
        assign_case(case_id=cases[state].case.pk, unit=unit, by=clerk, now=now - timedelta(days=9))
    forward_case(
        case_id=cases["forwarded"].case.pk,
        body="Областно пътно управление – София",
        reason="Пътят е републикански.",
        by=clerk,
        now=now - timedelta(days=8),
    )
    extended = cases["extended"].case
    assert extended.due_on is not None
    until = this_or_next_workday(extended.due_on + timedelta(days=7), Calendar({}))
    extend_case(case_id=extended.pk, due_on=until, reason="Чака се експертиза.", by=mayor, now=now)
    for state in ("decided", "closed", "answered late"):
        give_answer(cases[state], clerk, now - timedelta(days=2))
    close_case(case_id=cases["closed"].case.pk, how="по имейл", by=clerk, now=now - timedelta(days=1))
    return cases


def real_now() -> datetime:
    return timezone.now()
