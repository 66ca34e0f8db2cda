"""What django-helpdesk and the portal do alike, in turns: a page, a filing, the list of staff, a report."""

import base64
import json
import statistics
import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from urllib.parse import urlencode

from charter.measurement import Period
from samokov_portal.benchmark.driving import Asked, NotServed, Target, ask, in_turns
from samokov_portal.benchmark.lines import Ground, Result
from samokov_portal.benchmark.pages import AT_ONCE, FILING_AT_ONCE, FILINGS_A_SECOND, said
from samokov_portal.benchmark.peers.serving import Peer
from samokov_portal.benchmark.people import TEXT, filing, member_of_staff, posted, signed_in
from samokov_portal.staff.roles import CLERK

FILING_TIMES, LIST_TIMES, REPORT_TIMES = 4, 10, 20
REPORT_ROUNDS = 3
QUARTER = "2026-Q3"
REDIRECTED = 302
PeerLine = Callable[[Ground, Peer], Result]


def page(ground: Ground, peer: Peer) -> Result:
    """The first page of each, as anybody sees it; nothing is promised of it."""
    return _driven("peer: home", ground, [Asked("/")], Target(peer.port, [Asked("/")]), 0, AT_ONCE)


def filed(ground: Ground, peer: Peer) -> Result:
    """A filing by form."""
    theirs = {"queue": "1", "title": "Не свети лампа", "body": TEXT, "priority": "3"}
    filings = [filing() for _serial in range(round(ground.seconds * FILINGS_A_SECOND))]
    target = Target(
        peer.port, [posted("/tickets/submit/", {**theirs, "submitter_email": "maria@example.bg"})], REDIRECTED
    )
    return _driven("peer: filing", ground, filings, target, FILING_TIMES, FILING_AT_ONCE)


def listed(ground: Ground, peer: Peer) -> Result:
    """The first fifty of what is open; of django-helpdesk only the rows, which its page asks for when it is there."""
    query = {"filtering": {"status__in": [1, 2]}, "filtering_null": {}, "sorting": "created", "search_string": ""}
    asked = {"draw": "1", "start": "0", "length": "50", "order[0][column]": "5", "order[0][dir]": "desc"}
    named = base64.b64encode(json.dumps({**query, "sortreverse": False}).encode()).decode()
    rows = Asked(f"/datatables_ticket_list/{named}?{urlencode({**asked, 'search[value]': ''})}", cookie=peer.cookie)
    ours = [Asked("/desk/", cookie=signed_in(member_of_staff(CLERK)))]
    return _driven("peer: list of staff", ground, ours, Target(peer.port, [rows]), LIST_TIMES, AT_ONCE)


def reported(ground: Ground, peer: Peer) -> Result:
    """A report by unit and month: a standard of a quarter as of another moment each time, so that none is kept.

    Against the days until a ticket was closed, by queue and month.
    """
    theirs = Asked("/reports/daysuntilticketclosedbymonth/", cookie=peer.cookie)
    taken: tuple[list[float], list[float]] = ([], [])
    end = Period.parse(QUARTER).span[1]
    for turn in range(REPORT_ROUNDS):
        moment = (end + timedelta(days=10, minutes=turn)).isoformat()
        asked = Period.parse(QUARTER).days
        question = {"from": asked[0].isoformat(), "to": (asked[1] - timedelta(days=1)).isoformat(), "as_of": moment}
        ours = Asked(f"/charter/standards/signal-decision/?{urlencode(question)}")
        for times, port, one in zip(taken, (ground.portal, peer.port), (ours, theirs), strict=True):
            times.append(_took(port, one))
    took, longest = map(statistics.median, taken)
    return Result(
        "peer: report",
        "ms",
        took,
        longest,
        "django-helpdesk",
        f"its time >= {REPORT_TIMES} x ours",
        longest >= REPORT_TIMES * took,
        {"longest": round(max(taken[0]), 1)},
    )


PEER_LINES: tuple[PeerLine, ...] = (page, filed, listed, reported)


def _driven(line: str, ground: Ground, asked: Sequence[Asked], target: Target, times: float, at_once: int) -> Result:
    ours, theirs = in_turns(Target(ground.portal, asked), target, seconds=ground.seconds, at_once=at_once)
    return Result(
        line,
        "req/s",
        ours.rate,
        theirs.rate,
        "django-helpdesk",
        f">= {times:g}" if times else "",
        ours.rate >= times * theirs.rate,
        {**said(ours), "its p95": round(theirs.p95, 1)},
    )


def _took(port: int, asked: Asked) -> float:
    """Milliseconds until it is answered. Raises NotServed."""
    began = time.perf_counter()
    status, _headers, body = ask(port, asked)
    if status != 200:
        raise NotServed(f"{asked.path} is answered by {status}: {body[:300].decode(errors='replace')}")
    return 1000 * (time.perf_counter() - began)
