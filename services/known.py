"""Units and services as every list names them: read once in each process, until one of them changes."""

from collections.abc import Iterable, Mapping
from typing import Any

from samokov_portal.pagestore import remembered
from services.models import Service, Unit


@remembered("services.Unit")
def units_by_key() -> Mapping[int, Unit]:
    return {unit.pk: unit for unit in Unit.objects.all()}


@remembered("services.Service")
def services_by_key() -> Mapping[int, Service]:
    return {service.pk: service for service in Service.objects.only("number", "name", "name_en", "slug")}


def name_units(rows: Iterable[Any]) -> None:
    """Give each row its unit without asking for it; one query at the most. One that came meanwhile names itself."""
    rows = [row for row in rows if row.unit_id is not None]
    units = units_by_key() if rows else {}
    for row in rows:
        if row.unit_id in units:
            # Not by the attribute, which asks first whether the two may be related.
            row._meta.get_field("unit").set_cached_value(row, units[row.unit_id])


def name_services(rows: Iterable[Any]) -> None:
    """Give each row its service without asking for it; one query at the most. One that came meanwhile names itself."""
    rows = [row for row in rows if row.service_id is not None]
    services = services_by_key() if rows else {}
    for row in rows:
        if row.service_id in services:
            row._meta.get_field("service").set_cached_value(row, services[row.service_id])


def services_named(word: str) -> list[int]:
    """The keys of the services that have a word in their names, in capitals or not, or as their number."""
    capitals = word.upper()
    named = services_by_key().items()
    return [key for key, service in named if capitals in service.name.upper() or service.number == word]
