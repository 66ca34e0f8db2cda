"""Papers that are printed at the desk with one press: receipts, protocols, labels and letters, as PDF."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from feedback.access import code_fits
from feedback.models import Case
from feedback.views.case import seen as seen_case
from feedback.views.letters import POSTING
from feedback.views.letters import seen as seen_letter
from samokov_portal.frontdesk.papers import about_application, about_case, about_letter, about_us
from samokov_portal.printing import A4, ROLL, RendererMissing, render_paper
from samokov_portal.staff.desk import at_desk
from samokov_portal.staff.requests import StaffRequest
from services.models import Application
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
    return paper(request, "papers/letter.html", letter.about.number, about_letter(letter))


def code_sent(request: StaffRequest, row: Case | Application) -> str:
    """The code that the page sends along, if it is the one of this row; nobody else has it."""
    code = request.POST.get("code", "")
    return code if code and code_fits(code, row.access_digest) else ""


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
        return without_renderer(request)
    name = template.rpartition("/")[2].removesuffix(".html")
    return shown(HttpResponse(content), f"{number}-{name}-{size}.pdf")


def without_renderer(request: StaffRequest) -> HttpResponse:
    """What is said where nothing can be printed."""
    text = _("Записаното е запазено, но сега не може да се отпечата: липсва програмата за PDF. Обадете се на ИТ.")
    return render(request, "frontdesk/no_paper.html", {"text": text}, status=503)


def shown(response: Any, name: str) -> Any:
    """A PDF that the browser shows, and saves under `name` if it is asked to."""
    response["Content-Type"] = "application/pdf"
    response["Content-Disposition"] = content_disposition_header(False, name) or "inline"
    return response
