"""Two people at one case: the second sees what changed, field by field and by whom, before anything is saved."""

from typing import Any

import pytest

from feedback.actions.sender import add_information
from feedback.models import Case
from samokov_portal.legal.terms import TERMS
from services.models import Unit
from tests.factories import at
from tests.feedback.desk_forms import change, page
from tests.feedback.life_stories import REASON, filed

pytestmark = pytest.mark.django_db
TYPED = "Лампата е сменена на 20.11.2026 г."


def _article(code: str) -> str:
    """The article of a term as it is shown, with the mark of what is to be verified."""
    return TERMS[code].source if TERMS[code].verified else f"{TERMS[code].source} – за проверка"


@pytest.fixture(autouse=True)
def today(clock: Any) -> None:
    """Monday 23.11.2026."""


@pytest.fixture
def case() -> Case:
    """A signal that came on Friday 13.11.2026 and is due on Wednesday 13.01.2027."""
    return filed(received_at=at("2026-11-13"))


def opened(client: Any, case: Case, verb: str) -> dict[str, str]:
    """What the form of a change says of the page on which it stands."""
    form = client.get(page(case)).context["forms"][verb]
    return {name: str(form[name].value()) for name in ("seen", "version")}


def told(response: Any) -> set[tuple[str, str, str, str]]:
    """The fields that changed meanwhile: which, what they were, what they are, and by whom."""
    return {(one.field, one.was, one.now, str(one.by)) for one in response.context["meanwhile"].changes}


def test_the_second_sees_each_field_that_the_first_changed(as_role: Any, staff: Any, case: Case) -> None:
    clerk, secretary = as_role("clerk"), as_role("secretary")
    seen = opened(secretary, case, "answer")
    clerk.post(page(case, "assign"), change("assign", unit=str(Unit.objects.get(code="mdt").pk)))
    clerk.post(page(case, "requalify"), change("requalify", kind="enquiry"))
    before = (case.events.count(), case.history.count())

    response = secretary.post(page(case, "answer"), change("answer", answer=TYPED, **seen))

    case.refresh_from_db()
    unit, by = str(Unit.objects.get(code="mdt")), "clerk"
    assert response.status_code == 409
    assert {
        ("case.unit", "", unit, by),
        ("case.status", "регистрирана", "възложена", by),
        ("case.kind", "сигнал", "запитване", by),
        ("case.term_code", *(_article(code) for code in ("signal-decision", "enquiry-answer")), by),
        ("case.due_on", "13.01.2027\xa0г.", "24.11.2026\xa0г.", by),
    } <= told(response)
    assert [event.kind for event in response.context["meanwhile"].events] == ["assigned", "requalified"]
    assert (case.answer, case.events.count(), case.history.count()) == ("", *before)


def test_the_page_shows_old_and_new_side_by_side_and_what_was_typed(as_role: Any, staff: Any, case: Case) -> None:
    clerk, secretary = as_role("clerk"), as_role("secretary")
    seen = opened(secretary, case, "answer")
    clerk.post(page(case, "assign"), change("assign"))

    text = secretary.post(page(case, "answer"), change("answer", answer=TYPED, **seen)).content.decode()

    start, end = text.index('id="meanwhile"'), text.index("</section>", text.index('id="meanwhile"'))
    shown = " ".join(text[start:end].split())
    assert [word for word in ("Звено", "празно", str(Unit.objects.get(code="mdt")), "clerk") if word not in shown] == []
    assert TYPED in text[end:]


def test_who_read_what_changed_sends_the_same_again_and_it_is_saved(as_role: Any, case: Case) -> None:
    clerk, secretary = as_role("clerk"), as_role("secretary")
    seen = opened(secretary, case, "answer")
    clerk.post(page(case, "assign"), change("assign"))
    refused = secretary.post(page(case, "answer"), change("answer", answer=TYPED, **seen))

    accepted = secretary.post(page(case, "answer"), dict(refused.context["form"].data.items()))

    case.refresh_from_db()
    assert (refused.status_code, accepted.status_code, case.answer) == (409, 302, TYPED)


def test_a_third_change_in_between_is_told_too(as_role: Any, case: Case) -> None:
    clerk, secretary = as_role("clerk"), as_role("secretary")
    seen = opened(secretary, case, "answer")
    clerk.post(page(case, "assign"), change("assign"))
    refused = secretary.post(page(case, "answer"), change("answer", answer=TYPED, **seen))
    clerk.post(page(case, "requalify"), change("requalify", kind="proposal"))

    again = secretary.post(page(case, "answer"), dict(refused.context["form"].data.items()))

    assert again.status_code == 409
    assert ("case.kind", "сигнал", "предложение", "clerk") in told(again)
    assert "case.unit" not in {field for field, *_rest in told(again)}


def test_a_form_that_does_not_fit_any_more_is_told_why_field_by_field(as_role: Any, case: Case) -> None:
    clerk, secretary = as_role("clerk"), as_role("secretary")
    seen = opened(secretary, case, "answer")
    clerk.post(page(case, "answer"), change("answer"))

    response = secretary.post(page(case, "answer"), change("answer", answer=TYPED, **seen))

    assert response.context["lost"] is not None
    assert ("case.outcome", "", "уважен", "clerk") in told(response)
    assert TYPED in response.content.decode()


def test_what_the_sender_added_meanwhile_is_told_as_an_event(as_role: Any, case: Case) -> None:
    secretary = as_role("secretary")
    seen = opened(secretary, case, "answer")
    add_information(case_id=case.pk, text="На третия стълб.", now=at("2026-11-23", "09:00"))

    response = secretary.post(page(case, "answer"), change("answer", answer=TYPED, **seen))

    meanwhile = response.context["meanwhile"]
    assert (response.status_code, [event.note for event in meanwhile.events]) == (409, ["На третия стълб."])


@pytest.mark.parametrize("version", ["", "x", "-1", "9" * 30, "1"])
def test_a_version_that_is_none_of_this_case_tells_of_the_events_only(as_role: Any, case: Case, version: str) -> None:
    secretary = as_role("secretary")
    seen = opened(secretary, case, "answer")
    as_role("clerk").post(page(case, "assign"), change("assign"))

    response = secretary.post(page(case, "answer"), change("answer", **{**seen, "version": version}))

    meanwhile = response.context["meanwhile"]
    # Where the field itself is no number, the form says so; what changed is told all the same.
    assert response.status_code == 409
    assert (meanwhile.changes, [event.kind for event in meanwhile.events]) == ([], ["assigned"])


def test_where_nothing_changed_nothing_is_told(as_role: Any, case: Case) -> None:
    secretary = as_role("secretary")
    seen = opened(secretary, case, "end")

    response = secretary.post(page(case, "end"), change("end", ground="anonymous", reason=REASON, **seen))

    assert response.context["meanwhile"] is None
