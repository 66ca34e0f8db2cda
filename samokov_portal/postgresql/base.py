"""Django's PostgreSQL, which does not ask `SELECT 1` before each page.

A server that ends, or ends a connection, says so: there is something to read where nobody asked. That costs no way to
the server and back. One that is gone without a word (its machine lost its power) answers neither the one nor the other,
and `SELECT 1` would wait for it as long as the statement itself does.
"""

import select

from django.db.backends.postgresql import base
from psycopg.pq import ConnStatus, TransactionStatus

# A transaction that failed takes no statement any more, and one that is being asked takes no other.
TAKES_STATEMENTS = (TransactionStatus.IDLE, TransactionStatus.INTRANS)


class DatabaseWrapper(base.DatabaseWrapper):
    """What `connection` is."""

    def is_usable(self) -> bool:
        """Whether the connection may be used again, as far as it can be known without asking."""
        if self.connection is None:
            return False
        pgconn = self.connection.pgconn
        is_well = pgconn.status == ConnStatus.OK and pgconn.transaction_status in TAKES_STATEMENTS
        return is_well and not _has_word_from_server(pgconn.socket)


def _has_word_from_server(socket: int) -> bool:
    """Whether something can be read, or the other side is gone."""
    poll = select.poll()
    poll.register(socket, select.POLLIN)
    return bool(poll.poll(0))
