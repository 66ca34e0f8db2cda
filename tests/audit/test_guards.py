"""Every audited table refuses, at commit, a change that leaves no history; history and events are only added."""

from typing import Any

import pytest
from django.db import IntegrityError, connection, models, transaction

from charter.models import Comment, Report, ReportStep
from samokov_portal.audit.guards import audited_models, event_tables, missing
from samokov_portal.audit.models import Tombstone
from samokov_portal.audit.origin import LONGEST_ORIGIN, coming_from
from samokov_portal.history import save_with_history
from samokov_portal.staff.choices import StaffEventKind
from samokov_portal.staff.models import StaffUser, note_event
from services.models import Unit, Visit
from tests.audit.rows import BUILD, CHANGES, application_event, event
from tests.factories import at

pytestmark = pytest.mark.django_db

MODELS = sorted(audited_models(), key=lambda model: model._meta.label)
# Of these the database refuses every change, with history or without.
ONLY_ADDED = {Visit, Comment}
CHANGED = [model for model in MODELS if model not in ONLY_ADDED]
of_each_model = pytest.mark.parametrize("model", MODELS, ids=[model._meta.label for model in MODELS])
of_each_changed = pytest.mark.parametrize("model", CHANGED, ids=[model._meta.label for model in CHANGED])


def commit() -> None:
    """Check what a commit would check."""
    connection.check_constraints()


def stored(model: type[models.Model]) -> Any:
    """A new row of `model` with its history, committed."""
    row = BUILD[model]()
    save_with_history(row, by=None, why="проба")
    commit()
    return row


def change_of(model: type[models.Model]) -> tuple[str, Any]:
    """A column of `model` and another value for it."""
    name, value = CHANGES[model]
    return name, value if name != "unit_id" else Unit.objects.latest("pk").pk


def refused(model: type[models.Model]) -> Any:
    return pytest.raises(IntegrityError, match=f"{model._meta.db_table} .* without a history row")


