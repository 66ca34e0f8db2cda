"""The root over sealed rows as they stand: of many rows counted by several sessions at once, each a part of the keys.

The work is done by PostgreSQL, one process for each session; here are threads that wait. Where the parts begin is read
from the kept digests. These prove nothing: a part that begins elsewhere gives another root, and then all rows are
counted once more in one go.
"""

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, TypeVar

from django.db import connection, transaction

from samokov_portal.audit.leaves import ALL, BLOCK, Columns, Tree, blocks, tree_of
from samokov_portal.audit.models import Seal, SealedRows

BLOCKS_OF_A_PART = 50

T = TypeVar("T")


def is_as_sealed(seal: Seal, columns: Columns, said: Mapping[str, Any], after: int, pool: Executor | None) -> bool:
    """Whether the rows of one table are those of the seal, which says so of it in `said`."""
    if pool is not None and is_large(said["count"]):
        tree = Tree()
        counted = [pool.submit(alone, _nodes, columns, after, seal.until, part) for part in _parts(seal, columns.table)]
        for nodes in counted:
            for node in nodes.result():
                tree.add_node(node)
        if tree.root == said["root"]:
            return True
    with transaction.atomic():
        return tree_of(blocks(columns, after, seal.until)).root == said["root"]


@contextmanager
def sessions(most: int) -> Iterator[Executor | None]:
    """Threads for so many sessions where any seal covers a large table; None where none does, or one is to do."""
    if most < 2 or not SealedRows.objects.filter(block__gte=BLOCKS_OF_A_PART).exists():
        yield None
        return
    with ThreadPoolExecutor(most) as pool:
        yield pool


def is_large(rows: int) -> bool:
    """Whether it pays to count so many rows in parts."""
    return rows > BLOCKS_OF_A_PART * BLOCK


def alone(work: Callable[..., T], *arguments: Any) -> T:
    """Do the work of a thread, which has a session of its own, and end that session."""
    try:
        return work(*arguments)
    finally:
        connection.close()


def _parts(seal: Seal, table: str) -> Iterator[tuple[int, int]]:
    """The keys from which on each part goes and at which it ends."""
    kept = SealedRows.objects.filter(seal=seal, table=table, block__gt=0).order_by("block")
    first = ALL[0]
    for block, keys in kept.values_list("block", "keys").iterator(chunk_size=200):
        if block % BLOCKS_OF_A_PART == 0:
            beyond = int.from_bytes(bytes(keys)[:8], "big", signed=True)
            yield first, beyond
            first = beyond
    yield first, ALL[1]


def _nodes(columns: Columns, after: int, until: int, part: tuple[int, int]) -> list[bytes]:
    """The nodes of the tree for the blocks of a part."""
    with transaction.atomic():
        return [block.node for block in blocks(columns, after, until, part)]
