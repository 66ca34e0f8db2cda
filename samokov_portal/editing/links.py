"""Whether an address on the web answers, asked so that nobody can have the portal ask inside its own network.

Only http and https, only their usual ports, only addresses that are open to everybody; the connection goes to the
address that was looked at, so a name cannot change between the look and the call. What is answered is not read.
"""

import http.client
import re
import socket
import ssl
from collections.abc import Callable, Iterable
from ipaddress import ip_address
from typing import Any
from urllib.parse import SplitResult, quote, urljoin, urlsplit

from django.db import models
from django.utils.translation import gettext_lazy as _

TIMEOUT_SECONDS = 5
MOST_REDIRECTS = 4
PORTS = {"http": 80, "https": 443}
ADDRESS = re.compile(r"https?://[^\s<>„“\"']+")
SHORTENED = "…"
SAFE = "/?&=+$,:@;~%!*'()#[]"
# A server that does not know HEAD is asked by GET.
NO_HEAD = (403, 404, 405, 501)


class LinkVerdict(models.TextChoices):
    """What was found of an address."""

    ANSWERS = "answers", _("отваря се")
    DEAD = "dead", _("не се отваря")
    SHORTENED = "shortened", _("не е цял адрес")
    REFUSED = "refused", _("не се проверява: не е общодостъпен адрес")


class NotPublic(Exception):
    """The address leads where the portal must not ask."""


def addresses_in(texts: Iterable[str]) -> list[str]:
    """The addresses that stand in `texts`, each once, in order."""
    found = (match.rstrip(".,;:)") for text in texts for match in ADDRESS.findall(text))
    return list(dict.fromkeys(found))


def is_public(ip: str) -> bool:
    """Whether an IP address is open to everybody: no network of one's own, no host itself, no group of hosts."""
    parsed = ip_address(ip.partition("%")[0])
    mapped = getattr(parsed, "ipv4_mapped", None) or parsed
    return mapped.is_global and not mapped.is_multicast


def check_link(address: str, *, may_ask: Callable[[str], bool] = is_public, ports: Any = PORTS) -> LinkVerdict:
    """Ask for `address`, following a few redirects, each looked at as the first one was."""
    if SHORTENED in address:
        return LinkVerdict.SHORTENED
    try:
        return LinkVerdict.ANSWERS if _answers(address, may_ask, ports) else LinkVerdict.DEAD
    except NotPublic:
        return LinkVerdict.REFUSED
    except (OSError, http.client.HTTPException, ValueError):
        return LinkVerdict.DEAD


def _answers(address: str, may_ask: Callable[[str], bool], ports: Any) -> bool:
    for _hop in range(MOST_REDIRECTS + 1):
        status, leads_to = _ask("HEAD", address, may_ask, ports)
        if status in NO_HEAD:
            status, leads_to = _ask("GET", address, may_ask, ports)
        if 300 <= status < 400 and leads_to:
            address = urljoin(address, leads_to)
            continue
        return 200 <= status < 300
    return False


def _ask(method: str, address: str, may_ask: Callable[[str], bool], ports: Any) -> tuple[int, str]:
    """The status that the server gives, and where it leads. Raises NotPublic, OSError, HTTPException, ValueError."""
    parts = urlsplit(address)
    if parts.scheme not in ports or not parts.hostname or (parts.port or PORTS[parts.scheme]) not in ports.values():
        raise NotPublic
    host = parts.hostname.encode("idna").decode()
    connection = _connection(parts, host, _public_ip(host, may_ask))
    try:
        path = quote(parts.path or "/", safe=SAFE) + (f"?{quote(parts.query, safe=SAFE)}" if parts.query else "")
        connection.request(method, path, headers={"Host": host, "User-Agent": "samokov-portal link check"})
        answer = connection.getresponse()
        return answer.status, answer.headers.get("Location", "")
    finally:
        connection.close()


def _public_ip(host: str, may_ask: Callable[[str], bool]) -> str:
    """An address of `host`; every one that it has must be public, or the name may lead elsewhere the next time."""
    found = [str(info[4][0]) for info in socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)]
    if not found or not all(map(may_ask, found)):
        raise NotPublic
    return found[0]


def _connection(parts: SplitResult, host: str, ip: str) -> http.client.HTTPConnection:
    """A connection to `ip` that speaks to `host`."""
    port = parts.port or PORTS[parts.scheme]
    plain = socket.create_connection((ip, port), timeout=TIMEOUT_SECONDS)
    connection = http.client.HTTPConnection(host, port, timeout=TIMEOUT_SECONDS)
    if parts.scheme == "https":
        try:
            connection.sock = ssl.create_default_context().wrap_socket(plain, server_hostname=host)
        except OSError:
            plain.close()
            raise
    else:
        connection.sock = plain
    return connection
