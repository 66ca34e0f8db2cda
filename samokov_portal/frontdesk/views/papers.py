"""Papers that are printed at the desk with one press: receipts, protocols, labels and letters, as PDF."""

from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from feedback.access import code_fits
from feedback.choices import EventKind, Kind
from feedback.mail.message import files_of
from feedback.models import Case
from feedback.views.case import seen as seen_case
from feedback.views.letters import POSTING
from feedback.views.letters import seen as seen_letter
from samokov_portal.legal.terms import TERMS
from samokov_portal.printing import A4, ROLL, RendererMissing, render_paper
from samokov_portal.staff.desk import at_desk
from samokov_portal.staff.models import StaffUser
from samokov_portal.staff.requests import StaffRequest
from services.models import Application, Unit
from services.views.application import seen as seen_application

SEES_CASE, SEES_APPLICATION = "feedback.view_case", "services.view_application"


@require_http_methods(["GET", "POST"])
@at_desk(SEES_CASE)
def case_receipt(request: StaffRequest, number: str) -> HttpResponse:
    """The receipt for the sender. The code is on it only as long as the page that shows it is open, which sends it."""
    case = seen_case(request, number)
    context = about_case(case) | {"code": code_sent(request, case)}
    return paper(request, "papers/receipt.html", case.number, context, sizes=(A4, ROLL))


@require_safe
@at_desk(SEES_CASE)
def case_protocol(request: StaffRequest, number: str) -> HttpResponse:
    """What was said, for both to sign; of what came in writing there is none."""
    case = seen_case(request, number)
    return protocol(request, case, about_case(case))


@require_safe
@at_desk(SEES_CASE)
def case_label(request: StaffRequest, number: str) -> HttpResponse:
    """What stands on the folder: nobody's name, because everybody sees it."""
    case = seen_case(request, number)
    return paper(request, "papers/label.html", case.number, about_case(case), sizes=(A4, ROLL))


@require_http_methods(["GET", "POST"])
@at_desk(SEES_APPLICATION)
def application_receipt(request: StaffRequest, number: str) -> HttpResponse:
    application = seen_application(request, number)
    context = about_application(application) | {"code": code_sent(request, application)}
    return paper(request, "papers/receipt.html", application.number, context, sizes=(A4, ROLL))


@require_safe
@at_desk(SEES_APPLICATION)
def application_protocol(request: StaffRequest, number: str) -> HttpResponse:
    application = seen_application(request, number)
    return protocol(request, application, about_application(application))


@require_safe
@at_desk(SEES_APPLICATION)
def application_label(request: StaffRequest, number: str) -> HttpResponse:
    application = seen_application(request, number)
    context = about_application(application)
    return paper(request, "papers/label.html", application.number, context, sizes=(A4, ROLL))


@require_safe
@at_desk(POSTING)
def letter_paper(request: StaffRequest, pk: int) -> HttpResponse:
    """A letter to whoever has no e-mail, as it is signed and put into an envelope."""
    letter = seen_letter(request, pk)
    attached, on_request = files_of(letter)
    context = {"letter": letter, "attached": attached, "on_request": on_request}
    return paper(request, "papers/letter.html", letter.about.number, context)


def code_sent(request: StaffRequest, row: Case | Application) -> str:
    """The code that the page sends along, if it is the one of this row; nobody else has it."""
    code = request.POST.get("code", "")
    return code if code and code_fits(code, row.access_digest) else ""


def about_case(case: Case) -> dict[str, Any]:
    """What the papers say of a case."""
    registered = case.events.filter(kind=EventKind.REGISTERED).select_related("by").in_order().first()
    term = TERMS[case.term_code].as_of_version(case.term_version) if case.term_code else None
    return {
        "row": case,
        "case": case,
        "kind": Kind(case.kind),
        "term": term,
        "taken_by": registered.by if registered else None,
        "attachments": case.attachments.in_order(),
    }


def about_application(application: Application) -> dict[str, Any]:
    """What the papers say of an application."""
    return {"row": application, "application": application, "taken_by": who_registered(application)}


def about_us() -> dict[str, Any]:
    """What every paper may name: the municipality, and where a matter is followed."""
    return {"municipality": Unit.objects.municipality(), "tracking": settings.PORTAL_URL + reverse("feedback:track")}


def who_registered(application: Application) -> StaffUser | None:
    """Whoever entered it, from its history."""
    first = application.history.select_related("history_user").order_by("history_id").first()
    who: StaffUser | None = first.history_user if first else None
    return who


def protocol(request: StaffRequest, row: Case | Application, context: dict[str, Any]) -> HttpResponse:
    """The protocol of what was said; a roll is no paper for it, because its print fades."""
    if not row.is_oral:
        text = _("Постъпило е писмено, затова няма протокол.")
        return render(request, "frontdesk/no_paper.html", {"text": text}, status=404)
    return paper(request, "papers/protocol.html", row.number, context)


def paper(
    request: StaffRequest, template: str, number: str, context: dict[str, Any], *, sizes: tuple[str, ...] = (A4,)
) -> HttpResponse:
    """The paper as PDF, shown by the browser; in the size that is asked for, if there is it in that."""
    asked = request.POST.get("size") or request.GET.get("size", "")
    size = asked if asked in sizes else A4
    try:
        content = render_paper(template, {**context, **about_us()}, size=size)
    except RendererMissing:
        text = _("Записаното е запазено, но сега не може да се отпечата: липсва програмата за PDF. Обадете се на ИТ.")
        return render(request, "frontdesk/no_paper.html", {"text": text}, status=503)
    response = HttpResponse(content, content_type="application/pdf")
    name = template.rpartition("/")[2].removesuffix(".html")
    response["Content-Disposition"] = content_disposition_header(False, f"{number}-{name}-{size}.pdf") or "inline"
    return response
