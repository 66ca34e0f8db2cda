"""Pages of the catalogue, and the catalogue as open data."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import conditional_page, require_safe

from samokov_portal.legal.terms import TERMS
from samokov_portal.pagestore import public_page
from services.facts import facts_of, issued_by, orders_of, ways_of
from services.forms.intake import CatalogueFilter
from services.models import OWN, LifeEvent, Service, ServiceDetail, ServiceGroup, ServiceOffer, Unit
from services.schema_org import government_service

# The unit at whose counter every service may be asked for.
DESK = "cao"
# By which terms the answer to a request, or its absence, is contested.
REMEDIES = ("act-complaint", "silent-refusal", "silent-refusal-untold", "act-court", "act-court-silence")


@require_safe
@public_page
def catalogue(request: HttpRequest) -> HttpResponse:
    """The catalogue: by groups when nothing is asked, else what was found, best match first."""
    form = CatalogueFilter(request.GET)
    form.is_valid()
    found = filtered(form.cleaned_data)
    asked = any(form.cleaned_data.values())
    context = {"form": form, "asked": asked, "services": found, "groups": ServiceGroup.objects.in_order()}
    context["events"] = LifeEvent.objects.in_order()
    return render(request, "services/catalogue.html", context)


def filtered(wanted: dict[str, Any]) -> Any:
    """The services that fit the filters, as a queryset."""
    found = Service.objects.with_frame().order_by("group__position", "name", "pk")
    if wanted.get("group"):
        found = found.filter(group=wanted["group"])
    if wanted.get("unit"):
        found = found.filter(unit=wanted["unit"])
    query = wanted.get("q", "").strip()
    return found.matching(query) if query else found


@require_safe
@public_page
def detail(request: HttpRequest, slug: str) -> HttpResponse:
    """One service: each statement with whose it is and how sure; what is unknown is said to be unknown."""
    service = get_object_or_404(Service.objects.with_frame(), slug=slug)
    context = page_of(request, service, details=service.details.order_by("pk"), offers=service.offers.in_order())
    return render(request, "services/detail.html", {**context, "opinion": request.GET.get("opinion", "")})


def page_of(
    request: HttpRequest, service: Service, *, details: Iterable[ServiceDetail], offers: Iterable[ServiceOffer]
) -> dict[str, Any]:
    """What the page of a service shows; the rows need not be stored, so that a draft is shown by the same page."""
    facts = facts_of(details)
    parts: dict[str, Any] = {
        "facts": facts,
        "ways": ways_of(facts),
        "issued": issued_by(service),
        "desk": Unit.objects.filter(code=DESK).first(),
        "municipality": Unit.objects.municipality(),
    }
    return {
        **parts,
        "service": service,
        "orders": orders_of(facts),
        "offers": offers,
        "record": government_service(service, absolute=request.build_absolute_uri, **parts),
        "remedies": {code.removeprefix("act-").replace("-", "_"): TERMS[code] for code in REMEDIES},
        "events": LifeEvent.objects.filter(places__service__slug=service.slug).order_by("position", "pk"),
    }


@require_safe
@conditional_page
@public_page
def api_services(request: HttpRequest) -> JsonResponse:
    """The catalogue as open data; best match first when `q` is given."""
    form = CatalogueFilter(request.GET)
    form.is_valid()
    found = filtered(form.cleaned_data).prefetch_related("details")
    return JsonResponse(
        {"results": [as_record(service) for service in found]}, json_dumps_params={"ensure_ascii": False}
    )


def as_record(service: Service) -> dict[str, Any]:
    """A service as open data; `details` say whose each statement is: samokov, another municipality, or the law ("")."""
    return {
        "number": service.number,
        "number_status": service.number_status,
        "slug": service.slug,
        "name": service.name,
        "name_en": service.name_en,
        "group": service.group.name,
        "unit": service.unit.name if service.unit else None,
        "complex": service.is_complex,
        "checked_on": service.checked_on,
        "details": [
            {
                "field": row.field,
                "variant": row.variant,
                "text": row.text,
                "provider": row.provider,
                "own": row.provider == OWN,
                "verified": row.is_verified,
                "source": row.source,
            }
            for row in sorted(service.details.all(), key=lambda row: row.pk)
        ],
    }
