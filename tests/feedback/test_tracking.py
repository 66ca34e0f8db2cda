"""Finding a case by number and code, slowed down for whoever guesses."""

from datetime import timedelta
from typing import Any

import pytest

from feedback.models import Case, TrackingFailure
from feedback.tasks import forget_tracking_failures
from feedback.tracking import TooManyFailures, find_case, forget_failures
from tests.factories import CODE, CaseFactory

pytestmark = pytest.mark.django_db
HERE, ELSEWHERE = "10.0.0.7", "10.0.0.8"


@pytest.fixture
def case() -> Case:
    return CaseFactory(number="С-2026-000123")


def look(now: Any, number: str = "С-2026-000123", code: str = CODE, address: str = HERE) -> Case | None:
    return find_case(number=number, code=code, address=address, now=now)


@pytest.mark.parametrize(
    ("number", "code"),
    [("С-2026-000123", CODE), ("c 2026 123", "abcd efgh jklm npqr"), ("С/2026/123", CODE.replace("-", ""))],
)
def test_number_and_code_find_the_case_however_they_are_typed(case: Case, now: Any, number: str, code: str) -> None:
    assert look(now, number, code) == case
    assert not TrackingFailure.objects.exists()


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
    assert list(TrackingFailure.objects.values_list("at", flat=True)) == [now]


def test_a_case_is_not_opened_with_the_code_of_another(case: Case, now: Any) -> None:
    CaseFactory(number="С-2026-000124", access_digest="0" * 64)

    assert look(now, "С-2026-000124", CODE) is None


def test_an_empty_code_does_not_open_a_sample(now: Any) -> None:
    CaseFactory(number="С-2026-000125", access_digest="", is_sample=True)

    assert look(now, "С-2026-000125", "") is None


def test_the_network_address_is_not_kept(case: Case, now: Any) -> None:
    look(now, code="грешен")

    kept = TrackingFailure.objects.values().get()
    assert HERE not in str(kept)


def test_after_ten_failures_guessing_is_blocked(case: Case, now: Any) -> None:
    for _ in range(10):
        assert look(now, code="грешен") is None

    with pytest.raises(TooManyFailures):
        look(now, code="грешен")

    assert TrackingFailure.objects.count() == 10


def test_the_right_code_opens_also_where_others_guess(case: Case, now: Any) -> None:
    for _ in range(10):
        look(now, code="грешен")

    assert look(now) == case
    assert TrackingFailure.objects.count() == 10


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
        look(now + timedelta(minutes=15), code="грешен")


def test_after_a_quarter_of_an_hour_the_block_is_over(case: Case, now: Any) -> None:
    for _ in range(10):
        look(now, code="грешен")

    assert look(now + timedelta(minutes=15, seconds=1), code="грешен") is None


AGES = [timedelta(0), timedelta(minutes=15), timedelta(minutes=15, seconds=1), timedelta(days=30)]


@pytest.fixture
def failures(now: Any) -> list[TrackingFailure]:
    """Failures of these ages; the first two still slow somebody down."""
    return [TrackingFailure.objects.create(origin="a", at=now - age) for age in AGES]


def test_failures_older_than_the_window_are_forgotten(failures: list[TrackingFailure], now: Any) -> None:
    forgotten = forget_failures(now=now)

    assert forgotten == 2
    assert list(TrackingFailure.objects.order_by("pk")) == failures[:2]


def test_the_worker_forgets_old_failures_only(failures: list[TrackingFailure], clock: Any) -> None:
    forget_tracking_failures(timestamp=0)

    assert list(TrackingFailure.objects.order_by("pk")) == failures[:2]


def test_with_nothing_old_nothing_is_forgotten(now: Any) -> None:
    failure = TrackingFailure.objects.create(origin="a", at=now)

    assert forget_failures(now=now) == 0
    assert TrackingFailure.objects.get() == failure
