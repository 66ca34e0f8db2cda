"""The counters of the registers: gap-free, whoever asks and however many at once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest
from django.db import connection, transaction

from samokov_portal.office.models import RegisterCounter, next_number

DAY = date(2026, 11, 23)  # Monday
CLERKS, EACH = 8, 5


@pytest.mark.django_db
def test_numbers_of_a_register_follow_one_another() -> None:
    assert [next_number("Т", DAY) for _ in range(3)] == [1, 2, 3]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("register", "day", "number"),
    [
        ("Т", date(2026, 1, 1), 3),  # the same register and year
        ("Т", date(2026, 12, 31), 3),
        ("Т", date(2027, 1, 1), 1),  # another year
        ("Ф", date(2026, 11, 23), 1),  # another register
    ],
)
def test_registers_and_years_are_counted_apart(register: str, day: date, number: int) -> None:
    next_number("Т", DAY, count=2)

    assert next_number(register, day) == number


@pytest.mark.django_db
def test_several_numbers_are_taken_at_once_and_the_first_is_returned() -> None:
    next_number("Т", DAY)

    first = next_number("Т", DAY, count=10)

    assert first == 2
    assert next_number("Т", DAY) == 12


@pytest.mark.django_db
def test_a_rollback_gives_the_number_back() -> None:
    def fail() -> None:
        with transaction.atomic():
            next_number("Т", DAY)
            raise LookupError

    next_number("Т", DAY)

    with pytest.raises(LookupError):
        fail()

    assert next_number("Т", DAY) == 2


@pytest.mark.django_db
def test_the_counter_says_its_register_its_year_and_its_last_number() -> None:
    next_number("Т", DAY, count=7)

    assert str(RegisterCounter.objects.get(register="Т")) == "Т 2026: 7"


@pytest.mark.django_db(transaction=True)
def test_a_number_outside_a_transaction_is_refused() -> None:
    with pytest.raises(RuntimeError):
        next_number("Т", DAY)

    assert not RegisterCounter.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_eight_clerks_at_once_get_numbers_without_gap_or_duplicate() -> None:
    together = Barrier(CLERKS)

    def work(_clerk: int) -> list[int]:
        together.wait(timeout=10)
        try:
            return [take() for _ in range(EACH)]
        finally:
            connection.close()

    def take() -> int:
        with transaction.atomic():
            return next_number("Т", DAY)

    with ThreadPoolExecutor(CLERKS) as clerks:
        taken = [number for numbers in clerks.map(work, range(CLERKS)) for number in numbers]

    assert sorted(taken) == list(range(1, CLERKS * EACH + 1))
