"""What the launcher says, and how it fails."""

import os
import sys


class LauncherError(Exception):
    """Something the person at the terminal can act on; its text is the one line they are shown."""


def say(text: str) -> None:
    """Print a line; a closed terminal must not keep the launcher from stopping its children."""
    try:
        print(text, flush=True)
    except OSError:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
