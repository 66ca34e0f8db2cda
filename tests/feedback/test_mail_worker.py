"""The worker mails: what goes with a forwarding or an answer, the sweep, one job a letter, two workers at once."""

import threading
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.core.files.base import ContentFile
from django.db import connection, transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from feedback import tasks
from feedback.actions.desk import answer_case, forward_case
from feedback.actions.register import register_case
from feedback.choices import FileState
from feedback.mail import UNREACHABLE, Came, deliver
from feedback.mail.message import message_id
from feedback.models import Attachment, Body, Case, Letter
from samokov_portal.office.choices import Channel
from tests.factories import CaseFactory, at
from tests.feedback.mail_server import MailServer, listening
from tests.feedback.test_mail import letter_of, stands

pytestmark = pytest.mark.django_db
NOW = at("2026-03-03")
MINUTE = timedelta(minutes=1)


@pytest.fixture
def road_and_water() -> list[Body]:
    """Two bodies with an e-mail."""
    return [Body.objects.create(name=name, email=f"{name}@example.bg") for name in ("road", "water")]


def forwarded(staff: Any, bodies: list[Body], case: Case | None = None) -> tuple[Case, list[Letter]]:
    """A case that it was decided to forward, with the letters to the bodies."""
    case = case or CaseFactory()
    forward_case(case_id=case.pk, bodies=bodies, reason="Пътят е републикански.", by=staff["clerk"], now=NOW)
    return case, list(case.letters.to_bodies().in_order())


def test_a_case_is_forwarded_when_the_last_body_was_written_to(
    smtp: MailServer, staff: Any, road_and_water: list[Body]
) -> None:
    case, (road, water) = forwarded(staff, road_and_water)

    deliver(road.pk, NOW)
    case.refresh_from_db()
    after_one = case.status, case.forwarded_at, case.letters.filter(kind="forwarded").count()
    deliver(water.pk, NOW + MINUTE)

    case.refresh_from_db()
    assert after_one == ("forwarding", None, 0)
    assert (case.status, case.forwarded_at) == ("forwarded", NOW + MINUTE)
    told = case.letters.get(kind="forwarded")
    assert "road; water" in told.text
    assert "Причина: Пътят е републикански." in told.text


def test_a_body_that_refuses_keeps_the_case_from_reading_as_forwarded(
    smtp: MailServer, staff: Any, road_and_water: list[Body]
) -> None:
    case, (road, water) = forwarded(staff, road_and_water)
    deliver(road.pk, NOW)
    smtp.recipient_answer = "550 5.1.1 nobody"

    deliver(water.pk, NOW)

    case.refresh_from_db()
    assert (case.status, case.forwarded_at) == ("forwarding", None)
    assert [letter.state for letter in (road, water) if not letter.refresh_from_db()] == ["sent", "failed"]


def attach(case: Case, name: str, size: int, state: FileState = FileState.CLEAN) -> Attachment:
    digests = {"received_sha256": "0" * 64, "sha256": "0" * 64}
    row = Attachment(case=case, added_at=NOW, name=name, content_type="image/png", size=size, state=state, **digests)
    row.stored.save(f"{row.key}", ContentFile(b"x" * size), save=False)
    row.save()
    return row


def test_a_forwarded_case_takes_its_files_along_as_far_as_they_fit(
    smtp: MailServer, settings: Any, staff: Any, road_and_water: list[Body], tmp_path: Any
) -> None:
    settings.FORWARDED_FILES_BYTES = 100
    settings.STORAGES = {
        **settings.STORAGES,
        "attachments": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path},
        },
    }
    case = CaseFactory()
    attach(case, "снимка.png", 60)
    attach(case, "голяма.png", 60)
    attach(case, "малка.png", 40, FileState.UNSCANNED)
    attach(case, "задържана.png", 1, FileState.QUARANTINED)
    attach(case, "вирус.png", 1, FileState.INFECTED)
    _case, (road,) = forwarded(staff, road_and_water[:1], case)

    deliver(road.pk, NOW)

    sent = smtp.came[0]
    files = [
        (part.get_filename(), part.get_content_type(), len(part.get_content())) for part in sent.iter_attachments()
    ]
    plain = sent.get_body(["plain"]).get_content()  # type: ignore[union-attr]
    assert files == [("снимка.png", "image/png", 60), ("малка.png", "image/png", 40)]
    assert plain.index("при поискване") < plain.index("голяма.png") < plain.index("задържана.png")
    assert "вирус.png" not in plain


def test_a_letter_to_the_sender_has_no_files(smtp: MailServer, tmp_path: Any) -> None:
    case = CaseFactory()
    attach(case, "снимка.png", 60)

    deliver(letter_of(case).pk, NOW)

    assert list(smtp.came[0].iter_attachments()) == []


def answered(staff: Any, **facts: Any) -> Case:
    """A case with an answer, given at NOW."""
    case = CaseFactory(**facts)
    answer_case(case_id=case.pk, outcome="upheld", answer="Лампите са подменени.", by=staff["clerk"], now=NOW)
    return case


