"""What stands before every address of the staff, whichever view answers: the administration pages are Django's own."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from samokov_portal.signin.passing import has_passed
from samokov_portal.staff.factors import has_factor
from samokov_portal.staff.kept import forget_sent, keep

DESK = "desk/"
# The ways in and out, and to the setting up of a second factor, by the names of their addresses.
WAYS = frozenset(
    {"login", "login_second", "login_eauth", "login_eauth_back", "logout", "admin:login", "admin:logout", "admin_login"}
)
SETTING_UP = frozenset({"second_factor", "second_factor_app", "second_factor_key"})


class DeskDoorMiddleware:
    """Asks for the second factor, and asks those to log in again whose session has ended, keeping what they sent."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        match = request.resolver_match
        if match is None or DESK not in match.route or match.view_name in WAYS:
            return None
        if not request.user.is_authenticated:
            return redirect_to_login(reverse("kept")) if request.method == "POST" and keep(request) else None
        if settings.STAFF_SECOND_FACTOR and not has_passed(request):
            return without_second_factor(request, match.view_name)
        if request.method == "POST":
            forget_sent(request)
        return None


def without_second_factor(request: HttpRequest, name: str) -> HttpResponse | None:
    """Who has no second factor is led to set one up; who has one and did not show it begins with the login again."""
    if has_factor(request.user):  # type: ignore[arg-type]  # logged in, so a member of staff
        logout(request)
        return redirect_to_login(request.get_full_path())
    return None if name in SETTING_UP else redirect("second_factor")
