"""Whether what the portal says of itself is easy to read: its own Bulgarian texts, not those of the charter.

No formula for Bulgarian is generally accepted. LIX (C.-H. Björnsson, 1968) needs none: the words of a sentence on
average, plus the words longer than six letters in a hundred; 40 is the language of newspapers, 50 that of offices.
"""

import re
from pathlib import Path

from babel.messages.pofile import read_po
from django.conf import settings

WORD = re.compile(r"[А-Яа-яѝ]+(?:-[А-Яа-я]+)*")
# A full stop that ends no sentence.
SHORTENED = re.compile(r"\b(чл|ал|пар|т|г|ч|бр|ул|стр|тел|мин|лв|тр)\.")
LONGEST_SENTENCE = 30  # words; twenty-five are the aim
MOST_LONG_SENTENCES = 0.02
HARDEST, LONG_WORD = 40, 6


def own_texts() -> list[str]:
    """What stands in the code and the templates, as it is to be translated."""
    with (Path(settings.BASE_DIR) / "locale" / "en" / "LC_MESSAGES" / "django.po").open("rb") as file:
        messages = [message.id for message in read_po(file) if message.id]
    return [one if isinstance(one, str) else one[0] for one in messages]


def sentences(text: str) -> list[list[str]]:
    """The words of each sentence; names, headings and buttons are none, for they have no full stop."""
    plain = SHORTENED.sub(r"\1", re.sub(r"<[^>]+>|&nbsp;", " ", text))
    plain = re.sub(r"%\(\w+\)s", "X", plain)
    found = [part for part in re.split(r"(?<=[.!?;])\s+|\n+", plain) if part.rstrip()[-1:] in (".", "!", "?", ";")]
    return [words for words in map(WORD.findall, found) if words]


def lix(text_sentences: list[list[str]]) -> float:
    words = [word for sentence in text_sentences for word in sentence]
    return len(words) / len(text_sentences) + 100 * sum(len(word) > LONG_WORD for word in words) / len(words)


def test_no_sentence_is_long() -> None:
    found = [sentence for text in own_texts() for sentence in sentences(text)]

    assert [" ".join(sentence) for sentence in found if len(sentence) > LONGEST_SENTENCE] == []
    assert sum(len(sentence) > 25 for sentence in found) < MOST_LONG_SENTENCES * len(found)


def test_texts_are_easier_than_a_newspaper() -> None:
    found = [sentence for text in own_texts() for sentence in sentences(text)]

    assert len(found) > 1000
    assert lix(found) <= HARDEST


def test_measure_counts_words_and_sentences() -> None:
    found = sentences("Срокът е по чл. 5, ал. 2 от закона. Вижте <a>административните разпоредби</a>!\nБутон")

    assert [len(sentence) for sentence in found] == [7, 3]
    assert lix(found) == 5 + 20
