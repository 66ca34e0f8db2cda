"""Comments on a draft of the charter: stored once, on the days for it, as typed."""

import csv
import io
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from charter.actions.consultations import (
    comment_on,
)
from charter.actions.refusals import NotOpen
from charter.models import Comment
from tests.charter.consulting import opened, said, sent

pytestmark = pytest.mark.django_db
DESK = "/desk/consultations/"


def test_a_comment_is_stored_once_and_shown(client: Client, staff: Any, clock: datetime) -> None:
    row = opened(staff, clock)
    sending = sent(passage=row.passages.get().pk, name="Мария")

    answers = [client.post(row.get_absolute_url(), sending, follow=True) for _press in range(2)]

    comment = Comment.objects.get()
    assert (comment.number, comment.words, comment.name, comment.passage) == (
        1,
        "Добре е.",
        "Мария",
        row.passages.get(),
    )
    assert "Коментарът Ви е записан под № 1." in answers[0].content.decode()
    page = client.get(row.get_absolute_url()).content.decode()
    assert page.count("Добре е.") == 1
    assert "Мария" in page


def test_a_form_that_was_used_does_not_store_something_else(client: Client, staff: Any, clock: datetime) -> None:
    row, sending = opened(staff, clock), sent()
    client.post(row.get_absolute_url(), sending)

    response = client.post(row.get_absolute_url(), {**sending, "words": "Друго мнение."})

    assert response.status_code == 409
    assert "Друго мнение." in response.content.decode()
    assert Comment.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"words": ""}, "Това поле е задължително"),
        ({"words": "я" * 4001}, "4001"),
        ({"words": "а\x00б"}, "Празни знаци не са разрешени"),
        ({"passage": "999999"}, "Направете валиден избор"),
        ({"passage": "x"}, "Направете валиден избор"),
        ({"name": "я" * 151}, "151"),
        ({"website": "http://x"}, "скрито поле"),
        ({"token": "forged"}, "Формулярът беше отворен отдавна"),
    ],
)
def test_a_comment_that_makes_no_sense_comes_back(
    client: Client, staff: Any, clock: datetime, changes: dict[str, str], words: str
) -> None:
    response = client.post(opened(staff, clock).get_absolute_url(), sent(**changes))

    assert response.status_code == 422
    assert words.lower() in response.content.decode().lower()
    assert not Comment.objects.exists()


def test_the_part_of_another_draft_is_refused(client: Client, staff: Any, clock: datetime) -> None:
    row, other = opened(staff, clock), opened(staff, clock)

    response = client.post(row.get_absolute_url(), sent(passage=other.passages.get().pk))

    assert response.status_code == 422


@pytest.mark.parametrize(
    ("day", "is_open"), [("2026-11-22", False), ("2026-11-23", True), ("2026-12-23", True), ("2026-12-24", False)]
)
def test_comments_are_taken_on_the_days_for_it(staff: Any, clock: datetime, day: str, is_open: bool) -> None:
    row = opened(staff, clock)
    now = datetime.fromisoformat(f"{day}T12:00:00+02:00")
    values = {"passage": None, "words": "Добре е.", "name": ""}

    if is_open:
        assert comment_on(consultation_id=row.pk, nonce="n", values=values, now=now)[1]
    else:
        with pytest.raises(NotOpen):
            comment_on(consultation_id=row.pk, nonce="n", values=values, now=now)


def test_a_comment_after_the_last_day_comes_back_as_typed(
    client: Client, staff: Any, clock: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    row, sending = opened(staff, clock), sent()
    monkeypatch.setattr("django.utils.timezone.now", lambda: clock + timedelta(days=40))

    response = client.post(row.get_absolute_url(), sending)

    assert response.status_code == 409
    assert "Добре е." in response.content.decode()
    assert "не е отворен за коментари" in response.content.decode()


def test_words_of_strangers_are_only_words(client: Client, staff: Any, clock: datetime) -> None:
    row = opened(staff, clock)
    said(row, clock, words="=1+1<script>alert(1)</script>", name="@x")

    page = client.get(row.get_absolute_url()).content.decode()
    sheet = client.get(f"{row.get_absolute_url()}comments.csv").content.decode("utf-8-sig")

    assert "<script>alert" not in page
    [comment] = csv.DictReader(io.StringIO(sheet))
    assert (comment["words"], comment["name"]) == ("'=1+1<script>alert(1)</script>", "'@x")


def test_a_hidden_comment_keeps_its_number_and_the_reason(
    as_role: Any, client: Client, staff: Any, clock: datetime
) -> None:
    row = opened(staff, clock)
    said(row, clock, words="Иван Петров краде.", name="Мария")
    address = f"{DESK}{row.pk}/comments/1/hide/"
    secretary = as_role("secretary")

    empty = secretary.post(address, {"reason": ""})
    secretary.post(address, {"reason": "Съдържа лични данни."})
    again = secretary.post(address, {"reason": "Друго."}, follow=True)

    pages = [client.get(row.get_absolute_url()), client.get(f"{row.get_absolute_url()}comments.csv")]
    texts = [page.content.decode() for page in pages]
    assert empty.status_code == 422
    assert "вече е скрит" in again.content.decode()
    assert [words for words in ("Петров", "Мария") for text in texts if words in text] == []
    assert all("Съдържа лични данни." in text for text in texts)
