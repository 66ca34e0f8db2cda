"""How often something may be done under one key; counted in the database, so for all processes and over a restart.

    standing = take(Limit("tracking", 10, timedelta(minutes=15)), address, now)
    if standing.is_over:
        …  # refuse until now + standing.retry_after

A window opens with the first take and lasts its whole length, so that what stands just before and just after a full
hour is counted together. What is taken inside a transaction is given back by a rollback, and holds the row until the
end: take before the transaction begins.
"""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from django.db import connection
from django.utils.crypto import salted_hmac

from samokov_portal.office.tally import Tally
from samokov_portal.questions import answered
from samokov_portal.unwaited import UNWAITED

logger = logging.getLogger(__name__)
NETWORK_BITS = {4: 24, 6: 48}
# A subscriber is given a whole /64 and may use another address of it for each request.
SUBSCRIBER_BITS = {4: 32, 6: 64}


@dataclass(frozen=True)
class Limit:
    """At most `amount` in a `window`; an amount of 0 limits nothing and counts nothing."""

    name: str
    amount: int
    window: timedelta


@dataclass(frozen=True)
class Standing:
    """How one key stands before its limit. `retry_after` is what remains of the window; nothing when none is open."""

    limit: Limit
    count: int
    retry_after: timedelta

    @property
    def left(self) -> int | None:
        """How many more may be taken; None when the limit is off."""
        return max(0, self.limit.amount - self.count) if self.limit.amount else None

    @property
    def is_over(self) -> bool:
        """Whether more was taken than the limit allows."""
        return self.is_beyond(1)

    def is_beyond(self, times: int) -> bool:
        """Whether more was taken than so many times the limit."""
        return 0 < self.limit.amount * times < self.count


Asked = tuple[Limit, str]
# The rows arrive sorted, so that two requests lock what they share in the same order.
TAKE = f"""
    INSERT INTO office_tally AS tally (digest, name, count, ends_at)
    SELECT digest, name, 1, ends_at
    FROM unnest(%(digests)s::text[], %(names)s::text[], %(ends)s::timestamptz[]) AS asked (digest, name, ends_at),
        -- A count that a crash of the database takes back harms nobody.
        {UNWAITED}
    ON CONFLICT (digest) DO UPDATE SET
        count = CASE WHEN tally.ends_at > %(now)s THEN tally.count + 1 ELSE 1 END,
        ends_at = CASE WHEN tally.ends_at > %(now)s THEN tally.ends_at ELSE excluded.ends_at END
    RETURNING digest, count, ends_at
"""


def take(limit: Limit, key: str, now: datetime) -> Standing:
    """Count one under `key` and say how it stands now, this one included. One query."""
    return take_all([(limit, key)], now)[0]


def take_all(asked: Sequence[Asked], now: datetime) -> list[Standing]:
    """`take` for several limits and keys, in their order. One query."""
    rows = sorted((digest_of(*pair), pair[0].name, now + pair[0].window) for pair in asked if pair[0].amount)
    if not rows:
        return _standings(asked, [], now)
    asked_for = dict(zip(("digests", "names", "ends"), map(list, zip(*rows, strict=True)), strict=True))
    taken = answered(connection, TAKE, {**asked_for, "now": now, "alone": not connection.in_atomic_block})
    standings = _standings(asked, taken, now)
    _log_crossings(asked, standings)
    return standings


def peek(limit: Limit, key: str, now: datetime) -> Standing:
    """How `key` stands without counting anything. One query."""
    return peek_all([(limit, key)], now)[0]


def peek_all(asked: Sequence[Asked], now: datetime) -> list[Standing]:
    """`peek` for several limits and keys, in their order. One query."""
    digests = [digest_of(*pair) for pair in asked if pair[0].amount]
    rows = Tally.objects.filter(digest__in=digests, ends_at__gt=now)
    return _standings(asked, rows.values_list("digest", "count", "ends_at"), now)


def forget_ended(now: datetime) -> int:
    """Remove what was counted in windows that have ended; returns how many rows there were. For the nightly task."""
    return Tally.objects.filter(ends_at__lte=now).delete()[0]


def digest_of(limit: Limit, key: str) -> str:
    """What is stored of `key` under `limit`: keyed, so that nobody finds the address by trying them all."""
    return salted_hmac("office.limits", f"{limit.name}\x1f{key}", algorithm="sha256").hexdigest()


def subscriber_of(address: str) -> str:
    """Whom an address stands for: itself, or the /64 of an IPv6 address. What is no address is left as it is."""
    return _masked(address, SUBSCRIBER_BITS)


def network_of(address: str) -> str:
    """The /24 of an IPv4 address, the /48 of an IPv6 address. What is no address is left as it is."""
    return _masked(address, NETWORK_BITS)


def _masked(address: str, bits: dict[int, int]) -> str:
    try:
        parsed = _plain(ip_address(address))
    except ValueError:
        return address  # a socket without addresses, or a proxy that names none: all of them share one key
    return str(ip_network(f"{parsed}/{bits[parsed.version]}", strict=False))


def _plain(parsed: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """Without the zone of a link, and an IPv4 address that a socket for both wrote as IPv6 is IPv4 again."""
    if isinstance(parsed, IPv4Address):
        return parsed
    return parsed.ipv4_mapped or IPv6Address(int(parsed))


def _standings(asked: Sequence[Asked], rows: Iterable[tuple[str, int, datetime]], now: datetime) -> list[Standing]:
    counted = {digest: (count, ends_at - now) for digest, count, ends_at in rows}
    nothing = (0, timedelta(0))
    return [Standing(pair[0], *counted.get(digest_of(*pair), nothing)) for pair in asked]


def _log_crossings(asked: Sequence[Asked], standings: Sequence[Standing]) -> None:
    """One line for each key and window: whoever floods the portal shall not flood the log."""
    for (limit, key), standing in zip(asked, standings, strict=True):
        if limit.amount and standing.count == limit.amount + 1:
            logger.warning("limit %s of %s passed by %s", limit.name, limit.amount, digest_of(limit, key)[:12])
