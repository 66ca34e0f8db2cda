"""What is offered before a form is sent: what is alike, and nothing that others wrote."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from services.models import Settlement
from tests.factories import CaseFactory

pytestmark = pytest.mark.django_db
SIMILAR = "/feedback/similar/"
TEXT = "От седмица са угаснали лампите по цялата улица и е тъмно."


@pytest.fixture
def town() -> Settlement:
    return Settlement.objects.in_order()[0]


@pytest.fixture
def ask(client: Client, town: Settlement) -> Any:
    def asked(**changes: str) -> Any:
        return client.post(SIMILAR, {"settlement": town.pk, "subject": "Лампи", "text": TEXT, **changes})

    return asked


def lamps(now: datetime, place: Any, days: int = 3, **changes: Any) -> Any:
    moment = now - timedelta(days=days)
    text = "Угаснали са лампите на цялата улица, вечер е тъмно. Петър Иванов"
    due_on = date(2027, 1, 25)
    return CaseFactory(settlement=place, received_at=moment, text=text, first_due_on=due_on, **changes)


def test_an_open_case_about_the_same_place_in_like_words_is_offered(ask: Any, clock: datetime, town: Any) -> None:
    case = lamps(clock, town)

    answer = ask()

    assert (answer.status_code, answer.context["cases"]) == (200, [case])


def test_nothing_that_somebody_wrote_is_shown(ask: Any, clock: datetime, town: Any) -> None:
    case = lamps(clock, town)

    shown = ask().content.decode()

    hidden = ("Петър", case.subject, case.name, case.number)
    assert [word for word in hidden if word in shown] == []
    assert str(town) in shown


@pytest.mark.parametrize(
    "changes",
    [
        {"days": 31},
        {"status": "withdrawn", "ended_at": datetime.fromisoformat("2026-11-22T10:00:00Z")},
    ],
    ids=["a month ago", "not open"],
)
def test_what_is_over_is_not_offered(ask: Any, clock: datetime, town: Any, changes: dict[str, Any]) -> None:
    lamps(clock, town, **changes)

    assert ask().context["cases"] == []


def test_another_place_is_not_offered(ask: Any, clock: datetime) -> None:
    lamps(clock, Settlement.objects.in_order()[1])

    assert ask().context["cases"] == []


@pytest.mark.parametrize("changes", [{"settlement": ""}, {"settlement": "x"}, {"text": ""}, {"text": "\x00"}])
def test_a_question_without_sense_finds_nothing(ask: Any, clock: datetime, town: Any, changes: dict[str, str]) -> None:
    lamps(clock, town)

    answer = ask(**changes)

    assert (answer.status_code, answer.context["cases"]) == (200, [])


def test_at_most_three_are_offered_in_two_queries(
    ask: Any, clock: datetime, town: Any, django_assert_max_num_queries: Any
) -> None:
    for _ in range(5):
        lamps(clock, town)

    with django_assert_max_num_queries(2):
        offered = ask().context["cases"]

    assert len(offered) == 3


def test_it_is_asked_by_post_only(client: Client) -> None:
    assert client.get(SIMILAR).status_code == 405
