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

    `administrator` is the libpq address of a superuser, `attributes` what the owner may beside (`CREATEDB`). What is in
    the database already, from before there were two roles, becomes the owner's. Safe to repeat. Raises RoleError where
    the application could act as the owner, and psycopg.Error.
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
        _hand_over(connection, database, owner)


# What belongs to a table (its sequences, its type) goes with it, and what belongs to an extension stays there. The
# partitions of a table belong to it and do not go with it; a parted table belongs to its own columns.
OF_OTHERS = """
    SELECT kind, name FROM (
        SELECT 'pg_class'::regclass AS catalogue, oid, relowner AS owner, relnamespace AS space,
               oid::regclass::text AS name, CASE relkind WHEN 'S' THEN 'SEQUENCE' WHEN 'v' THEN 'VIEW'
               WHEN 'm' THEN 'MATERIALIZED VIEW' ELSE 'TABLE' END AS kind, relispartition AS is_partition
        FROM pg_class WHERE relkind IN ('r', 'p', 'v', 'm', 'S')
        UNION ALL
        SELECT 'pg_proc'::regclass, oid, proowner, pronamespace, oid::regprocedure::text, 'ROUTINE', false FROM pg_proc
        UNION ALL
        SELECT 'pg_type'::regclass, oid, typowner, typnamespace, oid::regtype::text, 'TYPE', false FROM pg_type
        WHERE typtype IN ('d', 'e', 'r') OR typrelid IN (SELECT oid FROM pg_class WHERE relkind = 'c')
    ) AS one WHERE space = 'public'::regnamespace AND owner <> %s::regrole AND (is_partition OR NOT EXISTS (
        SELECT FROM pg_depend
        WHERE classid = catalogue AND objid = one.oid AND deptype IN ('a', 'i', 'e') AND refobjid <> one.oid))
"""


def _hand_over(connection: psycopg.Connection, database: str, owner: Role) -> None:
    """Make the database and all that is in it the owner's: whoever owned it could switch the guards off."""
    mine = sql.Identifier(owner.name)
    connection.execute(sql.SQL("ALTER DATABASE {} OWNER TO {}").format(sql.Identifier(database), mine))
    # So that names are said in full.
    connection.execute("SET search_path = pg_catalog")
    for kind, name in connection.execute(OF_OTHERS, [mine.as_string()]).fetchall():
        connection.execute(sql.SQL("ALTER {} {} OWNER TO {}").format(sql.SQL(kind), sql.SQL(name), mine))


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
