"""What the audited store costs: the guards at a filing, and counting the sealed history again."""

import statistics
import subprocess
import sys
import time
import uuid
from datetime import datetime
from typing import Any

import psycopg
from django.conf import settings
from django.db import connection
from django.utils import timezone
from psycopg import sql

from feedback.actions.register import register_case
from feedback.choices import Kind
from samokov_portal.audit.guards import audited_tables, event_tables
from samokov_portal.audit.leaves import Columns, sealed_columns
from samokov_portal.audit.seals import seal_with_our_key
from samokov_portal.benchmark.lines import Ground, Result
from samokov_portal.benchmark.memory import most_of
from samokov_portal.office.choices import Channel
from services.models import Settlement

ROUNDS, FILINGS_A_ROUND = 12, 50
MOST_TIMES_WITHOUT_GUARD = 1.3
LEAST_ROWS_A_SECOND = 100_000
MOST_MEGABYTES = 150


def guard_at_filing(ground: Ground) -> Result:
    """A filing with everything it writes, against the same with the guards switched off; in turns, as one machine."""
    filed: dict[bool, list[float]] = {True: [], False: []}
    try:
        _file(FILINGS_A_ROUND)  # what is read once is read before
        for turn in range(ROUNDS):
            guarded = turn % 2 == 0
            _switch(ground, on=guarded)
            _file(3)
            filed[guarded] += _file(FILINGS_A_ROUND)
    finally:
        _switch(ground, on=True)
    ours, floor = (1000 * statistics.median(filed[guarded]) for guarded in (True, False))
    p95 = {guarded: round(1000 * statistics.quantiles(filed[guarded], n=20)[18], 2) for guarded in filed}
    return Result(
        "filing, with the guards",
        "ms",
        ours,
        floor,
        "the same filing without the guards",
        f"<= {MOST_TIMES_WITHOUT_GUARD} times",
        ours <= MOST_TIMES_WITHOUT_GUARD * floor,
        {"p95": p95[True], "p95 of the floor": p95[False]},
    )


def _switch(ground: Ground, *, on: bool) -> None:
    with psycopg.connect(ground.owner) as owner:
        for table in [*event_tables(), *(t for one in audited_tables() for t in (one.table, one.history))]:
            statement = sql.SQL("ALTER TABLE {} {} TRIGGER USER")
            owner.execute(statement.format(sql.Identifier(table), sql.SQL("ENABLE" if on else "DISABLE")))


def _file(times: int) -> list[float]:
    """How long each of so many filings took, in seconds."""
    place = Settlement.objects.in_order().first()
    taken = []
    for _time in range(times):
        now = _now()
        values: dict[str, Any] = {
            "kind": Kind.SIGNAL,
            "channel": Channel.WEB,
            "subject": "Не свети лампа",
            "text": "От седмица не светят лампите по улицата. " * 5,
            "name": "Мария Стоянова",
            "email": "maria@example.bg",
            "settlement": place,
        }
        began = time.perf_counter()
        register_case(
            nonce=uuid.uuid4().hex, values=values, received_at=now, registered_at=now, browser=uuid.uuid4().hex
        )
        taken.append(time.perf_counter() - began)
    return taken


def _now() -> datetime:
    return timezone.now()  # noqa: TID251 - a measurement is an edge


def history_verified(ground: Ground) -> Result:
    """Counting all sealed rows again, against reading the same rows by a server-side cursor."""
    began = time.perf_counter()
    seal_with_our_key(_now())
    sealing = time.perf_counter() - began
    rows, reading = _read_all()
    began = time.perf_counter()
    memory = _verified_by_the_command()
    counting = time.perf_counter() - began
    ours, floor = rows / counting, rows / reading
    return Result(
        "verify_history, everything",
        "rows/s",
        ours,
        floor,
        "the same rows read by a server-side cursor",
        f">= {LEAST_ROWS_A_SECOND:,} rows/s, <= {MOST_MEGABYTES} MB",
        ours >= LEAST_ROWS_A_SECOND and memory <= MOST_MEGABYTES,
        {"rows": rows, "MB": memory, "sealed at rows/s": round(rows / sealing)},
    )


def _verified_by_the_command() -> int:
    """The megabytes that the command took at most, its start included."""
    child = subprocess.Popen([sys.executable, str(settings.BASE_DIR / "manage.py"), "verify_history"])
    most = 0
    while child.poll() is None:
        most = max(most, most_of(child.pid))
        time.sleep(0.05)
    if child.returncode:
        raise RuntimeError("the history of the benchmark is not as it was sealed")
    return most


def _read_all() -> tuple[int, float]:
    """How many rows there are to check, and in how many seconds a cursor brings all they hold."""
    rows, began = 0, time.perf_counter()
    for columns in sealed_columns():
        rows += _read(columns)
    return rows, time.perf_counter() - began


def _read(columns: Columns) -> int:
    names = sql.SQL(", ").join(map(sql.Identifier, [*columns.public, *columns.personal, "history_salt"]))
    count = 0
    with connection.chunked_cursor() as cursor:
        cursor.execute(sql.SQL("SELECT {} FROM {}").format(names, sql.Identifier(columns.table)))
        while found := cursor.fetchmany(2000):
            count += len(found)
    return count
