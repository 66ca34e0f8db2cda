"""A portal on several machines: two app servers and two workers that share no directory, a primary and its replica."""

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, LiteralString

import psycopg

from samokov_portal.launcher import binaries
from samokov_portal.launcher.cluster import PORT, application_url
from samokov_portal.launcher.leftovers import clear, servers_in
from samokov_portal.launcher.places import find_place, make_socket_directory
from samokov_portal.launcher.processes import spawn, stop
from tests.files.bucket import BUCKET, running_store
from tests.hardship.portal import Portal, own_directory, prepare_once, wait_until

# The same on each machine.
SECRET = "one key for all machines, long enough for every check that asks for fifty letters"
ALL_REPLAYED = "SELECT pg_last_wal_replay_lsn() >= %s::pg_lsn"


class Replica:
    """A streaming replica of the database in `primary`, a data directory whose server does not run yet."""

    def __init__(self, data_dir: Path, primary: Path) -> None:
        self.place, source = find_place(data_dir), find_place(primary)
        self.primary_url = application_url(primary)
        self.url = application_url(data_dir)
        self.sender = f"host={source.socket_directory} port={PORT} user=postgres"
        self.process: subprocess.Popen[bytes] | None = None
        # Of a server that was stopped in order the files alone are a whole copy.
        subprocess.run(["cp", "-a", source.cluster, self.place.cluster], check=True)
        standby = self.place.cluster / "standby.signal"
        standby.touch()
        self.place.account.give(standby)

    def start(self) -> None:
        clear(self.place.cluster, self.place.socket_directory)
        make_socket_directory(self.place)
        major = int((self.place.cluster / "PG_VERSION").read_text())
        programs = binaries.usable_by(self.place.account, binaries.choose(os.environ, major), self.place.home)
        settings = [f"unix_socket_directories={self.place.socket_directory}", "unix_socket_permissions=0700"]
        settings += [f"port={PORT}", "listen_addresses=", f"primary_conninfo={self.sender}", "hot_standby_feedback=on"]
        with self.place.log.open("ab") as log:
            self.process = spawn(
                [programs.postgres, "-D", str(self.place.cluster), *(part for one in settings for part in ("-c", one))],
                env={name: value for name, value in os.environ.items() if not name.startswith(("LANG", "LC_", "PG"))},
                account=self.place.account,
                on_parent_death=signal.SIGQUIT,
                output=log,
                cwd=Path("/"),
            )
        wait_until(self.has_all, "the replica has caught up")

    def kill(self) -> None:
        """The server and everything it started, at once, as when the power goes."""
        for pid in servers_in(self.place.cluster):
            os.kill(pid, signal.SIGKILL)
        self.stop()

    def stop(self) -> None:
        if self.process is not None:
            stop(self.process, [(signal.SIGINT, 10)])

    @contextmanager
    def standing_still(self) -> Iterator[None]:
        """What the primary writes meanwhile is received, and seen by nobody who reads here."""
        self.query("SELECT pg_wal_replay_pause()::text")
        try:
            yield
        finally:
            self.query("SELECT pg_wal_replay_resume()::text")
        wait_until(self.has_all, "the replica has caught up")

    def query(self, statement: LiteralString, *values: object) -> Any:
        """The first value that a statement gives to the superuser."""
        with psycopg.connect(self.url, user="postgres", autocommit=True) as connection:
            row = connection.execute(statement, values).fetchone()
        return row[0] if row else None

    def has_all(self) -> bool:
        """Whether it answers and has what the primary has written until now."""
        with psycopg.connect(self.primary_url, autocommit=True) as connection:
            row = connection.execute("SELECT pg_current_wal_lsn()::text").fetchone()
        try:
            return bool(row and self.query(ALL_REPLAYED, row[0]))
        except psycopg.OperationalError:
            return False


class Machine(Portal):
    """An app server and a worker with a directory of their own, whose files lie in the bucket of all."""

    def __init__(self, data_dir: Path, mail_port: int, url: str, store: Any, **told: str) -> None:
        super().__init__(data_dir, mail_port, url, **told)
        self.store = store

    def read_file(self, stored: str) -> bytes:
        content: bytes = self.store.get_object(Bucket=BUCKET, Key=stored)["Body"].read()
        return content

    def files(self) -> set[str]:
        pages = self.store.get_paginator("list_objects_v2").paginate(Bucket=BUCKET)
        return {item["Key"] for page in pages for item in page.get("Contents", [])}


@dataclass(frozen=True)
class Machines:
    # Holds the primary; serves nothing.
    primary: Portal
    replica: Replica
    # The first may read a replica that is an hour behind, the second one that is a second behind.
    first: Machine
    second: Machine

    @property
    def ports(self) -> tuple[int, int]:
        return self.first.options.port, self.second.options.port


@contextmanager
def running_machines(mail_port: int, pattern: Path) -> Iterator[Machines]:
    """All of it, gone afterwards; each machine knows the others by addresses alone."""
    with ExitStack() as stack:
        one, two, third, fourth = (stack.enter_context(own_directory()) for _ in range(4))
        primary = Portal(one, mail_port)
        prepare_once(primary, pattern)
        replica = Replica(two, one)
        stack.callback(primary.stop_all)
        primary.start_database()
        stack.callback(replica.stop)
        replica.start()
        store = stack.enter_context(running_store())
        told = store.told | {"SECRET_KEY": SECRET, "DATABASE_REPLICA_URL": replica.url}
        url = application_url(one)
        first = Machine(third, mail_port, url, store.owner, **told, DATABASE_REPLICA_LAG_SECONDS="3600")
        second = Machine(fourth, mail_port, url, store.owner, **told, DATABASE_REPLICA_LAG_SECONDS="1")
        for machine in (first, second):
            stack.callback(machine.stop_all)
            machine.start("worker")
            machine.start("server")
        for machine in (first, second):
            machine.wait_for_server()
        yield Machines(primary, replica, first, second)
