"""What the application's role may do with each table: history, events and seals it may only read and add to, and what
only the owner writes it may only read."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import connections
from psycopg import sql

from samokov_portal.audit.guards import only_added_tables, table_of

EVERY = ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER")
ON_TABLE = frozenset({"SELECT", "INSERT", "UPDATE", "DELETE"})
ON_RECORD = frozenset({"SELECT", "INSERT"})
ON_TOLD = frozenset({"SELECT"})
# It is reached through its table.
ON_PARTITION: frozenset[str] = frozenset()
# Who erases or migrates says so: a tombstone by anybody else would keep a person's data from being found and erased.
OF_THE_OWNER = ("audit.Tombstone",)
MIGRATIONS = "django_migrations"
ON_SEQUENCE = frozenset({"SELECT", "USAGE"})
EVERY_ON_SEQUENCE = ("SELECT", "USAGE", "UPDATE")


@dataclass(frozen=True)
class Difference:
    """A table or sequence on which the role may too little or too much."""

    kind: str
    name: str
    lacking: tuple[str, ...]
    beyond: tuple[str, ...]


def grant_after_migrating(*, using: str, **_signal: Any) -> None:
    """Give the application's role what it needs, and take the rest away, where there is such a role."""
    with connections[using].cursor() as cursor:
        for difference in differences(cursor, settings.DATABASE_APPLICATION_ROLE):
            for statement, privileges in (
                ("GRANT {privileges} ON {kind} {name} TO {role}", difference.lacking),
                ("REVOKE {privileges} ON {kind} {name} FROM {role}", difference.beyond),
            ):
                if privileges:
                    cursor.execute(
                        sql.SQL(statement).format(
                            privileges=sql.SQL(", ").join(map(sql.SQL, privileges)),
                            kind=sql.SQL(difference.kind),
                            name=sql.Identifier(difference.name),
                            role=sql.Identifier(settings.DATABASE_APPLICATION_ROLE),
                        )
                    )


# What a role may is counted with what it inherits and with what everybody may.
ALLOWED = """
    SELECT relname, relkind = 'S', relispartition, ARRAY(
        SELECT privilege
        FROM unnest(CASE relkind WHEN 'S' THEN %(on_sequence)s::text[] ELSE %(on_table)s::text[] END) AS privilege
        WHERE CASE relkind WHEN 'S' THEN has_sequence_privilege(pg_roles.oid, pg_class.oid, privilege)
              ELSE has_table_privilege(pg_roles.oid, pg_class.oid, privilege) END)
    FROM pg_class JOIN pg_roles ON rolname = %(role)s
    WHERE relkind IN ('r', 'p', 'S') AND relnamespace = current_schema()::regnamespace
      AND pg_has_role(current_user, relowner, 'USAGE') AND NOT pg_has_role(pg_roles.oid, relowner, 'USAGE')
    ORDER BY relname
"""


def differences(cursor: Any, role: str) -> list[Difference]:
    """Where `role` may too little or too much on what the present role owns; nothing where there is no such role or it
    is the owner itself. One query."""
    cursor.execute(ALLOWED, {"role": role, "on_table": list(EVERY), "on_sequence": list(EVERY_ON_SEQUENCE)})
    wanted_on = dict.fromkeys(only_added_tables(), ON_RECORD) | dict.fromkeys(
        [MIGRATIONS, *map(table_of, OF_THE_OWNER)], ON_TOLD
    )
    found = []
    for name, is_sequence, is_partition, allowed in cursor.fetchall():
        on_table = ON_PARTITION if is_partition else wanted_on.get(name, ON_TABLE)
        wanted = ON_SEQUENCE if is_sequence else on_table
        lacking, beyond = tuple(sorted(wanted - set(allowed))), tuple(sorted(set(allowed) - wanted))
        if lacking or beyond:
            found.append(Difference("SEQUENCE" if is_sequence else "TABLE", name, lacking, beyond))
    return found
