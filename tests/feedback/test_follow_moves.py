"""What the sender may do on the page of their case: each move from every state, permitted and refused."""

import io
from datetime import datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from feedback.choices import Kind, Status
from feedback.life import SENDER, moves_from
from feedback.models import Attachment
from samokov_portal.office.once import new_form_token
from tests.feedback.following import Receipt, Staff, case_in, file_case, follow

pytestmark = pytest.mark.django_db
TYPED: dict[str, dict[str, str]] = {
    "add": {"add-text": "До аптеката е."},
    "reply": {"reply-text": "На номер 5."},
    "withdraw": {"withdraw-reason": "Вече свети.", "withdraw-sure": "on"},
    "rate": {"rate-score": "4", "rate-comment": "Бързо."},
    "reopen": {"reopen-reason": "Пак не свети."},
}
PERMITTED: dict[Status, set[str]] = {
    Status.REGISTERED: {"add", "withdraw"},
    Status.ASSIGNED: {"add", "withdraw"},
    Status.CLARIFICATION: {"add", "reply", "withdraw"},
    Status.FORWARDING: set(),
    Status.FORWARDED: set(),
    Status.DECIDED: {"rate"},
    Status.NOTIFIED: {"rate", "reopen"},
    Status.CLOSED: {"rate", "reopen"},
    Status.REOPENED: {"add"},
    Status.NO_PROCEEDINGS: set(),
    Status.WITHDRAWN: set(),
}


def send(client: Client, filed: Receipt, action: str, **typed: str) -> Any:
    return client.post(f"{filed.page}{action}/", {**TYPED[action], f"{action}-token": new_form_token(), **typed})


def test_the_table_here_is_of_every_state() -> None:
    assert {status: set(moves_from(status, SENDER)) for status in Status} == PERMITTED


@pytest.mark.parametrize("status", Status)
def test_only_what_is_permitted_is_offered(client: Client, clock: datetime, staff: Staff, status: Status) -> None:
    filed = case_in(status, staff, clock)

    response = follow(client, filed)

    page = response.content.decode()
    shown = {action for action in TYPED if f'action="{filed.page}{action}/"' in page}
    assert set(response.context["forms"]) == shown == PERMITTED[status]


PAIRS = [(status, action) for status in Status for action in TYPED]


@pytest.mark.parametrize(("status", "action"), [pair for pair in PAIRS if pair[1] in PERMITTED[pair[0]]])
def test_what_is_permitted_is_done_and_leads_back_to_the_page(
    client: Client, clock: datetime, staff: Staff, status: Status, action: str
) -> None:
    filed = case_in(status, staff, clock)
    follow(client, filed)

    response = send(client, filed, action)

    newest = filed.case.events.order_by("-at", "-pk")[0]
    assert (response.status_code, response.url) == (302, filed.page)
    assert (newest.at, newest.by) == (clock, None)
    assert client.get(response.url).status_code == 200


@pytest.mark.parametrize(("status", "action"), [pair for pair in PAIRS if pair[1] not in PERMITTED[pair[0]]])
def test_what_is_not_permitted_is_refused_with_a_sentence_and_the_text_is_kept(
    client: Client, clock: datetime, staff: Staff, status: Status, action: str
) -> None:
    filed = case_in(status, staff, clock)
    follow(client, filed)
    events = filed.case.events.count()
    # What is exactly the same as before counts as done, so something else is sent here.
    another = {f"{action}-{name}": "Друго нещо." for name in ("text", "reason", "comment")}

    response = send(client, filed, action, **another)

    page = response.content.decode()
    if (status, action) == (Status.WITHDRAWN, "withdraw"):
        assert response.status_code == 302  # it is withdrawn already, as was wished
    else:
        assert response.status_code == 409
        assert "Нищо не е записано" in page
        assert "Друго нещо." in page
    assert filed.case.events.count() == events


@pytest.mark.parametrize("status", [Status.REGISTERED, Status.FORWARDED])
def test_a_withdrawal_without_the_check_mark_is_not_made(
    client: Client, clock: datetime, staff: Staff, status: Status
) -> None:
    filed = case_in(status, staff, clock)
    follow(client, filed)

    response = client.post(f"{filed.page}withdraw/", {"withdraw-reason": "Вече свети."})

    filed.case.refresh_from_db()
    assert response.status_code == (422 if status == Status.REGISTERED else 409)
    assert "Вече свети." in response.content.decode()
    assert filed.case.status == status