def raw(statement: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def test_each_audited_model_is_tried() -> None:
    assert set(BUILD) == set(CHANGES) == set(MODELS)


def test_every_guard_is_there() -> None:
    with connection.cursor() as cursor:
        assert missing(cursor) == []


def test_a_guard_that_was_switched_off_or_dropped_is_missed() -> None:
    raw("ALTER TABLE feedback_case DISABLE TRIGGER audit_require_history")
    raw("DROP TRIGGER audit_stamp ON feedback_historicalcase")

    with connection.cursor() as cursor:
        found = {(guard.name, guard.table) for guard in missing(cursor)}
    assert found == {("audit_require_history", "feedback_case"), ("audit_stamp", "feedback_historicalcase")}


@of_each_changed
def test_a_row_saved_with_its_history_is_let_through(model: type[models.Model]) -> None:
    row = stored(model)
    name, value = change_of(model)
    setattr(row, name, value)

    save_with_history(row, by=None, why="проба", fields=[name])

    commit()


@of_each_changed
def test_a_removed_row_with_its_history_is_let_through(model: type[models.Model]) -> None:
    stored(model).delete()

    commit()


@of_each_changed
def test_update_of_a_query_is_refused(model: type[models.Model]) -> None:
    row = stored(model)
    name, value = change_of(model)

    model._default_manager.filter(pk=row.pk).update(**{name: value})

    with refused(model):
        commit()


@of_each_changed
def test_bulk_update_is_refused(model: type[models.Model]) -> None:
    row = stored(model)
    name, value = change_of(model)
    setattr(row, name, value)

    model._default_manager.bulk_update([row], [name])

    with refused(model):
        commit()


@of_each_model
def test_bulk_create_is_refused(model: type[models.Model]) -> None:
    row = BUILD[model]()
    commit()

    model._default_manager.bulk_create([row])

    with refused(model):
        commit()


@of_each_changed
def test_an_update_in_sql_is_refused(model: type[models.Model]) -> None:
    row = stored(model)
    name, value = change_of(model)

    raw(f'UPDATE {model._meta.db_table} SET "{name}" = %s WHERE id = %s', value, row.pk)

    with refused(model):
        commit()


@of_each_changed
def test_a_removal_in_sql_is_refused(model: type[models.Model]) -> None:
    row = stored(model)

    raw(f"DELETE FROM {model._meta.db_table} WHERE id = %s", row.pk)

    with refused(model):
        commit()


@of_each_changed
def test_a_history_row_that_says_something_else_does_not_do(model: type[models.Model]) -> None:
    row = stored(model)
    name, value = change_of(model)
    save_with_history(row, by=None, why="нищо не е променено")

    raw(f'UPDATE {model._meta.db_table} SET "{name}" = %s WHERE id = %s', value, row.pk)

    with refused(model):
        commit()


def test_a_history_row_of_another_transaction_does_not_do() -> None:
    unit = stored(Unit)
    before = unit.name
    unit.name = "Друго звено"
    save_with_history(unit, by=None, why="проба")
    commit()
    # As if what was stored so far had been stored before.
    raw("ALTER TABLE services_historicalunit DISABLE TRIGGER audit_only_added")
    raw("UPDATE services_historicalunit SET history_xid = history_xid - 1")

    raw("UPDATE services_unit SET name = %s WHERE id = %s", before, unit.pk)

    with refused(Unit):
        commit()


def test_a_row_may_not_change_its_key() -> None:
    unit = stored(Unit)

    raw("UPDATE services_unit SET id = id + 1000 WHERE id = %s", unit.pk)

    with refused(Unit):
        commit()


def test_what_history_does_not_keep_may_change_without_it(staff: Any) -> None:
    raw("UPDATE staff_staffuser SET last_login = now()")

    commit()


def test_the_refusal_says_what_to_do() -> None:
    unit = stored(Unit)
    raw("UPDATE services_unit SET name = 'х' WHERE id = %s", unit.pk)

    with pytest.raises(IntegrityError) as refusal:
        commit()

    diagnosis = refusal.value.__cause__.diag  # type: ignore[union-attr]
    assert diagnosis.table_name == "services_unit"
    assert diagnosis.message_primary == f"services_unit {unit.pk}: update without a history row of the same transaction"
    assert "save_with_history" in diagnosis.message_hint


STATEMENTS = ["UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {} CASCADE"]


@of_each_model
@pytest.mark.parametrize("statement", STATEMENTS)
def test_history_is_only_added(model: type[models.Model], statement: str) -> None:
    stored(model)

    with pytest.raises(IntegrityError, match="only added"):
        raw(statement.format(model.history.model._meta.db_table))  # type: ignore[attr-defined]


@pytest.mark.parametrize("table", event_tables())
@pytest.mark.parametrize("statement", STATEMENTS)
def test_events_are_only_added(table: str, statement: str) -> None:
    event()
    application_event()
    report = stored(Report)
    ReportStep.objects.create(report=report, status=report.status, at=report.prepared_at)
    note_event(StaffUser.objects.create(username="new"), StaffEventKind.PASSWORD)
    Tombstone.objects.create(what="feedback.Case", number="С-2026-000001", received_at=at("2026-03-02"),
                             why="по искане", erased_at=at("2026-11-24"), salt=b"0", digest="0" * 64)  # fmt: skip
    commit()

    with pytest.raises(IntegrityError, match="only added"):
        raw(statement.format(table))


@of_each_model
def test_an_audited_table_is_not_emptied(model: type[models.Model]) -> None:
    with pytest.raises(IntegrityError, match="only added"):
        raw(f"TRUNCATE {model._meta.db_table} CASCADE")


def test_a_history_row_says_where_it_comes_from() -> None:
    with coming_from("request 0193"):
        first = stored(Unit).history.get()
    with coming_from("command " + "х" * LONGEST_ORIGIN):
        unit = Unit.objects.latest("pk")
        unit.name = "Друго звено"
        save_with_history(unit, by=None, why="проба")
    unit.name = "Трето звено"
    save_with_history(unit, by=None, why="проба")

    newest, second, _first = unit.history.order_by("-history_id")
    assert first.history_origin == "request 0193"
    assert second.history_origin == ("command " + "х" * LONGEST_ORIGIN)[:LONGEST_ORIGIN]
    assert newest.history_origin.startswith("sql ")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_xact_id()::text::bigint")
        assert {row.history_xid for row in (first, second, newest)} == {cursor.fetchone()[0]}
    assert first.history_recorded_at < second.history_recorded_at < newest.history_recorded_at
    assert len({bytes(row.history_salt) for row in (first, second, newest)}) == 3


@pytest.mark.parametrize("name", ["history_xid", "history_salt", "history_erased"])
def test_what_the_database_says_of_a_history_row_cannot_be_given(name: str) -> None:
    unit = stored(Unit)
    past = unit.history.get()
    given = {"history_xid": 1, "history_salt": b"0" * 16, "history_erased": b"0" * 32}[name]
    past.pk = None
    setattr(past, name, given)

    past.save(force_insert=True)

    past.refresh_from_db()
    assert getattr(past, name) != given


@pytest.mark.django_db(transaction=True)
def test_a_real_commit_is_refused_and_nothing_is_stored() -> None:
    unit = Unit.objects.latest("pk")

    with pytest.raises(IntegrityError, match="without a history row"), transaction.atomic():
        Unit.objects.filter(pk=unit.pk).update(name="Друго звено")

    assert Unit.objects.get(pk=unit.pk).name == unit.name
