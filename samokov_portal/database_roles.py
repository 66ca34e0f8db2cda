"""The two roles of the database: the owner, who migrates, and the application, which owns nothing.

Whoever owns a table may switch its guards off, so the server and the worker are not the owner. What the application may
do with each table is granted after every `migrate` (`samokov_portal.audit.privileges`).
"""

from dataclasses import dataclass
from typing import LiteralString

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

OWNER = "samokov"
APPLICATION = "samokov_portal"


class RoleError(Exception):
    """The two roles would not be kept apart."""


@dataclass(frozen=True)
class Role:
    """A role that logs in; without a password the server has to let it in by other means."""

    name: str
    password: str = ""


def make_roles(
    administrator: str, *, database: str, owner: Role, application: Role, attributes: LiteralString = ""
) -> None:
    """Make both roles and the database where they are missing, and give them the passwords.

    `administrator` is the libpq address of a superuser, `attributes` what the owner may beside (`CREATEDB`). Safe to
    repeat. Raises RoleError where the application could act as the owner, and psycopg.Error.
    """
    if owner.name == application.name:
        raise RoleError(f"the owner and the application are both {owner.name}: two roles are needed")
    with psycopg.connect(administrator, autocommit=True) as connection:
        _make(connection, owner, attributes)
        _make(connection, application, "NOSUPERUSER NOCREATEDB NOCREATEROLE")
        _refuse_mixed(connection, owner, application)
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database]).fetchone():
            names = sql.Identifier(database), sql.Identifier(owner.name)
            connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(*names))
    with psycopg.connect(make_conninfo(administrator, dbname=database)) as connection:
        for statement in (
            "GRANT CONNECT ON DATABASE {database} TO {application}",
            # A temporary table is looked up before all others: whoever makes one could stand it in for another.
            "REVOKE TEMPORARY ON DATABASE {database} FROM PUBLIC",
            "REVOKE CREATE ON SCHEMA public FROM PUBLIC",
            "GRANT USAGE, CREATE ON SCHEMA public TO {owner}",
        ):
            of = {"database": database, "owner": owner.name, "application": application.name}
            connection.execute(sql.SQL(statement).format(**{key: sql.Identifier(name) for key, name in of.items()}))


def _make(connection: psycopg.Connection, role: Role, attributes: LiteralString) -> None:
    if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role.name]).fetchone():
        connection.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(role.name)))
        connection.execute(sql.SQL("ALTER ROLE {} " + attributes).format(sql.Identifier(role.name)))
    if role.password:
        # Hashed here, so that no server writes it into its log.
        hashed = connection.pgconn.encrypt_password(role.password.encode(), role.name.encode(), b"scram-sha-256")
        statement = sql.SQL("ALTER ROLE {} PASSWORD {}")
        connection.execute(statement.format(sql.Identifier(role.name), sql.Literal(hashed.decode())))


def _refuse_mixed(connection: psycopg.Connection, owner: Role, application: Role) -> None:
    mixed = connection.execute(
        "SELECT rolsuper OR pg_has_role(rolname, %s, 'MEMBER') FROM pg_roles WHERE rolname = %s",
        [owner.name, application.name],
    ).fetchone()
    if mixed == (True,):
        raise RoleError(f"{application.name} is a superuser or may act as {owner.name}, so no guard would hold it")
