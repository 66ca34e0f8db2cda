"""The one page on which a clerk enters whatever comes, and what it asks while they type."""

from typing import Any

from django.http import Http404, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from feedback.access import access_code
from feedback.actions.register import register_case
from feedback.choices import Kind
from feedback.clock import comes_too_late, explain
from samokov_portal.audit.choices import LookKind
from samokov_portal.audit.looks import note_look
from samokov_portal.frontdesk.forms import EntryForm
from samokov_portal.frontdesk.people import as_offer, find_people
from samokov_portal.frontdesk.wanted import all_offers, chosen, offers
from samokov_portal.office.access import access_digest, code_fits
from samokov_portal.office.choices import Channel
from samokov_portal.office.once import FormAlreadyUsed
from samokov_portal.staff.desk import at_desk
from samokov_portal.staff.requests import StaffRequest, said_in
from services.actions import log_application
from services.models import Application, Service

LOGGING = "feedback.log_case"
# At which counter this clerk sits: in the session, until they log out.
COUNTER = "counter"
# The button that seeks a person instead of storing the entry.
FIND = "find_person"
LONGEST_SOUGHT = 150
LATE_REASONS = (
    "постъпило извън работното време",
    "от пощенската кутия",
    "прието на приемна или в кметство",
    "нямаше връзка с портала",
)


@require_http_methods(["GET", "POST"])
@at_desk(LOGGING)
def log(request: StaffRequest, kind: str = "") -> HttpResponse:
    """The page for a new entry; the answer to a good one is its receipt. `kind` is chosen already, by an old link."""
    if kind and kind not in Kind.values:
        raise Http404
    if request.method == "POST":
        return entered(request, kind)
    now = timezone.localtime(timezone.now())
    preset = chosen(kind or request.GET.get("what", "")[:100], request.user)
    initial = {
        "what": str(preset.label if isinstance(preset, Kind) else preset or ""),
        "channel": request.GET.get("channel") or Channel.COUNTER,
        "called_at": f"{now:%H:%M}",
        "counter": request.session.get(COUNTER, ""),
    }
    return page(request, EntryForm(initial=initial, now=now, by=request.user))


def page(request: StaffRequest, form: EntryForm, *, status: int = 200, **more: Any) -> HttpResponse:
    """The form, with what it offers to those who type without JavaScript."""
    typed = str(form["what"].value() or "")
    several = offers(typed, request.user) if form.is_bound and "what" in form.errors else []
    context = {"form": form, "everything": all_offers(request.user), "several": several, "reasons": LATE_REASONS}
    return render(request, "frontdesk/log.html", {**context, **more}, status=status)


def entered(request: StaffRequest, kind: str) -> HttpResponse:
    """What was sent: a search for the person, or the entry itself."""
    data = said(request, kind)
    form = EntryForm(data, request.FILES, now=timezone.now(), by=request.user)
    if FIND in data:
        return found(request, form, data)
    form.is_valid()
    if not form.take_files(now=form.now, by=request.user):
        return page(request, form, status=422)
    if form.cleaned_data["person"]:
        note_look(request, LookKind.CASE, form.cleaned_data["person"])
    try:
        return stored(request, form)
    except FormAlreadyUsed as used:
        form.add_error(None, already_used(used.row))
        return page(request, form, status=409, used=used.row)


def said(request: StaffRequest, kind: str) -> QueryDict:
    """What was typed, with the answers to what the page asked back: which of several was meant."""
    data = request.POST.copy()
    for name in ("what", "person"):
        if meant := data.get(f"{name}_meant"):
            data[name] = meant
    if data.get("forget_person"):
        data["person"] = ""
    if kind and not data.get("what"):
        data["what"] = kind
    return data


def found(request: StaffRequest, form: EntryForm, data: QueryDict) -> HttpResponse:
    """The same form with the people who fit, for whoever types without JavaScript; nothing is judged yet."""
    form.is_valid()
    form.take_files(now=form.now, by=request.user)
    typed = said_in(request, "name", LONGEST_SOUGHT) or said_in(request, "phone", LONGEST_SOUGHT)
    note_look(request, LookKind.SEARCH, "people", sought=[typed])
    again = EntryForm(initial=data.dict(), now=form.now, by=request.user)
    again.kept = form.kept  # type: ignore[method-assign]
    return page(request, again, people=find_people(typed, request.user), sought=typed)


def stored(request: StaffRequest, form: EntryForm) -> HttpResponse:
    """Store the entry once for its form. Raises FormAlreadyUsed."""
    nonce, by = form.cleaned_data["token"], request.user
    if form.cleaned_data["counter"]:
        request.session[COUNTER] = form.cleaned_data["counter"]
    if isinstance(form.chosen, Service):
        code = access_code(nonce)
        values = form.application_values(form.chosen) | {"access_digest": access_digest(code)}
        application, _is_new = log_application(nonce=nonce, values=values, by=by, **form.moments())
        note_look(request, LookKind.APPLICATION, application.number)
        # At a second press a new code may have been given out since.
        still = code if code_fits(code, application.access_digest) else ""
        return filed(request, application, application=application, code=still)
    assert form.chosen is not None
    done = register_case(nonce=nonce, values=form.case_values(form.chosen), by=by, **form.moments())
    note_look(request, LookKind.CASE, done.case.number)
    case = done.case
    about = {
        "case": case,
        "code": done.code,
        "deadline": explain(case, done.events),
        "is_too_late": comes_too_late(case),
    }
    return filed(request, case, kind=Kind(case.kind), **about, attachments=case.attachments.in_order())


def filed(request: StaffRequest, row: Any, **about: Any) -> HttpResponse:
    """The number, the last day and the papers; of a case the code, which is shown this once."""
    response = render(request, "frontdesk/filed.html", {"row": row, **about})
    response["Cache-Control"] = "no-store"
    return response


def already_used(row: Any) -> str:
    """What a clerk reads who changed a form after it was sent, and sent it again."""
    text = (
        _("С този формуляр вече е регистрирано заявление %(number)s, затова промените не са записани.")
        if isinstance(row, Application)
        else _("С този формуляр вече е регистрирана преписка %(number)s, затова промените не са записани.")
    )
    return text % {"number": row.number}


@require_safe
@at_desk(LOGGING)
def log_offers(request: StaffRequest) -> JsonResponse:
    """Kinds and services for what is typed so far, as `{"results": [{"code", "value", "about"}]}`."""
    found = offers(request.GET.get("q", "")[:100], request.user)
    return JsonResponse({"results": [vars(offer) for offer in found]}, json_dumps_params={"ensure_ascii": False})


@require_POST
@at_desk(LOGGING)
def log_people(request: StaffRequest) -> JsonResponse:
    """People by a name or a telephone, masked; by POST, because addresses are written into logs."""
    typed = said_in(request, "q", LONGEST_SOUGHT)
    people = find_people(typed, request.user)
    note_look(request, LookKind.SEARCH, "people", sought=[typed])
    return JsonResponse({"results": [as_offer(one) for one in people]}, json_dumps_params={"ensure_ascii": False})
