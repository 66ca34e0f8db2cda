"""The portal as the launcher starts it, in parts that are killed one by one and started again on the same data."""

import fcntl
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, LiteralString

import psycopg

from samokov_portal.launcher import demo
from samokov_portal.launcher.cluster import Cluster, application_url, database_url, running_cluster
from samokov_portal.launcher.leftovers import servers_in
from samokov_portal.launcher.options import ROOT, Options
from samokov_portal.launcher.places import find_place, socket_directory
from samokov_portal.launcher.processes import call, spawn, stop
from tests.feedback.mail_server import free_port

HOST = "127.0.0.1"
# What the tests' own settings say of their database and their pages means nothing to this portal.
FOREIGN = {"ALLOWED_HOSTS", "DATABASE_URL", "DATA_DIR", "DEBUG", "DEMO", "HTTPS", "PORTAL_URL", "SECRET_KEY"}
# Everybody here has one address, and hundreds of forms come from it in a minute.
NO_LIMITS = {"FILINGS_AN_HOUR_PER_ADDRESS": "0", "FILINGS_AN_HOUR_PER_NETWORK": "0", "FILINGS_UNTIMED": "0"}
# The machine may be busy with other tests; nothing waits longer than it must.
PATIENCE = 90.0


def wait_until(condition: Callable[[], bool], what: str) -> None:
    """Look again and again until `condition` holds; AssertionError, naming `what`, when it does not come true."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, f"waited {PATIENCE:.0f} s for this: {what}"
        time.sleep(0.01)


class Portal:
    """PostgreSQL, the web server with its processes, and the worker, each a child of ours that may be killed."""

    def __init__(self, data_dir: Path, mail_port: int, url: str = "", **told: str) -> None:
        """`url` names the database where it is not the portal's own; `told` is what else its settings read."""
        self.data_dir = data_dir
        self.options = Options(HOST, free_port(), data_dir, 0, "")
        environ = {name: value for name, value in os.environ.items() if name not in FOREIGN}
        # Static files are of no interest here, and compressing them takes longer than all the rest.
        environ |= {**NO_LIMITS, "HASHED_STATIC": "0", "EMAIL_URL": f"smtp://{HOST}:{mail_port}", **told}
        self.env = demo.environment(self.options, url or application_url(data_dir), environ)
        self.children: demo.Children = {}
        self.database = ExitStack()

    def start_database(self) -> Cluster:
        return self.database.enter_context(running_cluster(self.data_dir))

    def prepare(self) -> None:
        demo.prepare(self.options, self.env, database_url(self.data_dir))

    def start(self, name: str) -> None:
        """Start the `server` or the `worker` with the launcher's own command."""
        with (self.data_dir / f"{name}.log").open("ab") as log:
            self.children[name] = spawn(
                [sys.executable, *demo.commands(self.options)[name]],
                env={**demo.PATIENCE[name], **self.env},
                cwd=ROOT,
                output=log,
                on_parent_death=signal.SIGKILL,
            )

    def start_server(self) -> None:
        demo.refuse_taken_port(HOST, self.options.port)
        self.start("server")
        self.wait_for_server()

    def wait_for_server(self) -> None:
        demo.wait_until_healthy(self.options, {"server": self.children["server"]})

    @property
    def letters_at_once(self) -> int:
        """How many jobs the launcher's worker does side by side."""
        command = demo.commands(self.options)["worker"]
        return int(command[command.index("--concurrency") + 1])

    def server_processes(self) -> set[int]:
        """The processes that answer requests: what granian itself starts."""
        return children_of(self.children["server"].pid)

    def kill_server_process(self) -> None:
        """One of the processes that answer; granian starts another in its place."""
        before = self.server_processes()
        os.kill(min(before), signal.SIGKILL)
        wait_until(lambda: len(self.server_processes() - {min(before)}) == len(before), "another server process")

    def kill(self, name: str) -> None:
        """The `server` with all its processes, or the `worker`: kill -9, and nobody starts it again."""
        stop(self.children[name], [])

    def kill_database(self) -> None:
        """The postmaster and everything it started, at once, as when the power goes."""
        for pid in servers_in(find_place(self.data_dir).cluster):
            os.kill(pid, signal.SIGKILL)
        self.database.close()

    def keep_worker(self) -> None:
        """What an init system does: a worker that has ended by itself, as it does without a database, is started."""
        if self.children["worker"].poll() is not None:
            self.start("worker")

    def read_file(self, stored: str) -> bytes:
        """What lies in the store under that name."""
        return (self.data_dir / "attachments" / stored).read_bytes()

    def files(self) -> set[str]:
        """The names of all that lies in the store."""
        store = self.data_dir / "attachments"
        return {str(path.relative_to(store)) for path in store.rglob("*") if path.is_file()}

    def manage(self, *arguments: str) -> None:
        assert call([sys.executable, "manage.py", *arguments], env=self.env, cwd=ROOT) == 0, arguments

    def told(self, *arguments: str, **other: str) -> str:
        """What a command says, with other values for some variables."""
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            env={**self.env, **other},
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        return done.stdout

    def query(self, statement: LiteralString, *values: object) -> list[tuple[Any, ...]]:
        """The rows of a statement, read past the portal's own code."""
        with psycopg.connect(self.env["DATABASE_URL"], autocommit=True) as connection:
            return connection.execute(statement, values).fetchall()

    def force(self, statement: LiteralString) -> list[tuple[Any, ...]]:
        """The rows of a change made past the guards of the store, as only the superuser can."""
        guards_off = "-c session_replication_role=replica"
        with psycopg.connect(
            self.env["DATABASE_URL"], user="postgres", options=guards_off, autocommit=True
        ) as connection:
            return connection.execute(statement).fetchall()

    def stop_all(self) -> None:
        for child in self.children.values():
            stop(child, [(signal.SIGTERM, 10)])
        self.database.close()


