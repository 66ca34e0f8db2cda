"""The catalogue as files at the desk of an editor: taken out, looked at, and made into drafts."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from samokov_portal.staff.desk import at_desk
from samokov_portal.staff.requests import StaffRequest
from services.actions.imports import AlreadyApplied, draft_import, keep_import
from services.documents import document_of
from services.exchange.files import UnreadableFile, format_of, read_json, read_table
from services.exchange.plans import Outcome, Plan, plan_documents, plan_table
from services.exchange.writing import write_csv, write_json, write_workbook
from services.forms.imports import ImportForm
from services.models import CatalogueImport, Service
from services.tasks import order_link_check
from services.views.drafts import EDIT

TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
}
LATEST = 10


@require_safe
@at_desk(EDIT)
def catalogue_export(request: StaffRequest, file_format: str) -> HttpResponseBase:
    """The catalogue as it is published now; a wrong ending is not found."""
    if file_format not in TYPES:
        raise Http404
    services = (
        Service.objects.with_frame().prefetch_related("details", "offers").order_by("group__position", "name", "pk")
    )
    documents = [document_of(service) for service in services]
    answer: HttpResponseBase
    if file_format == "csv":
        answer = StreamingHttpResponse(write_csv(documents), content_type=TYPES["csv"])
    else:
        content = write_workbook(documents) if file_format == "xlsx" else write_json(documents)
        answer = HttpResponse(content, content_type=TYPES[file_format])
    answer["Content-Disposition"] = f'attachment; filename="catalogue-{timezone.localdate():%Y%m%d}.{file_format}"'
    return answer


@require_http_methods(["GET", "POST"])
@at_desk(EDIT)
def catalogue_imports(request: StaffRequest) -> HttpResponse:
    """What was brought in lately, and the form for another file; nothing changes by bringing one in."""
    form = ImportForm(request.POST, request.FILES) if request.method == "POST" else ImportForm()
    if form.is_bound and form.is_valid():
        try:
            return redirect(_kept(request, form.cleaned_data["file"]))
        except UnreadableFile as refused:
            form.add_error("file", str(refused))
    latest = (
        CatalogueImport.objects.select_related("uploaded_by", "applied_by").defer("content").order_by("-pk")[:LATEST]
    )
    context = {"form": form, "latest": latest, "formats": TYPES}
    return render(request, "services/catalogue_imports.html", context, status=422 if form.is_bound else 200)


def _kept(request: StaffRequest, file: Any) -> CatalogueImport:
    """The file as it was read; read as a plan once, so that a bad one is refused at once. Raises UnreadableFile."""
    file_format, content = format_of(file.name), file.read()
    is_table = file_format != "json"
    said = read_table(content, file_format) if is_table else read_json(content)
    _plan(said, is_table, file.name)
    return keep_import(name=file.name, content=said, is_table=is_table, by=request.user, now=timezone.now())


def _plan(content: Any, is_table: bool, name: str) -> Plan:
    on = timezone.localdate()
    if is_table:
        return plan_table(content, _("файл „%(name)s“") % {"name": name}, on=on)
    return plan_documents(content, on=on)


@require_safe
@at_desk(EDIT)
def catalogue_import(request: StaffRequest, pk: int) -> HttpResponse:
    """What a file would change if drafts were made of it now."""
    row = get_object_or_404(CatalogueImport.objects.select_related("uploaded_by", "applied_by"), pk=pk)
    return _import_page(request, row)


def _import_page(request: StaffRequest, row: CatalogueImport, status: int = 200) -> HttpResponse:
    plan = _plan(row.content, row.is_table, row.name)
    context = {"row": row, "plan": plan, "parts": [(outcome, plan.of(outcome)) for outcome in Outcome]}
    return render(request, "services/catalogue_import.html", context, status=status)


@require_POST
@at_desk(EDIT)
def catalogue_import_draft(request: StaffRequest, pk: int) -> HttpResponse:
    """Make drafts of what is new or changed; each is looked at and published by itself."""
    row = get_object_or_404(CatalogueImport, pk=pk)
    plan = _plan(row.content, row.is_table, row.name)
    documents = [one.document for one in plan.to_draft if one.document]
    try:
        _row, drafts = draft_import(import_id=pk, documents=documents, by=request.user, now=timezone.now())
    except AlreadyApplied:
        messages.error(request, _("От този файл вече са направени чернови."))
        return _import_page(request, row, status=409)
    for draft in drafts:
        order_link_check(draft.pk)
    said = ngettext("Направена е %(count)s чернова.", "Направени са %(count)s чернови.", len(drafts))
    messages.success(request, said % {"count": len(drafts)})
    return redirect("services:drafts")
