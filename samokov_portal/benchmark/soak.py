"""Mixed load for a while: no error, no growth of memory, and each acknowledged number is there once.

The load is 70 % of what the same threads reach when they do not wait: four of five requests read public pages, one in
ten follows a case, one in twenty files with a file, one in twenty is at the desk.
"""

import argparse
import http.client
import random
import re
import secrets
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from urllib.parse import quote

import django

if __name__ == "__main__":
    django.setup()

from django.conf import settings

from feedback.models import Case
from samokov_portal.benchmark.driving import HOST, Asked
from samokov_portal.benchmark.filling import fill
from samokov_portal.benchmark.memory import now_of_children
from samokov_portal.benchmark.people import TEXT, followed, member_of_staff, open_cases, signed_in
from samokov_portal.benchmark.servers import portal_served
from samokov_portal.office.once import new_form_token
from samokov_portal.staff.roles import CLERK

THREADS = 8
SHARE_OF_CAPACITY = 0.7
CAPACITY_SECONDS = 15
# From this part of the time on (and after five minutes at the latest) the memory may not grow by more than this.
WARM_AFTER, WARM_AFTER_SECONDS, MAY_GROW = 1 / 3, 300, 1.1
NUMBER = re.compile(r'<span class="figure">([^<]+)</span>')
READING = (
    "/",
    "/charter/standards/",
    "/services/",
    "/charter/",
    "/reports/",
    f"/search/?q={quote('скица')}",
)
BOUNDARY = "samokov-soak"
MULTIPART = f"multipart/form-data; boundary={BOUNDARY}"


@dataclass
class Log:
    """What came of the requests: statuses, milliseconds, numbers that were acknowledged, what went wrong."""

    statuses: Counter[int] = field(default_factory=Counter)
    times: list[float] = field(default_factory=list)
    numbers: list[str] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, asked: Asked, status: int, body: bytes, took: float) -> None:
        number = NUMBER.search(body.decode()) if asked.path.startswith("/feedback/new/") else None
        with self.lock:
            self.statuses[status] += 1
            self.times.append(took)
            if status != http.HTTPStatus.OK:
                self.failures.append(f"{asked.method} {asked.path}: {status}")
            elif number:
                self.numbers.append(number[1])

    def fail(self, asked: Asked, error: Exception) -> None:
        with self.lock:
            self.failures.append(f"{asked.method} {asked.path}: {error!r}")


Makers = Sequence[tuple[int, Callable[[], Asked]]]


def filing_with_a_file() -> Asked:
    """A signal with a short text beside it."""
    secret = secrets.token_hex(16)
    fields = {
        "csrfmiddlewaretoken": secret,
        "token": new_form_token(),
        "subject": f"Не свети лампа {secret[:8]}",
        "text": TEXT,
        "name": "Мария Стоянова",
        "email": "maria@example.bg",
    }
    parts = [
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in fields.items()
    ]
    parts.append(
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="attachments"; filename="места.txt"\r\n'
        f"Content-Type: text/plain\r\n\r\nЛампа {secret}\r\n--{BOUNDARY}--\r\n"
    )
    cookie = f"{settings.CSRF_COOKIE_NAME}={secret}"
    return Asked("/feedback/new/signal/", "POST", cookie=cookie, body="".join(parts))


def makers() -> Makers:
    """What is asked, with how often of twenty times."""
    follow, desk = followed(), signed_in(member_of_staff(CLERK))
    at_desk = ["/desk/", *(f"/desk/cases/{quote(case.number)}/" for case in open_cases()[:20])]
    return (
        (16, lambda: Asked(random.choice(READING))),
        (2, lambda: random.choice(follow)),
        (1, filing_with_a_file),
        (1, lambda: Asked(random.choice(at_desk), cookie=desk)),
    )


def send(connection: http.client.HTTPConnection, asked: Asked, log: Log) -> None:
    headers = {"Cookie": asked.cookie} if asked.cookie else {}
    if asked.method == "POST":
        headers["Content-Type"] = MULTIPART if BOUNDARY in asked.body else "application/x-www-form-urlencoded"
    began = time.perf_counter()
    try:
        connection.request(asked.method, asked.path, asked.body.encode() or None, headers)
        answer = connection.getresponse()
        body = answer.read()
    except (OSError, http.client.HTTPException) as error:
        connection.close()
        log.fail(asked, error)
        return
    log.note(asked, answer.status, body, 1000 * (time.perf_counter() - began))