@contextmanager
def held_for_a_while(lock: Path) -> Iterator[None]:
    """One process of the tests at a time; the others wait."""
    with lock.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def children_of(pid: int) -> set[int]:
    """The processes that any thread of this one has started, also the ended ones that it has not seen off yet."""
    lists = Path(f"/proc/{pid}/task").glob("*/children")
    return {int(child) for children in lists for child in children.read_text().split()}


@contextmanager
def running_portal(mail_port: int, pattern: Path) -> Iterator[Portal]:
    """A portal without a single case, in a directory of its own, gone afterwards with everything it started."""
    with own_directory() as directory:
        portal = Portal(directory, mail_port)
        try:
            prepare_once(portal, pattern)
            portal.start_database()
            portal.start_server()
            portal.start("worker")
            yield portal
        finally:
            portal.stop_all()


@contextmanager
def own_directory() -> Iterator[Path]:
    """A data directory that nobody else has, gone afterwards."""
    # Under root the database server has another account and must be able to pass.
    directory = Path(tempfile.mkdtemp(prefix="samokov-hardship-", dir="/tmp"))
    directory.chmod(0o711 if os.geteuid() == 0 else 0o700)
    try:
        yield directory
    finally:
        shutil.rmtree(directory, ignore_errors=True)
        shutil.rmtree(socket_directory(directory), ignore_errors=True)


def prepare_once(portal: Portal, pattern: Path) -> None:
    """Give the portal a database that is whole and does not run.

    Migrating takes most of the time, so it is done once and kept in `pattern`, from which the others are copied.
    """
    with held_for_a_while(pattern.with_suffix(".lock")):
        if pattern.exists():
            subprocess.run(["cp", "-a", f"{pattern}/.", portal.data_dir], check=True)
        else:
            portal.start_database()
            portal.prepare()
            portal.database.close()
            subprocess.run(["cp", "-a", portal.data_dir, pattern.with_suffix(".partial")], check=True)
            pattern.with_suffix(".partial").rename(pattern)
