"""Asking the superior body for a longer term: who may, when, and what becomes of it."""

from datetime import date
from typing import Any

import pytest

from feedback.actions.extensions import ask_extension, refuse_extension
from feedback.actions.refusals import AlreadyDone, CannotExtend, NeedsName, NotAllowed, NotPossible
from feedback.choices import Kind
from feedback.models import Case, ExtensionRequest
from feedback.oversight import Frame, found
from samokov_portal.office.choices import Channel
from tests.factories import CODE, at
from tests.feedback.desk_forms import change, page
from tests.feedback.life_stories import NAMELESS, REASON, brought_to, filed

pytestmark = pytest.mark.django_db
UNTIL = date(2027, 1, 28)


@pytest.fixture(autouse=True)
def today(clock: Any) -> None:
    """Monday 23.11.2026."""


@pytest.fixture
def case() -> Case:
    """A signal that came on Friday 13.11.2026 and is due on Wednesday 13.01.2027; a month longer at the most."""
    return filed(received_at=at("2026-11-13"))


def ask(client: Any, case: Case, **changes: str) -> Any:
    sent = {"due_on": "28.01.2027", "reason": REASON, **changes}
    return client.post(page(case, "ask-extension"), {f"ask_extension-{name}": value for name, value in sent.items()})


def waiting(staff: Any, now: Any, role: str = "secretary") -> list[str]:
    return [row.number for row in found("extensions", user=staff[role], frame=Frame.at(now))]


def test_what_was_asked_waits_before_the_secretary_and_the_superior_body(
    as_role: Any, staff: Any, case: Case, now: Any
) -> None:
    response = ask(as_role("clerk"), case)

    asked = ExtensionRequest.objects.get()
    assert response.status_code == 302
    assert (asked.ground, asked.due_on, asked.reason, asked.asked_by) == ("signal", UNTIL, REASON, staff["clerk"])
    assert waiting(staff, now) == [case.number]
    text = as_role("mayor").get(page(case)).content.decode()
    assert [word for word in (REASON, "Откажете удължаването", "Удължете срока") if word not in text] == []


def test_asking_moves_nothing_and_the_sender_does_not_meet_it(as_role: Any, client: Any, case: Case) -> None:
    before = (case.due_on, case.events.count(), case.history.count(), case.letters.count())
    ask(as_role("clerk"), case)

    case.refresh_from_db()
    assert (case.due_on, case.events.count(), case.history.count(), case.letters.count()) == before
    followed = client.post("/feedback/track/", {"number": case.number, "code": CODE}, follow=True)
    assert REASON not in followed.content.decode()


def test_extending_grants_what_was_asked(as_role: Any, staff: Any, case: Case, now: Any) -> None:
    ask(as_role("clerk"), case)
    as_role("mayor").post(page(case, "extend"), change("extend", due_on="28.01.2027"))

    asked = ExtensionRequest.objects.get()
    assert (asked.is_granted, asked.answered_by, waiting(staff, now)) == (True, staff["mayor"], [])


def test_a_refusal_says_why_and_the_term_stays(as_role: Any, staff: Any, case: Case, now: Any) -> None:
    ask(as_role("clerk"), case)
    mayor = as_role("mayor")
    empty = mayor.post(page(case, "refuse-extension"), {"refuse_extension-answer": " "})
    mayor.post(page(case, "refuse-extension"), {"refuse_extension-answer": "Има време."})

    asked = ExtensionRequest.objects.get()
    case.refresh_from_db()
    assert empty.status_code == 422
    assert (asked.is_granted, asked.answer, case.due_on) == (False, "Има време.", date(2027, 1, 13))
    assert waiting(staff, now) == []
    assert "Има време." in as_role("clerk").get(page(case)).content.decode()


def test_after_a_refusal_it_may_be_asked_again_but_not_while_one_waits(staff: Any, case: Case, now: Any) -> None:
    facts = {"case_id": case.pk, "by": staff["clerk"], "now": now}
    ask_extension(due_on=UNTIL, reason=REASON, **facts)
    with pytest.raises(AlreadyDone):
        ask_extension(due_on=UNTIL, reason=REASON, **facts)
    refuse_extension(case_id=case.pk, answer="Не.", by=staff["mayor"], now=now)
    with pytest.raises(NotPossible):
        refuse_extension(case_id=case.pk, answer="Не.", by=staff["mayor"], now=now)

    ask_extension(due_on=UNTIL, reason=REASON, **facts)
    assert ExtensionRequest.objects.count() == 2


@pytest.mark.parametrize(
    ("facts", "due_on", "refusal"),
    [
        ({}, date(2027, 1, 16), CannotExtend),  # Saturday
        ({}, date(2027, 3, 1), CannotExtend),  # beyond a month
        ({}, date(2027, 1, 13), CannotExtend),  # not later
        ({"kind": Kind.ENQUIRY}, UNTIL, CannotExtend),  # the law knows no ground
        ({"channel": Channel.POST, **NAMELESS}, UNTIL, NeedsName),
    ],
)
def test_what_could_not_be_granted_cannot_be_asked(
    staff: Any, now: Any, facts: Any, due_on: date, refusal: type[Exception]
) -> None:
    case = filed(received_at=at("2026-11-13"), **facts)

    with pytest.raises(refusal):
        ask_extension(case_id=case.pk, due_on=due_on, reason=REASON, by=staff["clerk"], now=now)


def test_a_refused_request_comes_back_as_it_was_typed(as_role: Any, case: Case) -> None:
    response = ask(as_role("clerk"), case, due_on="16.01.2027")

    assert response.status_code == 409
    assert REASON in response.content.decode()
    assert response.context["extension"]["form"].errors


def test_who_may_not_ask_or_refuse_is_refused(as_role: Any, staff: Any, case: Case, now: Any) -> None:
    assert {role: ask(as_role(role), case).status_code for role in ("mayor", "editor", "auditor", "expert")} == {
        "mayor": 403, "editor": 403, "auditor": 403, "expert": 404,
    }  # fmt: skip
    with pytest.raises(NotAllowed):
        ask_extension(case_id=case.pk, due_on=UNTIL, reason=REASON, by=staff["mayor"], now=now)
    with pytest.raises(NotAllowed):
        refuse_extension(case_id=case.pk, answer="Не.", by=staff["clerk"], now=now)


def test_a_decided_case_neither_offers_nor_waits(as_role: Any, staff: Any, case: Case, now: Any) -> None:
    ask(as_role("clerk"), case)
    decided = brought_to("decided", staff, case)

    response = ask(as_role("clerk"), decided)

    assert response.status_code == 409
    assert as_role("clerk").get(page(decided)).context["extension"]["form"] is None
    assert waiting(staff, now) == []
