"""What a member of staff sent when their session had ended: kept for them, until they log in again, for an hour.

It lies in the session of that browser, which knows whose it was; whoever else logs in there does not get it. A form of
another site never comes so far: it is refused before.
"""

import time
from dataclasses import dataclass
from typing import Any

from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest

from samokov_portal.staff.sessions import ENDED, KEPT

KEPT_SECONDS = 60 * 60
MOST_LETTERS = 200_000
# What a browser sends beside what a person types, and what is typed to log in.
NOT_KEPT = frozenset({"csrfmiddlewaretoken"})
SECRETS = ("password", "code")


@dataclass(frozen=True)
class Kept:
    """A form as it was sent: where to, with which fields, and whether there were files, which are not kept."""

    path: str
    fields: list[tuple[str, str]]
    had_files: bool

    @property
    def words(self) -> list[str]:
        return words_of(self.fields)


def words_of(fields: list[tuple[str, str]]) -> list[str]:
    """What a person wrote, as far as it can be told from codes and keys: whatever has a space in it."""
    return [value for name, value in fields if " " in value.strip() and not is_secret(name)]


def is_secret(name: str) -> bool:
    return any(part in name for part in SECRETS)


def fields_of(request: HttpRequest) -> list[tuple[str, str]]:
    return [(name, value) for name, values in request.POST.lists() for value in values if name not in NOT_KEPT]


def words_typed(request: HttpRequest) -> list[str]:
    """What was written in a form that could not be taken, to be copied."""
    return words_of(fields_of(request))


def keep(request: HttpRequest) -> bool:
    """Keep what was sent, if this browser's session ended while somebody worked; whether it was kept."""
    session = request.session
    if ENDED not in session:
        return False
    fields = fields_of(request)
    if any(is_secret(name) for name, _value in fields) or sum(len(value) for _name, value in fields) > MOST_LETTERS:
        return False
    sent = {"path": request.get_full_path(), "fields": fields, "had_files": bool(request.FILES), "at": time.time()}
    session[KEPT] = sent
    return True


def kept_in(session: SessionBase) -> Kept | None:
    """What is kept for whoever is logged in now; nothing once the hour is over."""
    sent: dict[str, Any] | None = session.get(KEPT)
    if sent is None or time.time() - sent["at"] > KEPT_SECONDS:
        return None
    return Kept(sent["path"], [(name, value) for name, value in sent["fields"]], sent["had_files"])


def forget(session: SessionBase) -> None:
    session.pop(KEPT, None)


def forget_sent(request: HttpRequest) -> None:
    """Forget what was kept once it is sent again, whatever becomes of it: the page that answers holds it now."""
    found = request.session.get(KEPT)
    if found is not None and found["path"] == request.get_full_path():
        forget(request.session)
