"""Which tables are guarded by the database itself, and how the guards are put there.

A row of an audited table changes only together with a history row of the same transaction that says the same; the
check is at commit, so nothing is forbidden to the order of statements inside. History and events are only added.
The guards are put after each `migrate`, on what the models of today say, so that a new table cannot be forgotten.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.apps import apps
from django.db import connections, models
from psycopg import sql
from simple_history.utils import get_history_manager_for_model

from samokov_portal.audit.personal import PERSONAL, REASON
from samokov_portal.audit.years import partitions, yearly_tables

NOT_EMPTIED = "audit_not_emptied"
# Beside history: rows that are only added, each of them the record of something that happened to an audited row.
EVENTS = (
    "feedback.CaseEvent",
    "services.ApplicationEvent",
    "charter.ReportStep",
    "staff.StaffEvent",
    "audit.Tombstone",
)
SEALS = ("audit.Seal", "audit.SealedRows")
LOOKS = ("audit.Look",)


@dataclass(frozen=True)
class Audited:
    """A table, its history, and the columns that history does not keep."""

    table: str
    history: str
    untracked: tuple[str, ...]


# Kept, because whoever asks a model for its `history` is given a class made anew, and the models stay as they are.
@cache
def audited_models() -> tuple[type[models.Model], ...]:
    """The models with history."""
    return tuple(model for model in apps.get_models() if hasattr(model, "history") and hasattr(model.history, "model"))


@cache
def audited_tables() -> tuple[Audited, ...]:
    """The tables with history, by name."""
    found = []
    for model in audited_models():
        past = get_history_manager_for_model(model).model
        kept = {field.attname for field in past.tracked_fields}
        # Here each column is called as its attribute.
        untracked = tuple(sorted({field.attname for field in model._meta.concrete_fields} - kept))
        found.append(Audited(model._meta.db_table, past._meta.db_table, untracked))
    return tuple(sorted(found, key=lambda audited: audited.table))


def event_tables() -> list[str]:
    """The tables of events, by name."""
    return sorted(map(table_of, EVENTS))


def event_models() -> list[type[models.Model]]:
    """The models of events."""
    return [apps.get_model(label) for label in EVENTS]


def only_added_tables() -> list[str]:
    """The tables whose rows nobody changes or removes: history, events, seals and looks."""
    return [*(audited.history for audited in audited_tables()), *event_tables(), *map(table_of, (*SEALS, *LOOKS))]


def table_of(name: str) -> str:
    """The table of a model by its label."""
    return apps.get_model(name)._meta.db_table


@dataclass(frozen=True)
class Guard:
    """A trigger: its name, its table, when it fires, and what it calls with which arguments."""

    name: str
    table: str
    fires: str
    function: str
    arguments: tuple[str, ...] = ()

    @property
    def statement(self) -> sql.Composed:
        """What puts it there."""
        return sql.SQL("CREATE {} EXECUTE FUNCTION {}({})").format(
            sql.SQL(self.fires).format(name=sql.Identifier(self.name), table=sql.Identifier(self.table)),
            sql.Identifier(self.function),
            sql.SQL(", ").join(map(sql.Literal, self.arguments)),
        )


AT_COMMIT = (
    "CONSTRAINT TRIGGER {name} AFTER INSERT OR UPDATE OR DELETE ON {table} DEFERRABLE INITIALLY DEFERRED FOR EACH ROW"
)
BEFORE_INSERT = "TRIGGER {name} BEFORE INSERT ON {table} FOR EACH ROW"
BEFORE_CHANGE = "TRIGGER {name} BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW"
# TRUNCATE fires no trigger of rows.
BEFORE_TRUNCATE = "TRIGGER {name} BEFORE TRUNCATE ON {table} FOR EACH STATEMENT"


def guards() -> list[Guard]:
    """Every guard that has to be there."""
    found = []
    for audited in audited_tables():
        untracked = "{" + ",".join(audited.untracked) + "}"
        found += [
            Guard(
                "audit_require_history", audited.table, AT_COMMIT, "audit_require_history", (audited.history, untracked)
            ),
            Guard(NOT_EMPTIED, audited.table, BEFORE_TRUNCATE, "audit_refuse_change"),
            Guard("audit_stamp", audited.history, BEFORE_INSERT, "audit_stamp", (audited.table, untracked)),
        ]
    for model in event_models():
        # What says when it happened may say so of now only.
        moment = tuple(field.attname for field in model._meta.concrete_fields if field.attname == "at")
        found.append(Guard("audit_stamp", model._meta.db_table, BEFORE_INSERT, "audit_stamp_event", moment))
    found += [Guard("audit_of_now", table, BEFORE_INSERT, "audit_of_now") for table in map(table_of, LOOKS)]
    return found + [guard for table in only_added_tables() for guard in _only_added(table)]


@cache
def personal_columns() -> Mapping[str, tuple[str, ...]]:
    """By the table of history or of events: the columns that its owner may empty, leaving the digest of them."""
    histories = {
        get_history_manager_for_model(model).model._meta.db_table: (*PERSONAL.get(model._meta.label, ()), REASON)
        for model in audited_models()
    }
    return histories | {model._meta.db_table: PERSONAL[model._meta.label] for model in event_models()}


def _only_added(table: str) -> list[Guard]:
    personal = personal_columns().get(table, ())
    arguments = ("{" + ",".join(personal) + "}",) if personal else ()
    return [
        Guard("audit_only_added", table, BEFORE_CHANGE, "audit_refuse_change", arguments),
        Guard(NOT_EMPTIED, table, BEFORE_TRUNCATE, "audit_refuse_change"),
    ]


def put_guards_after_migrating(*, using: str, **_signal: Any) -> None:
    """Put what is missing on the tables that are there; after a `migrate` to the past not all of them are."""
    with connections[using].cursor() as cursor:
        for name, table in superfluous(cursor):
            cursor.execute(sql.SQL("DROP TRIGGER {} ON {}").format(sql.Identifier(name), sql.Identifier(table)))
        for guard in missing(cursor):
            cursor.execute(
                sql.SQL("DROP TRIGGER IF EXISTS {} ON {}").format(*map(sql.Identifier, (guard.name, guard.table)))
            )
            cursor.execute(guard.statement)


def missing(cursor: Any) -> list[Guard]:
    """Guards that are not there, are switched off or say something else; three queries."""
    present = _present(cursor)
    return [guard for guard in _wanted(cursor) if (guard.name, guard.table, guard.arguments) not in present]


def superfluous(cursor: Any) -> list[tuple[str, str]]:
    """Guards of tables that are not audited, or not yet, as pairs of trigger and table; three queries."""
    wanted = {(guard.name, guard.table) for guard in _wanted(cursor)}
    return sorted({(name, table) for name, table, _arguments in _present(cursor)} - wanted)


def _wanted(cursor: Any) -> list[Guard]:
    """The guards of the tables that are there, and of their partitions; two queries.

    A partition has the guards of rows from its table; what is for a whole statement it must have by itself.
    """
    ready = _ready(cursor)
    parts = [part for _table, part in partitions(cursor, yearly_tables())]
    own = [Guard(NOT_EMPTIED, part, BEFORE_TRUNCATE, "audit_refuse_change") for part in parts]
    return [guard for guard in guards() if guard.table in ready] + own


def _present(cursor: Any) -> set[tuple[str, str, tuple[str, ...]]]:
    """The guards that are switched on, in each partition too: their names, tables and arguments."""
    cursor.execute(
        "SELECT tgname, relname, encode(tgargs, 'escape')"
        " FROM pg_trigger AS guard JOIN pg_class ON pg_class.oid = tgrelid"
        " WHERE tgname LIKE 'audit\\_%%' AND tgenabled <> 'D' AND relnamespace = current_schema()::regnamespace"
        " AND tgparentid = 0"
        " AND NOT EXISTS (SELECT FROM pg_trigger AS copy WHERE copy.tgparentid = guard.oid AND copy.tgenabled = 'D')"
    )
    return {(name, table, tuple(arguments.split("\\000")[:-1])) for name, table, arguments in cursor.fetchall()}


def _ready(cursor: Any) -> set[str]:
    """The tables that can be guarded: before its migration has run, a table is not there, or its history lacks the
    columns that the guards write."""
    cursor.execute(
        "SELECT relname, EXISTS (SELECT FROM pg_attribute WHERE attrelid = pg_class.oid AND attname = 'history_seal'"
        " AND NOT attisdropped)"
        " FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace = current_schema()::regnamespace"
    )
    tables = dict(cursor.fetchall())
    traced = [audited for audited in audited_tables() if tables.get(audited.history)]
    return {
        *(audited.table for audited in traced),
        *(audited.history for audited in traced),
        *(tables.keys() & set(map(table_of, (*SEALS, *LOOKS)))),
        *(table for table in event_tables() if tables.get(table)),
    }
