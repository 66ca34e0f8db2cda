"""One form, one row."""

import uuid
from typing import Any

import pytest
from django.core import signing
from django.db import IntegrityError, transaction

from samokov_portal.office.once import (
    SALT,
    BadToken,
    FormAlreadyUsed,
    content_digest,
    form_digest,
    new_form_token,
    read_form_token,
    store_once,
)
from services.models import Application, Service
from tests.factories import ApplicationFactory

NONCE = "11111111111111111111111111111111"
VALUES = {"applicant_name": "Иван Петров", "waited_minutes": None}


def stored(values: dict[str, Any], nonce: str = NONCE) -> tuple[Application, bool]:
    """What `store_once` returns for a form with `values`."""

    @transaction.atomic
    def store(digests: dict[str, str]) -> Application:
        return ApplicationFactory(**values, **digests)

    return store_once(Application, nonce=nonce, values=values, store=store)


def test_the_token_of_a_form_is_read_as_its_random_part() -> None:
    nonce = read_form_token(new_form_token())

    assert nonce == uuid.UUID(nonce).hex


def test_every_form_has_another_token() -> None:
    assert len({new_form_token() for _ in range(100)}) == 100


@pytest.mark.parametrize(
    "token",
    [
        "",
        NONCE,  # not signed
        f"{NONCE}:somebody",  # signed by somebody else
        signing.Signer(salt="another").sign(NONCE),  # signed by us for another purpose
        signing.Signer(salt=SALT).sign(NONCE).replace("1", "2", 1),  # changed on the way
        "\x00",
    ],
)
def test_a_token_that_we_did_not_issue_is_refused(token: str) -> None:
    with pytest.raises(BadToken):
        read_form_token(token)


def test_a_nonce_is_not_stored_as_it_is() -> None:
    assert form_digest(NONCE) == form_digest(NONCE)
    assert NONCE not in form_digest(NONCE)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}, True),  # the order does not matter
        ({"a": 1}, {"a": 2}, False),
        ({"a": "x", "b": ""}, {"a": "", "b": "x"}, False),
        ({"service": Service(pk=7)}, {"service": Service(pk=7)}, True),  # a row is known by its key
        ({"service": Service(pk=7)}, {"service": Service(pk=8)}, False),
        ({"a": None}, {"a": ""}, False),
    ],
)
def test_contents_are_told_apart_by_what_was_sent(one: dict[str, Any], other: dict[str, Any], same: bool) -> None:
    assert (content_digest(one) == content_digest(other)) is same


@pytest.mark.django_db
def test_the_same_form_with_the_same_contents_is_stored_once() -> None:
    first, is_first_new = stored(VALUES)
    second, is_second_new = stored(VALUES)

    assert (is_first_new, is_second_new) == (True, False)
    assert list(Application.objects.all()) == [first] == [second]


@pytest.mark.django_db
def test_the_same_form_with_other_contents_is_refused_with_the_row_of_then() -> None:
    first, _is_new = stored(VALUES)

    with pytest.raises(FormAlreadyUsed) as refusal:
        stored({**VALUES, "applicant_name": "Петър Иванов"})

    assert refusal.value.row == first
    assert str(refusal.value) == first.number
    assert list(Application.objects.values_list("applicant_name", flat=True)) == ["Иван Петров"]


@pytest.mark.django_db
def test_another_form_with_the_same_contents_is_another_row() -> None:
    stored(VALUES)

    _row, is_new = stored(VALUES, nonce="2" * 32)

    assert is_new
    assert Application.objects.count() == 2


@pytest.mark.django_db
def test_an_error_that_is_not_about_the_form_is_not_hidden() -> None:
    with pytest.raises(IntegrityError, match="services_application_completed_has_outcome"):
        stored({**VALUES, "outcome": "ready"})
