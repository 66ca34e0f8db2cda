"""Seals say of every row of history whether it is as it was, also to a superuser who switched the guards off."""

import hashlib
import json
from collections.abc import Callable
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import IntegrityError, connection, models, transaction
from django.test import Client

from feedback.choices import EventKind
from feedback.models import Case, CaseEvent
from samokov_portal.audit.checking import Finding, check_history
from samokov_portal.audit.guards import audited_models, event_models
from samokov_portal.audit.leaves import Block, Columns, Tree, sealed_columns
from samokov_portal.audit.models import Seal, SealedRows, statement_of
from samokov_portal.audit.personal import PERSONAL
from samokov_portal.audit.seals import ForgedSeal, as_signed, published, seal_history
from samokov_portal.audit.years import partitions
from samokov_portal.history import save_with_history
from samokov_portal.keys import by_id, key_id
from services.models import Unit
from tests.factories import CaseFactory, at

pytestmark = pytest.mark.django_db
KEY = Ed25519PrivateKey.generate()
KEYS = by_id([KEY.public_key()])
NOW = at("2026-11-24")
TABLE = "feedback_historicalcase"


def raw(statement: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall() if cursor.description else None


def commit() -> None:
    """Check what a commit would check, and let the next statement be of another transaction."""
    connection.check_constraints()


def by_force(*statements: str, table: str = TABLE) -> None:
    """As the owner of the database would, with the guards of `table` and of its years off."""
    commit()
    with connection.cursor() as cursor:
        tables = [table, *(part for _table, part in partitions(cursor, [table]))]
    for one in tables:
        raw(f"ALTER TABLE {one} DISABLE TRIGGER USER")
    for statement in statements:
        raw(statement)
    commit()
    for one in tables:
        raw(f"ALTER TABLE {one} ENABLE TRIGGER USER")


def seal() -> Seal:
    commit()
    found = seal_history(KEY, NOW)
    assert found is not None
    return found


def wrong(**asked: Any) -> list[Finding]:
    return [found for found in check_history(KEYS, **asked) if isinstance(found, Finding)]


@pytest.fixture
def sealed() -> list[int]:
    """The keys of five sealed rows of the history of cases."""
    CaseFactory.create_batch(5)
    seal()
    return [key for (key,) in raw(f"SELECT history_id FROM {TABLE} ORDER BY history_id")]


def test_what_nobody_touched_is_as_it_was_sealed(sealed: list[int]) -> None:
    first = seal_history(KEY, NOW)
    assert first is None  # nothing was added
    CaseFactory()
    second = seal()

    assert wrong() == []
    assert second.number == 2
    assert {table["table"]: table["count"] for table in second.tables if table["count"]} == {TABLE: 1}
    assert second.previous == Seal.objects.get(number=1).digest


ROW = f"FROM {TABLE} WHERE history_id ="
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


EVENTS = "feedback_caseevent"
EVENT_DAMAGES = {
    "changed": ("UPDATE {table} SET due_on = '2030-01-01' WHERE id = {key}", "changed"),
    "told otherwise": ("UPDATE {table} SET note = 'друго' WHERE id = {key}", "changed"),
    "dated back": ("UPDATE {table} SET at = at - interval '1 day' WHERE id = {key}", "changed"),
    "removed": ("DELETE FROM {table} WHERE id = {key}", "removed"),
    "the tail cut": ("DELETE FROM {table} WHERE id >= {key}", "removed"),
    "moved to a later seal": ("UPDATE {table} SET history_seal = history_seal + 1 WHERE id = {key}", "moved"),
}


@pytest.mark.parametrize("damage", EVENT_DAMAGES)
def test_what_was_done_to_an_event_with_the_guards_off_is_located(damage: str) -> None:
    case = CaseFactory()
    keys = [CaseEvent.objects.create(case=case, kind=EventKind.REGISTERED, at=case.registered_at).pk for _ in range(4)]
    seal()
    assert wrong() == []
    statement, what = EVENT_DAMAGES[damage]

    by_force(statement.format(table=EVENTS, key=keys[2]), table=EVENTS)

    assert wrong() == [Finding(what, 1, EVENTS, keys[2])]


def test_an_erased_event_breaks_no_seal() -> None:
    case = CaseFactory()
    event = CaseEvent.objects.create(case=case, kind=EventKind.REGISTERED, at=case.registered_at, note="за вас")
    seal()
    digest = "sha256(history_salt || convert_to(ROW(note)::text, 'UTF8'))"

    by_force(f"UPDATE {EVENTS} SET history_erased = {digest}, history_salt = NULL, note = ''", table=EVENTS)

    # The seal holds; that nobody recorded the erasure is said apart.
    assert wrong() == [Finding("unrecorded", None, EVENTS, event.pk)]
    by_force(f"UPDATE {EVENTS} SET kind = 'closed'", table=EVENTS)
    assert wrong()[0] == Finding("changed", 1, EVENTS, event.pk)


def test_an_event_cannot_say_itself_what_seals_it() -> None:
    case = CaseFactory()
    forged = {"history_seal": 9_000_000, "history_salt": b"0" * 16, "history_erased": b"0" * 32}

    event = CaseEvent.objects.create(case=case, kind=EventKind.REGISTERED, at=case.registered_at, **forged)

    event.refresh_from_db()
    assert event.history_seal < 9_000_000
    assert (len(event.history_salt), event.history_erased) == (16, None)
    assert bytes(event.history_salt) != b"0" * 16


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


STRANGER = Ed25519PrivateKey.generate()


@pytest.mark.parametrize(
    ("key", "until", "why"),
    [
        (KEY, 99_999_999, "covers what was not written yet"),
        (STRANGER, 1, "is not signed with a key of ours"),
    ],
)
def test_nothing_is_chained_to_a_seal_that_somebody_else_added(
    sealed: list[int], key: Ed25519PrivateKey, until: int, why: str
) -> None:
    """The portal's role adds seals, and whoever has its password could add one that leaves nothing to seal."""
    signed(key, until)
    CaseFactory()
    commit()

    with pytest.raises(ForgedSeal, match=f"the seal 2 {why}"):
        seal_history(KEY, NOW)


def test_a_seal_with_the_key_of_before_a_rotation_is_followed(sealed: list[int]) -> None:
    new = Ed25519PrivateKey.generate()
    CaseFactory()
    commit()

    with pytest.raises(ForgedSeal, match="is not signed with a key of ours"):
        seal_history(new, NOW)

    assert seal_history(new, NOW, known=KEYS) is not None


def signed(key: Ed25519PrivateKey, until: int) -> None:
    """A second seal up to the count `until`, as the owner of `key` would sign it."""
    seal = Seal(number=2, until=until, at=NOW, previous="", tables=[], key_id=key_id(key.public_key()))
    content = as_signed(statement_of(seal))
    seal.digest = hashlib.sha256(content).hexdigest()
    seal.signature = key.sign(content)
    seal.save()


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


def test_a_row_of_today_that_is_not_what_its_history_says_is_found(sealed: list[int]) -> None:
    (key,) = raw("SELECT min(id) FROM feedback_case")[0]
    by_force(f"UPDATE feedback_case SET channel = 'post' WHERE id = {key}", table="feedback_case")

    assert wrong() == [Finding("differs", None, "feedback_case", key)]


def test_a_row_of_today_that_is_gone_without_a_word_is_found(sealed: list[int]) -> None:
    (key,) = raw("SELECT max(id) FROM feedback_case")[0]
    by_force(f"DELETE FROM feedback_case WHERE id = {key}", table="feedback_case")

    assert wrong() == [Finding("differs", None, "feedback_case", key)]


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ("UPDATE audit_seal SET at = at - interval '1 day' WHERE number = 1", ["digest", "signature"]),
        ("UPDATE audit_seal SET previous = '' WHERE number = 2", ["chain", "digest", "signature"]),
        ("UPDATE audit_seal SET key_id = 'другият' WHERE number = 2", ["unknown_key"]),
        ("UPDATE audit_seal SET signature = decode(repeat('00', 64), 'hex') WHERE number = 2", ["signature"]),
    ],
)
def test_a_seal_that_was_changed_is_found(sealed: list[int], statement: str, found: list[str]) -> None:
    CaseFactory()
    seal()

    by_force(statement, table="audit_seal")

    assert [finding.what for finding in wrong()] == found


