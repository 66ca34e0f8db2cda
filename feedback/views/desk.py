"""The desk: the work list."""

from collections.abc import Mapping

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from feedback.forms.bulk import BulkAssignForm
from feedback.forms.work import SaveFilterForm, WorkListFilter
from feedback.life import MOVES
from feedback.models import SavedFilter
from feedback.views.letters import to_send
from feedback.views.rows import WorkTab, label_of, links_to, rows_of
from feedback.worklist import up_to_most
from samokov_portal.audit.choices import LookKind
from samokov_portal.audit.looks import note_look
from samokov_portal.office.choices import Tab
from samokov_portal.pagestore import remembered
from samokov_portal.staff.desk import at_desk
from samokov_portal.staff.requests import StaffRequest

# Counted together with the parts of the list: what waits at the desk to be posted.
LETTERS = "letters"


@require_safe
@at_desk("feedback.view_case")
def work_list(request: StaffRequest) -> HttpResponse:
    """What this person may see of the open cases and applications, soonest last day first, a page at a time."""
    form = WorkListFilter(request.GET)
    asked = form.asked_by(request.user, timezone.localdate())
    note_look(request, LookKind.SEARCH if any(asked.sought) else LookKind.LIST, "work-list", sought=asked.sought)
    may_assign = request.user.has_perm("feedback.assign_case")
    page = asked.page(decided_in=MOVES["assign"].begins if may_assign else ())
    counts = asked.counts(beside={LETTERS: to_send(request.user, timezone.now())})
    tabs = tabs_of(form, asked.tab, counts)
    context = {
        "form": form,
        "lines": page.lines,
        "rows": rows_of(page.lines),
        "bulk_form": BulkAssignForm(today=timezone.localdate()) if may_assign else None,
        "more": page.more,
        "tab": asked.tab,
        "tabs": tabs,
        "links": links_to(tabs, has_words="text" in form.filled_in),
        "is_narrowed": form.is_narrowed,
        "letters_waiting": counts[LETTERS],
        "query": form.query_of(asked.tab),
        "saved": _saved(request.user.pk),
        "save_form": SaveFilterForm(initial={"query": form.query_of(asked.tab)}),
    }
    return render(request, "feedback/work_list.html", context)


@remembered("feedback.SavedFilter")
def _saved(user: int) -> list[SavedFilter]:
    return list(SavedFilter.objects.filter(user=user).order_by("name", "pk"))


def tabs_of(form: WorkListFilter, current: Tab, counts: Mapping[str, int]) -> list[WorkTab]:
    """The parts of the list that were counted, with their addresses, the filters kept."""
    language = get_language()
    return [
        WorkTab(label_of(tab, language), form.query_of(tab), up_to_most(counts[tab]), tab == current)
        for tab in Tab
        if tab in counts
    ]
