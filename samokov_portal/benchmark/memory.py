"""How much memory a process took at most, as the kernel counted it."""

import os
from pathlib import Path


def most_of(process: int) -> int:
    """The most megabytes that the process has taken so far; none once it has ended.

    Not from getrusage(), which counts what the parent had when the process began.
    """
    return _field(process, "VmHWM:")


def most_of_this_process() -> int:
    """The same for who asks."""
    return most_of(os.getpid())


def now_of_children(process: int) -> int:
    """The megabytes that the children of the process hold at this moment: the workers of a server."""
    children = Path(f"/proc/{process}/task/{process}/children").read_text(encoding="ascii").split()
    return sum(_field(int(child), "VmRSS:") for child in children)


def _field(process: int, name: str) -> int:
    try:
        status = Path(f"/proc/{process}/status").read_text(encoding="ascii", errors="replace")
    except OSError:
        return 0
    found = [line.split()[1] for line in status.splitlines() if line.startswith(name)]
    return int(found[0]) // 1024 if found else 0
