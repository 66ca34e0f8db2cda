"""The anonymised records behind the live figure of a standard, as a page and as a table."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from datetime import date, datetime
from itertools import chain, islice
from tempfile import TemporaryFile
from typing import cast
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
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
from samokov_portal.history import one_snapshot

PAGE = 50
# So many rows of the table travel together.
ROWS_AT_ONCE = 2000
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
def standard_cases_csv(request: HttpRequest, code: str) -> HttpResponseBase:
    """The same as CSV; 400 with the reason for a bad question."""
    row = measured(code)
    query = MeasureQuery(request.GET, now=timezone.now())
    if not query.is_valid():
        return HttpResponse(query.errors.as_text(), status=400, content_type="text/plain; charset=utf-8")
    measure, period, as_of = MEASURES[row.measure], query.cleaned_data["period"], query.cleaned_data["as_of"]
    with one_snapshot():
        is_withheld = divides_hidden(measure, period, as_of, query.now)
    if is_withheld:
        return HttpResponse(SMALL_MONTHS, status=400, content_type="text/plain; charset=utf-8")
    told = pieces(code, lambda: Records(measure, period, as_of, query.now))
    # All is found before the answer begins: what fails then is said, and no table ends early as if it were whole.
    response = StreamingHttpResponse(chain([next(told)], told), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="samokov-{code}.csv"'
    return response


def pieces(code: str, asked: Callable[[], Records]) -> Iterator[bytes]:
    """The table as bytes, some thousand rows at a time, however many there are; all of one moment."""
    # Whoever reads slowly keeps no transaction open: what was found waits on the disk, outside of the database.
    with TemporaryFile("w+", encoding="ascii") as waiting:
        with one_snapshot():
            records = asked()
            # Without a person and a number many records are the same.
            with closing(records.alike()) as alike:
                waiting.writelines(f"{count} {end_of_line(record, records.span)}\n" for record, count in alike)
        waiting.seek(0)
        yield f"{MARK}{','.join(COLUMNS)}\r\n".encode()
        lines = lines_of(code, waiting)
        while piece := "".join(islice(lines, ROWS_AT_ONCE)):
            yield piece.encode()


def lines_of(code: str, ends: Iterable[str]) -> Iterator[str]:
    """The lines of the table, of how many of each there are and how they end."""
    first = 1
    for line in ends:
        count, end = line.split(" ", 1)
        end = f",{end[:-1]}\r\n"
        following = first + int(count)
        for place in range(first, following):
            yield f"{code},{place}{end}"
        first = following


def end_of_line(record: Record, span: str) -> str:
    """All that a line says after the number of its row; codes, days and numbers, so nothing that needs quotes."""
    days = [said(day) for day in (record.began_on, record.last_day, record.done_on)]
    took = "" if record.took is None else str(record.took)
    return ",".join([record.state, f"{record.extended:d}", *days, took, span, f"{record.merged:d}"])


def said(day: date | None) -> str:
    """A day as data; empty where nothing is known or told."""
    return "" if day is None else day.isoformat()
