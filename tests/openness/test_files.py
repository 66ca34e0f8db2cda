"""robots.txt, the site map and security.txt."""

from datetime import UTC, date, datetime
from typing import Any
from xml.etree import ElementTree

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import Client

from charter.models import CharterVersion, Standard
from samokov_portal.environment import contacts, day_of
from samokov_portal.openness.views.files import expiry
from services.models import Service, ServiceGroup
from tests.factories import at

pytestmark = pytest.mark.django_db
NOW = at("2026-11-23")
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
LINK = "{http://www.w3.org/1999/xhtml}link"
SECURITY = "/.well-known/security.txt"


def test_robots_leave_the_desk_alone_and_find_the_map(client: Client) -> None:
    response = client.get("/robots.txt")

    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert response.content.decode().splitlines() == [
        "User-agent: *",
        "Disallow: /desk/",
        "Disallow: /search/",
        "Disallow: /en/desk/",
        "Disallow: /en/search/",
        "",
        "Sitemap: http://testserver/sitemap.xml",
    ]


def test_robots_leave_made_up_data_alone(client: Client, settings: Any) -> None:
    settings.DEMO = True

    assert client.get("/robots.txt").content == b"User-agent: *\nDisallow: /\n"


def places(client: Client) -> dict[str, Any]:
    """The entries of the map by their addresses."""
    tree = ElementTree.fromstring(client.get("/sitemap.xml").content)
    return {entry.findtext(f"{MAP}loc"): entry for entry in tree}


def test_the_map_names_every_public_page_in_both_languages(client: Client) -> None:
    found = places(client)

    service = Service.objects.get(number="2016").get_absolute_url()
    expected = ["/", "/services/", service, "/life-events/birth/", "/charter/standards/enquiry-answer/", "/privacy/"]
    assert [path for path in expected if f"http://testserver{path}" not in found] == []
    assert [path for path in expected if f"http://testserver/en{path}" not in found] == []
    links = found[f"http://testserver{service}"].findall(LINK)
    assert {(link.get("hreflang"), link.get("href")) for link in links} == {
        ("bg", f"http://testserver{service}"),
        ("en", f"http://testserver/en{service}"),
        ("x-default", f"http://testserver{service}"),
    }


def test_the_map_names_no_page_of_staff_and_only_pages_that_are_there(client: Client) -> None:
    paths = [place.removeprefix("http://testserver") for place in places(client)]
    few = [path for path in paths if "/services/" not in path and "/standards/" not in path and "/en/" not in path]

    assert [path for path in paths if "/desk/" in path] == []
    assert [path for path in few if client.get(path).status_code != 200] == []


def test_a_longer_catalogue_costs_the_map_no_more_queries(client: Client, count_queries: Any) -> None:
    few = count_queries(client.get, "/sitemap.xml")
    for place in range(20):
        Service.objects.create(
            slug=f"nova-{place}", name="Нова", group=ServiceGroup.objects.earliest("pk"), number_status="unknown"
        )

    assert count_queries(client.get, "/sitemap.xml") == few


def test_a_portal_without_data_has_a_map(client: Client) -> None:
    Service.objects.all().delete()
    Standard.objects.all().delete()
    CharterVersion.objects.all().delete()

    assert "http://testserver/privacy/" in places(client)


def test_nobody_to_tell_is_not_served(client: Client, settings: Any) -> None:
    settings.SECURITY_CONTACT = []

    assert client.get(SECURITY).status_code == 404


def test_security_txt_says_whom_to_tell_and_until_when(client: Client, settings: Any) -> None:
    settings.SECURITY_CONTACT = ["mailto:security@example.bg", "https://example.bg/report"]
    settings.SECURITY_EXPIRES = date(2099, 3, 1)
    settings.PORTAL_URL = "https://harta.example.bg"

    response = client.get(SECURITY)

    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert response.content.decode().splitlines() == [
        "Contact: mailto:security@example.bg",
        "Contact: https://example.bg/report",
        "Expires: 2099-03-01T23:59:59Z",
        "Preferred-Languages: bg, en",
        "Canonical: https://harta.example.bg/.well-known/security.txt",
    ]


def test_a_contact_whose_day_has_passed_is_not_served(client: Client, settings: Any) -> None:
    settings.SECURITY_CONTACT = ["mailto:security@example.bg"]
    settings.SECURITY_EXPIRES = date(2020, 1, 1)

    assert client.get(SECURITY).status_code == 404


def test_without_a_day_it_holds_for_some_from_today(settings: Any) -> None:
    settings.SECURITY_EXPIRES, settings.SECURITY_EXPIRES_DAYS = None, 180

    assert expiry(NOW) == datetime(2027, 5, 22, tzinfo=UTC)


@pytest.mark.parametrize("text", ["security@example.bg", "http://example.bg", "javascript:alert(1)"])
def test_a_contact_that_is_no_address_stops_the_start(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("SECURITY_CONTACT", f"mailto:a@example.bg,{text}")

    with pytest.raises(ImproperlyConfigured, match="SECURITY_CONTACT"):
        contacts("SECURITY_CONTACT")


def test_a_day_that_is_none_stops_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECURITY_EXPIRES", "2026-02-30")

    with pytest.raises(ImproperlyConfigured, match="SECURITY_EXPIRES"):
        day_of("SECURITY_EXPIRES")


def test_contacts_and_day_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECURITY_CONTACT", "mailto:a@example.bg, tel:+359-2-123")
    monkeypatch.setenv("SECURITY_EXPIRES", "2027-01-31")

    assert contacts("SECURITY_CONTACT") == ["mailto:a@example.bg", "tel:+359-2-123"]
    assert day_of("SECURITY_EXPIRES") == date(2027, 1, 31)
