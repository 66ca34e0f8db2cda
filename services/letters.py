"""What an applicant is told by letter: handed to the outbox of the portal, which knows how letters go out.

The outbox is in the app above this one, so it is named in the settings (`APPLICATION_OUTBOX`).
"""

from datetime import datetime

from django.conf import settings
from django.utils.module_loading import import_string

from samokov_portal.history import save_with_history
from services.choices import ApplicationEventKind, Notice
from services.models import Application, ApplicationEvent

# In these the last day is named (АПК, чл. 26, ал. 1).
NAMES_THE_LAST_DAY = (Notice.RECEIVED, Notice.MENDED, Notice.MOVED)


def tell_applicant(notice: Notice, *, application: Application, event: ApplicationEvent, now: datetime) -> None:
    """Put the letter into the outbox, in the caller's transaction; where nobody can be reached there is none."""
    import_string(settings.APPLICATION_OUTBOX)(notice, application=application, event=event, now=now)


def notice_has_left(notice: str, *, application_id: int, now: datetime) -> None:
    """What follows when a letter is out, in the caller's transaction: with it the applicant knows the last day."""
    application = Application.objects.select_for_update(of=("self",)).get(pk=application_id)
    if notice not in NAMES_THE_LAST_DAY or application.due_told_at is not None or not application.is_open:
        return
    application.due_told_at = now
    save_with_history(application, by=None, why="срокът е съобщен с писмо", fields=["due_told_at"])
    ApplicationEvent.objects.create(application=application, kind=ApplicationEventKind.TOLD, at=now, note="с писмо")
