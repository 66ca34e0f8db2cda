"""A public page is made once for everybody, and made anew at once when something changes that it was made from."""

import gzip
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client

from charter.models import Standard
from samokov_portal.history import save_with_history
from samokov_portal.pagestore import middleware, public_page
from samokov_portal.pagestore.memory import Kept, memory
from samokov_portal.search.models import VainSearch
from services.models import Service

pytestmark = pytest.mark.django_db
CATALOGUE = "/api/v1/services/"
# Made also from tables that change all the time.
OF_RECORDS = ("/", "/charter/standards/", "/charter/standards/signal-decision/", "/api/v1/standards/")
OF_TEXTS = (
    "/services/",
    "/life-events/",
    "/charter/",
    "/charter/consultations/",
    "/reports/",
    "/feedback/",
    "/seals/",
    "/accessibility/",
    "/privacy/",
    "/search/?q=скица",
    "/api/v1/services/",
)


@pytest.fixture(autouse=True)
def kept_pages(settings: Any) -> Iterator[None]:
    settings.PUBLIC_PAGES_KEPT_SECONDS = 60
    memory.clear()
    yield
    memory.clear()


def commit() -> None:
    """Let what waits for the end of a transaction happen, and the next change be one of another transaction."""
    connection.check_constraints()
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('pagestore.noted', '', true)")


def kept(path: str, *, compressed: bool = False) -> Kept | None:
    return memory.find(("http", "testserver", path, compressed))


def a_service() -> Service:
    return Service.objects.order_by("pk")[0]


def rename(service: Service, name: str) -> None:
    service.name = name
    save_with_history(service, by=None, why="ново име")
    commit()


def test_a_page_is_made_once_and_is_the_same_for_the_next_one(
    client: Client, django_assert_num_queries: Callable[..., Any]
) -> None:
    first = client.get("/services/")

    with django_assert_num_queries(0):
        second = client.get("/services/")

    assert second.content == first.content
    assert second.headers["Content-Security-Policy"] == first.headers["Content-Security-Policy"]
    assert second.headers["Cache-Control"] == "no-cache"
    assert "Cookie" in second.headers["Vary"]
    assert second.headers["X-Request-ID"] != first.headers["X-Request-ID"]


def test_whoever_has_the_page_is_told_that_it_is_the_same(client: Client) -> None:
    tag = client.get("/services/").headers["ETag"]

    same = client.get("/services/", headers={"if-none-match": tag})
    other = client.get("/services/", headers={"if-none-match": '"another"'})

    assert (same.status_code, same.content) == (304, b"")
    assert other.status_code == 200


def test_who_understands_it_is_given_the_page_compressed_and_the_others_are_not(client: Client) -> None:
    plain = client.get("/services/")
    compressed = client.get("/services/", headers={"accept-encoding": "br, gzip"})
    again = client.get("/services/", headers={"accept-encoding": "gzip"})

    assert gzip.decompress(compressed.content) == plain.content
    assert again.content == compressed.content
    assert client.get("/services/").content == plain.content
    page = kept("/services/", compressed=True)
    assert page is not None
    assert page.headers["ETag"] == "W/" + plain.headers["ETag"]
    tag = {"if-none-match": plain.headers["ETag"], "accept-encoding": "gzip"}
    assert client.get("/services/", headers=tag).status_code == 304


def test_a_change_shows_at_once_and_only_on_pages_that_were_made_from_it(client: Client) -> None:
    service = a_service()
    for path in (CATALOGUE, service.get_absolute_url(), "/charter/"):
        client.get(path)
    charter, tag = kept("/charter/"), client.get(CATALOGUE).headers["ETag"]

    rename(service, "Услуга с ново име")

    assert "Услуга с ново име" in client.get(CATALOGUE, headers={"if-none-match": tag}).content.decode()
    assert "Услуга с ново име" in client.get(service.get_absolute_url()).content.decode()
    client.get("/charter/")
    assert kept("/charter/") is charter


@pytest.mark.django_db(transaction=True)
def test_what_is_undone_changes_no_page_and_what_is_committed_changes_it(client: Client) -> None:
    service = a_service()
    client.get(CATALOGUE)
    before = kept(CATALOGUE)
    with transaction.atomic():
        service.name = "Отказано име"
        save_with_history(service, by=None, why="опит")
        transaction.set_rollback(True)
    client.get(CATALOGUE)
    assert kept(CATALOGUE) is before

    with transaction.atomic():
        service.name = "Прието име"
        save_with_history(service, by=None, why="опит")

    assert "Прието име" in client.get(CATALOGUE).content.decode()


