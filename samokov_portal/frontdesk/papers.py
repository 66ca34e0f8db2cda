"""What stands on the papers of the desk, for their templates."""

from typing import Any

from django.conf import settings
from django.urls import reverse

from feedback.choices import EventKind, Kind
from feedback.mail.message import files_of
from feedback.models import Case, Letter
from samokov_portal.legal.terms import TERMS
from samokov_portal.staff.models import StaffUser
from services.models import Application, Unit


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


def about_letter(letter: Letter) -> dict[str, Any]:
    """What a letter on paper says."""
    attached, on_request = files_of(letter)
    return {"letter": letter, "attached": attached, "on_request": on_request}


def about_us() -> dict[str, Any]:
    """What every paper may name: the municipality, and where a matter is followed."""
    return {"municipality": Unit.objects.municipality(), "tracking": settings.PORTAL_URL + reverse("feedback:track")}


def who_registered(application: Application) -> StaffUser | None:
    """Whoever entered it, from its history."""
    first = application.history.select_related("history_user").order_by("history_id").first()
    who: StaffUser | None = first.history_user if first else None
    return who