def drive(port: int, asked: Makers, seconds: float, *, rate: float | None = None) -> Log:
    """Send for so many seconds from all threads: as fast as it goes, or `rate` requests a second together."""
    log, ends = Log(), time.monotonic() + seconds
    weights, make = [weight for weight, _make in asked], [make for _weight, make in asked]

    def work() -> None:
        connection = http.client.HTTPConnection(HOST, port, timeout=60)
        due = time.monotonic() + random.random()
        while time.monotonic() < ends:
            send(connection, random.choices(make, weights)[0](), log)
            if rate is not None:
                due += THREADS / rate
                time.sleep(max(0.0, due - time.monotonic()))
        connection.close()

    threads = [threading.Thread(target=work) for _thread in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return log


class Scale(threading.Thread):
    """Weighs the server each second until it is told to stop."""

    def __init__(self, server: int) -> None:
        super().__init__(daemon=True)
        self.server = server
        self.weights: list[int] = []
        self.stopped = threading.Event()

    def run(self) -> None:
        while not self.stopped.wait(1):
            self.weights.append(now_of_children(self.server))

    def growth(self, seconds: float) -> float:
        """The most of the last fifth to the most until the server was warm."""
        warm = round(min(WARM_AFTER * seconds, WARM_AFTER_SECONDS) * len(self.weights) / seconds)
        return max(self.weights[-len(self.weights) // 5 :]) / max(self.weights[: warm + 1])


def found_wrong(log: Log, growth: float) -> list[str]:
    """What does not hold."""
    wrong = [f"{len(log.failures)} failures, such as {log.failures[0]}"] if log.failures else []
    wrong += ["nothing was filed"] if not log.numbers else []
    wrong += ["a number was acknowledged twice"] if len(set(log.numbers)) < len(log.numbers) else []
    stored = set(Case.objects.filter(number__in=log.numbers).values_list("number", flat=True))
    lost = set(log.numbers) - stored
    wrong += [f"acknowledged and not stored: {', '.join(sorted(lost)[:5])}"] if lost else []
    wrong += [f"the memory grew {growth:.2f} times"] if growth > MAY_GROW else []
    return wrong


def main(arguments: list[str]) -> int:
    """Ends with 1 where something does not hold."""
    parser = argparse.ArgumentParser(prog="soak")
    parser.add_argument("--cases", type=int, required=True)
    parser.add_argument("--minutes", type=float, required=True)
    parser.add_argument("--administrator", required=True)
    options = parser.parse_args(arguments)
    fill(options.administrator, options.cases)
    with portal_served() as (port, server):
        asked = makers()
        drive(port, asked, CAPACITY_SECONDS / 3)
        reached = drive(port, asked, CAPACITY_SECONDS)
        capacity = len(reached.times) / CAPACITY_SECONDS
        _say(f"{capacity:.0f} requests a second at most; now {SHARE_OF_CAPACITY:.0%} of it for {options.minutes:g} min")
        scale = Scale(server)
        scale.start()
        log = drive(port, asked, 60 * options.minutes, rate=SHARE_OF_CAPACITY * capacity)
        scale.stopped.set()
        scale.join()
    log.numbers += reached.numbers
    growth = scale.growth(60 * options.minutes)
    times = sorted(log.times)
    _say(
        f"{len(times)} requests, p50 {times[len(times) // 2]:.0f} ms, p95 {times[len(times) * 19 // 20]:.0f} ms; "
        f"{len(log.numbers)} cases acknowledged; {scale.weights[-1]} MB at the end, {growth:.2f} times the warm server"
    )
    wrong = found_wrong(log, growth)
    for line in wrong:
        _say(line)
    return 1 if wrong else 0


def _say(text: str) -> None:
    print(text, flush=True)  # noqa: T201 - it talks to a terminal


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
