"""What one service, one statement and one unit say of themselves."""

from datetime import date
from decimal import Decimal

import pytest

from samokov_portal.legal.terms import TERMS, Term, Unit
from samokov_portal.staff.models import StaffUser
from services.models import Application, Service, ServiceDetail, ServiceGroup, Settlement, UnitMember, euro
from services.models import Unit as Office

EUROS = [
    # leva, leva / 1,95583 rounded half up
    ("0.00", "0.00"),
    ("1.00", "0.51"),  # 0,511291
    ("1.95", "1.00"),  # 0,997019
    ("1.96", "1.00"),  # 1,002132
    ("2.00", "1.02"),  # 1,022583
    ("5.00", "2.56"),  # 2,556459
    ("10.00", "5.11"),  # 5,112918
    ("100.00", "51.13"),  # 51,129188
    ("0.00977915", "0.01"),  # 0,005 exactly: half goes up
    ("0.00977914", "0.00"),  # a hair less
    ("0.02933745", "0.02"),  # 0,015 exactly: up, not to the even 0,02 by chance
    ("0.04889575", "0.03"),  # 0,025 exactly: up, not to the even 0,02
]


@pytest.mark.parametrize(("leva", "expected"), EUROS)
def test_leva_in_euro_are_rounded_half_up(leva: str, expected: str) -> None:
    assert euro(Decimal(leva)) == Decimal(expected)


def test_a_service_without_its_own_term_has_the_general_one() -> None:
    assert Service().term == TERMS["act-default"]


@pytest.mark.parametrize(
    ("own_term_from", "version"),
    [(date(2025, 1, 1), "3 calendar_days @ 2025-01-01"), (None, "3 calendar_days")],  # since when, or not known
)
def test_a_service_with_its_own_term_is_promised_by_the_municipality(own_term_from: date | None, version: str) -> None:
    service = Service(own_term_amount=3, own_term_unit="calendar_days", own_term_from=own_term_from)

    assert service.term == Term(
        "service-own", 3, Unit.CALENDAR_DAYS, "срок, обявен от Община Самоков", own_term_from, verified=True
    )
    assert service.term.version == version


@pytest.mark.parametrize(
    ("provider", "is_own", "is_foreign"),
    [("samokov", True, False), ("", False, False), ("Каварна", False, True), ("Самоков", False, True)],
)
def test_a_statement_is_our_own_or_general_or_foreign(provider: str, is_own: bool, is_foreign: bool) -> None:
    detail = ServiceDetail(provider=provider)

    assert (detail.is_own, detail.is_foreign) == (is_own, is_foreign)


def test_amounts_are_said_in_both_currencies() -> None:
    detail = ServiceDetail(leva=[Decimal("2.00"), Decimal("10.00")])

    assert detail.amounts == [(Decimal("2.00"), Decimal("1.02")), (Decimal("10.00"), Decimal("5.11"))]


def test_rows_are_called_as_people_call_them() -> None:
    unit = Office(name="Дирекция")

    assert [
        str(row)
        for row in (
            Service(number="2016", name="Удостоверение"),
            Service(name="Удостоверение"),
            ServiceDetail(field="fee", text="2,00 лв."),
            ServiceGroup(name="Транспорт"),
            Settlement(kind="с.", name="Алино"),
            unit,
            UnitMember(user=StaffUser(username="expert"), unit=unit),
            Application(number="У-2026-000001"),
        )
    ] == [
        "2016 Удостоверение",
        "Удостоверение",
        "Такса: 2,00 лв.",
        "Транспорт",
        "с. Алино",
        "Дирекция",
        "expert: Дирекция",
        "У-2026-000001",
    ]


def test_pages_have_their_addresses() -> None:
    assert Service(slug="2016-udostoverenie").get_absolute_url() == "/services/2016-udostoverenie/"
    assert Application(number="У-2026-000001").get_absolute_url() == "/desk/applications/%D0%A3-2026-000001/"
