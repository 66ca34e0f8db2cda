"""A kept connection is looked at before it is used again, without asking the server."""

import select
import socket
import struct
import time
from collections.abc import Iterator
from threading import Thread
from typing import Any

import pytest
from django.db import DatabaseError, connection

from samokov_portal.postgresql.base import REST_SECONDS

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def kept() -> Iterator[Any]:
    """A second connection to the same database, as one that a server process keeps between two pages."""
    second = connection.copy()
    second.settings_dict["CONN_HEALTH_CHECKS"] = True
    asked(second, "SELECT 1")
    yield second
    second.close()


def asked(on: Any, text: str, *parameters: Any) -> Any:
    with on.cursor() as cursor:
        cursor.execute(text, parameters)
        return cursor.fetchone()


def pid_of(second: Any) -> int:
    return int(second.connection.info.backend_pid)


def end(second: Any) -> None:
    """End the connection at the server, as its restart does, and wait until it is gone."""
    pid = pid_of(second)
    asked(connection, "SELECT pg_terminate_backend(%s)", pid)
    while asked(connection, "SELECT count(*) FROM pg_stat_activity WHERE pid = %s", pid) != (0,):
        time.sleep(0.01)


def test_it_is_the_one_that_the_portal_uses(kept: Any) -> None:
    assert type(kept).__module__ == "samokov_portal.postgresql.base"


def test_one_that_lives_is_known_to_without_asking(kept: Any) -> None:
    said = "SELECT state_change FROM pg_stat_activity WHERE pid = %s"
    before = asked(connection, said, pid_of(kept))

    assert kept.is_usable()

    assert asked(connection, said, pid_of(kept)) == before


def test_after_a_rest_it_is_asked(kept: Any) -> None:
    said = "SELECT state_change FROM pg_stat_activity WHERE pid = %s"
    before = asked(connection, said, pid_of(kept))
    kept.looked_at -= REST_SECONDS

    assert kept.is_usable()
    between = asked(connection, said, pid_of(kept))
    assert kept.is_usable()

    assert before < between == asked(connection, said, pid_of(kept))


class Forgetting:
    """Stands between the portal and the server, and on demand forgets the connection without a word."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.door = socket.create_server(("127.0.0.1", 0))
        self.port = self.door.getsockname()[1]
        self.has_forgotten = False
        Thread(target=self.pass_on, daemon=True).start()

    def pass_on(self) -> None:
        with self.door:
            near, _address = self.door.accept()
        far = socket.socket(socket.AF_UNIX)
        far.connect(self.path)
        while True:
            ready, _write, _error = select.select([near, far], [], [])
            if self.has_forgotten:
                # Reset at the next byte, as who has forgotten a connection answers.
                near.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                near.close()
                far.close()
                return
            for one, other in ((near, far), (far, near)):
                if one in ready:
                    data = one.recv(65536)
                    if not data:
                        return
                    other.sendall(data)


def test_one_that_was_forgotten_on_the_way_is_found_out_after_a_rest(kept: Any) -> None:
    place = kept.settings_dict["HOST"], kept.settings_dict["PORT"] or "5432"
    between = Forgetting(f"{place[0]}/.s.PGSQL.{place[1]}")
    kept.close()
    kept.settings_dict.update(HOST="127.0.0.1", PORT=str(between.port))
    asked(kept, "SELECT 1")
    between.has_forgotten = True
    kept.looked_at -= REST_SECONDS

    assert not kept.is_usable()


def test_one_that_the_server_ended_is_not_used_again(kept: Any) -> None:
    old = pid_of(kept)
    end(kept)

    assert not kept.is_usable()
    # As at the beginning of a request, and before its first statement.
    kept.close_if_unusable_or_obsolete()
    assert asked(kept, "SELECT 2") == (2,)
    assert pid_of(kept) != old


def test_within_a_transaction_it_goes_on_until_that_fails(kept: Any) -> None:
    kept.set_autocommit(False)
    asked(kept, "SELECT 1")
    within = kept.is_usable()
    with pytest.raises(DatabaseError):
        asked(kept, "SELECT 1/0")

    assert (within, kept.is_usable()) == (True, False)


def test_one_that_is_closed_is_not_usable(kept: Any) -> None:
    kept.connection.close()
    closed = kept.is_usable()
    kept.close()

    assert (closed, kept.is_usable()) == (False, False)
