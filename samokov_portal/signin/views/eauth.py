"""Signing in by eAuth: who one is comes from there; who is staff, and the second factor, are said here."""

import logging

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_safe

from samokov_portal.signin import eauth
from samokov_portal.signin.passing import await_second, let_in
from samokov_portal.signin.views.confirming import NEXT, after_login
from samokov_portal.staff import factors
from samokov_portal.staff.devices import know_device
from samokov_portal.staff.identities import person_called

logger = logging.getLogger(__name__)
ASKED = "staff_eauth"


def refused(request: HttpRequest, why: str, status: int) -> HttpResponse:
    """Why nobody was let in, and what to do: `why` is down, unknown, denied or doubtful."""
    return render(request, "staff/eauth_refused.html", {"why": why}, status=status)


def address_back() -> str:
    """Where the provider sends browsers back to: under the portal's own name, whatever a request calls it."""
    return settings.PORTAL_URL + reverse("login_eauth_back")


@never_cache
@require_safe
def login_eauth(request: HttpRequest) -> HttpResponse:
    """Off to the provider. A link and no form: our policy lets no form end at another site."""
    if not settings.EAUTH_ISSUER:
        raise Http404
    try:
        address, asked = eauth.begin(back=address_back(), wanted=request.GET.get(NEXT, ""))
    except eauth.ProviderDown as error:
        logger.error("eAuth: %s", error)
        return refused(request, "down", 503)
    request.session[ASKED] = asked.as_data()
    return redirect(address)


@sensitive_variables("said")
@never_cache
@require_safe
def login_eauth_back(request: HttpRequest) -> HttpResponse:
    """Back from the provider: the second factor comes next, as after a password."""
    if not settings.EAUTH_ISSUER:
        raise Http404
    try:
        asked = eauth.asked_in(request.session.pop(ASKED, None), request.GET.get("state", ""))
        if "error" in request.GET:
            return refused(request, "denied", 403)
        said = eauth.identifier(code=request.GET.get("code", ""), asked=asked, back=address_back())
    except eauth.ProviderDown as error:
        logger.error("eAuth: %s", error)
        return refused(request, "down", 503)
    except eauth.NotTrusted as error:
        logger.warning("eAuth: %s", error)
        return refused(request, "doubtful", 400)
    return entered(request, said, asked.next)


def entered(request: HttpRequest, said: str, wanted: str) -> HttpResponse:
    """Whoever is called `said` goes on as after a password; who is not staff gets no account by it."""
    user = person_called(said)
    if user is None:
        return refused(request, "unknown", 403)
    if factors.has_factor(user):
        await_second(request, user)
        return redirect(f"{reverse('login_second')}{'?' + urlencode({NEXT: wanted}) if wanted else ''}")
    let_in(request, user, second=False)
    answer = redirect(after_login(request, user, wanted))
    know_device(request, answer, user, timezone.now())
    return answer
