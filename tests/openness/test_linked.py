"""The catalogue by CPSV-AP and the open data by DCAT-AP: valid by their shapes, and only what is known."""

from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from pyshacl import validate
from rdflib import RDF, Graph, Literal, Namespace, URIRef
from rdflib.compare import isomorphic

from charter.measurement import Period
from charter.models import Report
from samokov_portal.openness.linked import Node, Ref, Text, Typed, as_json_ld, as_turtle
from services.models import Service, ServiceDetail, ServiceGroup, Unit
from tests.charter.staged import publish
from tests.factories import at

# The reader of JSON-LD in rdflib 7.6 uses a name that it calls deprecated itself.
pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore:ConjunctiveGraph:DeprecationWarning")]
CATALOGUE, OPEN_DATA = "/api/v1/catalogue", "/api/v1/open-data"
SHAPES = Path(__file__).parent / "shapes"
BASE = "http://testserver"
CPSV = Namespace("http://purl.org/vocab/cpsv#")
CV = Namespace("http://data.europa.eu/m8g/")
DCAT = Namespace("http://www.w3.org/ns/dcat#")
DCT = Namespace("http://purl.org/dc/terms/")


@cache
def shapes(name: str) -> Graph:
    return Graph().parse(SHAPES / f"{name}.ttl")


def problems(data: Graph, name: str) -> str:
    """What the shapes say against `data`; empty where it is valid."""
    conforms, _graph, text = validate(data, shacl_graph=shapes(name), inference="none", meta_shacl=True)
    return "" if conforms else text


def read(client: Client, path: str, form: str = "ttl") -> Graph:
    formats = {"ttl": "turtle", "jsonld": "json-ld"}
    return Graph().parse(data=client.get(f"{path}.{form}").content.decode(), format=formats[form])


def service_node(service: Service) -> URIRef:
    return URIRef(BASE + service.get_absolute_url())


def say(service: Service, field: str, text: str, **others: Any) -> None:
    ServiceDetail.objects.create(service=service, field=field, text=text, **{"provider": "samokov", **others})


@pytest.fixture
def service() -> Service:
    return Service.objects.filter(details=None, number="", unit=None, name__startswith="Издаване на").order_by("pk")[0]


def test_the_catalogue_is_valid_and_whole(client: Client) -> None:
    data = read(client, CATALOGUE)

    assert problems(data, "cpsv-ap") == ""
    assert len(set(data.subjects(RDF.type, CPSV.PublicService))) == Service.objects.count() == 113
    assert isomorphic(data, read(client, CATALOGUE, "jsonld"))


@pytest.mark.parametrize(
    "statement", [CV.hasCompetentAuthority, DCT.identifier, DCT.title, DCT.description], ids=lambda iri: iri[-12:]
)
def test_the_shapes_refuse_a_service_without_what_is_mandatory(client: Client, statement: URIRef) -> None:
    data = read(client, CATALOGUE)
    data.remove((next(data.subjects(RDF.type, CPSV.PublicService)), statement, None))

    assert "MinCount" in problems(data, "cpsv-ap")


def test_open_data_are_valid_with_and_without_a_report(client: Client, staff: Any) -> None:
    before = read(client, OPEN_DATA)
    assert problems(before, "dcat-ap") == ""

    report: Report = publish(Period.quarter_of(date(2026, 8, 1)), at("2026-10-20"), staff)

    data = read(client, OPEN_DATA)
    assert problems(data, "dcat-ap") == ""
    assert len(set(data.subjects(RDF.type, DCAT.Dataset))) == len(set(before.subjects(RDF.type, DCAT.Dataset))) + 1
    downloads = {str(iri) for iri in data.objects(None, DCAT.downloadURL)}
    assert f"{BASE}/reports/{report.period}.csv" in downloads
    assert isomorphic(data, read(client, OPEN_DATA, "jsonld"))


def test_every_file_of_the_open_data_is_there(client: Client) -> None:
    found = [str(iri).removeprefix(BASE) for iri in read(client, OPEN_DATA).objects(None, DCAT.downloadURL)]

    assert len(found) == 7
    assert [path for path in found if client.get(path).status_code != 200] == []


