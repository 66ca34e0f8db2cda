"""Published reports as page, PDF and files of data."""

import hashlib
from collections import Counter

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import conditional_page, require_safe

from charter.choices import Verdict
from charter.freezing import content_of, is_grouped
from charter.measurement import Period
from charter.models import Report
from charter.moved import moved_rows
from charter.pdf import data_files
from charter.report import by_groups, frozen_lines, listed_files
from charter.satisfaction import frozen_satisfaction
from samokov_portal.pagestore import public_page


@require_safe
@public_page
def reports(request: HttpRequest) -> HttpResponse:
    """Every published report, the newest first, with how many promises it says are kept."""
    rows = Report.objects.published().newest_first().without_pdf().with_counts()
    return render(request, "charter/reports.html", {"reports": rows})


def published(period: str, number: int | None = None) -> Report:
    """The published report of a period that stands, or the version with this number; 404 when there is none."""
    rows = Report.objects.published().of_period(period).newest_first().without_pdf().with_people()
    found = (rows if number is None else rows.filter(version=number)).first()
    if found is None:
        raise Http404
    return found


@require_safe
@public_page
def report(request: HttpRequest, period: str, number: int | None = None) -> HttpResponse:
    """A published report as a page, with what replaced it and what it replaces."""
    row = published(period, number)
    lines = frozen_lines(row)
    figures = list(row.figures.prefetch_related("actions", "findings"))
    count = Counter(line.verdict for line in lines)
    older = row.replaces
    context = {
        "report": row,
        "period": Period.parse(row.period),
        "counts": [(verdict, count[verdict]) for verdict in Verdict if count[verdict] or verdict != Verdict.WITHHELD],
        "entries": [
            {"line": line, "figure": figure, "groups": by_groups(line.details)}
            for line, figure in zip(lines, figures, strict=True)
        ],
        "findings": row.findings.select_related("figure"),
        "files": listed_files(row),
        "said": frozen_satisfaction(row),
        "newer": Report.objects.published().without_pdf().filter(replaces=row).first(),
        "older": older,
        "moved": moved_rows(frozen_lines(older), lines) if older is not None else [],
        "is_grouped": is_grouped(Period.parse(row.period)),
    }
    return render(request, "charter/report.html", context)


@require_safe
@conditional_page
def report_pdf(request: HttpRequest, period: str, number: int | None = None) -> HttpResponse:
    return pdf_of(Report.objects.get(pk=published(period, number).pk))


def pdf_of(row: Report) -> HttpResponse:
    """The stored PDF, the same bytes for everybody."""
    response = HttpResponse(bytes(row.pdf or b""), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="samokov-{row.period}.pdf"'
    if row.pdf_sha256:
        response["ETag"] = f'"{row.pdf_sha256}"'
    return response


@require_safe
@conditional_page
def report_csv(request: HttpRequest, period: str) -> HttpResponse:
    """The figures as a table, with a byte order mark, so that spreadsheets read the Cyrillic."""
    return file_of(published(period), "figures.csv")


@require_safe
@conditional_page
def report_json(request: HttpRequest, period: str) -> HttpResponse:
    """The figures as data."""
    return file_of(published(period), "figures.json")


@require_safe
@conditional_page
def report_file(request: HttpRequest, period: str, name: str, number: int | None = None) -> HttpResponse:
    """A file of data of a published report, to the byte as it was frozen and as it stands in the PDF."""
    return file_of(published(period, number), name)


def file_of(row: Report, name: str) -> HttpResponse:
    """One file of a report, its fingerprint as the ETag; 404 when it has no such file."""
    content = frozen_content(row, name)
    kind = "application/json" if name.endswith(".json") else "text/csv; charset=utf-8"
    response = HttpResponse(content, content_type=kind)
    response["ETag"] = f'"{hashlib.sha256(content).hexdigest()}"'
    if name.endswith(".csv"):
        response["Content-Disposition"] = f'attachment; filename="samokov-{row.period}-{name}"'
    return response


def frozen_content(row: Report, name: str) -> bytes:
    """The file of this name to the byte; of a report of before there were frozen files, made from its figures."""
    file = row.files.filter(name=name).first()
    if file is not None:
        return content_of(file)
    files = {} if row.files.exists() else data_files(row, frozen_lines(row))
    if name not in files:
        raise Http404
    return files[name].whole()
