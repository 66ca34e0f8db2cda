"""Fill the database of DATABASE_URL, measure every line, print the table and write it as JSON.

Started by `samokov_portal.launcher.benchmark`, which makes the database, a new one each time.
"""

import argparse
import json
import os
import platform
import sys
import time
from collections.abc import Sequence
from functools import wraps
from pathlib import Path
from typing import Any

import django

django.setup()

from django.db import DatabaseError, connection  # noqa: E402 - the apps must be loaded
from django.utils import timezone  # noqa: E402

from charter.running import count_running  # noqa: E402
from samokov_portal.benchmark.data import filling, open_data  # noqa: E402
from samokov_portal.benchmark.driving import NotServed  # noqa: E402
from samokov_portal.benchmark.figures import every_standard, standard_now, standard_past  # noqa: E402
from samokov_portal.benchmark.filling import fill  # noqa: E402
from samokov_portal.benchmark.lines import HEADER, Ground, Line, Result  # noqa: E402
from samokov_portal.benchmark.pages import PAGES  # noqa: E402
from samokov_portal.benchmark.papers import report_of_twelve_months, report_with_pdf  # noqa: E402
from samokov_portal.benchmark.peers.lines import PEER_LINES, PeerLine  # noqa: E402
from samokov_portal.benchmark.peers.serving import Peer, helpdesk_served  # noqa: E402
from samokov_portal.benchmark.searching import search_of_many  # noqa: E402
from samokov_portal.benchmark.servers import both_served  # noqa: E402
from samokov_portal.benchmark.statements import secretary_page  # noqa: E402
from samokov_portal.benchmark.store import guard_at_filing, history_verified  # noqa: E402

# Beyond that a peer's report is not answered within any patience.
PEER_TICKETS = 100_000
# The report first: its pages are measured after it. Filing without guards last: rows that nobody stamped are no history
# that could be verified.
LINES: tuple[Line, ...] = (
    filling,
    report_with_pdf,
    report_of_twelve_months,
    *PAGES,
    search_of_many,
    secretary_page,
    standard_now,
    standard_past,
    every_standard,
    open_data,
    history_verified,
    guard_at_filing,
)


def main(arguments: list[str]) -> int:
    """Ends with 1 where a bar does not hold."""
    options = parsed(arguments)
    began = time.perf_counter()
    rows = fill(options.administrator, options.cases)
    filled = rows, time.perf_counter() - began
    _say(f"{rows:,} rows written in {filled[1]:.1f} s")
    count_running(timezone.now())  # noqa: TID251 - the worker counts each hour
    with both_served() as (portal, floor):
        ground = Ground(options.administrator, options.owner, portal, floor, options.seconds, filled)
        _say(HEADER)
        results = measured(ground)
        if options.peers:
            results += compared(ground, options.peers, options.cases)
    found = {
        "cases": options.cases,
        "at": timezone.now().isoformat(timespec="seconds"),  # noqa: TID251 - a measurement is an edge
        "machine": machine(),
        "seconds a line": options.seconds,
        "lines": [result.as_json() for result in results],
    }
    options.out.write_text(json.dumps(found, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    _say(f"Written to {options.out}")
    return 0 if all(result.holds for result in results) else 1


def parsed(arguments: list[str]) -> Any:
    parser = argparse.ArgumentParser(prog="benchmark")
    parser.add_argument("--cases", type=int, required=True)
    parser.add_argument("--seconds", type=float, required=True)
    parser.add_argument("--administrator", required=True)
    parser.add_argument("--owner", required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--peers", type=Path)
    return parser.parse_args(arguments)


def measured(ground: Ground, lines: Sequence[Line] = LINES) -> list[Result]:
    """Every line in turn, each said as soon as it is known."""
    results = []
    for line in lines:
        try:
            result = line(ground)
        except (NotServed, DatabaseError) as error:
            result = failed(line, error)
        results.append(result)
        _say(str(result))
    return results


def compared(ground: Ground, python: Path, cases: int) -> list[Result]:
    """What a peer does alike, at as many cases, by the `python` that has its packages."""
    with helpdesk_served(
        python, administrator=ground.administrator, owner=ground.owner, tickets=min(cases, PEER_TICKETS)
    ) as peer:
        return measured(ground, [of_peer(line, peer) for line in PEER_LINES])


def of_peer(line: PeerLine, peer: Peer) -> Line:
    """A line that is measured against a peer."""

    @wraps(line)
    def with_peer(ground: Ground) -> Result:
        return line(ground, peer)

    return with_peer


def failed(line: Line, error: Exception) -> Result:
    """A line that could not be measured, with the reason."""
    name = getattr(line, "line", getattr(line, "__name__", ""))
    return Result(name, "", 0, 0, "", "can be measured", holds=False, more={"because": " ".join(str(error).split())})


def machine() -> dict[str, object]:
    """What was measured on."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version'), current_setting('fsync')")
        version, fsync = cursor.fetchone()
    return {
        "cores": len(os.sched_getaffinity(0)),
        "system": platform.platform(),
        "python": platform.python_version(),
        "django": django.get_version(),
        "postgresql": version,
        "fsync": fsync,
    }


def _say(text: str) -> None:
    print(text, flush=True)  # noqa: T201 - it talks to a terminal


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
