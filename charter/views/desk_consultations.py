"""Consultations at the desk: the draft, its announcement, the answers to its comments."""

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
from charter.actions.refusals import NeedsReason, NotAnswered, NothingProposed, NotOpen, WrongStage
from charter.choices import ConsultationStage
from charter.consultation_forms import AnswerForm, DraftForm, HideForm
from charter.models import Comment, Consultation
from samokov_portal.staff.desk import at_desk
from samokov_portal.staff.requests import StaffRequest

A_PAGE = 50
REFUSALS: dict[type[Exception], Any] = {
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
    if form.is_bound and form.is_valid():
        try:
            save_draft(consultation=form.save(commit=False), passages=form.passages(), by=request.user, now=now)
        except WrongStage:
            messages.error(request, REFUSALS[WrongStage])
        else:
            messages.success(request, _("Проектът е записан."))
        return redirect("charter:desk_consultation", pk=pk)
    context = {"consultation": row, "stage": stage, "form": form}
    return render(request, "charter/desk_draft.html", context, status=422 if form.is_bound else 200)


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
    return changed(request, pk, "announce")


@require_POST
@at_desk("charter.conduct_consultation")
def desk_consultation_publish(request: StaffRequest, pk: int) -> HttpResponse:
    return changed(request, pk, "publish")


def changed(request: StaffRequest, pk: int, name: str) -> HttpResponse:
    """Take the step; a refused one is told on the page of the consultation."""
    get_object_or_404(Consultation, pk=pk)
    try:
        CHANGES[name](consultation_id=pk, by=request.user, now=timezone.now())
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
    form = AnswerForm(
        request.POST if request.method == "POST" else None, initial={"response": row.response, "answer": row.answer}
    )
    if not form.is_bound or not form.is_valid():
        return comment_page(request, row, form, HideForm(), status=422 if form.is_bound else 200)
    try:
        answer_comment(comment_id=row.pk, **form.cleaned_data, by=request.user, now=timezone.now())
    except WrongStage:
        messages.error(request, REFUSALS[WrongStage])
        return comment_page(request, row, form, HideForm(), status=409)
    messages.success(request, _("Отговорът е записан."))
    return redirect("charter:desk_consultation", pk=pk)


@require_POST
@at_desk("charter.conduct_consultation")
def desk_comment_hide(request: StaffRequest, pk: int, number: int) -> HttpResponse:
    row = get_object_or_404(Comment.objects.select_related("consultation", "passage"), consultation=pk, number=number)
    form = HideForm(request.POST)
    if not form.is_valid():
        return comment_page(request, row, AnswerForm(), form, status=422)
    try:
        hide_comment(comment_id=row.pk, reason=form.cleaned_data["reason"], by=request.user, now=timezone.now())
    except WrongStage:
        messages.error(request, _("Коментарът вече е скрит."))
    else:
        messages.success(request, _("Коментарът е скрит."))
    return redirect("charter:desk_consultation", pk=pk)


def comment_page(
    request: StaffRequest, row: Comment, form: AnswerForm, hide: HideForm, status: int = 200
) -> HttpResponse:
    context = {"comment": row, "consultation": row.consultation, "form": form, "hide": hide}
    return render(request, "charter/desk_comment.html", context, status=status)
