"""A service as schema.org says it, for those who read pages by machine."""

from collections.abc import Callable
from typing import Any

from services.choices import DetailField, Variant
from services.facts import Fact, Way
from services.models import Service, Unit

# Fees are left out: those in the catalogue are of before the euro, and a machine would take them for today's.


def government_service(
    service: Service,
    *,
    facts: dict[str, Fact],
    ways: list[Way],
    issued: str,
    desk: Unit | None,
    municipality: Unit | None,
    absolute: Callable[[str], str],
) -> dict[str, Any]:
    """The service as a `GovernmentService`: only what Самоков or the law says, and nothing where nobody has said it.

    `absolute` makes an address of this portal whole.
    """
    address = absolute(service.get_absolute_url())
    results = own_texts(facts[DetailField.RESULT]) or ([issued] if issued else [])
    told = {
        "@context": "https://schema.org",
        "@type": "GovernmentService",
        "@id": address,
        "url": address,
        "name": service.name,
        "inLanguage": "bg",
        "identifier": register_number(service),
        "serviceType": service.group.name,
        "description": joined(facts[DetailField.ABOUT]),
        "audience": audience(facts[DetailField.WHO]),
        "provider": organisation(municipality),
        "serviceOperator": {"@type": "GovernmentOrganization", "name": service.unit.name} if service.unit else None,
        "areaServed": {"@type": "AdministrativeArea", "name": municipality.name} if municipality else None,
        "serviceOutput": [{"@type": "Thing", "name": name} for name in results],
        "availableChannel": [channel for way in ways if (channel := channel_of(way, desk, address)) is not None],
    }
    return {name: value for name, value in told.items() if value not in (None, "", [])}


def own_texts(fact: Fact) -> list[str]:
    """What we say of a field."""
    return [row.text for row in fact.ours]


def joined(fact: Fact) -> str:
    return " ".join(own_texts(fact))


def register_number(service: Service) -> dict[str, str] | None:
    """Its number in the Register of services, where it was seen in a source."""
    if not service.number:
        return None
    return {"@type": "PropertyValue", "propertyID": "Регистър на услугите", "value": service.number}


def audience(fact: Fact) -> dict[str, str] | None:
    """Who may ask for it."""
    return {"@type": "Audience", "audienceType": joined(fact)} if fact.ours else None


def organisation(unit: Unit | None) -> dict[str, Any] | None:
    """The municipality with the contacts that are known."""
    if unit is None:
        return None
    told = {
        "@type": "GovernmentOrganization",
        "name": unit.name,
        "address": unit.address,
        "email": unit.email,
        "telephone": unit.phone,
    }
    return {name: value for name, value in told.items() if value}


def channel_of(way: Way, desk: Unit | None, address: str) -> dict[str, Any] | None:
    """A way of asking that somebody described; the counter is known for every service."""
    words = " ".join(row.text for row in way.rows)
    at_desk = way.variant == Variant.COUNTER and desk is not None
    if not words and not at_desk:
        return None
    channel: dict[str, Any] = {"@type": "ServiceChannel", "name": str(way.label), "serviceUrl": address}
    if words:
        channel["description"] = words
    if at_desk and desk is not None:
        channel["serviceLocation"] = {"@type": "Place", "name": desk.name, "address": desk.address}
    return channel
