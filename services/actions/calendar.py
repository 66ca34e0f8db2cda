"""Last days that move because a decree moved days off, the history and the events with them."""

from datetime import date, datetime

from django.db import transaction

from samokov_portal.history import save_with_history
from samokov_portal.legal.clock import ImpossibleLog
from samokov_portal.legal.holidays import Calendar
from samokov_portal.legal.receipt import day_of_receipt
from samokov_portal.office.decrees import Decrees, Order, Shift, shift
from samokov_portal.office.models import WorkingDayOverride
from services.actions.moves import happened
from services.choices import ApplicationEventKind, Notice
from services.clock import count, mend_by
from services.letters import tell_applicant
from services.models import Application


def shift_of(application: Application, *, decrees: Decrees, calendar: Calendar, today: date) -> Shift | None:
    """How the awaited last day of an open application moves by `decrees`; None when it stays.

    While the term stands still, that is the day until which the applicant may mend. Queries nothing but the events,
    which may be prefetched; an application whose log the clock cannot read stays as it was promised.
    """
    if application.paused_at is not None and application.mend_due_on is not None:
        told_on = day_of_receipt(application.paused_at)
        return shift(
            application.mend_due_on, lambda by: mend_by(told_on, by), decrees=decrees, calendar=calendar, today=today
        )
    events = sorted(application.events.all(), key=lambda event: (event.at, event.pk))

    def counted(by: Calendar) -> date:
        return count(application, events, by).due_on

    try:
        return shift(application.due_on, counted, decrees=decrees, calendar=calendar, today=today)
    except ImpossibleLog:
        return None


@transaction.atomic
def move_application(*, application_id: int, order: Order, now: datetime) -> Application | None:
    """Move the last day of an open application as ordered; None when there is nothing to move, also a second time."""
    application = Application.objects.select_for_update(of=("self",)).get(pk=application_id)
    if application.completed_at is not None:
        return None
    calendar = WorkingDayOverride.objects.known_by(now).calendar()
    found = shift_of(application, decrees=order.decrees, calendar=calendar, today=day_of_receipt(now))
    if found is None:
        return None
    fields = ["mend_due_on"] if application.paused_at is not None else ["due_on", "due_moved_at"]
    if application.paused_at is not None:
        application.mend_due_on = found.becomes
        what, facts = "Срокът за отстраняване на недостатъците", {"until": found.becomes}
    else:
        application.due_on, application.due_moved_at = found.becomes, now
        what, facts = "Крайният срок", {"due_on": found.becomes}
    save_with_history(application, by=order.by, why=f"{found.days} {order.reason}", fields=fields)
    note = f"{found.days} {what} се премества от {found.was:%d.%m.%Y} г. на {found.becomes:%d.%m.%Y} г."
    event = happened(application, ApplicationEventKind.MOVED, at=now, by=order.by, note=note, **facts)
    tell_applicant(Notice.MOVED, application=application, event=event, now=now)
    return application
