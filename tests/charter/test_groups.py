"""Nothing that is shown allows a small group to be had by subtraction, also over the quarters of a year."""

from collections import Counter
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from charter.measurement.groups import SMALLEST_GROUP, groups, merged
from samokov_portal.office.choices import Fact

Cell = tuple[int, str]
QUARTER = st.dictionaries(st.sampled_from("ABCDE"), st.integers(0, 12), max_size=5)


def is_had(cell: Cell, cells: list[Cell], known: list[set[Cell]]) -> bool:
    """Whether the number in `cell` follows from the sums over the sets of `known` by linear algebra."""
    vectors = [[Fraction(one in summed) for one in cells] for summed in known]
    wanted = [Fraction(one == cell) for one in cells]
    for column in range(len(cells)):
        pivot = next((vector for vector in vectors if vector[column]), None)
        if pivot is None:
            if wanted[column]:
                return False
            continue
        vectors.remove(pivot)
        for vector in (*vectors, wanted):
            factor = vector[column] / pivot[column]
            vector[:] = [mine - factor * theirs for mine, theirs in zip(vector, pivot, strict=True)]
    return not any(wanted)


@given(st.lists(QUARTER, min_size=4, max_size=4))
def test_no_small_group_follows_from_what_is_shown(sizes: list[dict[str, int]]) -> None:
    spans = [{key: Counter({Fact.KEPT: size}) for key, size in quarter.items()} for quarter in sizes]
    cells = [(number, key) for number, quarter in enumerate(sizes) for key, size in quarter.items() if size]
    # Whoever reads the reports knows the figure of each quarter, every group shown, and those of the whole year.
    known = [{cell for cell in cells if cell[0] == number} for number in range(4)]
    for number, span in enumerate(spans):
        known += [{(number, group.key)} for group in groups(span) if group.whole is not None]
    for group in groups(merged(spans), spans):
        if group.whole is not None:
            known.append({cell for cell in cells if cell[1] == group.key})

    for number, key in cells:
        # A group that is all there is of a quarter is its figure, which is published in any case.
        is_all = sum(one[0] == number for one in cells) == 1
        if sizes[number][key] < SMALLEST_GROUP and not is_all:
            assert not is_had((number, key), cells, known), (number, key)


@pytest.mark.parametrize(
    ("sizes", "named"),
    [
        ({}, []),
        ({"A": 3}, []),  # beside a total of three the name alone says whose they were
        ({"A": 2, "B": 1}, []),
        ({"A": 4, "B": 0}, []),
        ({"A": 5}, [("A", 5)]),
        ({"A": 2, "B": 3}, [("A", None), ("B", None)]),
        ({"A": 9, "B": 3}, [("A", None), ("B", None)]),
        ({"A": 9, "B": 3, "C": 7}, [("A", 9), ("B", None), ("C", None)]),
    ],
)
def test_no_group_is_named_where_the_whole_is_a_small_one(
    sizes: dict[str, int], named: list[tuple[str, int | None]]
) -> None:
    states = {key: Counter({Fact.KEPT: size}) for key, size in sizes.items()}

    assert [(group.key, group.whole) for group in groups(states)] == named


def test_no_group_of_a_year_is_named_where_a_quarter_is_a_small_one() -> None:
    # The year names A and B, the other quarters only B: so the three of the first would be of A.
    quarters = [{"A": Counter({Fact.KEPT: 3})}, {"B": Counter({Fact.KEPT: 5})}, {}]

    assert groups(merged(quarters), quarters) == []
    assert [group.whole for group in groups(merged(quarters[1:]), quarters[1:])] == [5]
