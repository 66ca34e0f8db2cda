"""The desk: the work list, and logging what came in person, by phone, by post."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import Min
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from feedback.actions.register import register_case
from feedback.choices import Kind
from feedback.forms.matter import LogForm
from feedback.forms.work import WorkListFilter
from feedback.models import Case, Letter
from feedback.views.citizen import already_used, receipt
from feedback.views.letters import count_to_send
from feedback.views.standing import line_of
from samokov_portal.audit.choices import LookKind
from samokov_portal.audit.looks import note_look
from samokov_portal.office.numbers import read_number
from samokov_portal.office.once import FormAlreadyUsed
from samokov_portal.staff.desk import at_desk
from samokov_portal.staff.requests import StaffRequest

PAGE = 50


@require_safe
@at_desk("feedback.view_case")
def work_list(request: StaffRequest) -> HttpResponse:
    """Open cases that this person may see, soonest last day first, a page at a time by keyset."""
    form = WorkListFilter(request.GET)
    form.is_valid()
    number = form.cleaned_data.get("number")
    note_look(request, LookKind.SEARCH if number else LookKind.LIST, "work-list", sought=[number or ""])
    rows = list(chosen(request, form.cleaned_data)[: PAGE + 1])
    more = rows[PAGE - 1].place_in_queue if len(rows) > PAGE else ""
    today = timezone.localdate()
    unsent = unsent_forwardings(rows[:PAGE])
    context = {
        "form": form,
        "lines": [line_of(row, today, unsent.get(row.pk)) for row in rows[:PAGE]],
        "more": more,
        "is_narrowed": any(form.cleaned_data.values()),
        "letters_waiting": letters_waiting(request),
    }
    return render(request, "feedback/work_list.html", context)


def letters_waiting(request: StaffRequest) -> int:
    """How many letters wait for hands, for whoever hands them over."""
    return count_to_send(request.user, timezone.now()) if request.user.has_perm("feedback.post_letter") else 0


def chosen(request: StaffRequest, wanted: dict[str, Any]) -> Any:
    """The cases that fit the filters: all open ones, or the one with the number that was typed."""
    cases = Case.objects.seen_by(request.user).with_frame()
    if wanted.get("number"):
        return cases.filter(number=read_number(wanted["number"])).by_next_day()
    cases = cases.open().by_next_day()
    if wanted.get("status"):
        cases = cases.filter(status=wanted["status"])
    if wanted.get("kind"):
        cases = cases.of_kind(wanted["kind"])
    if wanted.get("unit"):
        cases = cases.filter(unit=wanted["unit"])
    return cases.after(*wanted["after"]) if wanted.get("after") else cases


def unsent_forwardings(rows: Sequence[Case]) -> dict[int, datetime]:
    """Since when a letter to a competent body waits to go out, by the key of its case; one query."""
    waiting = Letter.objects.to_bodies().unsent().filter(case__in=[row.pk for row in rows])
    return dict(waiting.values_list("case").annotate(since=Min("created_at")))


@require_safe
@at_desk("feedback.log_case")
def log(request: StaffRequest) -> HttpResponse:
    """What is logged: the kind decides the fields."""
    return render(request, "feedback/log.html", {"kinds": Kind})


@require_http_methods(["GET", "POST"])
@at_desk("feedback.log_case")
def log_new(request: StaffRequest, kind: str) -> HttpResponse:
    """Log what came at the desk, by phone, post or e-mail; the answer to the POST is the receipt for the person."""
    if kind not in Kind.values:
        raise Http404
    now = timezone.now()
    initial = {"received_at": timezone.localtime(now).replace(second=0, microsecond=0)}
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = LogForm(*sent, initial=initial, kind=kind, now=now)
    form.may_backdate = request.user.has_perm("feedback.backdate_case")
    context = {"form": form, "kind": Kind(kind)}
    if request.method != "POST":
        return render(request, "feedback/log_new.html", context)
    form.is_valid()
    if not form.take_files(now=now, by=request.user):
        return render(request, "feedback/log_new.html", context, status=422)
    values = {**form.case_values(), **form.receipt_values()}
    moments = {"received_at": form.cleaned_data["received_at"], "registered_at": now}
    try:
        filed = register_case(nonce=form.cleaned_data["token"], values=values, by=request.user, **moments)
    except FormAlreadyUsed as used:
        form.add_error(None, already_used(used.row))
        return render(request, "feedback/log_new.html", {**context, "used": used.row}, status=409)
    return receipt(request, filed.case, filed.code)
