"""The calculator of legal terms: the last day, each day counted or skipped, and the article."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import conditional_page, require_safe

from charter.forms import TermQuery, term_labels
from charter.views.rules import tables
from samokov_portal.legal.terms import Deadline, deadline
from samokov_portal.office.calendar import calendar_known
from samokov_portal.office.templatetags.bulgarian import why


def found(query: TermQuery) -> Deadline:
    """The answer to a valid question, by the calendar as it was known at the moment asked for, else as it is now."""
    asked = query.cleaned_data
    return deadline(asked["rule"], asked["received_on"], calendar_known(moment_of(query)))


def moment_of(query: TermQuery) -> datetime | None:
    """As of when the calendar is read; what will be known later nobody can say, so at the latest now."""
    as_of = query.cleaned_data["as_of"]
    return min(as_of, timezone.now()) if as_of else None


@require_safe
def terms(request: HttpRequest) -> HttpResponse:
    """The calculator, and below it all that it counts by: rules, grounds, receipt, decreed days."""
    query = TermQuery(request.GET or None)
    answer = found(query) if query.is_bound and query.is_valid() else None
    status = 422 if query.is_bound and answer is None else 200
    context = {"form": query, "deadline": answer, **tables()}
    if answer is not None:
        context |= {"label": term_labels()[answer.term.code], "as_of": moment_of(query)}
    return render(request, "charter/terms.html", context, status=status)


@require_safe
@conditional_page
def api_term(request: HttpRequest) -> JsonResponse:
    """The same as open data; 400 with the reason for a bad date, rule or moment."""
    query = TermQuery(request.GET)
    if not query.is_valid():
        return JsonResponse({"errors": query.errors}, status=400, json_dumps_params={"ensure_ascii": False})
    as_of = moment_of(query)
    record = as_record(found(query)) | {"as_of": timezone.localtime(as_of).isoformat() if as_of else None}
    return JsonResponse(record, json_dumps_params={"ensure_ascii": False})


def as_record(answer: Deadline) -> dict[str, Any]:
    valid_from = answer.term.valid_from
    return {
        "rule": answer.term.code,
        "source": answer.term.source,
        "verified": answer.term.verified,
        "valid_from": valid_from.isoformat() if valid_from else None,
        "received_on": answer.received_on.isoformat(),
        "due_on": answer.due_on.isoformat(),
        "steps": [{"date": step.day.isoformat(), "counted": step.counted, "why": why(step)} for step in answer.steps],
    }
