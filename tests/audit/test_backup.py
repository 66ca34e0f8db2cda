"""A backup comes back as it was, into an empty database only, and a backup that somebody touched is not taken."""

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import connection
from django.utils import timezone
from psycopg import sql
from psycopg.conninfo import make_conninfo

from charter.measurement import Period
from samokov_portal.audit.seals import seal_with_our_key
from samokov_portal.database_roles import APPLICATION, OWNER
from samokov_portal.keys import make_key, private_key
from samokov_portal.launcher.backup import DUMP, FILES, backup
from samokov_portal.launcher.console import LauncherError
from samokov_portal.launcher.manifest import MANIFEST, SIGNATURE
from samokov_portal.launcher.options import Options
from samokov_portal.launcher.restore import restore
from tests.charter.staged import publish
from tests.factories import CaseFactory

pytestmark = pytest.mark.django_db(transaction=True)

FILE = Path(FILES) / "2026" / "снимка.png"


def options(data_dir: Path, database: str) -> Options:
    url = make_conninfo(os.environ["DATABASE_URL"], dbname=database, user=OWNER)
    return Options("127.0.0.1", 8000, data_dir, 0, url)


@pytest.fixture
def full(tmp_path: Path, staff: Any, few_standards: None, settings: Any) -> Options:
    """A portal with cases, a file, a published report and a seal."""
    data_dir = tmp_path / "full"
    settings.REPORT_KEY_FILE = data_dir / "keys" / "report.key"
    make_key(settings.REPORT_KEY_FILE)
    (data_dir / FILE).parent.mkdir(parents=True)
    (data_dir / FILE).write_bytes(b"\x89PNG of a street lamp")
    CaseFactory.create_batch(6, decided=True)
    CaseFactory(closed=True)
    now = timezone.now()  # noqa: TID251 - what the store knows it knows by the clock
    publish(Period.parse("2026-Q2"), now, staff)
    seal_with_our_key(now)
    return options(data_dir, connection.settings_dict["NAME"])


@pytest.fixture
def empty(tmp_path: Path, full: Options) -> Iterator[Options]:
    """A database without a table, and a folder that holds the keys only, which were kept apart."""
    name = f"restored_{os.getpid()}"
    statement = sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name))
    administrator = make_conninfo(os.environ["DATABASE_URL"], dbname="postgres", user="postgres")
    with psycopg.connect(administrator, autocommit=True) as session:
        session.execute(statement)
        session.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(*map(sql.Identifier, (name, OWNER))))
        shutil.copytree(full.data_dir / "keys", tmp_path / "empty" / "keys")
        yield options(tmp_path / "empty", name)
        session.execute(statement)


def environ(**more: str) -> dict[str, str]:
    """What `make` would pass on: nothing of the tests' own places."""
    return {name: value for name, value in os.environ.items() if name != "DATABASE_URL"} | more


