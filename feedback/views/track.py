"""Following a case: by number and access code, then for a while by the session of this browser."""

from math import ceil
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from feedback.choices import Kind
from feedback.clock import comes_too_late, explain
from feedback.forms.track import SenderForm, TrackForm, kept_form
from feedback.tracking import TooManyFailures, find_followed, grant, granted, granted_application, leave
from feedback.views.citizen import FILED_COOKIE
from feedback.views.followed import followed_application_page, followed_page
from samokov_portal.network import client_address
from samokov_portal.office.numbers import read_number
from samokov_portal.pagestore import one_reading
from services.models import Application


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
@one_reading()
def track(request: HttpRequest) -> HttpResponse:
    """Number and code by POST, so that the code is in no address, log or Referer; the answer is what they open."""
    now = timezone.now()
    if request.method != "POST":
        number = read_number(request.GET.get("number", ""))
        return track_page(request, TrackForm(initial={"number": number}))
    form, kept = TrackForm(request.POST), kept_form(request.POST)
    if not form.is_valid():
        return track_page(request, form, kept=kept, status=422)
    try:
        found = find_followed(**form.cleaned_data, address=client_address(request), now=now)
    except TooManyFailures as failures:
        response = too_many(request, form, kept)
        response["Retry-After"] = str(ceil(failures.retry_after.total_seconds()))
        return response
    if found is None:
        form.add_error(None, _("Няма преписка с този номер и този код. Проверете ги на разписката и опитайте отново."))
        return track_page(request, form, kept=kept, status=422)
    grant(request.session, found, now=now)
    if isinstance(found, Application):
        return followed_application_page(request, found, now=now)
    return followed_page(request, found, now=now, returned=kept)


def track_page(
    request: HttpRequest, form: TrackForm, *, kept: SenderForm | None = None, status: int = 200
) -> HttpResponse:
    """The page that asks for number and code; `kept` is what was typed before and waits to be sent."""
    return render(request, "feedback/track.html", {"form": form, "kept": kept}, status=status)


def too_many(request: HttpRequest, form: TrackForm, kept: SenderForm | None) -> HttpResponse:
    """The answer to whoever guesses; what somebody had typed before must not be lost with it."""
    if kept is None:
        return render(request, "429.html", status=429)
    form.add_error(None, _("Твърде много опити. Изчакайте петнайсет минути и опитайте отново. Написаното е по-долу."))
    return track_page(request, form, kept=kept, status=429)


def ask_again(request: HttpRequest, number: str, kept: SenderForm) -> HttpResponse:
    """Ask for the code before anything is done, and lose nothing of what was typed."""
    return track_page(request, TrackForm(initial={"number": number}), kept=kept, status=403)


@never_cache
@require_safe
@one_reading()
def tracked(request: HttpRequest, number: str) -> HttpResponse:
    """The case or application, to the browser in which its code was given less than half an hour ago."""
    now = timezone.now()
    application = granted_application(request.session, number, now=now)
    if application is not None:
        return followed_application_page(request, application, now=now)
    case = granted(request.session, number, now=now)
    return to_the_form(request, number) if case is None else followed_page(request, case, now=now)


def to_the_form(request: HttpRequest, number: str) -> HttpResponse:
    """The way to the form that asks for the code, with the number filled in; the same for any number."""
    messages.info(request, _("Въведете кода за достъп, за да видите преписката. Достъпът важи за половин час."))
    return redirect(f"{reverse('feedback:track')}?{urlencode({'number': number})}")


@never_cache
@require_safe
def track_receipt(request: HttpRequest, number: str) -> HttpResponse:
    """The receipt once more, without the code: that is kept by whoever holds it."""
    case = granted(request.session, number, now=timezone.now())
    if case is None:
        return to_the_form(request, number)
    context = {
        "case": case,
        "kind": Kind(case.kind),
        "events": case.events.in_order(),
        "deadline": explain(case),
        "is_too_late": comes_too_late(case),
        "attachments": case.attachments.in_order(),
    }
    return render(request, "feedback/track_receipt.html", context)


@never_cache
@require_POST
def track_leave(request: HttpRequest) -> HttpResponse:
    """Let this browser see nothing more, as on a computer that others use after."""
    leave(request.session)
    messages.success(request, _("Излязохте. За да видите преписка отново, ще са нужни номерът и кодът."))
    response = redirect("feedback:track")
    # Nor shall whoever comes after be shown the receipt of what was filed here.
    response.delete_cookie(FILED_COOKIE, samesite="Strict")
    return response
