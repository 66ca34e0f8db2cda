"""What programs learn first: where Open311 is spoken, what may be filed and what is asked for."""

import gzip
from typing import Any
from xml.etree import ElementTree

import pytest
from django.test import Client

from feedback.choices import Kind
from feedback.forms.matter import MATTER
from samokov_portal.history import save_with_history
from services.models import Service, Settlement

pytestmark = pytest.mark.django_db
BASE = "/open311/v2"


def xml(response: Any) -> ElementTree.Element:
    assert response["Content-Type"] == "text/xml; charset=utf-8"
    return ElementTree.fromstring(response.content)


def definition(client: Client, code: str) -> dict[str, dict[str, Any]]:
    said = client.get(f"{BASE}/services/{code}.json").json()
    assert said["service_code"] == code
    return {one["code"]: one for one in said["attributes"]}


def test_discovery_says_where_and_in_which_formats(client: Client) -> None:
    said = client.get(f"{BASE}/discovery.json").json()

    endpoint = said["endpoints"][0]
    assert endpoint["url"] == "http://testserver/open311/v2"
    assert endpoint["specification"] == "http://wiki.open311.org/GeoReport_v2"
    assert endpoint["formats"] == ["text/xml", "application/json"]
    assert "samokov@samokov.bg" in said["contact"]
    assert said["key_service"].endswith("/about/")


def test_discovery_is_xml_too(client: Client) -> None:
    root = xml(client.get(f"{BASE}/discovery.xml"))

    assert root.tag == "discovery"
    assert [one.text for one in root.findall("endpoints/endpoint/formats/format")] == ["text/xml", "application/json"]


def test_a_new_service_of_the_catalogue_changes_the_changeset(client: Client) -> None:
    before = client.get(f"{BASE}/discovery.json").json()["changeset"]
    service = Service.objects.earliest("pk")
    save_with_history(service, by=None, why="проба")

    assert client.get(f"{BASE}/discovery.json").json()["changeset"] != before


def test_the_kinds_of_cases_are_the_services(client: Client) -> None:
    said = client.get(f"{BASE}/services.json").json()
    root = xml(client.get(f"{BASE}/services.xml"))

    assert [one["service_code"] for one in said] == Kind.values
    assert {(one["metadata"], one["type"]) for one in said} == {(True, "realtime")}
    assert all("не се публикуват" in one["description"] for one in said)
    assert (root.tag, {one.tag for one in root}) == ("services", {"service"})
    assert [one.findtext("service_code") for one in root] == Kind.values
    assert {one.findtext("metadata") for one in root} == {"true"}


@pytest.mark.parametrize("kind", Kind.values)
def test_a_definition_asks_what_the_form_asks(client: Client, kind: str) -> None:
    said = definition(client, kind)

    asked = {name for name, one in said.items() if one["variable"]}
    assert asked == (set(MATTER[kind]) - {"text", "place"}) | {"address"}
    assert [one["order"] for one in said.values()] == list(range(1, len(said) + 1))
    assert {name for name, one in said.items() if one["required"]} == {"act_reference"} & asked
    assert "не се публикуват" in said["public"]["description"]


def test_a_list_offers_public_keys_of_what_there_is(client: Client) -> None:
    values = definition(client, "signal")["settlement"]["values"]

    assert {"key": "65231", "name": "гр. Самоков"} in values
    assert len(values) == Settlement.objects.count()


def test_a_definition_is_xml_too(client: Client) -> None:
    root = xml(client.get(f"{BASE}/services/complaint.xml"))

    assert root.tag == "service_definition"
    found = {one.findtext("code"): one for one in root.findall("attributes/attribute")}
    assert found["act_reference"].findtext("required") == "true"
    assert found["happened_on"].findtext("datatype") == "datetime"
    assert found["service"].find("values/value/key") is not None


def test_an_unknown_service_is_not_found(client: Client) -> None:
    answer = client.get(f"{BASE}/services/033.json")

    assert (answer.status_code, answer.json()[0]["code"]) == (404, 404)
    assert "service_code" in answer.json()[0]["description"]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("services.json?jurisdiction_id=samokov.bg", 200),
        ("services.json?jurisdiction_id=", 200),
        ("services.json?jurisdiction_id=city.gov", 404),
        ("services/signal.json?jurisdiction_id=city.gov", 404),
        ("discovery.json?jurisdiction_id=city.gov", 404),
        ("requests.json?jurisdiction_id=city.gov", 404),
        ("services.json?x=%00", 400),
        ("services/%00.json", 404),
        ("tokens/%00.json", 404),
        ("requests/%00.json", 404),
    ],
)
def test_another_municipality_and_what_is_no_text_are_refused(client: Client, path: str, status: int) -> None:
    answer = client.get(f"{BASE}/{path}")

    assert answer.status_code == status
    assert status == 200 or [one["code"] for one in answer.json()] == [status]


@pytest.mark.parametrize("path", ["nothing", "services", "services.html", "nothing.xml"])
def test_an_unknown_address_is_refused_in_xml(client: Client, path: str) -> None:
    answer = client.get(f"{BASE}/{path}")

    assert answer.status_code == 404
    assert xml(answer).findtext("error/code") == "404"


def test_what_travels_compressed_can_be_read(client: Client) -> None:
    told = client.get(f"{BASE}/services.xml", headers={"accept-encoding": "gzip"})
    refused = client.get(f"{BASE}/nothing.json", headers={"accept-encoding": "gzip"})

    assert ElementTree.fromstring(gzip.decompress(told.content)).tag == "services"
    assert "Content-Encoding" not in refused
    assert refused.json()[0]["code"] == 404


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("post", "services.json", "GET, HEAD"),
        ("delete", "requests.json", "GET, HEAD, POST"),
        ("put", "requests/1.json", "GET, HEAD"),
        ("post", "tokens/1.json", "GET, HEAD"),
        ("post", "discovery.json", "GET, HEAD"),
    ],
)
def test_a_verb_that_is_none_is_refused_in_the_format_asked(
    client: Client, method: str, path: str, allowed: str
) -> None:
    answer = getattr(client, method)(f"{BASE}/{path}")

    assert (answer.status_code, answer["Allow"]) == (405, allowed)
    assert answer.json()[0]["code"] == 405


def test_another_address_of_the_portal_is_refused_with_a_page(client: Client) -> None:
    assert client.get("/nothing.json")["Content-Type"] == "text/html; charset=utf-8"
