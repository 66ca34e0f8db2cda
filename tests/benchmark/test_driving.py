"""What drives the servers sends each request as it is written, and refuses to measure what is refused."""

import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from samokov_portal.benchmark import driving
from samokov_portal.benchmark.driving import Asked, NotServed, Target, ask, in_turns

# So many seconds an answer takes of a server that is slow.
SLOWLY = 0.2


class Answering(BaseHTTPRequestHandler):
    """Answers each request by the status that its path names, and keeps what was asked."""

    protocol_version = "HTTP/1.1"
    kept: list[tuple[str, str, str, str, bytes]]
    of: "Server"

    def do_GET(self) -> None:
        if time.monotonic() < self.of.slow_until:
            time.sleep(SLOWLY)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = (self.headers.get(name) or "" for name in ("Cookie", "If-None-Match"))
        self.kept.append((self.command, self.path, *headers, body))
        self.send_response(int(self.path.split("?")[0].strip("/")))
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_POST = do_GET  # noqa: N815 - named by the library

    def log_message(self, *_what: Any) -> None:
        """Nothing: the tests look at what was kept."""


class Server:
    """A server on a port of its own, and what it was asked."""

    def __init__(self) -> None:
        self.kept: list[tuple[str, str, str, str, bytes]] = []
        self.slow_until = 0.0
        handler = type("Handler", (Answering,), {"kept": self.kept, "of": self})
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.port = self.server.server_port
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def servers(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Server, Server]]:
    monkeypatch.setattr(driving, "TURNS", 1)
    both = Server(), Server()
    yield both
    for server in both:
        server.stop()


def test_each_request_is_sent_as_it_is_written_and_both_are_measured(servers: tuple[Server, Server]) -> None:
    ours, floor = servers
    first = Asked("/200/", "POST", cookie="csrftoken=a", body="text=%D0%B0")
    second = Asked("/200/?q=1", cookie="sessionid=b", tag='"c"')

    load, least = in_turns(
        Target(ours.port, [first, first, second]), Target(floor.port, [Asked("/200/")]), seconds=1, at_once=2
    )

    assert load.requests > 2
    assert load.p50 <= load.p95 <= load.p99
    assert least.rate > 0
    assert {*ours.kept} == {
        ("POST", "/200/", "csrftoken=a", "", b"text=%D0%B0"),
        ("GET", "/200/?q=1", "sessionid=b", '"c"', b""),
    }
    assert {*floor.kept} == {("GET", "/200/", "", "", b"")}


def test_first_pages_are_sent_and_not_measured(servers: tuple[Server, Server]) -> None:
    ours, floor = servers
    pages = [Asked("/200/"), *(Asked(f"/200/?page={page}") for page in range(3))]
    # What begins slowly, for as long as its first turn takes.
    ours.slow_until = time.monotonic() + 1

    load, least = in_turns(Target(ours.port, pages), Target(floor.port, pages), seconds=1, at_once=2)

    assert load.p50 < SLOWLY * 1000 / 2
    # All that was answered is counted, for it was acknowledged: not the first request of all, nor the two that were
    # under way when a turn ended.
    assert len(ours.kept) - 5 <= load.requests <= len(ours.kept) - 1
    assert len(floor.kept) - 5 <= least.requests <= len(floor.kept) - 1
    # Each turn asks for every page, not each for another one.
    asked = [path for _method, path, *_rest in ours.kept]
    assert {path: asked.count(path) > 1 for path in asked} == {page.path: page.path != "/200/" for page in pages}


def test_what_is_sent_once_is_sent_in_no_second_turn(servers: tuple[Server, Server]) -> None:
    ours, floor = servers
    filings = [Asked("/200/", "POST", body=str(serial)) for serial in range(100_001)]

    in_turns(Target(ours.port, filings), Target(floor.port, [Asked("/200/")]), seconds=1, at_once=2)

    bodies = [body for *_rest, body in ours.kept]
    assert len(bodies) == len(set(bodies))


def test_what_is_refused_is_not_measured(servers: tuple[Server, Server]) -> None:
    ours, floor = servers
    good = Target(floor.port, [Asked("/200/")])

    with pytest.raises(NotServed, match="answered by 403"):
        in_turns(Target(ours.port, [Asked("/403/")]), good, seconds=1, at_once=2)
    with pytest.raises(NotServed, match="'refused'"):
        in_turns(Target(ours.port, [Asked("/200/"), Asked("/500/")]), good, seconds=1, at_once=2)


def test_an_answer_is_read_with_its_headers(servers: tuple[Server, Server]) -> None:
    status, headers, body = ask(servers[0].port, Asked("/204/"))

    assert (status, headers["content-length"], body) == (204, "0", b"")
