"""The catalogue by what happens in people's lives."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from samokov_portal.pagestore import public_page
from services.models import LifeEvent, Service


@require_safe
@public_page
def life_events(request: HttpRequest) -> HttpResponse:
    """Every life event with how many services it may need."""
    return render(request, "services/life_events.html", {"events": LifeEvent.objects.in_order()})


@require_safe
@public_page
def life_event(request: HttpRequest, code: str) -> HttpResponse:
    """One life event and its services, in the order in which they are usually needed."""
    event = get_object_or_404(LifeEvent, code=code)
    context = {"event": event, "services": Service.objects.of_event(event)}
    return render(request, "services/life_event.html", context)
