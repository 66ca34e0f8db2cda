"""The calculator of legal terms, its tables, and the same as open data."""

from datetime import date, datetime
from typing import Any

import pytest
from django.test import Client

from charter.forms import term_labels
from samokov_portal.legal.grounds import ENDS, EXTENSIONS, SUSPENSIONS
from samokov_portal.legal.terms import RULES, TERMS
from tests.factories import at
from tests.office.decreeing import decree

pytestmark = pytest.mark.django_db
API = "/api/v1/term/"


def test_calculator_shows_the_last_day_and_its_article(client: Client) -> None:
    response = client.get("/terms/", {"rule": "signal-decision", "received_on": "31.12.2025"})

    assert "02.03.2026" in response.content.decode()
    assert "АПК, чл. 121" in response.content.decode()


@pytest.mark.parametrize(
    "asked",
    [
        {"rule": "signal-decision"},
        {"rule": "signal-decision", "received_on": "31.02.2026"},
        {"rule": "nothing", "received_on": "2026-11-23"},
        {"rule": "forward", "received_on": "1999-01-01"},
        {"rule": "forward", "received_on": "2199-01-01"},
        {"rule": "forward", "received_on": "2006-07-11"},  # the day before the rule came into force
        {"rule": "signal-decision", "received_on": "2006-07-11"},
        {"rule": "enquiry-answer", "received_on": "2020-01-30"},
    ],
)
def test_calculator_refuses_what_it_cannot_count(client: Client, asked: dict[str, str]) -> None:
    assert client.get("/terms/", asked).status_code == 422
    answer = client.get("/api/v1/term/", asked)
    assert answer.status_code == 400
    assert list(answer.json()) == ["errors"]


@pytest.mark.parametrize(
    ("rule", "received_on"),
    [
        ("forward", "2006-07-12"),  # the day on which the rule came into force
        ("signal-decision", "2006-07-12"),
        ("enquiry-answer", "2020-01-31"),
        ("information-decision", "2006-01-02"),  # in force before the calendar is known
    ],
)
def test_calculator_counts_from_the_day_on_which_a_rule_came_into_force(
    client: Client, rule: str, received_on: str
) -> None:
    asked = {"rule": rule, "received_on": received_on}

    assert client.get("/terms/", asked).status_code == 200
    assert client.get("/api/v1/term/", asked).json()["received_on"] == received_on


def test_what_was_received_before_the_rule_is_said_to_be_so(client: Client) -> None:
    answer = client.get("/api/v1/term/", {"rule": "enquiry-answer", "received_on": "2020-01-30"})

    assert list(answer.json()["errors"]) == ["received_on"]


def test_api_term_explains_each_day(client: Client) -> None:
    answer = client.get("/api/v1/term/", {"rule": "defects", "received_on": "2026-11-18"}).json()

    assert {name: answer[name] for name in ("rule", "source", "verified", "received_on", "due_on")} == {
        "rule": "defects",
        "source": "АПК, чл. 30",
        "verified": False,
        "received_on": "2026-11-18",
        "due_on": "2026-11-23",
    }
    assert [(step["date"], step["counted"]) for step in answer["steps"]] == [
        ("2026-11-18", False),  # Wednesday
        ("2026-11-19", True),
        ("2026-11-20", True),
        ("2026-11-21", True),  # Saturday, the third day
        ("2026-11-22", False),
        ("2026-11-23", False),  # Monday, where the term is carried to
    ]


def test_term_of_an_enquiry_is_a_setting(client: Client, settings: Any) -> None:
    settings.ENQUIRY_ANSWER_WORKDAYS = 3

    answer = client.get("/api/v1/term/", {"rule": "enquiry-answer", "received_on": "2026-11-23"}).json()

    assert answer["due_on"] == "2026-11-26"


def test_a_rule_is_open_data_with_the_day_since_which_it_is_in_force(client: Client) -> None:
    answer = client.get(API, {"rule": "notify", "received_on": "2026-11-23"}).json()

    assert list(answer) == [
        *("rule", "source", "verified", "valid_from", "received_on", "due_on", "steps", "as_of"),
    ]
    assert (answer["valid_from"], answer["as_of"]) == ("2006-07-12", None)


@pytest.mark.parametrize("rule", TERMS)
def test_every_rule_may_be_asked(client: Client, rule: str) -> None:
    asked = {"rule": rule, "received_on": "2026-11-23"}

    assert client.get(API, asked).json()["rule"] == rule
    assert client.get("/terms/", asked).status_code == 200


def test_every_rule_has_a_label_and_no_label_is_idle() -> None:
    assert set(term_labels()) == set(TERMS)


