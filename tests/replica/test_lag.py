"""Since when a replica lacks something, and who may read it meanwhile."""

from samokov_portal.replica.lag import BEYOND_ANY, Lag

BOUND = 10.0
NOBODY = 0


def caught_up(at: float, place: int) -> Lag:
    lag = Lag(BOUND)
    lag.note(at, place, place)
    return lag


def test_one_that_was_never_seen_is_not_read() -> None:
    assert not Lag(BOUND).has(NOBODY, 0.0)


def test_one_that_has_all_is_read() -> None:
    assert caught_up(100.0, 5000).has(NOBODY, 100.0)


def test_one_that_lacks_something_is_not_read_before_it_has_caught_up_once() -> None:
    lag = Lag(BOUND)

    lag.note(100.0, 5000, 4000)

    # It may have lacked it for an hour: nobody here knows.
    assert not lag.has(NOBODY, 100.0)


def test_it_is_read_as_soon_as_it_has_what_was_seen_at_the_beginning() -> None:
    lag = Lag(BOUND)
    lag.note(100.0, 5000, 4000)

    # A primary at work is always a little further.
    lag.note(101.0, 6000, 5500)

    assert lag.has(NOBODY, 101.0)


def test_one_that_catches_up_slowly_is_still_too_late_when_it_comes_to_the_beginning() -> None:
    lag = Lag(BOUND)
    for second in range(60):
        lag.note(100.0 + second, 5000 + second, 4000)

    lag.note(160.0, 5060, 5001)
    assert not lag.has(NOBODY, 160.0)

    lag.note(161.0, 5061, 5055)
    assert lag.has(NOBODY, 161.0)


def test_what_lacks_something_for_less_than_the_bound_is_read_and_then_no_more() -> None:
    lag = caught_up(100.0, 5000)
    lag.note(101.0, 6000, 5000)

    assert lag.has(NOBODY, 111.0)
    assert not lag.has(NOBODY, 111.5)


def test_the_oldest_thing_that_is_lacking_counts() -> None:
    lag = caught_up(100.0, 5000)
    lag.note(101.0, 6000, 5000)
    lag.note(109.0, 7000, 5999)

    assert not lag.has(NOBODY, 112.0)

    lag.note(113.0, 8000, 6000)
    assert lag.has(NOBODY, 113.0)


def test_who_has_written_reads_it_when_it_has_come_so_far() -> None:
    lag = caught_up(100.0, 5000)

    assert lag.has(5000, 100.0)
    assert not lag.has(5001, 100.0)
    assert not lag.has(BEYOND_ANY, 100.0)


def test_without_its_primary_it_is_read_because_nothing_newer_is_known() -> None:
    lag = caught_up(100.0, 5000)

    lag.note(500.0, None, 5000)

    assert lag.has(NOBODY, 500.0)


def test_one_that_was_lost_has_to_catch_up_before_it_is_read_again() -> None:
    lag = caught_up(100.0, 5000)

    lag.lose()
    assert not lag.has(NOBODY, 100.0)

    lag.note(105.0, 9000, 5000)
    assert not lag.has(NOBODY, 105.0)

    lag.note(106.0, 9500, 9000)
    assert lag.has(NOBODY, 106.0)


def test_what_is_remembered_of_one_that_stands_still_does_not_grow() -> None:
    lag = caught_up(0.0, 5000)

    for second in range(1000):
        lag.note(float(second), 6000 + second, 5000)

    assert len(lag._lacking) <= BOUND + 2
    assert not lag.has(NOBODY, 1000.0)
