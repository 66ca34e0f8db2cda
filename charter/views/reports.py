"""Published reports as page, PDF, CSV and JSON; preparing and publishing them; verifying a file."""

import hashlib
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import conditional_page, require_http_methods, require_POST, require_safe

from charter.actions import (
    AlreadyPublished,
    NotRendered,
    PeriodNotOver,
    TwoPeopleNeeded,
    prepare_report,
    publish_report,
)
from charter.choices import Exclusion
from charter.forms import ReportForm, VerifyForm
from charter.measurement import Period
from charter.models import Report
from charter.report import as_csv, as_json, frozen_lines
from charter.tasks import render_report_pdf
from charter.views.charter import by_measured
from samokov_portal.staff.desk import at_desk
from samokov_portal.staff.requests import StaffRequest

REFUSALS: dict[type[Exception], Any] = {
    AlreadyPublished: gettext_lazy("Докладът вече е публикуван и не се променя."),
    TwoPeopleNeeded: gettext_lazy("Докладът се публикува от друг, а не от този, който го е изготвил."),
    NotRendered: gettext_lazy("Документът в PDF още не е готов. Опитайте отново след минута."),
}


@require_safe
def reports(request: HttpRequest) -> HttpResponse:
    return render(request, "charter/reports.html", {"reports": Report.objects.published().newest_first().without_pdf()})


def published(period: str) -> Report:
    """The newest published report of a period; 404 when there is none."""
    newest = Report.objects.published().of_period(period).newest_first().without_pdf().first()
    if newest is None:
        raise Http404
    return newest


@require_safe
def report(request: HttpRequest, period: str) -> HttpResponse:
    row = published(period)
    context = {
        "report": row,
        "period": Period.parse(row.period),
        "exclusions": Exclusion.choices,
        **by_measured(frozen_lines(row)),
    }
    return render(request, "charter/report.html", context)


@require_safe
@conditional_page
def report_pdf(request: HttpRequest, period: str) -> HttpResponse:
    return pdf_of(published(period))


def pdf_of(row: Report) -> HttpResponse:
    """The stored PDF, the same bytes for everybody."""
    response = HttpResponse(bytes(row.pdf or b""), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="samokov-{row.period}.pdf"'
    return response


@require_safe
@conditional_page
def report_csv(request: HttpRequest, period: str) -> HttpResponse:
    """The figures with a byte order mark, so that spreadsheets read the Cyrillic."""
    row = published(period)
    response = HttpResponse("\ufeff" + as_csv(frozen_lines(row)), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="samokov-{row.period}.csv"'
    return response


@require_safe
@conditional_page
def report_json(request: HttpRequest, period: str) -> JsonResponse:
    row = published(period)
    return JsonResponse(as_json(row, frozen_lines(row)), json_dumps_params={"ensure_ascii": False})


@require_http_methods(["GET", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """Whether an uploaded file is, byte for byte, a report that was published here."""
    if request.method != "POST":
        return render(request, "charter/verify.html", {"form": VerifyForm()})
    form = VerifyForm(request.POST, request.FILES)
    if not form.is_valid():
        return render(request, "charter/verify.html", {"form": form}, status=422)
    digest = hashlib.sha256(form.cleaned_data["file"].read()).hexdigest()
    row = Report.objects.published().without_pdf().with_digest(digest).first()
    return render(
        request, "charter/verify.html", {"form": VerifyForm(), "checked": True, "report": row, "digest": digest}
    )


@require_safe
@at_desk("charter.prepare_report")
def desk_reports(request: StaffRequest) -> HttpResponse:
    return reports_page(request, ReportForm())


def reports_page(request: StaffRequest, form: ReportForm, status: int = 200) -> HttpResponse:
    rows = Report.objects.newest_first().without_pdf().with_people()
    return render(request, "charter/desk_reports.html", {"form": form, "reports": rows}, status=status)


@require_POST
@at_desk("charter.prepare_report")
def desk_report_prepare(request: StaffRequest) -> HttpResponse:
    """Freeze the figures; the worker renders the PDF, told in the same transaction."""
    form = ReportForm(request.POST)
    if not form.is_valid():
        return reports_page(request, form, status=422)
    now = timezone.now()
    try:
        with transaction.atomic():
            row = prepare_report(period=form.cleaned_data["period"], as_of=now, by=request.user, now=now)
            render_report_pdf.defer(report_id=row.pk)
    except PeriodNotOver:
        form.add_error("period", _("Този период още не е изтекъл. Доклад се прави след последния му ден."))
        return reports_page(request, form, status=422)
    messages.success(request, _("Проектът за %(period)s е изготвен.") % {"period": row.period})
    return redirect("charter:desk_report", pk=row.pk)


@require_safe
@at_desk("charter.prepare_report")
def desk_report(request: StaffRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Report.objects.without_pdf().with_people(), pk=pk)
    context = {"report": row, "period": Period.parse(row.period), "lines": frozen_lines(row)}
    return render(request, "charter/desk_report.html", context)


@require_safe
@at_desk("charter.prepare_report")
def desk_report_pdf(request: StaffRequest, pk: int) -> HttpResponse:
    """The PDF of a draft, to be read before it is published; 404 until the worker has rendered it."""
    return pdf_of(get_object_or_404(Report.objects.rendered(), pk=pk))


@require_POST
@at_desk("charter.publish_report")
def desk_report_publish(request: StaffRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Report.objects.without_pdf(), pk=pk)
    try:
        publish_report(report_id=row.pk, by=request.user, now=timezone.now())
    except (AlreadyPublished, TwoPeopleNeeded, NotRendered) as refusal:
        messages.error(request, REFUSALS[type(refusal)])
    else:
        messages.success(request, _("Докладът е публикуван."))
    return redirect("charter:desk_report", pk=row.pk)