@pytest.mark.parametrize(
    ("status", "action", "typed"),
    [
        (Status.REGISTERED, "add", {"add-text": ""}),
        (Status.REGISTERED, "add", {"add-text": " \n "}),
        (Status.REGISTERED, "add", {"add-text": "я" * 10_001}),
        (Status.REGISTERED, "add", {"add-text": "ред\x00"}),
        (Status.CLARIFICATION, "reply", {"reply-text": ""}),
        (Status.NOTIFIED, "rate", {"rate-score": "", "rate-comment": "Не помня."}),
        (Status.NOTIFIED, "rate", {"rate-score": "0"}),
        (Status.NOTIFIED, "rate", {"rate-score": "6"}),
        (Status.NOTIFIED, "rate", {"rate-score": "много"}),
        (Status.NOTIFIED, "reopen", {"reopen-reason": ""}),
    ],
)
def test_a_form_with_an_error_comes_back_on_the_page_with_what_was_typed(
    client: Client, clock: datetime, staff: Staff, status: Status, action: str, typed: dict[str, str]
) -> None:
    filed = case_in(status, staff, clock)
    follow(client, filed)
    events = filed.case.events.count()

    response = send(client, filed, action, **typed)

    form = response.context["forms"][action]
    assert response.status_code == 422
    assert form.errors
    assert {name: form[name.partition("-")[2]].value() for name in typed} == typed
    assert filed.case.events.count() == events


@pytest.mark.parametrize(("status", "action"), [pair for pair in PAIRS if pair[1] in PERMITTED[pair[0]]])
def test_a_second_press_does_nothing_more_and_is_told_as_done(
    client: Client, clock: datetime, staff: Staff, status: Status, action: str
) -> None:
    filed = case_in(status, staff, clock)
    follow(client, filed)
    send(client, filed, action)
    events = filed.case.events.count()

    response = send(client, filed, action)

    assert (response.status_code, response.url) == (302, filed.page)
    assert filed.case.events.count() == events


def test_the_same_words_may_be_added_again_after_something_else(client: Client, clock: datetime, staff: Staff) -> None:
    filed = case_in(Status.REGISTERED, staff, clock)
    follow(client, filed)

    for text in ("Пак не свети.", "Свети.", "Пак не свети."):
        send(client, filed, "add", **{"add-text": text})

    notes = filed.case.events.filter(kind="added").order_by("pk").values_list("note", flat=True)
    assert list(notes) == ["Пак не свети.", "Свети.", "Пак не свети."]


def test_an_answer_is_rated_once(client: Client, clock: datetime, staff: Staff) -> None:
    filed = case_in(Status.NOTIFIED, staff, clock)
    follow(client, filed)
    send(client, filed, "rate")

    response = send(client, filed, "rate", **{"rate-score": "1"})

    assert response.status_code == 409
    assert "вече е оценен" in response.content.decode()
    assert filed.case.ratings.get().score == 4


@pytest.mark.parametrize(("score", "place"), [("1", "#id_reopen-reason"), ("2", "#id_reopen-reason"), ("3", "")])
def test_a_bad_rating_leads_to_asking_for_another_look(
    client: Client, clock: datetime, staff: Staff, score: str, place: str
) -> None:
    filed = case_in(Status.NOTIFIED, staff, clock)
    follow(client, filed)

    response = send(client, filed, "rate", **{"rate-score": score, "rate-comment": "Свети, но слабо."})

    form = client.get(response.url).context["forms"]["reopen"]
    assert response.url == filed.page + place
    assert form["reason"].value() == ("Свети, но слабо." if place else None)


@pytest.mark.parametrize(
    ("moment", "is_offered"),
    [
        ("2026-12-06T21:59:59Z", True),  # told on 22.11; the last second of 06.12 in Sofia
        ("2026-12-06T22:00:00Z", False),  # midnight
    ],
)
def test_another_look_may_be_asked_for_until_the_day_that_the_page_says(
    client: Client, clock: datetime, staff: Staff, monkeypatch: Any, moment: str, is_offered: bool
) -> None:
    filed = case_in(Status.NOTIFIED, staff, clock)
    assert "06.12.2026" in follow(client, filed).content.decode()
    monkeypatch.setattr("django.utils.timezone.now", lambda: datetime.fromisoformat(moment))
    page = follow(client, filed)

    response = send(client, filed, "reopen")

    assert ("reopen" in page.context["forms"]) is is_offered
    assert response.status_code == (302 if is_offered else 409)
    assert filed.case.reopenings.exists() is is_offered


