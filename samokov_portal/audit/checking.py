"""Counting the sealed history again: which row was changed, removed, inserted or moved, whoever did it and however."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import partial
from itertools import chain
from typing import Any

from django.db import connection, models, transaction
from psycopg import sql
from simple_history.utils import get_history_manager_for_model

from samokov_portal.audit.erased import wrongly_erased
from samokov_portal.audit.guards import audited_models
from samokov_portal.audit.leaves import Block, Columns, blocks, sealed_columns, tree_of
from samokov_portal.audit.models import Seal, SealedRows, statement_of
from samokov_portal.audit.recounting import alone, is_as_sealed
from samokov_portal.audit.seals import as_signed
from samokov_portal.audit.years import yearly_histories
from samokov_portal.keys import PublicKeys, is_signed


@dataclass(frozen=True)
class Finding:
    """What is not as it was sealed: `what` in a word, the seal, the table and the key of the row where they are known.

    `what`: of a row `changed`, `removed`, `inserted` or `moved` (to the count of another seal); of sealed rows
    `digests` (what locates a row was itself changed), `table` (gone) or `count` (not as many as were sealed); of a seal
    `missing`, `rewritten`, `chain`, `digest`, `unknown_key` or `signature`; of a row of today `differs` from its newest
    history; of two rows of history with one key `twice`; of a row marked as erased `refilled` (it says something),
    `untold` (no row of history tells of that) or `unrecorded` (no tombstone does).
    """

    what: str
    seal: int | None = None
    table: str = ""
    key: int | None = None


def check_history(
    keys: PublicKeys,
    *,
    since: int = 1,
    published: Iterable[Mapping[str, Any]] = (),
    pool: Executor | None = None,
) -> Iterator[Finding | Seal]:
    """Each seal from the number `since` on when it was checked, and the first finding in each of its tables.

    `published` are copies of the seals as they were published: against them also a chain that was rewritten as a whole,
    or cut, is found. Of the seals before `since` only how many rows they cover is compared. In memory is one block of a
    table at a time; with a `pool` of threads large tables are counted by several sessions.
    """
    # Begun first, said last: of a large table it takes one session as long as many parts take the other.
    today = _of_today(pool)
    yield from _against_copies(published)
    number, digest, after = 0, "", -1
    earlier: Counter[str] = Counter()
    for seal in Seal.objects.order_by("number").iterator(chunk_size=50):
        if seal.number != number + 1:
            yield Finding("missing", number + 1)
        elif seal.previous != digest:
            yield Finding("chain", seal.number)
        yield from _of_the_seal(seal, keys)
        if seal.number < since:
            earlier.update({table["table"]: table["count"] for table in seal.tables})
            until = seal.until
        else:
            for table in seal.tables:
                yield from _of_the_table(seal, table, after, pool)
            yield seal
        number, digest, after = seal.number, seal.digest, seal.until
    if earlier:
        yield from _as_many(earlier, until)
    yield from _outside_every_seal()
    yield from _numbered_twice()
    for what, table, key in wrongly_erased():
        yield Finding(what, None, table, key)
    yield from today


def _as_many(sealed: Mapping[str, int], until: int) -> Iterator[Finding]:
    """Whether each table has as many rows up to the count `until` as its seals cover."""
    for table, count in sealed.items():
        with connection.cursor() as cursor:
            cursor.execute("SELECT to_regclass(%s) IS NOT NULL", [f'"{table}"'])
            if cursor.fetchone() == (True,):
                statement = sql.SQL("SELECT count(*) FROM {} WHERE history_seal <= %s").format(sql.Identifier(table))
                cursor.execute(statement, [until])
                if cursor.fetchone() == (count,):
                    continue
        yield Finding("count", None, table)


def _against_copies(published: Iterable[Mapping[str, Any]]) -> Iterator[Finding]:
    stored = dict(Seal.objects.values_list("number", "digest"))
    for copy in published:
        if copy["number"] not in stored:
            yield Finding("missing", copy["number"])
        elif stored[copy["number"]] != copy["digest"]:
            yield Finding("rewritten", copy["number"])


def _of_the_seal(seal: Seal, keys: PublicKeys) -> Iterator[Finding]:
    content = as_signed(statement_of(seal))
    if hashlib.sha256(content).hexdigest() != seal.digest:
        yield Finding("digest", seal.number)
    if seal.key_id not in keys:
        yield Finding("unknown_key", seal.number)
    elif not is_signed(keys[seal.key_id], bytes(seal.signature), content):
        yield Finding("signature", seal.number)


def _of_the_table(seal: Seal, said: Mapping[str, Any], after: int, pool: Executor | None) -> Iterator[Finding]:
    columns = Columns(said["table"], tuple(said["columns"]), tuple(said["personal"]))
    if not _has(columns):
        yield Finding("table", seal.number, columns.table)
    elif not is_as_sealed(seal, columns, said, after, pool):
        with transaction.atomic():
            yield _first_difference(seal, columns, said["root"], after)


def _has(columns: Columns) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_attribute WHERE attrelid = to_regclass(%s) AND attname = ANY(%s)"
            " AND NOT attisdropped",
            [f'"{columns.table}"', [*columns.public, *columns.personal]],
        )
        (found,) = cursor.fetchone()
    return bool(found == len({*columns.public, *columns.personal}))


def _first_difference(seal: Seal, columns: Columns, root: str, after: int) -> Finding:
    """Which row it is that differs from what was sealed."""
    if tree_of(_kept(seal, columns.table)).root != root:
        return Finding("digests", seal.number, columns.table)
    sealed = chain.from_iterable(block.rows for block in _kept(seal, columns.table))
    found = chain.from_iterable(block.rows for block in blocks(columns, after, seal.until))
    was, now = next(sealed, None), next(found, None)
    while was is not None and was == now:
        was, now = next(sealed, None), next(found, None)
    if was is not None and now is not None and was[0] == now[0]:
        return Finding("changed", seal.number, columns.table, was[0])
    if was is None or (now is not None and now[0] < was[0]):
        assert now is not None  # the roots differ, so one of the two has more
        return Finding("inserted", seal.number, columns.table, now[0])
    what = "moved" if _is_there(columns, was[0]) else "removed"
    return Finding(what, seal.number, columns.table, was[0])


def _kept(seal: Seal, table: str) -> Iterator[Block]:
    rows = SealedRows.objects.filter(seal=seal, table=table).order_by("block").values_list("keys", "digests")
    for keys, digests in rows.iterator(chunk_size=20):
        yield Block(bytes(keys), bytes(digests))


def _is_there(columns: Columns, key: int) -> bool:
    statement = "SELECT {column} FROM {table} WHERE {column} = {key}"
    return _first(statement, table=columns.table, column=columns.key, key=key) is not None


# Of the index alone: almost never is there anything to look for.
IS_OUTSIDE = """
    SELECT min(history_seal) < 0 OR max(history_seal) > (SELECT last_value FROM audit_count)
        OR EXISTS (SELECT FROM {table} WHERE history_seal IS NULL) FROM {table}
