"""A large database from a small one: made-up cases with all that belongs to them, copied many times by COPY.

The lives of some thousand cases come from `sample_data`; each further copy has keys, numbers and salts of its own. So
the rows are the same for the same count, and as varied as those of the demonstration, at the speed of COPY.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import LiteralString

import psycopg
from django.db import transaction
from psycopg import sql

from samokov_portal.office.models import next_number

# The tables in the order of their references, with the columns that hold keys, each with the table that it points to.
TABLES: dict[str, dict[str, str]] = {
    "feedback_case": {"id": "feedback_case"},
    "feedback_historicalcase": {"history_id": "feedback_historicalcase", "id": "feedback_case"},
    "feedback_caseevent": {"id": "feedback_caseevent", "case_id": "feedback_case"},
    "feedback_letter": {"id": "feedback_letter", "case_id": "feedback_case", "event_id": "feedback_caseevent"},
    "feedback_historicalletter": {
        "history_id": "feedback_historicalletter",
        "id": "feedback_letter",
        "case_id": "feedback_case",
        "event_id": "feedback_caseevent",
    },
    "services_application": {"id": "services_application"},
    "services_historicalapplication": {"history_id": "services_historicalapplication", "id": "services_application"},
    "services_applicationevent": {"id": "services_applicationevent", "application_id": "services_application"},
    "services_visit": {"id": "services_visit", "application_id": "services_application"},
    "services_historicalvisit": {
        "history_id": "services_historicalvisit",
        "id": "services_visit",
        "application_id": "services_application",
    },
}
CASES = "feedback_case"
# The tables whose rows bear numbers of a register.
NUMBERED = (CASES, "services_application")

# The columns of a table, and its rows as COPY writes them.
Template = tuple[list[str], list[list[str]]]
# What stands in a copy, by its number, in place of a value.
Change = Callable[[int, str], str]


@dataclass(frozen=True)
class Registers:
    """How many copies there are, and the first number that they take in each register and year."""

    copies: int
    firsts: dict[tuple[str, str], int]

    def number(self, copy: int, number: str) -> str:
        """The number that what has `number` has in the copy: in the order of the lives, as time went."""
        letter, year, serial = number.split("-")
        return f"{letter}-{year}-{self.firsts[letter, year] + (int(serial) - 1) * self.copies + copy - 1:06d}"


def fill(administrator: str, cases: int) -> int:
    """Copy the cases that are there until there are `cases` of them; returns how many rows were written.

    `administrator` is the address of a superuser: the rows are written past the guards, as a restored backup is.
    """
    with psycopg.connect(administrator) as connection:
        templates = {table: _rows(connection, table) for table in TABLES}
        copies = cases // len(templates[CASES][1]) if templates[CASES][1] else 0
        if copies < 2:
            return 0
        registers = _registers([templates[table] for table in NUMBERED], copies - 1)
        count = _one(connection, "SELECT last_value FROM audit_count")
        spans = {table: _span(connection, table) for table in TABLES}
        connection.execute("SET session_replication_role = replica")
        connection.execute("SET maintenance_work_mem = '256MB'")
        for table, (columns, rows) in templates.items():
            with _indexed_afterwards(connection, table):
                _copy(
                    connection, table, columns, _copied(table, columns, rows, spans, registers, range(1, copies), count)
                )
        for table in TABLES:
            key = _key(table)
            connection.execute(
                sql.SQL("SELECT setval(pg_get_serial_sequence({}, {}), (SELECT max({}) FROM {}))").format(
                    sql.Literal(table), sql.Literal(key), sql.Identifier(key), sql.Identifier(table)
                )
            )
    with psycopg.connect(administrator, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")
    return (copies - 1) * sum(len(rows) for _columns, rows in templates.values())


INDEXES = """
    SELECT index.indexrelid::regclass::text, pg_get_indexdef(index.indexrelid) FROM pg_index AS index
    WHERE index.indrelid = %s::regclass
        AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = index.indexrelid)
    ORDER BY 1
