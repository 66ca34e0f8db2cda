"""The report of a quarter with its PDF, against its own statements and WeasyPrint on the same page without any files.

Run as a program, it makes the report in a process of its own and says how long it took and how much memory.
"""

import json
import subprocess
import sys
import time
from datetime import datetime
from typing import Any

import django

if __name__ == "__main__":
    django.setup()

from django.contrib.staticfiles import finders
from django.db import connection
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


def report_with_pdf(_ground: Ground) -> Result:
    """The report in a process of its own; published afterwards, so that its pages can be measured."""
    seal_with_our_key(_now())
    child = subprocess.run([sys.executable, "-m", __name__], stdout=subprocess.PIPE, text=True, check=True)
    made: dict[str, Any] = json.loads(child.stdout.splitlines()[-1])
    report = Report.objects.get(pk=made.pop("report"))
    publish_sample(report, member_of_staff(EDITOR), member_of_staff(SECRETARY))
    ours, floor, memory = made.pop("seconds"), made.pop("floor"), made.pop("MB")
    return Result(
        "report of a quarter with PDF",
        "s",
        ours,
        floor,
        "its statements and WeasyPrint on the same page",
        f"<= {TIMES} times, <= {MEGABYTES} MB",
        ours <= TIMES * floor and memory <= MEGABYTES,
        {"MB": memory, **made},
    )


def main() -> None:
    """Make the report and its floor, and print what was measured as JSON."""
    period, now = Period.parse(QUARTER), _now()
    # The worker lives long: it has read the library and its fonts before.
    _rendered_alone("<title>-</title><p>Отчет")
    with CaptureQueriesContext(connection) as captured:
        began = time.perf_counter()
        report = prepare_report(period=period, as_of=now, by=None, now=now)
        figures = time.perf_counter() - began
    began = time.perf_counter()
    render_report(report)
    pdf = time.perf_counter() - began
    memory = most_of_this_process()
    statements = [one["sql"] for one in captured.captured_queries if one["sql"].startswith(("SELECT", "WITH"))]
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


def _send(statements: list[str]) -> None:
    for statement in statements:
        with connection.cursor() as cursor:
            cursor.execute(statement)
            cursor.fetchall()


def _rendered_alone(page: str) -> None:
    library = weasyprint()
    sheet = library.CSS(filename=finders.find("css/report.css"))
    library.HTML(string=page).write_pdf(stylesheets=[sheet], pdf_variant="pdf/a-3a")


def _now() -> datetime:
    return timezone.now()  # noqa: TID251 - a measurement is an edge


if __name__ == "__main__":
    main()
