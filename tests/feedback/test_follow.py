"""Number and code open a case, guessing is slowed down, and both say nothing to whoever does not hold them."""

from typing import Any

import pytest
from django.test import Client

from feedback.models import Case, CaseEvent
from samokov_portal.office.once import new_form_token
from samokov_portal.office.tally import Tally
from services.models import Unit
from tests.factories import CODE, CaseFactory, at, filing

pytestmark = pytest.mark.django_db
TRACK = "/feedback/track/"


@pytest.fixture
def case() -> Case:
    """An assigned case."""
    case = CaseFactory(number="С-2026-000123", status="assigned", unit=Unit.objects.get(code="hdettos"))
    CaseEvent.objects.create(case=case, kind="registered", at=at("2026-03-02"))
    return case


def look(client: Client, number: str = "С-2026-000123", code: str = CODE, **more: Any) -> Any:
    return client.post(TRACK, {"number": number, "code": code}, **more)


def test_number_and_code_show_the_case(client: Client, clock: Any, case: Case) -> None:
    response = look(client)

    assert response.status_code == 200
    assert (response.context["case"], response.context["is_late"]) == (case, True)
    assert [event.kind for event in response.context["events"]] == ["registered"]
    assert [said for said in (case.number, "04.05.2026") if said not in response.content.decode()] == []
    assert "no-store" in response["Cache-Control"]


def answer_of(response: Any) -> tuple[int, list[str]]:
    return response.status_code, response.context["form"].non_field_errors()


def test_a_wrong_code_and_a_wrong_number_get_the_same_answer(client: Client, case: Case) -> None:
    wrong_code = look(client, code="ABCD-EFGH-JKLM-NPQS")
    wrong_number = look(client, number="С-2026-000124")

    assert answer_of(wrong_code) == answer_of(wrong_number)
    assert wrong_code.status_code == 422
    assert Tally.objects.get().count == 2


@pytest.mark.parametrize(
    ("field", "form"),
    [
        ("number", {"number": "", "code": CODE}),
        ("code", {"number": "С-2026-000123", "code": ""}),
        ("code", {"number": "С-2026-000123", "code": "\x00"}),
        ("number", {"number": "я" * 31, "code": CODE}),
    ],
)
def test_an_empty_or_impossible_pair_is_not_counted_as_a_guess(
    client: Client, case: Case, field: str, form: dict[str, str]
) -> None:
    response = client.post(TRACK, form)

    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert not Tally.objects.exists()


def test_who_guesses_is_slowed_down(client: Client, case: Case) -> None:
    statuses = [look(client, code="грешен").status_code for _ in range(11)]

    assert statuses == [422] * 10 + [429]


def test_somebody_else_is_not_slowed_down(client: Client, case: Case) -> None:
    for _ in range(11):
        look(client, code="грешен")

    assert look(client, code="грешен", REMOTE_ADDR="10.0.0.8").status_code == 422
    assert look(client, REMOTE_ADDR="10.0.0.8").status_code == 200


@pytest.mark.parametrize(("behind_proxy", "status"), [(True, 422), (False, 429)])
def test_an_address_is_believed_only_from_our_own_proxy(
    client: Client, case: Case, settings: Any, behind_proxy: bool, status: int
) -> None:
    settings.BEHIND_PROXY = behind_proxy
    for _ in range(11):
        look(client, code="грешен", HTTP_X_FORWARDED_FOR="6.6.6.6, 10.0.0.7")

    assert look(client, code="грешен", HTTP_X_FORWARDED_FOR="6.6.6.6, 10.0.0.8").status_code == status


def test_a_forged_address_does_not_help_who_guesses(client: Client, case: Case, settings: Any) -> None:
    settings.BEHIND_PROXY = True

    statuses = [
        look(client, code="грешен", HTTP_X_FORWARDED_FOR=f"6.6.6.{place}, 10.0.0.7").status_code for place in range(11)
    ]

    assert statuses[-1] == 429


def test_following_by_an_address_shows_only_the_form(client: Client, case: Case) -> None:
    response = client.get(TRACK, {"number": case.number, "code": CODE})

    assert response.status_code == 200
    assert "case" not in response.context
    assert case.text not in response.content.decode()


def test_what_was_filed_can_be_followed_with_its_receipt(client: Client, clock: Any) -> None:
    receipt = client.post("/feedback/new/enquiry/", {**filing("enquiry"), "token": new_form_token()})

    response = look(client, receipt.context["case"].number, receipt.context["code"])

    assert response.context["case"] == receipt.context["case"]
    assert "02.12.2026" in response.content.decode()
