"""The embedded PostgreSQL: a private cluster behind a private unix socket, alive as long as the launcher."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psycopg

from samokov_portal.database_roles import APPLICATION, OWNER, Role, make_roles
from samokov_portal.launcher import binaries, cyrillic, leftovers
from samokov_portal.launcher.binaries import Binaries
from samokov_portal.launcher.console import LauncherError, say
from samokov_portal.launcher.lock import held
from samokov_portal.launcher.places import Place, find_place, make_socket_directory, socket_directory
from samokov_portal.launcher.processes import call, spawn, stop

DATABASE = "samokov"
THROWAWAYS = Path("/tmp")
HOUR = 3600
# Said on both sides, or PGPORT in somebody's environment would lead elsewhere.
PORT = 5432
# Autovacuum too: tests roll back what they write, so it finds tables with pages and without rows, and with that in the
# statistics the planner reads whole tables once for each row of a report. JIT would be called by the guessed sizes.
UNWANTED_WHEN_THROWN_AWAY = ("fsync", "synchronous_commit", "full_page_writes", "autovacuum", "jit")
# Long enough to replay the log of a large interrupted load.
START_TIMEOUT = 60.0


@dataclass(frozen=True)
class Cluster:
    """`url` is of the role that owns everything, `application_url` of the one with which the portal is served,
    `administrator_url` of the superuser."""

    url: str
    application_url: str
    administrator_url: str
    process: subprocess.Popen[bytes]


def database_url(data_dir: Path) -> str:
    """Where the cluster of this DATA_DIR answers its owner while it runs. Nothing is looked at, made or started."""
    return _url(data_dir, role=OWNER, database=DATABASE)


def application_url(data_dir: Path) -> str:
    """The same for the application's role, which owns nothing."""
    return _url(data_dir, role=APPLICATION, database=DATABASE)


def _url(data_dir: Path, *, role: str, database: str) -> str:
    return f"postgresql://{role}@/{database}?host={socket_directory(data_dir)}&port={PORT}"


@contextmanager
def running_cluster(
    data_dir: Path,
    *,
    durable: bool = True,
    max_connections: int = 100,
    environ: Mapping[str, str] = os.environ,
) -> Iterator[Cluster]:
    """Start the cluster of an existing DATA_DIR, made on first use, and stop it at the end.

    With `durable=False` nothing is synced to disk and the cluster is thrown away, before as well as after. It lives at
    most as long as the thread that entered.
    """
    place = find_place(data_dir)
    with held(place.home / "postgres.lock", f"the database in {place.home} is in use by another launcher"):
        _clear(place, everything=not durable)
        programs = binaries.choose(environ, _major_of(place.cluster))
        programs = binaries.usable_by(place.account, programs, place.home)
        if not place.cluster.exists():
            _initialise(place, programs, environ, durable=durable)
        process = _spawn(place, programs, environ, durable=durable, max_connections=max_connections)
        try:
            _prepare(data_dir, place, process)
            administrator = _url(data_dir, role="postgres", database=DATABASE)
            yield Cluster(database_url(data_dir), application_url(data_dir), administrator, process)
        finally:
            # Fast: sessions end now and the log needs no recovery. Then immediate, then killed.
            stop(process, [(signal.SIGINT, 30), (signal.SIGQUIT, 10)])
            _clear(place, everything=not durable)


@contextmanager
def throwaway_cluster(*, max_connections: int = 100, durable: bool = False) -> Iterator[Cluster]:
    """A new, empty cluster for tests and measurements, in a directory of its own, so that many run side by side."""
    _sweep_throwaways()
    directory = Path(tempfile.mkdtemp(prefix="samokov-test-", dir=THROWAWAYS))
    # Started by root, the server has another account and must be able to pass.
    directory.chmod(0o711 if os.geteuid() == 0 else 0o700)
    try:
        with running_cluster(directory, durable=durable, max_connections=max_connections) as cluster:
            yield cluster
    finally:
        shutil.rmtree(directory, ignore_errors=True)


def _sweep_throwaways() -> None:
    """Remove what killed tests left. A free lock alone does not prove it: the owner may be about to take it."""
    for directory in THROWAWAYS.glob("samokov-test-*"):
        with suppress(LauncherError, OSError):
            found = directory.stat()
            if found.st_uid == os.geteuid() and time.time() - found.st_mtime > HOUR:
                with held(directory / "postgres.lock", "in use"):
                    _clear(find_place(directory), everything=True)
                    shutil.rmtree(directory)


def _clear(place: Place, *, everything: bool) -> None:
    if place.cluster.exists():
        leftovers.clear(place.cluster, place.socket_directory)
    # What an initdb that was killed has left; a whole cluster is never called so.
    for draft in place.home.glob("postgres.partial-*"):
        shutil.rmtree(draft, ignore_errors=True)
    if everything:
        shutil.rmtree(place.cluster, ignore_errors=True)
    with suppress(OSError):
        place.socket_directory.rmdir()


