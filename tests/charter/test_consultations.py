"""A draft of the charter is announced, commented on, and every comment answered in one table."""

import csv
import io
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client

from charter.actions.consultations import (
    announce,
    answer_comment,
    hide_comment,
    publish_answers,
    save_draft,
)
from charter.models import Comment, Consultation, DraftPassage
from tests.charter.consulting import DAYS, WHY, draft, opened, said

pytestmark = pytest.mark.django_db
DESK = "/desk/consultations/"


def form(**changes: Any) -> dict[str, Any]:
    """What a browser sends of a draft with one part."""
    first, last = DAYS
    part = {"heading": "Чакане", "current": "20 минути", "proposed": "15 минути"}
    return {
        "title": "Промени в хартата",
        "why": WHY,
        "opens_on": f"{first:%d.%m.%Y}",
        "closes_on": f"{last:%d.%m.%Y}",
        **{f"passage-0-{name}": value for name, value in part.items()},
        **changes,
    }


def refused_by_the_database() -> Any:
    return pytest.raises(IntegrityError, match="announced consultation do not change")


def test_a_draft_is_written_announced_and_read(as_role: Any, client: Client, clock: datetime) -> None:
    editor = as_role("editor")

    editor.post(DESK, form())
    row = Consultation.objects.get()
    hidden = client.get(f"/charter/consultations/{row.pk}/").status_code
    editor.post(f"{DESK}{row.pk}/announce/")
    page = client.get(f"/charter/consultations/{row.pk}/").content.decode()

    assert hidden == 404
    assert [
        words for words in ("Чакане", "20 минути", "15 минути", WHY, "Изпратете коментара") if words not in page
    ] == []
    assert "Промени в хартата" in client.get("/charter/consultations/").content.decode()
    assert f"/charter/consultations/{row.pk}/" in client.get("/charter/").content.decode()
    assert row.history.earliest().history_user.username == "editor"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"title": ""}, "Това поле е задължително"),
        ({"closes_on": "01.11.2026"}, "Последният ден е преди първия."),
        ({"opens_on": "01.11.2026", "closes_on": "22.11.2026"}, "Този ден е минал."),
        ({"opens_on": "утре"}, "Въведете валидна дата"),
        ({"passage-0-heading": ""}, "Напишете за какво е тази част."),
        ({"passage-0-proposed": "20 минути"}, "Предложението е същото като сегашния текст."),
        ({"passage-0-proposed": "я" * 4001}, "4001"),
        ({"why": "а\x00б"}, "Празни знаци не са разрешени"),
    ],
)
def test_a_draft_that_makes_no_sense_comes_back(
    as_role: Any, clock: datetime, changes: dict[str, str], words: str
) -> None:
    response = as_role("secretary").post(DESK, form(**changes))

    assert response.status_code == 422
    assert words.lower() in response.content.decode().lower()
    assert not Consultation.objects.exists()


def test_a_draft_is_changed_until_it_is_announced(as_role: Any, staff: Any, clock: datetime) -> None:
    editor, row = as_role("editor"), draft(staff, clock)
    more = {f"passage-1-{name}": "Ново" if name != "current" else "" for name in ("heading", "current", "proposed")}

    editor.post(f"{DESK}{row.pk}/", form(title="Друго", **more))
    announce(consultation_id=row.pk, by=staff["editor"], now=clock)
    late = editor.post(f"{DESK}{row.pk}/", form(title="Късно"))

    row.refresh_from_db()
    assert (row.title, late.status_code) == ("Друго", 409)
    assert list(row.passages.values_list("position", "heading")) == [(1, "Чакане"), (2, "Ново")]


def test_an_empty_or_a_past_draft_is_not_announced(as_role: Any, staff: Any, clock: datetime) -> None:
    empty = save_draft(consultation=Consultation(title="Празен", why="?", opens_on=DAYS[0], closes_on=DAYS[1]),
                       passages=[], by=staff["editor"], now=clock)  # fmt: skip
    past = draft(staff, clock, opens_on=date(2026, 10, 1), closes_on=date(2026, 11, 22))
    secretary = as_role("secretary")

    pages = [secretary.post(f"{DESK}{row.pk}/announce/", follow=True).content.decode() for row in (empty, past)]

    assert "Проектът още няма нито една част." in pages[0]
    assert "Последният ден за коментари е минал." in pages[1]
    assert not Consultation.objects.announced().exists()


