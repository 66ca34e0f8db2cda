"""The charter, its versions and its standards with live figures."""

from itertools import groupby
from operator import attrgetter
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import conditional_page, require_safe

from charter.choices import Verdict
from charter.forms import MeasureQuery
from charter.measurement import MEASURES, Period
from charter.measurement.telling import months_of
from charter.models import CharterDraft, CharterVersion, Consultation, Figure, Report, Standard
from charter.report import BESIDE, UNIT, GroupLine, Line, by_groups, live_line, live_lines
from samokov_portal.history import one_snapshot
from samokov_portal.pagestore import public_page

TREND_QUARTERS = 5


@require_safe
@public_page
def charter(request: HttpRequest) -> HttpResponse:
    """The charter in force."""
    return charter_page(request, CharterVersion.objects.with_text().in_force())


@require_safe
@public_page
def version(request: HttpRequest, number: int) -> HttpResponse:
    """A version of the charter by its number."""
    return charter_page(request, get_object_or_404(CharterVersion.objects.with_text(), number=number))


def charter_page(
    request: HttpRequest, row: CharterVersion | None, preview_of: CharterDraft | None = None
) -> HttpResponse:
    """A text of the charter with its standards in section IV; says so when no charter is loaded."""
    context = {
        "version": row,
        "sections": parts_by_kind(row) if row else [],
        "standards": row.standards.in_order() if row else [],
        "versions": CharterVersion.objects.order_by("-number"),
        "preview_of": preview_of,
        "consultation": Consultation.objects.open_on(timezone.localdate()).newest_first().first(),
    }
    return render(request, "charter/charter.html", context)


def parts_by_kind(row: CharterVersion) -> list[dict[str, Any]]:
    """Each section with its passages in runs of one kind, so that principles and goals are lists on the page."""
    return [
        {
            "section": section,
            "runs": [
                {"kind": kind, "passages": list(run)}
                for kind, run in groupby(section.passages.all(), key=attrgetter("kind"))
            ],
        }
        for section in row.sections.all()
    ]


@require_safe
@public_page
def standards(request: HttpRequest) -> HttpResponse:
    """Every promise with its figure for the running quarter, or for the period that is asked for."""
    query = MeasureQuery(request.GET, now=timezone.now())
    period, as_of = asked(query)
    lines = live_lines(Standard.objects.in_force(), period, as_of, query.now)
    newest = newest_report()
    trends = {figure.code: figure.details.get("trend", []) for figure in newest.figures.all()} if newest else {}
    for line in lines:
        line.details["trend"] = trends.get(line.code, [])
    context = {
        "kinds": lines_by_kind(lines),
        "newest": newest,
        "period": period,
        "as_of": as_of,
        "query": query,
        **shortcuts(as_of),
    }
    return render(request, "charter/standards.html", context)


def newest_report() -> Report | None:
    """The newest published report that gives figures by groups: of a quarter or longer."""
    return Report.objects.standing().with_groups().newest_first().without_pdf().first()


def lines_by_kind(lines: list[Line]) -> list[dict[str, Any]]:
    """The lines of each kind in turn, those with a figure apart from those that nobody measures yet."""
    kinds = [(kind, list(run)) for kind, run in groupby(lines, key=attrgetter("kind"))]
    return [{"kind": kind, **by_measured(run)} for kind, run in kinds]


def by_measured(lines: list[Line]) -> dict[str, list[Line]]:
    """The lines that are measured, and those that nobody measures yet."""
    return {
        "measured": [line for line in lines if line.verdict != Verdict.NOT_MEASURED],
        "unmeasured": [line for line in lines if line.verdict == Verdict.NOT_MEASURED],
    }


def asked(query: MeasureQuery) -> tuple[Period, Any]:
    """The period and the moment asked for; the running quarter as of now when the question makes no sense."""
    if query.is_valid():
        return query.cleaned_data["period"], query.cleaned_data["as_of"]
    return Period.quarter_of(timezone.localtime(query.now).date()), query.now


