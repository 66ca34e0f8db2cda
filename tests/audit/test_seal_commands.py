"""The commands that seal and count the history, and the worker that does it each night."""

from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from samokov_portal.audit.models import Seal
from samokov_portal.keys import make_key
from samokov_portal.tasks import seal_each_night
from tests.audit.sealing import by_force, commit
from tests.factories import CaseFactory

pytestmark = pytest.mark.django_db
TABLE = "feedback_historicalcase"


@pytest.fixture
def key_file(tmp_path: Path, settings: Any) -> Path:
    settings.REPORT_KEY_FILE = tmp_path / "keys" / "report.key"
    make_key(settings.REPORT_KEY_FILE)
    return settings.REPORT_KEY_FILE


def test_the_commands_say_what_they_did(
    key_file: Path, client: Client, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    CaseFactory()
    commit()
    call_command("seal_history")
    call_command("seal_history")
    said = capsys.readouterr().out
    assert "Seal 1: " in said
    assert "Nothing was added since the last seal." in said
    copy = tmp_path / "seals.json"
    copy.write_bytes(client.get("/api/v1/seals/").content)

    call_command("verify_history", seals=copy)
    assert "what is not as it was: 0" in capsys.readouterr().out

    by_force(f"UPDATE {TABLE} SET channel = 'post'")
    with pytest.raises(CommandError):
        call_command("verify_history")
    assert f"of {TABLE}, sealed by 1, was changed" in capsys.readouterr().out


def test_without_a_key_nothing_is_sealed(tmp_path: Path, settings: Any) -> None:
    settings.REPORT_KEY_FILE = tmp_path / "none.key"

    with pytest.raises(CommandError, match="there is no key"):
        call_command("seal_history")
    assert not Seal.objects.exists()


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"seals": 1}', '{"seals": [{}]}'])
def test_a_bad_copy_of_the_seals_is_refused(key_file: Path, tmp_path: Path, content: str) -> None:
    copy = tmp_path / "seals.json"
    copy.write_text(content)

    with pytest.raises(CommandError):
        call_command("verify_history", seals=copy)


def test_the_worker_seals_each_night(key_file: Path, caplog: pytest.LogCaptureFixture) -> None:
    CaseFactory()
    commit()

    seal_each_night(0)

    assert Seal.objects.count() == 1
    key_file.unlink()
    seal_each_night(0)
    assert "there is no key" in caplog.text
