"""Pages of the catalogue, and the catalogue as open data."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import conditional_page, require_safe

from services.choices import DetailField
from services.forms.intake import CatalogueFilter
from services.models import OWN, Service, ServiceDetail, ServiceGroup


@require_safe
def catalogue(request: HttpRequest) -> HttpResponse:
    """The catalogue: by groups when nothing is asked, else what was found, best match first."""
    form = CatalogueFilter(request.GET)
    form.is_valid()
    found = filtered(form.cleaned_data)
    asked = any(form.cleaned_data.values())
    context = {"form": form, "asked": asked, "services": found, "groups": ServiceGroup.objects.in_order()}
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
def detail(request: HttpRequest, slug: str) -> HttpResponse:
    """One service: each statement with whose it is and how sure; what is unknown is said to be unknown."""
    service = get_object_or_404(Service.objects.with_frame(), slug=slug)
    context = {"service": service, "facts": facts_of(service), "offers": service.offers.in_order()}
    return render(request, "services/detail.html", context)


def facts_of(service: Service) -> list[dict[str, Any]]:
    """For each field of the catalogue: what Самоков or the law says, and what other municipalities say, apart."""
    by_field: dict[str, list[ServiceDetail]] = {field: [] for field in DetailField.values}
    for row in service.details.order_by("pk"):
        by_field[row.field].append(row)
    return [
        {
            "field": field,
            "label": DetailField(field).label,
            "ours": [row for row in rows if not row.is_foreign],
            "others": [row for row in rows if row.is_foreign],
            "has_leva": any(row.leva for row in rows if not row.is_foreign),
            "others_have_leva": any(row.leva for row in rows if row.is_foreign),
        }
        for field, rows in by_field.items()
    ]


@require_safe
@conditional_page
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
        "group": service.group.name,
        "unit": service.unit.name if service.unit else None,
        "details": [
            {
                "field": row.field,
                "text": row.text,
                "provider": row.provider,
                "own": row.provider == OWN,
                "verified": row.is_verified,
                "source": row.source,
            }
            for row in service.details.all()
        ],
    }
