"""Where a stranger's report is verified: a process of its own, with bounded memory and time and without any secret.

It knows the public keys that it is given and nothing of the portal: neither its settings nor its database.
"""

import json
import logging
import subprocess
import sys
from dataclasses import asdict
from tempfile import TemporaryFile

from charter.verification import Check, verify
from samokov_portal.files.cell import (
    LAST_WORDS_BYTES,
    PATIENCE_SECONDS,
    ROOT,
    WALL_SECONDS,
    CellFailed,
    bound_this_process,
    free_cells,
)
from samokov_portal.files.refusals import Busy
from samokov_portal.keys import PublicKeys, as_pem, by_id, read_public

logger = logging.getLogger(__name__)

TOO_HEAVY = [Check("file", "too_heavy")]


def verify_apart(content: bytes, keys: PublicKeys) -> list[Check]:
    """What `verification.verify` says of the file, asked in a child. Raises Busy and CellFailed."""
    if not free_cells.acquire(timeout=PATIENCE_SECONDS):
        raise Busy
    try:
        return answer_of_child(content, keys)
    finally:
        free_cells.release()


def answer_of_child(content: bytes, keys: PublicKeys) -> list[Check]:
    with TemporaryFile() as file:
        file.write(content)
        file.flush()
        pems = [as_pem(key) for key in keys.values()]
        try:
            done = subprocess.run(
                [sys.executable, "-m", __name__, str(file.fileno())],
                cwd=ROOT,
                env={},
                pass_fds=[file.fileno()],
                input=json.dumps(pems).encode(),
                capture_output=True,
                timeout=WALL_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return TOO_HEAVY
    if done.returncode < 0:
        # The kernel or a library of C ended it: memory, time, or worse.
        return TOO_HEAVY
    last_words = done.stderr[-LAST_WORDS_BYTES:].decode(errors="replace")
    if done.returncode > 0:
        raise CellFailed(last_words)
    if last_words:
        # The child has no log of its own.
        logger.warning("a report was verified, and there it was said: %s", last_words)
    return [Check(**said) for said in json.loads(done.stdout)]


def main(place: int) -> None:
    """Verify the open file `place` by the keys on the standard input; the checks go to the standard output."""
    keys = by_id(read_public(pem.encode()) for pem in json.load(sys.stdin))
    with open(place, "rb") as file:
        file.seek(0)
        try:
            checks = verify(file.read(), keys)
        except MemoryError:
            checks = TOO_HEAVY
    sys.stdout.write(json.dumps([asdict(check) for check in checks]))


if __name__ == "__main__":
    bound_this_process()
    main(int(sys.argv[1]))
