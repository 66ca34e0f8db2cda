"""Asks both databases how far they are: once in a while, by whichever page comes along."""

import threading

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, DatabaseError, InterfaceError, connections

from samokov_portal.replica import REPLICA
from samokov_portal.replica.lag import Lag

EVERY_SECONDS = 1.0
# One that did not answer is left alone for a while: each time somebody waits for it.
AFTER_SILENCE_SECONDS = 5.0
# What is on the disk and so may be sent to a replica; what was committed without waiting for the disk lies beyond.
SENT = "SELECT pg_wal_lsn_diff(pg_current_wal_flush_lsn(), '0/0')::bigint"
WRITTEN = "SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::bigint"
# What was promoted in the place of its primary is nobody's copy any more.
REPLAYED = "SELECT pg_wal_lsn_diff(pg_last_wal_replay_lsn(), '0/0')::bigint WHERE pg_is_in_recovery()"


class Watch:
    """What one process knows of the replica; for all its threads."""

    def __init__(self) -> None:
        self._lag = Lag(settings.DATABASE_REPLICA_LAG_SECONDS)
        self._asking = threading.Lock()
        self._again_at = 0.0

    def has(self, mark: int, now: float) -> bool:
        """Whether the replica may be read by somebody who has written up to `mark`; asks when it is time to.

        `now` is on the clock of `time.monotonic()`.
        """
        if now >= self._again_at and self._asking.acquire(blocking=False):
            try:
                self._ask(now)
            finally:
                self._asking.release()
        return self._lag.has(mark, now)

    def lose(self, now: float) -> None:
        """The replica failed while it was read."""
        self._lag.lose()
        self._again_at = now + AFTER_SILENCE_SECONDS

    def _ask(self, now: float) -> None:
        sent, replayed = _number(DEFAULT_DB_ALIAS, SENT), _number(REPLICA, REPLAYED)
        if replayed is None:
            self.lose(now)
            return
        self._lag.note(now, sent, replayed)
        # Without the primary the replica is all there is, and nothing newer is known to anybody.
        self._again_at = now + (AFTER_SILENCE_SECONDS if sent is None else EVERY_SECONDS)


def written_so_far() -> int | None:
    """How far the log of the primary is; None where it does not answer, which whoever asks it next will tell."""
    return _number(DEFAULT_DB_ALIAS, WRITTEN)


def _number(alias: str, statement: str) -> int | None:
    connection = connections[alias]
    try:
        with connection.cursor() as cursor:
            cursor.execute(statement)
            row = cursor.fetchone()
    except (DatabaseError, InterfaceError):
        # The next one is to find a new connection, or none.
        connection.close_if_unusable_or_obsolete()
        return None
    return int(row[0]) if row else None
