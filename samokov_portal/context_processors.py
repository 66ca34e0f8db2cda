"""What every page's frame shows: the municipality's contacts and whether the data is made up."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from charter.yearly import awaited_report
from feedback.models import Case
from samokov_portal.pagestore import aside
from services.models import Application, Unit


def has_sample_data() -> bool:
    """Whether anything here was made up; two short queries at the most."""
    with aside():
        return Case.objects.samples().exists() or Application.objects.samples().exists()


def frame(request: HttpRequest) -> dict[str, Any]:
    """Five queries at the most, made only when the template shows what they bring."""
    return {
        "municipality": SimpleLazyObject(lambda: Unit.objects.municipality()),
        "has_sample_data": SimpleLazyObject(has_sample_data),
        "awaited_report": SimpleLazyObject(lambda: awaited_report(timezone.localdate())),
    }
