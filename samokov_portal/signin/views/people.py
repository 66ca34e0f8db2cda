"""Who of the staff may do what, and how each of them signs in: for whoever oversees them."""

from django.conf import settings
from django.contrib.auth.models import Permission
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from samokov_portal.audit.choices import LookKind
from samokov_portal.audit.looks import note_look
from samokov_portal.staff.desk import at_desk
from samokov_portal.staff.factors import factors_of
from samokov_portal.staff.models import StaffEvent, StaffUser
from samokov_portal.staff.people import colleagues, devices_of, events_of
from samokov_portal.staff.requests import StaffRequest
from samokov_portal.staff.words import ROLE_NAMES, duties, role_words

OVERSEEING = "staff.oversee_staff"


@require_safe
@at_desk(OVERSEEING)
def staff(request: StaffRequest) -> HttpResponse:
    """Everybody with their roles, second factors and last login, and what each role may do."""
    note_look(request, LookKind.LIST, "staff")
    context = {
        "people": colleagues(),
        "roles": list(ROLE_NAMES.values()),
        "duties": duties(Permission.objects.select_related("content_type")),
        "required": settings.STAFF_SECOND_FACTOR,
        "eauth": settings.EAUTH_ISSUER,
    }
    return render(request, "staff/staff.html", context)


@require_safe
@at_desk(OVERSEEING)
def staff_member(request: StaffRequest, pk: int) -> HttpResponse:
    """One of them: factors, devices, and what was done to the account."""
    person = get_object_or_404(StaffUser, pk=pk)
    note_look(request, LookKind.LIST, "staff")
    context = {
        "person": person,
        "roles": sorted(role_words(name) for name in person.groups.values_list("name", flat=True)),
        "factors": factors_of(person),
        "devices": devices_of(person),
        "events": [(event, roles_in(event)) for event in events_of(person)],
    }
    return render(request, "staff/staff_member.html", context)


def roles_in(event: StaffEvent) -> str:
    """The roles that somebody had from an event on, in words; empty where it is about something else."""
    return ", ".join(role_words(name) for name in event.roles.split(", ")) if event.roles else ""
