"""Tables that grow for ever lie in PostgreSQL's partitions, one for each year in Sofia.

A question about days reads the years it is about, and a year that is kept somewhere else is taken out as a whole. The
partitions are made ahead: a row of a year without one is refused, and with it the page that it tells of.
"""

import re
from collections.abc import Sequence
from typing import Any

from django.apps import apps
from django.db import connections
from psycopg import sql
from simple_history.utils import get_history_manager_for_model

# By the labels of the models; each is parted by its `at`.
YEARLY = ("audit.Look",)
# By the labels of the models whose history is parted, by its `history_date`: those that grow with the cases.
YEARLY_HISTORY = ("feedback.Case", "feedback.Letter", "services.Application", "services.Visit")
# What was before the partitions came lies in that of this year or, where they came later, of theirs.
FIRST_YEAR = 2026
YEARS_AHEAD = 3
ZONE = "Europe/Sofia"
YEAR = re.compile(r"_y(\d{4})$")


def yearly_tables() -> list[str]:
    """The tables that are parted by year, history last."""
    return [apps.get_model(label)._meta.db_table for label in YEARLY] + yearly_histories()


def yearly_histories() -> list[str]:
    """The tables of history among them."""
    return [get_history_manager_for_model(apps.get_model(label)).model._meta.db_table for label in YEARLY_HISTORY]


def name_of(table: str, year: int) -> str:
    """What the partition of a year is called."""
    return f"{table}_y{year}"


def partition(table: str, year: int) -> sql.Composed:
    """The statement that makes the partition of a year after the first one.

    The key of a history lies in its partitions: one of the table would have to hold the moment too.
    """
    own_key = sql.SQL(" (PRIMARY KEY (history_id))" if table in yearly_histories() else "")
    return sql.SQL("CREATE TABLE {} PARTITION OF {}{} FOR VALUES FROM ({}) TO ({})").format(
        sql.Identifier(name_of(table, year)),
        sql.Identifier(table),
        own_key,
        sql.Literal(f"{year}-01-01 00:00 {ZONE}"),
        sql.Literal(f"{year + 1}-01-01 00:00 {ZONE}"),
    )


def partitions(cursor: Any, tables: Sequence[str]) -> list[tuple[str, str]]:
    """Each partition of the tables that are parted, with its table before it, by name."""
    cursor.execute(
        "SELECT parent.relname, part.relname FROM pg_inherits JOIN pg_class AS parent ON parent.oid = inhparent"
        " JOIN pg_class AS part ON part.oid = inhrelid WHERE parent.relkind = 'p' AND parent.relname = ANY(%s)"
        " AND parent.relnamespace = current_schema()::regnamespace ORDER BY 1, 2",
        [list(tables)],
    )
    return [(parent, part) for parent, part in cursor.fetchall()]


def years_ahead(cursor: Any) -> dict[str, int]:
    """For how many years after the present one each parted table has partitions without a gap."""
    this_year = _this_year(cursor)
    found: dict[str, int] = {}
    for table, years in _years(cursor).items():
        ahead = 0
        while this_year + ahead + 1 in years:
            ahead += 1
        found[table] = ahead
    return found


def make_years(cursor: Any, *, ahead: int = YEARS_AHEAD) -> list[str]:
    """Make the partitions that are missing up to so many years after the present one; their names. Safe to repeat."""
    last, made = _this_year(cursor) + ahead, []
    for table, years in _years(cursor).items():
        for year in range(min(years) + 1, last + 1):
            if year not in years:
                cursor.execute(partition(table, year))
                made.append(name_of(table, year))
    return made


def _this_year(cursor: Any) -> int:
    """Of the database's clock, by which what is written is dated."""
    cursor.execute("SELECT extract(year FROM now() AT TIME ZONE %s)::int", [ZONE])
    return int(cursor.fetchone()[0])


def _years(cursor: Any) -> dict[str, set[int]]:
    """By the tables that are parted: the years that have a partition."""
    found: dict[str, set[int]] = {}
    for table, part in partitions(cursor, yearly_tables()):
        if year := YEAR.search(part):
            found.setdefault(table, set()).add(int(year[1]))
    return found


def make_years_after_migrating(*, using: str, **_signal: Any) -> None:
    """Each `migrate` makes the years ahead; after one to the past nothing is parted, and nothing is made."""
    with connections[using].cursor() as cursor:
        make_years(cursor)
