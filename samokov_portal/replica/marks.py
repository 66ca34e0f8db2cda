"""How far the replica must have come for whoever has just written: they read what they wrote, or from the primary.

The browser carries it, signed, for some minutes. By then a replica that lacks it is too late to be read by anybody.
"""

from django.conf import settings
from django.core import signing
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from samokov_portal.replica.lag import BEYOND_ANY
from samokov_portal.replica.watch import written_so_far

COOKIE = "wrote"
SALT = "samokov_portal.replica.marks"
LEAST_SECONDS = 60
FAILED = 500


def leave_mark(response: HttpResponseBase) -> None:
    """Leave with whoever wrote how far the log was after it; one query.

    Where that cannot be had, or it is not known what was written, the primary is asked for all of that time.
    """
    written = written_so_far() if response.status_code < FAILED else None
    mark = BEYOND_ANY if written is None else written
    response.set_cookie(
        COOKIE,
        signing.Signer(salt=SALT).sign(str(mark)),
        max_age=LEAST_SECONDS + 2 * settings.DATABASE_REPLICA_LAG_SECONDS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def mark_of(request: HttpRequest) -> int:
    """How far the replica must have come for whoever asks; nowhere for who wrote nothing, or brings a forged mark."""
    cookie = request.COOKIES.get(COOKIE, "")
    if not cookie:
        return 0
    try:
        return int(signing.Signer(salt=SALT).unsign(cookie))
    except signing.BadSignature:
        return 0
