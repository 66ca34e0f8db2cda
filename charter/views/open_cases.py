"""The anonymised records behind every figure as open data: enough to count each again, and nothing of anybody."""

import csv
import hashlib
import io
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from tempfile import TemporaryFile
from typing import IO, Any
from urllib.parse import urlencode

from django import forms
from django.http import FileResponse, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import conditional_page, require_safe

from charter.choices import Span
from charter.forms import MeasureQuery
from charter.freezing import CASE_COLUMNS, MARK
from charter.measurement import MEASURES, Period
from charter.measurement.telling import divides_hidden
from charter.models import Standard
from charter.records import Record, Records
from samokov_portal.history import one_snapshot

PAGE = 500
# So much of the table is written together.
PIECE_LETTERS = 1 << 16
# How long a record lasted is said only where it cannot be had from its days.
TIMED = (Span.MINUTES, Span.VISITS)


class CasesQuery(MeasureQuery):
    """The same, for one standard or for all, and after which record of which standard a page begins."""

    standard = forms.SlugField(required=False, max_length=50)
    after = forms.RegexField(r"[a-z0-9-]{1,50}:[0-9]{1,9}", required=False)

    def clean_standard(self) -> str:
        code: str = self.cleaned_data["standard"]
        if code and not measured().filter(code=code).exists():
            raise forms.ValidationError(_("Няма такъв измерван стандарт."))
        return code

    def clean_after(self) -> tuple[str, int]:
        """The code of a standard and how many of its records were told before; from the first where nothing is said."""
        code, _colon, place = self.cleaned_data["after"].partition(":")
        if code and not measured().filter(code=code).exists():
            raise forms.ValidationError(_("Няма такъв измерван стандарт."))
        return code, int(place or 0)


def measured() -> Any:
    """The standards in force that somebody measures, in the order of the charter."""
    return Standard.objects.in_force().exclude(measure="")


@dataclass(frozen=True)
class Question:
    """Of which standards, for which period and as of which moment records are asked for; `now` is when."""

    standards: list[Standard]
    period: Period
    as_of: datetime
    now: datetime

    @classmethod
    def of(cls, query: CasesQuery) -> "Question":
        data = query.cleaned_data
        rows = measured().filter(code=data["standard"]) if data["standard"] else measured()
        return cls(list(rows), data["period"], data["as_of"], query.now)

    def records(self, row: Standard) -> Records | None:
        """What is behind the figure of a standard; None where the period divides small months."""
        measure = MEASURES[row.measure]
        if divides_hidden(measure, self.period, self.as_of, self.now):
            return None
        return Records(measure, self.period, self.as_of, self.now)


@require_safe
@conditional_page
def api_cases(request: HttpRequest) -> JsonResponse:
    """Five hundred records and where the next ones are; 400 with the reason for a bad question.

    As of a moment the records stay what they are, so a page does not shift while somebody reads the ones before it.
    """
    query = CasesQuery(request.GET, now=timezone.now())
    if not query.is_valid():
        return JsonResponse({"errors": query.errors}, status=400, json_dumps_params={"ensure_ascii": False})
    question = Question.of(query)
    found, withheld, after = page(question, *query.cleaned_data["after"])
    moment, period = timezone.localtime(question.as_of).isoformat(), question.period
    asked = {"from": period.start.isoformat(), "to": period.last_day.isoformat(), "as_of": moment}
    said = {"standard": query.cleaned_data["standard"], **asked, "after": after}
    following = f"{reverse('api_cases')}?{urlencode({name: value for name, value in said.items() if value})}"
    answer = {**asked, "results": found, "withheld": withheld, "next": following if after else None}
    return JsonResponse(answer, json_dumps_params={"ensure_ascii": False})


def page(question: Question, code: str, skip: int) -> tuple[list[dict[str, Any]], list[str], str]:
    """Records from that place on, the standards of which none are told, and after which one the next page begins."""
    found: list[dict[str, Any]] = []
    withheld: list[str] = []
    codes = [row.code for row in question.standards]
    for row in question.standards[codes.index(code) if code in codes else 0 :]:
        if len(found) == PAGE:
            return found, withheld, f"{row.code}:0"
        records = question.records(row)
        if records is None:
            withheld.append(row.code)
            continue
        start = skip if row.code == code else 0
        stop = start + PAGE - len(found)
        cut = enumerate(records[start:stop], start=start + 1)
        found += [as_record(row.code, place, record, records.span) for place, record in cut]
        if stop < len(records):
            return found, withheld, f"{row.code}:{stop}"
    return found, withheld, ""


def as_record(code: str, place: int, record: Record, span: str) -> dict[str, Any]:
    """A record with the columns of the file that is attached to a report."""
    days = {name: getattr(record, name) for name in ("began_on", "last_day", "done_on")}
    return {
        "standard": code,
        "row": place,
        "state": record.state,
        "extended": record.extended,
        **{name: day.isoformat() if day else None for name, day in days.items()},
        "lasted": record.took if span in TIMED else None,
        "merged": record.merged,
    }


@require_safe
def api_cases_csv(request: HttpRequest) -> HttpResponseBase:
    """All of the same records, as the file that is attached to a report; 400 with the reason for a bad question.

    Who has the table already is told so by its ETag. That is known only when the table ends, so it lies on the disk
    until then, and is never whole in the memory.
    """
    query = CasesQuery(request.GET, now=timezone.now())
    if not query.is_valid():
        return HttpResponse(query.errors.as_text(), status=400, content_type="text/plain; charset=utf-8")
    with ExitStack() as unsent:
        file = unsent.enter_context(TemporaryFile())
        with one_snapshot():
            tag = quote_etag(written(file, Question.of(query)))
        answer: HttpResponseBase | None = get_conditional_response(request, etag=tag)
        if answer is None:
            kind = "text/csv; charset=utf-8"
            answer = FileResponse(file, as_attachment=True, filename="samokov-cases.csv", content_type=kind)
            # The response closes it.
            unsent.pop_all()
        answer["ETag"] = tag
    return answer


def written(file: IO[bytes], question: Question) -> str:
    """Write the table into `file`, to be read from its beginning; returns its digest."""
    digest = hashlib.sha256()
    for piece in pieces(question):
        digest.update(piece)
        file.write(piece)
    file.seek(0)
    return digest.hexdigest()


def pieces(question: Question) -> Iterator[bytes]:
    """The head, and a row for each record; some hundreds at a time, however many there are."""
    sheet = io.StringIO()
    writer = csv.DictWriter(sheet, CASE_COLUMNS, lineterminator="\r\n")
    sheet.write(MARK)
    writer.writeheader()
    for record in all_records(question):
        writer.writerow(record)
        if sheet.tell() > PIECE_LETTERS:
            yield sheet.getvalue().encode()
            sheet.seek(0)
            sheet.truncate()
    yield sheet.getvalue().encode()


def all_records(question: Question) -> Iterator[dict[str, Any]]:
    """Every record that may be told, as a row of a table: 1 and 0 for yes and no."""
    for row in question.standards:
        records = question.records(row)
        if records is None:
            continue
        for place, record in enumerate(records, start=1):
            told = as_record(row.code, place, record, records.span)
            yield told | {"extended": int(record.extended), "merged": int(record.merged)}
