"""One decision about many cases of the work list."""

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from feedback.actions.bulk import Outcome, assign_cases
from feedback.forms.bulk import BulkAssignForm
from feedback.views.case import REFUSALS
from samokov_portal.audit.choices import LookKind
from samokov_portal.audit.looks import note_look
from samokov_portal.staff.desk import at_desk
from samokov_portal.staff.requests import StaffRequest


@require_POST
@at_desk("feedback.assign_case")
def cases_assign(request: StaffRequest) -> HttpResponse:
    """Give the ticked cases to a unit; what was not filled in is asked for, with the ticks kept."""
    now = timezone.now()
    form = BulkAssignForm(request.POST, today=timezone.localdate(now))
    note_look(request, LookKind.LIST, "cases-assign")
    if not form.is_valid():
        context = {"form": form, "ticked": form.ticked(), "query": query_of_list(request)}
        return render(request, "feedback/cases_assign.html", context, status=422)
    outcome = assign_cases(seen=form.ticked(), **form.cleaned_data, by=request.user, now=now)
    tell(request, outcome)
    return to_list(request)


def query_of_list(request: StaffRequest) -> str:
    """How the work list was narrowed when the cases were ticked."""
    return QueryDict(request.POST.get("query", "")[:1000]).urlencode()


def to_list(request: StaffRequest) -> HttpResponse:
    """Back to the work list as it was narrowed."""
    return redirect(f"{reverse('feedback:work_list')}?{query_of_list(request)}".rstrip("?"))


def tell(request: StaffRequest, outcome: Outcome) -> None:
    """How many were assigned, and of each other one why it was not."""
    count = len(outcome.done)
    if count:
        words = ngettext("Възложена е %(count)s преписка.", "Възложени са %(count)s преписки.", count)
        messages.success(request, words % {"count": count})
    tell_refusals(request, outcome, _("%(number)s не е възложена. %(why)s"))


def tell_refusals(request: StaffRequest, outcome: Outcome, words: str) -> None:
    """Of each case to which nothing was done, why; `words` name the `number` and say `why`."""
    for number, refusal in outcome.refused.items():
        messages.error(request, words % {"number": number, "why": REFUSALS[type(refusal)]})
