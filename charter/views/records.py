"""The anonymised records behind the live figure of a standard, as a page and as a table."""

import csv
from collections.abc import Sequence
from datetime import date, datetime
from typing import cast
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import conditional_page, require_safe

from charter.forms import MeasureQuery
from charter.freezing import MARK
from charter.measurement import MEASURES, Period
from charter.measurement.telling import divides_hidden
from charter.models import Report, Standard
from charter.records import STATES, Record, Records
from charter.views.charter import asked

PAGE = 50
SMALL_MONTHS = _(
    "Този период отделя месеци с по-малко от пет случая. Кой познава един от тях, би разбрал какво е станало с него, "
    "затова се показва само тримесечието цяло."
)
COLUMNS = ("standard", "row", "state", "extended", "began_on", "last_day", "done_on", "took", "span", "merged")


def measured(code: str) -> Standard:
    """The standard in force with this code; 404 when there is none or nobody measures it."""
    row = get_object_or_404(Standard.objects.in_force(), code=code)
    if not row.measure:
        raise Http404
    return row


@require_safe
def standard_cases(request: HttpRequest, code: str) -> HttpResponse:
    """The records of the period and the moment asked for, all or of one state, fifty a page."""
    row = measured(code)
    query = MeasureQuery(request.GET, now=timezone.now())
    period, as_of = asked(query)
    measure = MEASURES[row.measure]
    state = request.GET.get("state", "")
    state = state if state in STATES else ""
    records = (
        None
        if divides_hidden(measure, period, as_of, query.now)
        else Records(measure, period, as_of, query.now, state=state)
    )
    # A paginator only counts and cuts.
    pages = Paginator(cast("Sequence[Record]", records or []), PAGE)
    context = {
        "standard": row,
        "records": records,
        "state": state,
        "asked": asked_again(period, as_of),
        "withheld": SMALL_MONTHS if records is None else "",
        "page": pages.get_page(request.GET.get("page")),
        "period": period,
        "as_of": as_of,
        "query": query,
        "reports": Report.objects.standing().filter(files__name="cases.csv").newest_first().without_pdf(),
    }
    return render(request, "charter/standard_cases.html", context)


def asked_again(period: Period, as_of: datetime) -> str:
    """The same question as an address says it."""
    days = {"from": period.start.isoformat(), "to": period.last_day.isoformat()}
    return urlencode({**days, "as_of": timezone.localtime(as_of).isoformat()})


@require_safe
@conditional_page
def standard_cases_csv(request: HttpRequest, code: str) -> HttpResponse:
    """The same as CSV; 400 with the reason for a bad question."""
    row = measured(code)
    query = MeasureQuery(request.GET, now=timezone.now())
    if not query.is_valid():
        return HttpResponse(query.errors.as_text(), status=400, content_type="text/plain; charset=utf-8")
    measure, period, as_of = MEASURES[row.measure], query.cleaned_data["period"], query.cleaned_data["as_of"]
    if divides_hidden(measure, period, as_of, query.now):
        return HttpResponse(SMALL_MONTHS, status=400, content_type="text/plain; charset=utf-8")
    records = Records(measure, period, as_of, query.now)
    response = HttpResponse(MARK, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="samokov-{code}.csv"'
    writer = csv.writer(response, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for place, record in enumerate(records, start=1):
        days = [said(day) for day in (record.began_on, record.last_day, record.done_on)]
        took = "" if record.took is None else record.took
        writer.writerow(
            [code, place, record.state, int(record.extended), *days, took, records.span, int(record.merged)]
        )
    return response


def said(day: date | None) -> str:
    """A day as data; empty where nothing is known or told."""
    return "" if day is None else day.isoformat()
