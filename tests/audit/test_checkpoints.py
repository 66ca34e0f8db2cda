"""Counting only what was sealed since the last time, what that leaves to the full count, and counting in parts."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from samokov_portal.audit import leaves, recounting
from samokov_portal.audit.checking import Finding, check_history
from samokov_portal.audit.models import Seal
from samokov_portal.audit.recounting import sessions
from samokov_portal.audit.seals import seal_with_our_key
from samokov_portal.keys import known_keys, make_key
from tests.factories import CaseFactory, at

TABLE = "feedback_historicalcase"
NOW = at("2026-11-24")


def raw(statement: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall() if cursor.description else None


def by_force(*statements: str, table: str = TABLE) -> None:
    """As the owner of the database would, with the guards of `table` off."""
    connection.check_constraints()
    raw(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    for statement in statements:
        raw(statement)
    connection.check_constraints()
    raw(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def sealed_cases(count: int) -> list[int]:
    """The keys of the history of so many new cases, sealed."""
    before = raw(f"SELECT coalesce(max(history_id), 0) FROM {TABLE}")[0][0]
    CaseFactory.create_batch(count)
    connection.check_constraints()
    assert seal_with_our_key(NOW) is not None
    return [key for (key,) in raw(f"SELECT history_id FROM {TABLE} WHERE history_id > {before} ORDER BY 1")]


@pytest.fixture
def key_file(tmp_path: Path, settings: Any) -> Path:
    settings.REPORT_KEY_FILE = tmp_path / "keys" / "report.key"
    make_key(settings.REPORT_KEY_FILE)
    return settings.REPORT_KEY_FILE


@pytest.fixture
def counted(db: None, key_file: Path, tmp_path: Path) -> tuple[Path, list[int]]:
    """A checkpoint after three sealed cases, with the keys of their history."""
    keys = sealed_cases(3)
    path = tmp_path / "checkpoint.json"
    call_command("verify_history", checkpoint=path)
    return path, keys


def said_by(capsys: pytest.CaptureFixture[str], **options: Any) -> str:
    capsys.readouterr()
    call_command("verify_history", **options)
    return capsys.readouterr().out


def refused(capsys: pytest.CaptureFixture[str], **options: Any) -> str:
    capsys.readouterr()
    with pytest.raises(CommandError, match="not as it was sealed"):
        call_command("verify_history", **options)
    return capsys.readouterr().out


def test_the_second_time_only_what_is_new_is_counted(
    counted: tuple[Path, list[int]], capsys: pytest.CaptureFixture[str]
) -> None:
    path, _keys = counted
    assert "0 seals with 0 rows checked" in said_by(capsys, checkpoint=path)
    sealed_cases(2)

    said = said_by(capsys, checkpoint=path)

    assert "1 seals with 2 rows checked" in said
    newest = Seal.objects.get(number=2)
    assert json.loads(path.read_text()) == {"number": 2, "digest": newest.digest}
    assert "2 seals with" in said_by(capsys)  # all of it is counted where nobody asks for less


def test_a_change_of_what_is_new_is_found_and_the_checkpoint_stays(
    counted: tuple[Path, list[int]], capsys: pytest.CaptureFixture[str]
) -> None:
    path, _keys = counted
    before = path.read_text()
    [new] = sealed_cases(1)
    by_force(f"UPDATE {TABLE} SET channel = 'post' WHERE history_id = {new}")

    assert f"row {new} of {TABLE}, sealed by 2, was changed" in refused(capsys, checkpoint=path)

    assert path.read_text() == before


def test_a_removed_row_of_before_is_missed_in_number(
    counted: tuple[Path, list[int]], capsys: pytest.CaptureFixture[str]
) -> None:
    path, keys = counted
    by_force(f"DELETE FROM {TABLE} WHERE history_id = {keys[1]}")

    assert f"{TABLE} has not as many rows" in refused(capsys, checkpoint=path)
    assert f"row {keys[1]} of {TABLE}, sealed by 1, was removed" in refused(capsys)


def test_a_changed_row_of_before_is_left_to_the_full_count(
    counted: tuple[Path, list[int]], capsys: pytest.CaptureFixture[str]
) -> None:
    path, keys = counted
    # In the row of today as well, or the two would differ.
    by_force(f"UPDATE {TABLE} SET channel = 'post' WHERE history_id = {keys[1]}")
    by_force(
        f"UPDATE feedback_case SET channel = 'post' WHERE id = (SELECT id FROM {TABLE} WHERE history_id = {keys[1]})",
        table="feedback_case",
    )

    assert "what is not as it was: 0" in said_by(capsys, checkpoint=path)
    assert f"row {keys[1]} of {TABLE}, sealed by 1, was changed" in refused(capsys)


def test_a_chain_that_was_rewritten_since_is_not_the_one_of_the_checkpoint(
    counted: tuple[Path, list[int]], capsys: pytest.CaptureFixture[str]
) -> None:
    path, keys = counted
    by_force("DELETE FROM audit_sealedrows", table="audit_sealedrows")
    by_force("DELETE FROM audit_seal", table="audit_seal")
    assert "seal 1 is missing" in refused(capsys, checkpoint=path)
    by_force(f"UPDATE {TABLE} SET text = 'друго' WHERE history_id = {keys[1]}")
    sealed_cases(1)

    assert "seal 1 is not the one that was published" in refused(capsys, checkpoint=path)


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"number": 0, "digest": ""}', '{"number": "x", "digest": ""}'])
def test_what_is_no_checkpoint_is_refused(db: None, key_file: Path, tmp_path: Path, content: str) -> None:
    path = tmp_path / "checkpoint.json"
    path.write_text(content)

    with pytest.raises(CommandError, match="Error: "):
        call_command("verify_history", checkpoint=path)

    assert path.read_text() == content


def test_who_skips_seals_by_number_writes_no_checkpoint(db: None, key_file: Path, tmp_path: Path) -> None:
    sealed_cases(1)
    sealed_cases(1)

    call_command("verify_history", since=2, checkpoint=tmp_path / "checkpoint.json")

    assert not (tmp_path / "checkpoint.json").exists()


@pytest.fixture
def small_parts(transactional_db: None, key_file: Path, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Eleven sealed rows in blocks of two and parts of two blocks."""
    monkeypatch.setattr(leaves, "BLOCK", 2)
    monkeypatch.setattr(recounting, "BLOCK", 2)
    monkeypatch.setattr(recounting, "BLOCKS_OF_A_PART", 2)
    return sealed_cases(11)