# A signal of 01.10.2026 ends on Tuesday 01.12; the decree was learnt on 20.11 at 14:00 in Sofia.
AS_OF = [
    ("", "2026-12-02"),
    ("2026-11-19", "2026-12-01"),  # the end of Thursday
    ("2026-11-20", "2026-12-02"),  # the end of Friday
    ("20.11.2026", "2026-12-02"),
    ("2026-11-20T13:59:59+02:00", "2026-12-01"),
    ("2026-11-20T14:00:00+02:00", "2026-12-02"),
    ("2026-11-20T14:00:00 02:00", "2026-12-02"),  # a plus that was not escaped
    ("2026-11-20T13:00:00", "2026-12-01"),  # in Sofia
    ("2026-11-20T12:00:00Z", "2026-12-02"),
]


@pytest.mark.parametrize(("as_of", "due_on"), AS_OF)
def test_the_calendar_may_be_asked_as_it_was_known_then(
    client: Client, clock: datetime, as_of: str, due_on: str
) -> None:
    decree(date(2026, 12, 1), learnt_at=at("2026-11-20"))
    asked = {"rule": "signal-decision", "received_on": "2026-10-01", "as_of": as_of}

    answer, page = client.get(API, asked).json(), client.get("/terms/", asked)

    assert answer["due_on"] == due_on
    assert page.context["deadline"].due_on.isoformat() == due_on


def test_open_data_say_as_of_when_and_the_page_links_to_the_same(client: Client, clock: datetime) -> None:
    asked = {"rule": "signal-decision", "received_on": "2026-10-01", "as_of": "2026-11-19"}

    answer, page = client.get(API, asked).json(), client.get("/terms/", asked).content.decode()

    assert answer["as_of"] == "2026-11-20T00:00:00+02:00"
    assert f"{API}?rule=signal-decision&amp;received_on=2026-10-01&amp;as_of=2026-11-20T00%3A00%3A00%2B02%3A00" in page


@pytest.mark.parametrize(
    "as_of", ["вчера", "2026-02-30", "31.02.2026", "2005-12-31T12:00:00Z", "2199-01-01", "9999-12-31"]
)
def test_a_moment_that_is_none_is_refused_with_a_reason(client: Client, as_of: str) -> None:
    asked = {"rule": "forward", "received_on": "2026-11-23", "as_of": as_of}

    answer = client.get(API, asked)

    assert answer.status_code == 400
    assert list(answer.json()["errors"]) == ["as_of"]
    assert client.get("/terms/", asked).status_code == 422


@pytest.mark.parametrize("as_of", ["2026-11-23", "2027-01-01"])  # this day is not over, the other has not begun
def test_what_will_be_known_later_is_not_claimed(client: Client, clock: datetime, as_of: str) -> None:
    answer = client.get(API, {"rule": "forward", "received_on": "2026-11-23", "as_of": as_of}).json()

    assert answer["as_of"] == "2026-11-23T12:00:00+02:00"


def test_a_decreed_day_is_explained_by_its_decree(client: Client) -> None:
    decree(date(2026, 12, 1))

    steps = client.get(API, {"rule": "signal-decision", "received_on": "2026-10-01"}).json()["steps"]

    assert [(step["date"], step["counted"]) for step in steps] == [
        ("2026-10-01", False),
        ("2026-12-01", True),  # Tuesday, the last day, off by decree
        ("2026-12-02", False),
    ]
    assert "РМС № 1 от 2026 г., ДВ, бр. 1 от 2026 г." in steps[1]["why"]


def test_the_page_lists_every_rule_with_its_article(client: Client) -> None:
    response = client.get("/terms/")

    page = response.content.decode()
    assert [row.term.code for row in response.context["rules"]] == [term.code for term in RULES]
    assert [term.source for term in RULES if term.source not in page] == []
    assert f"<code>{RULES[0].code}</code>" in page


def test_the_page_lists_every_ground_with_its_article(client: Client) -> None:
    page = client.get("/terms/").content.decode()

    grounds = [*SUSPENSIONS.values(), *EXTENSIONS.values(), *ENDS.values()]
    assert [ground.code for ground in grounds if ground.source not in page] == []
    assert "ГПК, чл. 60" in page


def test_the_page_lists_the_decreed_days_with_their_gazette(client: Client) -> None:
    decree(date(2026, 12, 1), learnt_at=at("2026-11-20"))

    page = client.get("/terms/").content.decode()

    assert "ДВ, бр. 1 от 2026 г." in page
    assert "20.11.2026\u00a0г., 14:00\u00a0ч." in page


def test_how_long_an_enquiry_takes_is_in_the_table_as_the_setting_says(client: Client, settings: Any) -> None:
    settings.ENQUIRY_ANSWER_WORKDAYS = 3

    rules = client.get("/terms/").context["rules"]

    assert [row.term.amount for row in rules if row.term.code == "enquiry-answer"] == [3]


@pytest.mark.parametrize("decrees", [0, 1, 3])
def test_the_page_costs_the_same_whatever_was_decreed(
    client: Client, django_assert_max_num_queries: Any, decrees: int
) -> None:
    for number in range(decrees):
        decree(date(2026, 12, 1 + number))

    with django_assert_max_num_queries(6):
        client.get("/terms/", {"rule": "forward", "received_on": "2026-11-23"})
