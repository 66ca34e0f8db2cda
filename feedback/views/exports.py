"""The work list as a file, at once or by the worker, and questions to it under names."""

import logging
import uuid
from collections.abc import Iterator
from tempfile import TemporaryFile
from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from feedback.actions.exports import order_export, remove_filter, save_filter, write_table
from feedback.actions.ordered import TooMany
from feedback.choices import ExportFormat
from feedback.forms.work import SaveFilterForm, WorkListFilter
from feedback.models import Export
from feedback.worklist import Asked
from feedback.worklist.table import headings, rows_of
from samokov_portal.audit.choices import LookKind
from samokov_portal.audit.looks import note_look
from samokov_portal.files import shelf
from samokov_portal.office.tables import as_csv
from samokov_portal.staff.desk import at_desk
from samokov_portal.staff.requests import StaffRequest

logger = logging.getLogger(__name__)
# What is longer is written by the worker: a page should not hold a thread for longer than a moment.
AT_ONCE = 2_000
REFRESH_SECONDS = 3
TYPES = {
    ExportFormat.CSV: "text/csv; charset=utf-8",
    ExportFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@require_http_methods(["GET", "POST"])
@at_desk("feedback.view_case")
def export_list(request: StaffRequest, file_format: str) -> HttpResponseBase:
    """The list of the screen, all its pages, as a file; a long one is ordered by POST and written by the worker."""
    if file_format not in ExportFormat.values:
        raise Http404
    wanted, now = ExportFormat(file_format), timezone.now()
    form = WorkListFilter(request.GET)
    asked = form.asked_by(request.user, timezone.localdate())
    note_look(request, LookKind.EXPORT, "work-list", sought=asked.sought)
    if request.method == "POST":
        return ordered(request, wanted, form.query_of(asked.tab))
    if asked.is_longer_than(AT_ONCE):
        context = {"format": wanted, "query": form.query_of(asked.tab), "at_once": AT_ONCE}
        return render(request, "feedback/export_list.html", context)
    return saved_as(at_once(wanted, asked), wanted, f"work-list-{timezone.localtime(now):%Y%m%d-%H%M}.{wanted}")


def ordered(request: StaffRequest, file_format: ExportFormat, query: str) -> HttpResponse:
    language = get_language() or "bg"
    try:
        export = order_export(
            query=query, file_format=file_format, language=language, by=request.user, now=timezone.now()
        )
    except TooMany:
        messages.error(request, _("За едно денонощие се изготвят до двадесет файла. Опитайте утре."))
        return redirect(f"{reverse('feedback:work_list')}?{query}")
    return redirect(export)


def at_once(file_format: ExportFormat, asked: Asked) -> HttpResponseBase:
    if file_format == ExportFormat.CSV:
        return StreamingHttpResponse(in_language(get_language() or "bg", as_csv(headings(), rows_of(asked.lines()))))
    # A workbook is whole only when it ends; its parts lie on the disk until then.
    file = TemporaryFile()  # noqa: SIM115 - the response closes it
    write_table(file, file_format, rows_of(asked.lines()))
    file.seek(0)
    return FileResponse(file)


def in_language(language: str, pieces: Iterator[bytes]) -> Iterator[bytes]:
    """The same pieces, each made in the language of the page, which is over when they are asked for."""
    while True:
        with override(language):
            piece = next(pieces, None)
        if piece is None:
            return
        yield piece


def saved_as(response: Any, file_format: ExportFormat, name: str) -> Any:
    """A file that the browser saves and nobody keeps on the way."""
    response["Content-Type"] = TYPES[file_format]
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def own_export(request: StaffRequest, key: uuid.UUID) -> Export:
    """The ordered file, for whoever ordered it; to others it is not there."""
    row = get_object_or_404(Export.objects.of(request.user), key=key)
    if row.kept_until <= timezone.now():
        raise Http404
    return row


@require_safe
@at_desk("feedback.view_case")
def export(request: StaffRequest, key: uuid.UUID) -> HttpResponse:
    """How far an ordered file is; the page asks again by itself until it is there."""
    row = own_export(request, key)
    is_lost = row.is_lost(timezone.now())
    response = render(request, "feedback/export.html", {"export": row, "is_lost": is_lost})
    if row.finished_at is None and not is_lost:
        response["Refresh"] = str(REFRESH_SECONDS)
    return response


@require_safe
@at_desk("feedback.view_case")
def export_file(request: StaffRequest, key: uuid.UUID) -> HttpResponseBase:
    """The ordered file itself; where the store lost it, the page says so."""
    row = own_export(request, key)
    if row.finished_at is None:
        raise Http404
    note_look(request, LookKind.EXPORT, "work-list")
    try:
        file = shelf.store().open(row.stored)
    except FileNotFoundError:
        logger.exception("the file of export %s is not in the store", row.key)
        return render(request, "feedback/export.html", {"export": row, "is_gone": True}, status=404)
    return saved_as(FileResponse(file), ExportFormat(row.format), row.file_name)


@require_POST
@at_desk("feedback.view_case")
def filter_save(request: StaffRequest) -> HttpResponse:
    """Keep the question under a name, and come back to it."""
    form = SaveFilterForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Напишете име на филтъра, до 60 знака."))
        return redirect("feedback:work_list")
    try:
        saved = save_filter(**form.cleaned_data, by=request.user)
    except TooMany:
        messages.error(request, _("Имате тридесет запазени филтъра. Премахнете някой и опитайте отново."))
        return redirect(f"{reverse('feedback:work_list')}?{form.cleaned_data['query']}")
    messages.success(request, _("Филтърът „%(name)s“ е запазен.") % {"name": saved.name})
    return redirect(f"{reverse('feedback:work_list')}?{saved.query}")


@require_POST
@at_desk("feedback.view_case")
def filter_remove(request: StaffRequest, pk: int) -> HttpResponse:
    """Forget a filter of one's own."""
    if not remove_filter(filter_id=pk, by=request.user):
        raise Http404
    messages.success(request, _("Филтърът е премахнат."))
    return redirect("feedback:work_list")
