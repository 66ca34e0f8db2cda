"""Ways around the guards that whoever has the password of the portal's role might try: each ends in a refusal."""

from typing import Any

import pytest
from psycopg import errors, sql

from tests.audit.test_roles import Connection, application, insert_history, next_key

__all__ = ["application"]

pytestmark = pytest.mark.django_db

RENAMED = "UPDATE services_unit SET name = '{}' WHERE code = 'hdettos'"
UNTOLD = "without a history row"


def renamed(session: Connection, name: str = "Друго") -> None:
    session.execute(sql.SQL(RENAMED.format(name)))  # type: ignore[arg-type]


def test_after_a_check_in_between_the_next_change_is_checked_as_well(application: Connection) -> None:
    renamed(application)
    insert_history(application, next_key(name="'Друго'"))
    application.execute("SET CONSTRAINTS ALL IMMEDIATE")

    with pytest.raises(errors.IntegrityConstraintViolation, match=UNTOLD):
        renamed(application, "Трето")


def test_a_check_that_is_put_off_again_comes_at_commit(application: Connection) -> None:
    renamed(application)
    insert_history(application, next_key(name="'Друго'"))
    application.execute("SET CONSTRAINTS ALL IMMEDIATE")
    application.execute("SET CONSTRAINTS ALL DEFERRED")
    renamed(application, "Трето")

    with pytest.raises(errors.IntegrityConstraintViolation, match=UNTOLD):
        application.commit()


def test_a_history_that_is_taken_back_to_a_savepoint_is_none(application: Connection) -> None:
    renamed(application)
    application.execute("SAVEPOINT before")
    insert_history(application, next_key(name="'Друго'"))
    application.execute("ROLLBACK TO SAVEPOINT before")

    with pytest.raises(errors.IntegrityConstraintViolation, match=UNTOLD):
        application.commit()


def test_a_transaction_is_not_prepared_past_the_check(application: Connection) -> None:
    renamed(application)

    # The check comes first; where it did not, the server keeps no prepared transactions.
    with pytest.raises((errors.IntegrityConstraintViolation, errors.ObjectNotInPrerequisiteState)):
        application.execute("PREPARE TRANSACTION 'later'")


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO services_unit SELECT * FROM services_unit WHERE code = 'hdettos'"
        " ON CONFLICT (id) DO UPDATE SET name = 'Друго'",
        "MERGE INTO services_unit AS unit USING (VALUES ('hdettos')) AS one (code) ON unit.code = one.code"
        " WHEN MATCHED THEN UPDATE SET name = 'Друго'",
        "CREATE TEMPORARY VIEW seen AS SELECT * FROM services_unit;"
        " UPDATE seen SET name = 'Друго' WHERE code = 'hdettos'",
        "DO $$ BEGIN EXECUTE 'UPDATE services_unit SET name = ''Друго'' WHERE code = ''hdettos'''; END $$",
        "WITH changed AS (UPDATE services_unit SET name = 'Друго' WHERE code = 'hdettos' RETURNING id)"
        " SELECT * FROM changed",
    ],
    ids=["on conflict", "merge", "through a view", "in a block", "in a query"],
)
def test_however_it_is_written_a_change_without_history_is_refused(application: Connection, statement: Any) -> None:
    application.execute(statement)

    with pytest.raises(errors.IntegrityConstraintViolation, match=UNTOLD):
        application.commit()


def test_copied_rows_need_history_too(application: Connection) -> None:
    with application.cursor().copy(
        "COPY services_settlement (id, ekatte, kind, name, name_en, postal_code, mayoralty, source) FROM STDIN"
    ) as copy:
        copy.write_row((99999, "99999", "с.", "Измислено", "", "", "", "никъде"))

    with pytest.raises(errors.IntegrityConstraintViolation, match=UNTOLD):
        application.commit()


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TEMPORARY TABLE child () INHERITS (services_unit)",
        "COPY services_unit FROM PROGRAM 'true'",
        "COPY services_unit TO '/tmp/units'",
        "SELECT lo_import('/etc/hostname')",
        "SELECT pg_read_file('postgresql.conf')",
        "CREATE EXTENSION dblink",
        "LISTEN x; SELECT set_config('session_replication_role', 'replica', false)",
        "ALTER EVENT TRIGGER x DISABLE",
    ],
)
def test_what_would_go_behind_the_tables_is_not_its_to_do(application: Connection, statement: Any) -> None:
    with pytest.raises((errors.InsufficientPrivilege, errors.UndefinedObject)):
        application.execute(statement)
