"""Pages about staff themselves: what was kept for them when their session ended."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from samokov_portal.staff.desk import for_staff
from samokov_portal.staff.kept import forget, kept_in
from samokov_portal.staff.requests import StaffRequest


@require_safe
@for_staff
def kept(request: StaffRequest) -> HttpResponse:
    """What was typed when the session ended, to be sent as it was."""
    return render(request, "staff/kept.html", {"kept": kept_in(request.session)})


@require_POST
@for_staff
def kept_forget(request: StaffRequest) -> HttpResponse:
    forget(request.session)
    messages.success(request, _("Написаното не е изпратено и вече не се пази."))
    return redirect("kept")
