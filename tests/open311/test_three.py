"""A client that others wrote, `three` from PyPI, over a real connection."""

import importlib
import itertools
from typing import Any
from xml.etree import ElementTree

import pytest

from feedback.models import Case
from samokov_portal.open311.keys import make_key
from tests.factories import at


@pytest.fixture
def client_of(live_server: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Makes a client for the live server. It is of 2013, and asks for one name that Python 3 has no more."""
    monkeypatch.setattr(itertools, "ifilter", filter, raising=False)
    three = importlib.import_module("three")
    return lambda **options: three.Three(f"{live_server.url}/open311/v2/", **options)


@pytest.mark.django_db(transaction=True)
def test_three_discovers_files_and_follows(client_of: Any) -> None:
    key = make_key("three", by=None, why="проба", now=at("2026-11-23"))
    client = client_of(api_key=key, jurisdiction="samokov.bg")

    endpoint = client.discovery()["endpoints"][0]
    code = client.services()[0]["service_code"]
    asked = client.services(code)["attributes"]
    posted = client.post(
        code,
        name="Мария Стоянова",
        email="maria@example.bg",
        address="ул. „Македония“ № 34",
        description="Не свети лампа.",
        extensions="true",
        **{"attribute[subject]": "Лампа"},
    )

    case = Case.objects.get()
    number, token = posted[0]["service_request_id"], posted[0]["extended_attributes"]["token"]
    assert endpoint["url"] == client.endpoint.rstrip("/")
    assert (code, asked[0]["code"]) == ("signal", "subject")
    assert (number, case.subject, case.place) == (case.number, "Лампа", "ул. „Македония“ № 34")
    assert client.request(number)[0]["status"] == "open"
    assert [one["service_request_id"] for one in client.requests(code, status="open", count=10)] == [number]
    assert client.requests(code, between=["01-01-2020", "01-31-2020"]) == []
    assert client.token(token)[0]["service_request_id"] == number
    # Its own reader of XML stands still at a dictionary of Python 3; what it fetched is read here.
    fetched = client_of(format="xml").get("requests", number, convert=False)
    assert ElementTree.fromstring(fetched).findtext("request/service_request_id") == number


@pytest.mark.django_db(transaction=True)
def test_three_is_told_why_it_is_refused(client_of: Any) -> None:
    refused = client_of(api_key="x").post("signal", address="тук", description="Не свети лампа.")

    assert refused == [{"code": 403, "description": "api_key липсва или не е валиден."}]
    assert not Case.objects.exists()
