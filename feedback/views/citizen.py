"""A citizen's pages: choose, file, receipt, follow."""

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from feedback.actions import register_case
from feedback.choices import NAMED_KINDS, Kind, outcome_in_words
from feedback.clock import comes_too_late, explain, promised_term
from feedback.forms import MatterForm, TrackForm
from feedback.models import Case
from feedback.tracking import TooManyFailures, find_case
from samokov_portal.network import client_address
from samokov_portal.office.choices import Channel
from samokov_portal.office.once import FormAlreadyUsed


@require_safe
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
    form = MatterForm(request.POST if request.method == "POST" else None, kind=kind, now=now)
    context = {"form": form, "kind": Kind(kind), "term": promised_term(kind), "is_named": kind in NAMED_KINDS}
    if request.method != "POST":
        return render(request, "feedback/new.html", context)
    if not form.is_valid():
        return render(request, "feedback/new.html", context, status=422)
    values = {**form.case_values(), "channel": Channel.WEB}
    try:
        filed = register_case(nonce=form.cleaned_data["token"], values=values, received_at=now, registered_at=now)
    except FormAlreadyUsed as used:
        form.add_error(None, already_used(used.row))
        return render(request, "feedback/new.html", {**context, "used": used.row}, status=409)
    return receipt(request, filed.case, filed.code)


def already_used(case: Case) -> str:
    """What a person reads who changed a form after it was sent, and sent it again."""
    return _(
        "С този формуляр вече подадохте преписка %(number)s и промените не са добавени към нея. "
        "Ако искате да подадете още нещо, отворете нов формуляр."
    ) % {"number": case.number}


def receipt(request: HttpRequest, case: Case, code: str) -> HttpResponse:
    """The number, the code and the promised date; the only time that the code is shown."""
    context = {
        "case": case,
        "kind": Kind(case.kind),
        "code": code,
        "deadline": explain(case),
        "is_too_late": comes_too_late(case),
    }
    response = render(request, "feedback/receipt.html", context)
    response["Cache-Control"] = "no-store"
    return response


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def track(request: HttpRequest) -> HttpResponse:
    """Number and code by POST, so that the code is in no address, log or Referer."""
    form = TrackForm(request.POST if request.method == "POST" else None)
    if request.method != "POST":
        return render(request, "feedback/track.html", {"form": form})
    if not form.is_valid():
        return render(request, "feedback/track.html", {"form": form}, status=422)
    try:
        case = find_case(**form.cleaned_data, address=client_address(request), now=timezone.now())
    except TooManyFailures:
        return render(request, "429.html", status=429)
    if case is None:
        form.add_error(None, _("Няма преписка с този номер и този код. Проверете ги на разписката и опитайте отново."))
        return render(request, "feedback/track.html", {"form": form}, status=422)
    return render(request, "feedback/tracked.html", tracked(case))


def tracked(case: Case) -> dict[str, Any]:
    """What whoever holds the code may see: no name of an official, no internal reason."""
    return {
        "case": case,
        "kind": Kind(case.kind),
        "events": case.events.in_order(),
        "deadline": explain(case),
        "outcome": outcome_in_words(case.kind, case.outcome),
        "is_late": is_late(case, timezone.localdate()),
    }


def is_late(case: Case, today: date) -> bool:
    """Whether the answer came, or is still to come, after the last day in force."""
    if case.due_on is None or case.forwarded_at is not None:
        return False
    answered_on = timezone.localtime(case.decided_at).date() if case.decided_at else today
    return answered_on > case.due_on
