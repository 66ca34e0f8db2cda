"""Who asks for the pages that are measured, and with what in hand: a session of staff, a form, a code."""

import secrets
import time
import uuid
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.models import Group
from django.utils import timezone

from feedback.models import Case
from feedback.querysets import CaseQuerySet
from samokov_portal.benchmark.driving import Asked
from samokov_portal.history import upsert
from samokov_portal.office.access import access_code, access_digest
from samokov_portal.office.once import new_form_token
from samokov_portal.signin.passing import BACKEND, PASSED
from samokov_portal.staff.models import StaffUser
from samokov_portal.staff.sessions import BEGAN, SEEN, SessionStore

TEXT = "От седмица не светят лампите по улицата и вечер не се вижда нищо. " * 5


def member_of_staff(role: str) -> StaffUser:
    """Somebody who has the role and no password."""
    user: StaffUser = upsert(
        StaffUser, key={"username": f"bench-{role}"}, values={"last_name": "Измерване"}, why="измерване"
    )[0]
    user.groups.set(Group.objects.filter(name=role))
    return user


def signed_in(user: StaffUser) -> str:
    """The cookies of a browser in which the person has just logged in and shown the second factor: the session, and the
    secret of its forms, which came with the page to log in."""
    session = SessionStore()
    now = time.time()
    session.update(
        {
            SESSION_KEY: str(user.pk),
            BACKEND_SESSION_KEY: BACKEND,
            HASH_SESSION_KEY: user.get_session_auth_hash(),
            BEGAN: now,
            SEEN: now,
            PASSED: now,
        }
    )
    session.save()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}; {settings.CSRF_COOKIE_NAME}={secrets.token_hex(16)}"


def posted(path: str, fields: dict[str, str]) -> Asked:
    """A form as a browser sends it that opened it before."""
    secret = secrets.token_hex(16)
    body = urlencode({"csrfmiddlewaretoken": secret, **fields})
    return Asked(path, "POST", cookie=f"{settings.CSRF_COOKIE_NAME}={secret}", body=body)


def filing() -> Asked:
    """A signal that nobody has filed yet."""
    fields = {
        "token": new_form_token(),
        "subject": f"Не свети лампа {uuid.uuid4().hex[:8]}",
        "text": TEXT,
        "name": "Мария Стоянова",
        "email": "maria@example.bg",
    }
    return posted("/feedback/new/signal/", fields)


def filing_by_hand() -> Asked:
    """The same for the floor, which knows no tokens."""
    fields = {"subject": "Не свети лампа", "text": TEXT, "name": "Мария Стоянова", "email": "maria@example.bg"}
    return Asked("/file/", "POST", body=urlencode(fields))


def followed() -> list[Asked]:
    """The number and the code of cases whose code the sample data tell: the newest one and its copies."""
    coded = Case.objects.exclude(access_digest="").filter(is_sample=True).order_by("pk")
    first = coded.first()
    assert first is not None
    code = access_code(f"sample {first.number}")
    assert first.access_digest == access_digest(code)
    same = coded.filter(access_digest=first.access_digest)[:200]
    return [posted("/feedback/track/", {"number": case.number, "code": code}) for case in same]


def open_cases() -> CaseQuerySet:
    """Cases in work, in the order of the work list."""
    return Case.objects.open().by_awaited_day()


def today() -> str:
    return timezone.localdate().isoformat()  # noqa: TID251 - a measurement is an edge
