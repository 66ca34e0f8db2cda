"""Rows in bulk: filling the database, and open data going out."""

import http.client
import time
from collections.abc import Iterator
from urllib.parse import urlencode

import psycopg
from django.db import connection
from psycopg import sql

from samokov_portal.benchmark.driving import HOST, NotServed
from samokov_portal.benchmark.filling import TABLES
from samokov_portal.benchmark.lines import Ground, Result

FILLING, OPEN_DATA = 0.3, 0.5
# So many rows of each table are copied once more, for the floor.
ROWS_OF_THE_FLOOR = 200_000
BLOCK = 1 << 16
# The same columns of the same cases, and nothing that says whose they are.
BY_HAND = """
COPY (
    SELECT 'registered-same-day', CASE WHEN registered_at::date = received_at::date THEN 'kept' ELSE 'late' END, 0,
        (received_at AT TIME ZONE 'Europe/Sofia')::date, (received_at AT TIME ZONE 'Europe/Sofia')::date,
        (registered_at AT TIME ZONE 'Europe/Sofia')::date,
        registered_at::date - received_at::date, 'calendar_days'
    FROM feedback_case WHERE received_at < '2026-09-30 21:00Z' ORDER BY received_at
) TO STDOUT WITH (FORMAT csv)
"""


def filling(ground: Ground) -> Result:
    """Rows a second of filling, against copying rows that are there into tables with the same indexes."""
    rows, seconds = ground.filled
    copied, alone = _copied_again(ground)
    ours, floor = rows / seconds, copied / alone
    return Result(
        "filling",
        "rows/s",
        ours,
        floor,
        "COPY of the same rows",
        f">= {FILLING}",
        ours >= FILLING * floor,
        {"rows": rows, "seconds": round(seconds, 1)},
    )


def _copied_again(ground: Ground) -> tuple[int, float]:
    """How many rows were copied, and in how many seconds; nothing of it stays."""
    copied, seconds = 0, 0.0
    with psycopg.connect(ground.administrator) as database:
        for table in TABLES:
            statement = sql.SQL("COPY (SELECT * FROM {} LIMIT {}) TO STDOUT").format(
                sql.Identifier(table), sql.Literal(ROWS_OF_THE_FLOOR)
            )
            with database.cursor() as cursor:
                with cursor.copy(statement) as copy:
                    blocks = [bytes(block) for block in copy]
                copied += cursor.rowcount
            database.execute(
                sql.SQL("CREATE TABLE floor (LIKE {} INCLUDING ALL EXCLUDING IDENTITY)").format(sql.Identifier(table))
            )
            database.commit()
            began = time.perf_counter()
            with database.cursor() as cursor, cursor.copy("COPY floor FROM STDIN") as copy:
                for block in blocks:
                    copy.write(block)
            database.commit()
            seconds += time.perf_counter() - began
            database.execute("DROP TABLE floor")
            database.commit()
    return copied, seconds


def open_data(ground: Ground) -> Result:
    """The records behind a figure of all years as CSV, against COPY of the same columns; bytes a second."""
    question = urlencode({"from": "2023-01-01", "to": "2026-09-30"})
    path = f"/charter/standards/registered-same-day/cases.csv?{question}"
    ours, floor = _rate(_downloaded(ground.portal, path)), _rate(_by_hand())
    return Result(
        "open data as CSV",
        "MB/s",
        ours / 1e6,
        floor / 1e6,
        "COPY TO STDOUT",
        f">= {OPEN_DATA}",
        ours >= OPEN_DATA * floor,
    )


def _rate(blocks: Iterator[int]) -> float:
    began = time.perf_counter()
    return sum(blocks) / (time.perf_counter() - began)


def _downloaded(port: int, path: str) -> Iterator[int]:
    answer_of = http.client.HTTPConnection(HOST, port, timeout=300)
    try:
        answer_of.request("GET", path)
        answer = answer_of.getresponse()
        if answer.status != http.HTTPStatus.OK:
            raise NotServed(f"{path} is answered by {answer.status}")
        while block := answer.read(BLOCK):
            yield len(block)
    finally:
        answer_of.close()


def _by_hand() -> Iterator[int]:
    connection.ensure_connection()
    with connection.connection.cursor() as cursor, cursor.copy(BY_HAND) as copy:
        for block in copy:
            yield len(block)
