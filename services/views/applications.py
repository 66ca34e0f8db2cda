"""Applications at the desk: the list, what is ready to be taken, and logging a new one."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from samokov_portal.audit.choices import LookKind
from samokov_portal.audit.looks import note_look
from samokov_portal.office.numbers import read_number
from samokov_portal.office.once import FormAlreadyUsed
from samokov_portal.staff.desk import at_desk
from samokov_portal.staff.requests import StaffRequest
from services.actions import log_application
from services.forms.intake import ApplicationFilter, ApplicationForm
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


@require_http_methods(["GET", "POST"])
@at_desk("services.log_application")
def application_new(request: StaffRequest) -> HttpResponse:
    """Log an application that came at the desk."""
    now = timezone.now()
    received_at = timezone.localtime(now).replace(second=0, microsecond=0)
    initial = {"received_at": received_at, "counter": request.session.get(COUNTER, "")}
    form = ApplicationForm(request.POST if request.method == "POST" else None, initial=initial, now=now)
    form.may_backdate = request.user.has_perm("services.backdate_application")
    if not form.is_bound or not form.is_valid():
        return render(request, "services/application_new.html", {"form": form}, status=422 if form.is_bound else 200)
    values = form.cleaned_data
    remember_counter(request, values["counter"])
    moments = {"received_at": values.pop("received_at"), "registered_at": now}
    try:
        row, _is_new = log_application(nonce=values.pop("token"), values=values, by=request.user, **moments)
    except FormAlreadyUsed as used:
        messages.error(request, already_used(used.row))
        return redirect(used.row)
    messages.success(request, _("Заявлението е регистрирано с номер %(number)s.") % {"number": row.number})
    return redirect(row)


def remember_counter(request: StaffRequest, counter: str) -> None:
    """Offer this counter in the next form; an empty one says nothing of where the clerk sits."""
    if counter:
        request.session[COUNTER] = counter


def already_used(row: Application) -> str:
    """What a clerk reads who changed a form after it was sent, and sent it again."""
    return _(
        "С този формуляр вече е регистрирано заявление %(number)s, затова промените не са записани. "
        "За друго заявление отворете нов формуляр."
    ) % {"number": row.number}
