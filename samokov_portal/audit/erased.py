"""Whether what is marked as erased was erased: a seal cannot tell, because it holds also when the words are gone.

An erasure leaves nothing of what was there, ends with a row of history that says so, and has a tombstone. Whoever
empties single rows to hide what they said, or puts other words into emptied ones, leaves that out. Only of what was
removed before it belonged to any matter, such as a file whose form was never sent, nothing is left to tell.
"""

from collections.abc import Iterator
from typing import Any

from django.db import connection, models
from psycopg import sql
from simple_history.utils import get_history_manager_for_model

from samokov_portal.audit.erasure import ERASED
from samokov_portal.audit.guards import audited_models, event_models
from samokov_portal.audit.leaves import Columns, sealed_columns
from samokov_portal.audit.models import Tombstone
from samokov_portal.audit.personal import MATTERS, PERSONAL

REFILLED = "SELECT {key} FROM {table} AS past WHERE history_erased IS NOT NULL AND NOT ({empty}) ORDER BY {key} LIMIT 1"
# The row of history that says of the erasure comes after what was erased, and has no words either.
UNTOLD = """
    SELECT {key} FROM {table} AS past WHERE history_erased IS NOT NULL AND NOT EXISTS (
        SELECT FROM {table} AS later WHERE later.id = past.id AND later.history_id > past.history_id
        AND later.history_erased IS NULL AND {empty}
    ) AND NOT ({left}) ORDER BY {key} LIMIT 1
"""
UNRECORDED = """
    SELECT {key} FROM {table} AS past WHERE history_erased IS NOT NULL AND NOT ({recorded}) AND NOT ({left})
    ORDER BY {key} LIMIT 1
"""
# By any row of the same thing: a file has history from before it belonged to its case.
RECORDED = """
    EXISTS (SELECT FROM {table} AS own JOIN {matter} AS matter ON matter.id = own.{column}
            JOIN {tombstones} AS stone ON stone.number = matter.{number}::text
            WHERE own.id = past.id AND stone.what = {label})
"""
LEFT_BEHIND = """
    EXISTS (SELECT FROM {table} AS own WHERE own.id = past.id AND own.history_type = '-')
    AND NOT EXISTS (SELECT FROM {table} AS own WHERE own.id = past.id AND num_nonnulls({columns}) > 0)
"""


def wrongly_erased() -> Iterator[tuple[str, str, int]]:
    """What is wrong (`refilled`, `untold` or `unrecorded`), the table and the key of its first such row.

    At most one of each for a table; as they stand, each table in a query of its own.
    """
    sources = {
        **{get_history_manager_for_model(model).model._meta.db_table: model for model in audited_models()},
        **{model._meta.db_table: model for model in event_models()},
    }
    for columns in sealed_columns():
        model = sources[columns.table]
        named = {"key": sql.Identifier(columns.key), "table": sql.Identifier(columns.table)}
        if not _anything(columns):
            continue
        belongs = _matters_of(model)
        left = _left_behind(columns, [column for column, _matter in belongs if model not in event_models()])
        questions = {"refilled": sql.SQL(REFILLED).format(**named, empty=_empty("past", columns.personal))}
        if words := tuple(name for name in PERSONAL.get(model._meta.label, ()) if model not in event_models()):
            questions["untold"] = sql.SQL(UNTOLD).format(**named, empty=_empty("later", words), left=left)
        recorded = _recorded(columns, belongs)
        questions["unrecorded"] = sql.SQL(UNRECORDED).format(**named, recorded=recorded, left=left)
        for what, question in questions.items():
            with connection.cursor() as cursor:
                cursor.execute(question)
                found = cursor.fetchone()
            if found:
                yield what, columns.table, found[0]


def _anything(columns: Columns) -> bool:
    """Whether anything of the table was erased, for most have nothing to ask about."""
    statement = sql.SQL("SELECT EXISTS (SELECT FROM {} WHERE history_erased IS NOT NULL)")
    with connection.cursor() as cursor:
        cursor.execute(statement.format(sql.Identifier(columns.table)))
        return bool(cursor.fetchone()[0])


def _empty(row: str, names: tuple[str, ...]) -> sql.Composable:
    """SQL: whether the columns of `row` say nothing but that they were erased."""
    said = [
        sql.SQL("coalesce({column}, '') IN ('', {erased}, {erased} || ' ' || {key})").format(
            column=sql.Identifier(row, name), erased=sql.Literal(ERASED), key=sql.Identifier(row, "id")
        )
        for name in names
    ]
    return sql.SQL(" AND ").join(said) if said else sql.SQL("TRUE")


def _matters_of(model: type[models.Model]) -> list[tuple[str, Any]]:
    """The columns of `model` that name a matter, each with the matter's model; a matter names itself."""
    found: list[tuple[str, Any]] = [
        (field.attname, field.related_model)
        for field in model._meta.concrete_fields
        if field.related_model is not None and field.related_model._meta.label in MATTERS
    ]
    return [*found, ("id", model)] if model._meta.label in MATTERS else found


def _left_behind(columns: Columns, names: list[str]) -> sql.Composable:
    """SQL: whether the row is of something that was removed before it belonged to a matter."""
    if not names:
        return sql.SQL("FALSE")
    own = sql.SQL(", ").join(sql.Identifier("own", name) for name in names)
    return sql.SQL(LEFT_BEHIND).format(table=sql.Identifier(columns.table), columns=own)


def _recorded(columns: Columns, belongs: list[tuple[str, Any]]) -> sql.Composable:
    """SQL: whether a tombstone tells of the matter that the row is, or is part of."""
    told = [
        sql.SQL(RECORDED).format(
            table=sql.Identifier(columns.table),
            matter=sql.Identifier(matter._meta.db_table),
            tombstones=sql.Identifier(Tombstone._meta.db_table),
            label=sql.Literal(matter._meta.label),
            number=sql.Identifier(MATTERS[matter._meta.label]),
            column=sql.Identifier(column),
        )
        for column, matter in belongs
    ]
    return sql.SQL(" OR ").join(told) if told else sql.SQL("FALSE")