def test_what_is_said_of_a_service_is_told_with_its_parts(client: Client, service: Service) -> None:
    service.number, service.unit = "9999", Unit.objects.get(code="apio")
    service.own_term_amount, service.own_term_unit = 14, "calendar_days"
    service.save()
    for field, text in {
        "about": "Описание с „кавички“ и \\ и \"", "documents": "лична карта", "legal_basis": "ЗГР чл. 88",
        "result": "удостоверение", "fee": "5,00 €",
    }.items():  # fmt: skip
        say(service, field, text)
    say(service, "channels", "с писмо", variant="post")

    data, node = read(client, CATALOGUE), service_node(service)

    def told(statement: URIRef, of: URIRef = DCT.title) -> list[str]:
        return [str(data.value(part, of)) for part in data.objects(node, statement)]

    assert data.value(node, DCT.identifier) == Literal("9999")
    assert data.value(node, DCT.description) == Literal('Описание с „кавички“ и \\ и "', lang="bg")
    assert str(data.value(node, CV.processingTime)) == "P14D"
    assert (told(CPSV.hasInput), told(CPSV.produces)) == (["лична карта"], ["удостоверение"])
    assert told(CV.hasLegalResource) == ["ЗГР чл. 88"]
    assert told(CV.hasCost, DCT.description) == ["5,00 €"]
    assert sorted(told(CV.hasChannel, DCT.identifier)) == ["counter", "post"]
    assert problems(data, "cpsv-ap") == ""


def test_neither_old_fees_nor_what_others_say_is_told(client: Client, service: Service) -> None:
    say(service, "fee", "77 лв.", leva=["77.00"])
    say(service, "documents", "чуждо", provider="Каварна")

    data, node = read(client, CATALOGUE), service_node(service)

    assert list(data.objects(node, CV.hasCost)) == list(data.objects(node, CPSV.hasInput)) == []


def test_a_service_names_its_life_events(client: Client) -> None:
    data = read(client, CATALOGUE)

    events = set(data.objects(service_node(Service.objects.get(number="2016")), CV.isGroupedBy))
    assert events == {URIRef(f"{BASE}/life-events/death/")}
    assert (URIRef(f"{BASE}/life-events/business/"), RDF.type, CV.BusinessEvent) in data


@pytest.mark.parametrize("path", [CATALOGUE, OPEN_DATA])
def test_formats_have_their_types_and_others_are_not_there(client: Client, path: str) -> None:
    assert client.get(f"{path}.ttl")["Content-Type"] == "text/turtle; charset=utf-8"
    assert client.get(f"{path}.jsonld")["Content-Type"] == "application/ld+json; charset=utf-8"
    assert [client.get(f"{path}.{form}").status_code for form in ("rdf", "xml", "json")] == [404] * 3
    assert client.post(f"{path}.ttl").status_code == 405


def test_what_did_not_change_is_not_sent_again(client: Client) -> None:
    tag = client.get(f"{CATALOGUE}.ttl")["ETag"]

    assert client.get(f"{CATALOGUE}.ttl", headers={"if-none-match": tag}).status_code == 304


def test_a_portal_without_data_says_who_it_is(client: Client) -> None:
    Service.objects.all().delete()
    Unit.objects.exclude(parent=None).filter(unit=None).delete()

    assert problems(read(client, CATALOGUE), "cpsv-ap") == ""


def test_a_longer_catalogue_makes_no_more_queries(client: Client, count_queries: Any) -> None:
    few = count_queries(client.get, f"{CATALOGUE}.ttl")
    for place in range(20):
        row = Service.objects.create(
            slug=f"nova-{place}", name="Нова", group=ServiceGroup.objects.earliest("pk"), number_status="unknown",
            unit=Unit.objects.get(code="apio"),
        )  # fmt: skip
        say(row, "documents", "лична карта")

    assert count_queries(client.get, f"{CATALOGUE}.ttl") == few


def test_both_writings_say_the_same_whatever_the_words() -> None:
    odd = 'кавички " и \\ и\nнов ред\tтаб\r <край> & @bg ^^x'
    words: dict[str, Any] = {"dct:title": [Text(odd), Text("en", "en")], "dct:type": []}
    others: dict[str, Any] = {
        "dct:date": [Typed("2026-01-01", "xsd:date")],
        "dct:identifier": [Typed(odd)],
        "dct:relation": [Ref("http://a.bg/x y<z>")],
    }
    kind = ("dct:Location",)
    nodes = [Node("http://a.bg/x y<z>", kind, words), Node("http://a.bg/2", kind, others)]

    turtle = Graph().parse(data=as_turtle(nodes), format="turtle")
    json_ld = Graph().parse(data=as_json_ld(nodes), format="json-ld")

    assert isomorphic(turtle, json_ld)
    assert len(turtle) == 7
    assert Literal(odd, lang="bg") in set(turtle.objects())
