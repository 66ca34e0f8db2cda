"""„Беше ли полезна тази страница“: counted without a cookie and without a person, and not often from one address."""

from datetime import date
from typing import Any

import pytest
from django.test import Client

from services.models import PageVotes, Service
from services.votes import OF_A_PAGE, OF_ALL_PAGES, count_vote
from tests.factories import at

pytestmark = pytest.mark.django_db
NOW = at("2026-11-23")


@pytest.fixture
def service() -> Service:
    return Service.objects.get(number="2016")


def votes() -> list[tuple[str, date, int, int]]:
    return list(
        PageVotes.objects.order_by("service__number", "month").values_list(
            "service__number", "month", "useful", "useless"
        )
    )


def answer(client: Client, service: Service, useful: str, **headers: str) -> Any:
    return client.post(f"{service.get_absolute_url()}opinion/", {"useful": useful}, headers=headers)


def vote(service: Service, address: str = "203.0.113.7", now: Any = NOW, is_useful: bool = True) -> bool:
    return count_vote(service=service, is_useful=is_useful, address=address, now=now)


def test_opinions_of_a_month_are_added_up(service: Service) -> None:
    assert vote(service)
    assert vote(service, "198.51.100.1", is_useful=False)
    assert vote(service, "198.51.100.2", now=at("2026-12-01"))

    assert votes() == [("2016", date(2026, 11, 1), 1, 1), ("2016", date(2026, 12, 1), 1, 0)]


def test_an_address_is_counted_a_few_times_a_page_and_again_the_next_day(service: Service) -> None:
    told = [vote(service) for _time in range(OF_A_PAGE.amount + 1)]

    assert told == [True] * OF_A_PAGE.amount + [False]
    assert vote(service, now=at("2026-11-25"))


def test_an_address_that_visits_every_page_is_counted_no_more() -> None:
    services = list(Service.objects.order_by("pk")[: OF_ALL_PAGES.amount + 1])

    assert [vote(service) for service in services] == [True] * OF_ALL_PAGES.amount + [False]


def test_an_opinion_is_thanked_for_and_leaves_no_cookie(service: Service) -> None:
    client = Client(enforce_csrf_checks=True)

    response = answer(client, service, "yes")
    page = client.get(response.url)

    assert (response.status_code, response.url) == (302, f"{service.get_absolute_url()}?opinion=yes#opinion")
    assert "Благодарим за мнението." in page.content.decode()
    assert (response.cookies, page.cookies, client.cookies) == ({}, {}, {})
    assert [row[2:] for row in votes()] == [(1, 0)]


def test_who_was_not_helped_is_asked_what_is_missing(client: Client, service: Service) -> None:
    page = client.get(answer(client, service, "no").url).content.decode()

    assert "Какво не намерихте?" in page
    assert [row[2:] for row in votes()] == [(0, 1)]


def test_too_many_opinions_are_not_counted_and_it_is_said(client: Client, service: Service) -> None:
    urls = [answer(client, service, "yes").url for _time in range(OF_A_PAGE.amount + 1)]

    assert urls[-1].endswith("?opinion=enough#opinion")
    assert [row[2:] for row in votes()] == [(OF_A_PAGE.amount, 0)]


@pytest.mark.parametrize("useful", ["", "maybe", "\x00"])
def test_what_is_no_opinion_is_not_counted(client: Client, service: Service, useful: str) -> None:
    assert answer(client, service, useful).status_code == 302
    assert votes() == []


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "https://example.org"},
        {"origin": "null"},
        {"origin": "http://["},
    ],
)
def test_a_form_on_another_site_is_refused(client: Client, service: Service, headers: dict[str, str]) -> None:
    assert answer(client, service, "yes", **headers).status_code == 403
    assert votes() == []


def test_a_form_of_ours_is_taken(client: Client, service: Service) -> None:
    headers = {"sec-fetch-site": "same-origin", "origin": "http://testserver"}

    assert answer(client, service, "yes", **headers).status_code == 302
    assert [row[2:] for row in votes()] == [(1, 0)]


def test_an_opinion_is_only_sent(client: Client, service: Service) -> None:
    assert client.get(f"{service.get_absolute_url()}opinion/").status_code == 405
    assert client.post("/services/nothing/opinion/", {"useful": "yes"}).status_code == 404


def test_the_editor_sees_first_what_helped_least(as_role: Any, service: Service) -> None:
    other = Service.objects.get(number="1999")
    month = date(2026, 11, 1)
    PageVotes.objects.create(service=service, month=month, useful=5, useless=1)
    PageVotes.objects.create(service=other, month=month, useful=1, useless=2)
    PageVotes.objects.create(service=other, month=date(2026, 10, 1), useful=1, useless=2)

    told = PageVotes.objects.by_service(date(2026, 10, 1))

    assert [(row["service__slug"], row["yes"], row["no"]) for row in told] == [(other.slug, 2, 4), (service.slug, 5, 1)]
    assert as_role("editor").get("/desk/opinions/").status_code == 200


def test_opinions_of_more_than_a_year_ago_are_not_shown(as_role: Any, service: Service) -> None:
    PageVotes.objects.create(service=service, month=date(2020, 1, 1), useful=5)

    assert list(as_role("editor").get("/desk/opinions/").context["rows"]) == []


@pytest.mark.parametrize("role", ["clerk", "expert", "mayor"])
def test_opinions_are_for_the_editor(as_role: Any, role: str) -> None:
    assert as_role(role).get("/desk/opinions/").status_code == 403


def test_more_opinions_make_no_more_queries(as_role: Any, count_queries: Any, service: Service) -> None:
    editor, month = as_role("editor"), date(2026, 11, 1)
    PageVotes.objects.create(service=service, month=month, useful=1)
    few = count_queries(editor.get, "/desk/opinions/")
    for other in Service.objects.exclude(pk=service.pk)[:20]:
        PageVotes.objects.create(service=other, month=month, useful=1)

    assert count_queries(editor.get, "/desk/opinions/") == few
