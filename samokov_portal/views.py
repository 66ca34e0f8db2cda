"""Pages that belong to no app: home, statements, health, and what is shown when a page cannot be."""

from django import forms
from django.conf import settings
from django.contrib import messages
from django.db import Error as DatabaseFailure
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from charter.measurement import Period
from charter.models import CharterVersion, Consultation, Report, Standard
from charter.report import live_lines
from feedback.choices import Kind
from samokov_portal.accessibility import last_run
from samokov_portal.audit.models import Seal
from samokov_portal.audit.seals import published
from samokov_portal.keys import as_pem, known_keys
from samokov_portal.moving import what_would_move
from samokov_portal.office.decrees import APPLY_PERMISSION, NothingToApply, order_decrees
from samokov_portal.office.forms import ApplyDecreesForm, DayQuery
from samokov_portal.office.models import WorkingDayOverride
from samokov_portal.pagestore import public_page
from samokov_portal.search.zero_results import KEPT_DAYS
from samokov_portal.staff.desk import at_desk
from samokov_portal.staff.kept import words_typed
from samokov_portal.staff.requests import StaffRequest
from samokov_portal.upkeep.retention import APPLICATION
from services.models import Authority, ServiceGroup, Unit

HOME_STANDARDS = ("signal-decision", "enquiry-answer", "service-term")
WORKER_SILENCE_SECONDS = 60
SEALS_AT_ONCE = 100
SEALS_ON_THE_PAGE = 15


@require_safe
@public_page
def home(request: HttpRequest) -> HttpResponse:
    """Find a service, file, follow, three promises with live figures, what is open for comments, the newest report."""
    now = timezone.now()
    period = Period.quarter_of(timezone.localtime(now).date())
    standards = Standard.objects.in_force().filter(code__in=HOME_STANDARDS)
    context = {
        "kinds": Kind.choices,
        "groups": ServiceGroup.objects.in_order(),
        "period": period,
        "lines": live_lines(standards, period, now),
        "consultation": Consultation.objects.open_on(timezone.localtime(now).date()).newest_first().first(),
        "report": Report.objects.published().newest_first().without_pdf().first(),
    }
    return render(request, "home.html", context)


class SealsQuery(forms.Form):
    """After which seal to go on."""

    after = forms.IntegerField(required=False, min_value=0, max_value=2**31 - 1)


@require_safe
def api_seals(request: HttpRequest) -> JsonResponse:
    """The seals of the store, a hundred at a time, with the keys that check them; 400 for a bad `after`."""
    query = SealsQuery(request.GET)
    if not query.is_valid():
        return JsonResponse({"errors": query.errors}, status=400, json_dumps_params={"ensure_ascii": False})
    seals = list(published(query.cleaned_data["after"] or 0, SEALS_AT_ONCE))
    keys = known_keys(settings.REPORT_KEY_FILE, settings.REPORT_PUBLIC_KEYS)
    following = f"{reverse('api_seals')}?after={seals[-1]['number']}" if len(seals) == SEALS_AT_ONCE else None
    return JsonResponse({"seals": seals, "keys": {name: as_pem(key) for name, key in keys.items()}, "next": following})


@require_safe
@public_page
def seals(request: HttpRequest) -> HttpResponse:
    """What a seal is, the newest ones, and how anybody checks them."""
    newest = list(Seal.objects.order_by("-number")[:SEALS_ON_THE_PAGE])
    return render(request, "seals.html", {"newest": newest[0] if newest else None, "earlier": newest[1:]})


@require_safe
@at_desk("office.view_workingdayoverride")
def calendar(request: StaffRequest) -> HttpResponse:
    return calendar_page(request, ApplyDecreesForm())


def calendar_page(request: StaffRequest, form: ApplyDecreesForm, status: int = 200) -> HttpResponse:
    """The days moved by decree, and what would move by those that nobody has decided about yet."""
    waiting = list(WorkingDayOverride.objects.waiting())
    context = {
        "form": form,
        "decrees": WorkingDayOverride.objects.by_day(),
        "waiting": waiting,
        "outlook": what_would_move(waiting, request.user, timezone.now()) if waiting else None,
    }
    return render(request, "office/calendar.html", context, status=status)


@require_POST
@at_desk(APPLY_PERMISSION)
def calendar_apply(request: StaffRequest) -> HttpResponse:
    """Decide that open cases and applications move; the worker moves them one by one."""
    form = ApplyDecreesForm(request.POST)
    if not form.is_valid():
        return calendar_page(request, form, status=422)
    try:
        order_decrees(by=request.user, reason=form.cleaned_data["reason"], now=timezone.now())
    except NothingToApply:
        messages.error(request, _("Няма разместени дни за прилагане: друг служител вече го е направил."))
    else:
        messages.success(
            request, _("Преместването започна. Всеки подател, чийто срок се променя, ще получи съобщение.")
        )
    return redirect("calendar")


@require_safe
@public_page
def accessibility(request: HttpRequest) -> HttpResponse:
    """The statement of accessibility, from the last run of the tests in a browser."""
    run = last_run()
    return render(request, "accessibility.html", {"run": run, "is_old": run.is_old(timezone.localdate())})


@require_safe
@public_page
def about(request: HttpRequest) -> HttpResponse:
    """What the portal is, whose, and who is in office; of another day, who was. Contacts are those of today."""
    query = DayQuery(request.GET)
    today = timezone.localdate()
    on = (query.cleaned_data["on"] if query.is_valid() else None) or today
    context = {
        "query": query,
        "on": on,
        "is_today": on == today,
        "authorities": Authority.objects.held_on(on),
        "units": Unit.objects.there_on(on).select_related("parent").in_order(),
        "charter": CharterVersion.objects.in_force(),
    }
    return render(request, "about.html", context, status=200 if query.is_valid() else 422)


@require_safe
@public_page
def privacy(request: HttpRequest) -> HttpResponse:
    """What is kept of whom, why and how long, each kind of matter with its term and the longest of them."""
    years = settings.RETENTION_YEARS
    labels = {**dict(Kind.choices), APPLICATION: _("заявление за услуга")}
    context = {
        "retention": [(labels[kind], term) for kind, term in years.items()],
        "retention_years": max(years.values()),
        "zero_results_days": KEPT_DAYS,
    }
    return render(request, "privacy.html", context)


@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Alive: the process answers. Nothing else is asked, so that a slow database does not restart the server."""
    return HttpResponse("ok", content_type="text/plain")


@never_cache
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """Ready: the database answers, its migrations are applied and the worker was heard from in the last minute."""
    try:
        checks = {"database": _database_answers(), "migrations": _is_migrated(), "worker": _worker_is_heard()}
    except DatabaseFailure:
        checks = {"database": False, "migrations": False, "worker": False}
    return JsonResponse(checks, status=200 if all(checks.values()) else 503)


def _database_answers() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return cursor.fetchone() == (1,)


def _is_migrated() -> bool:
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def _worker_is_heard() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM procrastinate_workers"
            " WHERE last_heartbeat > now() - make_interval(secs => %s))",
            [WORKER_SILENCE_SECONDS],
        )
        return bool(cursor.fetchone()[0])


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form was open too long, or the browser keeps no cookies: say what to do, and show what was written."""
    return render(request, "403_csrf.html", {"words": words_typed(request)}, status=403)
