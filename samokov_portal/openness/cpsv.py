"""The catalogue by CPSV-AP 3.2 (https://semiceu.github.io/CPSV-AP/releases/3.2.0/): only what we or the law say.

Fees with amounts in leva are of before the euro and are left out: a machine would take them for those of today.
"""

from collections.abc import Iterator
from typing import Any

from django.urls import reverse

from samokov_portal.legal.terms import Unit as TermUnit
from samokov_portal.openness.linked import Node, Ref, Text, Typed, Value, in_both
from samokov_portal.openness.publisher import Publisher
from services.choices import DetailField, Variant
from services.facts import Fact, facts_of, issued_by, ways_of
from services.models import LifeEvent, Service, ServiceGroup

# Terms in working days have no duration in xsd.
DURATIONS = {TermUnit.CALENDAR_DAYS: "P{}D", TermUnit.MONTHS: "P{}M", TermUnit.YEARS: "P{}Y"}
BUSINESS = "business"


def catalogue(publisher: Publisher) -> Iterator[Node]:
    """Every node of the catalogue; six queries however long it is."""
    yield from publisher.nodes()
    dataset = publisher.address(reverse("api_services"))
    title = Text(f"Каталог на административните услуги на {publisher.name}")
    said: dict[str, list[Value]] = {"dct:title": [title], "dct:description": [title], "dct:publisher": [publisher.ref]}
    yield Node(dataset, ("dcat:Dataset",), said)
    yield from (group_node(group, publisher) for group in ServiceGroup.objects.order_by("position", "pk"))
    units: dict[int, Node] = {}
    for service in Service.objects.with_frame().prefetch_related("details", "events__event").order_by("pk"):
        if service.unit is not None and service.unit_id not in units and service.unit.code != publisher.code:
            units[service.unit.pk] = publisher.unit_node(service.unit)
            yield units[service.unit.pk]
        yield from service_nodes(service, publisher, dataset)
    yield from (event_node(event, publisher) for event in LifeEvent.objects.order_by("position", "pk"))


def group_node(group: ServiceGroup, publisher: Publisher) -> Node:
    said: dict[str, list[Value]] = {"skos:prefLabel": in_both(group, "name"), "skos:notation": [Typed(group.code)]}
    return Node(publisher.address(f"{reverse('services:catalogue')}?group={group.code}"), ("skos:Concept",), said)


def event_node(event: LifeEvent, publisher: Publisher) -> Node:
    kind = "cv:BusinessEvent" if event.code == BUSINESS else "cv:LifeEvent"
    said: dict[str, list[Value]] = {
        "dct:identifier": [Typed(event.code)],
        "dct:title": in_both(event, "name"),
        "dct:description": in_both(event, "about"),
    }
    return Node(publisher.address(event.get_absolute_url()), ("cv:Event", kind), said)


def service_nodes(service: Service, publisher: Publisher, dataset: str) -> list[Node]:
    """A service and what hangs on it: channels, the result, documents, costs and the law."""
    address = publisher.address(service.get_absolute_url())
    facts = facts_of(sorted(service.details.all(), key=lambda row: row.pk))
    parts: dict[str, list[Node]] = {
        "cv:hasChannel": channels(address, facts, publisher),
        "cpsv:produces": outputs(address, facts, service),
        "cpsv:hasInput": named(address, "document", "cv:Evidence", facts[DetailField.DOCUMENTS]),
        "cv:hasLegalResource": named(address, "law", "eli:LegalResource", facts[DetailField.LEGAL_BASIS]),
        "cv:hasCost": costs(address, facts[DetailField.FEE]),
    }
    group = publisher.address(f"{reverse('services:catalogue')}?group={service.group.code}")
    places = sorted(service.events.all(), key=lambda place: (place.event.position, place.event_id))
    about = [row.text for row in facts[DetailField.ABOUT].ours]
    said: dict[str, list[Value]] = {
        "dct:identifier": [Typed(service.number or service.slug)],
        "dct:title": in_both(service, "name"),
        "dct:description": [Text(" ".join(about) or f"{service.name}. {service.group.name}.")],
        "cv:hasCompetentAuthority": [publisher.ref, *unit_of(service, publisher)],
        "cv:contactPoint": [publisher.contact],
        "cv:thematicArea": [Ref(group)],
        "dct:language": [publisher.language],
        "dct:spatial": [publisher.area],
        "dct:isPartOf": [Ref(dataset)],
        "cv:processingTime": duration(service),
        "cv:isGroupedBy": [Ref(publisher.address(place.event.get_absolute_url())) for place in places],
        **{name: [node.ref for node in nodes] for name, nodes in parts.items()},
    }
    return [Node(address, ("cpsv:PublicService",), said), *(node for nodes in parts.values() for node in nodes)]


def unit_of(service: Service, publisher: Publisher) -> list[Value]:
    return [publisher.unit_ref(service.unit)] if service.unit and service.unit.code != publisher.code else []


def duration(service: Service) -> list[Value]:
    """The term that the municipality itself has announced, where it can be written as a duration."""
    form = DURATIONS.get(service.term.unit) if service.own_term_amount else None
    return [Typed(form.format(service.own_term_amount), "xsd:duration")] if form else []


def channels(address: str, facts: dict[str, Fact], publisher: Publisher) -> list[Node]:
    """The counter, and every other way that somebody described."""
    nodes = []
    for way in ways_of(facts):
        words = " ".join(row.text for row in way.rows)
        if way.variant == Variant.COUNTER:
            words = words or publisher.counter
        if words:
            said: dict[str, list[Value]] = {
                "dct:identifier": [Typed(f"{way.variant.value}")],
                "dct:description": [Text(words)],
                "cv:ownedBy": [publisher.ref],
            }
            nodes.append(Node(f"{address}#{way.variant.value}", ("cv:Channel",), said))
    return nodes


def outputs(address: str, facts: dict[str, Fact], service: Service) -> list[Node]:
    """What a person receives: as somebody described it, else as the name of the service says."""
    told = named(address, "result", "cv:Output", facts[DetailField.RESULT])
    issued = issued_by(service)
    if told or not issued:
        return told
    said: dict[str, list[Value]] = {"dct:identifier": [Typed("result-1")], "dct:title": [Text(issued)]}
    return [Node(f"{address}#result-1", ("cv:Output",), said)]


def named(address: str, what: str, kind: str, fact: Fact) -> list[Node]:
    """What we say of a field as things with a name."""
    return [
        Node(
            f"{address}#{what}-{place}",
            (kind,),
            {"dct:identifier": [Typed(f"{what}-{place}")], "dct:title": [Text(row.text)]},
        )
        for place, row in enumerate(fact.ours, start=1)
    ]


def costs(address: str, fact: Fact) -> list[Node]:
    """What we say of the fee, unless it is an old sum in leva."""
    rows: list[Any] = [row for row in fact.ours if not row.leva and "лв" not in row.text]
    nodes = []
    for place, row in enumerate(rows, start=1):
        words = f"{row.get_variant_display()}: {row.text}" if row.variant else row.text
        said: dict[str, list[Value]] = {
            "dct:identifier": [Typed(f"fee-{place}")],
            "dct:description": [Text(words)],
        }
        nodes.append(Node(f"{address}#fee-{place}", ("cv:Cost",), said))
    return nodes
