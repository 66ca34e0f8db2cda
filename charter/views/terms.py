"""The calculator of legal terms: the last day, each day counted or skipped, and the article."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import conditional_page, require_safe

from charter.forms import TermQuery
from samokov_portal.legal.terms import Deadline, deadline
from samokov_portal.office.models import WorkingDayOverride
from samokov_portal.office.templatetags.bulgarian import why


def found(query: TermQuery) -> Deadline:
    """The answer to a valid question, by the calendar as it is known now."""
    calendar = WorkingDayOverride.objects.all().calendar()
    return deadline(query.cleaned_data["rule"], query.cleaned_data["received_on"], calendar)


@require_safe
def terms(request: HttpRequest) -> HttpResponse:
    query = TermQuery(request.GET or None)
    answer = found(query) if query.is_bound and query.is_valid() else None
    status = 422 if query.is_bound and answer is None else 200
    return render(request, "charter/terms.html", {"form": query, "deadline": answer}, status=status)


@require_safe
@conditional_page
def api_term(request: HttpRequest) -> JsonResponse:
    """The same as open data; 400 with the reason for a bad date or rule."""
    query = TermQuery(request.GET)
    if not query.is_valid():
        return JsonResponse({"errors": query.errors}, status=400, json_dumps_params={"ensure_ascii": False})
    return JsonResponse(as_record(found(query)), json_dumps_params={"ensure_ascii": False})


def as_record(answer: Deadline) -> dict[str, Any]:
    return {
        "rule": answer.term.code,
        "source": answer.term.source,
        "verified": answer.term.verified,
        "received_on": answer.received_on.isoformat(),
        "due_on": answer.due_on.isoformat(),
        "steps": [{"date": step.day.isoformat(), "counted": step.counted, "why": why(step)} for step in answer.steps],
    }
