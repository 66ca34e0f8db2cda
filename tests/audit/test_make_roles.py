"""One command makes the database and its two roles, also of a database that had one."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from subprocess import run
from typing import Any

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from psycopg import errors, sql
from psycopg.conninfo import make_conninfo

from samokov_portal.audit.guards import missing
from samokov_portal.audit.privileges import differences
from samokov_portal.database_roles import OWNER, Role, RoleError, make_roles
from samokov_portal.launcher.backup import program, server_major
from tests.audit.test_roles import address

pytestmark = pytest.mark.django_db


@pytest.fixture
def empty_database() -> Iterator[str]:
    """The name of a database that is not there yet, and is not there afterwards; its roles neither."""
    name = f"roles_{os.getpid()}"
    yield name
    with psycopg.connect(address(dbname="postgres", user="postgres"), autocommit=True) as administrator:
        administrator.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))
        for role in (f"{name}_owner", f"{name}_portal"):
            administrator.execute(sql.SQL("DROP ROLE IF EXISTS {}").format(sql.Identifier(role)))


def test_one_command_makes_database_and_roles(empty_database: str, monkeypatch: Any, capsys: Any) -> None:
    owner, portal = f"{empty_database}_owner", f"{empty_database}_portal"
    monkeypatch.setenv("DATABASE_OWNER_URL", address(dbname=empty_database, user=owner, password="тайна-1"))
    monkeypatch.setenv("DATABASE_URL", address(dbname=empty_database, user=portal, password="тайна-2"))
    administrator = make_conninfo(host=connection.settings_dict["HOST"], user="postgres", dbname="postgres")

    call_command("make_roles", administrator)
    call_command("make_roles", administrator)

    with psycopg.connect(address(dbname=empty_database, user=owner)) as session:
        session.execute("CREATE TABLE kept (id int)")
    with psycopg.connect(address(dbname=empty_database, user=portal)) as session:
        with pytest.raises(errors.InsufficientPrivilege):
            session.execute("SELECT * FROM kept")
        session.rollback()
        with pytest.raises(errors.InsufficientPrivilege):
            session.execute("CREATE TEMPORARY TABLE mine (id int)")
    with psycopg.connect(address(user="postgres", dbname="postgres")) as session:
        hashed = session.execute("SELECT rolpassword FROM pg_authid WHERE rolname = %s", [portal]).fetchone()
    assert hashed is not None
    assert hashed[0].startswith("SCRAM-SHA-256$")
    assert f"{owner} owns {empty_database}, {portal} uses it" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("owner", "portal", "message"),
    [
        ("", "postgresql://a@/x", "DATABASE_OWNER_URL must name a role and a database"),
        ("postgresql://o:тайна@h:1:2/x?a", "postgresql://a@/x", "DATABASE_OWNER_URL is not the address of a database"),
        ("postgresql://o@/x", "postgresql://a@/y", "name two databases"),
        ("postgresql://o@/x", "postgresql://o@/x", "the owner and the application are both o"),
        ("postgresql://o@/x", "postgresql://postgres@/x", "the database server says"),
    ],
)
def test_addresses_that_do_not_do_are_refused(monkeypatch: Any, owner: str, portal: str, message: str) -> None:
    monkeypatch.setenv("DATABASE_OWNER_URL", owner)
    monkeypatch.setenv("DATABASE_URL", portal)

    with pytest.raises(CommandError, match=message) as refusal:
        call_command("make_roles", "postgresql://nobody@127.0.0.1:1/postgres")

    assert "тайна" not in str(refusal.value)


def test_a_database_of_one_role_becomes_one_of_two(empty_database: str, monkeypatch: Any, tmp_path: Path) -> None:
    """From before there was an owner: the portal's role made all the tables. The same two commands make it right."""
    owner, portal = f"{empty_database}_owner", f"{empty_database}_portal"
    url = {role: address(dbname=empty_database, user=role) for role in (owner, portal)}
    administrator = address(dbname="postgres", user="postgres")
    with psycopg.connect(administrator, autocommit=True) as session:
        session.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(portal)))
        session.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(*map(sql.Identifier, (empty_database, portal))))
    now = address(dbname=connection.settings_dict["NAME"])
    major, dump = server_major(now), str(tmp_path / "dump")
    tables = ["--exclude-table-data=services_*", "--exclude-table-data=charter_*"]
    run([program("pg_dump", os.environ, major), "-Fc", *tables, f"--file={dump}", f"--dbname={now}"], check=True)
    restored = ["--no-owner", "--no-privileges", "--exit-on-error", f"--dbname={url[portal]}", dump]
    run([program("pg_restore", os.environ, major), *restored], check=True)
    monkeypatch.setenv("DATABASE_OWNER_URL", url[owner])
    monkeypatch.setenv("DATABASE_URL", url[portal])

    call_command("make_roles", administrator)
    environ = {**os.environ, "DATABASE_URL": url[owner], "DATABASE_APPLICATION_ROLE": portal}
    migrated = [sys.executable, "manage.py", "migrate", "--no-input", "--skip-checks", "--verbosity=0"]
    run(migrated, env=environ, check=True)

    with psycopg.connect(url[portal]) as session:
        owned = "SELECT relname FROM pg_class WHERE relowner = current_user::regrole UNION ALL"
        owned += " SELECT proname FROM pg_proc WHERE proowner = current_user::regrole"
        assert session.execute(owned).fetchall() == []  # type: ignore[call-overload]
        session.execute("SELECT count(*) FROM feedback_case")
        with pytest.raises(errors.InsufficientPrivilege):
            session.execute("DELETE FROM feedback_historicalcase")
    with psycopg.connect(url[owner]) as session:
        assert differences(session.cursor(), portal) == []
        assert missing(session.cursor()) == []


def test_an_application_that_may_act_as_the_owner_is_refused(empty_database: str) -> None:
    administrator = address(dbname="postgres", user="postgres")

    with pytest.raises(RoleError, match="is a superuser or may act as"):
        make_roles(administrator, database=empty_database, owner=Role(OWNER), application=Role("postgres"))