def wrong_in_parts(key_file: Path) -> list[Finding]:
    with sessions(2) as pool:
        assert pool is not None
        return [found for found in check_history(known_keys(key_file), pool=pool) if isinstance(found, Finding)]


def test_counted_in_parts_what_nobody_touched_is_as_it_was(small_parts: list[int], key_file: Path) -> None:
    assert wrong_in_parts(key_file) == []


def test_counted_in_parts_each_row_that_is_not_as_it_was_is_located(small_parts: list[int], key_file: Path) -> None:
    # The ends of parts of four rows; in one store, because one of its own for each place takes far longer.
    raw(f"CREATE TEMP TABLE kept AS SELECT * FROM {TABLE}")
    for key in [small_parts[place] for place in (0, 3, 4, 10)]:
        removed = f"DELETE FROM {TABLE} WHERE history_id = {key}"
        back = f"INSERT INTO {TABLE} SELECT * FROM kept WHERE history_id = {key}"

        by_force(f"UPDATE {TABLE} SET text = 'друго' WHERE history_id = {key}")
        assert wrong_in_parts(key_file)[0] == Finding("changed", 1, TABLE, key)
        by_force(removed)
        assert wrong_in_parts(key_file)[0] == Finding("removed", 1, TABLE, key)
        by_force(back)
    assert wrong_in_parts(key_file) == []


def test_parts_that_were_misled_are_counted_in_one_go(small_parts: list[int], key_file: Path) -> None:
    misled = "UPDATE audit_sealedrows SET keys = decode(repeat('00', length(keys)), 'hex')"
    by_force(f"{misled} WHERE \"table\" = '{TABLE}'", table="audit_sealedrows")

    assert wrong_in_parts(key_file) == []  # what locates rows proves nothing, and the rows are as they were
