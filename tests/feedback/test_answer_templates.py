"""Texts from which answers begin: filled in by the server, put after what was typed, and saved by nobody."""

from datetime import date
from typing import Any

import pytest

from feedback.choices import Kind
from feedback.letters.answers import ANSWER_FIELDS, UNKNOWN, answer_fields, begun, faults_of_answer
from feedback.models import AnswerTemplate, Case
from feedback.texts import load_letters
from services.models import Unit
from tests.factories import at
from tests.feedback.desk_forms import change, page
from tests.feedback.life_stories import filed

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 23)
TYPED = "Здравейте, госпожо Стоянова."


@pytest.fixture(autouse=True)
def today(clock: Any) -> None:
    """Monday 23.11.2026."""


@pytest.fixture
def case() -> Case:
    """A signal that came on Friday 13.11.2026."""
    return filed(received_at=at("2026-11-13"), place="ул. „Македония“ № 34")


@pytest.fixture
def template() -> AnswerTemplate:
    return AnswerTemplate.objects.create(
        title="Проверено", kind=Kind.SIGNAL, text="По {number} от {received}, {place}: {unit}. До {due}."
    )


def fill(client: Any, case: Case, template: Any, **typed: str) -> Any:
    sent = {"template": str(template), "answer": TYPED, **typed}
    return client.post(page(case, "fill"), {f"answer-{name}": value for name, value in sent.items()})


def test_the_text_is_filled_in_after_what_was_typed_and_nothing_is_saved(
    as_role: Any, case: Case, template: AnswerTemplate
) -> None:
    before = (case.events.count(), case.history.count())

    response = fill(as_role("clerk"), case, template.pk, outcome="not_upheld")

    form, filled = response.context["forms"]["answer"], f"По {case.number} от 13.11.2026 г., ул. „Македония“ № 34"
    assert response.status_code == 200
    assert form["answer"].value() == f"{TYPED}\n\n{filled}: {UNKNOWN}. До 13.01.2027 г.."
    assert (form["outcome"].value(), response.context["opened"]) == ("not_upheld", "answer")
    case.refresh_from_db()
    assert (case.answer, case.events.count(), case.history.count()) == ("", *before)


def test_what_was_filled_in_is_sent_like_what_was_typed(as_role: Any, case: Case, template: AnswerTemplate) -> None:
    clerk = as_role("clerk")
    case.unit = Unit.objects.get(code="mdt")
    case.save()
    form = fill(clerk, case, template.pk, outcome="upheld").context["forms"]["answer"]
    sent = {f"answer-{name}": str(form[name].value() or "") for name in form.fields}

    response = clerk.post(page(case, "answer"), sent)

    case.refresh_from_db()
    assert response.status_code == 302
    assert case.answer.startswith(f"{TYPED}\n\nПо {case.number}")


def test_what_is_still_to_be_completed_is_not_given_to_the_sender(as_role: Any, case: Case) -> None:
    response = as_role("clerk").post(page(case, "answer"), change("answer", answer=f"Установихме: {UNKNOWN}"))

    case.refresh_from_db()
    assert (response.status_code, case.answer) == (422, "")
    assert response.context["form"].errors["answer"]


def test_another_change_meanwhile_is_still_found_after_filling_in(
    as_role: Any, case: Case, template: AnswerTemplate
) -> None:
    clerk, secretary = as_role("clerk"), as_role("secretary")
    opened = secretary.get(page(case)).context["forms"]["answer"]
    shown = {name: str(opened[name].value()) for name in ("seen", "version")}
    clerk.post(page(case, "assign"), change("assign"))
    form = fill(secretary, case, template.pk, **shown).context["forms"]["answer"]

    response = secretary.post(page(case, "answer"), change("answer", seen=str(form["seen"].value())))

    assert response.status_code == 409


@pytest.mark.parametrize("chosen", ["", "x", "0", "9" * 30])
def test_without_a_text_what_was_typed_stays(as_role: Any, case: Case, chosen: str) -> None:
    response = fill(as_role("clerk"), case, chosen)

    assert (response.status_code, response.context["forms"]["answer"]["answer"].value()) == (200, TYPED)


def test_what_was_typed_is_shown_where_the_case_was_answered_meanwhile(
    as_role: Any, case: Case, template: AnswerTemplate
) -> None:
    as_role("secretary").post(page(case, "answer"), change("answer"))

    response = fill(as_role("clerk"), case, template.pk)

    assert TYPED in response.content.decode()


def test_only_texts_for_the_kind_or_for_all_are_offered(as_role: Any, case: Case, template: AnswerTemplate) -> None:
    for_all = AnswerTemplate.objects.create(title="За всички", text="Благодарим.")
    hidden = AnswerTemplate.objects.create(title="Стар", text="Старо.", is_active=False)
    other = AnswerTemplate.objects.create(title="Чужд", kind=Kind.PRAISE, text="Благодарим.")

    offered = set(AnswerTemplate.objects.to_choose(Kind.SIGNAL))

    assert {template, for_all} <= offered
    assert not offered & {hidden, other}


def test_whoever_may_not_answer_may_not_fill_in(as_role: Any, case: Case, template: AnswerTemplate) -> None:
    answers = {role: fill(as_role(role), case, template.pk).status_code for role in ("expert", "mayor", "editor")}

    assert answers == {"expert": 404, "mayor": 403, "editor": 403}


def test_every_field_is_known_of_a_case(case: Case) -> None:
    assert answer_fields(case, TODAY).keys() == ANSWER_FIELDS.keys()


def test_what_the_sender_wrote_is_no_field(case: Case) -> None:
    case.subject = "{contacts}"
    text = begun(AnswerTemplate(text="Относно: {subject}"), case, typed="", today=TODAY)

    assert text == "Относно: {contacts}"


def test_a_text_that_names_something_unknown_is_no_text() -> None:
    assert faults_of_answer("По {number}: {unit}") == []
    assert len(faults_of_answer("По {numbr} {")) == 1


def test_the_texts_of_the_portal_are_loaded_once_and_left_as_the_editor_made_them() -> None:
    row = AnswerTemplate.objects.get(title="Похвала: благодарност")
    row.text = "Благодарим."
    # After the loading, which was by the true clock.
    row._history_date = at("2100-01-01")
    row.save()

    assert load_letters()["answers"] == 0
    assert AnswerTemplate.objects.get(pk=row.pk).text == "Благодарим."
    assert [faults_of_answer(one.text) for one in AnswerTemplate.objects.all()] == [[]] * 6


def test_an_editor_adds_a_text_and_is_told_of_an_unknown_field(as_role: Any) -> None:
    editor, address = as_role("editor"), "/desk/admin/feedback/answertemplate/add/"
    wrong = {"title": "Нов", "kind": "", "text": "{кой}", "is_active": "on", "reason": "нужен е"}

    refused = editor.post(address, wrong)
    accepted = editor.post(address, {**wrong, "text": "По {number}."})

    assert (refused.status_code, accepted.status_code) == (200, 302)
    assert AnswerTemplate.objects.get(title="Нов").history.get().history_change_reason == "нужен е"
