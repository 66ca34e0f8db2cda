"""What every page's frame shows: the municipality's contacts and whether the data is made up."""

import time
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from charter.yearly import awaited_report
from feedback.models import Case
from samokov_portal.pagestore import aside, remembered
from services.models import Application, Unit

# So long at most a process does not see that the first made-up case came or the last one went.
SAMPLES_KNOWN_SECONDS = 60


def has_sample_data() -> bool:
    """Whether anything here was made up; two short queries at the most, and none for a while after them."""
    if not settings.PUBLIC_PAGES_KEPT_SECONDS:
        return _are_there_samples()
    if known.until <= time.monotonic():
        known.has_samples, known.until = _are_there_samples(), time.monotonic() + SAMPLES_KNOWN_SECONDS
    return known.has_samples


def _are_there_samples() -> bool:
    with aside():
        return Case.objects.samples().exists() or Application.objects.samples().exists()


@dataclass
class Known:
    """What this process knows of made-up data, until when on the clock of `time.monotonic()`."""

    has_samples: bool = False
    until: float = 0.0


known = Known()


@remembered("services.Unit")
def municipality() -> Unit | None:
    """The municipality with its contacts."""
    return Unit.objects.municipality()


def frame(request: HttpRequest) -> dict[str, Any]:
    """Five queries at the most, made only when the template shows what they bring and it is not remembered."""
    return {
        "municipality": SimpleLazyObject(municipality),
        "has_sample_data": SimpleLazyObject(has_sample_data),
        "awaited_report": SimpleLazyObject(lambda: awaited_report(timezone.localdate())),
    }
