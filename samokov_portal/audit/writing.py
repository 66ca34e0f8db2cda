"""The lock that everybody shares who writes history or events, and how to wait until nobody does."""

from typing import Any

# The guards take it together with the others until their transaction ends; the same number stands in them.
HISTORY_LOCK = 5_101_026
PATIENCE = "30s"


def wait_until_nobody_writes(cursor: Any) -> None:
    """Hold up whoever begins to write history from now on, until this transaction ends, once the others have ended.

    In a transaction of its own, and a short one. Raises OperationalError when some transaction keeps writing for
    longer than half a minute.
    """
    cursor.execute("SELECT set_config('lock_timeout', %s, TRUE)", [PATIENCE])
    cursor.execute("SELECT pg_advisory_xact_lock(%s)", [HISTORY_LOCK])
