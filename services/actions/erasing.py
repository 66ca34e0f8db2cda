"""Taking personal data of an application out of the store for good, also out of its history."""

from datetime import datetime

from django.db import transaction

from samokov_portal.audit.erasure import erase_events, erase_reasons, erase_rows, leave_tombstone, personal_of
from samokov_portal.audit.models import Tombstone
from services.actions.refusals import AlreadyErased, StillInWork
from services.models import Application, ApplicationEvent, Visit


@transaction.atomic
def erase_application(*, application_id: int, why: str, now: datetime) -> Tombstone:
    """Empty what an application says of a person, in history and events too; numbers, days and outcome stay.

    As the owner of the tables. Raises StillInWork, AlreadyErased.
    """
    application = Application.objects.select_for_update(of=("self",)).get(pk=application_id)
    if application.completed_at is None:
        raise StillInWork
    if Tombstone.objects.filter(what=Application._meta.label, number=application.number).exists():
        raise AlreadyErased
    # Letters are the outbox's, in the app above; they belong to the application and go with it.
    letters = list(application.letters.order_by("pk"))
    if any(letter.sent_at is None for letter in letters):
        raise StillInWork
    was_there = {"application": personal_of(application)} | {
        f"letter {letter.pk}": personal_of(letter) for letter in letters
    }
    erase_rows([application], why=why)
    erase_rows(letters, why=why)
    erase_events(ApplicationEvent, "application_id", application.pk)
    erase_reasons(Visit, "application_id", application.pk)
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
