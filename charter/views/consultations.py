"""Consultations for everybody: the draft, the form for a comment, the table of comments and answers."""

import csv
from datetime import date

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from charter.actions.consultations import comment_on
from charter.actions.refusals import NotOpen
from charter.choices import ConsultationStage
from charter.consultation_forms import CommentForm
from charter.models import Comment, Consultation
from samokov_portal.network import client_address
from samokov_portal.office.once import FormAlreadyUsed
from samokov_portal.office.spam import Pause, pause_before
from samokov_portal.office.tables import plain
from samokov_portal.pagestore import public_page

A_PAGE = 50


@require_safe
@public_page
def consultations(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    rows = [(row, row.stage(today)) for row in Consultation.objects.announced().newest_first()]
    return render(request, "charter/consultations.html", {"consultations": rows})


@require_http_methods(["GET", "HEAD", "POST"])
def consultation(request: HttpRequest, pk: int) -> HttpResponse:
    """The draft with its comments; while it is open a comment may be sent."""
    row = get_object_or_404(Consultation.objects.announced(), pk=pk)
    now = timezone.now()
    today = timezone.localtime(now).date()
    if request.method != "POST":
        return page(request, row, CommentForm(consultation=row), today)
    form = CommentForm(request.POST, consultation=row)
    if not form.is_valid():
        return page(request, row, form, today, status=422)
    pause = pause_before(form, model=Comment, address=client_address(request), now=now)
    if pause:
        return page(request, row, form, today, pause=pause, status=pause.status)
    try:
        comment, _is_new = comment_on(
            consultation_id=row.pk, nonce=form.cleaned_data["token"], values=form.values(), now=now
        )
    except NotOpen:
        form.add_error(None, _("Проектът не е отворен за коментари. Написаното е запазено само на тази страница."))
        return page(request, row, form, today, status=409)
    except FormAlreadyUsed as used:
        text = _("С този формуляр вече изпратихте коментар № %(number)s. За друг коментар отворете страницата отново.")
        form.add_error(None, text % {"number": used.row.number})
        return page(request, row, form, today, status=409)
    messages.success(
        request, _("Благодарим Ви. Коментарът Ви е записан под № %(number)s.") % {"number": comment.number}
    )
    return redirect(row)


def page(
    request: HttpRequest,
    row: Consultation,
    form: CommentForm,
    today: date,
    *,
    pause: Pause | None = None,
    status: int = 200,
) -> HttpResponse:
    stage = row.stage(today)
    comments = Paginator(row.comments.in_order(), A_PAGE)
    context = {
        "consultation": row,
        "stage": stage,
        "is_open": stage == ConsultationStage.OPEN,
        "is_over": stage in (ConsultationStage.CLOSED, ConsultationStage.ANSWERED),
        "is_answered": stage == ConsultationStage.ANSWERED,
        "passages": row.passages.all(),
        "comments": comments.get_page(request.GET.get("page")),
        "form": form,
        "pause": pause,
    }
    return render(request, "charter/consultation.html", context, status=status)


@require_safe
def consultation_csv(request: HttpRequest, pk: int) -> HttpResponse:
    """The table of comments and answers, with a byte order mark, so that spreadsheets read the Cyrillic."""
    row = get_object_or_404(Consultation.objects.announced(), pk=pk)
    is_answered = row.answered_at is not None
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="consultation-{row.pk}.csv"'
    sheet = csv.writer(response, lineterminator="\r\n")
    sheet.writerow(["number", "at", "passage", "words", "name", "hidden", "response", "answer"])
    for comment in row.comments.in_order():
        words = ["", ""] if comment.hidden_at else [plain(comment.words), plain(comment.name)]
        answer = [comment.response, plain(comment.answer)] if is_answered else ["", ""]
        about = plain(comment.passage.heading) if comment.passage else ""
        at = timezone.localtime(comment.at).isoformat()
        sheet.writerow([comment.number, at, about, *words, plain(comment.hidden_reason), *answer])
    return response