def test_a_late_wish_for_another_look_is_refused_with_what_to_do(
    client: Client, clock: datetime, staff: Staff, monkeypatch: Any
) -> None:
    filed = case_in(Status.CLOSED, staff, clock)
    monkeypatch.setattr("django.utils.timezone.now", lambda: datetime.fromisoformat("2027-01-15T10:00:00Z"))
    follow(client, filed)

    response = send(client, filed, "reopen")

    assert response.status_code == 409
    assert "Ако има нови факти" in response.content.decode()


def test_praise_is_not_looked_at_again(client: Client, clock: datetime, staff: Staff) -> None:
    filed = case_in(Status.NOTIFIED, staff, clock, Kind.PRAISE)
    page = follow(client, filed)

    response = send(client, filed, "reopen")

    assert "reopen" not in page.context["forms"]
    assert response.status_code == 409


def test_markup_that_was_typed_is_shown_as_text(client: Client, clock: datetime) -> None:
    filed = file_case(clock)
    follow(client, filed)
    send(client, filed, "add", **{"add-text": "<script>alert(1)</script>"})

    page = client.get(filed.page).content.decode()

    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert(1)" not in page


def test_a_step_from_another_site_is_refused(clock: datetime) -> None:
    filed = file_case(clock)
    client = Client(enforce_csrf_checks=True)

    assert send(client, filed, "add").status_code == 403
    assert filed.case.events.count() == 1


@pytest.mark.parametrize("action", TYPED)
def test_a_step_is_never_taken_by_following_a_link(client: Client, clock: datetime, action: str) -> None:
    filed = file_case(clock)
    follow(client, filed)

    assert client.get(f"{filed.page}{action}/").status_code == 405


def photo(name: str = "лампа.jpg") -> SimpleUploadedFile:
    picture = io.BytesIO()
    Image.new("RGB", (8, 8)).save(picture, "JPEG")
    return SimpleUploadedFile(name, picture.getvalue())


def token(client: Client, filed: Receipt, action: str) -> str:
    return str(client.get(filed.page).context["forms"][action]["token"].value())


@pytest.mark.parametrize(("status", "action"), [(Status.ASSIGNED, "add"), (Status.CLARIFICATION, "reply")])
def test_files_come_with_what_is_added_and_with_a_reply(
    client: Client, clock: datetime, staff: Staff, status: Status, action: str
) -> None:
    filed = case_in(status, staff, clock)
    follow(client, filed)
    form = {**TYPED[action], f"{action}-token": token(client, filed, action)}

    response = client.post(f"{filed.page}{action}/", {**form, f"{action}-attachments": photo()})

    assert response.status_code == 302
    assert [row.name for row in filed.case.attachments.all()] == ["лампа.jpg"]
    assert "лампа.jpg" in client.get(filed.page).content.decode()


def test_a_file_waits_while_the_rest_of_the_form_is_mended(client: Client, clock: datetime) -> None:
    filed = file_case(clock)
    follow(client, filed)
    form = {"add-text": "", "add-token": token(client, filed, "add")}
    refused = client.post(f"{filed.page}add/", {**form, "add-attachments": photo()})

    response = client.post(f"{filed.page}add/", {**form, "add-text": "Снимката е от днес."})

    assert refused.status_code == 422
    assert 'name="add-drop"' in refused.content.decode()
    assert response.status_code == 302
    assert filed.case.attachments.count() == 1


def test_a_file_that_is_refused_comes_back_with_a_sentence(client: Client, clock: datetime) -> None:
    filed = file_case(clock)
    follow(client, filed)
    form = {**TYPED["add"], "add-token": token(client, filed, "add")}

    response = client.post(f"{filed.page}add/", {**form, "add-attachments": SimpleUploadedFile("a.jpg", b"MZ\x90")})

    assert response.status_code == 422
    assert list(response.context["forms"]["add"].errors) == ["attachments"]
    assert filed.case.events.count() == 1


def test_files_of_whoever_may_not_add_are_not_taken(client: Client, clock: datetime, staff: Staff) -> None:
    filed, strange = case_in(Status.FORWARDED, staff, clock), file_case(clock)
    form = {**TYPED["add"], "add-token": new_form_token()}
    follow(client, filed)

    responses = [client.post(f"{one.page}add/", {**form, "add-attachments": photo()}) for one in (filed, strange)]

    assert [response.status_code for response in responses] == [409, 403]
    assert not Attachment.objects.exists()