def test_a_cut_or_rewritten_chain_is_found_by_the_published_copy(sealed: list[int]) -> None:
    CaseFactory()
    seal()
    copies = list(published(0, 10))
    by_force("DELETE FROM audit_sealedrows", table="audit_sealedrows")
    by_force("DELETE FROM audit_seal", table="audit_seal")
    assert wrong() == []  # by itself an empty chain is a good one
    assert wrong(published=copies) == [Finding("missing", 1), Finding("missing", 2)]

    by_force(f"UPDATE {TABLE} SET channel = 'post' WHERE history_id = {sealed[0]}")
    seal()

    assert Finding("rewritten", 1) in wrong(published=copies)


def test_without_the_kept_digests_a_change_is_found_though_not_located(sealed: list[int]) -> None:
    by_force(f"UPDATE {TABLE} SET channel = 'post' WHERE history_id = {sealed[0]}")
    by_force("UPDATE audit_sealedrows SET digests = sha256(digests)", table="audit_sealedrows")

    assert wrong()[0] == Finding("digests", 1, TABLE)


@pytest.mark.parametrize("table", ["audit_seal", "audit_sealedrows"])
@pytest.mark.parametrize("statement", ["DELETE FROM {}", "UPDATE {} SET id = id + 1", "TRUNCATE {} CASCADE"])
def test_seals_are_only_added(sealed: list[int], table: str, statement: str) -> None:
    commit()
    with pytest.raises(IntegrityError, match="are only added"), transaction.atomic():
        raw(statement.format(table))


