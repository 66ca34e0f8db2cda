"""The database refuses nonsense about cases, whatever code asks for it."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from feedback.models import Case, CaseEvent
from tests.factories import CaseFactory, at

pytestmark = pytest.mark.django_db
RECEIVED = at("2026-03-02")
LATER, EARLIER = RECEIVED + timedelta(hours=1), RECEIVED - timedelta(hours=1)
NO_TERM = {"term_code": "", "term_version": "", "first_due_on": None, "due_on": None}
DECISION = {"decided_at": LATER, "outcome": "upheld", "answer": "Да.", "notify_due_on": date(2026, 3, 9)}
DECIDED = {"status": "decided", **DECISION}
FORWARDED = {"status": "forwarded", "forwarded_at": LATER, "forwarded_to": "ОПУ"}
TOLD = {"notified_at": LATER, "closed_at": LATER}
ENDED = {"status": "no_proceedings", "ended_at": LATER, "end_reason": "too-old"}

BROKEN = [
    ("feedback_case_registered_after_receipt", {"registered_at": EARLIER}),
    # a term, unless praise
    ("feedback_case_has_a_term_unless_praise", NO_TERM),
    ("feedback_case_has_a_term_unless_praise", {"due_on": None}),
    ("feedback_case_has_a_term_unless_praise", {"first_due_on": None, "due_on": date(2026, 5, 4)}),
    ("feedback_case_has_a_term_unless_praise", {"term_code": ""}),
    ("feedback_case_has_a_term_unless_praise", {"kind": "praise", **NO_TERM, "term_code": "signal-decision"}),
    # the last day does not move without a moment at which it did
    ("feedback_case_due_moves_at_a_moment", {"due_on": date(2026, 5, 5)}),
    ("feedback_case_extended_moves_due", {"extended_at": LATER, "due_moved_at": None}),
    # what is awaited, and while it is
    ("feedback_case_next_day_while_open", {**FORWARDED, "next_on": date(2026, 5, 4)}),
    ("feedback_case_paused_by_a_question", {"paused_at": LATER}),
    ("feedback_case_assigned_to_a_unit", {"status": "assigned", "unit": None}),
    # no last day comes before the day from which it is counted
    ("feedback_case_last_days_follow", {"forward_due_on": date(2026, 3, 1)}),
    ("feedback_case_last_days_follow", {"first_due_on": date(2026, 3, 1)}),
    ("feedback_case_last_days_follow", {**DECIDED, "notify_due_on": date(2026, 3, 1)}),
    # waiting is recorded where somebody waits
    ("feedback_case_waited_at_counter", {"waited_minutes": 0}),
    ("feedback_case_waited_at_counter", {"waited_minutes": 5, "channel": "phone"}),
    # forwarding
    ("feedback_case_forwarded_whole", {**FORWARDED, "forwarded_to": ""}),
    ("feedback_case_status_agrees_with_facts", {"forwarded_to": "ОПУ"}),
    ("feedback_case_forwarded_whole", {**FORWARDED, "forwarded_at": EARLIER}),
    # an end without a decision
    ("feedback_case_ended_whole", {"end_reason": "too-old"}),
    ("feedback_case_ended_whole", {**ENDED, "ended_at": EARLIER}),
    # the decision
    ("feedback_case_decided_whole", {**DECIDED, "outcome": ""}),
    ("feedback_case_decided_whole", {**DECIDED, "answer": ""}),
    ("feedback_case_decided_whole", {**DECIDED, "decided_at": EARLIER}),
    ("feedback_case_decided_whole", {"outcome": "upheld"}),
    ("feedback_case_decided_whole", {"answer": "Да."}),
    ("feedback_case_decided_whole", {"notify_due_on": date(2026, 3, 9)}),
    ("feedback_case_notified_after_decision", {"notified_at": LATER}),
    ("feedback_case_notified_after_decision", {**DECIDED, "notified_at": RECEIVED}),
    ("feedback_case_closed_after_notice", {"closed_at": LATER}),
    ("feedback_case_closed_after_notice", {"status": "closed", **DECISION, "closed_at": LATER}),
    ("feedback_case_closed_after_notice", {"status": "closed", **DECISION, **TOLD, "closed_at": RECEIVED}),
    # the status
    ("feedback_case_status_agrees_with_facts", {"status": "decided"}),
    ("feedback_case_status_agrees_with_facts", {"status": "registered", "forwarded_at": LATER, "forwarded_to": "ОПУ"}),
    ("feedback_case_status_agrees_with_facts", {"status": "forwarded"}),
    ("feedback_case_status_agrees_with_facts", {**FORWARDED, **DECIDED}),
    ("feedback_case_status_agrees_with_facts", {"status": "closed", **DECISION}),
    ("feedback_case_status_agrees_with_facts", {"status": "closed", **DECISION, "notified_at": LATER}),
    ("feedback_case_status_agrees_with_facts", {"status": "forwarding"}),
    ("feedback_case_status_agrees_with_facts", {**FORWARDED, "status": "forwarding"}),
    ("feedback_case_status_agrees_with_facts", {"status": "notified", **DECISION}),
    ("feedback_case_status_agrees_with_facts", {"status": "reopened", **DECISION}),
    ("feedback_case_status_agrees_with_facts", {"status": "no_proceedings"}),
    ("feedback_case_status_agrees_with_facts", {**ENDED, "end_reason": ""}),
    ("feedback_case_status_agrees_with_facts", {**ENDED, "status": "withdrawn"}),
    ("feedback_case_status_agrees_with_facts", {**ENDED, "status": "registered"}),
    ("feedback_case_status_agrees_with_facts", {**ENDED, **DECISION}),
    ("feedback_case_status_agrees_with_facts", {"status": "registered", **DECISION}),
    ("feedback_case_status_agrees_with_facts", {"status": "assigned", **DECISION}),
    ("feedback_case_status_agrees_with_facts", {**DECIDED, **TOLD}),
    ("feedback_case_status_agrees_with_facts", {"status": "lost"}),
    # somebody to answer
    ("feedback_case_can_be_answered", {"name": ""}),
    ("feedback_case_can_be_answered", {"email": ""}),
    ("feedback_case_can_be_answered", {"email": "", "channel": "phone", "kind": "enquiry"}),
]
LAWFUL = [
    {},
    {"registered_at": LATER},
    {"status": "assigned"},
    {"due_on": date(2026, 6, 1), "extended_at": LATER},
    {"due_on": date(2026, 5, 1), "due_moved_at": LATER},  # another kind, or a decree that made a day working
    FORWARDED,
    {"status": "forwarding", "forwarded_to": "ОПУ"},
    ENDED,
    {"status": "withdrawn", "ended_at": LATER},
    {"status": "clarification", "paused_at": LATER},
    {"status": "notified", **DECISION, "notified_at": LATER},
    {"status": "reopened", **DECISION, "notified_at": LATER},
    {"name": "", "email": "", "channel": "phone"},  # anonymous, at the desk
    DECIDED,
    {**DECIDED, "decided_at": RECEIVED},  # at once
    {**DECIDED, "notify_due_on": None},  # the law asks for no notice of this kind
    {**DECIDED, "notify_due_on": date(2026, 3, 2)},  # the same day
    {"forward_due_on": date(2026, 3, 2), "first_due_on": date(2026, 3, 2)},
    {"status": "closed", **DECISION, **TOLD},
    {"status": "closed", **DECISION, **TOLD, "closed_at": LATER + timedelta(days=1)},
    {"channel": "counter", "waited_minutes": 0},
    {"channel": "counter"},  # nobody wrote it down
    {"email": "", "phone": "0888 123 456"},
    {"email": "", "address": "гр. Самоков, ул. „Рила“ № 1"},
    {"kind": "praise", **NO_TERM, "name": "", "email": ""},
]


@pytest.mark.parametrize(("constraint", "changes"), BROKEN)
def test_a_case_with_nonsense_is_refused(constraint: str, changes: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        CaseFactory(received_at=RECEIVED, **changes)


@pytest.mark.parametrize("changes", LAWFUL)
def test_a_lawful_case_is_stored(changes: dict[str, Any]) -> None:
    assert CaseFactory(received_at=RECEIVED, **changes).pk


@pytest.mark.parametrize("received_at", [at("2026-03-01", "22:00"), at("2026-03-02", "21:59")])
def test_last_days_follow_the_day_of_receipt_in_sofia(received_at: datetime) -> None:
    # Both moments are Monday 02.03 in Sofia; in UTC the first is still Sunday.
    with pytest.raises(IntegrityError, match="feedback_case_last_days_follow"), transaction.atomic():
        CaseFactory(received_at=received_at, forward_due_on=date(2026, 3, 1))

    assert CaseFactory(received_at=received_at, forward_due_on=date(2026, 3, 2)).pk


def test_a_number_is_given_once() -> None:
    CaseFactory(number="С-2026-000777")

    with pytest.raises(IntegrityError, match="feedback_case_number"), transaction.atomic():
        CaseFactory(number="С-2026-000777")


def test_a_form_registers_one_case() -> None:
    CaseFactory(form_digest="a" * 64)

    with pytest.raises(IntegrityError, match="feedback_case_form_digest"), transaction.atomic():
        CaseFactory(form_digest="a" * 64)


def test_cases_without_a_form_may_be_many() -> None:
    assert [CaseFactory(form_digest=None).form_digest for _ in range(2)] == [None, None]


def test_a_case_with_events_is_not_deleted() -> None:
    case = CaseFactory()
    CaseEvent.objects.create(case=case, kind="registered", at=RECEIVED)

    with pytest.raises(ProtectedError):
        case.delete()

    assert list(Case.objects.all()) == [case]


def test_rows_are_called_as_people_call_them() -> None:
    rows = (
        Case(number="С-2026-000001"),
        CaseEvent(kind="registered", at=RECEIVED),
    )

    assert [str(row) for row in rows] == ["С-2026-000001", "Регистрирана 02.03.2026"]


@pytest.mark.parametrize(
    ("status", "is_open"),
    [
        ("registered", True),
        ("assigned", True),
        ("clarification", True),
        ("forwarding", True),
        ("decided", True),
        ("reopened", True),
        ("forwarded", False),
        ("notified", False),
        ("closed", False),
        ("no_proceedings", False),
        ("withdrawn", False),
    ],
)
def test_a_case_is_open_while_somebody_has_something_to_do(status: str, is_open: bool) -> None:
    assert Case(status=status).is_open is is_open
