"""Work for the worker: letters to staff about their own accounts."""

from datetime import timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from samokov_portal.staff.choices import StaffEventKind
from samokov_portal.staff.models import StaffDevice, StaffEvent, StaffUser, note_event

# While the mail server is out of reach: for about a day, then the event of staff has to do.
AGAIN = RetryStrategy(max_attempts=24, wait=int(timedelta(hours=1).total_seconds()))


@app.task(name="staff.tell_of_device", retry=AGAIN)
def tell_of_device(device_id: int) -> None:
    """Tell a member of staff that somebody logged in as them from a browser not seen before. Raises SMTPException."""
    device = StaffDevice.objects.select_related("user").get(pk=device_id)
    if not device.user.email:
        return
    with translation.override(settings.LANGUAGE_CODE):
        text = render_to_string(
            "staff/email/new_device.txt",
            {"device": device, "at": timezone.localtime(device.first_at), "url": settings.PORTAL_URL},
        )
        subject = _("Вход в портала от ново устройство")
    EmailMessage(subject=subject, body=text, to=[device.user.email]).send()


def tell(user: StaffUser, kind: StaffEventKind) -> None:
    """Store what was done to `user` as an event, and order the letter to them about it, in the same transaction."""
    tell_of_factor.defer(event_id=note_event(user, kind).pk)


@app.task(name="staff.tell_of_factor", retry=AGAIN)
def tell_of_factor(event_id: int) -> None:
    """Tell a member of staff that the ways into their account were changed. Raises SMTPException."""
    event = StaffEvent.objects.select_related("user").get(pk=event_id)
    if not event.user.email:
        return
    with translation.override(settings.LANGUAGE_CODE):
        context = {"event": event, "at": timezone.localtime(event.at), "url": settings.PORTAL_URL}
        text = render_to_string("staff/email/changed_factor.txt", context)
        subject = _("Промяна в начина, по който влизате в портала")
    EmailMessage(subject=subject, body=text, to=[event.user.email]).send()


@app.periodic(cron="23 4 * * *")
@app.task(name="staff.forget_devices", queueing_lock="staff.forget_devices")
def forget_devices(timestamp: int) -> None:
    """Each night, forget browsers from which nobody logged in for so long that their cookie is gone too."""
    StaffDevice.objects.filter(last_at__lt=timezone.now() - timedelta(days=400)).delete()
