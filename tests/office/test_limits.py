"""How often something may be done: counted once for all processes, and over a restart."""

import logging
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from django.conf import settings
from django.db import IntegrityError, connection, transaction

from samokov_portal.office.limits import (
    Limit,
    Standing,
    forget_ended,
    network_of,
    peek,
    peek_all,
    subscriber_of,
    take,
    take_all,
)
from samokov_portal.office.tally import Tally

QUARTER = timedelta(minutes=15)
THREE = Limit("three", 3, QUARTER)
OFF = Limit("off", 0, QUARTER)
MOMENT = timedelta(microseconds=1)
ADDRESS = "203.0.113.7"
THREADS, EACH = 16, 25
# Another process takes one under the same key; prints how it then stands.
ANOTHER_PROCESS = """
import sys
from datetime import datetime, timedelta
import django
django.setup()
from django.conf import settings
settings.DATABASES["default"]["NAME"] = sys.argv[1]
from samokov_portal.office.limits import Limit, take
print(take(Limit("three", 3, timedelta(minutes=15)), "203.0.113.7", datetime.fromisoformat(sys.argv[2])).count)
"""


def facts(standing: Standing) -> tuple[int, int | None, bool, timedelta]:
    return standing.count, standing.left, standing.is_over, standing.retry_after


@pytest.mark.django_db
def test_each_take_counts_until_nothing_is_left_and_then_is_over(now: datetime) -> None:
    standings = [take(THREE, ADDRESS, now) for _ in range(4)]

    assert [facts(standing) for standing in standings] == [
        (1, 2, False, QUARTER),
        (2, 1, False, QUARTER),
        (3, 0, False, QUARTER),
        (4, 0, True, QUARTER),
    ]


@pytest.mark.django_db
def test_looking_counts_nothing(now: datetime) -> None:
    take(THREE, ADDRESS, now)

    looks = [peek(THREE, ADDRESS, now) for _ in range(5)]

    assert {facts(standing) for standing in looks} == {(1, 2, False, QUARTER)}


@pytest.mark.django_db
def test_who_never_took_has_everything_left(now: datetime) -> None:
    assert facts(peek(THREE, ADDRESS, now)) == (0, 3, False, timedelta(0))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("later", "count", "retry_after"),
    [
        (timedelta(0), 2, QUARTER),
        (timedelta(minutes=10), 2, timedelta(minutes=5)),
        (QUARTER - MOMENT, 2, MOMENT),
        (QUARTER, 1, QUARTER),  # the window has ended: a new one opens
        (QUARTER * 100, 1, QUARTER),
    ],
)
def test_a_window_opens_with_the_first_take_and_lasts_its_length(
    now: datetime, later: timedelta, count: int, retry_after: timedelta
) -> None:
    take(THREE, ADDRESS, now)

    standing = take(THREE, ADDRESS, now + later)

    assert (standing.count, standing.retry_after) == (count, retry_after)


@pytest.mark.django_db
@pytest.mark.parametrize(("later", "count"), [(QUARTER - MOMENT, 1), (QUARTER, 0)])
def test_looking_after_the_window_finds_nothing(now: datetime, later: timedelta, count: int) -> None:
    take(THREE, ADDRESS, now)

    assert peek(THREE, ADDRESS, now + later).count == count


@pytest.mark.django_db
def test_taking_past_the_limit_does_not_make_the_wait_longer(now: datetime) -> None:
    for minute in range(14):
        take(THREE, ADDRESS, now + timedelta(minutes=minute))

    assert peek(THREE, ADDRESS, now + timedelta(minutes=14)).retry_after == timedelta(minutes=1)
    assert not take(THREE, ADDRESS, now + QUARTER).is_over


@pytest.mark.django_db
def test_other_keys_and_other_limits_are_counted_apart(now: datetime) -> None:
    take(THREE, ADDRESS, now)

    assert take(THREE, "203.0.113.8", now).count == 1
    assert take(Limit("another", 3, QUARTER), ADDRESS, now).count == 1


@pytest.mark.django_db
def test_several_limits_are_taken_together_in_the_order_asked(now: datetime) -> None:
    take(THREE, "b", now)
    asked = [(THREE, "c"), (OFF, "x"), (THREE, "b"), (THREE, "a")]

    assert [standing.count for standing in take_all(asked, now)] == [1, 0, 2, 1]
    assert [standing.count for standing in peek_all(asked, now)] == [1, 0, 2, 1]


@pytest.mark.django_db
def test_a_limit_of_nothing_limits_nothing_and_keeps_nothing(now: datetime) -> None:
    standings = [take(OFF, ADDRESS, now) for _ in range(100)]

    assert {facts(standing) for standing in standings} == {(0, None, False, timedelta(0))}
    assert facts(peek(OFF, ADDRESS, now)) == (0, None, False, timedelta(0))
    assert not Tally.objects.exists()


@pytest.mark.parametrize(
    ("count", "amount", "times", "is_beyond"),
    [(30, 3, 10, False), (31, 3, 10, True), (3, 3, 1, False), (4, 3, 1, True), (1000, 0, 10, False)],
)
def test_a_flood_is_told_from_a_crowd(count: int, amount: int, times: int, is_beyond: bool) -> None:
    assert Standing(Limit("x", amount, QUARTER), count, QUARTER).is_beyond(times) is is_beyond


