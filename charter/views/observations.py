"""What was seen on the spot, recorded at the desk."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from charter.actions.observations import AlreadyWithdrawn, record_observation, withdraw_observation
from charter.actions.refusals import NeedsReason
from charter.forms import ObservationForm
from charter.models import Observation
from samokov_portal.staff.desk import at_desk
from samokov_portal.staff.requests import StaffRequest, said_in

A_PAGE = 50


@require_http_methods(["GET", "POST"])
@at_desk("charter.record_observation")
def observations(request: StaffRequest) -> HttpResponse:
    """The newest observations, and a form for one more."""
    now = timezone.now()
    form = ObservationForm(request.POST if request.method == "POST" else None, today=timezone.localtime(now).date())
    if request.method == "POST" and form.is_valid():
        record_observation(values=form.cleaned_data, by=request.user, now=now)
        messages.success(request, _("Наблюдението е записано."))
        return redirect("charter:observations")
    return page(request, form, status=422 if form.is_bound else 200)


def page(request: StaffRequest, form: Any, *, reason: str = "", status: int = 200) -> HttpResponse:
    """The page; `reason` is what was typed when a withdrawal was refused."""
    rows = Paginator(Observation.objects.newest_first(), A_PAGE).get_page(request.GET.get("page"))
    context = {"form": form, "observations": rows, "reason": reason}
    return render(request, "charter/desk_observations.html", context, status=status)


@require_POST
@at_desk("charter.record_observation")
def observation_withdraw(request: StaffRequest, pk: int) -> HttpResponse:
    row, now = get_object_or_404(Observation, pk=pk), timezone.now()
    reason = said_in(request, "reason", 1000)
    try:
        withdraw_observation(observation_id=row.pk, reason=reason, by=request.user, now=now)
    except NeedsReason:
        messages.error(request, _("Напишете защо оттегляте наблюдението."))
        return page(request, ObservationForm(today=timezone.localtime(now).date()), reason=reason, status=422)
    except AlreadyWithdrawn:
        messages.error(request, _("Наблюдението вече е оттеглено."))
    else:
        messages.success(request, _("Наблюдението е оттеглено."))
    return redirect("charter:observations")
