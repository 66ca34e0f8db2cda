"""Whether two people seem to write about the same thing: how many of their telling words they share."""

import re

WORD = re.compile(r"[а-яa-z]{4,}")
# Bulgarian endings come after the fifth letter more often than not: лампа, лампата, лампите.
STEM_LETTERS = 5
# Words that everybody uses, whatever they write about.
COMMON_WORDS = """
улица улици пред нашия нашат нашет моля добър здрав годин днес вчера вечер сутри много когат която който които
това тези тази повеч вече беше бяха всяка всеки всичк няма имаме трябв хора хорат помощ общин гражд адрес
намир около между преди след защот сякаш никой нищо остав прави може могат искам село селот градъ самок
"""
COMMON = frozenset(COMMON_WORDS.split())
FEWEST_SHARED = 3
LEAST_SHARE = 0.3


def stems(text: str) -> frozenset[str]:
    """The beginnings of the telling words of `text`."""
    return frozenset(word[:STEM_LETTERS] for word in WORD.findall(text.lower())) - COMMON


def likeness(mine: frozenset[str], other: frozenset[str]) -> float:
    """The share (0 to 1) of the shorter one's telling words that the other uses too; 0 when they are too few."""
    shared = len(mine & other)
    return shared / min(len(mine), len(other)) if shared >= FEWEST_SHARED else 0.0


def are_alike(mine: frozenset[str], other: frozenset[str]) -> bool:
    return likeness(mine, other) >= LEAST_SHARE
