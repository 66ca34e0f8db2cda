"""Sessions of staff end: after idleness, and at the latest after a working day.

Here and not in a middleware, so that a page for citizens pays nothing: the session is looked at when it is read anyway.
"""

import time
from types import SimpleNamespace
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import VALID_KEY_CHARS, CreateError
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.db import connection
from django.utils import timezone
from django.utils.crypto import get_random_string

from samokov_portal.pagestore import read_beside
from samokov_portal.questions import answered
from samokov_portal.unwaited import UNWAITED

KEY_LETTERS = 32
BEGAN = "staff_began"  # when they logged in
SEEN = "staff_seen"  # when they last asked for a page, to the minute
ENDED = "staff_ended"  # whose session it was: what they typed is kept for them alone
KEPT = "staff_kept"  # what they sent when it had ended (see `kept`)
NOTED_EVERY_SECONDS = 60
# With the stamps of what is remembered, which nearly every page of somebody wants next: without their table (after a
# `migrate` to before it) there are no sessions either.
STORED = """
    SELECT (SELECT numbers FROM pagestore_stamp WHERE id = 1),
        (SELECT session_data FROM django_session WHERE session_key = %(key)s AND expire_date > %(now)s)
"""
NEW = f"""
    INSERT INTO django_session (session_key, session_data, expire_date)
    SELECT %(key)s, %(data)s, %(expires)s FROM {UNWAITED}
    ON CONFLICT (session_key) DO NOTHING
    RETURNING true
"""


class SessionStore(DatabaseStore):
    """A session in the database that knows when its member of staff was last here."""

    def load(self) -> dict[str, Any]:
        """What is stored; without the login once that has ended, and then with nothing else of that person's."""
        data: dict[str, Any] = super().load()
        if SESSION_KEY not in data:
            return data
        now = time.time()
        if has_ended(data, now):
            self.modified = True
            return {ENDED: data[SESSION_KEY]}
        if now - data[SEEN] >= NOTED_EVERY_SECONDS:
            self.modified = True
            data[SEEN] = now
        return data

    def _get_session_from_db(self) -> Any:
        """What is stored, or None and no key any more; the base class puts its SQL together each time."""
        data = self._stored() if self.session_key else None
        if data is None:
            self._session_key = None
            return None
        return SimpleNamespace(session_data=data)

    def _stored(self) -> str | None:
        wanted = {"key": self.session_key, "now": timezone.now()}  # noqa: TID251 - as the base class
        [(numbers, data)] = answered(connection, STORED, wanted)
        read_beside(numbers)
        return data

    def save(self, must_create: bool = False) -> None:
        """A new session is stored by one statement, where the base class opens a transaction; and nobody waits until it
        is on disk: after a crash of the database its browser gives code or password again."""
        if not must_create:
            super().save()
            return
        held: dict[str, Any] = self._get_session(no_load=True)  # type: ignore[attr-defined]  # the stubs leave it out
        row = self.create_model_instance(held)
        stored: dict[str, Any] = {"key": row.session_key, "data": row.session_data, "expires": row.expire_date}
        if not answered(connection, NEW, {**stored, "alone": not connection.in_atomic_block}):
            raise CreateError

    def cycle_key(self) -> None:
        """Another key for what this browser may see; a session that has none yet gets it when it is stored, once."""
        if self.session_key is None:
            self.modified = True
        else:
            super().cycle_key()

    def _get_new_session_key(self) -> str:
        """Without asking first whether somebody has it: it has 165 random bits, and storing it would refuse a second.

        The base class asks the database each time.
        """
        return get_random_string(KEY_LETTERS, VALID_KEY_CHARS)


def has_ended(data: dict[str, Any], now: float) -> bool:
    """Whether the login in `data` is over; one that nobody noted the beginning of is."""
    idle = now - data.get(SEEN, 0)
    return idle >= settings.STAFF_IDLE_MINUTES * 60 or now - data.get(BEGAN, 0) >= settings.SESSION_COOKIE_AGE


def begin(*, request: Any, user: Any, **_signal: Any) -> None:
    """Somebody logged in: their time runs from now, and what another one typed is not theirs to see."""
    if request is None:
        return
    session = request.session
    session[BEGAN] = session[SEEN] = time.time()
    if session.pop(ENDED, None) != str(user.pk):
        session.pop(KEPT, None)
