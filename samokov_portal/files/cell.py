"""Where strangers' files are opened: a process of its own, with bounded memory and time and without any secret.

The libraries that read pictures and documents are written in C, and somebody will send what breaks them. Here it breaks
a child that knows neither the keys nor the database, and the person is told that the file is too heavy to be opened.
"""

import logging
import resource
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryFile
from threading import BoundedSemaphore
from typing import IO

from samokov_portal.files.kinds import KINDS
from samokov_portal.files.refusals import Busy, FileRefused, TooHeavy

ROOT = Path(__file__).resolve().parents[2]
MEMORY_BYTES = 1536 * 1024 * 1024
CPU_SECONDS = 20
WALL_SECONDS = 40
WRITTEN_MAX_BYTES = 300 * 1024 * 1024
# How many files a process of the server opens at once, and how long the next one waits for its turn.
CELLS = 2
PATIENCE_SECONDS = 30
LAST_WORDS_BYTES = 4000

free_cells = BoundedSemaphore(CELLS)
logger = logging.getLogger(__name__)


class CellFailed(ChildProcessError):
    """The child did not do its work, and the file is not to blame: an OSError, as a full disk is."""


def clean_apart(received: IO[bytes], kept: IO[bytes]) -> str:
    """Do `cleaning.clean` in a child; both files must be real ones. Raises FileRefused; CellFailed for our faults."""
    if not free_cells.acquire(timeout=PATIENCE_SECONDS):
        raise Busy
    try:
        return answer_of_child(received, kept)
    finally:
        free_cells.release()


def answer_of_child(received: IO[bytes], kept: IO[bytes]) -> str:
    places = [received.fileno(), kept.fileno()]
    command = [sys.executable, "-m", __name__, *map(str, places)]
    with TemporaryFile() as last_words:
        try:
            done = subprocess.run(
                command,
                cwd=ROOT,
                env={},
                pass_fds=places,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=last_words,
                timeout=WALL_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise TooHeavy from error
        if done.returncode < 0:
            logger.warning("a file killed the process that opened it, with signal %d", -done.returncode)
            raise TooHeavy
        if done.returncode > 0:
            last_words.seek(0)
            raise CellFailed(last_words.read()[-LAST_WORDS_BYTES:].decode(errors="replace"))
    return verdict(done.stdout.decode())


def verdict(answer: str) -> str:
    """The kind of what was kept, or the refusal that the child named; a child that says anything else has failed."""
    word, _space, detail = answer.partition(" ")
    if word == "kept" and detail in KINDS:
        return detail
    name, *facts = detail.split() or [""]
    for refusal in FileRefused.__subclasses__():
        if word == "refused" and refusal.__name__ == name:
            raise refusal(**dict(fact.split("=") for fact in facts))
    raise CellFailed(answer)


def bound_this_process() -> None:
    """Nothing that is opened after this may take more than a stranger's file deserves."""
    bounds = {
        resource.RLIMIT_AS: MEMORY_BYTES,
        resource.RLIMIT_CPU: CPU_SECONDS,
        resource.RLIMIT_FSIZE: WRITTEN_MAX_BYTES,
        resource.RLIMIT_CORE: 0,
    }
    for kind, bound in bounds.items():
        resource.setrlimit(kind, (bound, bound))


def main(source_place: int, target_place: int) -> None:
    """Clean one file; the answer on the standard output is `kept <kind>` or `refused <name> <fact>=<value>…`."""
    # Loaded here, so that the server itself never loads what reads strangers' files.
    from samokov_portal.files.cleaning import clean  # noqa: PLC0415

    with open(source_place, "rb") as source, open(target_place, "wb") as target:
        try:
            answer = f"kept {clean(source, target)}"
        except MemoryError:
            answer = f"refused {TooHeavy.__name__}"
        except FileRefused as refusal:
            facts = "".join(f" {key}={value}" for key, value in refusal.facts.items() if value != "")
            answer = f"refused {type(refusal).__name__}{facts}"
    sys.stdout.write(answer)


if __name__ == "__main__":
    bound_this_process()
    main(*map(int, sys.argv[1:]))
