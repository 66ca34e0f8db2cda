"""Finding a case by number and code, slowed down for whoever guesses."""

from datetime import timedelta
from typing import Any

import pytest

from feedback.access import access_digest
from feedback.choices import REGISTER_LETTERS
from feedback.models import Case
from feedback.tracking import TooManyFailures, find_followed
from samokov_portal.office.tally import Tally
from tests.factories import CODE, ApplicationFactory, CaseFactory

pytestmark = pytest.mark.django_db
HERE, ELSEWHERE = "10.0.0.7", "10.0.0.8"


@pytest.fixture
def case() -> Case:
    return CaseFactory(number="С-2026-000123")


def counted() -> list[int]:
    """How many failures were counted, for each address."""
    return list(Tally.objects.values_list("count", flat=True))


def look(now: Any, number: str = "С-2026-000123", code: str = CODE, address: str = HERE) -> Case | None:
    return find_followed(number=number, code=code, address=address, now=now)


@pytest.mark.parametrize(
    ("number", "code"),
    [("С-2026-000123", CODE), ("c 2026 123", "abcd efgh jklm npqr"), ("С/2026/123", CODE.replace("-", ""))],
)
def test_number_and_code_find_the_case_however_they_are_typed(case: Case, now: Any, number: str, code: str) -> None:
    assert look(now, number, code) == case
    assert counted() == []


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("С-2026-000123", "ABCD-EFGH-JKLM-NPQS"),  # wrong code
        ("С-2026-000124", CODE),  # no such number
        ("П-2026-000123", CODE),  # another register
        ("моят номер", CODE),  # no number at all
        ("С-2026-000123", ""),
        ("", ""),
    ],
)
def test_a_wrong_pair_finds_nothing_and_is_counted(case: Case, now: Any, number: str, code: str) -> None:
    assert look(now, number, code) is None
    assert counted() == [1]


def test_a_case_is_not_opened_with_the_code_of_another(case: Case, now: Any) -> None:
    CaseFactory(number="С-2026-000124", access_digest="0" * 64)

    assert look(now, "С-2026-000124", CODE) is None


def test_an_empty_code_does_not_open_a_sample(now: Any) -> None:
    CaseFactory(number="С-2026-000125", access_digest="", is_sample=True)

    assert look(now, "С-2026-000125", "") is None


@pytest.mark.parametrize("letter", [*REGISTER_LETTERS.values(), "У"])
def test_the_register_that_the_letter_names_is_asked_alone(
    now: Any, letter: str, django_assert_num_queries: Any
) -> None:
    number = f"{letter}-2026-000123"
    row = (
        ApplicationFactory(number=number, access_digest=access_digest(CODE))
        if letter == "У"
        else CaseFactory(number=number)
    )

    with django_assert_num_queries(1):
        assert look(now, number) == row


def test_the_network_address_is_not_kept(case: Case, now: Any) -> None:
    look(now, code="грешен")

    kept = Tally.objects.values().get()
    assert HERE not in str(kept)


def test_after_ten_failures_guessing_is_blocked(case: Case, now: Any) -> None:
    for _ in range(10):
        assert look(now, code="грешен") is None

    with pytest.raises(TooManyFailures) as refused:
        look(now, code="грешен")

    assert refused.value.retry_after == timedelta(minutes=15)


def test_the_right_code_opens_also_where_others_guess(case: Case, now: Any) -> None:
    for _ in range(10):
        look(now, code="грешен")

    assert look(now) == case
    assert counted() == [10]


def test_how_many_failures_are_allowed_is_a_setting(case: Case, now: Any, settings: Any) -> None:
    settings.TRACKING_FAILURES_ALLOWED = 1
    look(now, code="грешен")

    with pytest.raises(TooManyFailures):
        look(now, code="грешен")


def test_another_address_is_not_blocked(case: Case, now: Any) -> None:
    for _ in range(10):
        look(now, code="грешен")

    assert look(now, code="грешен", address=ELSEWHERE) is None


def test_the_block_is_for_every_number(case: Case, now: Any) -> None:
    for serial in range(10):
        look(now, number=f"С-2026-{serial + 500}")

    with pytest.raises(TooManyFailures):
        look(now, code="грешен")


def test_the_block_holds_for_a_quarter_of_an_hour(case: Case, now: Any) -> None:
    for _ in range(10):
        look(now, code="грешен")

    with pytest.raises(TooManyFailures):
        look(now + timedelta(minutes=14, seconds=59), code="грешен")


def test_after_a_quarter_of_an_hour_the_block_is_over(case: Case, now: Any) -> None:
    for _ in range(10):
        look(now, code="грешен")

    assert look(now + timedelta(minutes=15), code="грешен") is None


def test_addresses_of_one_subscriber_count_together(case: Case, now: Any) -> None:
    for last in range(10):
        look(now, code="грешен", address=f"2001:db8:1:2::{last}")

    with pytest.raises(TooManyFailures):
        look(now, code="грешен", address="2001:db8:1:2::ffff")
    assert look(now, code="грешен", address="2001:db8:1:3::1") is None
