"""Django's PostgreSQL, which does not ask `SELECT 1` before each page of a server that is busy.

A server that ends, or ends a connection, says so: there is something to read where nobody asked. To look costs no way
to the server and back. What stands between the two (a firewall, a machine that was started anew) may have forgotten a
connection on which nothing was said for a while, and does not say so before it is used; so after a rest it is asked.
"""

import select
import time
from typing import Any

from django.db.backends.postgresql import base
from psycopg.pq import ConnStatus, TransactionStatus

# A transaction that failed takes no statement any more, and one that is being asked takes no other.
TAKES_STATEMENTS = (TransactionStatus.IDLE, TransactionStatus.INTRANS)
# After so long a rest a connection is asked; what forgets one waits for minutes.
REST_SECONDS = 10


class DatabaseWrapper(base.DatabaseWrapper):
    """Knows when its connection was last looked at: at the beginning of each request that uses it."""

    looked_at = float("-inf")

    def get_new_connection(self, conn_params: Any) -> Any:
        made = super().get_new_connection(conn_params)
        self.looked_at = time.monotonic()
        return made

    def is_usable(self) -> bool:
        """Whether the connection may be used again; without asking the server, unless it had a rest."""
        if self.connection is None:
            return False
        rested = time.monotonic() - self.looked_at
        self.looked_at = time.monotonic()
        pgconn = self.connection.pgconn
        is_well = pgconn.status == ConnStatus.OK and pgconn.transaction_status in TAKES_STATEMENTS
        if not is_well or _has_word_from_server(pgconn.socket):
            return False
        return rested < REST_SECONDS or super().is_usable()


def _has_word_from_server(socket: int) -> bool:
    """Whether something can be read, or the other side is gone."""
    poll = select.poll()
    poll.register(socket, select.POLLIN)
    return bool(poll.poll(0))
