"""The desk: the work list, logging what came in person, and one case with what may be done to it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from feedback import actions
from feedback.choices import Kind, Status, outcome_in_words
from feedback.clock import explain
from feedback.forms import (
    AnswerForm,
    AssignForm,
    CaseActionForm,
    CloseForm,
    ExtendForm,
    ForwardForm,
    LogForm,
    WorkListFilter,
)
from feedback.models import Case
from feedback.views.citizen import already_used, is_late, receipt
from samokov_portal.office.numbers import read_number
from samokov_portal.office.once import FormAlreadyUsed
from samokov_portal.staff.desk import at_desk
from samokov_portal.staff.requests import StaffRequest

PAGE = 50
REFUSALS: dict[type[actions.Refused], Any] = {
    actions.ChangedMeanwhile: gettext_lazy(
        "Докато бяхте на страницата, друг служител промени преписката. Нищо Ваше не е записано: вижте новото по-долу "
        "и, ако още е нужно, изпратете отново."
    ),
    actions.NotOpen: gettext_lazy("Преписката вече е решена, препратена или приключена. Нищо не е променено."),
    actions.NotDecided: gettext_lazy("Още няма решение, за което подателят да бъде уведомен, или вече е уведомен."),
    actions.WrongOutcome: gettext_lazy("Този изход не е за такъв вид преписка."),
    actions.CannotExtend: gettext_lazy(
        "Срокът не може да се удължи така: проверете вида на преписката, дали срокът не е изтекъл, и най-късната дата."
    ),
    actions.NeedsReason: gettext_lazy("Напишете причината – подателят има право да я знае."),
}


@require_safe
@at_desk("feedback.view_case")
def work_list(request: StaffRequest) -> HttpResponse:
    """Open cases that this person may see, soonest last day first, a page at a time by keyset."""
    form = WorkListFilter(request.GET)
    form.is_valid()
    rows = list(chosen(request, form.cleaned_data)[: PAGE + 1])
    more = rows[PAGE - 1].place_in_queue if len(rows) > PAGE else ""
    today = timezone.localdate()
    context = {
        "form": form,
        "lines": [line_of(row, today) for row in rows[:PAGE]],
        "more": more,
        "is_narrowed": any(form.cleaned_data.values()),
    }
    return render(request, "feedback/work_list.html", context)


@dataclass(frozen=True)
class WorkLine:
    """A case in the work list: what is awaited, by when, and how many days are left (fewer than none: late by)."""

    case: Case
    awaits_notice: bool
    last_day: date | None
    days_left: int | None

    @property
    def is_late(self) -> bool:
        return self.days_left is not None and self.days_left < 0

    @property
    def days_late(self) -> int:
        return -(self.days_left or 0)


def line_of(row: Case, today: date) -> WorkLine:
    """After the decision the sender is to be told of it; a closed or forwarded case awaits nothing."""
    awaits_notice = row.status == Status.DECIDED
    last_day = row.notify_due_on if awaits_notice else row.due_on
    days_left = (last_day - today).days if last_day is not None and row.is_open else None
    return WorkLine(row, awaits_notice, last_day, days_left)


def chosen(request: StaffRequest, wanted: dict[str, Any]) -> Any:
    """The cases that fit the filters: all open ones, or the one with the number that was typed."""
    cases = Case.objects.seen_by(request.user).with_frame()
    if wanted.get("number"):
        return cases.filter(number=read_number(wanted["number"])).by_next_day()
    cases = cases.open().by_next_day()
    if wanted.get("kind"):
        cases = cases.of_kind(wanted["kind"])
    if wanted.get("unit"):
        cases = cases.filter(unit=wanted["unit"])
    return cases.after(*wanted["after"]) if wanted.get("after") else cases


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
    form = LogForm(request.POST if request.method == "POST" else None, initial=initial, kind=kind, now=now)
    context = {"form": form, "kind": Kind(kind)}
    if request.method != "POST":
        return render(request, "feedback/log_new.html", context)
    if not form.is_valid():
        return render(request, "feedback/log_new.html", context, status=422)
    values = {**form.case_values(), **form.receipt_values()}
    moments = {"received_at": form.cleaned_data["received_at"], "registered_at": now}
    try:
        filed = actions.register_case(nonce=form.cleaned_data["token"], values=values, by=request.user, **moments)
    except FormAlreadyUsed as used:
        form.add_error(None, already_used(used.row))
        return render(request, "feedback/log_new.html", {**context, "used": used.row}, status=409)
    return receipt(request, filed.case, filed.code)


@require_safe
@at_desk("feedback.view_case")
def case(request: StaffRequest, number: str) -> HttpResponse:
    return case_page(request, seen(request, number))


def seen(request: StaffRequest, number: str) -> Case:
    """The case, if this person may see it; otherwise it is not found, as if it were not there."""
    return get_object_or_404(Case.objects.seen_by(request.user).with_frame(), number=number)


def case_page(request: StaffRequest, row: Case, bound: CaseActionForm | None = None, status: int = 200) -> HttpResponse:
    """The page of a case with the forms of what may be done now; `bound` is the one that came back with errors."""
    forms = {} if bound is None else {bound.action: bound}
    today = timezone.localdate()
    context = {
        "case": row,
        "line": line_of(row, today),
        "events": row.events.select_related("by").in_order(),
        "deadline": explain(row),
        "outcome": outcome_in_words(row.kind, row.outcome),
        "is_late": is_late(row, today),
        "longest_due_on": actions.longest_due_on(row),
        "forms": {**allowed_forms(request, row), **forms},
        "form": bound,
    }
    return render(request, "feedback/case.html", context, status=status)


def allowed_forms(request: StaffRequest, row: Case) -> dict[str, CaseActionForm]:
    """The empty forms of the changes that this person may make to the case as it stands, by the name of the change."""
    undecided = row.status in (Status.REGISTERED, Status.ASSIGNED)
    fitting: dict[type[CaseActionForm], bool] = {
        AssignForm: undecided,
        AnswerForm: undecided,
        ForwardForm: undecided,
        ExtendForm: undecided and actions.longest_due_on(row) is not None,
        CloseForm: row.status == Status.DECIDED,
    }
    return {
        form.action: form(case=row) for form, fits in fitting.items() if fits and request.user.has_perm(form.permission)
    }


def change(
    request: StaffRequest, number: str, form_class: type[CaseActionForm], perform: Callable[..., Case], done: str
) -> HttpResponse:
    """One change of one case: check the form, perform it, tell and redirect; a refusal keeps what was typed."""
    row = seen(request, number)
    form = form_class(request.POST, case=row)
    if not form.is_valid():
        return case_page(request, row, form, status=422)
    try:
        perform(case_id=row.pk, **form.cleaned_data, by=request.user, now=timezone.now())
    except actions.Refused as refusal:
        # The case is read again: what refused this change may be what somebody else did to it meanwhile.
        row = seen(request, number)
        typed = request.POST.copy()
        typed[form.add_prefix("seen")] = str(row.last_event_id() or "")
        form = form_class(typed, case=row)
        form.full_clean()
        form.add_error(None, REFUSALS[type(refusal)])
        return case_page(request, row, form, status=409)
    messages.success(request, done)
    return redirect(row)


@require_POST
@at_desk(AssignForm.permission)
def case_assign(request: StaffRequest, number: str) -> HttpResponse:
    return change(request, number, AssignForm, actions.assign_case, _("Преписката е възложена."))


@require_POST
@at_desk(ForwardForm.permission)
def case_forward(request: StaffRequest, number: str) -> HttpResponse:
    return change(request, number, ForwardForm, actions.forward_case, _("Отбелязано е препращането."))


@require_POST
@at_desk(ExtendForm.permission)
def case_extend(request: StaffRequest, number: str) -> HttpResponse:
    return change(request, number, ExtendForm, actions.extend_case, _("Срокът е удължен."))


@require_POST
@at_desk(AnswerForm.permission)
def case_answer(request: StaffRequest, number: str) -> HttpResponse:
    return change(
        request, number, AnswerForm, actions.answer_case, _("Отговорът е записан и подателят може да го прочете.")
    )


@require_POST
@at_desk(CloseForm.permission)
def case_close(request: StaffRequest, number: str) -> HttpResponse:
    return change(request, number, CloseForm, actions.close_case, _("Преписката е приключена."))
