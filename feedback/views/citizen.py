"""A citizen's pages: choose, file, receipt."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from feedback.access import access_code, code_fits
from feedback.actions.refusals import AlreadyFiled
from feedback.actions.register import SAME_WITHIN, register_case
from feedback.choices import NAMED_KINDS, Kind
from feedback.clock import comes_too_late, explain, promised_term
from feedback.forms.matter import FilingForm
from feedback.models import Case, CaseEvent
from samokov_portal.network import client_address
from samokov_portal.office.choices import Channel
from samokov_portal.office.once import FormAlreadyUsed
from samokov_portal.office.spam import pause_before
from samokov_portal.pagestore import one_reading, public_page

FILED_COOKIE = "filed"


@require_safe
@public_page
def choose(request: HttpRequest) -> HttpResponse:
    """What each kind is for and by when it is answered."""
    kinds = [{"kind": kind, "term": promised_term(kind), "is_named": kind in NAMED_KINDS} for kind in Kind]
    return render(request, "feedback/choose.html", {"kinds": kinds})


@cache_control(private=True, max_age=0)
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, kind: str) -> HttpResponse:
    """File: the receipt is the answer to the POST itself, so that a retry after a lost answer shows it again.

    A browser may keep the page it left in memory, so that „back“ brings the same token and what was typed.
    """
    if kind not in Kind.values:
        raise Http404
    now = timezone.now()
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = FilingForm(*sent, kind=kind, now=now)
    context = {"form": form, "kind": Kind(kind), "term": promised_term(kind), "is_named": kind in NAMED_KINDS}
    if request.method != "POST":
        return render(request, "feedback/new.html", context)
    return taken_in(request, form, context, now)


@one_reading()
def taken_in(request: HttpRequest, form: FilingForm, context: dict[str, Any], now: datetime) -> HttpResponse:
    """What came of a form that was sent: the receipt, or the page again with what is wrong or what to wait for."""
    form.is_valid()
    if not form.take_files(now=now):
        return render(request, "feedback/new.html", context, status=422)
    pause = pause_before(form, model=Case, address=client_address(request), now=now)
    if pause:
        return pause.render(request, "feedback/new.html", context)
    return file_once(request, form, context, now)


def file_once(request: HttpRequest, form: FilingForm, context: dict[str, Any], now: datetime) -> HttpResponse:
    """Register what was filled in well; the receipt, or the page again with the number of what was sent before."""
    nonce = form.cleaned_data["token"]
    values = {**form.case_values(), "channel": Channel.WEB}
    try:
        filed = register_case(
            nonce=nonce, values=values, received_at=now, registered_at=now, browser=browser_of(request)
        )
    except FormAlreadyUsed as used:
        form.add_error(None, already_used(used.row))
        return render(request, "feedback/new.html", {**context, "used": used.row}, status=409)
    except AlreadyFiled as before:
        return filed_before(request, before.case)
    response = receipt(request, filed.case, filed.code, filed.events)
    remember(response, nonce)
    return response


def browser_of(request: HttpRequest) -> str:
    """What tells this browser from another one, in all its tabs; empty when it keeps no cookies."""
    return request.COOKIES.get(settings.CSRF_COOKIE_NAME, "")


def remember(response: HttpResponse, nonce: str) -> None:
    """Leave with the browser, for a day, from what the code of the receipt can be made again; nobody else has it."""
    response.set_signed_cookie(
        FILED_COOKIE,
        nonce,
        max_age=SAME_WITHIN,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Strict",
    )


def filed_before(request: HttpRequest, case: Case) -> HttpResponse:
    """The very same was sent before, from another tab or over the way back: its receipt, when this browser has it."""
    nonce = request.get_signed_cookie(FILED_COOKIE, default="", max_age=SAME_WITHIN)
    if nonce and code_fits(access_code(nonce), case.access_digest):
        return receipt(request, case, access_code(nonce))
    return render(request, "feedback/filed_before.html", {"case": case, "kind": Kind(case.kind)}, status=409)


def already_used(case: Case) -> str:
    """What a person reads who changed a form after it was sent, and sent it again."""
    return _(
        "С този формуляр вече подадохте преписка %(number)s и промените не са добавени към нея. "
        "Ако искате да подадете още нещо, отворете нов формуляр."
    ) % {"number": case.number}


def receipt(request: HttpRequest, case: Case, code: str, events: Sequence[CaseEvent] | None = None) -> HttpResponse:
    """The number, the code and the promised date; the only time that the code is shown. `events` are its own."""
    context = {
        "case": case,
        "kind": Kind(case.kind),
        "code": code,
        "deadline": explain(case, events),
        "is_too_late": comes_too_late(case),
        "attachments": case.present("attachments").in_order() if case.may_have("attachments") else (),
    }
    response = render(request, "feedback/receipt.html", context)
    response["Cache-Control"] = "no-store"
    return response
