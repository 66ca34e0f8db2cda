"""What ClamAV says of a file: a small client for its INSTREAM command over a Unix socket.

A scanner that is configured but does not answer never lets a file pass as clean: it is held until it can be asked.
"""

import logging
import socket
import struct
import time
from enum import StrEnum
from typing import IO

from django.conf import settings

from samokov_portal.files.refusals import Infected

CHUNK_BYTES = 64 * 1024
REPLY_MAX_BYTES = 4096
CLEAN_REPLY = "stream: OK"
FOUND = " FOUND"

logger = logging.getLogger(__name__)


class ScanState(StrEnum):
    """What is known of a file that was taken."""

    CLEAN = "clean"
    UNSCANNED = "unscanned"
    QUARANTINED = "quarantined"


class NoVerdict(Exception):
    """The scanner answered, but neither that the file is clean nor that it is infected."""


def scan(file: IO[bytes]) -> ScanState:
    """Ask the scanner of the settings about the whole file; may be asked again later about what was held.

    Raises Infected with the name of what was found. Holds the file when the scanner is absent, slow or confused.
    """
    if not settings.CLAMAV_SOCKET:
        return ScanState.UNSCANNED
    file.seek(0)
    try:
        reply = ask(settings.CLAMAV_SOCKET, file, settings.CLAMAV_TIMEOUT_SECONDS)
        if reply == CLEAN_REPLY:
            return ScanState.CLEAN
        if not reply.endswith(FOUND):
            raise NoVerdict(reply)
    except (OSError, NoVerdict):
        logger.exception("the virus scanner gave no verdict; the file is held")
        return ScanState.QUARANTINED
    raise Infected(signature=reply.removeprefix("stream: ").removesuffix(FOUND))


def ask(path: str, file: IO[bytes], seconds: float) -> str:
    """The scanner's one line about the rest of `file`. Raises OSError or NoVerdict, at the latest after `seconds`."""
    give_up_at = time.monotonic() + seconds
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
        line.settimeout(seconds)
        line.connect(path)
        line.sendall(b"zINSTREAM\0")
        while chunk := file.read(CHUNK_BYTES):
            line.settimeout(left_until(give_up_at))
            line.sendall(struct.pack(">I", len(chunk)) + chunk)
        line.sendall(struct.pack(">I", 0))
        reply = b""
        while not reply.endswith(b"\0"):
            line.settimeout(left_until(give_up_at))
            part = line.recv(REPLY_MAX_BYTES)
            if not part or len(reply) > REPLY_MAX_BYTES:
                raise NoVerdict("the answer broke off")
            reply += part
    return reply.rstrip(b"\0").decode(errors="replace")


def left_until(moment: float) -> float:
    """The seconds until `moment` of the monotonic clock; raises TimeoutError when it has passed."""
    left = moment - time.monotonic()
    if left <= 0:
        raise TimeoutError("the virus scanner is too slow")
    return left
