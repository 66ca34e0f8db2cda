"""Applications at the desk: the list, what is ready to be taken, and logging a new one."""

from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from samokov_portal.audit.choices import LookKind
from samokov_portal.audit.looks import note_look
from samokov_portal.office.numbers import read_number
from samokov_portal.staff.desk import at_desk
from samokov_portal.staff.requests import StaffRequest
from services.forms.intake import ApplicationFilter
from services.models import Application
from services.views.masked import shown_applications

PAGE = 50
# At which counter this clerk sits: in the session, until they log out.
COUNTER = "counter"


@require_safe
@at_desk("services.view_application")
def applications(request: StaffRequest) -> HttpResponse:
    """Open applications by due date; with `?all=1` the newest of all; with a number that one."""
    rows = Application.objects.seen_by(request.user).with_frame()
    ready = rows.waiting_at_counter().count()
    form = ApplicationFilter(request.GET)
    number = form.cleaned_data["number"] if form.is_valid() else ""
    show_all = request.GET.get("all") == "1"
    note_look(request, LookKind.SEARCH if number else LookKind.LIST, "applications", sought=[number])
    if number:
        rows = rows.filter(number=read_number(number))
    rows = rows.newest_first() if show_all or number else rows.open().by_due_date()
    page = page_of(request, rows)
    context = {
        "form": form,
        "page": page,
        "number": number,
        "show_all": show_all,
        "ready": ready,
        "today": timezone.localdate(),
    }
    return render(request, "services/applications.html", context)


@require_safe
@at_desk("services.view_application")
def applications_ready(request: StaffRequest) -> HttpResponse:
    """The documents that wait at the counter, the longest waiting first."""
    note_look(request, LookKind.LIST, "applications")
    rows = Application.objects.seen_by(request.user).with_frame().waiting_at_counter()
    context = {"page": page_of(request, rows), "today": timezone.localdate()}
    return render(request, "services/applications_ready.html", context)


def page_of(request: StaffRequest, rows: Any) -> Page:
    """The page that was asked for, as this person may see it."""
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    page.object_list = shown_applications(page.object_list, request.user)
    return page


def remember_counter(request: StaffRequest, counter: str) -> None:
    """Offer this counter in the next form; an empty one says nothing of where the clerk sits."""
    if counter:
        request.session[COUNTER] = counter
