"""What may be entered, by a few letters or a number."""

from typing import Any

import pytest

from feedback.choices import Kind
from samokov_portal.frontdesk.wanted import all_offers, chosen, offers
from samokov_portal.staff.models import StaffUser
from services.models import Service

pytestmark = pytest.mark.django_db
OFFERS = "/desk/log/offers/"


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("си", "сигнал"),
        ("пр", "предложение"),
        ("жа", "жалба срещу акт"),
        ("ак", "жалба срещу акт"),  # by its third word
        ("за", "запитване"),
        ("по", "похвала"),
        ("ис", "искане за достъп до информация"),
        ("здои", "искане за достъп до информация"),
        ("оп", "сигнал"),  # as people call it
        ("si", "сигнал"),  # on another keyboard
        (" Си ", "сигнал"),
        ("2052", "2052"),
        ("удостоверение за раждане", "2052"),
    ],
)
def test_two_letters_or_a_number_bring_it_first(staff: dict[str, StaffUser], typed: str, value: str) -> None:
    first = offers(typed, staff["clerk"])[0]

    assert first.value.partition(" ")[0] == value if value.isdigit() else first.value == value


@pytest.mark.parametrize("typed", ["", "с", " с ", "\x00", "цццццц", "%", "__"])
def test_nothing_is_offered_for_what_is_nothing(staff: dict[str, StaffUser], typed: str) -> None:
    assert offers(typed, staff["clerk"]) == []


def test_a_service_is_offered_by_two_letters_of_its_name(staff: dict[str, StaffUser]) -> None:
    found = offers("ск", staff["clerk"])

    assert {offer.code for offer in found} == {"service"}
    assert all("ск" in offer.value.casefold() for offer in found)


def test_services_are_for_whom_they_may_be_entered_by(staff: dict[str, StaffUser]) -> None:
    mayor = staff["mayor"]

    assert [offer.code for offer in all_offers(mayor)] == Kind.values
    assert (offers("2052", mayor), chosen("2052", mayor)) == ([], None)
    assert chosen("2052", staff["clerk"]) == Service.objects.get(number="2052")


@pytest.mark.parametrize("kind", Kind)
def test_each_offer_is_chosen_by_what_stands_in_its_field(staff: dict[str, StaffUser], kind: Kind) -> None:
    assert chosen(str(kind.label).upper(), staff["clerk"]) == kind


def test_every_service_is_chosen_by_what_stands_in_its_field(staff: dict[str, StaffUser]) -> None:
    clerk = staff["clerk"]
    services = [offer for offer in all_offers(clerk) if offer.code == "service"]

    lost = [offer.value for offer in services[::10] if str(chosen(offer.value, clerk)) != offer.value]

    assert len(services) == Service.objects.count()
    assert lost == []


@pytest.mark.parametrize("typed", ["", "пр", "2052 друго", "9999", "ск", "сигнал за нещо"])
def test_what_is_not_told_exactly_is_asked_back(staff: dict[str, StaffUser], typed: str) -> None:
    # „пр“ begins a kind and many services.
    assert chosen(typed, staff["clerk"]) is None


def test_the_offers_are_given_to_the_page(as_role: Any) -> None:
    answer = as_role("clerk").get(OFFERS, {"q": "си"}).json()["results"][0]

    assert (answer["code"], answer["value"]) == ("signal", "сигнал")
    assert answer["about"]


@pytest.mark.parametrize("role", ["expert", "mayor", "editor", "auditor"])
def test_others_are_offered_nothing(as_role: Any, role: str) -> None:
    assert as_role(role).get(OFFERS, {"q": "си"}).status_code == 403


def test_the_whole_list_takes_one_query(staff: dict[str, StaffUser], django_assert_num_queries: Any) -> None:
    clerk = staff["clerk"]
    assert clerk.has_perm("services.log_application")

    with django_assert_num_queries(1):
        all_offers(clerk)