"""


@contextmanager
def _indexed_afterwards(connection: psycopg.Connection, table: str) -> Iterator[None]:
    """Without the indexes of the table: made anew from sorted rows they take a small part of the time.

    Those of constraints stay, so that nothing is copied that the table refuses.
    """
    indexes = connection.execute(INDEXES, [table]).fetchall()
    for name, _definition in indexes:
        connection.execute(sql.SQL("DROP INDEX {}").format(sql.Identifier(*name.split("."))))
    yield
    for _name, definition in indexes:
        # Of a table in partitions it is told of the table alone.
        connection.execute(definition.replace(" ON ONLY ", " ON ", 1))


def _key(table: str) -> str:
    return next(iter(TABLES[table]))


def _rows(connection: psycopg.Connection, table: str) -> Template:
    with connection.cursor() as cursor:
        name = sql.Identifier(table)
        cursor.execute(sql.SQL("SELECT * FROM {} LIMIT 0").format(name))
        columns = [column.name for column in cursor.description or ()]
        key = sql.Identifier(_key(table))
        with cursor.copy(sql.SQL("COPY (SELECT * FROM {} ORDER BY {}) TO STDOUT").format(name, key)) as copy:
            text = b"".join(bytes(part) for part in copy).decode()
    return columns, [line.split("\t") for line in text.split("\n")[:-1]]


def _span(connection: psycopg.Connection, table: str) -> int:
    """The last key, after which those of the copies begin."""
    names = sql.Identifier(_key(table)), sql.Identifier(table)
    return _one(connection, sql.SQL("SELECT coalesce(max({}), 0) FROM {}").format(*names))


def _one(connection: psycopg.Connection, statement: sql.Composed | LiteralString) -> int:
    found = connection.execute(statement).fetchone()
    assert found is not None
    return int(found[0])


@transaction.atomic
def _registers(numbered: Iterable[Template], copies: int) -> Registers:
    """Take the numbers of all copies from the counters, as a filing takes one."""
    steps: dict[tuple[str, str], int] = {}
    for columns, rows in numbered:
        for row in rows:
            letter, year, serial = row[columns.index("number")].split("-")
            steps[letter, year] = max(steps.get((letter, year), 0), int(serial))
    firsts = {
        (letter, year): next_number(letter, date(int(year), 1, 1), count=step * copies)
        for (letter, year), step in sorted(steps.items())
    }
    return Registers(copies, firsts)


def _copied(
    table: str,
    columns: list[str],
    rows: list[list[str]],
    spans: dict[str, int],
    registers: Registers,
    copies: range,
    count: int,
) -> Iterator[str]:
    """The lines of all copies."""
    changes = _changes(table, columns, spans, registers, count)
    # Life by life, because lives lie in the order of time in a table that was lived through.
    for row in rows:
        parts, made = _pattern(row, changes)
        for copy in copies:
            for place, change, value in made:
                parts[place] = change(copy, value)
            yield "".join(parts)


def _changes(
    table: str, columns: list[str], spans: dict[str, int], registers: Registers, count: int
) -> dict[int, Change]:
    """What each copy has of its own, by the place of its column."""
    made: dict[str, Change] = {
        "number": registers.number,
        "key": _uuid,
        "history_salt": _salt,
        "history_seal": lambda *_: str(count),
        **{name: _shifted(spans[of], registers.copies) for name, of in TABLES[table].items()},
    }
    return {place: made[name] for place, name in enumerate(columns) if name in made}


def _pattern(row: list[str], changes: dict[int, Change]) -> tuple[list[str], list[tuple[int, Change, str]]]:
    """A line in parts, and which of them are made anew for each copy: what stays the same is joined only once."""
    parts, made, begin = [], [], 0
    for place in sorted(changes):
        parts += ["".join(value + "\t" for value in row[begin:place]), "", "\t"]
        made.append((len(parts) - 2, changes[place], row[place]))
        begin = place + 1
    parts.append("\t".join(row[begin:]))
    if begin == len(row):
        del parts[-2:]
    return parts, made


def _shifted(span: int, copies: int) -> Change:
    """The key of a copy: after all the keys that were there, those of one life beside each other."""
    return lambda copy, key: str(span + (int(key) - 1) * copies + copy)


def _uuid(copy: int, value: str) -> str:
    return hashlib.md5(f"{copy} {value}".encode(), usedforsecurity=False).hexdigest()


def _salt(copy: int, value: str) -> str:
    return "\\\\x" + _uuid(copy, value)


def _copy(connection: psycopg.Connection, table: str, columns: list[str], lines: Iterator[str]) -> None:
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table), names)
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        batch: list[str] = []
        for line in lines:
            batch.append(line)
            if len(batch) == 1000:
                copy.write("\n".join(batch) + "\n")
                batch.clear()
        if batch:
            copy.write("\n".join(batch) + "\n")
