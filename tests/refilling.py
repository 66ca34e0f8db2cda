"""What stands in the tables when the tests begin, kept so that a test with transactions of its own leaves it too."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import connection, transaction
from psycopg import sql

from samokov_portal.audit.guards import put_guards_after_migrating
from samokov_portal.audit.privileges import grant_after_migrating
from samokov_portal.audit.years import make_years_after_migrating

Kept = list[tuple[sql.Composed, bytes]]

# Tables that a test of migrations made anew number from 1, where the rows that are put back have those keys already.
# What is ahead of its rows stays where it is: tests hold a number to the one before.
SEQUENCES_GO_ON = """
DO $$
DECLARE
    numbered record;
    newest bigint;
BEGIN
    FOR numbered IN
        SELECT sequence.oid::regclass AS sequence, refobjid::regclass AS of_table, attname AS key
          FROM pg_class AS sequence
          JOIN pg_depend ON classid = 'pg_class'::regclass AND objid = sequence.oid AND deptype IN ('a', 'i')
          JOIN pg_attribute ON attrelid = refobjid AND attnum = refobjsubid
         WHERE sequence.relkind = 'S' AND sequence.relnamespace = 'public'::regnamespace
    LOOP
        EXECUTE format('SELECT max(%I) FROM %s', numbered.key, numbered.of_table) INTO newest;
        IF newest > coalesce(pg_sequence_last_value(numbered.sequence), 0) THEN
            PERFORM setval(numbered.sequence, newest);
        END IF;
    END LOOP;
END
$$
"""


def keep(conditions: Mapping[str, str] | None = None) -> Kept:
    """The rows of every table of the models that has any, each under the statement that puts them back.

    With `conditions` only of the tables that are its keys, in their order, and the rows that fulfil the value.
    """
    kept = []
    with connection.cursor() as cursor:
        every = connection.introspection.django_table_names(only_existing=True, include_views=False)
        for table in every if conditions is None else conditions:
            # By name, because their order is another one after a migration there and back.
            cursor.execute(
                "SELECT column_name FROM information_schema.columns"
                " WHERE table_schema = 'public' AND table_name = %s AND is_generated = 'NEVER' ORDER BY 1",
                [table],
            )
            columns = sql.SQL(", ").join(sql.Identifier(name) for (name,) in cursor.fetchall())
            asked = sql.SQL("COPY (SELECT {} FROM {} WHERE {}) TO STDOUT")
            which = sql.SQL("TRUE" if conditions is None else conditions[table])
            with cursor.copy(asked.format(columns, sql.Identifier(table), which)) as copy:
                content = b"".join(copy)
            if content:
                kept.append((sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table), columns), content))
    return kept


def put(kept: Kept) -> None:
    """Add the rows; the guards see them as they see any others."""
    with connection.cursor() as cursor:
        for statement, content in kept:
            with cursor.copy(statement) as copy:
                copy.write(content)


@transaction.atomic
def empty_and_refill(statements: Iterable[str], kept: Kept) -> None:
    """Empty the tables by Django's `statements`, which the guards refuse to everybody else, and put `kept` back.

    To load it anew takes some thousand queries; with its keys and its history it is the same to the byte.
    """
    with connection.cursor() as cursor:
        off, on = switches(cursor)
        cursor.execute(off)
        for statement in statements:
            cursor.execute(statement)
        # Its tables are not Django's to empty, and what one test left to the worker must not meet the next one.
        cursor.execute("TRUNCATE procrastinate_jobs CASCADE")
        put(kept)
        cursor.execute(SEQUENCES_GO_ON)
        # No trigger can be switched while a check still waits.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(on)


def guard_again(*_arguments: Any, **_options: Any) -> None:
    """The years, the guards and the rights as after each `migrate`."""
    make_years_after_migrating(using=connection.alias)
    put_guards_after_migrating(using=connection.alias)
    grant_after_migrating(using=connection.alias)


def switches(cursor: Any) -> tuple[sql.Composed, sql.Composed]:
    """What switches the guards of every table of the models off, and on again."""
    cursor.execute(
        "SELECT DISTINCT relname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid"
        # A partition that is emptied with its table asks its own guard too.
        " WHERE NOT tgisinternal AND (relname = ANY(%s) OR relispartition)",
        [connection.introspection.django_table_names(only_existing=True, include_views=False)],
    )
    tables = [sql.Identifier(name) for (name,) in cursor.fetchall()]
    off, on = (
        sql.SQL("; ").join(sql.SQL("ALTER TABLE {} {} TRIGGER USER").format(table, sql.SQL(word)) for table in tables)
        for word in ("DISABLE", "ENABLE")
    )
    return off, on
