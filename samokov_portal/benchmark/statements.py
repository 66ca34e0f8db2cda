"""What a page costs beside its own statements, sent again by hand."""

import statistics
import time
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from samokov_portal.benchmark.driving import HOST, Target, answers_as_it_should, ask
from samokov_portal.benchmark.lines import Ground, Result
from samokov_portal.benchmark.pages import secretary

ROUNDS = 60
# Each of the two workers of the server puts its questions together at its first pages, as it does once in its life.
FIRST_PAGES = 12
TIMES, WITHIN_MS = 2, 300


def secretary_page(ground: Ground) -> Result:
    """The Secretary's page from the server, in turns with its statements alone."""
    asked = secretary(ground)[0]
    for _page in range(FIRST_PAGES):
        answers_as_it_should(Target(ground.portal, [asked]))
    statements = _reading(asked.path, asked.cookie)
    ours, floor = [], []
    for _round in range(ROUNDS):
        ours.append(_milliseconds(lambda: ask(ground.portal, asked)))
        floor.append(_milliseconds(lambda: _send(statements)))
    p95, floor_p95 = (statistics.quantiles(taken, n=20)[18] for taken in (ours, floor))
    return Result(
        "the Secretary's page",
        "ms, p95",
        p95,
        floor_p95,
        "its statements by hand",
        f"<= {TIMES} times, <= {WITHIN_MS} ms",
        p95 <= TIMES * floor_p95 and p95 <= WITHIN_MS,
        {"p50": round(statistics.median(ours), 1), "queries": len(statements)},
    )


def _reading(path: str, cookie: str) -> list[str]:
    client = Client(headers={"host": HOST, "cookie": cookie})
    with CaptureQueriesContext(connection) as captured:
        client.get(path)
    return [query["sql"] for query in captured.captured_queries if query["sql"].lstrip().startswith(("SELECT", "WITH"))]


def _send(statements: list[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            # Already with its values; a per cent sign in it is one.
            cursor.execute(statement)
            cursor.fetchall()


def _milliseconds(work: Any) -> float:
    began = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - began)
