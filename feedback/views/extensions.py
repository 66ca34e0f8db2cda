"""Asking the superior body for a longer term, on the page of a case."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from feedback.actions import refusals
from feedback.actions.desk import SUPERIOR_PERMISSION
from feedback.actions.extensions import ASKING_PERMISSION, ask_extension, refuse_extension
from feedback.forms.extensions import AskExtensionForm, RefuseExtensionForm
from feedback.views.case import REFUSALS, case_page, seen
from samokov_portal.staff.desk import at_desk
from samokov_portal.staff.requests import StaffRequest

WAITS_ALREADY = gettext_lazy("Вече е поискано удължаване и то чака отговор.")


@require_POST
@at_desk(ASKING_PERMISSION)
def case_ask_extension(request: StaffRequest, number: str) -> HttpResponse:
    """Ask for a longer term; what cannot be asked comes back with why."""
    done = _("Удължаването е поискано. Решава органът, който може да удължи срока.")
    return carried_out(request, number, AskExtensionForm(request.POST), ask_extension, done)


@require_POST
@at_desk(SUPERIOR_PERMISSION)
def case_refuse_extension(request: StaffRequest, number: str) -> HttpResponse:
    """Say no to the request that waits."""
    done = _("Отказано е. Срокът остава същият.")
    return carried_out(request, number, RefuseExtensionForm(request.POST), refuse_extension, done)


def carried_out(request: StaffRequest, number: str, form: Any, perform: Callable[..., Any], done: str) -> HttpResponse:
    """One thing done to the request of a case; a form that is wrong or refused comes back as it was typed."""
    row = seen(request, number)
    if not form.is_valid():
        return case_page(request, row, extension=form, status=422)
    try:
        perform(case_id=row.pk, **form.cleaned_data, by=request.user, now=timezone.now())
    except refusals.Refused as refusal:
        form.add_error(None, WAITS_ALREADY if isinstance(refusal, refusals.AlreadyDone) else REFUSALS[type(refusal)])
        return case_page(request, row, extension=form, status=409)
    messages.success(request, done)
    return redirect(row)
