"""Notes of officials to each other: for whoever may see the case at the desk, and for nobody else."""

from datetime import datetime
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from feedback.actions.notes import add_note
from feedback.actions.refusals import NeedsReason, NotAllowed, PersonComplainedOf
from feedback.models import Case, InternalNote
from samokov_portal.audit.models import Look
from tests.factories import CODE, at
from tests.feedback.desk_forms import change, page
from tests.feedback.life_stories import brought_to, filed

pytestmark = pytest.mark.django_db
NOTE = "Обадих се на ЕРП, чакат части."


@pytest.fixture(autouse=True)
def today(clock: Any) -> None:
    """Monday 23.11.2026."""


@pytest.fixture
def case() -> Case:
    return filed(received_at=at("2026-11-13"))


def write(client: Client, case: Case, text: str = NOTE) -> Any:
    return client.post(page(case, "note"), {"note-text": text}, follow=True)


def test_a_note_is_read_by_colleagues_with_who_and_when(as_role: Any, staff: Any, case: Case, now: datetime) -> None:
    write(as_role("clerk"), case)

    note = InternalNote.objects.get()
    text = as_role("secretary").get(page(case)).content.decode()
    assert (note.case, note.text, note.by, note.at) == (case, NOTE, staff["clerk"], now)
    assert NOTE in text
    assert note.history.get().history_user == staff["clerk"]


def test_a_note_changes_nothing_of_the_case(as_role: Any, case: Case) -> None:
    seen = str(as_role("secretary").get(page(case)).context["forms"]["answer"]["seen"].value())
    before = (case.events.count(), case.history.count(), case.letters.count())
    write(as_role("clerk"), case)

    # Nor does it stop a colleague who is just answering.
    answered = as_role("secretary").post(page(case, "answer"), change("answer", seen=seen))

    assert before == (1, 1, 1)
    assert answered.status_code == 302


def test_a_note_is_written_in_every_state(as_role: Any, staff: Any) -> None:
    for status in ("registered", "forwarded", "closed", "withdrawn"):
        write(as_role("clerk"), brought_to(status, staff, filed(received_at=at("2026-11-13"))))

    assert InternalNote.objects.count() == 4


def test_the_sender_never_meets_a_note(as_role: Any, staff: Any, client: Client, case: Case) -> None:
    Case.objects.filter(pk=case.pk)
    write(as_role("clerk"), case)
    case = brought_to("decided", staff, case)
    followed = client.post("/feedback/track/", {"number": case.number, "code": CODE}, follow=True)
    public = [client.get(address).content.decode() for address in ("/api/v1/standards/", "/charter/standards/")]

    assert not [text for text in (followed.content.decode(), *public) if NOTE in text]
    assert not [letter for letter in case.letters.all() if NOTE in letter.text]
    assert not [event for event in case.events.all() if NOTE in event.note]


def test_what_says_nothing_comes_back(as_role: Any, case: Case) -> None:
    response = as_role("clerk").post(page(case, "note"), {"note-text": "  "})

    assert (response.status_code, InternalNote.objects.count()) == (422, 0)
    assert response.context["note_form"].errors["text"]


def test_a_second_press_writes_no_second_note_but_a_colleague_may_say_the_same(as_role: Any, case: Case) -> None:
    for _press in range(2):
        write(as_role("clerk"), case)
    write(as_role("secretary"), case)

    assert InternalNote.objects.count() == 2


def test_others_may_neither_write_nor_find_the_case(as_role: Any, case: Case) -> None:
    answers = {role: write(as_role(role), case).status_code for role in ("expert", "editor", "auditor", "mayor")}

    assert answers == {"expert": 404, "editor": 403, "auditor": 403, "mayor": 200}
    assert InternalNote.objects.get().by.username == "mayor"


def test_writing_a_note_is_a_look(as_role: Any, case: Case) -> None:
    as_role("clerk").post(page(case, "note"), {"note-text": NOTE})

    assert Look.objects.get().subject == case.number


def test_the_action_itself_refuses(staff: Any, case: Case, now: datetime) -> None:
    with pytest.raises(NotAllowed):
        add_note(case_id=case.pk, text=NOTE, by=staff["auditor"], now=now)
    with pytest.raises(NeedsReason):
        add_note(case_id=case.pk, text=" ", by=staff["clerk"], now=now)
    case.complained_of = staff["clerk"]
    case.save()
    with pytest.raises(PersonComplainedOf):
        add_note(case_id=case.pk, text=NOTE, by=staff["clerk"], now=now)


def test_markup_in_a_note_is_text(as_role: Any, case: Case) -> None:
    text = write(as_role("clerk"), case, "<script>alert(1)</script>").content.decode()

    assert "<script>alert(1)" not in text


def test_who_may_write_but_not_see_the_case_does_not_find_it(as_role: Any, staff: Any, case: Case) -> None:
    staff["editor"].user_permissions.set(Permission.objects.filter(codename__in=["add_internalnote", "answer_case"]))
    editor = as_role("editor")

    found = [write(editor, case).status_code, editor.post(page(case, "fill")).status_code]

    assert found == [404, 404]
    assert not InternalNote.objects.exists()
    assert not Look.objects.exists()
