"""What is personal may be erased, or join a table later, without breaking a seal; other words there are found."""

import pytest

from feedback.models import Case
from samokov_portal.audit.checking import Finding
from samokov_portal.audit.guards import audited_models, event_models
from samokov_portal.audit.leaves import Columns, sealed_columns
from samokov_portal.audit.personal import PERSONAL
from tests.audit.sealing import COLUMNS, EMPTY, MARKED, ROW, TABLE, by_force, commit, raw, seal, wrong

pytestmark = pytest.mark.django_db
LATER = "ALTER TABLE {} ADD COLUMN weight integer NOT NULL DEFAULT 3, ADD COLUMN remark text NOT NULL DEFAULT 'дом'"


def test_a_column_that_joins_later_breaks_no_seal_and_no_digest_of_what_was_erased(
    sealed: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a migration adds them: to both tables at once, with the same default. One is personal. Each seal names its own
    columns, so the earlier one is counted without them and the later one with them."""
    gone = Case.objects.first()
    assert gone is not None
    by_force(f"UPDATE {TABLE} SET {MARKED}, {EMPTY} WHERE id = {gone.pk}")
    erased = wrong()
    commit()
    for table in (TABLE, "feedback_case"):
        raw(LATER.format(table))
    assert wrong() == erased

    def with_the_later(columns: Columns) -> Columns:
        if columns.table != TABLE:
            return columns
        return Columns(TABLE, (*columns.public, "weight"), (*columns.personal, "remark"))

    now = [with_the_later(columns) for columns in sealed_columns()]
    monkeypatch.setattr("samokov_portal.audit.seals.sealed_columns", lambda: now)
    Case.objects.last().delete()  # type: ignore[union-attr]
    assert seal().number == 2
    assert wrong() == erased

    newest = max(key for (key,) in raw(f"SELECT history_id FROM {TABLE}"))
    by_force(f"UPDATE {TABLE} SET remark = 'друго', weight = 4 WHERE history_id IN ({sealed[-1]}, {newest})")
    # Under the first seal the columns were not there, so it tells nothing of them.
    assert wrong()[0] == Finding("changed", 2, TABLE, newest)


def test_an_erasure_that_leaves_its_digest_breaks_no_seal(sealed: list[int]) -> None:
    """But whoever empties rows by force, to hide what they said, leaves no row that says of it, and no tombstone."""
    by_force(f"UPDATE {TABLE} SET {MARKED}, {EMPTY} WHERE history_id = {sealed[1]}")
    assert wrong() == [
        Finding("untold", None, TABLE, sealed[1]),
        Finding("unrecorded", None, TABLE, sealed[1]),
        Finding("differs", None, "feedback_case", raw(f"SELECT id {ROW} {sealed[1]}")[0][0]),
    ]
    by_force(f"UPDATE {TABLE} SET channel = 'post' WHERE history_id = {sealed[2]}")
    assert wrong()[0] == Finding("changed", 1, TABLE, sealed[2])


@pytest.mark.parametrize("words", ["name = 'Друг Човек'", "text = 'друго'", "history_change_reason = 'по молба'"])
def test_an_emptied_row_that_says_something_else_is_found(sealed: list[int], words: str) -> None:
    """Also where the digest of what was there was kept, so that the seal holds."""
    rest = ", ".join(f"{name} = '(заличено)'" for name in COLUMNS if name != words.partition(" ")[0])

    by_force(f"UPDATE {TABLE} SET {MARKED}, {words}, {rest} WHERE history_id = {sealed[3]}")

    assert Finding("refilled", None, TABLE, sealed[3]) in wrong()


def test_every_personal_column_is_one_of_its_model() -> None:
    tracked = {
        model._meta.label: {field.attname for field in model.history.model.tracked_fields}  # type: ignore[attr-defined]
        for model in audited_models()
    }

    tracked |= {model._meta.label: {field.attname for field in model._meta.concrete_fields} for model in event_models()}

    assert {label: set(names) - tracked[label] for label, names in PERSONAL.items()} == {
        label: set() for label in PERSONAL
    }
