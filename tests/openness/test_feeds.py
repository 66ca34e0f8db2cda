"""Feeds of reports, of what changes in the charter, and of new services."""

from datetime import date
from typing import Any
from xml.etree import ElementTree

import pytest
from django.test import Client

from charter.actions.reports import prepare_report
from charter.measurement import Period
from charter.models import CharterVersion, Consultation
from services.models import Service, ServiceGroup
from tests.charter.staged import publish
from tests.factories import at

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"
FEEDS = ("/feeds/reports.atom", "/feeds/charter.atom", "/feeds/services.atom")


def read(client: Client, path: str) -> Any:
    return ElementTree.fromstring(client.get(path).content)


def titles(client: Client, path: str) -> list[str]:
    return [entry.findtext(f"{ATOM}title") for entry in read(client, path).findall(f"{ATOM}entry")]


@pytest.mark.parametrize("prefix", ["", "/en"])
@pytest.mark.parametrize("path", FEEDS)
def test_a_feed_is_atom_with_what_the_standard_asks_for(client: Client, path: str, prefix: str) -> None:
    response = client.get(prefix + path)
    feed = ElementTree.fromstring(response.content)

    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    assert [name for name in ("id", "title", "updated", "author") if feed.find(ATOM + name) is None] == []
    assert [link.get("href") for link in feed.findall(f"{ATOM}link") if link.get("rel") == "self"] == [
        f"http://testserver{prefix}{path}"
    ]
    for entry in feed.findall(f"{ATOM}entry"):
        assert [name for name in ("id", "title", "updated", "link") if entry.find(ATOM + name) is None] == []


def test_only_published_reports_are_in_the_feed(client: Client, staff: Any) -> None:
    publish(Period.quarter_of(date(2026, 8, 1)), at("2026-10-20"), staff)
    prepare_report(
        period=Period.quarter_of(date(2026, 5, 1)), as_of=at("2026-10-20"), by=staff["editor"], now=at("2026-10-20")
    )

    assert titles(client, FEEDS[0]) == ["Доклад за трето тримесечие на 2026\u00a0г."]


def test_a_text_of_the_charter_and_a_draft_are_in_the_feed(client: Client) -> None:
    row = Consultation.objects.create(
        title="По-кратко чакане", why="Чака се дълго.", opens_on=date(2099, 11, 1), closes_on=date(2099, 11, 30),
        announced_at=at("2099-10-30"), answered_at=at("2099-12-10"),
    )  # fmt: skip
    Consultation.objects.create(
        title="Още не е обявен", why="…", opens_on=date(2099, 11, 1), closes_on=date(2099, 11, 30)
    )

    found = titles(client, FEEDS[1])

    assert found[:2] == [f"Отговори на коментарите: {row.title}", row.title]
    assert found[2:] == [f"{version.title} ({version.adopted_year})" for version in CharterVersion.objects.all()]


def test_a_new_service_comes_first_and_one_that_is_gone_goes(client: Client) -> None:
    group = ServiceGroup.objects.earliest("pk")
    service = Service.objects.create(slug="nova", name="Нова услуга", group=group, number_status="unknown")
    assert titles(client, FEEDS[2])[0] == "Нова услуга"

    service.delete()
    assert "Нова услуга" not in titles(client, FEEDS[2])


def test_names_of_entries_do_not_depend_on_the_address(client: Client) -> None:
    names = [entry.findtext(f"{ATOM}id") for entry in read(client, FEEDS[2]).findall(f"{ATOM}entry")]

    assert len(set(names)) == len(names) == 50
    assert [name for name in names if not name.startswith("tag:samokov.bg,2026:service-")] == []


def test_a_feed_that_did_not_change_is_not_sent_again(client: Client) -> None:
    tag = client.get(FEEDS[2])["ETag"]

    assert client.get(FEEDS[2], headers={"if-none-match": tag}).status_code == 304


def test_feeds_are_only_read(client: Client) -> None:
    assert [client.post(path).status_code for path in FEEDS] == [405] * 3


def test_pages_name_their_feeds(client: Client) -> None:
    for page, path in (("/reports/", FEEDS[0]), ("/charter/", FEEDS[1]), ("/services/", FEEDS[2])):
        assert f'href="{path}"' in client.get(page).content.decode()


@pytest.mark.parametrize("path", FEEDS)
def test_feeds_cost_the_same_however_long(client: Client, count_queries: Any, path: str) -> None:
    few = count_queries(client.get, path)
    for place in range(5):
        Service.objects.create(
            slug=f"nova-{place}", name="Нова", group=ServiceGroup.objects.earliest("pk"), number_status="unknown"
        )
        Consultation.objects.create(
            title=f"Проект {place}", why="…", opens_on=date(2026, 11, 1), closes_on=date(2026, 11, 30),
            announced_at=at("2026-10-30"),
        )  # fmt: skip

    assert count_queries(client.get, path) == few
