"""Changing a case from its page: what is made and told, what comes back, and what is refused with the text kept."""

from typing import Any

import pytest

from feedback.choices import Status
from feedback.models import Case
from samokov_portal.legal.terms import LAST_YEAR
from services.models import Unit
from tests.factories import at
from tests.feedback.desk_forms import change, page
from tests.feedback.life_stories import body, brought_to, filed, take

pytestmark = pytest.mark.django_db


def come(**facts: Any) -> Case:
    """A case that came on Friday 13.11.2026, ten days before `clock`; a signal is due on Wednesday 13.01.2027."""
    return filed(received_at=at("2026-11-13"), **facts)


@pytest.fixture(autouse=True)
def today(clock: Any) -> None:
    """Monday 23.11.2026."""


def levels(response: Any) -> list[str]:
    """Of the messages on the page that a redirect led to."""
    return [message.level_tag for message in response.context["messages"]]


CHANGES = [
    # who, what, from which state, to which state, with which event
    ("clerk", "assign", "registered", "assigned", "assigned"),
    ("clerk", "requalify", "assigned", "assigned", "requalified"),
    ("expert", "ask", "assigned", "clarification", "asked"),
    ("expert", "record-reply", "clarification", "assigned", "replied"),
    ("expert", "lapse", "clarification", "assigned", "lapsed"),
    ("expert", "forward", "assigned", "forwarding", "forwarding"),
    ("mayor", "extend", "assigned", "assigned", "extended"),
    ("expert", "end", "assigned", "no_proceedings", "ended"),
    ("expert", "answer", "assigned", "decided", "decided"),
    ("clerk", "answer", "reopened", "decided", "decided"),
    ("clerk", "notify", "decided", "notified", "notified"),
    ("expert", "close", "notified", "closed", "closed"),
    ("secretary", "record-withdrawal", "assigned", "withdrawn", "withdrawn"),
]


@pytest.mark.parametrize(("role", "verb", "before", "after", "event"), CHANGES)
def test_a_change_is_made_told_and_led_back_to_the_case(
    as_role: Any, staff: Any, clock: Any, role: str, verb: str, before: str, after: str, event: str
) -> None:
    case = brought_to(before, staff, come())
    values = {"due_on": "28.01.2027"} if verb == "extend" else {}

    response = as_role(role).post(page(case, verb), change(verb, **values), follow=True)

    case.refresh_from_db()
    newest = case.events.order_by("-pk")[0]
    assert [redirect[1] for redirect in response.redirect_chain] == [302]
    assert levels(response) == ["success"]
    assert (case.status, newest.kind) == (after, event)
    assert (newest.by, newest.at) == (staff[role], clock)


def test_a_case_is_forwarded_to_several_bodies_at_once(as_role: Any) -> None:
    case = come()
    bodies = [body("ОПУ – София"), body("Басейнова дирекция", email="basin@example.bg")]

    as_role("clerk").post(page(case, "forward"), change("forward", bodies=[str(one.pk) for one in bodies]))

    letters = case.letters.to_bodies().order_by("recipient").values_list("recipient", "means")
    assert list(letters) == [("Басейнова дирекция", "email"), ("ОПУ – София", "paper")]


def test_more_names_than_the_register_holds_come_back(as_role: Any) -> None:
    case = come()
    bodies = [body(f"{number} {'орган ' * 30}".strip()) for number in range(4)]

    response = as_role("clerk").post(page(case, "forward"), change("forward", bodies=[str(one.pk) for one in bodies]))

    assert response.status_code == 422
    assert list(response.context["forms"]["forward"].errors) == ["bodies"]


def test_whoever_names_themselves_is_led_to_the_work_list(as_role: Any, staff: Any) -> None:
    case = come()

    response = as_role("clerk").post(
        page(case, "assign"), change("assign", complained_of=str(staff["clerk"].pk)), follow=True
    )

    assert response.redirect_chain == [("/desk/", 302)]
    assert levels(response) == ["success"]
    assert Case.objects.get(pk=case.pk).complained_of == staff["clerk"]


