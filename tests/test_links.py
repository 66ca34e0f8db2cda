"""Links are asked by the portal so that nobody can have it ask inside its own network."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest

from samokov_portal.editing.links import LinkVerdict, addresses_in, check_link, is_public

ANSWERS = {
    "/here": (200, ""),
    "/moved": (302, "/here"),
    "/gone": (404, ""),
    "/round": (302, "/round"),
    "/get": (200, ""),
}


class Site(BaseHTTPRequestHandler):
    """A site with a page that moved, one that is gone, one that leads to itself, and one that knows no HEAD."""

    asked: list[str] = []

    def do_HEAD(self) -> None:
        self.answer(405 if self.path == "/get" else None)

    def do_GET(self) -> None:
        self.answer(None)

    def answer(self, status: int | None) -> None:
        Site.asked.append(f"{self.command} {self.path} {self.headers['Host']}")
        known, leads_to = ANSWERS.get(self.path, (404, ""))
        self.send_response(status or known)
        if self.path == "/inside":
            self.send_header("Location", "http://10.0.0.1/")
        if leads_to:
            self.send_header("Location", leads_to)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_arguments: Any) -> None:
        """A test is silent."""


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Site) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port
        server.shutdown()


def ask(port: int, path: str, host: str = "127.0.0.1") -> LinkVerdict:
    """As the worker asks, but for the one address of the test that is not public."""
    return check_link(
        f"http://{host}:{port}{path}", may_ask=lambda ip: ip in ("127.0.0.1", "::1"), ports={"http": port}
    )


@pytest.mark.parametrize(
    ("path", "verdict"),
    [
        ("/here", LinkVerdict.ANSWERS),
        ("/moved", LinkVerdict.ANSWERS),
        ("/get", LinkVerdict.ANSWERS),
        ("/gone", LinkVerdict.DEAD),
        ("/round", LinkVerdict.DEAD),
        ("/съвсем друго", LinkVerdict.DEAD),
    ],
)
def test_what_a_site_answers_is_the_verdict(port: int, path: str, verdict: LinkVerdict) -> None:
    assert ask(port, path) == verdict


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1/", "http://10.0.0.1/x", "http://[::1]/", "http://169.254.169.254/"]
)
def test_what_is_not_public_is_not_asked(port: int, address: str) -> None:
    before = list(Site.asked)

    assert check_link(address) == LinkVerdict.REFUSED
    assert Site.asked == before


def test_a_site_does_not_lead_the_portal_inside(port: int, monkeypatch: Any) -> None:
    monkeypatch.setitem(ANSWERS, "/inside", (302, ""))

    assert ask(port, "/inside") == LinkVerdict.REFUSED


def test_another_port_than_the_usual_ones_is_not_asked(port: int) -> None:
    assert check_link(f"http://127.0.0.1:{port}/here", may_ask=lambda _ip: True) == LinkVerdict.REFUSED


@pytest.mark.parametrize("address", ["ftp://samokov.bg/", "file:///etc/passwd", "http://", "http://x:99999999/"])
def test_only_the_web_is_asked(address: str) -> None:
    assert check_link(address) in (LinkVerdict.REFUSED, LinkVerdict.DEAD)


def test_a_shortened_address_is_not_asked() -> None:
    assert check_link("https://samokov.bg/услуги/…") == LinkVerdict.SHORTENED


def test_nobody_at_the_other_end_is_a_dead_link() -> None:
    assert check_link("http://127.0.0.1:9/", may_ask=lambda _ip: True, ports={"http": 9}) == LinkVerdict.DEAD


@pytest.mark.parametrize(
    ("ip", "public"),
    [
        *(("8.8.8.8", True), ("2a00:1450:4001::1", True), ("192.168.1.1", False), ("fe80::1%eth0", False)),
        *(("::ffff:10.0.0.1", False), ("224.0.0.1", False), ("0.0.0.0", False), ("100.64.0.1", False)),
    ],
)
def test_which_addresses_are_public(ip: str, public: bool) -> None:
    assert is_public(ip) is public


def test_addresses_are_found_in_words() -> None:
    words = ["вж. https://samokov.bg/a, и (http://egov.bg/b).", "https://samokov.bg/a", "без връзка"]

    assert addresses_in(words) == ["https://samokov.bg/a", "http://egov.bg/b"]
