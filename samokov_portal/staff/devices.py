"""From which browsers a member of staff has logged in, and a letter to them when it is a new one.

A browser is known by a cookie of its own that outlives the session; the database holds its digest only, for each person
apart. Who removes cookies gets a letter more, which does no harm.
"""

import secrets
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac

from samokov_portal.network import client_address
from samokov_portal.staff.choices import StaffEventKind
from samokov_portal.staff.models import StaffDevice, StaffUser, note_event

COOKIE = "staff_device"
COOKIE_SECONDS = 400 * 24 * 60 * 60  # the longest that browsers keep one
LONGEST_TOKEN = 100
LONGEST_BROWSER = 200


def digest_of(token: str) -> str:
    return salted_hmac("samokov_portal.staff.devices", token, algorithm="sha256").hexdigest()


@transaction.atomic
def know_device(request: HttpRequest, response: HttpResponse, user: StaffUser, now: datetime) -> bool:
    """Note from which browser `user` has just logged in, and keep knowing it; whether it was a new one.

    A letter about a new one waits for the worker from the same transaction on.
    """
    token = request.COOKIES.get(COOKIE, "")
    known = StaffDevice.objects.filter(user=user, digest=digest_of(token[:LONGEST_TOKEN])).first() if token else None
    if known is None:
        token = secrets.token_urlsafe(32)
        browser = request.headers.get("User-Agent", "")[:LONGEST_BROWSER].replace("\x00", "")
        facts = {"digest": digest_of(token), "first_at": now, "last_at": now, "browser": browser}
        device = StaffDevice.objects.create(user=user, address=client_address(request), **facts)
        note_event(user, StaffEventKind.DEVICE)
        _tell(device)
    else:
        known.last_at = now
        known.save(update_fields=["last_at"])
    response.set_cookie(
        COOKIE, token, max_age=COOKIE_SECONDS, httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
    )
    return known is None


def _tell(device: StaffDevice) -> None:
    from samokov_portal.staff.tasks import tell_of_device  # noqa: PLC0415 - tasks stand on the models

    tell_of_device.defer(device_id=device.pk)
