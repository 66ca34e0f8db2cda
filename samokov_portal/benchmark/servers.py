"""The portal and the floor, each under the server with which the portal runs, as `make run` starts it."""

import os
import signal
import socket
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from samokov_portal.benchmark.driving import HOST, Asked, ask
from samokov_portal.launcher.demo import PATIENCE, commands
from samokov_portal.launcher.options import ROOT, Options
from samokov_portal.launcher.processes import spawn, stop

PORTAL = "samokov_portal.launcher.serving:application"
FLOOR = "samokov_portal.benchmark.floor.wsgi:application"
START_SECONDS = 60


@contextmanager
def both_served() -> Iterator[tuple[int, int]]:
    """The ports of the portal and of the floor while both are served with production settings, two workers each."""
    with served(PORTAL, "/healthz") as (portal, _), served(FLOOR, "/page/") as (floor, _):
        yield portal, floor


@contextmanager
def portal_served() -> Iterator[tuple[int, int]]:
    """The port of the portal while it is served so, and the process of its server."""
    with served(PORTAL, "/healthz") as found:
        yield found


@contextmanager
def served(
    application: str, page: str, python: Path = Path(sys.executable), env: Mapping[str, str] = os.environ
) -> Iterator[tuple[int, int]]:
    """The port of an application of ours or a peer's while it answers `page`, and the process of its server."""
    options = replace(Options.from_environment(os.environ), host=HOST, port=_free_port())
    server = [application if part == PORTAL else part for part in commands(options)["server"]]
    env = {**env, **PATIENCE["server"]}
    # Who looked at what is written there, as in production.
    with tempfile.TemporaryFile() as log:
        child = spawn([str(python), *server], env=env, cwd=ROOT, output=log)
        try:
            _wait(options.port, page)
            yield options.port, child.pid
        finally:
            stop(child, [(signal.SIGTERM, 10)])


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def _wait(port: int, page: str) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            if ask(port, Asked(page))[0] == 200:
                return
        except OSError:
            pass  # not listening yet
        if time.monotonic() > deadline:
            raise RuntimeError(f"the server on port {port} does not answer")
        time.sleep(0.2)
