"""Fill the database of DATABASE_URL, measure every line, print the table and write it as JSON.

Started by `samokov_portal.launcher.benchmark`, which makes the database, a new one each time.
"""

import argparse
import json
import os
import platform
import sys
import time
from pathlib import Path

import django

django.setup()

from django.db import connection  # noqa: E402 - the apps must be loaded
from django.utils import timezone  # noqa: E402

from samokov_portal.benchmark.filling import fill  # noqa: E402
from samokov_portal.benchmark.lines import HEADER, Ground, Line  # noqa: E402
from samokov_portal.benchmark.store import guard_at_filing, history_verified  # noqa: E402

LINES: tuple[Line, ...] = (guard_at_filing, history_verified)


def main(arguments: list[str]) -> int:
    """Ends with 1 where a bar does not hold."""
    parser = argparse.ArgumentParser(prog="benchmark")
    parser.add_argument("--cases", type=int, required=True)
    parser.add_argument("--administrator", required=True)
    parser.add_argument("--owner", required=True)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args(arguments)
    ground = Ground(options.administrator, options.owner)
    began = time.perf_counter()
    rows = fill(ground.administrator, options.cases)
    filling = time.perf_counter() - began
    _say(f"{rows:,} rows written in {filling:.1f} s ({rows / filling:,.0f} rows/s)")
    results = []
    _say(HEADER)
    for line in LINES:
        results.append(line(ground))
        _say(str(results[-1]))
    found = {
        "cases": options.cases,
        "at": timezone.now().isoformat(timespec="seconds"),  # noqa: TID251 - a measurement is an edge
        "machine": machine(),
        "filling": {"rows": rows, "seconds": round(filling, 1)},
        "lines": [result.as_json() for result in results],
    }
    options.out.write_text(json.dumps(found, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    _say(f"Written to {options.out}")
    return 0 if all(result.holds for result in results) else 1


def machine() -> dict[str, object]:
    """What was measured on."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version'), current_setting('fsync')")
        version, fsync = cursor.fetchone()
    return {
        "cores": len(os.sched_getaffinity(0)),
        "system": platform.platform(),
        "python": platform.python_version(),
        "django": django.get_version(),
        "postgresql": version,
        "fsync": fsync,
    }


def _say(text: str) -> None:
    print(text, flush=True)  # noqa: T201 - it talks to a terminal


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
