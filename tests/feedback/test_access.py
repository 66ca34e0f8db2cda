"""The citizen's secret."""

import re

import pytest
from django.test import override_settings

from feedback.access import access_code, access_digest, code_fits
from tests.factories import CODE


@pytest.mark.parametrize("nonce", [f"{place:032x}" for place in range(20)])
def test_a_code_is_four_groups_of_letters_that_are_not_mistaken(nonce: str) -> None:
    assert re.fullmatch(r"([A-HJ-NP-Z2-9]{4}-){3}[A-HJ-NP-Z2-9]{4}", access_code(nonce))


def test_a_form_has_one_code_and_another_form_another() -> None:
    assert access_code("1" * 32) == access_code("1" * 32)
    assert len({access_code(f"{place:032x}") for place in range(200)}) == 200


def test_a_code_cannot_be_made_without_the_portals_key() -> None:
    ours = access_code("1" * 32)

    with override_settings(SECRET_KEY="another key that is long enough to be one, as fifty letters are"):
        theirs = access_code("1" * 32)

    assert ours != theirs


@pytest.mark.parametrize(
    "typed",
    [
        CODE,
        "abcd-efgh-jklm-npqr",  # small letters
        "ABCDEFGHJKLMNPQR",  # without dashes
        " ABCD EFGH\tJKLM\u00a0NPQR\n",  # spaces
        "ABCD–EFGH—JKLM-NPQR",  # long dashes
    ],
)
def test_how_a_code_is_typed_does_not_matter(typed: str) -> None:
    assert code_fits(typed, access_digest(CODE))


@pytest.mark.parametrize("typed", ["", "ABCD-EFGH-JKLM-NPQS", "ABCD-EFGH-JKLM", f"{CODE}A", "абвг", "\x00", "я" * 9999])
def test_another_code_does_not_fit(typed: str) -> None:
    assert not code_fits(typed, access_digest(CODE))


def test_a_digest_says_nothing_of_the_code() -> None:
    assert re.fullmatch(r"[0-9a-f]{64}", access_digest(CODE))


def test_a_code_outlives_a_change_of_the_portals_key() -> None:
    digest = access_digest(CODE)

    with override_settings(SECRET_KEY="another key that is long enough to be one, as fifty letters are"):
        assert code_fits(CODE, digest)
