"""The six methods of GeoReport v2 and the discovery before them. Bulgarian, as the register is."""

from collections.abc import Callable
from functools import wraps
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import conditional_page, require_http_methods, require_safe

from samokov_portal.network import client_address
from samokov_portal.office.numbers import read_number
from samokov_portal.office.once import FormAlreadyUsed
from samokov_portal.open311 import telling
from samokov_portal.open311.asking import asked_for, known_kind
from samokov_portal.open311.documents import WRITERS, Refused, document, refusal
from samokov_portal.open311.filing import file_case, nonce_of, refuse_flood
from samokov_portal.open311.forms import OpenForm
from samokov_portal.open311.keys import known_key
from samokov_portal.open311.models import Filing
from services.models import Unit

View = Callable[..., HttpResponse]


def in_format(view: View) -> View:
    """`view` in the format that the address ends with; what it refuses is said in the same."""

    @wraps(view)
    def answer(request: HttpRequest, form: str, **named: str) -> HttpResponse:
        if form not in WRITERS:
            raise Http404
        try:
            for asked in (request.GET, request.POST):
                refuse_unreadable(asked)
            return view(request, form, **named)
        except Refused as refused:
            return refusal(form, refused)

    return answer


def refuse_unreadable(asked: QueryDict) -> None:
    """Raises Refused for what no database holds, and for another municipality."""
    if any("\0" in text for name, texts in asked.lists() for text in (name, *texts)):
        raise Refused(400, _("Изпратен е знак с код 0, който не е текст."))
    if asked.get("jurisdiction_id", "") not in ("", settings.OPEN311_JURISDICTION):
        raise Refused(404, _("jurisdiction_id: тук е само %(name)s.") % {"name": settings.OPEN311_JURISDICTION})


def is_extended(request: HttpRequest) -> bool:
    """Whether more is asked for than the specification has."""
    return "true" in (request.GET.get("extensions"), request.POST.get("extensions"))


@require_safe
@conditional_page
@in_format
def discovery(request: HttpRequest, form: str) -> HttpResponse:
    """Where Open311 is spoken here, and whom to ask for a key."""
    address = request.build_absolute_uri(request.path.rpartition("/")[0])
    return document(form, "discovery", telling.discovery(address))


@require_safe
@conditional_page
@in_format
def services(request: HttpRequest, form: str) -> HttpResponse:
    """What may be filed."""
    return document(form, "services", telling.services())


@require_safe
@conditional_page
@in_format
def service_definition(request: HttpRequest, form: str, code: str) -> HttpResponse:
    """What is asked for with one of them, and what becomes public."""
    return document(form, "service_definition", telling.definition(known_kind(code), timezone.now()))


@csrf_exempt
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@in_format
def requests(request: HttpRequest, form: str) -> HttpResponse:
    """What was filed and where it stands; by POST one more, for which a key is needed and no cookie counts."""
    if request.method == "POST":
        return file_request(request, form)
    return listed(request, form, asked_for(request.GET, timezone.now()))


def file_request(request: HttpRequest, form: str) -> HttpResponse:
    """File for a person: 201 with the receipt, 200 with the same one for a repeated request. Raises Refused."""
    now, asked = timezone.now(), request.POST
    key = known_key(asked.get("api_key", ""))
    if key is None:
        raise Refused(403, _("api_key липсва или не е валиден."))
    if not asked.get("service_code"):
        raise Refused(400, _("service_code липсва."))
    kind = known_kind(asked["service_code"])
    nonce = nonce_of(asked, key, now)
    filled = OpenForm(asked, request.FILES.getlist("media"), kind=kind, now=now, nonce=nonce)
    if not filled.is_valid():
        raise Refused(400, *filled.reasons())
    refuse_flood(key, nonce=nonce, address=client_address(request), now=now)
    if not filled.take_files(now=now):
        raise Refused(400, *filled.reasons())
    try:
        filed, filing = file_case(values=filled.case_values(), nonce=nonce, key=key, now=now)
    except FormAlreadyUsed as used:
        reason = _("Същото вече е подадено с други файлове: %(number)s.") % {"number": used.row.number}
        raise Refused(400, reason) from None
    told = telling.receipt(filed, filing, is_extended=is_extended(request))
    response = document(form, "service_requests", [told], status=201 if filed.is_new else 200)
    response["Cache-Control"] = "no-store"
    return response


@require_safe
@in_format
def one_request(request: HttpRequest, form: str, number: str) -> HttpResponse:
    """Where one of them stands. What did not come through Open311 is not found: its sender was promised so."""
    found = list(Filing.objects.told().filter(case__number=read_number(number))[:1])
    if not found:
        raise Refused(404, _("service_request_id: няма такава преписка, подадена през Open311."))
    return listed(request, form, found)


def listed(request: HttpRequest, form: str, found: list[Filing]) -> HttpResponse:
    municipality = Unit.objects.municipality()
    agency = municipality.name if municipality else ""
    told = [telling.request_of(filing, agency, is_extended=is_extended(request)) for filing in found]
    return document(form, "service_requests", told)


@require_safe
@in_format
def number_of_token(request: HttpRequest, form: str, token: str) -> HttpResponse:
    """The number of what was filed, by the token that was given with it."""
    sought = token_of(token)
    filing = Filing.objects.select_related("case").filter(token=sought).first() if sought else None
    if filing is None:
        raise Refused(404, _("token: няма такъв."))
    told = {"service_request_id": filing.case.number, "token": str(filing.token)}
    return document(form, "service_requests", [told])


def token_of(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