"""
OUTSIDE = """
    SELECT {column} FROM {table} WHERE history_seal < 0 OR history_seal > (SELECT last_value FROM audit_count)
        OR history_seal IS NULL ORDER BY {column} LIMIT 1
"""


def _outside_every_seal() -> Iterator[Finding]:
    """Rows with a count that no seal covers, and none ever will: below the first one, or not given yet."""
    for columns in sealed_columns():
        if _first(IS_OUTSIDE, table=columns.table):
            yield Finding("inserted", None, columns.table, _first(OUTSIDE, table=columns.table, column=columns.key))


# In the order of the keys of all years, which are read from their indexes.
TWICE = """
    SELECT {column} FROM (SELECT {column}, lag({column}) OVER (ORDER BY {column}) AS before FROM {table}) AS numbered
    WHERE {column} = before LIMIT 1
"""


def _numbered_twice() -> Iterator[Finding]:
    """The first number that rows of two years bear: only the guard keeps them apart, and of the owner nothing does."""
    for table in yearly_histories():
        key = _first(TWICE, table=table, column="history_id")
        if key is not None:
            yield Finding("twice", None, table, key)


CHANGED_SINCE = """
    SELECT id FROM {table} AS stands LEFT JOIN LATERAL (
        SELECT * FROM {history} AS past WHERE past.id = stands.id ORDER BY history_date DESC, history_id DESC LIMIT 1
    ) AS newest USING (id)
    WHERE newest.history_type IS NULL OR newest.history_type = '-' OR ROW({stands}) IS DISTINCT FROM ROW({newest})
    ORDER BY id LIMIT 1
"""
GONE_SINCE = """
    SELECT id FROM (SELECT DISTINCT ON (id) id, history_type FROM {history}
                    ORDER BY id, history_date DESC, history_id DESC) AS newest
    WHERE history_type <> '-' AND NOT EXISTS (SELECT FROM {table} AS stands WHERE stands.id = newest.id)
    ORDER BY id LIMIT 1
"""


def _of_today(pool: Executor | None) -> Iterator[Finding]:
    """The first row of each table that is not what its newest history says."""
    audited = sorted(audited_models(), key=lambda one: one._meta.db_table)
    found = pool.map(partial(alone, _differs), audited) if pool else map(_differs, audited)
    return (
        Finding("differs", None, model._meta.db_table, key)
        for model, key in zip(audited, found, strict=True)
        if key is not None
    )


def _differs(model: type[models.Model]) -> int | None:
    past = get_history_manager_for_model(model).model
    names = [field.attname for field in past.tracked_fields if not field.primary_key and field.attname != "id"]
    columns = {side: sql.SQL(", ").join(sql.Identifier(side, name) for name in names) for side in ("stands", "newest")}
    tables = {"table": model._meta.db_table, "history": past._meta.db_table}
    key = _first(CHANGED_SINCE, **tables, **columns)
    return _first(GONE_SINCE, **tables) if key is None else key


def _first(statement: str, **parts: Any) -> int | None:
    """The key of the first row that `statement` finds; names of tables and numbers are filled in."""
    filled = {
        name: part if isinstance(part, sql.Composable) else sql.Literal(part) if name == "key" else sql.Identifier(part)
        for name, part in parts.items()
    }
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL(statement).format(**filled))
        row = cursor.fetchone()
    return row[0] if row else None
