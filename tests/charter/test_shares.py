"""The numbers beside a figure, against values that others have published."""

from decimal import Decimal

import pytest

from charter.measurement import Spread, wilson
from charter.report import rounded


@pytest.mark.parametrize(
    ("part", "whole", "low", "high"),
    [
        # R. G. Newcombe, Statistics in Medicine 17 (1998), table I, method 3 (score, without continuity correction).
        (81, 263, "0.2553", "0.3662"),
        (15, 148, "0.0624", "0.1605"),
        (0, 20, "0.0000", "0.1611"),
        (1, 29, "0.0061", "0.1718"),
    ],
)
def test_interval_is_that_of_the_literature(part: int, whole: int, low: str, high: str) -> None:
    for end, published in zip(wilson(part, whole), (low, high), strict=True):
        # Ours is given to a tenth of a per cent, theirs to a hundredth.
        assert abs(end - 100 * Decimal(published)) <= Decimal("0.055")


@pytest.mark.parametrize(("part", "whole"), [(0, 1), (1, 7), (3, 10), (50, 99), (99_999, 100_000)])
def test_interval_of_the_rest_is_the_mirror_of_it(part: int, whole: int) -> None:
    low, high = wilson(part, whole)

    assert wilson(whole - part, whole) == (100 - high, 100 - low)


@pytest.mark.parametrize(
    ("times", "median", "ninetieth"),
    [
        ([7], 7, 7),
        ([1, 2], 1, 2),  # the smallest that half do not exceed, nothing between two
        ([1, 2, 3], 2, 3),
        (list(range(1, 11)), 5, 9),
        (list(range(1, 12)), 6, 10),
        (list(range(1, 101)), 50, 90),
        ([0] * 9 + [30], 0, 0),
        ([0] * 8 + [30, 40], 0, 30),
    ],
)
def test_percentile_is_a_value_that_occurred(times: list[int], median: int, ninetieth: int) -> None:
    values = {time: times.count(time) for time in times}

    assert Spread.of(values) == Spread(median, ninetieth, max(times))


@pytest.mark.parametrize(
    ("percent", "printed"), [("99.95", "99.9"), ("99.99999", "99.9"), ("0.05", "0.1"), ("0.00001", "0.1")]
)
def test_no_rounding_makes_a_whole_or_a_nothing(percent: str, printed: str) -> None:
    assert rounded(Decimal(percent)) == Decimal(printed)
