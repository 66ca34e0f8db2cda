"""The survey of satisfaction: with a code from a letter or receipt, from the page of a case, and at the counter."""

from datetime import datetime
from ipaddress import ip_address
from math import ceil

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from feedback.actions.sender import answers_given
from feedback.actions.survey import (
    CodeDoesNotWork,
    Invited,
    NotCompleted,
    answer_at_kiosk,
    answer_survey,
    code_works,
    invite_about_application,
    invite_about_case,
)
from feedback.forms.survey import CodedSurveyForm, KioskSurveyForm, SurveyCodeForm, SurveyForm
from feedback.tracking import WINDOW, granted
from feedback.views.track import to_the_form
from samokov_portal.audit.choices import LookKind
from samokov_portal.audit.looks import note_look
from samokov_portal.network import client_address
from samokov_portal.office.limits import Limit, Standing, subscriber_of, take
from samokov_portal.staff.desk import at_desk
from samokov_portal.staff.requests import StaffRequest
from services.models import Application

# One tablet serves one person at a time.
KIOSK_ANSWERS = 60
BACK_AFTER_SECONDS = 20


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def survey(request: HttpRequest) -> HttpResponse:
    """The code by POST, so that it is in no address, log or Referer; the answer is the questions."""
    if request.method != "POST":
        return code_page(request, SurveyCodeForm())
    form = SurveyCodeForm(request.POST)
    if not form.is_valid():
        return code_page(request, form, status=422)
    code = form.cleaned_data["code"]
    return questions(request, code) if code_works(code) else refused(request, form, now=timezone.now())


def code_page(request: HttpRequest, form: SurveyCodeForm, *, status: int = 200) -> HttpResponse:
    return render(request, "feedback/survey.html", {"form": form}, status=status)


def questions(request: HttpRequest, code: str, *, bound: SurveyForm | None = None) -> HttpResponse:
    """The five questions; `bound` is what came back with errors."""
    form = bound or CodedSurveyForm(initial={"code": code})
    return render(request, "feedback/survey_questions.html", {"form": form}, status=422 if bound else 200)


def refused(request: HttpRequest, form: SurveyCodeForm, *, now: datetime) -> HttpResponse:
    """The same answer to a code that was never given and to one that was used; whoever guesses is slowed down."""
    limit = Limit("survey", settings.TRACKING_FAILURES_ALLOWED, WINDOW)
    standing = take(limit, subscriber_of(client_address(request)), now)
    if standing.is_over:
        return too_many(request, standing)
    form.add_error(
        None,
        _(
            "Този код не важи: сгрешен е или с него вече е отговорено. Проверете го и опитайте отново. Ако току-що сте "
            "изпратили отговорите си, те са записани."
        ),
    )
    return code_page(request, form, status=422)


def too_many(request: HttpRequest, standing: Standing) -> HttpResponse:
    response = render(request, "429.html", status=429)
    response["Retry-After"] = str(ceil(standing.retry_after.total_seconds()))
    return response


@never_cache
@sensitive_post_parameters()
@require_POST
def survey_answers(request: HttpRequest) -> HttpResponse:
    """Store what was answered with a code."""
    now = timezone.now()
    form, code_form = CodedSurveyForm(request.POST), SurveyCodeForm(request.POST)
    if not code_form.is_valid():
        return code_page(request, code_form, status=422)
    if not form.is_valid():
        return questions(request, code_form.cleaned_data["code"], bound=form)
    try:
        answer_survey(code=code_form.cleaned_data["code"], answers=form.answers(), now=now)
    except CodeDoesNotWork:
        return refused(request, code_form, now=now)
    return redirect("feedback:survey_thanks")


@require_safe
def survey_thanks(request: HttpRequest) -> HttpResponse:
    return render(request, "feedback/survey_thanks.html")


@never_cache
@require_POST
def track_survey(request: HttpRequest, number: str) -> HttpResponse:
    """The questions about the newest answer, to the browser that may see the case."""
    now = timezone.now()
    case = granted(request.session, number, now=now)
    if case is None:
        return to_the_form(request, number)
    answers = answers_given(case)
    if not answers:
        messages.info(request, _("Анкетата се отваря, когато преписката има отговор."))
        return redirect("feedback:tracked", number)
    invited = invite_about_case(case, answers=answers, now=now)
    if invited.is_used:
        messages.info(request, _("За този отговор анкетата вече е попълнена. Благодарим!"))
        return redirect("feedback:tracked", number)
    return questions(request, invited.code)


@require_POST
@at_desk("services.complete_application")
def application_survey(request: StaffRequest, number: str) -> HttpResponse:
    """The code for the receipt of a completed application, to be printed and handed over with the document."""
    row = get_object_or_404(Application.objects.seen_by(request.user).with_frame(), number=number)
    note_look(request, LookKind.APPLICATION, row.number)
    try:
        invited: Invited = invite_about_application(application_id=row.pk, now=timezone.now())
    except NotCompleted:
        messages.error(request, _("Код за анкетата се дава, когато заявлението е приключено."))
        return redirect(row)
    context = {
        "application": row,
        "invited": invited,
        "address": settings.PORTAL_URL + reverse("feedback:survey"),
    }
    return render(request, "feedback/survey_receipt.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
def survey_kiosk(request: HttpRequest) -> HttpResponse:
    """The questions on a tablet at the counter: no code, and only from where tablets are."""
    if not is_kiosk(request):
        return render(request, "feedback/survey_kiosk_closed.html", status=403)
    if request.method != "POST":
        return render(request, "feedback/survey_kiosk.html", {"form": KioskSurveyForm()})
    form = KioskSurveyForm(request.POST)
    if not form.is_valid():
        return render(request, "feedback/survey_kiosk.html", {"form": form}, status=422)
    now = timezone.now()
    standing = take(Limit("kiosk", KIOSK_ANSWERS, WINDOW), subscriber_of(client_address(request)), now)
    if standing.is_over:
        return too_many(request, standing)
    answer_at_kiosk(nonce=form.cleaned_data["token"], answers=form.answers(), now=now)
    return redirect("feedback:survey_kiosk_thanks")


def is_kiosk(request: HttpRequest) -> bool:
    """Whether this comes from a place where tablets are; in the demonstration from anywhere."""
    if settings.DEMO:
        return True
    try:
        address = ip_address(client_address(request))
    except ValueError:
        return False  # a socket without addresses
    # An IPv4 address that a socket for both wrote as IPv6 is IPv4 again.
    plain = getattr(address, "ipv4_mapped", None) or address
    return any(plain in network for network in settings.KIOSK_ADDRESSES)


@never_cache
@require_safe
def survey_kiosk_thanks(request: HttpRequest) -> HttpResponse:
    """Thanks, and by itself back to the questions for whoever comes next."""
    response = render(request, "feedback/survey_kiosk_thanks.html")
    response["Refresh"] = f"{BACK_AFTER_SECONDS};url={reverse('feedback:survey_kiosk')}"
    return response