WRONG = [
    ("clerk", "assign", "unit", {"unit": ""}),
    ("clerk", "assign", "unit", {"unit": "0"}),
    ("clerk", "assign", "unit", {"unit": "99999999999999999999"}),
    ("clerk", "assign", "complained_of", {"complained_of": "0"}),
    ("clerk", "requalify", "kind", {"kind": "signal"}),  # it is one already
    ("clerk", "requalify", "kind", {"kind": ""}),
    ("clerk", "requalify", "reason", {"reason": " "}),
    ("clerk", "ask", "question", {"question": ""}),
    ("clerk", "forward", "bodies", {"bodies": []}),
    ("clerk", "forward", "bodies", {"bodies": ["0"]}),
    ("clerk", "forward", "bodies", {"bodies": ["x"]}),
    ("clerk", "forward", "reason", {"reason": ""}),
    ("clerk", "forward", "reason", {"reason": "я" * 2001}),
    ("mayor", "extend", "ground", {"ground": "proposal"}),
    ("clerk", "extend", "ground", {}),  # for the superior body
    ("mayor", "extend", "due_on", {"due_on": "скоро"}),
    ("mayor", "extend", "due_on", {"due_on": "13.01.2027"}),  # the same day
    ("mayor", "extend", "due_on", {"due_on": "12.01.2027"}),  # earlier
    ("mayor", "extend", "due_on", {"due_on": "16.02.2027"}),  # beyond Monday 15.02
    ("mayor", "extend", "due_on", {"due_on": f"01.01.{LAST_YEAR + 1}"}),
    ("mayor", "extend", "reason", {"due_on": "28.01.2027", "reason": ""}),
    ("clerk", "end", "ground", {"ground": "late"}),  # of a complaint
    ("clerk", "end", "ground", {"ground": "anonymous"}),  # it is not
    ("clerk", "end", "reason", {"reason": ""}),
    ("clerk", "answer", "outcome", {"outcome": "noted"}),  # not of a signal
    ("clerk", "answer", "outcome", {"outcome": ""}),
    ("clerk", "answer", "answer", {"answer": ""}),
    ("clerk", "answer", "answer", {"answer": "я\x00"}),
    ("clerk", "answer", "answer", {"answer": "я" * 20_001}),
    ("clerk", "record-withdrawal", "how", {"how": ""}),
]


@pytest.mark.parametrize(("role", "verb", "field", "changes"), WRONG)
def test_a_change_with_an_error_comes_back_with_what_was_typed(
    as_role: Any, role: str, verb: str, field: str, changes: dict[str, Any]
) -> None:
    case = come()
    form, name = change(verb, **changes), verb.replace("-", "_")

    response = as_role(role).post(page(case, verb), form)

    bound = response.context["form"]
    assert response.status_code == 422
    assert list(bound.errors) == [field]
    assert {key: bound[key.removeprefix(f"{name}-")].value() for key in form} == form
    assert case.history.count() == 1


REFUSED = [
    ("clerk", "assign", "decided"),
    ("clerk", "requalify", "reopened"),
    ("clerk", "ask", "clarification"),
    ("clerk", "record-reply", "assigned"),
    ("clerk", "lapse", "assigned"),
    ("clerk", "forward", "closed"),
    ("mayor", "extend", "decided"),
    ("clerk", "end", "forwarding"),
    ("clerk", "answer", "forwarded"),
    ("clerk", "notify", "assigned"),
    ("clerk", "close", "decided"),
    ("clerk", "record-withdrawal", "no_proceedings"),
]


