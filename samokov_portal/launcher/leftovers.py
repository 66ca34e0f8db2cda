"""What an earlier run, killed, may have left in a cluster's directory. Only for the holder of the cluster's lock."""

import os
import signal
import time
from contextlib import suppress
from pathlib import Path

from samokov_portal.launcher.console import LauncherError

PATIENCE = 30.0
# The polite stop first; after this many seconds the one that leaves the rest to crash recovery.
POLITE = 15.0


def clear(cluster: Path, socket_directory: Path) -> None:
    """See earlier servers off, then remove the files by which PostgreSQL would take them for alive.

    PostgreSQL judges by the process number in the file, and a zombie, or a stranger that has got the number since (in a
    container, after a restart), would keep the cluster closed for ever. Nobody works in the directory any more, and the
    lock is ours: so the files are stale.
    """
    started = time.monotonic()
    while processes := servers_in(cluster):
        waited = time.monotonic() - started
        if waited > PATIENCE:
            raise LauncherError(f"the database server of an earlier run, process {processes[0]}, does not stop")
        for pid in processes:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGINT if waited < POLITE else signal.SIGQUIT)
        time.sleep(0.2)
    (cluster / "postmaster.pid").unlink(missing_ok=True)
    for path in socket_directory.glob(".s.PGSQL.*"):
        path.unlink(missing_ok=True)


def servers_in(cluster: Path) -> list[int]:
    """A postmaster and each of its children work in the data directory; a zombie works nowhere."""
    return [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit() and _serves(entry, cluster)]


def _serves(process: Path, cluster: Path) -> bool:
    # Somebody's shell may have changed into the directory: only PostgreSQL itself counts.
    with suppress(OSError):
        return (process / "comm").read_text(encoding="utf-8", errors="replace").strip() == "postgres" and (
            Path(os.readlink(process / "cwd")) == cluster
        )
    return False
