"""The desk: the work list."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from feedback.forms.bulk import BulkAssignForm
from feedback.forms.work import SaveFilterForm, WorkListFilter
from feedback.life import MOVES
from feedback.models import SavedFilter
from feedback.views.letters import count_to_send
from feedback.views.rows import rows_of
from feedback.worklist import Asked, with_last_events
from samokov_portal.audit.choices import LookKind
from samokov_portal.audit.looks import note_look
from samokov_portal.questions import question
from samokov_portal.staff.desk import at_desk
from samokov_portal.staff.requests import StaffRequest


@require_safe
@at_desk("feedback.view_case")
def work_list(request: StaffRequest) -> HttpResponse:
    """What this person may see of the open cases and applications, soonest last day first, a page at a time."""
    form = WorkListFilter(request.GET)
    asked = form.asked_by(request.user, timezone.localdate())
    note_look(request, LookKind.SEARCH if any(asked.sought) else LookKind.LIST, "work-list", sought=asked.sought)
    page = asked.page()
    may_assign = request.user.has_perm("feedback.assign_case")
    lines = with_last_events(page.lines, MOVES["assign"].begins) if may_assign else page.lines
    context = {
        "form": form,
        "lines": lines,
        "rows": rows_of(lines),
        "bulk_form": BulkAssignForm(today=timezone.localdate()) if may_assign else None,
        "more": page.more,
        "tab": asked.tab,
        "tabs": tabs_of(form, asked),
        "is_narrowed": form.is_narrowed,
        "letters_waiting": letters_waiting(request),
        "query": form.query_of(asked.tab),
        "saved": _saved(request.user.pk),
        "save_form": SaveFilterForm(initial={"query": form.query_of(asked.tab)}),
    }
    return render(request, "feedback/work_list.html", context)


@question
def _saved(user: int) -> Any:
    return SavedFilter.objects.filter(user=user).order_by("name", "pk")


def tabs_of(form: WorkListFilter, asked: Asked) -> list[dict[str, Any]]:
    """The parts of the list with their counts and addresses, the filters kept; none for a number, which is one row."""
    if asked.wanted.get("number"):
        return []
    return [
        {"label": tab.label, "count": count, "query": form.query_of(tab), "is_current": tab == asked.tab}
        for tab, count in asked.counts().items()
    ]


def letters_waiting(request: StaffRequest) -> int:
    """How many letters wait for hands, for whoever hands them over."""
    return count_to_send(request.user, timezone.now()) if request.user.has_perm("feedback.post_letter") else 0
