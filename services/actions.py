"""Changes of an application for a service: each atomic, with the acting person and the moment passed in."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from samokov_portal.audit.erasure import erase_rows, leave_tombstone, personal_of
from samokov_portal.audit.models import Tombstone
from samokov_portal.history import save_with_history
from samokov_portal.legal.holidays import Calendar
from samokov_portal.legal.receipt import day_of_receipt
from samokov_portal.legal.terms import TERMS, deadline
from samokov_portal.office.choices import Channel
from samokov_portal.office.decrees import Decrees, Order, Shift, shift
from samokov_portal.office.models import WorkingDayOverride, next_number
from samokov_portal.office.numbers import write_number
from samokov_portal.office.once import store_once
from samokov_portal.staff.models import StaffUser
from services.choices import ApplicationOutcome, Purpose
from services.models import Application, Visit

REGISTER = "У"


class AlreadyCompleted(Exception):
    """The document was already issued, or the service refused."""


class NotReady(Exception):
    """There is no document to hand over, or it was handed over already."""


class NothingToTell(Exception):
    """The applicant was told the last day already, or the application is completed."""


class NeedsReason(Exception):
    """A refusal needs its reasons in words (АПК, чл. 59)."""


class StillInWork(Exception):
    """What somebody still works on is not erased."""


class AlreadyErased(Exception):
    """It was erased before."""


def log_application(
    *, nonce: str, values: dict[str, Any], by: StaffUser, received_at: datetime, registered_at: datetime
) -> tuple[Application, bool]:
    """Store an application that came at the desk, once for each form; returns it and whether it is new.

    Its last day is found by the service's term and kept. `due_told` says that the applicant was told it; of what came
    at the counter, `counter` is where. Raises FormAlreadyUsed.
    """

    @transaction.atomic
    def store(digests: dict[str, str]) -> Application:
        facts = {**values, **digests, "received_at": received_at, "registered_at": registered_at}
        counter = facts.pop("counter", "")
        # Before it was registered there was no last day to be told.
        facts["due_told_at"] = registered_at if facts.pop("due_told", False) else None
        application = _register(facts, by=by)
        if application.channel == Channel.COUNTER:
            first = Visit(application=application, at=received_at, counter=counter, purpose=Purpose.APPLY)
            _record(first, by=by, now=registered_at)
        return application

    return store_once(Application, nonce=nonce, values={**values, "received_at": received_at}, store=store)


def _record(visit: Visit, *, by: StaffUser, now: datetime) -> Visit:
    visit.recorded_by, visit.recorded_at = by, now
    save_with_history(visit, by=by, why="записано")
    return visit


def record_visit(*, nonce: str, values: dict[str, Any], by: StaffUser, now: datetime) -> tuple[Visit, bool]:
    """Store that the applicant came to a counter again, once for each form; returns it and whether it is new.

    Without `at` it is now. Raises FormAlreadyUsed.
    """

    @transaction.atomic
    def store(digests: dict[str, str]) -> Visit:
        return _record(Visit(**{**values, "at": values["at"] or now}, **digests), by=by, now=now)

    return store_once(Visit, nonce=nonce, values=values, store=store)


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
def tell_due_date(*, application_id: int, by: StaffUser, now: datetime) -> Application:
    """Record that the applicant was told the last day. Raises NothingToTell."""
    application = _locked(application_id)
    if application.due_told_at is not None or application.completed_at is not None:
        raise NothingToTell
    application.due_told_at = now
    save_with_history(application, by=by, why="срокът е съобщен", fields=["due_told_at"])
    return application


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


@transaction.atomic
def erase_application(*, application_id: int, why: str, now: datetime) -> Tombstone:
    """Empty what an application says of a person, in history too; numbers, days and outcome stay.

    As the owner of the tables. Raises StillInWork, AlreadyErased.
    """
    application = Application.objects.select_for_update(of=("self",)).get(pk=application_id)
    if application.completed_at is None:
        raise StillInWork
    if Tombstone.objects.filter(what=Application._meta.label, number=application.number).exists():
        raise AlreadyErased
    was_there = personal_of(application)
    erase_rows([application], why=why)
    return leave_tombstone(
        application,
        number=application.number,
        kind=application.service.number,
        outcome=application.outcome,
        received_at=application.received_at,
        ended_at=application.handed_over_at or application.completed_at,
        why=why,
        was_there=was_there,
        now=now,
    )
