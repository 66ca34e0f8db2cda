"""Which pages a replica may make, whose it may not, and that without one nothing is different."""

from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings as portal_settings
from django.core.exceptions import MiddlewareNotUsed
from django.db import connection
from django.http import HttpResponse
from django.test import Client, RequestFactory

from samokov_portal.environment import databases
from samokov_portal.replica.lag import BEYOND_ANY
from samokov_portal.replica.marks import COOKIE, leave_mark, mark_of
from samokov_portal.replica.middleware import ReplicaMiddleware
from samokov_portal.replica.paths import is_public, leaves_mark
from samokov_portal.replica.watch import written_so_far
from tests.test_page_queries import PAGES, SERVICE

# Of citizens' own matters, of programs' filings, or with what may write; or nothing is read for them.
FROM_THE_PRIMARY = {
    *("healthz", "robots.txt", ".well-known/security.txt", "search/"),
    *(route for route in PAGES if route.startswith(("open311/", "feedback/")) and route != "feedback/"),
}


def public_addresses() -> list[str]:
    addresses = [
        address.partition("?")[0] for route, (address, _most) in PAGES.items() if route not in FROM_THE_PRIMARY
    ]
    return ["/services/anything/" if address == SERVICE else address for address in addresses]


@pytest.mark.parametrize("address", public_addresses())
def test_a_public_page_is_read_from_the_replica_in_each_language(address: str) -> None:
    assert is_public(address)
    assert address.startswith("/api/") or address == "/sitemap.xml" or is_public(f"/en{address}")


@pytest.mark.parametrize("route", sorted(FROM_THE_PRIMARY))
def test_whose_page_may_tell_what_was_just_filed_is_not(route: str) -> None:
    assert not is_public(PAGES[route][0].partition("?")[0])


@pytest.mark.parametrize(
    "address",
    ["/desk/", "/desk/secretary/", "/desk/admin/", "/feedback/track/С-2026-000001/", "/readyz", "/services/x/opinion/"],
)
def test_pages_of_staff_and_of_a_case_are_not(address: str) -> None:
    assert not is_public(address)
    assert not is_public(f"/en{address}")


@pytest.mark.django_db
@pytest.mark.parametrize("address", [address for address in public_addresses() if "anything" not in address])
def test_no_public_page_writes_or_locks(client: Client, address: str) -> None:
    said: list[str] = []

    def note(execute: Callable[..., Any], statement: Any, *more: Any) -> Any:
        said.append(str(statement).lstrip().upper())
        return execute(statement, *more)

    with connection.execute_wrapper(note):
        client.get(address)

    assert [one for one in said if not one.startswith(("SELECT", "SET TRANSACTION", "SAVEPOINT", "RELEASE"))] == []
    assert [one for one in said if "FOR UPDATE" in one or "PG_ADVISORY" in one] == []


def test_without_a_replica_nobody_stands_before_the_pages() -> None:
    assert set(portal_settings.DATABASES) == {"default"}
    with pytest.raises(MiddlewareNotUsed):
        ReplicaMiddleware(lambda _request: HttpResponse())


def test_a_replica_refuses_writes_whatever_it_was_made(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_REPLICA_URL", "postgresql://samokov_portal@second.example.bg/samokov")

    replica: Any = databases(portal_settings.DATA_DIR)["replica"]

    assert replica["HOST"] == "second.example.bg"
    assert replica["OPTIONS"]["options"].endswith("-c default_transaction_read_only=on")
    assert replica["OPTIONS"]["connect_timeout"] == "2"


def test_the_primary_stays_what_it_was_beside_one(monkeypatch: pytest.MonkeyPatch) -> None:
    before = databases(portal_settings.DATA_DIR)["default"]
    monkeypatch.setenv("DATABASE_REPLICA_URL", "postgresql://samokov_portal@second.example.bg/samokov")

    assert databases(portal_settings.DATA_DIR)["default"] == before


@pytest.fixture
def marked(settings: Any) -> HttpResponse:
    settings.DATABASE_REPLICA_LAG_SECONDS = 10
    response = HttpResponse()
    leave_mark(response)
    return response


def asked_with(cookie: str) -> int:
    request = RequestFactory().get("/")
    request.COOKIES[COOKIE] = cookie
    return mark_of(request)


@pytest.mark.django_db
def test_whoever_wrote_brings_how_far_the_log_was(settings: Any) -> None:
    settings.DATABASE_REPLICA_LAG_SECONDS = 10
    before, response = written_so_far(), HttpResponse()

    leave_mark(response)

    after, cookie = written_so_far(), response.cookies[COOKIE]
    assert before is not None
    assert after is not None
    assert before <= asked_with(cookie.value) <= after
    # By then a replica that lacks it is read by nobody.
    assert cookie["max-age"] > settings.DATABASE_REPLICA_LAG_SECONDS
    assert cookie["httponly"] is True


@pytest.mark.django_db
def test_a_mark_that_somebody_made_up_is_none(marked: HttpResponse) -> None:
    value = marked.cookies[COOKIE].value

    assert asked_with("") == 0
    assert asked_with("9" * 18) == 0
    assert asked_with("9" + value) == 0


def test_where_nobody_knows_what_was_written_the_primary_is_asked(settings: Any) -> None:
    settings.DATABASE_REPLICA_LAG_SECONDS = 10
    response = HttpResponse(status=503)

    leave_mark(response)

    assert asked_with(response.cookies[COOKIE].value) == BEYOND_ANY


def test_an_anonymous_opinion_leaves_no_cookie() -> None:
    assert not leaves_mark("/services/skitsa/opinion/")
    assert not leaves_mark("/en/services/skitsa/opinion/")
    assert leaves_mark("/feedback/new/signal/")
