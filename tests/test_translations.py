"""Every text of the portal has its English, whole, looked at and with the same values in it."""

import re
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po
from django.conf import settings

PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")
CATALOGUE = Path(settings.BASE_DIR) / "locale" / "en" / "LC_MESSAGES" / "django.po"
HEAD = r"""
msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\n"
"""


def texts(value: str | tuple[str, ...] | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else list(value)


def is_wrong(message: Message) -> bool:
    """Whether a text is untranslated, only guessed, or names other values than it was given."""
    said, english = texts(message.id), texts(message.string)
    known = {one for text in said for one in PLACEHOLDER.findall(text)}
    told = {one for text in english for one in PLACEHOLDER.findall(text)}
    return message.fuzzy or not all(english) or not told <= known


def wrong(catalog: Catalog) -> list[str]:
    return [texts(message.id)[0] for message in catalog if message.id and is_wrong(message)]


def test_every_text_is_translated_and_none_is_guessed() -> None:
    with CATALOGUE.open("rb") as file:
        catalog = read_po(file, locale="en")

    assert len(catalog) > 3000
    assert wrong(catalog) == []


@pytest.mark.parametrize(
    ("written", "is_found"),
    [
        ('msgid "Ред"\nmsgstr "Line"', False),
        ('msgid "Ред"\nmsgstr ""', True),
        ('#, fuzzy\nmsgid "Ред"\nmsgstr "Row"', True),
        ('msgid "%(n)s ред"\nmsgstr "%(m)s line"', True),
        ('msgid "%(n)s ред"\nmsgid_plural "%(n)s реда"\nmsgstr[0] "One line"\nmsgstr[1] "%(n)s lines"', False),
        ('msgid "%(n)s ред"\nmsgid_plural "%(n)s реда"\nmsgstr[0] "One line"\nmsgstr[1] ""', True),
    ],
)
def test_what_is_wrong_with_a_translation_is_found(written: str, is_found: bool) -> None:
    assert bool(wrong(read_po(BytesIO(f"{HEAD}\n{written}\n".encode()), locale="en"))) == is_found
