"""Who gets a file of a case: whoever may see the case, to be saved, never shown as a page of ours."""

from typing import Any
from uuid import uuid4

import pytest
from django.core.files.base import ContentFile
from django.test import Client

from feedback.models import Attachment, Case
from samokov_portal.files import shelf
from samokov_portal.office.once import new_form_token
from services.models import Unit
from tests.factories import CODE, CaseFactory, at

pytestmark = pytest.mark.django_db
BYTES = b"%PDF-1.7 bytes"


@pytest.fixture
def case(own_shelf: Any) -> Case:
    return CaseFactory(unit=Unit.objects.get(code="hdettos"))


def attached(case: Case, **changes: Any) -> Attachment:
    facts = {
        "name": "доклад.pdf",
        "content_type": "application/pdf",
        "size": len(BYTES),
        "received_sha256": "a" * 64,
        "sha256": "b" * 64,
        "stored": shelf.put(ContentFile(BYTES)),
        "state": "clean",
        "added_at": at("2026-03-02"),
    }
    return Attachment.objects.create(case=case, **{**facts, **changes})


def out(case: Case, key: Any, where: str = "desk/cases") -> str:
    return f"/{where}/{case.number}/files/{key}/"


def follow(client: Client, case: Case) -> Client:
    client.post("/feedback/track/", {"number": case.number, "code": CODE})
    return client


def test_an_official_saves_a_file_of_a_case_they_see(as_role: Any, case: Case) -> None:
    answer = as_role("expert").get(out(case, attached(case).key))

    assert b"".join(answer.streaming_content) == BYTES
    assert answer["Content-Disposition"].startswith("attachment;")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert "no-store" in answer["Cache-Control"]


def test_the_sender_saves_a_file_of_their_case(client: Client, case: Case) -> None:
    answer = follow(client, case).get(out(case, attached(case).key, "feedback/track"))

    assert b"".join(answer.streaming_content) == BYTES


def test_without_the_code_nobody_gets_a_file(client: Client, case: Case) -> None:
    answer = client.get(out(case, attached(case).key, "feedback/track"))

    assert (answer.status_code, answer["Location"].partition("?")[0]) == (302, "/feedback/track/")


def test_who_follows_one_case_gets_no_file_of_another(client: Client, case: Case) -> None:
    other = CaseFactory()
    key = attached(other).key

    followed = follow(client, case)

    assert followed.get(out(case, key, "feedback/track")).status_code == 404
    assert followed.get(out(other, key, "feedback/track")).status_code == 302


def test_an_expert_gets_no_file_of_another_unit(as_role: Any, own_shelf: Any) -> None:
    case = CaseFactory(unit=Unit.objects.get(code="mdt"))

    assert as_role("expert").get(out(case, attached(case).key)).status_code == 404


def test_who_is_not_logged_in_is_sent_to_the_login(client: Client, case: Case) -> None:
    assert client.get(out(case, attached(case).key)).status_code == 302


@pytest.mark.parametrize("state", ["quarantined", "infected"])
def test_a_file_that_is_held_goes_nowhere(as_role: Any, client: Client, case: Case, state: str) -> None:
    key = attached(case, state=state).key

    assert as_role("clerk").get(out(case, key)).status_code == 404
    assert follow(client, case).get(out(case, key, "feedback/track")).status_code == 404


def test_a_file_that_is_not_there_is_not_found(as_role: Any, case: Case) -> None:
    lost = attached(case)
    shelf.discard(lost.stored.name)

    assert as_role("clerk").get(out(case, lost.key)).status_code == 404
    assert as_role("clerk").get(out(case, uuid4())).status_code == 404


def attach(client: Client, case: Case, *files: Any) -> Any:
    return client.post(f"/desk/cases/{case.number}/attach/", {"token": new_form_token(), "attachments": list(files)})


def page(name: str, text: str = "Здравейте") -> ContentFile:
    return ContentFile(text.encode(), name)


def test_a_clerk_adds_files_to_a_case(as_role: Any, staff: Any, case: Case) -> None:
    answer = attach(as_role("clerk"), case, page("писмо.txt"))

    event = case.events.get()
    assert (answer.status_code, answer["Location"]) == (302, case.get_absolute_url())
    assert [(row.name, row.added_by) for row in case.attachments.all()] == [("писмо.txt", staff["clerk"])]
    assert (event.kind, event.by, event.note) == ("attached", staff["clerk"], "писмо.txt")


def test_nothing_chosen_is_said_and_changes_nothing(as_role: Any, case: Case) -> None:
    answer = attach(as_role("clerk"), case)

    assert answer.status_code == 422
    assert "Изберете поне един файл." in answer.content.decode()
    assert not case.events.exists()


def test_a_refused_file_is_named_on_the_page_of_the_case(as_role: Any, case: Case) -> None:
    answer = attach(as_role("clerk"), case, page("страница.html", "<script>"))

    assert answer.status_code == 422
    assert "страница.html" in answer.content.decode()
    assert not case.attachments.exists()


@pytest.mark.parametrize("role", ["expert", "mayor", "editor", "auditor"])
def test_only_who_logs_cases_adds_files(as_role: Any, case: Case, role: str) -> None:
    assert attach(as_role(role), case, page("писмо.txt")).status_code == 403
    assert not case.attachments.exists()


def test_nobody_adds_files_to_a_case_against_themselves(as_role: Any, staff: Any, own_shelf: Any) -> None:
    case = CaseFactory(complained_of=staff["clerk"])

    assert attach(as_role("clerk"), case, page("писмо.txt")).status_code == 404
    assert not case.attachments.exists()
