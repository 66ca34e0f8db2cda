"""Requests sent to two servers in turns by `wrk`, and what was measured of each.

In turns, because the machine is seldom ours alone: whatever disturbs one of them soon disturbs the other too.
"""

import http.client
import json
import statistics
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path

SCRIPT = Path(__file__).with_name("driving.lua")
TURNS = 4
# Driven before the others and not measured: what a worker puts together for its first pages it does once in its life.
FIRST_TURNS = 1
HOST = "127.0.0.1"


@dataclass(frozen=True)
class Asked:
    """One request as it is sent."""

    path: str
    method: str = "GET"
    cookie: str = ""
    tag: str = ""
    body: str = ""

    def __str__(self) -> str:
        return "\t".join((self.method, self.path, self.cookie, self.tag, self.body))


@dataclass(frozen=True)
class Target:
    """What is sent to the server on a port, one after another, from the beginning again when all of it was sent."""

    port: int
    asked: Sequence[Asked]
    status: int = 200


@dataclass(frozen=True)
class Load:
    """What was measured: requests a second, milliseconds within which so many per cent were answered; and how many
    requests were answered, with those of the turn that is not measured."""

    rate: float
    p50: float
    p95: float
    p99: float
    requests: int


class NotServed(RuntimeError):
    """A server refused or lost a request, so what was measured means nothing."""


def in_turns(ours: Target, floor: Target, *, seconds: float, at_once: int) -> tuple[Load, Load]:
    """Drive both for `seconds` each, in turns, with `at_once` connections. Raises NotServed."""
    for target in (ours, floor):
        answers_as_it_should(target)
    found: dict[int, list[Load]] = {ours.port: [], floor.port: []}
    with tempfile.TemporaryDirectory(prefix="samokov-bench-") as folder:
        files = {target.port: _parts(target, Path(folder)) for target in (ours, floor)}
        for _turn in range(FIRST_TURNS + TURNS):
            for target in (ours, floor):
                found[target.port].append(_drive(target.port, next(files[target.port]), seconds / TURNS, at_once))
    return _together(found[ours.port]), _together(found[floor.port])


def answers_as_it_should(target: Target) -> None:
    """Send the first request once. Raises NotServed where the answer is another one than is measured."""
    status, _headers, body = ask(target.port, target.asked[0])
    if status != target.status:
        raise NotServed(f"{target.asked[0].path} is answered by {status}: {body[:300].decode(errors='replace')}")


def ask(port: int, asked: Asked) -> tuple[int, dict[str, str], bytes]:
    """The status, the headers (by their names in lower case) and the body of one answer."""
    headers = {"Cookie": asked.cookie, "If-None-Match": asked.tag}
    if asked.method == "POST":
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    connection = http.client.HTTPConnection(HOST, port, timeout=60)
    try:
        sent = {name: value for name, value in headers.items() if value}
        connection.request(asked.method, asked.path, asked.body or None, sent)
        answer = connection.getresponse()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
    finally:
        connection.close()


def _parts(target: Target, folder: Path) -> "cycle[Path]":
    """The requests in files, for one turn after another: pages all in one, and what is sent once in as many as there
    are turns, so that nothing is sent a second time.

    The first was sent already, to see how it is answered.
    """
    asked = list(target.asked[1:]) or list(target.asked)
    turns = FIRST_TURNS + TURNS if asked[0].method == "POST" else 1
    size = max(1, len(asked) // turns)
    files = []
    for turn in range(min(turns, len(asked))):
        files.append(folder / f"{target.port}-{turn}")
        files[-1].write_text("".join(f"{one}\n" for one in asked[turn * size : (turn + 1) * size]), encoding="utf-8")
    return cycle(files)


def _drive(port: int, asked: Path, seconds: float, at_once: int) -> Load:
    # wrk counts whole seconds.
    arguments = ["wrk", "--threads=1", f"--connections={at_once}", f"--duration={max(1, round(seconds))}"]
    arguments += ["--timeout=30", f"--script={SCRIPT}", f"http://{HOST}:{port}", str(asked)]
    done = subprocess.run(arguments, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if done.returncode:
        raise NotServed(f"wrk: {done.stdout.strip()}")
    measured = json.loads(done.stdout.strip().splitlines()[-1])
    if measured["refused"] or measured["lost"]:
        raise NotServed(f"port {port}: {measured}")
    rate = measured["requests"] * 1e6 / measured["microseconds"]
    p50, p95, p99 = (measured[name] / 1000 for name in ("p50", "p95", "p99"))
    return Load(rate, p50, p95, p99, measured["requests"])


def _together(loads: Sequence[Load]) -> Load:
    """The middle one of the turns that are measured, figure by figure, with what was answered in all of them.

    Raises NotServed where nothing was answered in time.
    """
    if not all(load.requests for load in loads):
        raise NotServed("nothing was answered in a turn: drive it for longer")
    rate, p50, p95, p99 = (
        statistics.median(getattr(load, name) for load in loads[FIRST_TURNS:]) for name in ("rate", "p50", "p95", "p99")
    )
    return Load(rate, p50, p95, p99, sum(load.requests for load in loads))
