"""The municipality as the publisher of data: who it is, where, and how to reach it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from samokov_portal.openness.linked import Node, Ref, Text, Typed, Value, in_both
from services.models import Settlement, Unit

AREA = "http://data.europa.eu/88u/dataset/atu-type"
BULGARIAN = "http://publications.europa.eu/resource/authority/language/BUL"
TOWN = "гр."


@dataclass(frozen=True)
class Publisher:
    """The municipality; `address` makes a path of this portal whole."""

    address: Callable[[str], str]
    unit: Unit | None
    desk: Unit | None
    ekatte: str

    @property
    def name(self) -> str:
        return self.unit.name if self.unit else "Община Самоков"

    @property
    def code(self) -> str:
        return self.unit.code if self.unit else ""

    @property
    def counter(self) -> str:
        """Where every service may be asked for."""
        return f"{self.desk.name}, {self.desk.address}" if self.desk else ""

    @property
    def ref(self) -> Ref:
        return Ref(self.address("/#municipality"))

    @property
    def contact(self) -> Ref:
        return Ref(self.address("/#contact"))

    @property
    def area(self) -> Ref:
        return Ref(self.address("/#area"))

    @property
    def language(self) -> Ref:
        return Ref(BULGARIAN)

    def unit_ref(self, unit: Unit) -> Ref:
        return Ref(self.address(f"/#unit-{unit.code}"))

    def unit_node(self, unit: Unit) -> Node:
        """A directorate or a department of the municipality."""
        said: dict[str, list[Value]] = {
            "skos:prefLabel": in_both(unit, "name"),
            "org:unitOf": [self.ref],
            "dct:spatial": [self.area],
        }
        return Node(self.unit_ref(unit).iri, ("cv:PublicOrganisation", "org:OrganizationalUnit"), said)

    def nodes(self) -> Iterator[Node]:
        """The municipality, its area, its contact and its language."""
        yield Node(
            self.ref.iri,
            ("cv:PublicOrganisation", "org:Organization", "foaf:Agent"),
            {
                "skos:prefLabel": [Text(self.name)],
                "foaf:name": [Text(self.name)],
                "dct:title": [Text(self.name)],
                "dct:identifier": [Typed(self.code or "municipality")],
                "dct:spatial": [self.area],
            },
        )
        area: dict[str, list[Value]] = {"skos:prefLabel": [Text(self.name)]}
        if self.ekatte:
            area["dct:identifier"] = [Typed(self.ekatte)]
        yield Node(self.area.iri, (AREA, "dct:Location"), area)
        contact: dict[str, list[Value]] = {"vcard:fn": [Text(self.name)]}
        if self.unit and self.unit.email:
            contact |= {"cv:email": [Typed(self.unit.email)], "vcard:hasEmail": [Ref(f"mailto:{self.unit.email}")]}
        if self.unit and self.unit.phone:
            contact["cv:telephone"] = [Typed(self.unit.phone)]
        yield Node(self.contact.iri, ("cv:ContactPoint", "vcard:Kind"), contact)
        yield Node(BULGARIAN, ("dct:LinguisticSystem",))


def publisher(address: Callable[[str], str], desk: str) -> Publisher:
    """The municipality as the database knows it; `desk` is the code of the unit with the counters. Three queries."""
    town = Settlement.objects.filter(kind=TOWN).values_list("ekatte", flat=True).first()
    return Publisher(address, Unit.objects.municipality(), Unit.objects.filter(code=desk).first(), town or "")
