"""The texts of letters: what they must name, who changes them, and what loading leaves alone."""

from datetime import datetime
from typing import Any

import pytest
from django.core.management import call_command
from django.urls import reverse

from feedback.actions.register import register_case
from feedback.choices import LETTER_KINDS, LetterKind
from feedback.letters.wording import REQUIRED, faults, fields_of, preview, standard_texts, text_of
from feedback.models import Body, LetterTemplate
from feedback.texts import load_letters, read_bodies
from samokov_portal.office.choices import Channel
from tests.factories import CaseFactory
from tests.feedback.test_letters import written

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("kind", LetterKind)
def test_the_texts_that_the_portal_brings_are_without_fault(kind: LetterKind) -> None:
    subject, text = standard_texts()[kind]
    shown = preview(kind, subject, text)

    assert faults(kind, subject, text) == []
    assert "{" not in "".join(shown)
    assert len(shown[0]) < 100


def test_every_kind_of_letter_has_its_required_fields() -> None:
    assert set(REQUIRED) == set(LETTER_KINDS)
    assert all(set(names) <= set(fields_of(kind)) for kind, names in REQUIRED.items())


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("{number} {deadline} {code}", "Няма такова поле: {code}."),
        ("{number} {deadline} {номер} {код}", "Няма такова поле: {номер}, {код}."),
        ("{number} {deadline} { due }", "Няма такова поле: { due }."),
        ("{number} {deadline} {due", "Няма такова поле: {."),
        ("{number} {deadline} {text}", "Няма такова поле: {text}."),  # only a body reads it
        ("{number}", "Липсва задължително поле: {deadline}."),
    ],
)
def test_a_text_with_a_fault_says_which(text: str, fault: str) -> None:
    (found,) = faults(LetterKind.RECEIVED, "Получихме", text)

    assert found.startswith(fault)


def test_a_required_field_may_stand_in_the_subject() -> None:
    assert faults(LetterKind.WITHDRAWN, "Оттеглена е {number}", "Приключи.") == []


def template_form(**changes: str) -> dict[str, str]:
    return {"subject": "По {number}", "text": "Изход: {outcome}. {answer}", "reason": "по-кратко", **changes}


def template_page(verb: str = "change") -> str:
    return reverse(f"admin:feedback_lettertemplate_{verb}", args=[LetterTemplate.objects.get(kind="decided").pk])


def test_an_editor_changes_a_text_and_the_next_letter_has_it(as_role: Any, staff: Any) -> None:
    response = as_role("editor").post(template_page(), template_form())

    newest = LetterTemplate.objects.get(kind="decided").history.first()
    letter = written(LetterKind.DECIDED, CaseFactory(decided=True, number="С-2026-000123"))
    assert response.status_code == 302
    assert (newest.history_user, newest.history_change_reason) == (staff["editor"], "по-кратко")
    assert (letter.subject, letter.text) == ("По С-2026-000123", "Изход: уважен. Лампите са подменени.")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"text": "{answer} {outcome} {code}"}, "text"),
        ({"text": "Отговорихме."}, "text"),
        ({"reason": ""}, "reason"),
        ({"subject": ""}, "subject"),
    ],
)
def test_a_text_that_would_make_bad_letters_is_refused(as_role: Any, changes: dict[str, str], field: str) -> None:
    before = text_of("decided")

    response = as_role("editor").post(template_page(), template_form(**changes))

    assert response.status_code == 200
    assert list(response.context["adminform"].form.errors) == [field]
    assert text_of("decided") == before


def test_the_page_of_a_text_lists_what_may_be_named(as_role: Any) -> None:
    content = as_role("editor").get(template_page()).content.decode()

    assert "<code>{answer}</code> – отговорът с мотивите – задължително" in content
    assert template_page("preview") in content


def test_a_text_is_shown_before_it_is_saved(as_role: Any) -> None:
    before = text_of("decided")

    response = as_role("editor").post(template_page("preview"), template_form(text="<i>{answer}</i> {code}"))

    content = response.content.decode()
    assert "&lt;i&gt;Лампите са подменени на 10.03.2026 г.&lt;/i&gt;" in content
    assert "Няма такова поле: {code}." in content
    assert text_of("decided") == before


@pytest.mark.parametrize(("role", "status"), [("auditor", 403), ("clerk", 302)])
def test_who_may_not_change_a_text_sees_no_preview(as_role: Any, role: str, status: int) -> None:
    assert as_role(role).post(template_page("preview"), template_form()).status_code == status


def test_an_auditor_reads_a_text_and_cannot_change_it(as_role: Any) -> None:
    before = text_of("decided")

    read, changed = (
        as_role("auditor").get(template_page()).status_code,
        as_role("auditor").post(template_page(), template_form()).status_code,
    )

    assert (read, changed, text_of("decided")) == (200, 403, before)


def test_there_is_one_text_for_each_kind_and_none_is_added(as_role: Any) -> None:
    assert as_role("editor").get(reverse("admin:feedback_lettertemplate_add")).status_code == 403
    assert set(LetterTemplate.objects.values_list("kind", flat=True)) == set(LETTER_KINDS)


def test_a_kind_without_a_row_has_the_text_that_the_portal_brings() -> None:
    LetterTemplate.objects.filter(kind="decided").delete()

    assert text_of("decided") == standard_texts()["decided"]


def test_an_editor_enters_the_email_of_a_body(as_role: Any) -> None:
    body = Body.objects.get(name="Прокуратура")
    form = {"name": body.name, "email": "office@example.bg", "is_active": "on", "reason": "писмо от органа"}

    response = as_role("editor").post(reverse("admin:feedback_body_change", args=[body.pk]), form)

    body.refresh_from_db()
    assert (response.status_code, body.email) == (302, "office@example.bg")


def test_no_body_is_loaded_with_an_address_that_nobody_verified() -> None:
    loaded = Body.objects.filter(name__in=[row["name"] for row in read_bodies()])

    assert loaded.count() == len(read_bodies())
    assert set(loaded.values_list("email", "address")) == {("", "")}
    assert not loaded.filter(source="").exists()


def test_loading_again_changes_nothing_and_leaves_what_people_edited(as_role: Any, capsys: Any) -> None:
    as_role("editor").post(template_page(), template_form())
    Body.objects.get(name="Прокуратура").delete()

    call_command("load_letters")

    assert capsys.readouterr().out == "Written: bodies 0, templates 0, answers 0.\n"
    assert text_of("decided")[0] == "По {number}"
    assert not Body.objects.filter(name="Прокуратура").exists()


def test_a_text_changed_in_the_repository_reaches_the_table(monkeypatch: Any) -> None:
    texts = {**standard_texts(), "decided": ("Отговор: {number}", "{outcome} {answer}")}
    monkeypatch.setattr("feedback.texts.standard_texts", lambda: texts)

    assert load_letters() == {"bodies": 0, "templates": 1, "answers": 0}
    assert text_of("decided") == texts["decided"]


def test_a_citizen_who_files_has_one_letter_in_the_outbox(clock: datetime) -> None:
    values = {
        "kind": "signal",
        "subject": "Не свети лампа",
        "text": "От седмица не светят лампите.",
        "name": "Мария Стоянова",
        "email": "maria@example.bg",
        "channel": Channel.WEB,
        "content_digest": "a" * 64,
    }

    for _twice in range(2):
        case = register_case(nonce="1" * 32, values=values, received_at=clock, registered_at=clock).case

    assert list(case.letters.values_list("kind", "means", "state")) == [("received", "email", "queued")]
