"""Seals say of every row of history whether it is as it was, also to a superuser who switched the guards off."""

from collections.abc import Callable

import pytest
from django.db import models

from samokov_portal.audit.checking import Finding
from samokov_portal.audit.guards import audited_models, event_models
from samokov_portal.audit.models import Seal, SealedRows
from samokov_portal.audit.seals import seal_history
from samokov_portal.history import save_with_history
from services.models import Unit
from tests.audit.sealing import KEY, NOW, ROW, TABLE, by_force, raw, seal, wrong
from tests.factories import CaseFactory

pytestmark = pytest.mark.django_db


def test_what_nobody_touched_is_as_it_was_sealed(sealed: list[int]) -> None:
    first = seal_history(KEY, NOW)
    assert first is None  # nothing was added
    CaseFactory()
    second = seal()

    assert wrong() == []
    assert second.number == 2
    assert {table["table"]: table["count"] for table in second.tables if table["count"]} == {TABLE: 1}
    assert second.previous == Seal.objects.get(number=1).digest


DAMAGES: dict[str, tuple[Callable[[list[int]], list[str]], Callable[[list[int]], tuple[str, int]]]] = {
    "changed": (
        lambda keys: [f"UPDATE {TABLE} SET channel = 'post' WHERE history_id = {keys[2]}"],
        lambda keys: ("changed", keys[2]),
    ),
    "a person's word changed": (
        lambda keys: [f"UPDATE {TABLE} SET text = 'друго' WHERE history_id = {keys[1]}"],
        lambda keys: ("changed", keys[1]),
    ),
    "dated back": (
        lambda keys: [
            f"UPDATE {TABLE} SET history_date = history_date - interval '1 day' WHERE history_id = {keys[4]}"
        ],
        lambda keys: ("changed", keys[4]),
    ),
    "removed": (lambda keys: [f"DELETE {ROW} {keys[3]}"], lambda keys: ("removed", keys[3])),
    "the tail cut": (
        lambda keys: [f"DELETE FROM {TABLE} WHERE history_id >= {keys[3]}"],
        lambda keys: ("removed", keys[3]),
    ),
    "emptied": (lambda _keys: [f"TRUNCATE {TABLE}"], lambda keys: ("removed", keys[0])),
    "swapped": (
        lambda keys: [
            f"UPDATE {TABLE} SET history_id = -1 WHERE history_id = {keys[1]}",
            f"UPDATE {TABLE} SET history_id = {keys[1]} WHERE history_id = {keys[2]}",
            f"UPDATE {TABLE} SET history_id = {keys[2]} WHERE history_id = -1",
        ],
        lambda keys: ("changed", keys[1]),
    ),
    "moved to a later seal": (
        lambda keys: [f"UPDATE {TABLE} SET history_seal = history_seal + 1 WHERE history_id = {keys[0]}"],
        lambda keys: ("moved", keys[0]),
    ),
    "inserted": (
        lambda keys: [
            f"CREATE TEMPORARY TABLE forged AS SELECT * {ROW} {keys[0]}",
            "UPDATE forged SET history_id = 0",
            f"INSERT INTO {TABLE} SELECT * FROM forged",
        ],
        lambda _keys: ("inserted", 0),
    ),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_what_was_done_with_the_guards_off_is_located(sealed: list[int], damage: str) -> None:
    statements, expected = DAMAGES[damage]

    by_force(*statements(sealed))

    what, key = expected(sealed)
    assert wrong()[0] == Finding(what, 1, TABLE, key)


def test_a_row_that_waits_for_a_seal_that_never_comes_is_found(sealed: list[int]) -> None:
    CaseFactory()
    by_force(f"UPDATE {TABLE} SET history_seal = 9000000 WHERE history_id > {sealed[-1]}")

    assert wrong() == [Finding("inserted", None, TABLE, sealed[-1] + 1)]


@pytest.mark.parametrize("count", ["-7", "NULL"])
def test_a_row_below_every_seal_is_found(sealed: list[int], count: str) -> None:
    """No seal would ever cover it, and figures would count it."""
    raw(f"ALTER TABLE {TABLE} ALTER COLUMN history_seal DROP NOT NULL")
    by_force(
        f"CREATE TEMPORARY TABLE forged AS SELECT * {ROW} {sealed[0]}",
        f"UPDATE forged SET history_id = 0, history_seal = {count}",
        f"INSERT INTO {TABLE} SELECT * FROM forged",
    )

    assert wrong() == [Finding("inserted", None, TABLE, 0)]


def test_a_row_of_today_that_is_not_what_its_history_says_is_found(sealed: list[int]) -> None:
    (key,) = raw("SELECT min(id) FROM feedback_case")[0]
    by_force(f"UPDATE feedback_case SET channel = 'post' WHERE id = {key}", table="feedback_case")

    assert wrong() == [Finding("differs", None, "feedback_case", key)]


def test_a_row_of_today_that_is_gone_without_a_word_is_found(sealed: list[int]) -> None:
    (key,) = raw("SELECT max(id) FROM feedback_case")[0]
    by_force(f"DELETE FROM feedback_case WHERE id = {key}", table="feedback_case")

    assert wrong() == [Finding("differs", None, "feedback_case", key)]


def test_every_row_of_each_history_is_covered(sealed: list[int]) -> None:
    covered = {table["table"]: table["count"] for table in Seal.objects.get().tables}

    for model in audited_models():
        past: type[models.Model] = model.history.model  # type: ignore[attr-defined]
        assert covered.pop(past._meta.db_table) == past._default_manager.count()
    assert covered == {model._meta.db_table: model._default_manager.count() for model in event_models()}
    save_with_history(Unit.objects.latest("pk"), by=None, why="проба")
    assert sum(table["count"] for table in seal().tables) == 1
    assert SealedRows.objects.filter(seal__number=2).count() == 1
