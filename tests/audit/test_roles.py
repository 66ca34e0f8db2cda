"""The application's role reads and adds; it owns no table, removes no guard, and is believed no history of its own."""

import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from subprocess import run
from typing import Any
from urllib.parse import quote

import psycopg
import pytest
from django.db import OperationalError, connection, transaction
from psycopg import errors, sql
from psycopg.conninfo import make_conninfo

from charter.actions.reports import wait_for_writers
from samokov_portal.audit import writing
from samokov_portal.audit.checks import check_guards, check_owner
from samokov_portal.audit.guards import audited_tables, event_tables, guards, only_added_tables
from samokov_portal.audit.privileges import differences, grant_after_migrating
from samokov_portal.database_roles import APPLICATION
from samokov_portal.keys import make_key

pytestmark = pytest.mark.django_db
AUDITED = audited_tables()
ADDED_ONLY = sorted(only_added_tables())
PERSON = dict.fromkeys(("username", "password", "first_name", "last_name", "email", "position"), "") | {
    **dict.fromkeys(("is_superuser", "is_staff", "is_active"), False),
    "date_joined": "2026-11-24",
}
Connection = psycopg.Connection[tuple[Any, ...]]


def address(**parts: str) -> str:
    """The server of the tests, as another role or in another database."""
    return make_conninfo(os.environ["DATABASE_URL"], **parts)


@pytest.fixture
def application() -> Iterator[Connection]:
    """A session as psql would have it, in the role of the server and the worker; whatever it did is undone."""
    name = connection.settings_dict["NAME"]
    with psycopg.connect(address(dbname=name, user=APPLICATION)) as session:
        yield session
        session.rollback()


@pytest.fixture
def somebody(application: Connection) -> Connection:
    """The same session, with a member of staff whom nobody else sees."""
    person = sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(
        sql.Identifier("staff_staffuser"),
        sql.SQL(", ").join(map(sql.Identifier, PERSON)),
        sql.SQL(", ").join(map(sql.Literal, PERSON.values())),
    )
    application.execute(person)
    return application


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    make_key(tmp_path / "report.key")
    return tmp_path / "report.key"


def test_the_application_owns_no_table_and_may_what_it_needs(application: Connection) -> None:
    owned = application.execute("SELECT count(*) FROM pg_class WHERE pg_has_role(relowner, 'USAGE')").fetchone()
    with connection.cursor() as cursor:
        found = differences(cursor, APPLICATION)

    assert (owned, found) == ((0,), [])


@pytest.mark.parametrize("table", ADDED_ONLY)
@pytest.mark.parametrize("statement", ["UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {}"])
def test_it_may_not_change_a_record(application: Connection, table: str, statement: str) -> None:
    key = "history_id" if table in {audited.history for audited in AUDITED} else "id"

    with pytest.raises(errors.InsufficientPrivilege):
        application.execute(sql.SQL(statement.replace("id", key)).format(sql.Identifier(table)))  # type: ignore[arg-type]


@pytest.mark.parametrize("table", ADDED_ONLY)
def test_it_may_read_a_record(application: Connection, table: str) -> None:
    application.execute(sql.SQL("SELECT * FROM {} LIMIT 1").format(sql.Identifier(table)))


@pytest.mark.parametrize("table", [audited.table for audited in AUDITED])
@pytest.mark.parametrize(
    "statement",
    [
        "ALTER TABLE {} DISABLE TRIGGER ALL",
        "DROP TRIGGER audit_require_history ON {}",
        "TRUNCATE {} CASCADE",
        "ALTER TABLE {} OWNER TO CURRENT_USER",
        "CREATE TRIGGER away BEFORE UPDATE ON {} FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()",
    ],
)
def test_it_may_not_touch_a_guard(application: Connection, table: str, statement: str) -> None:
    with pytest.raises(errors.InsufficientPrivilege):
        application.execute(sql.SQL(statement).format(sql.Identifier(table)))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "statement",
    [
        "SET session_replication_role = replica",
        "SET ROLE samokov",
        "CREATE TABLE mine (id int)",
        "DROP FUNCTION audit_stamp CASCADE",
        "CREATE OR REPLACE FUNCTION audit_refuse_change() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
        "SELECT setval('audit_count', 1)",
    ],
)
def test_it_may_not_become_more_than_it_is(application: Connection, statement: Any) -> None:
    with pytest.raises(errors.InsufficientPrivilege):
        application.execute(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE services_unit SET name = 'Друго' WHERE code = 'hdettos'",
        "DELETE FROM charter_remark WHERE id = (SELECT max(id) FROM charter_remark)",
        'INSERT INTO services_unit SELECT (jsonb_populate_record(unit, \'{"id": 99999, "code": "x"}\')).*'
        " FROM services_unit unit WHERE code = 'hdettos'",
    ],
)
def test_its_changes_without_history_are_refused_at_commit(application: Connection, statement: Any) -> None:
    application.execute(statement)

    with pytest.raises(errors.IntegrityConstraintViolation, match="without a history row"):
        application.commit()


