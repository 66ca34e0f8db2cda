"""The key that signs reports and seals: made once, replaced by a command, and never seen by anybody else."""

import base64
import logging
import re
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client

from samokov_portal.audit.checking import Finding, check_history
from samokov_portal.audit.models import Seal
from samokov_portal.audit.seals import seal_with_our_key
from samokov_portal.keys import key_id, known_keys, make_key, private_key, rotate_key
from samokov_portal.launcher.options import ROOT
from tests.factories import CaseFactory, at

NOW = at("2026-11-24")


@pytest.fixture
def key_file(tmp_path: Path, settings: Any) -> Path:
    settings.REPORT_KEY_FILE = tmp_path / "keys" / "report.key"
    make_key(settings.REPORT_KEY_FILE)
    return settings.REPORT_KEY_FILE


def present_id(key_file: Path) -> str:
    key = private_key(key_file)
    assert key is not None
    return key_id(key.public_key())


def sealed_case() -> Seal:
    CaseFactory()
    connection.check_constraints()
    seal = seal_with_our_key(NOW)
    assert seal is not None
    return seal


def wrong(key_file: Path) -> list[Finding]:
    return [found for found in check_history(known_keys(key_file)) if isinstance(found, Finding)]


def test_a_key_is_made_once_and_only_its_owner_may_read_it(key_file: Path) -> None:
    before = key_file.read_bytes()

    make_key(key_file)

    assert key_file.read_bytes() == before
    assert stat.S_IMODE(key_file.stat().st_mode) == 0o600
    assert stat.S_IMODE(key_file.parent.stat().st_mode) == 0o700


def test_another_key_takes_its_place_and_both_public_keys_stay(key_file: Path) -> None:
    old = present_id(key_file)

    rotate_key(key_file)

    new = present_id(key_file)
    assert old != new
    assert next(iter(known_keys(key_file))) == new
    assert set(known_keys(key_file)) == {old, new}
    assert stat.S_IMODE(key_file.stat().st_mode) == 0o600
    assert sorted(path.name for path in key_file.parent.iterdir()) == sorted([f"{old}.pub", f"{new}.pub", "report.key"])


@pytest.mark.django_db
def test_seals_of_both_keys_are_verified_after_the_change(key_file: Path, client: Client) -> None:
    first = sealed_case()
    call_command("rotate_key")
    second = sealed_case()

    assert first.key_id != second.key_id == present_id(key_file)
    assert wrong(key_file) == []
    said = client.get("/api/v1/seals/").json()
    assert {one["key"] for one in said["seals"]} == {first.key_id, second.key_id} == set(said["keys"])


@pytest.mark.django_db
def test_a_seal_of_a_key_that_is_not_kept_is_found(key_file: Path) -> None:
    first = sealed_case()
    call_command("rotate_key")
    (key_file.parent / f"{first.key_id}.pub").unlink()

    assert wrong(key_file) == [Finding("unknown_key", first.number)]


def test_without_a_key_there_is_nothing_to_replace(tmp_path: Path, settings: Any) -> None:
    settings.REPORT_KEY_FILE = tmp_path / "none.key"

    with pytest.raises(CommandError, match="there is no key"):
        call_command("rotate_key")

    assert not settings.REPORT_KEY_FILE.exists()


def test_what_is_no_key_is_not_replaced(key_file: Path) -> None:
    key_file.write_text("друго")

    with pytest.raises(CommandError, match="holds no private key"):
        call_command("rotate_key")

    assert key_file.read_text() == "друго"


def secrets_of(key_file: Path) -> Iterator[str]:
    """How the private key might be written down."""
    key = private_key(key_file)
    assert key is not None
    raw = key.private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption())
    yield raw.hex()
    yield base64.b64encode(raw).decode()
    yield key_file.read_text().splitlines()[1]


@pytest.mark.django_db
def test_nothing_that_is_said_holds_the_key(
    key_file: Path, client: Client, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    secrets = list(secrets_of(key_file))

    sealed_case()
    call_command("rotate_key")
    secrets += secrets_of(key_file)
    sealed_case()
    call_command("verify_history")

    said = caplog.text + capsys.readouterr().out + client.get("/api/v1/seals/").content.decode()
    assert "sealed: № 1" in said
    assert present_id(key_file) in said
    assert [secret for secret in secrets if secret in said] == []


def test_the_repository_holds_no_private_key() -> None:
    # Put together here, so that this file is not found itself.
    begins = re.compile(b"BEGIN " + b"([A-Z]+ )?PRIVATE KEY")
    tools = {".git", ".venv", ".data"}
    tops = [path for path in ROOT.iterdir() if path.name not in tools]
    files = [path for top in tops for path in ([top] if top.is_file() else top.rglob("*")) if path.is_file()]

    assert Path(__file__) in files
    assert [path for path in files if begins.search(path.read_bytes())] == []
    assert "/.data/" in (ROOT / ".gitignore").read_text().splitlines()
