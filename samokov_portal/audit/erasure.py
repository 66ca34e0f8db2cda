"""How personal data leave the store for good, and seals and figures stay.

A row of today is emptied like any other change, with a history row that says why. Its rows of history and of events
are then emptied in place: what stood there is replaced by its salted digest, so that the seal over them still holds,
and the salt goes, so that nobody can guess at it. The database lets only the owner do that and only in personal
columns, takes nothing but `ERASED` in their place, and makes the digest itself (`audit_refuse_change`).
"""

import hashlib
import json
import secrets
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import connection, models
from psycopg import sql
from simple_history.utils import get_history_manager_for_model

from samokov_portal.audit.leaves import sealed_columns
from samokov_portal.audit.models import Tombstone
from samokov_portal.audit.personal import PERSONAL
from samokov_portal.history import save_with_history

ERASED = "(заличено)"


def erased_value(column: str, value: Any, key: Any) -> Any:
    """What stands in a personal column afterwards: nothing where nothing was, else a word that fits.

    Digests of files are unique in their form, so theirs differ from row to row.
    """
    if not value:
        return value
    return f"{ERASED} {key}" if column.endswith("sha256") else ERASED


def personal_of(row: models.Model) -> dict[str, str]:
    """What `row` says of a person, by column."""
    return {name: str(getattr(row, name)) for name in PERSONAL.get(row._meta.label, ()) if getattr(row, name)}


def erase_rows(rows: Iterable[models.Model], *, why: str) -> int:
    """Empty the personal columns of `rows` of one model, and of all their history; returns how many rows there were.

    Inside a transaction, as the owner of the tables.
    """
    keys = []
    for row in rows:
        for name in PERSONAL[row._meta.label]:
            setattr(row, name, erased_value(name, getattr(row, name), row.pk))
        save_with_history(row, by=None, why=why)
        keys.append(row.pk)
        model = type(row)
    if keys:
        _empty(get_history_manager_for_model(model).model, "id", keys, keeps_newest=True)
    return len(keys)


def erase_reasons(model: type[models.Model], column: str, key: Any) -> int:
    """Empty the reasons in the history of the rows of `model` whose `column` is `key`; returns how many there were.

    For rows that name nobody, and are only added: they stay as they are.
    """
    return _empty(get_history_manager_for_model(model).model, column, [key])


def erase_removed(model: type[models.Model], keys: list[int]) -> int:
    """Empty all history of rows of `model` that are not there any more; returns how many rows of history there were."""
    return _empty(get_history_manager_for_model(model).model, "id", keys)


def erase_events(model: type[models.Model], column: str, key: Any) -> int:
    """Empty the personal columns of the events whose `column` is `key`; returns how many there were."""
    return _empty(model, column, [key])


def _empty(model: type[models.Model], column: str, keys: list[Any], *, keeps_newest: bool = False) -> int:
    """Empty rows that are only added, each once, leaving the digest of what was there. The newest row of history, which
    says that and why it was emptied, has nothing to lose but is sealed like the others later. It is told by its key:
    a reason may be one that somebody wrote before, over a row that still has everything."""
    columns = next(one for one in sealed_columns() if one.table == model._meta.db_table)
    empty = sql.SQL(", ").join(
        sql.SQL("{name} = {value}").format(name=sql.Identifier(name), value=_emptied(name)) for name in columns.personal
    )
    statement = sql.SQL(
        # Whatever is given for the digest, the database makes it.
        "UPDATE {table} SET history_erased = ''::bytea, {empty} WHERE {column} = ANY(%s) AND history_erased IS NULL"
    ).format(
        table=sql.Identifier(columns.table),
        empty=empty,
        column=sql.Identifier(column),
    )
    arguments = [keys]
    if keeps_newest:
        newest = sql.SQL(" AND history_id NOT IN (SELECT max(history_id) FROM {} WHERE id = ANY(%s) GROUP BY id)")
        statement += newest.format(sql.Identifier(columns.table))
        arguments.append(keys)
    with connection.cursor() as cursor:
        cursor.execute(statement, arguments)
        return int(cursor.rowcount)


def _emptied(name: str) -> sql.Composed:
    """SQL: what stands in a column afterwards; as `erased_value` says."""
    if name.endswith("sha256"):
        return sql.SQL("CASE WHEN {0} = '' THEN {0} ELSE {1} || ' ' || id END").format(
            sql.Identifier(name), sql.Literal(ERASED)
        )
    return sql.SQL("CASE WHEN coalesce({0}, '') = '' THEN {0} ELSE {1} END").format(
        sql.Identifier(name), sql.Literal(ERASED)
    )


def leave_tombstone(
    row: Any, *, number: str, kind: str, outcome: str, received_at: datetime, ended_at: datetime | None, why: str,
    was_there: dict[str, Any], now: datetime,
) -> Tombstone:  # fmt: skip
    """The record of what was erased: no word of it, but a salted digest by which a copy of it can be recognised."""
    salt = secrets.token_bytes(32)
    said = json.dumps(was_there, ensure_ascii=False, sort_keys=True).encode()
    return Tombstone.objects.create(
        what=row._meta.label,
        number=number,
        kind=kind,
        outcome=outcome,
        received_at=received_at,
        ended_at=ended_at,
        why=why,
        erased_at=now,
        salt=salt,
        digest=hashlib.sha256(salt + said).hexdigest(),
    )
