"""Cases about the same: tied one by one or many at once, separated, and looked for."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from feedback.actions import merging
from feedback.actions.bulk import merge_cases
from feedback.forms.merging import BulkMergeForm, MergeForm, SeparateForm
from feedback.life import MOVES
from feedback.likeness import LEAST_SHARE, likeness, stems
from feedback.models import Case
from feedback.views.bulk import query_of_list, tell_refusals, to_list
from feedback.views.case import change, seen
from feedback.worklist import line_of
from samokov_portal.audit.choices import LookKind
from samokov_portal.audit.looks import note_look
from samokov_portal.office.numbers import read_number
from samokov_portal.staff.desk import at_desk
from samokov_portal.staff.requests import StaffRequest

PERMISSION = "feedback.merge_case"
# Of which cases about the same are looked for on each side of the day of receipt, how many are read, and shown.
NEAR = timedelta(days=60)
READ = 400
SHOWN = 20


@require_POST
@at_desk("feedback.view_case")
def case_merge(request: StaffRequest, number: str) -> HttpResponse:
    return change(request, number, MergeForm, merging.merge_case, _("Преписката е слята с главната."))


@require_POST
@at_desk("feedback.view_case")
def case_separate(request: StaffRequest, number: str) -> HttpResponse:
    return change(request, number, SeparateForm, merging.separate_case, _("Преписката се разглежда самостоятелно."))


@require_POST
@at_desk(PERMISSION)
def cases_merge(request: StaffRequest) -> HttpResponse:
    """Tie the ticked cases to a main one; the page asks for what is not said yet, with the ticks kept."""
    form = BulkMergeForm(request.POST, by=request.user)
    ticked = form.ticked()
    note_look(request, LookKind.LIST, "cases-merge")
    if ticked and "main" not in request.POST:
        empty = BulkMergeForm(by=request.user, initial={"main": proposed(ticked, request)})
        return page(request, empty, ticked, status=200)
    if not form.is_valid():
        return page(request, form, ticked, status=422)
    outcome = merge_cases(seen=ticked, **form.cleaned_data, by=request.user, now=timezone.now())
    count = len(outcome.done)
    if count:
        words = ngettext("Слята е %(count)s преписка с %(main)s.", "Слети са %(count)s преписки с %(main)s.", count)
        messages.success(request, words % {"count": count, "main": form.cleaned_data["main"]})
    tell_refusals(request, outcome, _("%(number)s не е слята. %(why)s"))
    begun = begun_from(request)
    return redirect("feedback:case", begun) if begun else to_list(request)


def page(request: StaffRequest, form: BulkMergeForm, ticked: dict[str, int], *, status: int) -> HttpResponse:
    context = {"form": form, "ticked": ticked, "query": query_of_list(request), "begun": begun_from(request)}
    return render(request, "feedback/cases_merge.html", context, status=status)


def begun_from(request: StaffRequest) -> str:
    """The number of the case from which the others were found; empty when they were ticked in the work list."""
    return read_number(request.POST.get("propose", ""))


def proposed(ticked: dict[str, int], request: StaffRequest) -> str:
    """The number of the main case as the page proposes it: the one from which the others were found, else the first."""
    if number := begun_from(request):
        return number
    rows = Case.objects.seen_by(request.user).filter(number__in=ticked).order_by("received_at", "pk")
    return rows.values_list("number", flat=True).first() or ""


@require_safe
@at_desk(PERMISSION)
def case_similar(request: StaffRequest, number: str) -> HttpResponse:
    """Open cases of the same kind in like words, the likest first, to be tied to this one."""
    row = seen(request, number)
    context = {"case": row, "lines": alike(row, request) if may_have_tied(row) else []}
    return render(request, "feedback/case_similar.html", context)


def may_have_tied(row: Case) -> bool:
    """Whether another case could be tied to this one."""
    return row.is_mergeable and row.status in MOVES["merge"].begins and not row.awaits_main


def alike(row: Case, request: StaffRequest) -> list[Any]:
    """The lines of cases like `row`, each with its newest event, by which it is ticked; one query."""
    mine = stems(f"{row.subject} {row.text}")
    near = Case.objects.seen_by(request.user).near(row, within=NEAR).with_frame()
    near = near.with_last_event(MOVES["merge"].begins)[:READ]
    marked = [(likeness(mine, stems(f"{case.subject} {case.text}")), case) for case in near]
    found = sorted(((mark, case) for mark, case in marked if mark >= LEAST_SHARE), key=lambda pair: -pair[0])
    today = timezone.localdate()
    return [line_of(case, today) for _mark, case in found[:SHOWN]]
