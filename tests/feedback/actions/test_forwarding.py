"""Forwarding to the bodies that are competent; what counts as forwarded, and when the sender is told."""

from datetime import date
from typing import Any

import pytest

from feedback.actions.post import hand_over, letter_has_left
from feedback.choices import Status
from tests.factories import at
from tests.feedback.life_stories import REASON, body, brought_to, filed, take

pytestmark = pytest.mark.django_db
NOW = at("2026-03-05")
LATER = at("2026-03-06")


def test_a_case_that_is_to_be_forwarded_waits_for_its_letter(staff: dict[str, Any], told: Any, newest: Any) -> None:
    case = take("forward", filed(), now=NOW, by=staff["clerk"], reason=f"  {REASON} ")

    assert (case.status, case.forwarded_to, case.forwarded_at) == ("forwarding", body().name, None)
    assert case.next_on == case.forward_due_on == date(2026, 3, 9)
    assert newest(case) == ("~", staff["clerk"], REASON)
    assert told(case) == [("forwarding", NOW, "clerk", f"{body().name}. {REASON}")]
    # The body is written to; the sender not yet.
    assert list(case.letters.exclude(kind="received").values_list("kind", "body__name")) == [
        ("forwarding", body().name)
    ]


def test_the_case_is_forwarded_and_the_sender_told_when_the_last_letter_has_left(
    staff: dict[str, Any], told: Any
) -> None:
    bodies = [body(email="opu@example.bg"), body("Басейнова дирекция")]
    case = take("forward", filed(), now=NOW, by=staff["clerk"], bodies=bodies)
    mailed, on_paper = case.letters.to_bodies().in_order()

    letter_has_left(mailed, now=LATER, by=None)
    case.refresh_from_db()
    assert (case.status, case.forwarded_at) == ("forwarding", None)
    assert not case.letters.filter(kind="forwarded").exists()

    hand_over(letter_id=on_paper.pk, by=staff["clerk"], now=at("2026-03-09"))
    case.refresh_from_db()
    assert (case.status, case.forwarded_at, case.next_on) == ("forwarded", at("2026-03-09"), None)
    assert told(case)[-1] == ("forwarded", at("2026-03-09"), None, f"{bodies[0].name}; {bodies[1].name}")
    assert case.letters.filter(kind="forwarded", body=None).count() == 1


def test_how_a_body_is_reached_is_how_its_letter_goes(staff: dict[str, Any]) -> None:
    bodies = [body("С имейл", email="a@example.bg"), body("С адрес", address="гр. София"), body("Без данни")]

    case = take("forward", filed(), now=NOW, by=staff["expert"], bodies=bodies)

    assert list(case.letters.to_bodies().in_order().values_list("recipient", "means", "address")) == [
        ("С имейл", "email", "a@example.bg"),
        ("С адрес", "paper", "гр. София"),
        ("Без данни", "paper", ""),
    ]


def test_a_decision_is_not_given_on_what_is_being_forwarded(staff: dict[str, Any]) -> None:
    case = brought_to(Status.FORWARDING, staff)

    assert case.decided_at is None
    assert case.is_open
