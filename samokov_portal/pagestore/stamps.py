"""Which tables the database watches, and how the stamps are read."""

import json
from functools import cache
from typing import Any

import psycopg
from django.apps import apps
from django.db import DatabaseError, connection, connections
from psycopg import sql

# What changes seldom and is read by many; by the labels of the models. A page made from any other table is kept for a
# short time only.
WATCHED = (
    "auth.Group",
    "auth.Group_permissions",
    "auth.Permission",
    "audit.Seal",
    "audit.SealedRows",
    "charter.CharterVersion",
    "charter.Comment",
    "charter.Consultation",
    "charter.CorrectiveAction",
    "charter.DraftPassage",
    "charter.Figure",
    "charter.Finding",
    "charter.Passage",
    "charter.Remark",
    "charter.Report",
    "charter.ReportFile",
    "charter.ReportStep",
    "charter.Section",
    "charter.Standard",
    "feedback.AnswerTemplate",
    "feedback.Body",
    "feedback.LetterTemplate",
    "feedback.SavedFilter",
    "office.WorkingDayOverride",
    "search.Entry",
    "search.Stem",
    "search.Synonym",
    "services.Authority",
    "services.LifeEvent",
    "services.LifeEventService",
    "services.Service",
    "services.ServiceDetail",
    "services.ServiceGroup",
    "services.ServiceOffer",
    "services.Settlement",
    "services.Tenure",
    "services.Unit",
    "staff.StaffUser",
    "staff.StaffUser_groups",
    "staff.StaffUser_user_permissions",
)
TRIGGER = "pagestore_changed"
Numbers = dict[str, int]
READ = "SELECT numbers FROM pagestore_stamp WHERE id = 1"
# Stands among the numbers while changes are not noted; no table is called so. It stays where `migrate` fails.
PAUSED = "*"
PAUSE = """
    INSERT INTO pagestore_stamp AS stamp (id, numbers) VALUES (1, jsonb_build_object(%(mark)s::text, 1))
    ON CONFLICT (id) DO UPDATE SET numbers = stamp.numbers || excluded.numbers
"""
# Whatever was changed meanwhile, and in which table, what was remembered before is old.
RESUME = """
    UPDATE pagestore_stamp SET numbers = numbers - %(mark)s::text || (
        SELECT jsonb_object_agg(name, coalesce((numbers ->> name)::bigint, 0) + 1)
        FROM unnest(%(tables)s::text[]) AS name
    )
"""


@cache
def known_tables() -> frozenset[str]:
    """Every table of a model: what else is named in a statement is a part of the statement."""
    return frozenset(model._meta.db_table for model in apps.get_models(include_auto_created=True))


@cache
def watched_tables() -> frozenset[str]:
    """The tables whose changes the database notes."""
    return frozenset(apps.get_model(label)._meta.db_table for label in WATCHED)


def stop_watching(*, using: str, **_signal: Any) -> None:
    """Take the triggers away: a migration that changes rows may not change their table while one waits for its end.

    From before the first of them goes nothing is remembered, until they are all back.
    """
    with connections[using].cursor() as cursor:
        watched = sorted(_watched(cursor))
        if watched:
            cursor.execute(PAUSE, {"mark": PAUSED})
        for table in watched:
            cursor.execute(sql.SQL("DROP TRIGGER {} ON {}").format(sql.Identifier(TRIGGER), sql.Identifier(table)))


def _watched(cursor: Any) -> set[str]:
    """The tables that have the trigger."""
    cursor.execute(
        "SELECT relname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid"
        " WHERE tgname = %s AND relnamespace = current_schema()::regnamespace",
        [TRIGGER],
    )
    return {table for (table,) in cursor.fetchall()}


def watch_after_migrating(*, using: str, **_signal: Any) -> None:
    """Put the triggers on the watched tables that are there, and take them from the others; then remember anew."""
    with connections[using].cursor() as cursor:
        present, there = _watched(cursor), _to_watch(using, cursor)
        if not there or not _can_note(cursor):
            return
        for table in sorted(present - there):
            cursor.execute(sql.SQL("DROP TRIGGER {} ON {}").format(sql.Identifier(TRIGGER), sql.Identifier(table)))
        for table in sorted(there - present):
            # At commit: the row of the stamps is locked for that moment only, however long the change took.
            cursor.execute(
                sql.SQL(
                    "CREATE CONSTRAINT TRIGGER {} AFTER INSERT OR UPDATE OR DELETE ON {} DEFERRABLE INITIALLY DEFERRED"
                    " FOR EACH ROW EXECUTE FUNCTION pagestore_note_change()"
                ).format(sql.Identifier(TRIGGER), sql.Identifier(table))
            )
        cursor.execute(RESUME, {"mark": PAUSED, "tables": sorted(there)})


def unwatched(using: str) -> list[str]:
    """The tables that are there and of which no change is noted, though it should be."""
    with connections[using].cursor() as cursor:
        return sorted(_to_watch(using, cursor) - _watched(cursor)) if _can_note(cursor) else []


def _to_watch(using: str, cursor: Any) -> set[str]:
    return set(watched_tables()) & set(connections[using].introspection.table_names(cursor))


def _can_note(cursor: Any) -> bool:
    """Whether the function is there: after a `migrate` to the past it is not."""
    cursor.execute("SELECT to_regproc('pagestore_note_change') IS NOT NULL")
    return bool(cursor.fetchone()[0])


def numbers_now() -> Numbers | None:
    """The stamps as they are committed; None while changes are not noted, and where the database does not answer, which
    whoever asks it next will tell.

    Past Django's cursor, which would ask first whether the connection still lives: a page that is ready takes one
    statement, not two.
    """
    try:
        connection.ensure_connection()
        found = connection.connection.execute(READ).fetchone()
    except (DatabaseError, psycopg.Error):
        return None
    # It has just answered, so Django need not ask whether it lives before the first statement of the page either.
    connection.health_check_done = True  # type: ignore[attr-defined]
    return numbers_of(found[0] if found else None)


def numbers_of(found: Any) -> Numbers | None:
    """The stamps that a row held, None where there is none yet; None while changes are not noted."""
    # Django leaves JSON as text to its fields.
    numbers: Numbers = (json.loads(found) if isinstance(found, str) else found) or {}
    return None if PAUSED in numbers else numbers
