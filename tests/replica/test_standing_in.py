"""One connection stands in for the database while a page is made, and what it cannot do is done by the primary.

Here it leads to the same database and only refuses writes; a real replica stands in tests/hardship/test_machines.py.
"""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.handlers.exception import convert_exception_to_response
from django.db import DatabaseError, connection, connections, transaction
from django.db.backends.postgresql.base import DatabaseWrapper
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.test import RequestFactory

from samokov_portal.environment import read_only
from samokov_portal.history import one_snapshot
from samokov_portal.replica import REPLICA, watch
from samokov_portal.replica.marks import COOKIE
from samokov_portal.replica.middleware import ReplicaMiddleware, standing_in
from samokov_portal.search.models import VainSearch
from services.models import Unit

pytestmark = pytest.mark.django_db(transaction=True)
GONE = {"HOST": "/nowhere", "PORT": "1"}


@pytest.fixture
def replica(monkeypatch: pytest.MonkeyPatch, settings: Any) -> Iterator[Callable[..., None]]:
    """Sets up what stands in, with other settings where a test gives some."""
    settings.DATABASE_REPLICA_LAG_SECONDS = 10
    # The primary itself, which is as far as it is.
    monkeypatch.setattr(watch, "REPLAYED", watch.WRITTEN)

    def set_up(**other: str) -> None:
        found = {**connections.settings["default"], **other}
        options = {"options": "", **found["OPTIONS"]}
        described = {**found, **read_only({**found, "OPTIONS": options})}
        monkeypatch.setitem(connections.settings, REPLICA, described)
        # Called as the other one, because a test may ask no database that Django has not prepared for it.
        connections[REPLICA] = DatabaseWrapper(described, "default")

    set_up()
    yield set_up
    connections[REPLICA].close()
    del connections[REPLICA]


def reads_only() -> bool:
    """Whether this thread's database refuses writes, asked by hand."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW default_transaction_read_only")
        return bool(cursor.fetchone()[0] == "on")


def ask(view: Callable[[HttpRequest], Any], path: str = "/", method: str = "GET", **cookies: str) -> Any:
    request = RequestFactory().generic(method, path)
    request.COOKIES.update(cookies)
    return stood_before(view)(request)


def stood_before(view: Callable[[HttpRequest], Any]) -> ReplicaMiddleware:
    """The middleware before a view, whose errors become answers before they come to it, as everywhere in Django."""
    return ReplicaMiddleware(convert_exception_to_response(view))


def as_said(_request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"{reads_only()} {Unit.objects.count() > 0}")


def test_whatever_is_asked_inside_is_asked_there_and_afterwards_here(replica: Any) -> None:
    with standing_in():
        inside = reads_only()
        with one_snapshot():
            in_a_snapshot = reads_only(), Unit.objects.exists()

    assert (inside, in_a_snapshot, reads_only()) == (True, (True, True), False)


def test_who_raises_inside_leaves_the_primary_where_it_was(replica: Any) -> None:
    with pytest.raises(DatabaseError), standing_in():
        VainSearch.objects.create(text="скица", times=1, last_on="2026-11-27")

    assert not reads_only()


def test_a_public_page_of_nobody_is_read_there(replica: Any) -> None:
    assert ask(as_said).content == b"True True"


@pytest.mark.parametrize(
    ("path", "method", "cookies"),
    [
        ("/desk/", "GET", {}),
        ("/feedback/track/", "GET", {}),
        ("/", "POST", {}),
        ("/", "GET", {"sessionid": "0123456789abcdef"}),
    ],
    ids=["of staff", "of a case", "sent", "of a session"],
)
def test_everything_else_is_read_here(replica: Any, path: str, method: str, cookies: dict[str, str]) -> None:
    assert ask(as_said, path, method, **cookies).content == b"False True"


def test_who_has_just_written_reads_there_once_it_is_there(replica: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    cookie = ask(as_said, method="POST").cookies[COOKIE].value
    assert ask(as_said, **{COOKIE: cookie}).content == b"True True"

    # A replica that has nothing since the beginning is read by who wrote nothing, and not by this one.
    monkeypatch.setattr(watch, "SENT", "SELECT 1::bigint")
    monkeypatch.setattr(watch, "REPLAYED", "SELECT 1::bigint")
    assert ask(as_said).content == b"True True"
    assert ask(as_said, **{COOKIE: cookie}).content == b"False True"


def test_a_page_that_writes_is_made_again_here_with_what_it_wrote(replica: Any) -> None:
    made: list[bool] = []

    def writing(_request: HttpRequest) -> HttpResponse:
        made.append(reads_only())
        with transaction.atomic():
            VainSearch.objects.create(text="скица", times=1, last_on="2026-11-27")
        return HttpResponse("written")

    answer = ask(writing)

    assert (answer.status_code, made) == (200, [True, False])
    assert VainSearch.objects.get().text == "скица"


def test_one_that_does_not_answer_is_not_waited_for_by_everybody(replica: Any) -> None:
    replica(**GONE)
    there = stood_before(as_said)

    answers = [there(RequestFactory().get("/")).content for _ in range(3)]

    assert answers == [b"False True"] * 3
    assert there.watch._again_at > 0


def test_one_that_goes_while_a_page_is_made_is_left(replica: Any) -> None:
    there = stood_before(as_said)
    there(RequestFactory().get("/"))
    with connections[REPLICA].cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone()

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", [pid])
    answer = there(RequestFactory().get("/"))

    assert answer.status_code == 200
    assert answer.content in (b"True True", b"False True")


def test_the_rest_of_a_long_answer_is_read_there_and_ends_there(replica: Any) -> None:
    said: list[bool] = []

    def pieces() -> Iterator[bytes]:
        with transaction.atomic():
            for number in range(3):
                said.append(reads_only())
                yield str(number).encode()
        said.append(connection.in_atomic_block)

    answer = ask(lambda _request: StreamingHttpResponse(pieces()))

    assert b"".join(answer.streaming_content) == b"012"
    assert said == [True, True, True, False]
    assert not reads_only()


def test_a_long_answer_that_nobody_waits_for_ends_there_too(replica: Any) -> None:
    ended: list[bool] = []

    def pieces() -> Iterator[bytes]:
        try:
            with transaction.atomic():
                while True:
                    yield b"x"
        finally:
            ended.append(reads_only())

    answer = ask(lambda _request: StreamingHttpResponse(pieces()))
    assert next(iter(answer.streaming_content)) == b"x"
    answer.close()

    assert ended == [True]
    assert not connections[REPLICA].in_atomic_block