def shortcuts(as_of: Any) -> dict[str, Period]:
    """The periods that people ask for most."""
    running = Period.quarter_of(timezone.localtime(as_of).date())
    previous = running.previous_quarter()
    return {"running": running, "previous": previous, "year": Period.year_of(running.start)}


@require_safe
@public_page
def standard(request: HttpRequest, code: str) -> HttpResponse:
    """One promise: text, source, definition, target, the live figure, the trend and the newest published groups."""
    row = get_object_or_404(Standard.objects.in_force().select_related("version"), code=code)
    query = MeasureQuery(request.GET, now=timezone.now())
    period, as_of = asked(query)
    newest = newest_report()
    figure = Figure.objects.filter(report=newest, code=code).first() if newest else None
    with one_snapshot():
        counted = {
            "line": live_line(row, period, as_of, query.now),
            "trend": trend(row, as_of, query.now) if row.measure else [],
            "months": month_lines(row, period, as_of, query.now),
        }
    context = {
        **counted,
        "standard": row,
        "period": period,
        "as_of": as_of,
        "query": query,
        "newest": newest,
        "figure": figure,
        "groups": by_groups(figure.details) if figure else [],
        **shortcuts(as_of),
    }
    return render(request, "charter/standard.html", context)


def trend(row: Standard, as_of: Any, now: Any) -> list[dict[str, Any]]:
    """The result of each of the last quarters, the running one last; as many queries as the measure needs for each."""
    period = Period.quarter_of(timezone.localtime(as_of).date())
    quarters = [period]
    while len(quarters) < TREND_QUARTERS:
        quarters.insert(0, quarters[0].previous_quarter())
    lines = [(quarter, live_line(row, quarter, as_of, now)) for quarter in quarters]
    return [
        {"period": quarter.code, "part": line.part, "whole": line.whole, "share": line.share, "verdict": line.verdict}
        for quarter, line in lines
    ]


def month_lines(row: Standard, period: Period, as_of: Any, now: Any) -> list[tuple[Any, GroupLine]]:
    """The months of the quarter that is asked for, each by its first day; of other periods none."""
    if not row.measure or period.days != Period.quarter_of(period.start).days:
        return []
    found = months_of(MEASURES[row.measure], period, as_of, now)
    return [(group.key, GroupLine("", group.part, group.whole)) for group in found]


@require_safe
@conditional_page
@public_page
def api_standards(request: HttpRequest) -> JsonResponse:
    """Every promise with its figure for a period, as of a moment; 400 with the reason for a bad question."""
    query = MeasureQuery(request.GET, now=timezone.now())
    if not query.is_valid():
        return JsonResponse({"errors": query.errors}, status=400, json_dumps_params={"ensure_ascii": False})
    as_of = query.cleaned_data["as_of"]
    rows = list(Standard.objects.in_force().select_related("version"))
    lines = live_lines(rows, query.cleaned_data["period"], as_of, query.now)
    records = [api_record(line, row, as_of) for line, row in zip(lines, rows, strict=True)]
    return JsonResponse(records, safe=False, json_dumps_params={"ensure_ascii": False})


def api_record(line: Line, row: Standard, as_of: Any) -> dict[str, Any]:
    """A line as open data; `share` is per cent to one decimal as printed, null when there is nothing to count."""
    return {
        "code": line.code,
        "version": row.version.number,
        "kind": line.kind,
        "text": line.text,
        "definition": line.definition,
        "unit": UNIT,
        "target": None if line.target is None else float(line.target),
        "part": line.part,
        "whole": line.whole,
        "share": None if line.share is None else float(line.share),
        "excluded": line.excluded,
        "verdict": line.verdict.value,
        **{name: line.details.get(name) for name in BESIDE},
        "as_of": as_of.isoformat(),
    }
