"""How far a browser has got with signing in: the password, then the second factor. Kept in its session."""

import time
from typing import Any

from django.contrib.auth import login
from django.http import HttpRequest

from samokov_portal.staff.models import StaffUser

PENDING = "staff_pending"  # who gave the password, and when
PASSED = "staff_second"  # when the second factor was last confirmed
PENDING_SECONDS = 10 * 60
FRESH_SECONDS = 15 * 60
BACKEND = "samokov_portal.signin.backends.StaffBackend"


def await_second(request: HttpRequest, user: StaffUser) -> None:
    """The password was right; the second factor is still to come, and until then nobody is logged in."""
    request.session.cycle_key()
    # Not only who, but with which password: when that is changed meanwhile, they begin anew.
    request.session[PENDING] = {"user": user.pk, "at": time.time(), "hash": user.get_session_auth_hash()}


def awaited(request: HttpRequest) -> StaffUser | None:
    """Who gave the password here and has not shown the second factor yet; ten minutes are enough for that."""
    pending: dict[str, Any] | None = request.session.get(PENDING)
    if pending is None or time.time() - pending["at"] > PENDING_SECONDS:
        return None
    user = StaffUser.objects.filter(pk=pending["user"], is_active=True).first()
    return user if user is not None and user.get_session_auth_hash() == pending["hash"] else None


def let_in(request: HttpRequest, user: StaffUser, *, second: bool) -> None:
    """Log in; `second` says that the second factor was shown too."""
    request.session.pop(PENDING, None)
    login(request, user, backend=BACKEND)
    if second:
        request.session[PASSED] = time.time()


def has_passed(request: HttpRequest) -> bool:
    """Whether the second factor was shown in this session."""
    return PASSED in request.session


def is_fresh(request: HttpRequest) -> bool:
    """Whether it was shown just now: what guards the account itself is changed only then."""
    return bool(time.time() - request.session.get(PASSED, 0) < FRESH_SECONDS)


def pass_again(request: HttpRequest) -> None:
    request.session[PASSED] = time.time()
