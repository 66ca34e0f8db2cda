"""Registration numbers such as С-2026-000123: written by us, typed by people."""

import re

# What people type for the letter of a register: a look-alike or the sound of it on a Latin keyboard.
LATIN = str.maketrans(
    {"C": "С", "S": "С", "P": "П", "J": "Ж", "V": "Ж", "Z": "З", "B": "Б", "I": "И", "U": "У", "3": "З"}
)
NUMBER_IN_ADDRESS = r"[А-Я]-20[0-9]{2}-[0-9]{6,9}"
NUMBER = re.compile(r"(?P<letter>\w)[\s\-–—/]*(?P<year>20\d\d)[\s\-–—/]+0*(?P<serial>\d{1,9})")


def write_number(letter: str, year: int, serial: int) -> str:
    """The number as it stands on the receipt."""
    return f"{letter}-{year}-{serial:06d}"


def read_number(typed: str) -> str:
    """The number that was meant: small or Latin letters, spaces for dashes, missing zeros. Empty if it is none."""
    match = NUMBER.fullmatch(typed.strip().upper())
    if match is None:
        return ""
    return write_number(match["letter"].translate(LATIN), int(match["year"]), int(match["serial"]))