@pytest.mark.parametrize(("role", "verb", "status"), REFUSED)
def test_a_change_that_is_not_possible_now_is_refused_and_what_was_typed_is_shown(
    as_role: Any, staff: Any, role: str, verb: str, status: str
) -> None:
    case = brought_to(status, staff, come())
    before = (case.events.count(), case.history.count())
    form = change(verb, **({"due_on": "28.01.2027"} if verb == "extend" else {}))

    response = as_role(role).post(page(case, verb), form)

    lost, text = response.context["lost"], response.content.decode()
    assert response.status_code == 409
    assert list(lost.errors) == ["__all__"]
    assert [typed for typed in form.values() if isinstance(typed, str) and typed not in text] == []
    assert (case.events.count(), case.history.count()) == before


@pytest.mark.parametrize(
    ("verb", "role", "facts", "changes"),
    [
        ("extend", "mayor", {}, {"due_on": "16.01.2027"}),  # Saturday
        ("lapse", "clerk", {"kind": "information"}, {}),  # the sender still has time
    ],
)
def test_what_the_law_does_not_allow_is_refused_by_the_action(
    as_role: Any, staff: Any, verb: str, role: str, facts: dict[str, str], changes: dict[str, str]
) -> None:
    case = come(**facts)
    if verb == "lapse":
        case = take("ask", case, now=at("2026-11-16"), by=staff["clerk"], ground="information-unclear")
    before = case.history.count()

    response = as_role(role).post(page(case, verb), change(verb, **changes))

    assert response.status_code == 409
    assert list(response.context["form"].errors) == ["__all__"]
    assert case.history.count() == before


def test_the_second_of_two_officials_is_shown_what_changed_and_nothing_is_overwritten(as_role: Any) -> None:
    case = come()
    seen = str(as_role("secretary").get(page(case)).context["forms"]["answer"]["seen"].value())
    as_role("clerk").post(page(case, "answer"), change("answer", seen=seen))

    response = as_role("secretary").post(
        page(case, "answer"), change("answer", seen=seen, outcome="not_upheld", answer="Не е така.")
    )

    case.refresh_from_db()
    text = response.content.decode()
    assert response.status_code == 409
    assert "друг служител промени преписката" in text
    assert [answer for answer in ("Лампите са подменени.", "Не е така.") if answer not in text] == []
    assert (case.outcome, case.answer) == ("upheld", "Лампите са подменени.")


def test_who_saw_the_other_change_sends_the_same_form_again(as_role: Any) -> None:
    case = come()
    first, second = as_role("clerk"), as_role("secretary")
    seen = str(first.get(page(case)).context["forms"]["assign"]["seen"].value())
    first.post(page(case, "assign"), change("assign", seen=seen))
    mine = str(Unit.objects.get(code="hdettos").pk)

    refused = second.post(page(case, "assign"), change("assign", seen=seen, unit=mine))
    accepted = second.post(page(case, "assign"), dict(refused.context["form"].data.items()))

    case.refresh_from_db()
    assert (refused.status_code, accepted.status_code) == (409, 302)
    assert case.unit.code == "hdettos"


def test_a_form_that_no_longer_fits_because_of_another_change_says_so(as_role: Any) -> None:
    case = come()
    seen = str(as_role("mayor").get(page(case)).context["forms"]["extend"]["seen"].value())
    as_role("clerk").post(page(case, "requalify"), change("requalify", kind="enquiry"))

    response = as_role("mayor").post(page(case, "extend"), change("extend", seen=seen, due_on="28.01.2027"))

    text = response.content.decode()
    assert response.status_code == 409
    assert "друг служител промени преписката" in text
    assert "28.01.2027" in text


def test_what_a_clerk_types_is_shown_as_text_not_as_markup(as_role: Any) -> None:
    case, client = come(), as_role("clerk")
    client.post(page(case, "answer"), change("answer", answer="<script>alert(1)</script>"))

    assert "<script>alert(1)" not in client.get(page(case)).content.decode()


def test_every_state_has_a_page(as_role: Any, staff: Any) -> None:
    cases = [brought_to(status, staff, come()) for status in Status]
    client = as_role("clerk")

    assert {client.get(page(case)).status_code for case in cases} == {200}
