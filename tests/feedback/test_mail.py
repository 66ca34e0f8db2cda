"""The outbox meets a mail server: one that takes, one that refuses, one that is not there."""

import os
import subprocess
import sys
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.checks import run_checks
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction

from feedback import mail
from feedback.choices import LetterKind, LetterState, Means
from feedback.letters import write_letter
from feedback.mail import ATTEMPTS, UNREACHABLE, Came, deliver, pause_after
from feedback.mail.message import message_id
from feedback.models import Case, CaseEvent, Letter
from samokov_portal.history import save_with_history
from tests.factories import CaseFactory, at
from tests.feedback.mail_server import MailServer, listening

pytestmark = pytest.mark.django_db
NOW = at("2026-03-03")
MINUTE = timedelta(minutes=1)


@transaction.atomic
def letter_of(case: Case | None = None, kind: LetterKind = LetterKind.QUESTION, **changes: Any) -> Letter:
    """An e-mail to the sender in the outbox, written at NOW."""
    case = case or CaseFactory()
    event = CaseEvent.objects.create(case=case, kind="asked", at=NOW, note="Коя улица?")
    letter = write_letter(kind, case=case, event=event, now=NOW)
    assert letter is not None
    for name, value in changes.items():
        setattr(letter, name, value)
    letter.save()
    return letter


def stands(letter: Letter) -> tuple[Any, ...]:
    letter.refresh_from_db()
    return letter.state, letter.attempts, letter.last_error


def test_a_letter_is_sent_once_and_read_as_sent(smtp: MailServer) -> None:
    letter = letter_of()

    came = [deliver(letter.pk, NOW), deliver(letter.pk, NOW + timedelta(hours=5))]

    letter.refresh_from_db()
    assert came == [Came.SENT, Came.NOT_DUE]
    assert smtp.recipients == ["maria@example.bg"]
    assert (letter.state, letter.sent_at, letter.try_at, letter.last_error) == (LetterState.SENT, NOW, None, "")


def test_a_letter_is_not_sent_before_its_turn(smtp: MailServer) -> None:
    letter = letter_of(try_at=NOW + MINUTE)

    assert deliver(letter.pk, NOW) == Came.NOT_DUE
    assert smtp.came == []


def test_a_letter_on_paper_is_not_mailed(smtp: MailServer) -> None:
    letter = letter_of(CaseFactory(email="", address="ул. „Рила“ № 1"))

    assert deliver(letter.pk, NOW) == Came.NOT_DUE
    assert (letter.means, letter.try_at, smtp.came) == (Means.PAPER, None, [])


def test_a_server_that_is_away_for_an_hour_gets_the_letter_once(settings: Any, nobody_listens: int) -> None:
    letter = letter_of()

    # Each minute of the hour the worker looks.
    came = [deliver(letter.pk, NOW + minute * MINUTE) for minute in range(60)]
    while_away = stands(letter)
    with listening(MailServer(), nobody_listens) as server:
        later = [deliver(letter.pk, NOW + minute * MINUTE) for minute in range(60, 180)]

    # Tried after 0, 1, 3, 7, 15 and 31 minutes; the next one is due after 63.
    assert [minute for minute, one in enumerate(came) if one == Came.UNREACHABLE] == [0, 1, 3, 7, 15, 31]
    assert while_away == (LetterState.QUEUED, 6, UNREACHABLE)
    assert [minute for minute, one in enumerate(later, start=60) if one == Came.SENT] == [63]
    assert len(server.came) == 1
    assert stands(letter) == (LetterState.SENT, 7, "")


def test_pauses_double_up_to_two_hours_and_last_three_days() -> None:
    pauses = [pause_after(attempt) for attempt in range(1, ATTEMPTS)]

    assert pauses[:8] == [minutes * MINUTE for minutes in (1, 2, 4, 8, 16, 32, 64, 120)]
    assert set(pauses[7:]) == {timedelta(hours=2)}
    assert timedelta(days=2, hours=23) < sum(pauses, timedelta()) < timedelta(days=3, hours=1)


def test_a_letter_is_given_up_after_the_last_attempt(nobody_listens: int) -> None:
    letter = letter_of(attempts=ATTEMPTS - 1)

    assert deliver(letter.pk, NOW) == Came.GIVEN_UP
    assert stands(letter) == (LetterState.FAILED, ATTEMPTS, UNREACHABLE)
    assert letter.try_at is None


