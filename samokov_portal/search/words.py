"""Bulgarian words brought to one form, so that „удостоверенията“ finds „удостоверение“; plain Python.

Not a stem of grammar: words that people mean as one must meet, others must stay apart. Endings are taken off in the
order in which the language puts them on: article, number, gender.
"""

import re
import unicodedata

# Letters and digits apart: „УП2“ is „УП 2“.
WORD = re.compile(r"[^\W\d_]+|\d+")
# Words that tell nothing of what is sought: they stand in every name, or in every question.
TELL_NOTHING = """
    а аз ако ала бе без беше би бил бъде в вече ви във все всеки всички върху г го да до е един една едно за защо
    и из или им има имам искам иска как какво каква какъв какви кога когато който която което които къде ли ме ми
    мога може моя моята моето мой моите на над най нас не него нещо ни ние но ну нужен нужна нужно о от отново още
    пак по под подавам после почти при про с са сам само се си след сме со спрямо срещу става сте със също т така
    такъв там тези ти то това този той трябва тук тя у ще що
"""
STOP_WORDS = frozenset(TELL_NOTHING.split())
# The definite article, longest first: „удостоверенията“, „строежите“, „градовете“, „регистърът“, „смъртта“. „Карта“ and
# „имота“ end in no article of more than a vowel, so „та“ alone goes only after „т“.
ARTICLES = ("ията", "овете", "евете", "ите", "ята", "ата", "ието", "ето", "ото", "ът", "ят")
AFTER_T = "тта"
# Number and gender.
ENDINGS = ("ове", "еве", "ия", "ии", "ие", "ий", "и", "а", "я", "е", "о", "у", "ъ", "ю", "й")
SHORTEST_STEM = 3
# Words whose plural is another word.
IRREGULAR = {
    "деца": "дет",
    "децата": "дет",
    "дървета": "дърв",
    "дърветата": "дърв",
    "хора": "човек",
    "хората": "човек",
    "имена": "име",
    "имената": "име",
}
# „я“ and „е“ change places in one word (място, места); „ю“ and „щ“ are often mistyped for the other.
LETTERS = str.maketrans({"ѝ": "и", "я": "е", "ю": "у", "щ": "ш"})
# Of nouns and participles made of one verb: категоризация, категоризиране, категоризиран.
OF_VERBS = re.compile(r"(?<=....)(?:ац|иран)$")
# What comes and goes before the last consonant: данъчен, данъчна; регистър, регистри.
FLEETING = re.compile(r"(?<=[^аеиоуъ])(?:е(?=н$)|ъ(?=[нлрк]$))")


def words(text: str) -> list[str]:
    """The words and numbers of `text` in small letters, in their order."""
    return WORD.findall(unicodedata.normalize("NFC", text).lower())


def stem(word: str) -> str:
    """The form in which `word` and its inflections meet; a number is its own."""
    if word in IRREGULAR:
        return IRREGULAR[word]
    if word.isdigit() or len(word) <= SHORTEST_STEM:
        return word.translate(LETTERS)
    bare = word[:-2] if word.endswith(AFTER_T) else _without(word, ARTICLES)
    bare = _without(bare, ENDINGS).translate(LETTERS)
    bare = OF_VERBS.sub("", bare)
    if bare.endswith("ц"):
        bare = f"{bare[:-1]}к"  # наследници, наследник
    elif bare.endswith("з") and word.endswith(("зи", "зите")):
        bare = f"{bare[:-1]}г"  # съпрузи, съпруг
    elif bare.endswith("еен"):
        bare = f"{bare[:-2]}йн"  # семеен, семейно
    return FLEETING.sub("", bare) if len(bare) > SHORTEST_STEM + 1 else bare


def _without(word: str, endings: tuple[str, ...]) -> str:
    for ending in endings:
        if word.endswith(ending) and len(word) - len(ending) >= SHORTEST_STEM:
            return word[: -len(ending)]
    return word


def stems(text: str) -> list[str]:
    """The stems of the telling words of `text`, in their order, with repetitions."""
    return [stem(word) for word in words(text) if word not in STOP_WORDS]