def _major_of(cluster: Path) -> int | None:
    if not cluster.exists():
        return None
    try:
        return int((cluster / "PG_VERSION").read_text(encoding="ascii"))
    except (OSError, ValueError) as error:
        raise LauncherError(f"{cluster} is not a readable PostgreSQL cluster: move it away to get a new one") from error


def _scrubbed(environ: Mapping[str, str]) -> dict[str, str]:
    """Without what would choose a locale that may not be generated here, or redirect the server."""
    return {name: value for name, value in environ.items() if not name.startswith(("LANG", "LC_", "PG"))}


def locale_flags(major: int) -> list[str]:
    """The locale under which lower(), ILIKE, full text and trigrams all know Cyrillic.

    Every other way to say it breaks one of them in silence: plain C breaks all, and --builtin-locale with --locale=C
    leaves LC_CTYPE at C, under which pg_trgm sees no letters. `cyrillic.verify` watches over this.
    """
    return ["--locale=C.UTF-8"] if major < 17 else ["--locale-provider=builtin", "--locale=C.UTF-8"]


def _initialise(place: Place, programs: Binaries, environ: Mapping[str, str], *, durable: bool) -> None:
    """Make the cluster under another name and rename it when whole: a killed initdb leaves nothing to trip on."""
    say(f"Creating a PostgreSQL {programs.major} database in {place.cluster}")
    draft = Path(tempfile.mkdtemp(prefix="postgres.partial-", dir=place.home))
    place.account.give(draft)
    flags = ["--encoding=UTF8", *locale_flags(programs.major), "--username=postgres"]
    # No password: there is no TCP port, and the socket lies in a directory that only its owner and root can enter.
    flags += ["--auth=trust", *([] if durable else ["--no-sync"])]
    with place.log.open("wb") as log:
        arguments = [programs.initdb, "-D", str(draft), *flags]
        code = call(arguments, env=_scrubbed(environ), account=place.account, output=log, cwd=Path("/"))
    if code != 0:
        raise LauncherError(f"initdb failed: {_last_line(place.log)} (all of it in {place.log})")
    draft.rename(place.cluster)


def _spawn(
    place: Place, programs: Binaries, environ: Mapping[str, str], *, durable: bool, max_connections: int
) -> subprocess.Popen[bytes]:
    """The postmaster as our own child, not a daemon of pg_ctl: it ends with us, and we see when it ends."""
    make_socket_directory(place)
    # PostgreSQL refuses a directory that others can read, which is what a careless recursive chmod makes of it.
    place.cluster.chmod(0o700)
    settings = [f"unix_socket_directories={place.socket_directory}", "unix_socket_permissions=0700", f"port={PORT}"]
    settings += ["listen_addresses=", f"max_connections={max_connections}"]
    if not durable:
        settings += [f"{name}=off" for name in UNWANTED_WHEN_THROWN_AWAY]
    if place.log.exists():
        place.log.replace(place.log.with_name("postgres.log.1"))
    with place.log.open("wb") as log:
        return spawn(
            [programs.postgres, "-D", str(place.cluster), *_options(settings)],
            env=_scrubbed(environ),
            account=place.account,
            # A fast shutdown, even when we are killed: the next start then needs no recovery.
            on_parent_death=signal.SIGINT,
            output=log,
            cwd=Path("/"),
        )


def _options(settings: Sequence[str]) -> Iterator[str]:
    for setting in settings:
        yield "-c"
        yield setting


def _prepare(data_dir: Path, place: Place, process: subprocess.Popen[bytes]) -> None:
    """Wait for the server; make the roles and the database if missing; refuse one that does not know Cyrillic.

    Neither is a superuser: the owner can create trusted extensions such as pg_trgm in its database, and may create
    databases, because the tests do.
    """
    administrator = _url(data_dir, role="postgres", database="postgres")
    _wait(administrator, place, process)
    make_roles(
        administrator, database=DATABASE, owner=Role(OWNER), application=Role(APPLICATION), attributes="CREATEDB"
    )
    cyrillic.verify(database_url(data_dir))


def _wait(url: str, place: Place, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_TIMEOUT
    while True:
        try:
            psycopg.connect(url, connect_timeout=5).close()
        except psycopg.OperationalError as error:
            if process.poll() is not None or time.monotonic() > deadline:
                reason = _last_line(place.log)
                raise LauncherError(f"PostgreSQL does not start: {reason} (all of it in {place.log})") from error
            time.sleep(0.05)
        else:
            return


def _last_line(log: Path) -> str:
    """The last line that tells of a failure, else the last of all."""
    lines = [line for line in log.read_text(encoding="utf-8", errors="replace").splitlines() if line.strip()]
    failures = [line for line in lines if "FATAL" in line or "error" in line]
    return (failures or lines or ["no word from it"])[-1].strip()
