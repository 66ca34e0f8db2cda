"""A peer's database beside the portal's, and the peer under the portal's server with packages of its own."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

from samokov_portal.benchmark.servers import served
from samokov_portal.database_roles import OWNER
from samokov_portal.launcher.options import ROOT

DATABASE = "helpdesk"
SITE = "samokov_portal.benchmark.peers.helpdesk"


@dataclass(frozen=True)
class Peer:
    """Where a peer is served, and the cookie with which somebody of its staff is logged in."""

    port: int
    cookie: str


@contextmanager
def helpdesk_served(python: Path, *, administrator: str, owner: str, tickets: int) -> Iterator[Peer]:
    """django-helpdesk with so many tickets, by the `python` that has its packages; the addresses are the portal's.

    Raises subprocess.CalledProcessError where its tables cannot be made.
    """
    with psycopg.connect(administrator, autocommit=True) as session:
        made = sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(DATABASE), sql.Identifier(OWNER))
        session.execute(made)
    env = {
        **os.environ,
        "DATABASE_URL": owner,
        "PEER_DATABASE": DATABASE,
        "DJANGO_SETTINGS_MODULE": f"{SITE}.settings",
    }
    prepared = subprocess.run(
        [str(python), "-m", f"{SITE}.prepare", str(tickets)], env=env, cwd=ROOT, stdout=subprocess.PIPE, check=True
    )
    with served(f"{SITE}.wsgi:application", "/", python=python, env=env) as (port, _process):
        yield Peer(port, prepared.stdout.decode().strip())
