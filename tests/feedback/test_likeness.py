"""Whether two texts are about the same thing."""

import pytest

from feedback.likeness import are_alike, stems

LAMPS = "Угаснали лампи по цялата улица. От десетина дни цялата улица тъне в мрак, лампите не светят."
ALIKE = [
    (LAMPS, "На нашата улица са угаснали лампите и цялата улица е тъмна от десет дни"),
    (LAMPS, "УГАСНАЛИТЕ ЛАМПИ: десетина дни мрак по цялата улица"),
    ("Кофата не е вдигана от седмица, контейнерът прелива", "Контейнерите преливат, кофите не са вдигани цяла седмица"),
]
UNLIKE = [
    (LAMPS, "Огромна дупка на пътя пред магазина, спуках гума"),
    (LAMPS, "Моля да помогнете, пред нашата улица има много хора"),  # words that everybody uses
    (LAMPS, "лампи улица"),  # too few to tell
    (LAMPS, ""),
    ("", ""),
    ("1234 !!! 5678", "1234 !!! 5678"),
]


@pytest.mark.parametrize(("mine", "other"), ALIKE)
def test_the_same_matter_in_other_words_is_alike(mine: str, other: str) -> None:
    assert are_alike(stems(mine), stems(other))
    assert are_alike(stems(other), stems(mine))


@pytest.mark.parametrize(("mine", "other"), UNLIKE)
def test_another_matter_is_not_alike(mine: str, other: str) -> None:
    assert not are_alike(stems(mine), stems(other))