@pytest.mark.parametrize("statement", [
    "UPDATE charter_consultation SET title = 'Друго'",
    "UPDATE charter_consultation SET closes_on = closes_on + 1",
    "DELETE FROM charter_draftpassage",
    "UPDATE charter_draftpassage SET proposed = 'Друго'",
    "UPDATE charter_comment SET words = 'Друго'",
    "DELETE FROM charter_comment",
])  # fmt: skip
def test_what_was_announced_and_said_stays(staff: Any, clock: datetime, statement: str) -> None:
    said(opened(staff, clock), clock)

    with refused_by_the_database(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_no_part_is_added_to_an_announced_draft(staff: Any, clock: datetime) -> None:
    row = opened(staff, clock)

    with refused_by_the_database(), transaction.atomic():
        DraftPassage.objects.create(consultation=row, position=9, heading="Още", proposed="Още")


def test_every_comment_is_answered_and_the_table_published(
    as_role: Any, client: Client, staff: Any, clock: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = opened(staff, clock)
    said(row, clock)
    said(row, clock, words="Лошо е.")
    closed = clock + timedelta(days=31)
    monkeypatch.setattr("django.utils.timezone.now", lambda: closed)
    secretary = as_role("secretary")
    publish = f"{DESK}{row.pk}/publish/"

    empty = secretary.post(f"{DESK}{row.pk}/comments/1/", {"response": "accepted", "answer": ""})
    secretary.post(f"{DESK}{row.pk}/comments/1/", {"response": "accepted", "answer": "Така ще бъде."})
    early = secretary.post(publish, follow=True).content.decode()
    unseen = client.get(row.get_absolute_url()).content.decode()
    secretary.post(f"{DESK}{row.pk}/comments/2/", {"response": "refused", "answer": "Не е възможно."})
    secretary.post(publish)
    late = secretary.post(f"{DESK}{row.pk}/comments/2/", {"response": "accepted", "answer": "Друго."})

    page = client.get(row.get_absolute_url()).content.decode()
    sheet = client.get(f"{row.get_absolute_url()}comments.csv").content.decode("utf-8-sig")
    assert (empty.status_code, late.status_code) == (422, 409)
    assert "Има коментари без отговор." in early
    assert "Така ще бъде." not in unseen
    assert [words for words in ("приема се", "Така ще бъде.", "Не е възможно.") if words not in page] == []
    assert [(line["response"], line["answer"]) for line in csv.DictReader(io.StringIO(sheet))] == [
        ("accepted", "Така ще бъде."),
        ("refused", "Не е възможно."),
    ]


def test_the_table_is_not_published_while_comments_are_taken(as_role: Any, staff: Any, clock: datetime) -> None:
    row = opened(staff, clock)

    page = as_role("secretary").post(f"{DESK}{row.pk}/publish/", follow=True).content.decode()

    row.refresh_from_db()
    assert "вече не е на този етап" in page
    assert row.answered_at is None


def test_a_hidden_comment_needs_no_answer(staff: Any, clock: datetime) -> None:
    row = opened(staff, clock)
    comment = said(row, clock)
    hide_comment(comment_id=comment.pk, reason="Обида.", by=staff["secretary"], now=clock)

    published = publish_answers(consultation_id=row.pk, by=staff["secretary"], now=clock + timedelta(days=31))

    assert published.answered_at is not None


@pytest.mark.parametrize(("role", "status"), [("clerk", 403), ("expert", 403), ("mayor", 403), ("auditor", 403),
                                              ("editor", 200), ("secretary", 200)])  # fmt: skip
def test_who_conducts_consultations(as_role: Any, staff: Any, clock: datetime, role: str, status: int) -> None:
    row = opened(staff, clock)
    said(row, clock)
    client = as_role(role)

    pages = [DESK, f"{DESK}{row.pk}/", f"{DESK}{row.pk}/comments/1/"]

    assert [client.get(page).status_code for page in pages] == [status] * 3
    posts = [f"{DESK}{row.pk}/publish/", f"{DESK}{row.pk}/comments/1/hide/", f"{DESK}{row.pk}/announce/"]
    assert (403 in {client.post(page).status_code for page in posts}) == (status == 403)


@pytest.mark.parametrize("suffix", ["", "comments.csv"])
def test_what_is_not_there_is_not_found(client: Client, suffix: str) -> None:
    assert client.get(f"/charter/consultations/9/{suffix}").status_code == 404


def test_number_of_queries_does_not_grow_with_the_comments(
    client: Client, staff: Any, clock: datetime, django_assert_num_queries: Any
) -> None:
    row = opened(staff, clock)
    for _serial in range(60):
        said(row, clock)
    client.get(row.get_absolute_url())

    # Three of every page's frame, the draft, its parts twice (the text, the choice), how many comments, one page.
    with django_assert_num_queries(3 + 1 + 2 + 1 + 1):
        page = client.get(row.get_absolute_url()).content.decode()
    assert page.count("Добре е.") == 50
    assert "?page=2#comments" in page


def test_an_answer_names_who_gave_it(staff: Any, clock: datetime) -> None:
    comment = said(opened(staff, clock), clock)

    answer_comment(comment_id=comment.pk, response="noted", answer="Благодарим.", by=staff["editor"], now=clock)

    comment.refresh_from_db()
    assert (comment.answered_by, comment.answered_at) == (staff["editor"], clock)
    assert comment.history.latest().history_user == staff["editor"]


def test_a_draft_that_a_colleague_changed_meanwhile_is_neither_overwritten_nor_announced_unseen(
    as_role: Any, staff: Any, clock: datetime
) -> None:
    row = draft(staff, clock)
    desk = f"{DESK}{row.pk}/"
    opened_at = as_role("editor").get(desk).context["form"]["seen"].value()
    as_role("secretary").post(desk, form(title="Заглавие на секретаря", seen=opened_at))

    refused = as_role("editor").post(desk, form(title="Заглавие на редактора", seen=opened_at))
    announced = as_role("editor").post(f"{desk}announce/", {"seen": opened_at}, follow=True)

    words = refused.content.decode()
    assert (refused.status_code, "колега промени проекта" in words) == (409, True)
    assert "Заглавие на секретаря" in words
    assert "Заглавие на редактора" in words
    assert "Междувременно колега промени проекта." in announced.content.decode()
    assert Consultation.objects.get().announced_at is None
    again = form(title="Общо заглавие", seen=refused.context["form"]["seen"].value())
    assert as_role("editor").post(desk, again).status_code == 302
    assert Consultation.objects.get().title == "Общо заглавие"


def test_an_answer_that_a_colleague_gave_meanwhile_is_not_overwritten_unseen(
    as_role: Any, staff: Any, clock: datetime
) -> None:
    row = opened(staff, clock)
    said(row, clock)
    desk = f"{DESK}{row.pk}/comments/1/"
    opened_at = as_role("editor").get(desk).context["form"]["seen"].value()
    mine = {"response": "accepted", "answer": "Приемаме.", "seen": opened_at}
    as_role("secretary").post(desk, {"response": "refused", "answer": "Не може.", "seen": opened_at})

    refused = as_role("editor").post(desk, mine)

    words = refused.content.decode()
    assert (refused.status_code, "колега отговори на коментара" in words, "Не може." in words) == (409, True, True)
    assert "Приемаме." in words
    again = {**mine, "seen": refused.context["form"]["seen"].value()}
    assert as_role("editor").post(desk, again).status_code == 302
    assert Comment.objects.get().answer == "Приемаме."


def test_hiding_without_a_reason_keeps_what_was_answered(as_role: Any, staff: Any, clock: datetime) -> None:
    row = opened(staff, clock)
    answer_comment(
        comment_id=said(row, clock).pk, response="noted", answer="Благодарим.", by=staff["editor"], now=clock
    )

    refused = as_role("editor").post(f"{DESK}{row.pk}/comments/1/hide/", {"reason": " "})

    assert (refused.status_code, "Благодарим." in refused.content.decode()) == (422, True)