def test_an_answer_is_made_known_when_its_mail_is_out_and_not_before(
    staff: Any, settings: Any, nobody_listens: int
) -> None:
    case = answered(staff)
    letter = case.letters.get()
    deliver(letter.pk, NOW)
    case.refresh_from_db()
    before = case.status, case.notified_at
    with listening(MailServer(), nobody_listens):
        deliver(letter.pk, NOW + MINUTE)

    case.refresh_from_db()
    assert before == ("decided", None)
    assert (case.status, case.notified_at) == ("notified", NOW + MINUTE)
    assert case.events.in_order().last().note == "по имейл"


def test_the_sweep_stops_at_the_first_letter_that_finds_nobody(nobody_listens: int, clock: datetime) -> None:
    letters = [letter_of() for _ in range(3)]

    tasks.deliver_waiting_letters(0)

    assert [stands(letter)[1] for letter in letters] == [1, 0, 0]


def test_the_sweep_sends_all_that_waits(smtp: MailServer, clock: datetime) -> None:
    letters = [letter_of() for _ in range(3)]

    tasks.deliver_waiting_letters(0)

    assert [stands(letter)[0] for letter in letters] == ["sent"] * 3
    assert len(smtp.came) == 3


def test_the_sweep_goes_past_a_letter_whose_file_cannot_be_read(
    smtp: MailServer, own_shelf: Path, staff: Any, road_and_water: list[Body], clock: datetime
) -> None:
    case = CaseFactory()
    lost = attach(case, "снимка.png", 60)
    _case, (to_body,) = forwarded(staff, road_and_water[:1], case)
    lost.stored.storage.delete(lost.stored.name)
    behind = letter_of(try_at=clock)

    tasks.deliver_waiting_letters(0)

    assert (stands(to_body)[:2], stands(behind)[0]) == (("queued", 1), "sent")


def test_the_sweep_goes_past_a_refused_recipient(smtp: MailServer, clock: datetime) -> None:
    smtp.recipient_answer = "450 4.2.1 busy"
    letters = [letter_of() for _ in range(2)]

    tasks.deliver_waiting_letters(0)

    assert [stands(letter)[1] for letter in letters] == [1, 1]


def test_a_new_letter_does_not_wait_for_the_sweep(smtp: MailServer, clock: datetime) -> None:
    letter = letter_of()

    tasks.deliver_letter(letter.pk)

    assert stands(letter)[0] == "sent"


def test_a_new_letter_waits_for_the_sweep_while_nobody_listens(smtp: MailServer, clock: datetime) -> None:
    letter_of(attempts=1, try_at=clock + MINUTE, last_error=UNREACHABLE)
    new = letter_of()

    tasks.deliver_letter(new.pk)

    assert stands(new) == ("queued", 0, "")
    assert smtp.came == []


def jobs(task: str) -> list[dict[str, Any]]:
    """With what the task was put off to the worker."""
    return list(ProcrastinateJob.objects.filter(task_name=task).order_by("pk").values_list("args", flat=True))


def filed(email: str = "maria@example.bg") -> Case:
    values = {
        "kind": "signal",
        "subject": "Не свети лампа",
        "text": "От седмица не светят лампите.",
        "name": "Мария Стоянова",
        "email": email,
        "channel": Channel.WEB,
        "content_digest": "a" * 64,
    }
    return register_case(nonce="1" * 32, values=values, received_at=NOW, registered_at=NOW).case


@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_leaves_neither_letter_nor_job() -> None:
    with transaction.atomic():
        filed()
        transaction.set_rollback(True)

    assert (Case.objects.count(), Letter.objects.count(), jobs("feedback.deliver_letter")) == (0, 0, [])


@pytest.mark.django_db(transaction=True)
def test_what_is_stored_leaves_one_letter_and_one_job() -> None:
    letter = filed().letters.get()

    assert jobs("feedback.deliver_letter") == [{"letter_id": letter.pk}]


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_send_one_mail(smtp: MailServer) -> None:
    letter = letter_of()
    start = threading.Barrier(4)
    came: list[Came] = []

    def work() -> None:
        start.wait()
        came.append(deliver(letter.pk, NOW))
        connection.close()

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert sorted(one.name for one in came) == ["NOT_DUE", "NOT_DUE", "NOT_DUE", "SENT"]
    assert len(smtp.came) == 1
    assert stands(letter)[:2] == ("sent", 1)


@pytest.mark.django_db(transaction=True)
def test_what_cannot_be_recorded_after_sending_is_tried_later_and_not_at_once(
    smtp: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        pass

    def die(*_arguments: Any, **_named: Any) -> None:
        raise Killed

    letter = letter_of()
    monkeypatch.setattr("feedback.mail.letter_has_left", die)
    with pytest.raises(Killed):
        deliver(letter.pk, NOW)
    monkeypatch.undo()

    again = [deliver(letter.pk, NOW), deliver(letter.pk, NOW + MINUTE)]

    assert again == [Came.NOT_DUE, Came.SENT]
    assert [copy["Message-ID"] for copy in smtp.came] == [message_id(letter)] * 2


def test_each_night_forgets_the_sessions_that_are_over(clock: datetime) -> None:
    for key, hours in (("over", -1), ("running", 1)):
        Session.objects.create(session_key=key, session_data="", expire_date=clock + timedelta(hours=hours))

    tasks.clear_sessions(0)

    assert list(Session.objects.values_list("session_key", flat=True)) == ["running"]
