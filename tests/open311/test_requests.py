"""Where a case stands, by Open311: what was filed that way, and nothing of anybody."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from feedback.models import Case, CaseEvent
from samokov_portal.open311 import asking
from samokov_portal.open311.models import Filing
from tests.factories import CaseFactory, at
from tests.open311.conftest import REQUESTS

pytestmark = pytest.mark.django_db
MakeFiled = Callable[..., Case]
MARCH = {"start_date": "2026-03-01T00:00:00Z", "end_date": "2026-04-01T00:00:00+03:00"}


def numbers(client: Client, **asked: Any) -> list[str]:
    answer = client.get(REQUESTS, asked)
    assert answer.status_code == 200
    return [one["service_request_id"] for one in answer.json()]


def test_a_case_tells_its_number_kind_days_and_state_only(client: Client, filed: MakeFiled) -> None:
    case = filed(place="ул. „Тайна“ № 1", text="Таен текст", subject="Тайна", name="Тайно Име")
    CaseEvent.objects.create(case=case, kind="assigned", at=at("2026-03-05"), note="Тайна бележка")

    answer = client.get(f"/open311/v2/requests/{case.number}.json")

    assert answer.json() == [
        {
            "service_request_id": case.number,
            "status": "open",
            "status_notes": "регистрирана",
            "service_name": "сигнал",
            "service_code": "signal",
            "description": None,
            "agency_responsible": "Община Самоков",
            "service_notice": None,
            "requested_datetime": "2026-03-02T14:00:00+02:00",
            "updated_datetime": "2026-03-05T14:00:00+02:00",
            "expected_datetime": "2026-05-04T23:59:59+03:00",
            "address": None,
            "address_id": None,
            "zipcode": None,
            "lat": None,
            "long": None,
            "media_url": None,
        }
    ]


def test_a_closed_case_was_updated_when_it_was_closed(client: Client, filed: MakeFiled) -> None:
    case = filed(closed=True)
    CaseEvent.objects.create(case=case, kind="rated", at=at("2026-06-05"))

    answer = client.get(f"/open311/v2/requests/{case.number}.xml?extensions=true")

    root = ElementTree.fromstring(answer.content)
    assert answer["Content-Type"] == "text/xml; charset=utf-8"
    assert root.findtext("request/status") == "closed"
    assert root.findtext("request/updated_datetime") == timezone.localtime(case.closed_at).isoformat()
    assert root.findtext("request/description") == ""
    assert root.findtext("request/extended_attributes/state") == "closed"


def test_what_came_another_way_is_nowhere(client: Client, filed: MakeFiled) -> None:
    ours, other = filed(), CaseFactory()

    assert numbers(client, **MARCH) == [ours.number]
    assert numbers(client, service_request_id=f"{ours.number},{other.number}") == [ours.number]
    assert client.get(f"/open311/v2/requests/{ours.number}.json").status_code == 200
    assert client.get(f"/open311/v2/requests/{other.number}.json").status_code == 404


def test_the_page_on_personal_data_says_what_becomes_public(client: Client) -> None:
    assert "Open311" in client.get("/privacy/").content.decode()


@pytest.mark.parametrize("number", ["С-2026-999999", "1", "а", "-1", "9" * 40])
def test_an_unknown_number_is_not_found(client: Client, number: str) -> None:
    answer = client.get(f"/open311/v2/requests/{number}.json")

    assert (answer.status_code, answer.json()[0]["code"]) == (404, 404)


def test_lists_are_narrowed_by_days_service_and_state(client: Client, filed: MakeFiled) -> None:
    early = filed(received_at=at("2026-03-10"))
    closed = filed(closed=True, received_at=at("2026-03-11"))
    proposal = filed(kind="proposal", term_code="proposal-decision", received_at=at("2026-03-12"))
    filed(received_at=at("2026-04-02"))

    assert numbers(client, **MARCH) == [proposal.number, closed.number, early.number]
    assert numbers(client, **MARCH, status="closed") == [closed.number]
    assert numbers(client, **MARCH, status="open") == [proposal.number, early.number]
    assert numbers(client, **MARCH, status="open,closed", service_code="signal") == [closed.number, early.number]
    assert numbers(client, **MARCH, service_code=["proposal", "praise"]) == [proposal.number]
    assert numbers(client, **MARCH, page_size="1", page="2") == [closed.number]


def test_without_days_the_last_ninety_are_told(
    client: Client, filed: MakeFiled, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = at("2026-06-01")
    monkeypatch.setattr("django.utils.timezone.now", lambda: clock)
    within = filed(received_at=clock - timedelta(days=89))
    before = filed(received_at=clock - timedelta(days=91))

    assert numbers(client) == [within.number]
    assert numbers(client, end_date=(clock - timedelta(days=90)).isoformat()) == [before.number]
    assert numbers(client, start_date=(clock - timedelta(days=91)).isoformat()) == [within.number, before.number]


def test_numbers_override_everything_and_may_be_typed_by_people(client: Client, filed: MakeFiled) -> None:
    case = filed()

    assert numbers(client, service_request_id=f"x,{case.number.replace('С', 'c')}", status="closed") == [case.number]


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({"status": "new"}, 400),
        ({"service_code": "033"}, 404),
        ({"start_date": "2026-01-01"}, 400),
        ({"start_date": "2026-01-01T00:00:00"}, 400),
        ({"end_date": "вчера"}, 400),
        ({"start_date": "0001-01-01T00:00:00Z"}, 400),
        ({"end_date": "9999-12-31T23:59:59Z"}, 400),
        ({"start_date": "2026-01-01T00:00:00Z", "end_date": "2026-04-03T00:00:00Z"}, 400),
        ({"start_date": "2026-02-01T00:00:00Z", "end_date": "2026-01-01T00:00:00Z"}, 400),
        ({"page_size": "0"}, 400),
        ({"page_size": "1001"}, 400),
        ({"page": "²"}, 400),
    ],
)
def test_a_question_that_reaches_too_far_is_refused(client: Client, asked: dict[str, str], status: int) -> None:
    answer = client.get(REQUESTS, asked)

    assert answer.status_code == status
    assert answer.json()[0]["code"] == status


def test_no_more_than_a_thousand_are_told(client: Client, filed: MakeFiled, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "MOST", 2)
    made = [filed(received_at=at("2026-03-10", f"1{hour}:00")).number for hour in range(3)]

    assert numbers(client, **MARCH) == [made[2], made[1]]


def test_a_list_takes_two_queries_and_reads_no_words(client: Client, filed: MakeFiled) -> None:
    for _ in range(3):
        filed()

    with CaptureQueriesContext(connection) as made:
        assert len(numbers(client, **MARCH)) == 3

    assert len(made) == 2
    assert [word for word in ("text", "subject", "place", "email", "name") if f'case"."{word}"' in made[0]["sql"]] == []


def test_a_token_leads_to_the_number(client: Client, filed: MakeFiled) -> None:
    case = filed()
    token = str(Filing.objects.get().token)

    told = client.get(f"/open311/v2/tokens/{token}.json")
    root = ElementTree.fromstring(client.get(f"/open311/v2/tokens/{token}.xml").content)

    assert told.json() == [{"service_request_id": case.number, "token": token}]
    assert root.findtext("request/service_request_id") == case.number


@pytest.mark.parametrize("token", ["x", "0", "00000000-0000-0000-0000-000000000000"])
def test_a_token_of_nothing_is_not_found(client: Client, token: str) -> None:
    assert client.get(f"/open311/v2/tokens/{token}.json").status_code == 404
