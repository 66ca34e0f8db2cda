"""A large database from a small one: made-up cases with all that belongs to them, copied many times by COPY.

The lives of some thousand cases come from `sample_data`; each further copy has keys, numbers and salts of its own. So
the rows are the same for the same count, and as varied as those of the demonstration, at the speed of COPY.
"""

import hashlib
from collections.abc import Callable, Iterator
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
}
CASES = "feedback_case"


@dataclass(frozen=True)
class Registers:
    """How many numbers one copy takes in each register and year, and the first number of the first copy."""

    steps: dict[tuple[str, str], int]
    firsts: dict[tuple[str, str], int]

    def number(self, copy: int, number: str) -> str:
        """The number that the case `number` has in the copy."""
        letter, year, serial = number.split("-")
        of = letter, year
        return f"{letter}-{year}-{self.firsts[of] + self.steps[of] * (copy - 1) + int(serial) - 1:06d}"


def fill(administrator: str, cases: int) -> int:
    """Copy the cases that are there until there are `cases` of them; returns how many rows were written.

    `administrator` is the address of a superuser: the rows are written past the guards, as a restored backup is.
    """
    with psycopg.connect(administrator) as connection:
        templates = {table: _rows(connection, table) for table in TABLES}
        copies = cases // len(templates[CASES][1]) if templates[CASES][1] else 0
        if copies < 2:
            return 0
        registers = _registers(templates[CASES], copies - 1)
        count = _one(connection, "SELECT last_value FROM audit_count")
        spans = {table: _span(connection, table) for table in TABLES}
        connection.execute("SET session_replication_role = replica")
        for table, (columns, rows) in templates.items():
            _copy(connection, table, columns, _copied(table, columns, rows, spans, registers, range(1, copies), count))
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


def _key(table: str) -> str:
    return next(iter(TABLES[table]))


def _rows(connection: psycopg.Connection, table: str) -> tuple[list[str], list[list[str]]]:
    """The columns of the table, and its rows as COPY writes them."""
    with connection.cursor() as cursor:
        name = sql.Identifier(table)
        cursor.execute(sql.SQL("SELECT * FROM {} LIMIT 0").format(name))
        columns = [column.name for column in cursor.description or ()]
        key = sql.Identifier(_key(table))
        with cursor.copy(sql.SQL("COPY (SELECT * FROM {} ORDER BY {}) TO STDOUT").format(name, key)) as copy:
            text = b"".join(bytes(part) for part in copy).decode()
    return columns, [line.split("\t") for line in text.split("\n")[:-1]]


def _span(connection: psycopg.Connection, table: str) -> int:
    """How far apart the keys of two copies lie."""
    names = sql.Identifier(_key(table)), sql.Identifier(table)
    return _one(connection, sql.SQL("SELECT coalesce(max({}), 0) FROM {}").format(*names))


def _one(connection: psycopg.Connection, statement: sql.Composed | LiteralString) -> int:
    found = connection.execute(statement).fetchone()
    assert found is not None
    return int(found[0])


@transaction.atomic
def _registers(cases: tuple[list[str], list[list[str]]], copies: int) -> Registers:
    """Take the numbers of all copies from the counters, as a filing takes one."""
    columns, rows = cases
    steps: dict[tuple[str, str], int] = {}
    for row in rows:
        letter, year, serial = row[columns.index("number")].split("-")
        steps[letter, year] = max(steps.get((letter, year), 0), int(serial))
    firsts = {
        (letter, year): next_number(letter, date(int(year), 1, 1), count=step * copies)
        for (letter, year), step in sorted(steps.items())
    }
    return Registers(steps, firsts)


def _copied(
    table: str,
    columns: list[str],
    rows: list[list[str]],
    spans: dict[str, int],
    registers: Registers,
    copies: range,
    count: int,
) -> Iterator[str]:
    """The lines of all copies, copy by copy."""
    changes: list[tuple[int, Callable[[int, str], str]]] = []
    for name, of in TABLES[table].items():
        changes.append((columns.index(name), _shifted(spans[of])))
    made: dict[str, Callable[[int, str], str]] = {
        "number": registers.number,
        "key": _uuid,
        "history_salt": _salt,
        "history_seal": lambda *_: str(count),
    }
    for name, change in made.items():
        if name in columns:
            changes.append((columns.index(name), change))
    for copy in copies:
        for row in rows:
            line = row.copy()
            for place, change in changes:
                line[place] = change(copy, line[place])
            yield "\t".join(line)


def _shifted(span: int) -> Callable[[int, str], str]:
    return lambda copy, key: str(int(key) + copy * span)


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
