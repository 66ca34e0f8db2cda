"""The embedded database starts after any end of the last run, and ends with its launcher."""

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from samokov_portal.launcher import cluster as launcher_cluster
from samokov_portal.launcher import places
from samokov_portal.launcher.accounts import own_account
from samokov_portal.launcher.cluster import database_url, running_cluster
from samokov_portal.launcher.console import LauncherError
from samokov_portal.launcher.leftovers import servers_in
from samokov_portal.launcher.places import find_place, socket_directory
from tests.launcher.conftest import Holder

IS_ROOT = os.geteuid() == 0
FOREIGN_UID = 54321


def wait_until(condition: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + 15
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.05)
    return condition()


def write_row(url: str) -> None:
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 'запазено'::text AS word")


def read_row(url: str) -> object:
    with psycopg.connect(url) as connection:
        return connection.execute("SELECT word FROM kept").fetchone()


def test_url_is_one_for_all_ways_to_name_a_directory_and_makes_nothing(data_dir: Path) -> None:
    link = data_dir / "link"
    link.symlink_to(data_dir)

    urls = {database_url(data_dir), database_url(link), database_url(data_dir / "x" / "..")}

    assert len(urls) == 1
    assert database_url(data_dir / "x") not in urls
    assert not socket_directory(data_dir).exists()


def test_url_is_understood_by_libpq(data_dir: Path) -> None:
    parts = conninfo_to_dict(database_url(data_dir))

    assert parts == {"user": "samokov", "dbname": "samokov", "host": str(socket_directory(data_dir)), "port": "5432"}


def test_server_runs_unprivileged_and_serves_a_role_that_is_no_superuser(used_dir: Path) -> None:
    with running_cluster(used_dir) as cluster, psycopg.connect(cluster.url) as connection:
        role = connection.execute("SELECT usesuper FROM pg_user WHERE usename = current_user").fetchone()
        listening = connection.execute("SHOW listen_addresses").fetchone()
        uid = Path(f"/proc/{cluster.process.pid}").stat().st_uid

    assert (role, listening, uid) == ((False,), ("",), find_place(used_dir).account.uid)
    assert uid != 0


def test_data_stay_and_the_socket_goes_when_the_cluster_stops(used_dir: Path) -> None:
    with running_cluster(used_dir) as cluster:
        write_row(cluster.url)
    socket_left = socket_directory(used_dir).exists()

    with running_cluster(used_dir) as cluster:
        kept = read_row(cluster.url)

    assert (kept, socket_left) == (("запазено",), False)


def test_locale_and_libpq_variables_of_the_shell_are_not_heard(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"LANG": "bg_BG.UTF-8", "LC_ALL": "xx_XX", "PGPORT": "1", "PGDATA": "/"}.items():
        monkeypatch.setenv(name, value)

    with running_cluster(data_dir, durable=False) as cluster, psycopg.connect(cluster.url) as connection:
        assert connection.execute("SELECT lower('ЩЪ')").fetchone() == ("щъ",)
        # Statistics made between two tests are of rows that are gone: reports would take a hundred times as long.
        assert connection.execute("SHOW autovacuum").fetchone() == ("off",)


def test_server_ends_in_order_when_its_launcher_is_killed(
    used_dir: Path, hold_cluster: Callable[[Path], Holder]
) -> None:
    holder, _ = hold_cluster(used_dir)

    holder.kill()

    assert wait_until(lambda: not servers_in(used_dir / "postgres"))
    assert wait_until(lambda: "database system is shut down" in (used_dir / "postgres.log").read_text())


def test_starts_again_after_everything_was_killed(used_dir: Path, hold_cluster: Callable[[Path], Holder]) -> None:
    holder, postmaster = hold_cluster(used_dir)
    write_row(database_url(used_dir))
    # The launcher is stopped, so that it leaves its dead server a zombie.
    holder.send_signal(signal.SIGSTOP)
    os.kill(postmaster, signal.SIGKILL)
    holder.kill()

    with running_cluster(used_dir) as cluster:
        assert read_row(cluster.url) == ("запазено",)


def test_starts_when_a_stranger_has_the_number_of_the_killed_server(used_dir: Path) -> None:
    with running_cluster(used_dir) as cluster:
        write_row(cluster.url)
    stale = used_dir / "postgres" / "postmaster.pid"
    stale.write_text(f"{os.getpid()}\n{used_dir / 'postgres'}\n1\n5432\n\n\n")
    stale.chmod(0o644)

    with running_cluster(used_dir) as cluster:
        assert read_row(cluster.url) == ("запазено",)


def test_what_a_killed_initdb_left_is_removed(data_dir: Path) -> None:
    half = data_dir / "postgres.partial-killed"
    (half / "base").mkdir(parents=True)
    (half / "PG_VERSION").write_text("15\n")

    with running_cluster(data_dir) as cluster:
        psycopg.connect(cluster.url).close()

    assert not half.exists()


def test_second_start_on_the_same_data_is_refused(used_dir: Path) -> None:
    with (
        running_cluster(used_dir) as first,
        pytest.raises(LauncherError, match="in use by another"),
        running_cluster(used_dir),
    ):
        pass

    assert first.process.returncode == 0


def test_locale_that_does_not_know_cyrillic_is_refused(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(launcher_cluster, "locale_flags", lambda major: ["--locale=C"])

    with pytest.raises(LauncherError, match="does not know Cyrillic"), running_cluster(data_dir, durable=False):
        pass


def test_cluster_of_another_major_version_is_left_alone(data_dir: Path) -> None:
    account = find_place(data_dir).account
    (data_dir / "postgres").mkdir()
    (data_dir / "postgres" / "PG_VERSION").write_text("9\n")
    account.give(data_dir / "postgres")

    with pytest.raises(LauncherError, match="was made by PostgreSQL 9"), running_cluster(data_dir):
        pass

    assert (data_dir / "postgres" / "PG_VERSION").read_text() == "9\n"


def planted_open(path: Path) -> None:
    path.mkdir()
    path.chmod(0o777)


def planted_by_another(path: Path) -> None:
    """Another account's directory: root can make one, others find one and point to it."""
    if IS_ROOT:
        path.mkdir(mode=0o700)
        os.chown(path, FOREIGN_UID, FOREIGN_UID)
    else:
        path.symlink_to("/root")


@pytest.mark.parametrize("plant", [planted_open, planted_by_another])
def test_socket_directory_that_is_not_private_is_refused(used_dir: Path, plant: Callable[[Path], None]) -> None:
    path = socket_directory(used_dir)
    plant(path)
    # Not empty, or it would simply be made anew.
    occupied = plant is planted_open or IS_ROOT
    if occupied:
        (path / "trap").touch()

    try:
        with pytest.raises(LauncherError, match="is not private"), running_cluster(used_dir):
            pass
    finally:
        path.unlink() if path.is_symlink() else None


def test_directory_closed_to_the_servers_account_is_not_opened(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    state = data_dir / "state"
    monkeypatch.setattr(places, "STATE", state)
    closed = data_dir / "closed"
    closed.mkdir(mode=0o700)

    home = find_place(closed).home

    assert home == (state / socket_directory(closed).name.rpartition("-")[2] if IS_ROOT else closed)
    assert closed.stat().st_mode & 0o777 == 0o700
    assert closed.stat().st_uid == own_account().uid
