"""Changes of an application for a service: each atomic, with the acting person and the moment passed in."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from samokov_portal.history import save_with_history
from samokov_portal.legal.holidays import Calendar
from samokov_portal.legal.receipt import day_of_receipt
from samokov_portal.legal.terms import TERMS, deadline
from samokov_portal.office.decrees import Decrees, Order, Shift, shift
from samokov_portal.office.models import WorkingDayOverride, next_number
from samokov_portal.office.numbers import write_number
from samokov_portal.office.once import store_once
from samokov_portal.staff.models import StaffUser
from services.choices import ApplicationOutcome
from services.models import Application

REGISTER = "У"


class AlreadyCompleted(Exception):
    """The document was already issued, or the service refused."""


class NotReady(Exception):
    """There is no document to hand over, or it was handed over already."""


class NeedsReason(Exception):
    """A refusal needs its reasons in words (АПК, чл. 59)."""


def log_application(
    *, nonce: str, values: dict[str, Any], by: StaffUser, received_at: datetime, registered_at: datetime
) -> tuple[Application, bool]:
    """Store an application that came at the desk, once for each form; returns it and whether it is new.

    Its last day is found by the service's term and kept. Raises FormAlreadyUsed.
    """

    def store(digests: dict[str, str]) -> Application:
        facts = {**values, **digests, "received_at": received_at, "registered_at": registered_at}
        return _register(facts, by=by)

    return store_once(Application, nonce=nonce, values={**values, "received_at": received_at}, store=store)


@transaction.atomic
def _register(facts: dict[str, Any], *, by: StaffUser) -> Application:
    service = facts["service"]
    received_on = timezone.localtime(facts["received_at"]).date()
    registered_on = timezone.localtime(facts["registered_at"]).date()
    found = deadline(service.term, received_on, WorkingDayOverride.objects.all().calendar())
    application = Application(
        **facts,
        number=write_number(REGISTER, registered_on.year, next_number(REGISTER, registered_on)),
        unit=service.unit,
        due_on=found.due_on,
        first_due_on=found.due_on,
        term_source=found.term.source,
        term_version=found.term.version,
    )
    save_with_history(application, by=by, why="регистрирано")
    return application


def _locked(application_id: int) -> Application:
    return Application.objects.select_for_update(of=("self",)).get(pk=application_id)


@transaction.atomic
def complete_application(*, application_id: int, outcome: str, note: str, by: StaffUser, now: datetime) -> Application:
    """Record the issued document or the reasoned refusal. Raises AlreadyCompleted, NeedsReason."""
    application = _locked(application_id)
    if application.completed_at is not None:
        raise AlreadyCompleted
    if outcome == ApplicationOutcome.REFUSED and not note.strip():
        raise NeedsReason
    application.outcome = ApplicationOutcome(outcome)
    application.outcome_note = note.strip()
    application.completed_at = now
    save_with_history(application, by=by, why="приключено", fields=["outcome", "outcome_note", "completed_at"])
    return application


@transaction.atomic
def hand_over_application(*, application_id: int, by: StaffUser, now: datetime) -> Application:
    """Record that the person took the document. Raises NotReady."""
    application = _locked(application_id)
    if application.outcome != ApplicationOutcome.READY or application.handed_over_at is not None:
        raise NotReady
    application.handed_over_at = now
    save_with_history(application, by=by, why="връчено", fields=["handed_over_at"])
    return application


def shift_of(application: Application, *, decrees: Decrees, calendar: Calendar, today: date) -> Shift | None:
    """How the last day of an open application moves by `decrees`; None when it stays."""

    def counted(by: Calendar) -> date:
        # Whose term it was is stored beside it; here only its length matters.
        term = TERMS["act-default"].as_of_version(application.term_version)
        return deadline(term, day_of_receipt(application.received_at), by).due_on

    return shift(application.due_on, counted, decrees=decrees, calendar=calendar, today=today)


@transaction.atomic
def move_application(*, application_id: int, order: Order, now: datetime) -> Application | None:
    """Move the last day of an open application as ordered; None when there is nothing to move, also a second time."""
    application = _locked(application_id)
    if application.completed_at is not None:
        return None
    calendar = WorkingDayOverride.objects.known_by(now).calendar()
    found = shift_of(application, decrees=order.decrees, calendar=calendar, today=day_of_receipt(now))
    if found is None:
        return None
    application.due_on, application.due_moved_at = found.becomes, now
    why = f"{found.days} {order.reason}"
    save_with_history(application, by=order.by, why=why, fields=["due_on", "due_moved_at"])
    return application
