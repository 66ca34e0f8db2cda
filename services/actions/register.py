"""Applications as they come: registered once for each form, with the visits of whoever applied."""

from datetime import datetime
from typing import Any

from django.db import transaction

from samokov_portal.history import save_with_history
from samokov_portal.legal.receipt import day_of_receipt
from samokov_portal.legal.terms import deadline
from samokov_portal.office.access import access_digest, new_access_code
from samokov_portal.office.choices import Channel
from samokov_portal.office.late import late_reason
from samokov_portal.office.models import WorkingDayOverride, next_number
from samokov_portal.office.numbers import write_number
from samokov_portal.office.once import store_once
from samokov_portal.office.registering import registering
from samokov_portal.staff.models import StaffUser
from services.actions.moves import happened
from services.actions.refusals import NotAllowed, NotOffered
from services.choices import REGISTER, ApplicationEventKind, Notice, Purpose, Speed
from services.letters import tell_applicant
from services.life import LOGS, WORKS
from services.models import Application, Service, ServiceOffer, Visit


def log_application(
    *, nonce: str, values: dict[str, Any], by: StaffUser, received_at: datetime | None, registered_at: datetime
) -> tuple[Application, bool]:
    """Store an application that came at the desk, once for each form; returns it and whether it is new.

    Without `received_at` it came at `registered_at`. Its last day is found by the service's term and kept. `due_told`
    says that the applicant was told it; of what came at the counter, `counter` is where. Raises FormAlreadyUsed;
    LateWithoutReason and DatedTooFarBack for what is entered late.
    """
    moments = {"received_at": received_at or registered_at, "registered_at": registered_at}
    reason = late_reason(
        values.get("late_reason", ""),
        channel=values["channel"],
        **moments,
        calendar=WorkingDayOverride.objects.known_by(registered_at).calendar(),
        may_backdate=by.has_perm("services.backdate_application"),
    )
    values = {**values, "late_reason": reason}

    @registering()
    def store(digests: dict[str, str]) -> Application:
        facts = {**values, **digests, **moments}
        counter = facts.pop("counter", "")
        # Before it was registered there was no last day to be told.
        facts["due_told_at"] = registered_at if facts.pop("due_told", False) else None
        application = _register(facts, by=by)
        if application.channel == Channel.COUNTER:
            first = Visit(application=application, at=moments["received_at"], counter=counter, purpose=Purpose.APPLY)
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


def _register(facts: dict[str, Any], *, by: StaffUser) -> Application:
    service, speed = facts["service"], facts.setdefault("speed", Speed.ORDINARY)
    offer = offer_of(service, speed)
    received_on, registered_on = day_of_receipt(facts["received_at"]), day_of_receipt(facts["registered_at"])
    term = service.term if offer is None else offer.term
    due_on = deadline(term, received_on, WorkingDayOverride.objects.all().calendar()).due_on
    application = Application(
        **facts,
        number=write_number(REGISTER, registered_on.year, next_number(REGISTER, registered_on)),
        unit=service.unit,
        due_on=due_on,
        first_due_on=due_on,
        term_source=term.source,
        term_version=term.version,
        fee=None if offer is None else offer.fee,
    )
    save_with_history(application, by=by, why="регистрирано")
    event = happened(application, ApplicationEventKind.RECEIVED, at=facts["registered_at"], by=by)
    if application.due_told_at is not None:
        happened(application, ApplicationEventKind.TOLD, at=application.due_told_at, by=by)
    tell_applicant(Notice.RECEIVED, application=application, event=event, now=facts["registered_at"])
    return application


@transaction.atomic
def give_access_code(*, application_id: int, by: StaffUser) -> str:
    """A new code with which the applicant follows the application; one given before does not open it any more.

    It is never stored: whoever hands it out sees it this once. Raises NotAllowed.
    """
    application = Application.objects.select_for_update(of=("self",)).get(pk=application_id)
    if not any(by.has_perm(permission) for permission in (LOGS, WORKS)):
        raise NotAllowed
    code = new_access_code()
    application.access_digest = access_digest(code)
    save_with_history(application, by=by, why="даден код за проследяване", fields=["access_digest"])
    return code


def offer_of(service: Service, speed: str) -> ServiceOffer | None:
    """How the service is offered as an order of this kind; None where nothing is known but its ordinary term.

    Raises NotOffered: what is quicker has a term only where the municipality announced one.
    """
    offer = service.offers.filter(speed=speed).first()
    if offer is None and speed != Speed.ORDINARY:
        raise NotOffered(speed)
    return offer
