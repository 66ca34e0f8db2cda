"""What Latin letters may stand for: the word written in them, or typed without changing the keyboard; plain Python.

Transliteration follows the law of 2009 and, where people write otherwise, their habits (4, 6, q, j, w). The two
keyboards are БДС 5237 and the phonetic one that Windows calls traditional.
"""

import re

from samokov_portal.search.words import words

# Longest first.
TRANSLITERATION = (
    ("sht", "щ"),
    ("tch", "ч"),
    ("zh", "ж"),
    ("ch", "ч"),
    ("sh", "ш"),
    ("ts", "ц"),
    ("tz", "ц"),
    ("cz", "ц"),
    ("ya", "я"),
    ("ja", "я"),
    ("ia", "ия"),
    ("yu", "ю"),
    ("ju", "ю"),
    ("yo", "йо"),
    ("ey", "ей"),
    ("ay", "ай"),
    ("oy", "ой"),
    ("iy", "ий"),
    ("kh", "х"),
    ("ph", "ф"),
    ("th", "т"),
    ("a", "а"),
    ("b", "б"),
    ("c", "ц"),
    ("d", "д"),
    ("e", "е"),
    ("f", "ф"),
    ("g", "г"),
    ("h", "х"),
    ("i", "и"),
    ("j", "ж"),
    ("k", "к"),
    ("l", "л"),
    ("m", "м"),
    ("n", "н"),
    ("o", "о"),
    ("p", "п"),
    ("q", "я"),
    ("r", "р"),
    ("s", "с"),
    ("t", "т"),
    ("u", "у"),
    ("v", "в"),
    ("w", "в"),
    ("x", "х"),
    ("y", "ъ"),
    ("z", "з"),
    ("4", "ч"),
    ("6", "ш"),
)
# Key by key from the top left; the Latin key first.
STANDARD = dict(zip("wertyuiop[asdfghjkl;'zxcvbnm,./", "уеишщксдзцьяаожгтнвмчюйъэфхпрлб", strict=True))
PHONETIC = dict(zip("qwertyuiop[]asdfghjklzxcvbnm`\\", "явертъуиопшщасдфгхйклзьцжбнмчю", strict=True))
# Here digits stay with their letters: 4ujdenec, 6krab.
RUN = re.compile(r"[^\W_]+")
LATIN = frozenset("abcdefghijklmnopqrstuvwxyz")


# Latin letters that look like Cyrillic ones and slip into Cyrillic words from one keyboard to another.
LOOKALIKES = str.maketrans("aceopxyk", "асеорхук")
CYRILLIC = re.compile("[а-я]")


def readings(query: str) -> list[list[str]]:
    """The words of `query` in each way in which it may have been meant, what was typed first, none twice."""
    typed = query.lower()
    found = [words(typed)]
    if not LATIN.isdisjoint(typed):
        if CYRILLIC.search(typed):
            found.append(words(typed.translate(LOOKALIKES)))
        others = (transliterated(typed), _typed_on(STANDARD, typed), _typed_on(PHONETIC, typed))
        found += [words(other) for other in others]
    return [reading for place, reading in enumerate(found) if reading and reading not in found[:place]]


def transliterated(text: str) -> str:
    """`text` with its Latin letters as Cyrillic ones; numbers are left alone."""
    return " ".join(word if word.isdigit() else _transliterated(word) for word in RUN.findall(text))


def _transliterated(word: str) -> str:
    found, place = "", 0
    while place < len(word):
        latin, cyrillic = next(
            ((latin, cyrillic) for latin, cyrillic in TRANSLITERATION if word.startswith(latin, place)),
            (word[place], word[place]),
        )
        found += cyrillic
        place += len(latin)
    return found


def _typed_on(keyboard: dict[str, str], text: str) -> str:
    return "".join(keyboard.get(key, key) for key in text)