def test_a_letter_that_breaks_the_worker_each_time_is_given_up_too(smtp: MailServer) -> None:
    letter = letter_of(attempts=ATTEMPTS)

    assert deliver(letter.pk, NOW) == Came.NOT_DUE
    assert stands(letter) == (LetterState.FAILED, ATTEMPTS, mail.BROKEN)
    assert smtp.came == []


@pytest.mark.parametrize(
    ("answer", "came", "state", "reason"),
    [
        ("550 5.1.1 <maria@example.bg> unknown", Came.GIVEN_UP, "failed", "сървърът отказа получателя (550 5.1.1)"),
        ("553 no", Came.GIVEN_UP, "failed", "сървърът отказа получателя (553)"),
        ("450 4.2.1 <maria@example.bg> busy", Came.PUT_OFF, "queued", "сървърът отказа получателя (450 4.2.1)"),
    ],
)
def test_a_refused_recipient_is_recorded_without_their_address(
    smtp: MailServer, answer: str, came: Came, state: str, reason: str
) -> None:
    smtp.recipient_answer = answer
    letter = letter_of()

    assert deliver(letter.pk, NOW) == came
    assert stands(letter) == (state, 1, reason)
    assert smtp.came == []


@pytest.mark.parametrize(
    ("answer", "came", "state"),
    [("554 5.7.1 spam", Came.GIVEN_UP, "failed"), ("452 4.3.1 full", Came.PUT_OFF, "queued")],
)
def test_a_refused_letter_is_given_up_only_when_refused_for_good(
    smtp: MailServer, answer: str, came: Came, state: str
) -> None:
    smtp.data_answer = answer
    letter = letter_of()

    assert deliver(letter.pk, NOW) == came
    assert stands(letter) == (state, 1, f"сървърът отказа писмото ({answer[:9]})")


def test_a_server_that_refuses_the_portal_itself_is_tried_again(smtp: MailServer) -> None:
    smtp.sender_answer = "530 5.7.0 log in first"
    letter = letter_of()

    assert deliver(letter.pk, NOW) == Came.UNREACHABLE
    assert stands(letter) == (LetterState.QUEUED, 1, "сървърът не приема писма от портала (530 5.7.0)")


class WithoutGoodbye(BaseEmailBackend):
    """Takes every letter, and breaks when the line is closed."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        return len(email_messages)

    def close(self) -> None:
        raise TimeoutError


class TakesNothing(BaseEmailBackend):
    """Says neither yes nor no."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        return 0


@pytest.mark.parametrize(
    ("backend", "came", "stands_then"),
    [
        (WithoutGoodbye, Came.SENT, ("sent", 1, "")),
        (TakesNothing, Came.UNREACHABLE, ("queued", 1, UNREACHABLE)),
    ],
)
def test_only_what_the_server_took_is_sent_however_the_line_ends(
    settings: Any, backend: type, came: Came, stands_then: tuple[Any, ...]
) -> None:
    settings.EMAIL_BACKEND = f"{backend.__module__}.{backend.__qualname__}"
    letter = letter_of()

    assert deliver(letter.pk, NOW) == came
    assert stands(letter) == stands_then


