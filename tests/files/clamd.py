"""A peer that speaks clamd's protocol on a real socket, well or badly."""

import socket
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
SECONDS = 20

Behaviour = Callable[[socket.socket], None]


def exactly(line: socket.socket, count: int) -> bytes:
    received = b""
    while len(received) < count:
        part = line.recv(count - len(received))
        if not part:
            raise ConnectionError("the portal hung up")
        received += part
    return received


def streamed(line: socket.socket) -> bytes:
    """What a portal that keeps to the protocol sends: the command, and chunks each with its length, up to one of 0."""
    if exactly(line, 10) != b"zINSTREAM\0":
        raise ConnectionError("not the command")
    content = b""
    while length := int.from_bytes(exactly(line, 4), "big"):
        content += exactly(line, length)
    return content


def honest(line: socket.socket) -> None:
    found = EICAR in streamed(line)
    line.sendall(b"stream: Eicar-Test-Signature FOUND\0" if found else b"stream: OK\0")


def dying(line: socket.socket) -> None:
    """Gone when the first bytes have come."""
    exactly(line, 10)


def dying_before_its_last_word(line: socket.socket) -> None:
    streamed(line)
    line.sendall(b"stream: O")


def hanging(line: socket.socket) -> None:
    """Takes everything and says nothing until the portal hangs up."""
    streamed(line)
    line.recv(1)


def dripping(line: socket.socket) -> None:
    """One letter at a time, so that no single wait is long."""
    streamed(line)
    for _letter in range(200):
        line.sendall(b"s")
        threading.Event().wait(0.05)


def babbling(line: socket.socket) -> None:
    streamed(line)
    for _time in range(50):
        line.sendall(b"x" * 1000)


def full(line: socket.socket) -> None:
    streamed(line)
    line.sendall(b"INSTREAM size limit exceeded. ERROR\0")


@contextmanager
def listening(behaviour: Behaviour) -> Iterator[str]:
    """The path of a socket behind which a peer behaves like this, for any number of files."""
    with tempfile.TemporaryDirectory(prefix="clamd-") as place, socket.socket(socket.AF_UNIX) as door:
        path = str(Path(place) / "clamd.ctl")
        door.bind(path)
        door.listen()

        def serve() -> None:
            while True:
                try:
                    line, _from = door.accept()
                except OSError:  # the door was closed: the test is over
                    return
                with line:
                    line.settimeout(SECONDS)
                    try:
                        behaviour(line)
                    except OSError:  # the portal hung up, as it may
                        continue

        served = threading.Thread(target=serve)
        served.start()
        try:
            yield path
        finally:
            door.shutdown(socket.SHUT_RDWR)
            served.join(SECONDS)