COPIED = """
    INSERT INTO {history} SELECT (jsonb_populate_record(past, {changes})).* FROM {history} past
    WHERE past.code = 'hdettos' ORDER BY history_id DESC LIMIT 1
"""


def insert_history(session: Connection, changes: str, history: str = "services_historicalunit") -> None:
    session.execute(
        sql.SQL(COPIED).format(  # type: ignore[arg-type]
            history=sql.Identifier(history), changes=sql.SQL(changes)
        )
    )


def next_key(**changes: str) -> str:
    """JSON in SQL: the next key, dated now, with `changes` as SQL expressions."""
    pairs = {"history_id": "nextval('services_historicalunit_history_id_seq')", "history_date": "now()"} | changes
    return "jsonb_build_object(" + ", ".join(f"'{name}', {value}" for name, value in pairs.items()) + ")"


@pytest.mark.parametrize(
    "changes",
    [
        {"name": "'Друго'"},
        {"history_type": "'-'"},
        {"history_date": "now() - interval '1 day'"},
        {"history_date": "now() + interval '1 day'"},
    ],
    ids=["of another state", "of a removal", "dated back", "dated ahead"],
)
def test_it_is_not_believed_a_history_of_what_did_not_happen(application: Connection, changes: dict[str, str]) -> None:
    with pytest.raises(errors.IntegrityConstraintViolation, match="does not tell what happened"):
        insert_history(application, next_key(**changes))


TOLD = {
    "staff_staffevent": "(user_id, kind, at, roles, origin) SELECT id, 'password', {at}, '', ''",
    "audit_look": "(by_id, kind, at, subject, sought, origin, address) SELECT id, 'case', {at}, '', '', '', ''",
}


@pytest.mark.parametrize("table", TOLD)
@pytest.mark.parametrize("at", ["now() - interval '1 day'", "now() + interval '1 day'"], ids=["back", "ahead"])
def test_what_happened_at_another_time_is_not_told(somebody: Connection, table: str, at: str) -> None:
    """Whoever owns the tables makes the sample, and may."""
    with pytest.raises(errors.IntegrityConstraintViolation, match="another time than now"):
        somebody.execute(f"INSERT INTO {table} {TOLD[table].format(at=at)} FROM staff_staffuser")  # type: ignore[call-overload]


@pytest.mark.parametrize("table", TOLD)
def test_what_happens_now_is_told(somebody: Connection, table: str) -> None:
    somebody.execute(f"INSERT INTO {table} {TOLD[table].format(at='now()')} FROM staff_staffuser")  # type: ignore[call-overload]


def test_every_event_that_has_a_moment_is_held_to_now() -> None:
    held = {guard.table: guard.arguments for guard in guards() if guard.function == "audit_stamp_event"}

    assert held == {table: () if table == "audit_tombstone" else ("at",) for table in event_tables()}


@pytest.mark.parametrize("statement", ["INSERT INTO {} DEFAULT VALUES", "UPDATE {} SET id = id", "DELETE FROM {}"])
@pytest.mark.parametrize("table", ["audit_tombstone", "django_migrations"])
def test_what_the_owner_writes_it_only_reads(application: Connection, table: str, statement: str) -> None:
    """A tombstone of somebody whose data are there would hide them from a request to erase."""
    application.execute(sql.SQL("SELECT * FROM {} LIMIT 1").format(sql.Identifier(table)))
    with pytest.raises(errors.InsufficientPrivilege):
        application.execute(sql.SQL(statement).format(sql.Identifier(table)))  # type: ignore[arg-type]


