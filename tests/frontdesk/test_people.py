"""Somebody who was here before: found by a name or a telephone, shown masked, copied when the entry is stored."""

from typing import Any

import pytest

from feedback.models import Case
from samokov_portal.audit.looks import digest_of
from samokov_portal.audit.models import Look
from samokov_portal.frontdesk.people import find_people, person_of, read
from samokov_portal.office.masks import masked_email, masked_name, masked_phone
from samokov_portal.staff.models import StaffUser
from services.models import Application, Unit
from tests.factories import ApplicationFactory, CaseFactory, at
from tests.frontdesk.entering import LOG, entry

pytestmark = pytest.mark.django_db
PEOPLE = "/desk/log/people/"
MARIA = {
    "name": "Мария Иванова Стоянова",
    "phone": "0888 123 456",
    "email": "maria@example.bg",
    "address": "с. Говедарци",
}


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("Мария", ("Мария", "")),
        ("  Мария   Ст ", ("Мария Ст", "")),
        ("Ма", ("", "")),
        ("0888 12", ("", "088812")),
        ("+359 (888) 123-456", ("", "0888123456")),
        ("00359 888 123", ("", "0888123")),
        ("0888", ("", "0888")),
        ("088", ("", "")),
        ("", ("", "")),
        ("ул. 12 до 456", ("ул. 12 до 456", "")),
    ],
)
def test_a_name_or_a_telephone_is_read(typed: str, expected: tuple[str, str]) -> None:
    assert read(typed) == expected


@pytest.mark.parametrize(
    ("masked", "said", "expected"),
    [
        (masked_name, "Мария Иванова Стоянова", "Мария И. С."),
        (masked_name, "Мария", "Мария"),
        (masked_name, "", ""),
        (masked_phone, "0888 123 456", "…456"),
        (masked_phone, "12345", "…"),
        (masked_phone, "няма", ""),
        (masked_email, "maria@example.bg", "m…@example.bg"),
        (masked_email, "без адрес", ""),
    ],
)
def test_so_much_is_left_out(masked: Any, said: str, expected: str) -> None:
    assert masked(said) == expected


@pytest.mark.parametrize(
    "typed", ["мария", "СТОЯНОВА", "Иванова Ст", "0888123456", "0888 123", "123 456", "+359 888-123-456"]
)
def test_who_was_here_is_found(staff: dict[str, StaffUser], typed: str) -> None:
    case = CaseFactory(**MARIA)
    CaseFactory(name="Петър Петров", phone="0899 999 999")

    assert [person.number for person in find_people(typed, staff["clerk"])] == [case.number]


def test_an_applicant_is_found_too(staff: dict[str, StaffUser]) -> None:
    by_phone = ApplicationFactory(applicant_name="Мария Стоянова", applicant_contact="0888 123 456")
    by_email = ApplicationFactory(applicant_name="Мария Петрова", applicant_contact="m@example.bg")

    found = find_people("мария", staff["clerk"])

    assert {(person.number, person.shown_contact) for person in found} == {
        (by_phone.number, "…456"),
        (by_email.number, "m…@example.bg"),
    }


def test_each_is_offered_once_by_the_newest_matter(staff: dict[str, StaffUser]) -> None:
    CaseFactory(**MARIA, received_at=at("2026-03-02"))
    newest = CaseFactory(
        **{**MARIA, "phone": "0888123456"}, received_at=at("2026-05-04"), first_due_on=at("2026-07-06").date()
    )
    another = CaseFactory(
        **{**MARIA, "phone": "0899 000 111"}, received_at=at("2026-04-06"), first_due_on=at("2026-06-08").date()
    )

    assert [person.number for person in find_people("стоянова", staff["clerk"])] == [newest.number, another.number]


def test_no_more_than_six_are_offered(staff: dict[str, StaffUser]) -> None:
    for digit in range(8):
        CaseFactory(**{**MARIA, "phone": f"0888 000 00{digit}"})

    assert len(find_people("мария", staff["clerk"])) == 6


