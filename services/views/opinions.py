"""„Беше ли полезна тази страница“: asked on each page of a service, read by the editor."""

from urllib.parse import urlsplit

from dateutil.relativedelta import relativedelta
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from samokov_portal.network import client_address
from samokov_portal.staff.desk import at_desk
from samokov_portal.staff.requests import StaffRequest
from services.forms.intake import OpinionForm
from services.models import PageVotes, Service
from services.votes import count_vote

MONTHS = 12


@csrf_exempt
@require_POST
def opinion(request: HttpRequest, slug: str) -> HttpResponse:
    """Count an opinion and go back to the page, which thanks for it.

    Without the usual token, because that needs a cookie and nothing is done here in anybody's name: a form on another
    site is refused by what the browser says of it, and whoever sends many is not counted.
    """
    if is_from_another_site(request):
        return HttpResponseForbidden()
    service = get_object_or_404(Service, slug=slug)
    form = OpinionForm(request.POST)
    told = "empty"
    if form.is_valid():
        is_useful = form.cleaned_data["useful"] == "yes"
        is_counted = count_vote(
            service=service, is_useful=is_useful, address=client_address(request), now=timezone.now()
        )
        told = form.cleaned_data["useful"] if is_counted else "enough"
    return redirect(f"{service.get_absolute_url()}?opinion={told}#opinion")


def is_from_another_site(request: HttpRequest) -> bool:
    """Whether the browser says that the form stood on a page of another site; an old one says nothing."""
    site = request.headers.get("Sec-Fetch-Site", "same-origin")
    try:
        host = urlsplit(request.headers.get("Origin", f"//{request.get_host()}")).netloc
    except ValueError:
        return True  # no browser says such a thing
    return site != "same-origin" or host != request.get_host()


@require_safe
@at_desk("services.view_pagevotes")
def opinions(request: StaffRequest) -> HttpResponse:
    """What readers said of each page in a year, those that helped fewest first."""
    since = timezone.localdate().replace(day=1) - relativedelta(months=MONTHS - 1)
    context = {"rows": PageVotes.objects.by_service(since), "since": since}
    return render(request, "services/opinions.html", context)
