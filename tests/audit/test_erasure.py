"""Whoever is erased is nowhere any more, and every figure, every number and every seal stays."""

import json
import os
import subprocess
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command
from django.db import Error as DatabaseFailure
from django.db import connection, transaction
from psycopg import sql
from psycopg.conninfo import make_conninfo

from charter.measurement import Period
from charter.models import Standard
from charter.report import as_record, live_lines
from feedback.actions.erasing import erase_case
from feedback.actions.refusals import AlreadyDone, NotPossible
from feedback.choices import EventKind, LetterKind, Means
from feedback.models import Attachment, Case, CaseEvent, InternalNote, Letter, Question, Rating
from feedback.models.files import attachment_store
from samokov_portal.audit.checking import Finding, check_history
from samokov_portal.audit.erasure import ERASED
from samokov_portal.audit.models import Look, Tombstone
from samokov_portal.audit.personal import PERSONAL, REASON
from samokov_portal.audit.seals import seal_history
from samokov_portal.database_roles import APPLICATION
from samokov_portal.history import save_with_history
from samokov_portal.keys import by_id
from samokov_portal.launcher.backup import program, server_major
from samokov_portal.staff.models import StaffUser
from services.actions import AlreadyErased, StillInWork, erase_application
from services.models import Application, ApplicationEvent
from tests.audit.erasing import NOW, PERSON, WHY, everything, kept
from tests.factories import ApplicationFactory, CaseFactory

pytestmark = pytest.mark.django_db

KEY = Ed25519PrivateKey.generate()
KEYS = by_id([KEY.public_key()])
# Each is somewhere in what the person said or was told.
WORDS = (
    *("Евстатия", "Грънчарова", "evstatia@example.bg", "0888765432", "Липовата", "Спукана", "бащиния", "Подменихме"),
    *("Кривата", "Зад хамбара", "Бавно беше", "диабет", "снимка-на-двора", "Уважаема", "звънях"),
)


@pytest.fixture
def case(own_shelf: Path) -> Case:
    """A closed case of one person, with everything that may belong to a case."""
    row: Case = CaseFactory(
        closed=True,
        subject="Спукана тръба",
        text="Спукана е тръбата пред моята бащиния.",
        place="Липовата улица",
        name="Евстатия Грънчарова",
        email="evstatia@example.bg",
        phone="0888 765 432".replace(" ", ""),
        address="ул. Липовата 3",
        answer="Подменихме тръбата.",
    )
    kept(row)
    told = CaseEvent.objects.create(case=row, kind=EventKind.REGISTERED, at=row.registered_at, note="Евстатия звънях")
    kept(Question(case=row, text="Кривата ограда?", asked_at=row.received_at, asked_by=_clerk(), reply="Зад хамбара",
                  replied_at=row.received_at))  # fmt: skip
    kept(Rating(case=row, score=2, comment="Бавно беше", at=NOW))
    kept(InternalNote(case=row, text="Евстатия е болна от диабет", by=StaffUser.objects.get(), at=NOW))
    kept(Letter(case=row, event=told, kind=LetterKind.RECEIVED, means=Means.PAPER, recipient="Евстатия Грънчарова",
                address="ул. Липовата 3", subject="Получихме", text="Уважаема госпожо", created_at=NOW, state="sent",
                sent_at=NOW))  # fmt: skip
    stored = attachment_store().save("2026/11/a", ContentFile(b"the yard"))
    kept(Attachment(case=row, added_at=NOW, name="снимка-на-двора.png", content_type="image/png", size=8,
                    received_sha256="a" * 64, sha256="b" * 64, stored=stored, state="clean"))  # fmt: skip
    connection.check_constraints()
    return row


def _clerk() -> Any:
    return StaffUser.objects.create_user("erasing-clerk")


def wrong() -> list[Finding]:
    return [found for found in check_history(KEYS) if isinstance(found, Finding)]


