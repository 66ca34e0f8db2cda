"""Pages of the applications for services, logged and worked through at the desk."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from samokov_portal.audit.choices import LookKind
from samokov_portal.audit.looks import note_look
from samokov_portal.office.numbers import read_number
from samokov_portal.office.once import FormAlreadyUsed
from samokov_portal.staff.desk import at_desk
from samokov_portal.staff.requests import StaffRequest
from services.actions import (
    AlreadyCompleted,
    NothingToTell,
    NotReady,
    complete_application,
    hand_over_application,
    log_application,
    record_visit,
    tell_due_date,
)
from services.forms import ApplicationFilter, ApplicationForm, CompletionForm, VisitForm
from services.models import Application

PAGE = 50
# At which counter this clerk sits: in the session, until they log out.
COUNTER = "counter"


@require_safe
@at_desk("services.view_application")
def applications(request: StaffRequest) -> HttpResponse:
    """Open applications by due date; with `?all=1` the newest of all; with a number that one."""
    rows = Application.objects.seen_by(request.user).with_frame()
    form = ApplicationFilter(request.GET)
    number = form.cleaned_data["number"] if form.is_valid() else ""
    show_all = request.GET.get("all") == "1"
    note_look(request, LookKind.SEARCH if number else LookKind.LIST, "applications", sought=[number])
    if number:
        rows = rows.filter(number=read_number(number))
    rows = rows.newest_first() if show_all or number else rows.open().by_due_date()
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    context = {"form": form, "page": page, "number": number, "show_all": show_all, "today": timezone.localdate()}
    return render(request, "services/applications.html", context)


@require_http_methods(["GET", "POST"])
@at_desk("services.log_application")
def application_new(request: StaffRequest) -> HttpResponse:
    """Log an application that came at the desk."""
    now = timezone.now()
    received_at = timezone.localtime(now).replace(second=0, microsecond=0)
    initial = {"received_at": received_at, "counter": request.session.get(COUNTER, "")}
    form = ApplicationForm(request.POST if request.method == "POST" else None, initial=initial, now=now)
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


def seen(request: StaffRequest, number: str) -> Application:
    """The application, if this person may see it; otherwise it is not found, as if it were not there."""
    row = get_object_or_404(Application.objects.seen_by(request.user).with_frame(), number=number)
    note_look(request, LookKind.APPLICATION, row.number)
    return row


@require_safe
@at_desk("services.view_application")
def application(request: StaffRequest, number: str) -> HttpResponse:
    return application_page(request, seen(request, number))


def application_page(request: StaffRequest, row: Application, **bound: Any) -> HttpResponse:
    """The page of an application; with the form that came back with an error, if one did, as `bound`."""
    counter = {"counter": request.session.get(COUNTER, "")}
    context = {
        "application": row,
        "form": CompletionForm(),
        "visit_form": VisitForm(application=row, now=timezone.now(), initial=counter),
        "visits": row.visits.in_order(),
        "today": timezone.localdate(),
    }
    return render(request, "services/application.html", {**context, **bound}, status=422 if bound else 200)


@require_POST
@at_desk("services.log_application")
def application_visit(request: StaffRequest, number: str) -> HttpResponse:
    row = seen(request, number)
    now = timezone.now()
    form = VisitForm(request.POST, application=row, now=now)
    if not form.is_valid():
        return application_page(request, row, visit_form=form)
    remember_counter(request, form.cleaned_data["counter"])
    try:
        record_visit(nonce=form.cleaned_data["token"], values=form.values(), by=request.user, now=now)
    except FormAlreadyUsed:
        messages.error(request, _("С този формуляр вече е записано друго идване, затова промените не са записани."))
    else:
        messages.success(request, _("Идването е записано."))
    return redirect(row)


@require_POST
@at_desk("services.complete_application")
def application_tell(request: StaffRequest, number: str) -> HttpResponse:
    row = seen(request, number)
    try:
        tell_due_date(application_id=row.pk, by=request.user, now=timezone.now())
    except NothingToTell:
        messages.error(request, _("Датата вече е съобщена или заявлението е приключено. Нищо не е променено."))
    else:
        messages.success(request, _("Отбелязано е, че датата е съобщена."))
    return redirect(row)


@require_POST
@at_desk("services.complete_application")
def application_complete(request: StaffRequest, number: str) -> HttpResponse:
    row = seen(request, number)
    form = CompletionForm(request.POST)
    if not form.is_valid():
        return application_page(request, row, form=form)
    try:
        complete_application(application_id=row.pk, **form.cleaned_data, by=request.user, now=timezone.now())
    except AlreadyCompleted:
        messages.error(request, _("Заявлението вече е приключено от друг служител. Нищо не е променено."))
    else:
        messages.success(request, _("Резултатът е записан."))
    return redirect(row)


@require_POST
@at_desk("services.complete_application")
def application_hand_over(request: StaffRequest, number: str) -> HttpResponse:
    row = seen(request, number)
    try:
        hand_over_application(application_id=row.pk, by=request.user, now=timezone.now())
    except NotReady:
        messages.error(request, _("Няма готов документ за връчване или той вече е връчен."))
    else:
        messages.success(request, _("Отбелязано е, че документът е получен."))
    return redirect(row)
