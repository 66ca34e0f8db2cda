"""The description of the open data for machines."""

from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import conditional_page, require_safe

from samokov_portal.openness.openapi import document


@require_safe
@conditional_page
def api_schema(request: HttpRequest) -> JsonResponse:
    """The OpenAPI document."""
    return JsonResponse(document(settings.PORTAL_URL), json_dumps_params={"ensure_ascii": False})
