"""Who looked at whose matter: noted while the page is made, stored before it is given out.

A line goes to the log at once, so that a look is known also when the database loses what was written; the row is stored
in a transaction of its own after the view has ended, so that a transaction of the view that is undone does not take it
along. Where it cannot be stored the page is not given: nobody sees personal data without a trace. Nobody waits either
until the row is on disk: what a crash of the database takes back of the last moments, the log says.
"""

import hashlib
import hmac
import json
import logging
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.conf import settings
from django.db import connection
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone

from samokov_portal.audit.choices import LookKind
from samokov_portal.audit.models import Look
from samokov_portal.audit.origin import current_origin
from samokov_portal.network import client_address
from samokov_portal.questions import answered
from samokov_portal.unwaited import UNWAITED

logger = logging.getLogger("samokov_portal.looks")
SALT = "samokov_portal.audit.looks"
STORE = f"""
    INSERT INTO audit_look (by_id, at, kind, subject, sought, origin, address)
    SELECT seen.* FROM unnest(
        %(by_id)s::bigint[], %(at)s::timestamptz[], %(kind)s::text[], %(subject)s::text[], %(sought)s::text[],
        %(origin)s::text[], %(address)s::text[]
    ) AS seen, {UNWAITED}
"""
COLUMNS = ("by_id", "at", "kind", "subject", "sought", "origin", "address")


def note_look(request: HttpRequest, kind: LookKind, subject: str = "", *, sought: Sequence[str] = ()) -> None:
    """Note that whoever asks was shown `subject`: the number of a case, the name of a list.

    `sought` are the words of a search; only their digest is kept, so that the record of looks holds nobody's name and
    still tells whether a name was sought.
    """
    look = Look(
        by=request.user,  # type: ignore[misc]  # behind `at_desk` it is a member of staff
        at=timezone.now(),
        kind=kind,
        subject=subject,
        sought=digest_of(sought),
        origin=current_origin(),
        address=client_address(request),
    )
    logger.info(json.dumps(as_line(look, request.user.get_username()), ensure_ascii=False))
    looks = request.__dict__.setdefault("looks", [])
    looks.append(look)


def note_outside_a_request(by: Any, kind: LookKind, subjects: Iterable[str]) -> None:
    """Note and store at once that `by`, who gave a command, was shown each of `subjects`."""
    looks = [
        Look(by=by, at=timezone.now(), kind=kind, subject=subject, origin=current_origin()) for subject in subjects
    ]
    for look in looks:
        logger.info(json.dumps(as_line(look, by.get_username()), ensure_ascii=False))
    _store(looks)


def _store(looks: Sequence[Look]) -> None:
    """Store what was looked at by one statement, which is a transaction by itself where none is under way."""
    columns = {column: [getattr(look, column) for look in looks] for column in COLUMNS}
    answered(connection, STORE, {**columns, "alone": not connection.in_atomic_block})


def digest_of(sought: Sequence[str]) -> str:
    """The keyed digest of the words of a search, the same however they are spaced and capitalised; empty of none."""
    words = " ".join(" ".join(sought).casefold().split())
    key = f"{SALT}{settings.SECRET_KEY}".encode()
    return hmac.new(key, words.encode(), hashlib.sha256).hexdigest() if words else ""


def as_line(look: Look, username: str) -> dict[str, str]:
    """A look as the log says it: no name but that of the member of staff."""
    return {
        "event": "look",
        "at": look.at.isoformat(),
        "by": username,
        "kind": look.kind,
        "subject": look.subject,
        "sought": look.sought,
        "origin": look.origin,
        "address": look.address,
    }


class LooksMiddleware:
    """Stores what was looked at before the answer leaves."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        looks = request.__dict__.pop("looks", [])
        if looks:
            _store(looks)
        return response