def test_nobody_is_found_whose_matter_may_not_be_seen(staff: dict[str, StaffUser]) -> None:
    other = Unit.objects.get(code="mdt")
    case = CaseFactory(**MARIA, unit=other, complained_of=staff["clerk"], status="assigned")
    ApplicationFactory(applicant_name="Мария Стоянова", unit=other)

    found = {role: len(find_people("мария", staff[role])) for role in ("expert", "auditor", "clerk", "secretary")}

    assert found == {"expert": 0, "auditor": 0, "clerk": 1, "secretary": 2}
    assert person_of(case.number, staff["clerk"]) is None
    assert person_of(case.number, staff["secretary"]) is not None


def test_the_page_is_given_no_more_than_the_mask_and_the_search_is_noted(as_role: Any, staff: Any) -> None:
    case = CaseFactory(**MARIA)

    answer = as_role("clerk").post(PEOPLE, {"q": "мария"})

    assert answer.json() == {
        "results": [{"number": case.number, "name": "Мария И. С.", "contact": "…456, m…@example.bg"}]
    }
    look = Look.objects.get()
    assert (look.by, look.kind, look.subject, look.sought) == (staff["clerk"], "search", "people", digest_of(["Мария"]))


def test_what_is_no_letter_is_not_sought(as_role: Any) -> None:
    case = CaseFactory(name="Мария Стоянова", phone="0888 123 456")

    found = as_role("clerk").post(PEOPLE, {"q": "Мария\0"})
    page = as_role("clerk").post(LOG, {"name": "", "phone": "0888\0 123", "find_person": "1"})

    assert [one["number"] for one in found.json()["results"]] == [case.number]
    assert [one.number for one in page.context["people"]] == [case.number]


def test_a_search_for_people_is_not_an_address(as_role: Any) -> None:
    assert as_role("clerk").get(PEOPLE, {"q": "мария"}).status_code == 405


@pytest.mark.parametrize("role", ["expert", "mayor", "editor", "auditor"])
def test_others_find_nobody(as_role: Any, role: str) -> None:
    assert as_role(role).post(PEOPLE, {"q": "мария"}).status_code == 403


def test_the_contact_of_the_chosen_person_is_copied(as_role: Any, clock: Any) -> None:
    before = CaseFactory(**MARIA)

    as_role("clerk").post(LOG, entry(person=before.number, name="", phone="", email=""))

    case = Case.objects.exclude(pk=before.pk).get()
    assert {name: getattr(case, name) for name in MARIA} == MARIA
    assert set(Look.objects.values_list("subject", flat=True)) == {before.number, case.number}


def test_what_is_typed_comes_before_what_is_copied(as_role: Any, clock: Any) -> None:
    before = CaseFactory(**MARIA)

    as_role("clerk").post(LOG, entry("2052", person=before.number, name="", email="", phone="0899 000 111"))

    row = Application.objects.get()
    assert (row.applicant_name, row.applicant_contact) == (MARIA["name"], "0899 000 111")


def test_the_chosen_person_may_be_forgotten(as_role: Any, clock: Any) -> None:
    before = CaseFactory(**MARIA)

    response = as_role("clerk").post(LOG, entry(person=before.number, forget_person="on", name="", email="", phone=""))

    assert (response.status_code, list(response.context["form"].errors)) == (422, ["name", "phone"])


@pytest.mark.parametrize("number", ["С-2026-999999", "мария", "\x00"])
def test_a_person_who_is_not_there_is_no_person(as_role: Any, clock: Any, number: str) -> None:
    response = as_role("clerk").post(LOG, entry(person=number))

    assert (response.status_code, list(response.context["form"].errors)) == (422, ["person"])
    assert not Case.objects.exists()


def test_a_person_is_found_and_chosen_without_javascript(as_role: Any, clock: Any) -> None:
    before = CaseFactory(**MARIA)
    client, typed = as_role("clerk"), entry(name="стоянова", phone="", email="")

    found = client.post(LOG, {**typed, "find_person": "1"})
    text = found.content.decode()
    client.post(LOG, {**typed, "name": "", "person_meant": before.number})

    assert (found.status_code, found.context["form"].is_bound, Case.objects.count()) == (200, False, 2)
    assert "Мария И. С. …456, m…@example.bg" in text
    assert [said for said in (MARIA["phone"], MARIA["email"], MARIA["name"]) if said in text] == []
    assert typed["text"] in text
    assert Case.objects.exclude(pk=before.pk).get().phone == MARIA["phone"]