def test_a_change_with_its_history_is_let_through(application: Connection) -> None:
    application.execute("UPDATE services_unit SET name = 'Друго' WHERE code = 'hdettos'")
    insert_history(application, next_key(name="'Друго'"))

    application.execute("SET CONSTRAINTS ALL IMMEDIATE")

    row = application.execute("SELECT history_origin FROM services_historicalunit WHERE name = 'Друго'").fetchone()
    assert row is not None


def test_a_temporary_table_does_not_stand_in_for_history(application: Connection) -> None:
    """Temporary tables come first in the search path; the test's database leaves everybody make them."""
    application.execute(
        "CREATE TEMPORARY TABLE services_historicalunit AS SELECT * FROM public.services_historicalunit"
    )
    application.execute(
        "UPDATE services_historicalunit SET name = 'Друго', history_recorded_at = now() + interval '1 hour',"
        " history_xid = pg_current_xact_id()::text::bigint WHERE code = 'hdettos'"
    )
    application.execute("UPDATE services_unit SET name = 'Друго' WHERE code = 'hdettos'")

    with pytest.raises(errors.IntegrityConstraintViolation, match="without a history row"):
        application.commit()


def test_a_count_waits_for_whoever_is_writing(application: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "PATIENCE", "200ms")
    insert_history(application, next_key())
    with pytest.raises(OperationalError), transaction.atomic():
        wait_for_writers()

    application.rollback()

    wait_for_writers()


def test_the_worker_drafts_and_seals_as_the_application(application: Connection, key_file: Path) -> None:
    """In a process of its own, as the server and the worker run; what it did is undone."""
    drafted = (
        "from django.db import transaction\n"
        "from charter.models import Report\n"
        "from charter.tasks import draft_report\n"
        "with transaction.atomic():\n"
        "    draft_report('2026-Q3', None)\n"
        "    report = Report.objects.get()\n"
        "    print(report.seal.number, report.figures.count())\n"
        "    transaction.set_rollback(True)\n"
    )
    environ = {
        **os.environ,
        "DATABASE_URL": f"postgres://{APPLICATION}@/{connection.settings_dict['NAME']}"
        f"?host={quote(str(connection.settings_dict['HOST']), safe='')}",
        "REPORT_KEY_FILE": str(key_file),
    }

    done = run([sys.executable, "manage.py", "shell", "-c", drafted], env=environ, capture_output=True, text=True)

    assert (done.returncode, done.stderr[-500:]) == (0, "")
    assert re.search(r"^1 \d\d$", done.stdout, re.MULTILINE)


def test_rights_that_are_lost_or_gained_are_told_and_put_right() -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"GRANT DELETE, UPDATE ON feedback_caseevent TO {APPLICATION}")
        cursor.execute(f"REVOKE INSERT ON feedback_case FROM {APPLICATION}")
        cursor.execute(f"GRANT UPDATE ON SEQUENCE audit_count TO {APPLICATION}")
        found = {one.name: (one.lacking, one.beyond) for one in differences(cursor, APPLICATION)}
        told = [message.msg for message in check_guards(databases=["default"])]

        grant_after_migrating(using="default")

        after = differences(cursor, APPLICATION)
    assert found == {
        "audit_count": ((), ("UPDATE",)),
        "feedback_case": (("INSERT",), ()),
        "feedback_caseevent": ((), ("DELETE", "UPDATE")),
    }
    assert "samokov_portal may DELETE, UPDATE on feedback_caseevent." in told
    assert after == []


def test_a_role_that_is_not_there_gets_nothing() -> None:
    with connection.cursor() as cursor:
        assert differences(cursor, "nobody_like_that") == []


def test_a_guard_that_is_gone_is_told() -> None:
    before = check_guards(databases=["default"])
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE feedback_case DISABLE TRIGGER audit_require_history")

    assert before == []
    assert [message.id for message in check_guards(databases=["default"])] == ["audit.W002"]


def test_a_portal_that_owns_its_tables_is_warned(settings: Any) -> None:
    assert [message.id for message in check_owner(databases=["default"])] == ["audit.W001"]
