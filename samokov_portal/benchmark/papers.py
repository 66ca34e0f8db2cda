"""The report of a quarter and of a year with its PDF, against its statements and WeasyPrint on the same page alone.

Run as a program with a period, it makes the report in a process of its own, and says how long it took and how much
memory.

Who reads first what lies on the disk pays for who reads it next, so the report is made once more before, unmeasured and
undone: ours then comes after ours, and so does the floor, which is the last and so never the colder of the two. This
costs half as many minutes again; to measure both in turns would cost twice as many.

The floor reads each row that ours reads, also those that ours reads through a cursor: what a cursor is declared for is
a statement like the others.
"""

import json
import re
import subprocess
import sys
import time
from collections.abc import Iterable
from datetime import datetime
from typing import Any

import django

if __name__ == "__main__":
    django.setup()

from django.contrib.staticfiles import finders
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from charter.actions.reports import prepare_report
from charter.measurement import Period
from charter.models import Report
from charter.pdf import data_files, page_of, render_report
from charter.report import frozen_lines
from charter.samples import publish_sample
from samokov_portal.audit.seals import seal_with_our_key
from samokov_portal.benchmark.figures import QUARTER
from samokov_portal.benchmark.lines import Ground, Result
from samokov_portal.benchmark.memory import most_of_this_process
from samokov_portal.benchmark.people import member_of_staff
from samokov_portal.printing import weasyprint
from samokov_portal.staff.roles import EDITOR, SECRETARY

TIMES, MEGABYTES = 1.3, 300
YEAR = "2025"
# What the driver puts before a statement whose rows are read piece by piece.
DECLARED = re.compile(r"DECLARE .+? CURSOR (?:WITH HOLD )?FOR ", re.DOTALL)
READS = ("SELECT", "WITH")
# Rows are dropped as they are read: to hold those of a year at once would make the floor slower than it is.
ROWS_AT_ONCE = 2000


def report_with_pdf(_ground: Ground) -> Result:
    """The report of a quarter; published afterwards, so that its pages can be measured."""
    seal_with_our_key(_now())
    number, result = _made("report of a quarter with PDF", QUARTER)
    publish_sample(Report.objects.get(pk=number), member_of_staff(EDITOR), member_of_staff(SECRETARY))
    return result


def report_of_twelve_months(_ground: Ground) -> Result:
    """The same of a year, with the part on satisfaction."""
    return _made("report of twelve months with PDF", YEAR)[1]


def _made(line: str, period: str) -> tuple[int, Result]:
    """The key of the report, made in a process of its own, and what was measured there."""
    child = subprocess.run([sys.executable, "-m", __name__, period], stdout=subprocess.PIPE, text=True, check=True)
    made: dict[str, Any] = json.loads(child.stdout.splitlines()[-1])
    number, ours, floor, memory = (made.pop(name) for name in ("report", "seconds", "floor", "MB"))
    result = Result(
        line,
        "s",
        ours,
        floor,
        "its statements and WeasyPrint on the same page",
        f"<= {TIMES} times, <= {MEGABYTES} MB",
        ours <= TIMES * floor and memory <= MEGABYTES,
        {"MB": memory, **made},
    )
    return number, result


def main(code: str) -> None:
    """Make the report and its floor, and print what was measured as JSON."""
    period, now = Period.parse(code), _now()
    # The worker lives long: it has read the library and its fonts before.
    _rendered_alone('<html lang="bg"><title>-</title><p>Отчет')
    with transaction.atomic():
        prepare_report(period=period, as_of=now, by=None, now=now)
        transaction.set_rollback(True)
    with CaptureQueriesContext(connection) as captured:
        began = time.perf_counter()
        report = prepare_report(period=period, as_of=now, by=None, now=now)
        figures = time.perf_counter() - began
    began = time.perf_counter()
    render_report(report)
    pdf = time.perf_counter() - began
    memory = most_of_this_process()
    statements = reads(one["sql"] for one in captured.captured_queries)
    began = time.perf_counter()
    _send(statements)
    alone = time.perf_counter() - began
    lines = frozen_lines(report)
    page = page_of(report, lines, data_files(report, lines))
    began = time.perf_counter()
    _rendered_alone(page)
    rendered = time.perf_counter() - began
    found = {
        "report": report.pk,
        "seconds": figures + pdf,
        "floor": alone + rendered,
        "MB": memory,
        "figures": round(figures, 1),
        "PDF": round(pdf, 1),
        "queries": len(captured.captured_queries),
    }
    sys.stdout.write(json.dumps(found) + "\n")


def reads(sent: Iterable[str]) -> list[str]:
    """Those of the statements sent that read rows, also through a cursor; what is read through it by itself."""
    plain = (DECLARED.sub("", statement, count=1) if DECLARED.match(statement) else statement for statement in sent)
    return [statement for statement in plain if statement.startswith(READS)]


def _send(statements: list[str]) -> None:
    for statement in statements:
        with connection.cursor() as cursor:
            cursor.execute(statement)
            while cursor.fetchmany(ROWS_AT_ONCE):
                pass


def _rendered_alone(page: str) -> None:
    library = weasyprint()
    sheet = library.CSS(filename=finders.find("css/report.css"))
    library.HTML(string=page).write_pdf(stylesheets=[sheet], pdf_variant="pdf/a-3a")


def _now() -> datetime:
    return timezone.now()  # noqa: TID251 - a measurement is an edge


if __name__ == "__main__":
    main(sys.argv[1])
