"""The desk's tally of questions and problems raised on the spot or by phone."""

from datetime import datetime

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from feedback.actions.enquiries import log_enquiry
from feedback.forms.enquiries import OralEnquiryForm
from feedback.models import OralEnquiry
from samokov_portal.office.once import FormAlreadyUsed
from samokov_portal.staff.desk import at_desk
from samokov_portal.staff.models import StaffUser
from samokov_portal.staff.requests import StaffRequest
from services.models import UnitMember

SHOWN = 10


@require_http_methods(["GET", "POST"])
@at_desk("feedback.log_oralenquiry")
def enquiries(request: StaffRequest) -> HttpResponse:
    """One line to log what was just asked, and the last ones that this person logged today."""
    now = timezone.now()
    unit = UnitMember.objects.filter(user=request.user).values_list("unit", flat=True).first()
    form = OralEnquiryForm(request.POST if request.method == "POST" else None, initial={"unit": unit}, now=now)
    context = {"form": form, "rows": logged_today(request.user, now)}
    if not form.is_bound or not form.is_valid():
        return render(request, "feedback/enquiries.html", context, status=422 if form.is_bound else 200)
    try:
        log_enquiry(nonce=form.cleaned_data["token"], values=form.values(), by=request.user, now=now)
    except FormAlreadyUsed:
        messages.error(request, _("С този формуляр вече е записано друго, затова промените не са записани."))
    else:
        messages.success(request, _("Записано."))
    return redirect("feedback:enquiries")


def logged_today(user: StaffUser, now: datetime) -> QuerySet[OralEnquiry]:
    """What this person logged since midnight, the newest first."""
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    rows = OralEnquiry.objects.filter(recorded_by=user, recorded_at__gte=midnight).select_related("unit")
    return rows.order_by("-recorded_at", "-pk")[:SHOWN]
