"""How far a replica is behind, as one process sees it: by its own clock and by places in the log of the primary.

A replica that has nothing to do, or whose line is broken, cannot tell by itself how late it is; and clocks of two
machines differ. So from time to time it is noted how far the primary was, and since when the replica is not so far.
"""

import threading
from collections import deque
from math import inf

# Places in the log are counted in bytes since its beginning. Whoever has this one is served by the primary.
BEYOND_ANY = 2**63 - 1


class Lag:
    """What the replica lacks; for all threads. `bound` is how many seconds it may lack something and still be read."""

    def __init__(self, bound: float) -> None:
        self.bound = bound
        self._lock = threading.Lock()
        # Where the primary was, and when, beyond what the replica has; the oldest first.
        self._lacking: deque[tuple[float, int]] = deque()
        self._has_caught_up = False
        self._replayed = -1

    def note(self, at: float, written: int | None, replayed: int) -> None:
        """At the moment `at` the primary had written so far, None where it did not say; the replica had so much of it.

        The primary is asked first, so that what it wrote meanwhile does not count as lacking.
        """
        with self._lock:
            if written is not None:
                self._lacking.append((at if self._has_caught_up or self._lacking else -inf, written))
            while self._lacking and self._lacking[0][1] <= replayed:
                self._lacking.popleft()
                self._has_caught_up = True
            # Of what is lacking for too long one place is enough.
            while len(self._lacking) > 1 and at - self._lacking[1][0] > self.bound:
                self._lacking.popleft()
            self._replayed = replayed

    def lose(self) -> None:
        """The replica does not answer. What it has missed since nobody knows: it is to catch up before it is read."""
        with self._lock:
            self._lacking.clear()
            self._has_caught_up = False

    def has(self, mark: int, now: float) -> bool:
        """Whether the replica may be read at the moment `now`, by somebody who has written up to `mark`."""
        with self._lock:
            lacks_since = self._lacking[0][0] if self._lacking else now
            return self._has_caught_up and mark <= self._replayed and now - lacks_since <= self.bound