def figures() -> list[dict[str, Any]]:
    period = Period.parse("2026-Q2")
    return [as_record(line) for line in live_lines(Standard.objects.in_force(), period, NOW + timedelta(days=365))]


def test_an_erased_person_is_nowhere_and_figures_and_seals_stay(case: Case) -> None:
    seal_history(KEY, NOW)
    before, counted = everything(), figures()
    assert [word for word in WORDS if word not in before] == []
    name = case.attachments.get().stored.name

    stone = erase_case(case_id=case.pk, why=WHY, now=NOW)
    connection.check_constraints()

    assert [word for word in WORDS if word in everything()] == []
    assert not attachment_store().exists(name)
    assert figures() == counted
    assert wrong() == []
    seal_history(KEY, NOW)
    assert wrong() == []
    assert (stone.number, stone.kind, stone.why, len(stone.digest)) == (case.number, case.kind, WHY, 64)


@pytest.mark.django_db(transaction=True)
def test_no_word_of_an_erased_person_is_in_a_dump(case: Case) -> None:
    erase_case(case_id=case.pk, why=WHY, now=NOW)
    url = make_conninfo(os.environ["DATABASE_URL"], dbname=connection.settings_dict["NAME"])

    dump = subprocess.run(
        [program("pg_dump", os.environ, server_major(url)), "--inserts", f"--dbname={url}"],
        capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip

    assert case.number in dump
    assert [word for word in WORDS if word in dump] == []


def test_what_was_sealed_after_the_erasure_is_still_told_when_it_is_changed(case: Case) -> None:
    seal_history(KEY, NOW)
    erase_case(case_id=case.pk, why=WHY, now=NOW)
    connection.check_constraints()
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE feedback_historicalcase DISABLE TRIGGER USER")
        cursor.execute("UPDATE feedback_historicalcase SET due_on = due_on + 1")
        cursor.execute("ALTER TABLE feedback_historicalcase ENABLE TRIGGER USER")

    assert wrong()[0].what == "changed"


def test_a_reason_that_was_written_before_hides_no_row_of_history(case: Case) -> None:
    save_with_history(case, by=None, why=WHY)

    erase_case(case_id=case.pk, why=WHY, now=NOW)

    connection.check_constraints()
    assert [word for word in WORDS if word in everything()] == []
    assert case.history.latest().history_change_reason == WHY


def test_where_the_file_store_fails_nothing_is_erased_and_it_can_be_tried_again(case: Case) -> None:
    path = Path(case.attachments.get().stored.path)
    path.unlink()
    (path / "in the way").mkdir(parents=True)
    with pytest.raises(OSError, match="not empty"):
        erase_case(case_id=case.pk, why=WHY, now=NOW)
    case.refresh_from_db()
    assert case.name == "Евстатия Грънчарова"
    assert not Tombstone.objects.exists()

    (path / "in the way").rmdir()
    erase_case(case_id=case.pk, why=WHY, now=NOW)

    assert not path.exists()


def test_a_case_in_work_is_not_erased(staff: Any) -> None:
    row = CaseFactory()

    with pytest.raises(NotPossible):
        erase_case(case_id=row.pk, why=WHY, now=NOW)


def test_a_case_is_erased_once(case: Case) -> None:
    erase_case(case_id=case.pk, why=WHY, now=NOW)

    with pytest.raises(AlreadyDone):
        erase_case(case_id=case.pk, why=WHY, now=NOW)


def test_an_application_is_erased_once_and_only_when_it_ended() -> None:
    row = ApplicationFactory(completed=True, applicant_name="Евстатия Грънчарова", applicant_contact="0888765432")
    with pytest.raises(StillInWork):
        erase_application(application_id=ApplicationFactory().pk, why=WHY, now=NOW)
    ApplicationEvent.objects.create(application=row, kind="withdrawn", at=NOW, note="Евстатия звънях")
    connection.check_constraints()

    erase_application(application_id=row.pk, why=WHY, now=NOW)

    connection.check_constraints()
    assert Application.objects.get(pk=row.pk).applicant_name == ERASED
    assert "Евстатия" not in everything()
    with pytest.raises(AlreadyErased):
        erase_application(application_id=row.pk, why=WHY, now=NOW)


WORDED = (*PERSONAL["feedback.Case"], REASON)
EMPTIED = ", ".join(f"{name} = ''" for name in WORDED if name != "name")


@pytest.mark.parametrize(
    "change",
    [
        f"{EMPTIED}, name = '', history_erased = sha256('x'), due_on = due_on + 1",
        f"{EMPTIED}, name = ''",
        f"{EMPTIED}, name = 'Друг Човек', history_erased = sha256('x')",
        f"{EMPTIED}, name = '(заличено) 7000000', history_erased = sha256('x')",
        "history_erased = sha256('x')",
        "history_salt = NULL",
    ],
    ids=["more than personal columns", "unmarked", "another name", "another key", "nothing emptied", "only the salt"],
)
def test_the_owner_changes_history_in_no_other_way(case: Case, change: str) -> None:
    with pytest.raises(DatabaseFailure, match="only added"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE feedback_historicalcase SET {change}")


def test_the_database_makes_the_digest_of_what_was_emptied_itself(case: Case) -> None:
    """Also before the first seal, which would else seal whatever digest was given."""
    said = sql.SQL("SELECT history_id, sha256(history_salt || convert_to(ROW({})::text, 'UTF8')) FROM {}").format(
        sql.SQL(", ").join(map(sql.Identifier, WORDED)), sql.Identifier("feedback_historicalcase")
    )
    with connection.cursor() as cursor:
        cursor.execute(said)
        expected = dict(cursor.fetchall())
        cursor.execute(f"UPDATE feedback_historicalcase SET {EMPTIED}, name = '', history_erased = sha256('x')")
        cursor.execute("SELECT history_id, history_erased, history_salt FROM feedback_historicalcase")
        found = cursor.fetchall()

    assert {key: bytes(digest) for key, digest, _salt in found} == {k: bytes(v) for k, v in expected.items()}
    assert {salt for *_rest, salt in found} == {None}


def sealed_otherwise(change: Callable[[dict[str, Any]], None]) -> None:
    """Let the seal say that other columns were personal when it was made."""
    seal = seal_history(KEY, NOW)
    assert seal is not None
    for table in seal.tables:
        if table["table"] == "feedback_historicalcase":
            change(table)
    # No table can be altered while a check of it still waits.
    connection.check_constraints()
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE audit_seal DISABLE TRIGGER USER")
        cursor.execute("UPDATE audit_seal SET tables = %s", [json.dumps(seal.tables)])
        cursor.execute("ALTER TABLE audit_seal ENABLE TRIGGER USER")


def test_the_digest_covers_what_the_seal_of_the_row_hides(case: Case) -> None:
    """A column that joined the list since is in no older digest."""

    def without_the_answer(table: dict[str, Any]) -> None:
        table["personal"].remove("answer")

    connection.check_constraints()
    sealed_otherwise(without_the_answer)
    said = sql.SQL("SELECT history_id, sha256(history_salt || convert_to(ROW({})::text, 'UTF8')) FROM {}").format(
        sql.SQL(", ").join(sql.Identifier(name) for name in WORDED if name != "answer"),
        sql.Identifier("feedback_historicalcase"),
    )
    with connection.cursor() as cursor:
        cursor.execute(said)
        expected = {key: bytes(digest) for key, digest in cursor.fetchall()}

    erase_case(case_id=case.pk, why=WHY, now=NOW)

    erased = case.history.exclude(history_erased=None)
    assert {row.history_id: bytes(row.history_erased) for row in erased} == expected
    assert {row.answer for row in erased} == {"", ERASED}


def test_what_a_seal_tells_openly_is_not_erased_behind_its_back(case: Case) -> None:
    def with_the_answer(table: dict[str, Any]) -> None:
        table["personal"].remove("answer")
        table["columns"].append("answer")

    connection.check_constraints()
    sealed_otherwise(with_the_answer)

    with pytest.raises(DatabaseFailure, match="tells openly"), transaction.atomic():
        erase_case(case_id=case.pk, why=WHY, now=NOW)


def test_what_was_emptied_is_not_filled_again(case: Case) -> None:
    erase_case(case_id=case.pk, why=WHY, now=NOW)

    with pytest.raises(DatabaseFailure, match="only added"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE feedback_historicalcase SET name = 'x' WHERE history_erased IS NOT NULL")


def test_the_application_cannot_erase() -> None:
    address = make_conninfo(os.environ["DATABASE_URL"], dbname=connection.settings_dict["NAME"], user=APPLICATION)
    with psycopg.connect(address) as session, pytest.raises(psycopg.errors.InsufficientPrivilege):
        session.execute("UPDATE feedback_historicalcase SET history_erased = sha256('x'), history_salt = NULL")


def test_a_person_gets_what_is_kept_of_them_and_nobody_elses(case: Case, tmp_path: Path, caplog: Any) -> None:
    CaseFactory(name="Евстатия Грънчарова", phone="0899111222", email="", address="", text="Чуждо")
    out = tmp_path / "person.json"

    call_command("export_person", *PERSON, "--by", "erasing-clerk", "--reason", "искане 1", "--out", str(out))

    given = json.loads(out.read_text(encoding="utf-8"))
    assert list(given) == [case.number]
    whole = out.read_text(encoding="utf-8")
    # What officials wrote to each other is read by whoever answers the request, and not given out by a command.
    assert [word for word in WORDS if word not in whole] == ["диабет"]
    assert "digest" not in whole
    assert [(look.kind, look.subject, look.by.username) for look in Look.objects.all()] == [
        ("export", case.number, "erasing-clerk")
    ]


@pytest.mark.parametrize("command", ["export_person", "erase_person"])
def test_nobody_gives_these_commands_without_a_name(case: Case, tmp_path: Path, command: str) -> None:
    more = ["--out", str(tmp_path / "x")] if command == "export_person" else []
    with pytest.raises(CommandError, match="no member of staff"):
        call_command(command, *PERSON, "--by", "nobody", "--reason", "x", *more)


def test_a_person_is_erased_on_request_and_nobody_else(case: Case, capsys: Any) -> None:
    other = CaseFactory(name="Евстатия Грънчарова", phone="0899111222")
    running = CaseFactory(name="Евстатия Грънчарова", phone="0888765432")

    call_command("erase_person", *PERSON, "--by", "erasing-clerk", "--reason", WHY, "--dry-run")
    assert capsys.readouterr().out.endswith("Would be erased: 1.\n")
    assert not Tombstone.objects.exists()
    call_command("erase_person", *PERSON, "--by", "erasing-clerk", "--reason", WHY)

    assert [stone.number for stone in Tombstone.objects.all()] == [case.number]
    for row in (other, running):
        row.refresh_from_db()
        assert row.name == "Евстатия Грънчарова"
    assert f"{running.number} is still in work" in capsys.readouterr().out


@pytest.mark.parametrize("command", ["export_person", "erase_person"])
def test_nothing_is_found_by_half_a_name_or_another_contact(case: Case, tmp_path: Path, command: str) -> None:
    more = ["--out", str(tmp_path / "x")] if command == "export_person" else []
    for person in (("Евстатия", PERSON[1]), (PERSON[0], "0888"), (PERSON[0], ""), ("", "")):
        with pytest.raises(CommandError, match="nothing of a person"):
            call_command(command, *person, "--by", "erasing-clerk", "--reason", "x", *more)