def test_an_attempt_that_another_worker_has_taken_over_sends_nothing(
    smtp: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    letter = letter_of()
    begin = mail._begin

    def begin_slowly(letter_id: int, now: datetime) -> int | None:
        attempt = begin(letter_id, now)
        taken = Letter.objects.get(pk=letter_id)
        taken.attempts = 2  # meanwhile its next turn has come
        save_with_history(taken, by=None, why="следващ опит", fields=["attempts"])
        return attempt

    monkeypatch.setattr("feedback.mail._begin", begin_slowly)

    assert deliver(letter.pk, NOW) == Came.NOT_DUE
    assert smtp.came == []


def test_a_lost_confirmation_sends_a_second_copy_with_the_same_id(smtp: MailServer) -> None:
    smtp.loses_confirmation = True
    letter = letter_of()
    first = deliver(letter.pk, NOW)
    smtp.loses_confirmation = False

    second = deliver(letter.pk, NOW + MINUTE)

    assert (first, second) == (Came.UNREACHABLE, Came.SENT)
    assert [copy["Message-ID"] for copy in smtp.came] == [message_id(letter)] * 2


def test_an_address_that_is_none_is_given_up_before_the_server_is_asked(nobody_listens: int) -> None:
    letter = letter_of(address="maria@example.bg\nBcc: all@example.bg")

    assert deliver(letter.pk, NOW) == Came.GIVEN_UP
    assert stands(letter) == (LetterState.FAILED, 1, mail.BAD_ADDRESS)


def test_no_line_of_the_sender_becomes_a_header(smtp: MailServer) -> None:
    case = CaseFactory(subject="Лампа\r\nBcc: all@example.bg")
    letter = letter_of(case, kind=LetterKind.RECEIVED, subject="Получихме\r\nBcc: all@example.bg")

    deliver(letter.pk, NOW)

    assert smtp.came[0]["Subject"] == "Получихме Bcc: all@example.bg"
    assert (smtp.came[0]["Bcc"], smtp.recipients) == (None, ["maria@example.bg"])


def test_a_mail_says_the_same_as_text_and_as_html(smtp: MailServer) -> None:
    letter = letter_of(text="Здравейте, <b>Мария</b> & Иван,\n\nКоя улица?")

    deliver(letter.pk, NOW)

    sent = smtp.came[0]
    plain, html = [sent.get_body([kind]).get_content().replace("\r\n", "\n") for kind in ("plain", "html")]
    assert plain.startswith("Здравейте, <b>Мария</b> & Иван,\n\nКоя улица?\n")
    assert "<p>Здравейте, &lt;b&gt;Мария&lt;/b&gt; &amp; Иван,</p>\n\n<p>Коя улица?</p>" in html
    assert "ул. „Македония“ № 34" in plain
    assert "ул. „Македония“ № 34" in html


def test_a_mail_is_marked_as_automatic_and_answered_to_the_municipality(smtp: MailServer, settings: Any) -> None:
    settings.PORTAL_URL = "https://portal.example.bg"
    letter = letter_of()

    deliver(letter.pk, NOW)

    sent = smtp.came[0]
    assert sent["Message-ID"] == f"<{letter.key}@portal.example.bg>"
    assert (sent["Auto-Submitted"], sent["Reply-To"]) == ("auto-generated", "samokov@samokov.bg")
    assert (sent["From"], sent["To"]) == ("Община Самоков <samokov@samokov.bg>", "maria@example.bg")


def test_letters_of_made_up_cases_never_leave(smtp: MailServer, settings: Any, tmp_path: Any) -> None:
    settings.SAMPLE_MAIL_DIR = tmp_path / "mail"
    letter = letter_of(CaseFactory(is_sample=True))

    assert deliver(letter.pk, NOW) == Came.SENT
    assert smtp.came == []
    assert [file.read_text().count("Subject:") for file in settings.SAMPLE_MAIL_DIR.iterdir()] == [1]


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({}, []),
        ({"MAIL_IS_SET": False}, ["feedback.W001"]),
        ({"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}, ["feedback.W002"]),
        ({"PORTAL_URL": "http://127.0.0.1:8000"}, ["feedback.W003"]),
    ],
)
def test_a_real_server_is_told_what_letters_need(settings: Any, changes: dict[str, Any], found: list[str]) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.MAIL_IS_SET, settings.PORTAL_URL = True, "https://portal.example.bg"
    for name, value in changes.items():
        setattr(settings, name, value)

    said = run_checks(tags=["security"], include_deployment_checks=True)

    assert [message.id for message in said if message.id.startswith("feedback")] == found


SHOW = "from django.conf import settings as s; print(s.EMAIL_BACKEND.split('.')[-2], s.EMAIL_FILE_PATH, s.EMAIL_HOST)"


@pytest.mark.parametrize(
    ("environment", "shown"),
    [
        ({"DEMO": "1"}, "filebased {data}/mail None"),
        ({"DEMO": "1", "EMAIL_URL": "smtp://mail.example.bg:25"}, "smtp  mail.example.bg"),
        ({}, "smtp  localhost"),
    ],
    ids=["a demonstration", "a demonstration with a server", "a real portal without a server"],
)
def test_only_a_demonstration_keeps_its_mail(tmp_path: Path, environment: dict[str, str], shown: str) -> None:
    given = {"SECRET_KEY": "x", "DATABASE_URL": "postgresql:///x", "DATA_DIR": str(tmp_path), **environment}
    path = {"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "samokov_portal.settings"}

    done = subprocess.run([sys.executable, "-c", SHOW], env={**path, **given}, capture_output=True, text=True)

    assert (done.stdout.strip(), done.stderr) == (shown.format(data=tmp_path.resolve()), "")
