"""The digest of each row of history and of events, and the Merkle root over them.

A row's digest is the SHA-256 of its public columns, followed by the digest of its salt and its personal columns. After
an erasure that second digest stands in `history_erased`, so the first one is still the same.
"""

import hashlib
import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection
from psycopg import sql
from simple_history.utils import get_history_manager_for_model

from samokov_portal.audit.guards import audited_models, event_models
from samokov_portal.audit.personal import PERSONAL, REASON

BLOCK = 1000
BLOCKS_AT_ONCE = 20
OWN = ("history_id", "history_date", "history_type", "history_user_id", "history_origin")
STAMPED = ("history_xid", "history_recorded_at", "history_seal")
# What the text of a row depends on, beside the row.
SESSION = {"TimeZone": "UTC", "DateStyle": "ISO, YMD", "bytea_output": "hex", "extra_float_digits": "1"}


@dataclass(frozen=True)
class Columns:
    """A table and its columns in the order in which they are sealed; the first of them is the key."""

    table: str
    public: tuple[str, ...]
    personal: tuple[str, ...]

    @property
    def key(self) -> str:
        """The column by which rows are told apart and ordered."""
        return self.public[0]


@dataclass(frozen=True)
class Block:
    """Up to a thousand rows in the order of their keys."""

    keys: bytes
    digests: bytes

    @property
    def count(self) -> int:
        """How many rows there are in it."""
        return len(self.keys) // 8

    @property
    def node(self) -> bytes:
        """What stands for the block in the tree."""
        return hashlib.sha256(b"\x00" + self.keys + self.digests).digest()

    @property
    def rows(self) -> Iterator[tuple[int, bytes]]:
        """Each key with its digest."""
        for place, (key,) in enumerate(struct.iter_unpack(">q", self.keys)):
            yield key, self.digests[32 * place : 32 * place + 32]


def sealed_columns() -> list[Columns]:
    """The tables of history and of events as the models of today have them, by name."""
    return sorted([*_of_histories(), *_of_events()], key=lambda one: one.table)


def _of_events() -> list[Columns]:
    found = []
    for model in event_models():
        personal = PERSONAL[model._meta.label]
        left_out = {*personal, "history_salt", "history_erased"}
        names = [field.attname for field in model._meta.concrete_fields if field.attname not in left_out]
        # The fields of what a model inherits come first, whatever the key is called.
        public = ("id", *(name for name in names if name != "id"))
        found.append(Columns(model._meta.db_table, public, personal))
    return found


def _of_histories() -> list[Columns]:
    found = []
    for model in audited_models():
        past = get_history_manager_for_model(model).model
        personal = (*PERSONAL.get(model._meta.label, ()), REASON)
        tracked = tuple(field.attname for field in past.tracked_fields)
        public = tuple(name for name in (*OWN, *STAMPED, *tracked) if name not in personal)
        found.append(Columns(past._meta.db_table, public, personal))
    return found


def say_rows_plainly(cursor: Any) -> None:
    """Let this transaction write rows as text in one way, whatever the server or the role is set to."""
    for name, value in SESSION.items():
        cursor.execute("SELECT set_config(%s, %s, TRUE)", [name, value])


# Blocks are cut by the database, so that a thousand rows cost one round of Python.
BLOCKS = """
    SELECT string_agg(int8send(key), ''::bytea ORDER BY key), string_agg(digest, ''::bytea ORDER BY key)
    FROM (
        SELECT {key} AS key, sha256(convert_to(ROW({public})::text, 'UTF8') || coalesce(history_erased,
                   sha256(coalesce(history_salt, ''::bytea) || convert_to(ROW({personal})::text, 'UTF8'))
               )) AS digest, (row_number() OVER (ORDER BY {key}) - 1) / {size} AS block
        FROM {table} WHERE history_seal > {after} AND history_seal <= {until} AND {key} >= {first} AND {key} < {beyond}
    ) AS leaves
    GROUP BY block ORDER BY block
"""


# Every key lies between: the smallest and the largest number of 64 bits, of which the last is no key.
ALL = (-(2**63), 2**63 - 1)


def blocks(columns: Columns, after: int, until: int, part: tuple[int, int] = ALL) -> Iterator[Block]:
    """The rows whose count lies in (after, until] and whose key in the `part`, from its first up to before its last.

    As they stand; in a transaction, with a cursor of the server.
    """
    with connection.cursor() as cursor:
        say_rows_plainly(cursor)
    statement = sql.SQL(BLOCKS).format(
        public=sql.SQL(", ").join(map(sql.Identifier, columns.public)),
        personal=sql.SQL(", ").join(map(sql.Identifier, columns.personal)),
        table=sql.Identifier(columns.table),
        key=sql.Identifier(columns.key),
        size=sql.Literal(BLOCK),
        after=sql.Literal(after),
        until=sql.Literal(until),
        first=sql.Literal(part[0]),
        beyond=sql.Literal(part[1]),
    )
    with connection.chunked_cursor() as cursor:
        cursor.execute(statement)
        while found := cursor.fetchmany(BLOCKS_AT_ONCE):
            for keys, digests in found:
                yield Block(bytes(keys), bytes(digests))


class Tree:
    """A Merkle tree (RFC 6962) over blocks that come one by one; it keeps a digest for each of its levels."""

    def __init__(self) -> None:
        self.count = 0
        self._peaks: list[tuple[int, bytes]] = []

    def add(self, block: Block) -> None:
        """The next block."""
        self.count += block.count
        self.add_node(block.node)

    def add_node(self, node: bytes) -> None:
        """The next block, of which only the node is known."""
        height = 0
        while self._peaks and self._peaks[-1][0] == height:
            node = _joined(self._peaks.pop()[1], node)
            height += 1
        self._peaks.append((height, node))

    @property
    def root(self) -> str:
        """The root over all blocks so far, hexadecimal; of none it is the SHA-256 of nothing."""
        if not self._peaks:
            return hashlib.sha256().hexdigest()
        node = self._peaks[-1][1]
        for _height, peak in reversed(self._peaks[:-1]):
            node = _joined(peak, node)
        return node.hex()


def _joined(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def tree_of(found: Iterable[Block]) -> Tree:
    """The tree over `found`."""
    tree = Tree()
    for block in found:
        tree.add(block)
    return tree