@pytest.mark.django_db
def test_each_step_is_one_query(now: datetime, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        take(THREE, ADDRESS, now)
    with django_assert_num_queries(1):
        take_all([(THREE, ADDRESS), (THREE, "other")], now)
    with django_assert_num_queries(1):
        peek_all([(THREE, ADDRESS), (THREE, "other")], now)
    with django_assert_num_queries(0):
        take(OFF, ADDRESS, now)


@pytest.mark.django_db
def test_no_address_is_stored_and_two_limits_store_it_differently(now: datetime, settings: Any) -> None:
    take(THREE, ADDRESS, now)
    take(Limit("another", 3, QUARTER), ADDRESS, now)
    settings.SECRET_KEY = "the key of another portal"
    take(THREE, ADDRESS, now)

    digests = list(Tally.objects.values_list("digest", flat=True))
    assert len(set(digests)) == 3
    assert ADDRESS not in str(list(Tally.objects.values()))


@pytest.mark.django_db
def test_the_log_has_one_line_for_each_window_without_the_address(
    now: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)

    for _ in range(9):
        take(THREE, ADDRESS, now)

    assert len(caplog.messages) == 1
    assert caplog.messages[0].startswith("limit three of 3 passed by ")
    assert ADDRESS not in caplog.text


@pytest.mark.django_db
def test_only_windows_that_have_ended_are_forgotten(now: datetime) -> None:
    take(THREE, "ended", now - QUARTER)
    take(THREE, "ended long ago", now - timedelta(days=30))
    take(THREE, "open", now - QUARTER + MOMENT)

    forgotten = forget_ended(now)

    assert forgotten == 2
    assert peek(THREE, "open", now).count == 1
    assert Tally.objects.count() == 1


@pytest.mark.django_db
def test_the_database_refuses_a_count_of_nothing(now: datetime) -> None:
    with pytest.raises(IntegrityError, match="office_tally_counts_from_one"), transaction.atomic():
        Tally.objects.create(digest="0" * 64, name="three", count=0, ends_at=now)


def test_a_row_names_no_address() -> None:
    assert str(Tally(digest="ab" * 32, name="three", count=2)) == "three abababababab: 2"


@pytest.mark.parametrize(
    ("address", "subscriber", "network"),
    [
        ("203.0.113.7", "203.0.113.7/32", "203.0.113.0/24"),
        ("203.0.113.255", "203.0.113.255/32", "203.0.113.0/24"),
        ("203.0.114.7", "203.0.114.7/32", "203.0.114.0/24"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64", "2001:db8:1::/48"),
        ("2001:DB8:1:2::9", "2001:db8:1:2::/64", "2001:db8:1::/48"),
        ("2001:db8:1:3::9", "2001:db8:1:3::/64", "2001:db8:1::/48"),
        ("2001:db8:2::9", "2001:db8:2::/64", "2001:db8:2::/48"),
        ("::ffff:203.0.113.7", "203.0.113.7/32", "203.0.113.0/24"),  # a socket for both writes IPv4 so
        ("fe80::1%eth0", "fe80::/64", "fe80::/48"),
        ("", "", ""),
        ("unknown", "unknown", "unknown"),
        ("203.0.113.7:4711", "203.0.113.7:4711", "203.0.113.7:4711"),
    ],
)
def test_an_address_belongs_to_a_subscriber_and_to_a_network(address: str, subscriber: str, network: str) -> None:
    assert (subscriber_of(address), network_of(address)) == (subscriber, network)


def at_once(work: Any) -> list[Any]:
    """What `work(n)` returns for each n in threads that begin together, each with its own connection."""
    together = Barrier(THREADS)

    def one(place: int) -> Any:
        together.wait(timeout=10)
        try:
            return work(place)
        finally:
            connection.close()

    with ThreadPoolExecutor(THREADS) as threads:
        return list(threads.map(one, range(THREADS)))


@pytest.mark.django_db(transaction=True)
def test_many_at_once_are_each_counted_and_exactly_as_many_pass_as_may(now: datetime) -> None:
    limit = Limit("many", 100, QUARTER)

    standings = [one for many in at_once(lambda _n: [take(limit, "k", now) for _ in range(EACH)]) for one in many]

    assert sorted(standing.count for standing in standings) == list(range(1, THREADS * EACH + 1))
    assert sum(not standing.is_over for standing in standings) == 100


@pytest.mark.django_db(transaction=True)
def test_many_at_once_after_the_window_open_one_new_window(now: datetime) -> None:
    take(THREE, ADDRESS, now - QUARTER)

    standings = at_once(lambda _n: take(THREE, ADDRESS, now))

    assert sorted(standing.count for standing in standings) == list(range(1, THREADS + 1))


@pytest.mark.django_db(transaction=True)
def test_neighbours_who_take_in_opposite_order_do_not_block_each_other(now: datetime) -> None:
    pair = [(THREE, "a"), (THREE, "b")]

    at_once(lambda n: [take_all(pair if n % 2 else pair[::-1], now) for _ in range(EACH)])

    assert [standing.count for standing in peek_all(pair, now)] == [THREADS * EACH] * 2


@pytest.mark.django_db(transaction=True)
def test_another_process_and_a_new_connection_go_on_counting(now: datetime) -> None:
    take(THREE, ADDRESS, now)
    connection.close()

    printed = subprocess.run(
        [sys.executable, "-c", ANOTHER_PROCESS, connection.settings_dict["NAME"], now.isoformat()],
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "samokov_portal.settings"},
        cwd=Path(settings.BASE_DIR),
        capture_output=True,
        text=True,
        check=True,
    ).stdout

    assert printed == "2\n"
    assert facts(take(THREE, ADDRESS, now)) == (3, 0, False, QUARTER)