COLUMNS = (*PERSONAL["feedback.Case"], "history_change_reason")
DIGEST = "sha256(history_salt || convert_to(ROW({})::text, 'UTF8'))".format(", ".join(COLUMNS))
MARKED = f"history_erased = {DIGEST}, history_salt = NULL"
EMPTY = ", ".join(f"{name} = ''" for name in COLUMNS)


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


@pytest.mark.parametrize("size", range(1, 10))
def test_the_root_is_that_of_the_standard_tree(size: int) -> None:
    blocks = [Block(number.to_bytes(8, "big"), bytes([number]) * 32) for number in range(size)]

    def root(part: list[Block]) -> bytes:
        """RFC 6962, 2.1: split at the largest power of two smaller than the length."""
        if len(part) == 1:
            return hashlib.sha256(b"\x00" + part[0].keys + part[0].digests).digest()
        split = 1
        while split * 2 < len(part):
            split *= 2
        return hashlib.sha256(b"\x01" + root(part[:split]) + root(part[split:])).digest()

    tree = Tree()
    for block in blocks:
        tree.add(block)

    assert (tree.root, tree.count) == (root(blocks).hex(), size)


def test_seals_are_published_page_by_page(sealed: list[int], client: Client) -> None:
    CaseFactory()
    seal()

    first = client.get("/api/v1/seals/").json()
    rest = client.get("/api/v1/seals/?after=1").json()

    assert [one["number"] for one in first["seals"]] == [1, 2]
    assert [one["number"] for one in rest["seals"]] == [2]
    assert rest["seals"][0] == json.loads(json.dumps(list(published(1, 1))))[0]
    assert client.get("/api/v1/seals/?after=x").status_code == 400
    assert client.get("/api/v1/seals/?after=-1").status_code == 400
    assert client.get("/api/v1/seals/?after=99999999999999999999").status_code == 400


def test_every_row_of_each_history_is_covered(sealed: list[int]) -> None:
    covered = {table["table"]: table["count"] for table in Seal.objects.get().tables}

    for model in audited_models():
        past: type[models.Model] = model.history.model  # type: ignore[attr-defined]
        assert covered.pop(past._meta.db_table) == past._default_manager.count()
    assert covered == {model._meta.db_table: model._default_manager.count() for model in event_models()}
    save_with_history(Unit.objects.latest("pk"), by=None, why="проба")
    assert sum(table["count"] for table in seal().tables) == 1
    assert SealedRows.objects.filter(seal__number=2).count() == 1
