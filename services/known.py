"""Units and services as every list names them: read once in each process, until one of them changes."""

from collections.abc import Iterable, Mapping, Sequence
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


def services_named(words: Sequence[str]) -> list[list[int]]:
    """Of each word the keys of the services that have it in their names, in capitals or not, or as their number; one
    query at the most."""
    if not words:
        return []
    known = [(key, service.name.upper(), service.number) for key, service in services_by_key().items()]
    return [
        [key for key, name, number in known if capitals in name or number == word]
        for word, capitals in ((word, word.upper()) for word in words)
    ]
