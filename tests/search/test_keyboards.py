"""Latin letters read as Cyrillic: spelled, or typed on a keyboard that was not changed."""

import pytest

from samokov_portal.search.keyboards import readings, transliterated


@pytest.mark.parametrize(
    ("latin", "cyrillic"),
    [
        ("udostoverenie za rajdane", "удостоверение за раждане"),
        ("zhilishte", "жилище"),
        ("4ujdenec", "чужденец"),
        ("6ofyor", "шофйор"),
        ("postoqnen", "постоянен"),
        ("kolwo", "колво"),
        ("2052", "2052"),
    ],
)
def test_a_word_in_latin_letters_is_spelled_in_cyrillic(latin: str, cyrillic: str) -> None:
    assert transliterated(latin) == cyrillic


# The keys of „скица“ and „раждане“ on the plates of each keyboard.
@pytest.mark.parametrize(
    ("keys", "meant"),
    [("iur[d", "скица"), (",dgodke", "раждане"), ("skica", "скица"), ("ravdane", "раждане")],
    ids=["БДС", "БДС with a comma", "phonetic", "phonetic ж"],
)
def test_an_unchanged_keyboard_is_among_the_readings(keys: str, meant: str) -> None:
    assert [meant] in readings(keys)


def test_a_latin_letter_among_cyrillic_ones_is_taken_for_what_it_looks_like() -> None:
    assert ["раждане"] in readings("ражданe")


def test_cyrillic_is_read_in_one_way() -> None:
    assert readings("Акт за раждане") == [["акт", "за", "раждане"]]
