"""One launcher at a time in one place."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from samokov_portal.launcher.console import LauncherError

# A holder that was killed a moment ago may not be quite gone.
PATIENCE = 1.0


@contextmanager
def held(path: Path, refusal: str) -> Iterator[None]:
    """Hold the lock; the kernel lets go of it however the holder ends, so a lock file left behind means nothing."""
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise LauncherError(f"{path} cannot be opened: {error.strerror}") from error
    try:
        _take(descriptor, refusal)
        yield
    finally:
        os.close(descriptor)


def _take(descriptor: int, refusal: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            return fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            if time.monotonic() > deadline:
                raise LauncherError(refusal) from error
            time.sleep(0.05)
