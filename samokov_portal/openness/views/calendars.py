"""The last days of a member of staff: on a page, and as a calendar for their own program."""

from collections.abc import Iterator
from datetime import date

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from charter.yearly import awaited_report
from feedback.models import Case
from samokov_portal.openness.ical import Day, calendar, calendar_key, user_of
from samokov_portal.staff.desk import at_desk
from samokov_portal.staff.models import StaffUser
from samokov_portal.staff.requests import StaffRequest
from services.models import Application

# Nobody works through more, and a program fetches all of it each time.
MOST = 1000


@require_safe
@at_desk("feedback.view_case")
def deadlines(request: StaffRequest) -> HttpResponse:
    """The secret address of this person's calendar, and what it holds."""
    address = request.build_absolute_uri(reverse("deadlines_calendar", args=[calendar_key(request.user)]))
    count = len(list(days_of(request.user, request, timezone.localdate())))
    return render(request, "deadlines.html", {"address": address, "count": count})


@never_cache
@require_safe
def deadlines_calendar(request: HttpRequest, key: str) -> HttpResponse:
    """The calendar that the key opens. It names no person and no matter, so nothing is noted as looked at."""
    user = user_of(key)
    if user is None:
        raise Http404
    now = timezone.now()
    with override("bg"):
        body = calendar(_("Срокове – Община Самоков"), days_of(user, request, timezone.localtime(now).date()), now)
    response = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'inline; filename="deadlines.ics"'
    return response


def days_of(user: StaffUser, request: HttpRequest, today: date) -> Iterator[Day]:
    """The last days that `user` may see: of open cases and applications, and of the report of the year."""
    cases = Case.objects.seen_by(user).open().filter(next_on__isnull=False)
    for case in cases.order_by("next_on", "pk")[:MOST]:
        title = f"{case.number}: {case.get_kind_display()}, {case.get_status_display()}"
        yield Day(f"case-{case.pk}", case.next_on, title, request.build_absolute_uri(case.get_absolute_url()))
    if user.has_perm("services.view_application"):
        for row in Application.objects.seen_by(user).open().by_due_date()[:MOST]:
            address = request.build_absolute_uri(row.get_absolute_url())
            yield Day(f"application-{row.pk}", row.due_on, f"{row.number}: {_('заявление за услуга')}", address)
    report = awaited_report(today) if user.has_perm("charter.prepare_report") else None
    if report is not None:
        address = request.build_absolute_uri(reverse("charter:desk_reports"))
        yield Day(f"report-{report.due_on.year}", report.due_on, _("Годишен доклад: последен ден"), address)
