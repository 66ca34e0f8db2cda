"""Rows for tests: whole and lawful unless a test says otherwise."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import factory
from django.db import transaction

from feedback.access import access_digest
from feedback.choices import UNDECIDED_STATUSES, Kind, Outcome, Status
from feedback.models import Case
from samokov_portal.office.choices import Channel
from services.choices import ApplicationOutcome, ApplicationStatus
from services.models import Application, Service, Unit

CODE = "ABCD-EFGH-JKLM-NPQR"


def at(day: str, hour: str = "12:00") -> datetime:
    """The moment `hour` on `day` (YYYY-MM-DD), in UTC."""
    return datetime.fromisoformat(f"{day}T{hour}:00").replace(tzinfo=UTC)


def awaited(case: Any) -> date | None:
    """The day that a new case awaits: that of the notice once it is decided, of the decision before."""
    if case.status == Status.DECIDED:
        return case.notify_due_on
    return case.due_on if case.status in UNDECIDED_STATUSES else None


# What is not known yet before each moment of a row, and what stands there then.
UNKNOWN_BEFORE: dict[str, dict[str, Any]] = {
    "extended_at": {"extended_at": None},
    "due_moved_at": {"due_moved_at": None},
    "forwarded_at": {"forwarded_at": None, "forwarded_to": ""},
    "decided_at": {"decided_at": None, "outcome": "", "answer": "", "notify_due_on": None},
    "notified_at": {"notified_at": None},
    "closed_at": {"closed_at": None},
    "ended_at": {"ended_at": None, "end_reason": ""},
    "due_told_at": {"due_told_at": None},
    "paused_at": {"paused_at": None, "mend_due_on": None},
    # The state of what comes first is said last.
    "handed_over_at": {"handed_over_at": None, "status": ApplicationStatus.READY},
    "completed_at": {"completed_at": None, "outcome": "", "outcome_note": "", "status": ApplicationStatus.RECEIVED},
}


class LivedFactory(factory.django.DjangoModelFactory):
    """Rows whose history says what the store knew at each of their moments, as if they had been lived through."""

    class Meta:
        abstract = True

    @classmethod
    @transaction.atomic
    def _create(cls, model_class: Any, *args: Any, **values: Any) -> Any:
        row = model_class(*args, **values)
        row.skip_history_when_saving = True
        row.save()
        del row.skip_history_when_saving
        moments = {getattr(row, name, None) for name in UNKNOWN_BEFORE} - {None}
        past = model_class.history.model
        for moment in sorted({row.registered_at, *(at for at in moments if at > row.registered_at)}):
            known = {field.attname: getattr(row, field.attname) for field in past.tracked_fields}
            for name, blank in UNKNOWN_BEFORE.items():
                if getattr(row, name, None) is not None and getattr(row, name) > moment:
                    known |= {field: value for field, value in blank.items() if field in known}
            if known.get("due_moved_at") is None and row.due_moved_at is not None:
                known["due_on"] = row.first_due_on
            past.objects.create(**known, history_date=moment, history_type="+" if moment == row.registered_at else "~")
        return row


class CaseFactory(LivedFactory):
    """A signal received on Monday 02.03.2026, due on Monday 04.05.2026 (02.05 is a Saturday)."""

    class Meta:
        model = Case

    class Params:
        decided = factory.Trait(
            status=Status.DECIDED,
            decided_at=factory.LazyAttribute(lambda case: case.received_at + timedelta(days=10)),
            outcome=Outcome.UPHELD,
            answer="Лампите са подменени.",
            notify_due_on=factory.LazyAttribute(lambda case: case.decided_at.date() + timedelta(days=7)),
        )
        closed = factory.Trait(
            decided=True,
            status=Status.CLOSED,
            notified_at=factory.LazyAttribute(lambda case: case.decided_at + timedelta(days=1)),
            closed_at=factory.LazyAttribute(lambda case: case.notified_at),
        )
        forwarded = factory.Trait(
            status=Status.FORWARDED,
            forwarded_to="Областно пътно управление – София",
            forwarded_at=factory.LazyAttribute(lambda case: case.received_at + timedelta(days=3)),
        )

    number = factory.Sequence(lambda serial: f"С-2026-{serial + 100_001:06d}")
    kind = Kind.SIGNAL
    citizen_kind = factory.SelfAttribute("kind")
    status = Status.REGISTERED
    subject = "Не свети лампа"
    text = "От седмица не светят лампите по улицата."
    name = "Мария Стоянова"
    email = "maria@example.bg"
    channel = Channel.WEB
    received_at = at("2026-03-02")
    registered_at = factory.SelfAttribute("received_at")
    access_digest = access_digest(CODE)
    term_code = "signal-decision"
    term_version = "2 months @ 2006-07-12"
    first_due_on = date(2026, 5, 4)
    due_on = factory.SelfAttribute("first_due_on")
    due_moved_at = factory.SelfAttribute("extended_at")
    extended_at = None
    next_on = factory.LazyAttribute(awaited)
    unit = factory.LazyAttribute(
        lambda case: Unit.objects.get(code="hdettos") if case.status == Status.ASSIGNED else None
    )
    forward_due_on = factory.LazyAttribute(lambda case: case.received_at.date() + timedelta(days=7))


def stands(row: Any) -> ApplicationStatus:
    """The state of an application that agrees with its other facts."""
    if row.handed_over_at is not None:
        return ApplicationStatus.HANDED_OVER
    if row.completed_at is not None and row.outcome:
        return ApplicationStatus(row.outcome)
    return ApplicationStatus.RECEIVED if row.paused_at is None else ApplicationStatus.DEFECTS


class ApplicationFactory(LivedFactory):
    """An application received at the counter on Monday 02.03.2026, due on Monday 16.03.2026."""

    class Meta:
        model = Application

    class Params:
        completed = factory.Trait(
            completed_at=factory.LazyAttribute(lambda row: row.received_at + timedelta(days=5)),
            outcome=ApplicationOutcome.READY,
        )

    status = factory.LazyAttribute(stands)
    paused_at = None
    completed_at = None
    handed_over_at = None
    outcome = ""
    outcome_note = factory.LazyAttribute(lambda row: "Няма право." if row.outcome not in ("", "ready") else "")
    number = factory.Sequence(lambda serial: f"У-2026-{serial + 100_001:06d}")
    service = factory.LazyFunction(lambda: Service.objects.get(number="2016"))
    applicant_name = "Иван Петров"
    channel = Channel.COUNTER
    received_at = at("2026-03-02")
    registered_at = factory.SelfAttribute("received_at")
    term_source = "АПК, чл. 57"
    term_version = "14 calendar_days @ 2006-07-12"
    due_on = date(2026, 3, 16)
    first_due_on = factory.SelfAttribute("due_on")


def filing(kind: str, **changes: Any) -> dict[str, str]:
    """What a browser sends for a form of `kind` filled in well, without the token."""
    filled = {
        "subject": "Не свети лампа",
        "text": "От седмица не светят лампите по улицата.",
        "act_reference": "Заповед № 12 от 2026 г.",
        "name": "Мария Стоянова",
        "email": "maria@example.bg",
    }
    return {**filled, **changes}
