"""What was kept long enough goes, whatever fails beside it; what a person may ask for reaches all that is theirs."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from axes.models import AccessAttempt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from dateutil.relativedelta import relativedelta
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command
from django.db import connection

from charter.actions.consultations import answer_comment, publish_answers
from charter.models import Comment
from feedback.models import Attachment, Export, PrintOrder, SavedFilter, SurveyResponse
from feedback.models.files import attachment_store
from samokov_portal.audit.checking import Finding, check_history
from samokov_portal.audit.erasure import ERASED, erase_removed
from samokov_portal.audit.models import Tombstone
from samokov_portal.audit.seals import seal_history
from samokov_portal.history import save_with_history
from samokov_portal.keys import by_id
from samokov_portal.search.models import VainSearch
from samokov_portal.upkeep.retention import erase
from services.actions import erase_application
from services.models import Application, Unit, Visit
from tests.audit.erasing import NOW, PERSON, WHY, ended, everything, kept, told
from tests.charter.consulting import opened, said
from tests.factories import ApplicationFactory, CaseFactory

pytestmark = pytest.mark.django_db

KEY = Ed25519PrivateKey.generate()


def test_what_was_kept_long_enough_is_erased_and_nothing_else(capsys: Any, settings: Any) -> None:
    old, young = ended(5), ended(4)
    settings.RETENTION_YEARS = {**settings.RETENTION_YEARS, "proposal": 3}
    proposal = ended(4, kind="proposal", citizen_kind="proposal", term_code="proposal-decision")

    said = told(capsys, "--dry-run")
    assert said.splitlines()[:2] == [old.number, proposal.number]
    assert said.splitlines()[2:] == ["Would be erased: proposal 1, signal 1; left, because in work: 0."]
    assert not Tombstone.objects.exists()

    assert told(capsys).splitlines()[-1] == "Erased: proposal 1, signal 1; left, because in work: 0."
    assert set(Tombstone.objects.values_list("number", flat=True)) == {old.number, proposal.number}
    young.refresh_from_db()
    assert young.name != ERASED
    assert told(capsys) == "Erased: nothing; left, because in work: 0.\n"


def test_what_was_erased_is_erased_again_after_a_restore(capsys: Any, tmp_path: Path) -> None:
    row = ended(1)
    kept_apart = tmp_path / "erased.json"
    kept_apart.write_text(json.dumps([{"what": "feedback.Case", "number": row.number, "why": WHY}]))

    assert told(capsys, "--reapply", str(kept_apart)).splitlines() == [row.number, "Erased again: 1."]
    assert told(capsys, "--reapply", str(kept_apart)) == "Erased again: 0.\n"
    told(capsys, "--list", str(kept_apart))
    assert json.loads(kept_apart.read_text()) == [{"what": "feedback.Case", "number": row.number, "why": WHY}]


@pytest.mark.parametrize("content", ["", '{"a": 1}', '[{"what": "x", "number": "y", "why": "z"}]', "[1]"])
def test_a_list_that_is_none_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "list.json"
    path.write_text(content)

    with pytest.raises(CommandError):
        call_command("retain", "--reapply", str(path))


@pytest.mark.parametrize("written", ["0888765432", "+359 888 765-432", "00359 (888) 765432"])
def test_an_application_is_found_by_the_digits_of_its_telephone(written: str) -> None:
    row = ApplicationFactory(applicant_name="Евстатия Грънчарова", applicant_contact=written)
    ApplicationFactory(applicant_name="Евстатия Грънчарова", applicant_contact="e0888765432@example.bg")

    assert list(Application.objects.of_person(*PERSON)) == [row]


def test_of_a_visit_the_words_of_its_history_go_with_its_application(staff: Any) -> None:
    row = ApplicationFactory(completed=True)
    visit = Visit(application=row, at=row.received_at, purpose="apply", recorded_by=staff["clerk"], recorded_at=NOW)
    save_with_history(visit, by=None, why="дойде Евстатия")
    connection.check_constraints()

    erase_application(application_id=row.pk, why=WHY, now=NOW)

    assert "Евстатия" not in everything()


def test_of_old_answers_of_the_survey_the_words_go_and_the_scores_stay(capsys: Any) -> None:
    now = datetime.now(tz=UTC)  # noqa: TID251 - the command reads the clock
    facts = {
        "source": "receipt",
        "about": "case",
        "unit_id": Unit.objects.get(code="hdettos").pk,
        "overall": 2,
        "words": "Бавно беше при Евстатия.",
    }
    old = SurveyResponse.objects.create(at=now - relativedelta(years=5, days=1), **facts)
    young = SurveyResponse.objects.create(at=now - relativedelta(years=4), **facts)

    assert told(capsys, "--dry-run") == "Would be erased: words of the survey 1; left, because in work: 0.\n"
    assert told(capsys) == "Erased: words of the survey 1; left, because in work: 0.\n"

    old.refresh_from_db()
    young.refresh_from_db()
    assert (old.words, old.overall, young.words) == ("", 2, facts["words"])


def waiting_file(name: str) -> Attachment:
    """A file as a form takes it in: before the form is sent it belongs to no case."""
    stored = attachment_store().save("a", ContentFile(b"the yard"))
    row: Attachment = kept(Attachment(form_digest="f", added_at=NOW, name=name, content_type="image/png", size=8,
                           received_sha256=name, sha256="b" * 64, stored=stored, state="clean"))  # fmt: skip
    return row


def findings() -> list[Finding]:
    return [one for one in check_history(by_id([KEY.public_key()])) if isinstance(one, Finding)]


def test_a_file_that_waited_for_its_form_is_erased_with_its_case(own_shelf: Path) -> None:
    """Its history begins before the case, and the tombstone of the case tells of that too."""
    row, file = ended(6), waiting_file("Евстатия.png")
    file.case = row
    kept(file)
    connection.check_constraints()
    seal_history(KEY, NOW)

    erase(row, why=WHY, now=NOW)

    connection.check_constraints()
    assert "Евстатия" not in everything()
    assert findings() == []


def test_the_name_of_a_file_that_was_never_sent_is_forgotten(own_shelf: Path, capsys: Any) -> None:
    waiting, left = waiting_file("чака.png"), waiting_file("Липовата.png")
    left.delete()
    connection.check_constraints()
    seal_history(KEY, NOW)

    assert "names of files never sent 1;" in told(capsys, "--dry-run")
    assert "Липовата" in everything()
    assert "names of files never sent 1;" in told(capsys)

    assert "Липовата" not in everything()
    assert waiting.history.get().name == "чака.png"
    assert findings() == []
    assert "nothing" in told(capsys)


def test_a_removed_file_of_a_case_is_not_emptied_in_silence(own_shelf: Path) -> None:
    file = waiting_file("Евстатия.png")
    file.case = ended(6)
    kept(file)
    key = file.pk
    file.delete()
    connection.check_constraints()

    erase_removed(Attachment, [key])

    assert {(one.what, one.table) for one in findings()} == {
        ("untold", "feedback_historicalattachment"),
        ("unrecorded", "feedback_historicalattachment"),
    }


def test_what_staff_keep_and_what_was_sought_in_vain_names_nobody_afterwards(staff: Any, own_shelf: Path) -> None:
    row = ended(6, name="Евстатия Грънчарова", phone="0888765432")
    asked = {"кой": urlencode({"text": "Грънчарова"}), "phone": urlencode({"text": "0888 765 432"})}
    others = urlencode({"text": "лампа"})
    for name, query in {**asked, "лампи": others}.items():
        SavedFilter.objects.create(user=staff["clerk"], name=name, query=query)
        Export.objects.create(ordered_by=staff["clerk"], ordered_at=NOW, moved_at=NOW, format="csv", query=query,
                              stored=attachment_store().save("a", ContentFile(b"a list")))  # fmt: skip
    PrintOrder.objects.create(ordered_by=staff["clerk"], ordered_at=NOW, moved_at=NOW, what="letters", size="a4",
                              papers=[1], stored=attachment_store().save("p", ContentFile(b"letters")))  # fmt: skip
    for text in ("евстатия грънчарова", "снегорин"):
        VainSearch.objects.create(text=text, last_on=NOW.date())
    AccessAttempt.objects.create(username="Грънчарова", failures_since_start=1)
    connection.check_constraints()

    erase(row, why=WHY, now=NOW)

    assert not AccessAttempt.objects.exists()
    assert [kept.name for kept in SavedFilter.objects.all()] == ["лампи"]
    assert [kept.query for kept in Export.objects.all()] == [others]
    assert not PrintOrder.objects.exists()
    assert [kept.text for kept in VainSearch.objects.all()] == ["снегорин"]
    assert len([path for path in own_shelf.rglob("*") if path.is_file()]) == 1


def test_of_what_is_still_in_work_nothing_is_forgotten() -> None:
    row = CaseFactory(name="Евстатия Грънчарова")
    VainSearch.objects.create(text="грънчарова", last_on=NOW.date())

    assert erase(row, why=WHY, now=NOW) is None

    assert VainSearch.objects.exists()


def test_what_cannot_be_erased_today_keeps_nothing_that_comes_after_it(capsys: Any) -> None:
    stuck, next_one = ended(6), ended(5)
    stored = attachment_store().save("2026/11/b", ContentFile(b"the yard"))
    kept(Attachment(case=stuck, added_at=NOW, name="a.png", content_type="image/png", size=8,
                    received_sha256="a" * 64, sha256="b" * 64, stored=stored, state="clean"))  # fmt: skip
    path = Path(attachment_store().path(stored))
    path.unlink()
    (path / "in the way").mkdir(parents=True)

    with pytest.raises(CommandError, match="1 could not be erased"):
        told(capsys)

    output = capsys.readouterr().out
    assert f"{stuck.number} failed: " in output
    assert "Erased: signal 1; left" in output
    assert [stone.number for stone in Tombstone.objects.all()] == [next_one.number]
    stuck.refresh_from_db()
    assert stuck.name != ERASED


def commented(staff: Any) -> Comment:
    comment = said(opened(staff, NOW), NOW, words="Аз, Евстатия, чаках един час.", name="Евстатия")
    return answer_comment(
        comment_id=comment.pk, response="accepted", answer="Уважаема Евстатия, прав сте.", by=staff["editor"], now=NOW
    )


def erase_comment(comment: Comment, number: int = 1) -> None:
    named = (str(comment.consultation_id), str(number))
    call_command("erase_comment", *named, "--by", "editor", "--reason", WHY)


def test_a_comment_is_erased_when_its_answers_are_published(staff: Any) -> None:
    comment = commented(staff)
    closed = NOW + relativedelta(days=60)
    publish_answers(consultation_id=comment.consultation_id, by=staff["editor"], now=closed)
    connection.check_constraints()
    seal_history(KEY, closed)

    erase_comment(comment)

    connection.check_constraints()
    comment.refresh_from_db()
    assert (comment.words, comment.name, comment.response) == (ERASED, ERASED, "accepted")
    assert "Евстатия" not in everything()
    assert [one for one in check_history(by_id([KEY.public_key()])) if isinstance(one, Finding)] == []
    with pytest.raises(CommandError, match="erased already"):
        erase_comment(comment)


def test_a_comment_that_waits_for_its_answer_is_not_erased(staff: Any) -> None:
    comment = commented(staff)

    with pytest.raises(CommandError, match="not published yet"):
        erase_comment(comment)
    with pytest.raises(CommandError, match="no such comment"):
        erase_comment(comment, number=2)
