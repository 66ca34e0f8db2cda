"""Whether what is marked as erased was erased: a seal cannot tell, because it holds also when the words are gone.

An erasure leaves nothing of what was there, ends with a row of history that says so, and has a tombstone. Whoever
empties single rows to hide what they said, or puts other words into emptied ones, leaves that out.
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
    ) ORDER BY {key} LIMIT 1
"""
UNRECORDED = """
    SELECT {key} FROM {table} AS past WHERE history_erased IS NOT NULL AND NOT ({recorded}) ORDER BY {key} LIMIT 1
"""
RECORDED = """
    EXISTS (SELECT FROM {matter} AS matter JOIN {tombstones} AS stone ON stone.number = matter.{number}::text
            WHERE matter.id = past.{column} AND stone.what = {label})
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
        questions = {"refilled": sql.SQL(REFILLED).format(**named, empty=_empty("past", columns.personal))}
        if words := tuple(name for name in PERSONAL.get(model._meta.label, ()) if model not in event_models()):
            questions["untold"] = sql.SQL(UNTOLD).format(**named, empty=_empty("later", words))
        questions["unrecorded"] = sql.SQL(UNRECORDED).format(**named, recorded=_recorded(model))
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


def _recorded(model: type[models.Model]) -> sql.Composable:
    """SQL: whether a tombstone tells of the matter that the row is, or is part of."""
    parts: list[tuple[str, Any]] = [
        (field.attname, field.related_model)
        for field in model._meta.concrete_fields
        if field.related_model is not None and field.related_model._meta.label in MATTERS
    ]
    if model._meta.label in MATTERS:
        parts.append(("id", model))
    told = [
        sql.SQL(RECORDED).format(
            matter=sql.Identifier(matter._meta.db_table),
            tombstones=sql.Identifier(Tombstone._meta.db_table),
            label=sql.Literal(matter._meta.label),
            number=sql.Identifier(MATTERS[matter._meta.label]),
            column=sql.Identifier(column),
        )
        for column, matter in parts
    ]
    return sql.SQL(" OR ").join(told) if told else sql.SQL("FALSE")