@pytest.mark.parametrize("path", OF_TEXTS)
def test_a_page_of_texts_is_made_from_nothing_but_what_is_watched(client: Client, path: str) -> None:
    began = time.monotonic()

    answer = client.get(path)

    page = kept(answer.wsgi_request.get_full_path())
    assert page is not None
    assert page.stamps
    assert page.until - began >= 60


@pytest.mark.parametrize("path", OF_RECORDS)
def test_a_page_of_records_is_kept_as_long_as_its_making_is_worth(client: Client, path: str) -> None:
    began = time.monotonic()

    client.get(path)

    took, page = time.monotonic() - began, kept(path)
    assert page is not None
    assert page.until - time.monotonic() <= middleware.TIMES_ITS_MAKING * took


def test_only_one_makes_an_old_page_anew_and_the_others_are_given_the_old_one(client: Client) -> None:
    client.get("/services/")
    page = kept("/services/")
    assert page is not None
    old = replace(page, until=time.monotonic() - 1, body=b"old")
    memory.keep(("http", "testserver", "/services/", False), old)

    with old.being_made:
        meanwhile = client.get("/services/")
    afterwards = client.get("/services/")

    assert meanwhile.content == b"old"
    assert afterwards.content == page.body


def test_who_has_a_session_or_is_told_something_is_given_a_page_of_their_own(
    client: Client, as_role: Callable[[str], Client]
) -> None:
    client.get("/services/")
    of_all = kept("/services/")
    assert of_all is not None
    clerk = as_role("clerk")

    own = clerk.get("/services/")

    assert own.content != of_all.body
    assert kept("/services/") is of_all
    client.cookies["messages"] = "x"
    assert "ETag" not in client.get("/services/").headers


def test_what_sets_a_cookie_writes_or_is_not_there_is_not_kept(client: Client, rf: Any) -> None:
    @public_page
    def writes(_request: Any) -> HttpResponse:
        VainSearch.objects.create(text="лодка", last_on=date(2026, 11, 23))
        return HttpResponse("записано")

    client.get("/feedback/track/")
    client.get("/services/no-such-service/")
    middleware.PageStoreMiddleware(writes)(rf.get("/writes/"))

    assert kept("/feedback/track/") is None
    assert kept("/services/no-such-service/") is None
    assert kept("/writes/") is None


def test_a_page_that_is_counted_is_kept_and_counted_each_time(
    client: Client, django_assert_num_queries: Callable[..., Any]
) -> None:
    first = client.get("/search/", {"q": "щраусферма"})
    with django_assert_num_queries(1):
        second = client.get("/search/", {"q": "щраусферма"})
    same = client.get("/search/", {"q": "щраусферма"}, headers={"if-none-match": first.headers["ETag"]})

    assert second.content == first.content
    assert same.status_code == 304
    assert VainSearch.objects.get().times == 3


def test_whoever_waited_for_a_counted_page_is_counted_too(client: Client) -> None:
    path = client.get("/search/", {"q": "щраусферма"}).wsgi_request.get_full_path()
    page = kept(path)
    assert page is not None
    memory.keep(("http", "testserver", path, False), replace(page, until=time.monotonic() - 1))

    with page.being_made:
        client.get(path)
    client.get(path)

    assert VainSearch.objects.get().times == 3


@pytest.mark.usefixtures("transactional_db")
def test_a_page_that_cannot_be_counted_is_given_all_the_same(client: Client, caplog: Any) -> None:
    first = client.get("/search/", {"q": "щраусферма"})
    with connection.cursor() as cursor:
        cursor.execute("SET default_transaction_read_only TO on")
        second = client.get("/search/", {"q": "щраусферма"})
        cursor.execute("RESET default_transaction_read_only")

    assert (second.status_code, second.content) == (200, first.content)
    assert "could not be counted" in caplog.text
    assert VainSearch.objects.get().times == 1


def test_each_host_has_pages_of_its_own(client: Client, settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["testserver", "other.example"]
    path = a_service().get_absolute_url()
    client.get(path)

    other = client.get(path, headers={"host": "other.example"})

    page = kept(path)
    assert page is not None
    assert other.content != page.body
    assert client.get(path, headers={"host": "unknown.example"}).status_code == 400


def test_nothing_is_kept_where_that_is_switched_off(client: Client, settings: Any) -> None:
    settings.PUBLIC_PAGES_KEPT_SECONDS = 0

    client.get("/services/")

    assert kept("/services/") is None


def test_a_new_target_shows_at_once_on_the_page_of_the_standard(client: Client) -> None:
    standard = Standard.objects.in_force().get(code="signal-decision")
    path = "/charter/standards/signal-decision/"
    client.get(path)

    standard.title = "Друго заглавие"
    save_with_history(standard, by=None, why="поправка")
    commit()

    assert "Друго заглавие" in client.get(path).content.decode()
