"""The survey at the counters: codes that the desk gives, and the tablets."""

from datetime import datetime
from ipaddress import ip_network
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import Client

from feedback.actions.survey import (
    answer_survey,
    invite_about_application,
)
from feedback.models import SurveyInvitation, SurveyResponse
from samokov_portal.environment import networks
from samokov_portal.office.once import new_form_token
from services.models import Unit
from tests.factories import ApplicationFactory, at
from tests.feedback.following import case_in

pytestmark = pytest.mark.django_db
KIOSK = "/feedback/survey/kiosk/"
NOW = at("2026-11-23")
EMPTY = {"overall": None, "speed": None, "clarity": None, "attitude": None, "asked_known_document": "", "words": ""}
GOOD = {**EMPTY, "overall": 5}


def test_who_may_not_see_the_case_gets_no_code(client: Client, staff: Any, clock: datetime) -> None:
    receipt = case_in("notified", staff, clock)

    response = client.post(f"{receipt.page}survey/")

    assert response.status_code == 302
    assert response.url.startswith("/feedback/track/?number=")


# -- from the desk


def test_the_desk_shows_the_code_for_the_receipt(as_role: Any) -> None:
    row = ApplicationFactory(completed=True)

    page = as_role("clerk").get(row.get_absolute_url()).content.decode()
    response = as_role("clerk").post(f"{row.get_absolute_url()}survey/")

    assert f'action="{row.get_absolute_url()}survey/"' in page
    assert SurveyInvitation.objects.get(application=row).code in response.content.decode()


def test_a_used_code_is_not_shown_again(as_role: Any) -> None:
    row = ApplicationFactory(completed=True)
    code = invite_about_application(application_id=row.pk, now=NOW).code
    answer_survey(code=code, answers=GOOD, now=NOW)

    assert code not in as_role("clerk").post(f"{row.get_absolute_url()}survey/").content.decode()


def test_an_open_application_has_no_code(as_role: Any) -> None:
    row = ApplicationFactory()

    response = as_role("clerk").post(f"{row.get_absolute_url()}survey/")

    assert (response.status_code, response.url) == (302, row.get_absolute_url())
    assert "survey/" not in as_role("clerk").get(row.get_absolute_url()).content.decode()
    assert not SurveyInvitation.objects.exists()


@pytest.mark.parametrize(("role", "status"), [("expert", 404), ("mayor", 403), ("editor", 403)])
def test_who_does_not_complete_the_application_gets_no_code(as_role: Any, role: str, status: int) -> None:
    row = ApplicationFactory(completed=True, unit=Unit.objects.exclude(code="hdettos").first())

    assert as_role(role).post(f"{row.get_absolute_url()}survey/").status_code == status


# -- at the counter


@pytest.mark.parametrize(
    ("networks", "address", "status"),
    [
        ([], "127.0.0.1", 403),
        (["10.1.0.0/24"], "10.1.0.7", 200),
        (["10.1.0.0/24"], "::ffff:10.1.0.7", 200),
        (["10.1.0.0/24"], "10.1.1.7", 403),
        (["10.1.0.0/24"], "fd00::1", 403),
        (["fd00::/64"], "fd00::1", 200),
        (["10.1.0.0/24"], "", 403),
    ],
)
def test_the_kiosk_opens_only_where_tablets_are(
    client: Client, settings: Any, networks: list[str], address: str, status: int
) -> None:
    settings.DEMO, settings.KIOSK_ADDRESSES = False, [ip_network(text) for text in networks]

    assert client.get(KIOSK, REMOTE_ADDR=address).status_code == status
    closed = client.post(KIOSK, {"token": new_form_token(), "overall": "5"}, REMOTE_ADDR=address)
    assert SurveyResponse.objects.exists() == (closed.status_code == 302) == (status == 200)


def test_networks_of_the_kiosk_come_from_the_environment(monkeypatch: Any) -> None:
    monkeypatch.setenv("KIOSK_ADDRESSES", "10.1.0.0/24, fd00::1")
    assert networks("KIOSK_ADDRESSES") == [ip_network("10.1.0.0/24"), ip_network("fd00::1/128")]

    monkeypatch.setenv("KIOSK_ADDRESSES", "гише 1")
    with pytest.raises(ImproperlyConfigured, match="KIOSK_ADDRESSES"):
        networks("KIOSK_ADDRESSES")


@pytest.fixture
def kiosk(settings: Any) -> None:
    settings.DEMO, settings.KIOSK_ADDRESSES = False, [ip_network("127.0.0.1")]


def test_in_the_demonstration_the_kiosk_is_open_to_all(client: Client, settings: Any) -> None:
    settings.DEMO, settings.KIOSK_ADDRESSES = True, []

    assert client.get(KIOSK).status_code == 200


def test_the_kiosk_thanks_and_returns_to_the_questions(client: Client, kiosk: None, clock: datetime) -> None:
    response = client.post(KIOSK, {"token": new_form_token(), "overall": "2"}, follow=True)

    assert response.redirect_chain == [(f"{KIOSK}thanks/", 302)]
    assert response["Refresh"] == f"20;url={KIOSK}"
    row = SurveyResponse.objects.get()
    assert (row.at, row.source, row.about, row.unit, row.overall) == (clock, "kiosk", "counter", None, 2)


def test_a_form_of_the_kiosk_is_stored_once(client: Client, kiosk: None) -> None:
    form = {"token": new_form_token(), "overall": "2"}

    assert [client.post(KIOSK, form).status_code for _ in range(2)] == [302, 302]
    assert SurveyResponse.objects.count() == 1


@pytest.mark.parametrize("form", [{"overall": "5"}, {"overall": "5", "token": "чужд"}])
def test_a_form_that_is_not_ours_comes_back(client: Client, kiosk: None, form: dict[str, str]) -> None:
    assert client.post(KIOSK, form).status_code == 422
    assert client.post(KIOSK, {"token": new_form_token()}).status_code == 422
    assert not SurveyResponse.objects.exists()


def test_the_kiosk_is_limited_for_each_address(client: Client, kiosk: None, monkeypatch: Any) -> None:
    monkeypatch.setattr("feedback.views.survey.KIOSK_ANSWERS", 2)

    statuses = [client.post(KIOSK, {"token": new_form_token(), "overall": "5"}).status_code for _ in range(3)]

    assert statuses == [302, 302, 429]
    assert SurveyResponse.objects.count() == 2
