"""What applicants for services are told: which letter with which move, how it goes, and what follows when it is out."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core import mail as mailbox
from django.db import IntegrityError, connection, transaction

from feedback import mail
from feedback.actions import post
from feedback.letters.wording import APPLICATION_FIELDS, faults, preview, standard_texts
from feedback.models import Letter
from services.actions import Refused, erase_application, move_application
from services.actions.refusals import StillInWork
from services.choices import Notice
from services.life import MOVES
from tests.factories import ApplicationFactory, CaseFactory, at
from tests.office.decreeing import decree, ordered
from tests.services.lives import RECEIVED_AT, begins_at, brought_to, logged, take, when

pytestmark = pytest.mark.django_db
# Which letter goes with which move; the others are told of by nobody.
TELLS: dict[str, str] = {
    "defects": "app_defects",
    "mend": "app_mended",
    "finish": "app_ready",
    "refuse": "app_refused",
    "leave": "app_left",
    "withdraw": "app_withdraw",
}
REACHED = [
    ("ivan@example.bg", "email"),
    ("0888 123 456", "phone"),
    ("тел. (0722) 6-00-00", "phone"),
    ("", None),
    ("при съседа", None),
    ("ivan@", None),
]


@pytest.mark.parametrize(("contact", "means"), REACHED)
@pytest.mark.parametrize("move", MOVES)
def test_the_applicant_is_told_exactly_what_the_table_says(
    staff: Any, move: str, contact: str, means: str | None
) -> None:
    row = brought_to(begins_at(move), staff, applicant_contact=contact)
    before = set(row.letters.values_list("pk", flat=True))

    take(move, row, by=staff["clerk"])

    written = row.letters.exclude(pk__in=before)
    expected = [(TELLS[move], means, contact)] if move in TELLS and means else []
    assert list(written.values_list("kind", "means", "address")) == expected


@pytest.mark.parametrize(("contact", "count"), [("ivan@example.bg", 1), ("0888 123 456", 0), ("", 0)])
def test_of_the_receipt_only_an_email_is_written(staff: Any, contact: str, count: int) -> None:
    row = logged(staff["clerk"], applicant_contact=contact)

    assert list(row.letters.values_list("kind", flat=True)) == ["app_received"] * count


def test_what_each_letter_says(staff: Any) -> None:
    row = logged(staff["clerk"])
    take("defects", row, by=staff["clerk"], now=at("2026-03-04"))
    take("mend", row, by=staff["clerk"], now=at("2026-03-05"))
    take("set_fee", row, by=staff["clerk"])
    take("refuse", row, by=staff["clerk"])

    said = {letter.kind: letter.text for letter in row.letters.in_order()}

    assert (
        "най-късно до 16.03.2026 г. Срокът е 14\N{NO-BREAK SPACE}дни (АПК, чл. 57 – за проверка)"
        in said["app_received"]
    )
    assert "Липсва подпис." in said["app_defects"]
    assert "срокът за услугата не тече (АПК, чл. 30 – за проверка). Имате време до 09.03.2026 г." in said["app_defects"]
    assert "най-късно до 17.03.2026 г." in said["app_mended"]
    assert "Няма право." in said["app_refused"]
    assert "14\N{NO-BREAK SPACE}дни, след като Ви е съобщен (АПК, чл. 84, ал. 1)" in said["app_refused"]
    assert all(row.number in text and "Здравейте, Иван Петров," in text for text in said.values())


@pytest.mark.parametrize(
    ("fee", "paid", "words"),
    [
        (None, None, None),
        ("0.00", None, "Такса не се дължи."),
        ("3.07", None, "Дължимата такса е 3,07\N{NO-BREAK SPACE}€. Още не е отбелязана като платена."),
        ("3.07", "3.07", "Дължимата такса е 3,07\N{NO-BREAK SPACE}€. Платени са 3,07\N{NO-BREAK SPACE}€."),
    ],
)
def test_a_letter_invents_no_fee(staff: Any, fee: str | None, paid: str | None, words: str | None) -> None:
    row = logged(staff["clerk"])
    if fee is not None:
        take("set_fee", row, by=staff["clerk"], fee=Decimal(fee))
    if paid is not None:
        take("pay", row, by=staff["clerk"], paid=Decimal(paid))

    take("finish", row, by=staff["clerk"])

    text = row.letters.get(kind="app_ready").text
    assert words is None or words in text
    assert ("такса" in text.lower()) == (words is not None)


@pytest.mark.parametrize("kind", Notice)
def test_the_texts_that_the_portal_brings_are_without_fault(kind: Notice) -> None:
    subject, text = standard_texts()[kind]
    shown = preview(kind, subject, text)

    assert faults(kind, subject, text) == []
    assert "{" not in "".join(shown)
    assert len(shown[0]) < 100
    assert "answer" not in APPLICATION_FIELDS  # what only a case has


def left(letter: Letter, now: Any) -> None:
    with transaction.atomic():
        post.letter_has_left(Letter.objects.select_for_update(of=("self",)).get(pk=letter.pk), now=now, by=None)


def test_with_the_letter_that_names_it_the_applicant_knows_the_last_day(staff: Any) -> None:
    row = logged(staff["clerk"])
    sent_at = RECEIVED_AT + timedelta(minutes=5)

    left(row.letters.get(), sent_at)

    row.refresh_from_db()
    assert row.due_told_at == sent_at
    assert list(row.events.in_order().values_list("kind", "by")) == [("received", staff["clerk"].pk), ("told", None)]


def test_a_letter_that_leaves_is_nobodys_change(staff: Any) -> None:
    row = logged(staff["clerk"])
    seen = row.last_event_id()

    left(row.letters.get(), RECEIVED_AT + timedelta(seconds=5))

    assert row.events.filter(kind="told").exists()
    assert take("check", row, by=staff["clerk"], seen=seen).status == "in_work"


@pytest.mark.parametrize("move", ["tell", "finish"])
def test_a_letter_that_leaves_afterwards_tells_nothing_new(staff: Any, move: str) -> None:
    row = logged(staff["clerk"])
    letter = row.letters.get()
    take(move, row, by=staff["clerk"])

    left(letter, when(move, row) + timedelta(minutes=5))

    row.refresh_from_db()
    assert row.due_told_at == (when(move, row) if move == "tell" else None)


def test_a_decree_that_moves_the_last_day_is_told(staff: Any) -> None:
    row = logged(staff["clerk"], received_at=at("2026-11-17"))  # due on Tuesday 01.12
    decree(date(2026, 12, 1))

    move_application(application_id=row.pk, order=ordered(staff["secretary"], at("2026-11-23")), now=at("2026-11-23"))

    letter = row.letters.get(kind="app_moved")
    assert "Крайният срок се премества от 01.12.2026 г. на 02.12.2026 г." in letter.text


def test_a_letter_to_an_applicant_goes_out_by_mail(staff: Any) -> None:
    row = logged(staff["clerk"])
    letter = row.letters.get()

    came = mail.deliver(letter.pk, RECEIVED_AT)

    (sent,) = mailbox.outbox
    letter.refresh_from_db()
    assert (came, letter.state, sent.to) == (mail.Came.SENT, "sent", ["ivan@example.bg"])
    assert row.number in sent.subject


def test_the_desk_makes_the_call_and_marks_it(as_role: Any, staff: Any, clock: Any) -> None:
    row = brought_to("ready", staff, applicant_contact="0888 123 456")
    letter = row.letters.get()

    listing = as_role("clerk").get("/desk/letters/")
    page = as_role("clerk").get(f"/desk/letters/{letter.pk}/")
    answer = as_role("clerk").post(f"/desk/letters/{letter.pk}/handed/", {"address": ""})

    letter.refresh_from_db()
    assert [found.pk for found in listing.context["letters"]] == [letter.pk]
    assert row.number in listing.content.decode()
    assert row.get_absolute_url() in page.content.decode()
    assert (answer.status_code, letter.state, letter.sent_by) == (302, "sent", staff["clerk"])


def test_the_page_of_an_application_lists_its_letters(as_role: Any, staff: Any) -> None:
    row = brought_to("defects", staff)

    text = as_role("clerk").get(row.get_absolute_url()).content.decode()

    assert "Заявлението има недостатъци" in text
    assert "ivan@example.bg" in text


def test_letters_go_with_the_application_when_it_is_erased(staff: Any) -> None:
    row = brought_to("withdrawn", staff)
    letters = list(row.letters.in_order())

    with pytest.raises(StillInWork):  # they have not left
        erase_application(application_id=row.pk, why="проба", now=at("2032-01-01"))
    for letter in letters:
        left(letter, RECEIVED_AT + timedelta(days=2))
    connection.check_constraints()  # what happened until now is a transaction that ended
    erase_application(application_id=row.pk, why="проба", now=at("2032-01-01"))

    for letter in row.letters.in_order():
        assert "Иван" not in f"{letter.text} {letter.recipient}"


@pytest.mark.parametrize(
    ("constraint", "changes"),
    [
        ("feedback_letter_about_one_thing", {"case": True}),  # of both
        ("feedback_letter_about_one_thing", {"application": None}),
        ("feedback_letter_about_one_thing", {"application_event": None}),
        ("feedback_letter_once_for_an_event_of_an_application", {}),
    ],
)
def test_a_letter_with_nonsense_is_refused(staff: Any, constraint: str, changes: dict[str, Any]) -> None:
    letter = logged(staff["clerk"]).letters.get()
    letter.pk, letter.key = None, "00000000-0000-4000-8000-000000000000"
    for name, value in changes.items():
        setattr(letter, name, CaseFactory() if value is True else value)

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        letter.save()


def test_nothing_is_told_of_a_move_that_was_refused(staff: Any) -> None:
    row = ApplicationFactory(completed=True, applicant_contact="ivan@example.bg")

    with pytest.raises(Refused):
        take("refuse", row, by=staff["clerk"])

    assert not row.letters.exists()
