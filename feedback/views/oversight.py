"""The records behind each number on the Secretary's page."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from feedback.forms.oversight import PlaceForm
from feedback.models import Case
from feedback.oversight import HEAPS, Frame, Heap, following, found, place_of, size_of
from feedback.worklist import lines_of
from samokov_portal.audit.choices import LookKind
from samokov_portal.audit.looks import note_look
from samokov_portal.staff.desk import at_desk
from samokov_portal.staff.models import StaffUser
from samokov_portal.staff.requests import StaffRequest

PAGE = 50


@require_safe
@at_desk("feedback.oversee_cases")
def watched(request: StaffRequest, heap: str) -> HttpResponse:
    """The records of one heap, fifty a page by keyset: exactly those that the number on the Secretary's page counts."""
    if heap not in HEAPS:
        raise Http404
    note_look(request, LookKind.LIST, f"watched-{heap}")
    now = timezone.now()
    frame, form = Frame.at(now), PlaceForm(request.GET)
    form.is_valid()
    rows = found(heap, user=request.user, frame=frame).with_frame()
    if HEAPS[heap].of is Case:
        rows = rows.with_unsent()
    place = form.cleaned_data.get("after")
    rows = list((following(HEAPS[heap], rows, *place) if place else rows)[: PAGE + 1])
    context = {
        "size": size_of(heap, user=request.user, frame=frame),
        "frame": frame,
        "is_continued": bool(place),
        "more": place_of(HEAPS[heap], rows[PAGE - 1]) if len(rows) > PAGE else "",
        **shown(HEAPS[heap], rows[:PAGE], frame, request.user),
    }
    return render(request, "feedback/watched.html", context)


def shown(heap: Heap, rows: list[Any], frame: Frame, user: StaffUser) -> dict[str, Any]:
    """The rows as their table needs them: applications as they are, cases with what is awaited of them."""
    if heap.of is not Case:
        return {"applications": rows}
    return {"lines": lines_of(rows, frame.today, user)}
