"""Registration numbers as people type them."""

import pytest

from samokov_portal.office.numbers import read_number, write_number

TYPED = [
    # typed, meant
    ("С-2026-000123", "С-2026-000123"),
    ("с-2026-000123", "С-2026-000123"),  # a small letter
    ("  С-2026-000123\t", "С-2026-000123"),
    ("С 2026 000123", "С-2026-000123"),  # spaces for dashes
    ("С - 2026 - 123", "С-2026-000123"),
    ("С–2026—123", "С-2026-000123"),  # long dashes
    ("С/2026/123", "С-2026-000123"),
    ("С2026-123", "С-2026-000123"),  # nothing after the letter
    ("С-2026-1", "С-2026-000001"),  # missing zeros
    ("С-2026-1234567", "С-2026-1234567"),  # more than a million
    # Latin letters: a look-alike or the sound
    ("C-2026-5", "С-2026-000005"),
    ("s-2026-5", "С-2026-000005"),
    ("p-2026-5", "П-2026-000005"),
    ("J-2026-5", "Ж-2026-000005"),
    ("v-2026-5", "Ж-2026-000005"),
    ("Z-2026-5", "З-2026-000005"),
    ("3-2026-5", "З-2026-000005"),
    ("b-2026-5", "Б-2026-000005"),
    ("I-2026-5", "И-2026-000005"),
    ("u-2026-5", "У-2026-000005"),
]
NONSENSE = [
    "",
    " ",
    "С",
    "2026-000123",
    "С-2026",
    "С-2026-",
    "С2026123",  # where the year ends nobody knows
    "С-1926-000123",  # no register of the portal is so old
    "С-2026-12345678901",  # no register is so long
    "СС-2026-000123",
    "С-2026-000123-1",
    "С-2026-000123; DROP TABLE",
    "моят номер",
    "\x00",
]


@pytest.mark.parametrize(("typed", "meant"), TYPED)
def test_a_typed_number_is_read_as_it_was_meant(typed: str, meant: str) -> None:
    assert read_number(typed) == meant


@pytest.mark.parametrize("typed", NONSENSE)
def test_what_is_no_number_is_read_as_none(typed: str) -> None:
    assert read_number(typed) == ""


@pytest.mark.parametrize(
    ("serial", "written"), [(1, "С-2026-000001"), (999_999, "С-2026-999999"), (1_000_000, "С-2026-1000000")]
)
def test_a_number_is_written_with_six_digits_at_least(serial: int, written: str) -> None:
    assert write_number("С", 2026, serial) == written
