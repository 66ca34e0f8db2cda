"""The promised date and the count behind it."""

from datetime import date
from typing import Any

import pytest

from feedback.choices import EventKind
from feedback.clock import explain, promised_term, term_by_code
from feedback.models import CaseEvent
from samokov_portal.legal.terms import TERMS, Unit, Why
from tests.factories import CaseFactory, at
from tests.office.decreeing import decree


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("signal", "signal-decision"),
        ("proposal", "proposal-decision"),
        ("complaint", "act-review"),
        ("enquiry", "enquiry-answer"),
        ("information", "information-decision"),
    ],
)
def test_each_kind_has_its_term(kind: str, code: str) -> None:
    assert promised_term(kind) == TERMS[code]


def test_praise_has_no_term() -> None:
    assert promised_term("praise") is None


def test_how_long_an_enquiry_takes_is_a_setting(settings: Any) -> None:
    settings.ENQUIRY_ANSWER_WORKDAYS = 3

    assert (term_by_code("enquiry-answer").amount, term_by_code("enquiry-answer").unit) == (3, Unit.WORKING_DAYS)


def test_the_setting_is_for_enquiries_only(settings: Any) -> None:
    settings.ENQUIRY_ANSWER_WORKDAYS = 3

    assert term_by_code("forward") == TERMS["forward"]


def test_an_unknown_term_is_refused() -> None:
    with pytest.raises(KeyError):
        term_by_code("няма")


@pytest.mark.django_db
def test_a_promise_is_explained_as_it_was_made() -> None:
    found = explain(CaseFactory())  # Monday 02.03.2026 + 2 months = Saturday 02.05 -> Monday 04.05

    assert found is not None
    assert (found.received_on, found.due_on) == (date(2026, 3, 2), date(2026, 5, 4))


@pytest.mark.django_db
def test_an_extended_case_is_explained_with_its_extension() -> None:
    case = CaseFactory(due_on=date(2026, 6, 1), extended_at=at("2026-04-20"))
    facts = {"ground": "signal", "until": date(2026, 6, 1), "due_on": date(2026, 6, 1)}
    CaseEvent.objects.create(case=case, kind=EventKind.EXTENDED, at=at("2026-04-20"), **facts)

    found = explain(case)

    assert found is not None
    assert [(step.day, step.why) for step in found.steps[-2:]] == [
        (date(2026, 5, 4), Why.ROLLED),
        (date(2026, 6, 1), Why.EXTENDED),
    ]


@pytest.mark.django_db
def test_an_extension_of_which_the_log_says_nothing_is_not_explained() -> None:
    assert explain(CaseFactory(due_on=date(2026, 6, 1), extended_at=at("2026-04-20"))) is None


@pytest.mark.django_db
def test_a_decree_learnt_afterwards_does_not_change_the_explanation() -> None:
    case = CaseFactory()
    decree(date(2026, 5, 4), learnt_at=at("2026-03-03"))

    found = explain(case)

    assert found is not None
    assert found.due_on == date(2026, 5, 4)


@pytest.mark.django_db
def test_a_decree_known_before_is_part_of_the_explanation() -> None:
    decree(date(2026, 5, 4), learnt_at=at("2026-03-01"))

    found = explain(CaseFactory(first_due_on=date(2026, 5, 5)))

    assert found is not None
    assert found.due_on == date(2026, 5, 5)  # Tuesday


@pytest.mark.django_db
@pytest.mark.parametrize(
    "facts",
    [
        {"kind": "praise", "term_code": "", "term_version": "", "first_due_on": None, "name": ""},
        {"term_version": "1 months @ 2005-01-01"},  # another law was in force
        {"first_due_on": date(2026, 5, 5)},  # counted by a calendar that was corrected since
    ],
)
def test_what_cannot_be_counted_again_is_not_explained(facts: dict[str, Any]) -> None:
    assert explain(CaseFactory(**facts)) is None
