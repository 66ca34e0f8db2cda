"""Consultations at the desk: the draft, its announcement, the answers to its comments."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from charter.actions.consultations import announce, answer_comment, hide_comment, publish_answers, save_draft
from charter.actions.refusals import (
    ChangedMeanwhile,
    NeedsReason,
    NotAnswered,
    NothingProposed,
    NotOpen,
    WrongStage,
)
from charter.choices import ConsultationStage
from charter.consultation_forms import AnswerForm, DraftForm, HideForm
from charter.models import Comment, Consultation
from samokov_portal.history import newest_change
from samokov_portal.staff.desk import at_desk
from samokov_portal.staff.requests import StaffRequest, seen_of

A_PAGE = 50
REFUSALS: dict[type[Exception], Any] = {
    ChangedMeanwhile: gettext_lazy(
        "Междувременно колега промени проекта. Прочетете го, както стои сега, и опитайте пак."
    ),
    WrongStage: gettext_lazy("Обсъждането вече не е на този етап. Вижте как стои сега."),
    NothingProposed: gettext_lazy("Проектът още няма нито една част. Добавете поне една."),
    NotOpen: gettext_lazy("Последният ден за коментари е минал. Променете дните."),
    NotAnswered: gettext_lazy("Има коментари без отговор. Таблицата се публикува, когато всеки има отговор."),
    NeedsReason: gettext_lazy("Напишете защо."),
}
CHANGES = {"announce": announce, "publish": publish_answers}
DONE = {
    "announce": gettext_lazy("Проектът е обявен и вече не се променя."),
    "publish": gettext_lazy("Отговорите са публикувани."),
}


@require_http_methods(["GET", "POST"])
@at_desk("charter.conduct_consultation")
def desk_consultations(request: StaffRequest) -> HttpResponse:
    """Every consultation, and a form for a new draft."""
    now = timezone.now()
    today = timezone.localtime(now).date()
    form = DraftForm(request.POST if request.method == "POST" else None, today=today)
    if form.is_bound and form.is_valid():
        row = save_draft(consultation=form.save(commit=False), passages=form.passages(), by=request.user, now=now)
        messages.success(request, _("Проектът е записан."))
        return redirect("charter:desk_consultation", pk=row.pk)
    rows = [(row, row.stage(today)) for row in Consultation.objects.newest_first()]
    context = {"form": form, "consultations": rows}
    return render(request, "charter/desk_consultations.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
@at_desk("charter.conduct_consultation")
def desk_consultation(request: StaffRequest, pk: int) -> HttpResponse:
    """A draft to be changed, or an announced one with its comments to be answered."""
    row = get_object_or_404(Consultation, pk=pk)
    now = timezone.now()
    today = timezone.localtime(now).date()
    stage = row.stage(today)
    if stage != ConsultationStage.DRAFT:
        if request.method == "POST":
            messages.error(request, REFUSALS[WrongStage])
        return announced(request, row, stage, status=409 if request.method == "POST" else 200)
    form = DraftForm(request.POST if request.method == "POST" else None, instance=row, today=today)
    if not form.is_bound or not form.is_valid():
        return draft_page(request, pk, form, status=422 if form.is_bound else 200)
    values = {"consultation": form.save(commit=False), "passages": form.passages(), "seen": form.cleaned_data["seen"]}
    try:
        save_draft(**values, by=request.user, now=now)
    except WrongStage:
        messages.error(request, REFUSALS[WrongStage])
    except ChangedMeanwhile:
        return beside_a_colleague(request, pk, today)
    else:
        messages.success(request, _("Проектът е записан."))
    return redirect("charter:desk_consultation", pk=pk)


def draft_page(
    request: StaffRequest, pk: int, form: DraftForm, *, is_changed: bool = False, status: int = 200
) -> HttpResponse:
    """The draft to be changed; with what is stored beside what was typed, where a colleague changed it meanwhile."""
    row = Consultation.objects.get(pk=pk)
    context = {
        "consultation": row,
        "stage": ConsultationStage.DRAFT,
        "form": form,
        "is_changed": is_changed,
        "passages": row.passages.all() if is_changed else [],
        "seen": newest_change(row),
    }
    return render(request, "charter/desk_draft.html", context, status=status)


def beside_a_colleague(request: StaffRequest, pk: int, today: date) -> HttpResponse:
    """What is stored now, and below it what was typed here: sent once more it takes its place."""
    row = Consultation.objects.get(pk=pk)
    typed = request.POST.copy()
    typed["seen"] = str(newest_change(row))
    return draft_page(request, pk, DraftForm(typed, instance=row, today=today), is_changed=True, status=409)


def announced(request: StaffRequest, row: Consultation, stage: ConsultationStage, status: int = 200) -> HttpResponse:
    comments = Paginator(row.comments.in_order().select_related("answered_by", "passage"), A_PAGE)
    context = {
        "consultation": row,
        "stage": stage,
        "comments": comments.get_page(request.GET.get("page")),
        "unanswered": row.comments.unanswered().count(),
        "may_publish": stage == ConsultationStage.CLOSED,
        "may_answer": stage != ConsultationStage.ANSWERED,
    }
    return render(request, "charter/desk_consultation.html", context, status=status)


@require_POST
@at_desk("charter.conduct_consultation")
def desk_consultation_announce(request: StaffRequest, pk: int) -> HttpResponse:
    return changed(request, pk, "announce", seen=seen_of(request))


@require_POST
@at_desk("charter.conduct_consultation")
def desk_consultation_publish(request: StaffRequest, pk: int) -> HttpResponse:
    return changed(request, pk, "publish")


def changed(request: StaffRequest, pk: int, name: str, **given: Any) -> HttpResponse:
    """Take the step; a refused one is told on the page of the consultation."""
    get_object_or_404(Consultation, pk=pk)
    try:
        CHANGES[name](consultation_id=pk, by=request.user, now=timezone.now(), **given)
    except tuple(REFUSALS) as refusal:
        messages.error(request, REFUSALS[type(refusal)])
    else:
        messages.success(request, DONE[name])
    return redirect("charter:desk_consultation", pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk("charter.conduct_consultation")
def desk_comment(request: StaffRequest, pk: int, number: int) -> HttpResponse:
    """A comment, what it is answered, and hiding it."""
    row = get_object_or_404(Comment.objects.select_related("consultation", "passage"), consultation=pk, number=number)
    form = answer_form(row, request.POST if request.method == "POST" else None)
    if not form.is_bound or not form.is_valid():
        return comment_page(request, row, form, HideForm(), status=422 if form.is_bound else 200)
    try:
        answer_comment(comment_id=row.pk, **form.cleaned_data, by=request.user, now=timezone.now())
    except WrongStage:
        messages.error(request, REFUSALS[WrongStage])
        return comment_page(request, row, form, HideForm(), status=409)
    except ChangedMeanwhile:
        row.refresh_from_db()
        typed = request.POST.copy()
        typed["seen"] = str(newest_change(row))
        return comment_page(request, row, AnswerForm(typed), HideForm(), is_changed=True, status=409)
    messages.success(request, _("Отговорът е записан."))
    return redirect("charter:desk_consultation", pk=pk)


@require_POST
@at_desk("charter.conduct_consultation")
def desk_comment_hide(request: StaffRequest, pk: int, number: int) -> HttpResponse:
    row = get_object_or_404(Comment.objects.select_related("consultation", "passage"), consultation=pk, number=number)
    form = HideForm(request.POST)
    if not form.is_valid():
        return comment_page(request, row, answer_form(row), form, status=422)
    try:
        hide_comment(comment_id=row.pk, reason=form.cleaned_data["reason"], by=request.user, now=timezone.now())
    except WrongStage:
        messages.error(request, _("Коментарът вече е скрит."))
    else:
        messages.success(request, _("Коментарът е скрит."))
    return redirect("charter:desk_consultation", pk=pk)


def answer_form(row: Comment, data: Any = None) -> AnswerForm:
    """The form with what the comment is answered now."""
    return AnswerForm(data, initial={"response": row.response, "answer": row.answer, "seen": newest_change(row)})


def comment_page(
    request: StaffRequest,
    row: Comment,
    form: AnswerForm,
    hide: HideForm,
    *,
    is_changed: bool = False,
    status: int = 200,
) -> HttpResponse:
    context = {
        "comment": row,
        "consultation": row.consultation,
        "form": form,
        "hide": hide,
        "is_changed": is_changed,
    }
    return render(request, "charter/desk_comment.html", context, status=status)