def rows(url: str, statement: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(url) as session:
        return session.execute(statement).fetchall()  # type: ignore[call-overload,no-any-return]


def by_force(url: str, table: str, statement: str) -> None:
    """As the owner with the guards off."""
    with psycopg.connect(url) as session:
        for one in (f"ALTER TABLE {table} DISABLE TRIGGER USER", statement, f"ALTER TABLE {table} ENABLE TRIGGER USER"):
            session.execute(one)  # type: ignore[call-overload]


def test_a_backup_comes_back_as_it_was_and_is_verified(full: Options, empty: Options, capfd: Any) -> None:
    # One of somebody else keeps nothing from being dumped.
    [(large,)] = rows(make_conninfo(full.database_url, user=APPLICATION), "SELECT lo_create(0)")
    made = backup(full, environ())
    rows(make_conninfo(full.database_url, user=APPLICATION), f"SELECT lo_unlink({large})")

    restore(empty, environ(FROM=str(made)))

    counted = "SELECT count(*), max(history_id) FROM feedback_historicalcase"
    assert rows(empty.database_url, counted) == rows(full.database_url, counted) != [(0, None)]
    assert (empty.data_dir / FILE).read_bytes() == (full.data_dir / FILE).read_bytes()
    said = capfd.readouterr().out
    assert "The history is as its seals say." in said
    assert "1 reports with 3 figures counted again; what differs: 0" in said
    assert "What was erased since the backup is there again" in said
    # Its guards are where they were.
    with pytest.raises(psycopg.Error, match=r"audit|history"):
        rows(empty.database_url, "TRUNCATE feedback_historicalcase")


def test_keys_are_in_no_backup_unless_they_are_asked_for_apart(full: Options, tmp_path: Path) -> None:
    made = backup(full, environ(KEYS_TO=str(tmp_path / "safe")))

    private = (full.data_dir / "keys" / "report.key").read_bytes()
    assert (tmp_path / "safe" / "report.key").read_bytes() == private
    assert not [path for path in made.rglob("*") if path.is_file() and private in path.read_bytes()]


def test_a_full_database_is_left_alone(full: Options) -> None:
    made = backup(full, environ())
    before = rows(full.database_url, "SELECT count(*) FROM feedback_case")
    shutil.rmtree(full.data_dir / FILES)

    with pytest.raises(LauncherError, match="not empty"):
        restore(full, environ(FROM=str(made)))

    assert rows(full.database_url, "SELECT count(*) FROM feedback_case") == before


@pytest.mark.parametrize(
    ("name", "said"),
    [
        (DUMP, "was changed"),
        (str(FILE), "was changed"),
        (SIGNATURE, "no readable|not signed"),
        ("unsigned", "no readable"),
        ("link", "is a link"),
        ("missing", "is missing"),
        ("more.txt", "was added"),
        (MANIFEST, "no readable"),
    ],
)
def test_a_backup_that_somebody_touched_is_not_taken(full: Options, empty: Options, name: str, said: str) -> None:
    made = backup(full, environ())
    if name == "missing":
        (made / FILE).unlink()
    elif name == "unsigned":
        (made / SIGNATURE).unlink()
    elif name == "link":
        (made / FILE).unlink()
        (made / FILE).symlink_to(full.data_dir / FILE)
    elif name == "more.txt":
        (made / name).write_text("more")
    else:
        content = bytearray((made / name).read_bytes())
        content[0] ^= 1
        (made / name).write_bytes(content)

    with pytest.raises(LauncherError, match=said):
        restore(empty, environ(FROM=str(made)))

    assert rows(empty.database_url, "SELECT count(*) FROM pg_class WHERE relname = 'feedback_case'") == [(0,)]


def test_a_store_that_was_rewritten_before_the_backup_is_found_at_its_restore(full: Options, empty: Options) -> None:
    by_force(
        full.database_url,
        "feedback_historicalcase",
        "UPDATE feedback_historicalcase SET due_on = due_on + 30",
    )
    made = backup(full, environ())

    with pytest.raises(LauncherError, match="verify_history says what differs"):
        restore(empty, environ(FROM=str(made)))


def test_a_seal_that_is_another_than_the_backup_names_is_found(full: Options, empty: Options) -> None:
    made = backup(full, environ())
    manifest = json.loads((made / MANIFEST).read_text(encoding="utf-8"))
    manifest["seal"]["digest"] = "0" * 64
    content = json.dumps(manifest).encode()
    (made / MANIFEST).write_bytes(content)
    key = private_key(full.data_dir / "keys" / "report.key")
    assert key is not None
    (made / SIGNATURE).write_text(key.sign(content).hex())

    with pytest.raises(LauncherError, match="newest seal"):
        restore(empty, environ(FROM=str(made)))


def test_what_a_stranger_signed_is_not_taken(full: Options, empty: Options) -> None:
    """A file may be changed together with its digest; the key is the portal's."""
    made = backup(full, environ())
    content = (made / MANIFEST).read_bytes()
    (made / SIGNATURE).write_text(Ed25519PrivateKey.generate().sign(content).hex())

    with pytest.raises(LauncherError, match="not signed by a key of this portal"):
        restore(empty, environ(FROM=str(made)))


def test_what_was_erased_since_is_erased_again_and_seals_are_held_against_their_copy(
    full: Options, empty: Options, tmp_path: Path, capfd: Any
) -> None:
    [(number,)] = rows(full.database_url, "SELECT number FROM feedback_case WHERE status = 'closed'")
    made = backup(full, environ())
    erased, seals = tmp_path / "erased.json", tmp_path / "seals.json"
    erased.write_text(json.dumps([{"what": "feedback.Case", "number": number, "why": "искане"}]), encoding="utf-8")
    [(last,)] = rows(full.database_url, "SELECT max(number) FROM audit_seal")
    seals.write_text(json.dumps({"seals": [{"number": last + 1, "digest": "0" * 64}]}))

    with pytest.raises(LauncherError, match="verify_history says what differs"):
        restore(empty, environ(FROM=str(made), SEALS=str(seals)))
    shutil.rmtree(empty.data_dir / FILES)
    with psycopg.connect(empty.database_url) as session:
        session.execute("DROP SCHEMA public CASCADE")
        session.execute("CREATE SCHEMA public")
    erased.rename(empty.data_dir / "keys" / "erased.json")
    restore(empty, environ(FROM=str(made)))

    # It lay beside the keys, and nobody had to name it.
    said = "SELECT name = '(заличено)' FROM feedback_case WHERE number = %s"
    with psycopg.connect(empty.database_url) as session:
        assert session.execute(said, [number]).fetchall() == [(True,)]
    assert "Erased again: 1." in capfd.readouterr().out


@pytest.mark.parametrize("named", ["", "/nowhere/at/all"])
def test_a_restore_of_nothing_is_refused(empty: Options, named: str) -> None:
    with pytest.raises(LauncherError, match=r"say which backup|not a whole backup"):
        restore(empty, environ(FROM=named))


def test_a_backup_that_fails_leaves_none_that_seems_whole(full: Options, tmp_path: Path) -> None:
    broken = Options(full.host, full.port, full.data_dir, 0, make_conninfo(full.database_url, dbname="not_there"))

    with pytest.raises(LauncherError, match="does not answer"):
        backup(broken, environ(BACKUPS=str(tmp_path / "kept")))

    assert [path.suffix for path in (tmp_path / "kept").iterdir()] == [".partial"]
