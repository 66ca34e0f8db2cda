"""The transaction in which something gets its number of a register: short for those who wait for the next number, and
on disk before anybody is told of it.

The counter of a register stays locked until the transaction ends, and PostgreSQL ends it only when the disk has it:
those who file at once would wait for one write to the disk after another. So such a transaction ends without waiting
(`synchronous_commit`), which frees the counter, and whoever opened it waits afterwards, all of them together. What a
crash takes back in between nobody was told of. And it takes back no number without all that follow, because the log is
written in the order in which transactions end: a register has no gap after it either.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DatabaseError, connection, transaction

# A transaction that has written anything at all waits until the log is on disk up to its own end. This one writes only
# that to the log, so it may be had at any time.
ON_DISK = "SELECT pg_logical_emit_message(true, 'samokov_portal', '')"


@contextmanager
def registering() -> Iterator[None]:
    """A transaction that is on disk when the context is left; within another one a part of that, which ends as ever.

    Raises OperationalError where the database is lost before it says so; then it may be stored, as anywhere.
    """
    is_alone = not connection.in_atomic_block
    try:
        with transaction.atomic():
            if is_alone:
                with connection.cursor() as cursor:
                    cursor.execute("SET LOCAL synchronous_commit TO off")
            yield
    except DatabaseError:
        raise
    except Exception:
        # What refused it may tell of the row of another, who may still be waiting.
        wait_for_disk()
        raise
    wait_for_disk()


def wait_for_disk() -> None:
    """Return when all that has ended by now is on disk, whoever did it; one query.

    For whoever tells of a row that another request has just registered. Within a transaction nothing is done, because
    its own end waits for the same.
    """
    if connection.in_atomic_block:
        return
    with connection.cursor() as cursor:
        cursor.execute(ON_DISK)
