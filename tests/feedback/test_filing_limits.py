"""Filing when many were filed: nothing typed is lost, and nobody is asked anything before."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from feedback.models import Case
from samokov_portal.office.once import issued_at, new_form_token
from tests.factories import filing

pytestmark = pytest.mark.django_db
NEW = "/feedback/new/signal/"


@pytest.fixture
def file(client: Client, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Files a signal so many seconds after its form was opened; two an hour may be filed without a question."""
    settings.FILINGS_AN_HOUR_PER_ADDRESS = 2
    settings.FILING_PROOF_COST = 1

    def file_one(token: str = "", seconds: int = 5, **changes: str) -> Any:
        token = token or new_form_token()
        monkeypatch.setattr("django.utils.timezone.now", lambda: issued_at(token) + timedelta(seconds=seconds))
        return client.post(NEW, filing("signal", **{"token": token, **changes}))

    return file_one


def test_filings_within_the_limit_are_registered_without_a_question(file: Any) -> None:
    assert [file().status_code for _ in range(2)] == [200, 200]
    assert Case.objects.count() == 2


def test_a_quick_filing_past_the_limit_comes_back_whole_and_passes_after_the_wait(file: Any) -> None:
    for _ in range(2):
        file()
    token = new_form_token()

    asked = file(token, text="Тъмно е.")
    passed = file(token, seconds=31, text="Тъмно е.")

    assert (asked.status_code, passed.status_code) == (422, 200)
    assert asked.context["form"]["text"].value() == "Тъмно е."
    assert asked.context["form"]["token"].value() == token
    assert Case.objects.count() == 3


def test_a_flood_gets_429_with_everything_typed(file: Any) -> None:
    for _ in range(20):
        file(seconds=60)

    refused = file(seconds=60, text="Тъмно е.")

    assert refused.status_code == 429
    assert 0 < int(refused["Retry-After"]) <= 3600
    assert refused.context["form"]["text"].value() == "Тъмно е."
    assert "Тъмно е." in refused.content.decode()
    assert Case.objects.count() == 20


def test_a_registered_form_sent_again_shows_its_receipt_even_in_a_flood(file: Any) -> None:
    token = new_form_token()
    file(token)
    for _ in range(20):
        file(seconds=60)

    again = file(token)

    assert again.status_code == 200
    assert Case.objects.first().number in again.content.decode()  # type: ignore[union-attr]


def test_a_form_with_mistakes_is_not_counted(file: Any) -> None:
    statuses = [file(subject="").status_code for _ in range(10)]

    assert statuses == [422] * 10
    assert [file().status_code for _ in range(2)] == [200, 200]


def test_a_filled_hidden_field_registers_nothing_and_loses_nothing(file: Any) -> None:
    token = new_form_token()

    caught = file(token, website="https://spam.example", text="Тъмно е.")

    assert caught.status_code == 422
    assert caught.context["form"]["text"].value() == "Тъмно е."
    assert not Case.objects.exists()
    assert file(token, text="Тъмно е.").status_code == 200
