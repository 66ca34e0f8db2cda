"""What one process keeps of the pages, and until when each is as good as new."""

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

from samokov_portal.pagestore.stamps import Numbers

# What a process keeps at most, and what is too large to be kept.
PAGES, LARGEST_BYTES = 1000, 512 * 1024
# The scheme, the host, the address, and whether what is compressed is understood.
Key = tuple[str | None, str, str, bool]


@dataclass(frozen=True)
class Kept:
    """A page as it was given out, the tables it was made from with their stamps before that, and until when it is kept.

    `until` is on the clock of `time.monotonic()`; `each_time` is done whenever the page is given out again.
    """

    headers: dict[str, str]
    body: bytes
    stamps: Numbers
    until: float
    each_time: tuple[Callable[[], object], ...] = ()
    # Held by whoever makes the page anew.
    being_made: threading.Lock = field(default_factory=threading.Lock, compare=False)

    def is_unchanged(self, numbers: Numbers) -> bool:
        """Whether no table has changed since that the page was made from."""
        return all(numbers.get(table, 0) == number for table, number in self.stamps.items())


class Memory:
    """Pages by their keys; those not asked for longest go first."""

    def __init__(self) -> None:
        self._pages: OrderedDict[Key, Kept] = OrderedDict()
        self._lock = threading.Lock()

    def find(self, key: Key) -> Kept | None:
        with self._lock:
            kept = self._pages.get(key)
            if kept is not None:
                self._pages.move_to_end(key)
            return kept

    def keep(self, key: Key, kept: Kept) -> None:
        with self._lock:
            self._pages[key] = kept
            self._pages.move_to_end(key)
            while len(self._pages) > PAGES:
                self._pages.popitem(last=False)

    def clear(self) -> None:
        with self._lock:
            self._pages.clear()


memory = Memory()
