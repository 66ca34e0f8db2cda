"""Pages under load, each against a page of bare Django under the same server in the same minute."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from urllib.parse import quote, urlencode

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from charter.models import Report
from feedback.models import Case
from samokov_portal.benchmark.driving import FIRST_TURNS, HOST, TURNS, Asked, Load, NotServed, Target, ask, in_turns
from samokov_portal.benchmark.lines import Ground, Result
from samokov_portal.benchmark.people import filing, filing_by_hand, followed, member_of_staff, open_cases, signed_in
from samokov_portal.staff.roles import CLERK, SECRETARY
from services.models import Service, Unit

AT_ONCE, FILING_AT_ONCE = 16, 8
# More than any machine takes while they are sent.
FILINGS_A_SECOND = 400
PAGE, ROWS = [Asked("/page/")], [Asked("/rows/")]
SERVICES = "bare Django: template and one indexed query"
FIFTY = "bare Django: template of 50 rows and one indexed query"
BY_HAND = "the same rows in one transaction by hand from a bare Django view"
NOT_MODIFIED = 304
HUNDREDTH, A_PAGE = 100, 50


@dataclass(frozen=True)
class Page:
    """A line: what is asked of the portal and of the floor, and what must hold between them.

    `least` is the part of the floor's requests a second; `times` how many times the floor's p95 ours may be, and
    `within` the milliseconds that it may be at most. None where nothing is asked of it.
    """

    line: str
    asked: Callable[[Ground], Sequence[Asked]]
    least: float | None = None
    times: float | None = None
    within: float | None = None
    floor: Callable[[Ground], Sequence[Asked]] = lambda _ground: PAGE
    floor_is: str = SERVICES
    status: int = 200
    at_once: int = AT_ONCE

    def __call__(self, ground: Ground) -> Result:
        asked = self.asked(ground)
        queries = queries_of(asked[-1], self.status)
        ours, floor = in_turns(
            Target(ground.portal, asked[:-1] or asked, self.status),
            Target(ground.floor, self.floor(ground)),
            seconds=ground.seconds,
            at_once=self.at_once,
        )
        return Result(
            self.line,
            "req/s",
            ours.rate,
            floor.rate,
            self.floor_is,
            self._bar(),
            self._holds(ours, floor),
            {**said(ours), "floor's p95": round(floor.p95, 1), "queries": queries, "requests": ours.requests},
        )

    def _bar(self) -> str:
        parts = [f">= {self.least}"] if self.least else []
        parts += [f"p95 <= {self.times:g} x"] if self.times else []
        parts += [f"p95 <= {self.within:g} ms"] if self.within else []
        return ", ".join(parts)

    def _holds(self, ours: Load, floor: Load) -> bool:
        return (
            (self.least is None or ours.rate >= self.least * floor.rate)
            and (self.times is None or ours.p95 <= self.times * floor.p95)
            and (self.within is None or ours.p95 <= self.within)
        )


def said(load: Load) -> dict[str, float]:
    """The times of a load, in milliseconds."""
    return {name: round(getattr(load, name), 1) for name in ("p50", "p95", "p99")}


def queries_of(asked: Asked, status: int) -> int:
    """How many statements one request takes, as the second of its kind in this process."""
    client = Client(headers={"host": HOST, "cookie": asked.cookie})
    if asked.tag:
        client.defaults["HTTP_IF_NONE_MATCH"] = asked.tag
    if asked.method == "POST":
        # Sent once only, because a second time it would be a retry.
        with CaptureQueriesContext(connection) as captured:
            answer = client.generic(
                "POST", asked.path, asked.body, content_type="application/x-www-form-urlencoded", secure=False
            )
    else:
        client.get(asked.path)
        with CaptureQueriesContext(connection) as captured:
            answer = client.get(asked.path)
    if answer.status_code not in (status, 200):
        raise NotServed(f"{asked.path} is answered by {answer.status_code}")
    return len(captured)


def anonymous(*paths: str) -> Callable[[Ground], Sequence[Asked]]:
    """Somebody without a cookie."""
    return lambda _ground: [Asked(path) for path in paths]


def revalidating(*paths: str) -> Callable[[Ground], Sequence[Asked]]:
    """A browser that has the page and asks whether it is still the same."""

    def asked(ground: Ground) -> Sequence[Asked]:
        found = []
        for path in paths:
            _status, headers, _body = ask(ground.portal, Asked(path))
            if "etag" not in headers:
                raise NotServed(f"{path} has no ETag")
            found.append(Asked(path, tag=headers["etag"]))
        return found

    return asked


def a_service(_ground: Ground) -> Sequence[Asked]:
    return [Asked(service.get_absolute_url()) for service in Service.objects.order_by("pk")[:20]]


def the_reports(_ground: Ground) -> Sequence[Asked]:
    newest = Report.objects.published().newest_first().without_pdf().first()
    return [Asked("/reports/"), *([Asked(newest.get_absolute_url())] if newest else [])]


def searches(_ground: Ground) -> Sequence[Asked]:
    words = ("раждане", "скица", "строеж", "адрес", "наследници", "данък", "куче", "удостоверение за наследници")
    return [Asked(f"/search/?{urlencode({'q': word})}") for word in words]


def first_pages(_ground: Ground) -> Sequence[Asked]:
    """The work list with each of its filters, for a clerk who sees all."""
    cookie = signed_in(member_of_staff(CLERK))
    unit = Unit.objects.filter(pk__in=open_cases().exclude(unit=None).values("unit")).first()
    questions: list[dict[str, str]] = [{}, {"tab": "late"}, {"kind": "signal"}, {"channel": "web"}, {"text": "лампа"}]
    questions += [{"unit": unit.code}] if unit else []
    return [Asked(f"/desk/?{urlencode(question)}", cookie=cookie) for question in questions]


def hundredth_page(_ground: Ground) -> Sequence[Asked]:
    """The hundredth page of all that is open, or the last one where there are fewer."""
    cookie = signed_in(member_of_staff(CLERK))
    cases = open_cases()
    before = min(HUNDREDTH * A_PAGE, max(0, cases.count() - A_PAGE))
    place = cases[before].queue_place
    return [Asked(f"/desk/?{urlencode({'after': str(place)})}", cookie=cookie)]


def a_case(_ground: Ground) -> Sequence[Asked]:
    cookie = signed_in(member_of_staff(CLERK))
    return [Asked(f"/desk/cases/{quote(case.number)}/", cookie=cookie) for case in open_cases()[:50]]


def filings(ground: Ground) -> Sequence[Asked]:
    seconds = ground.seconds * (FIRST_TURNS + TURNS) / TURNS
    return [filing() for _serial in range(round(seconds * FILINGS_A_SECOND))]


def filings_by_hand(_ground: Ground) -> Sequence[Asked]:
    return [filing_by_hand()]


def filed_by_us() -> int:
    """How many cases of `filing` are stored; the floor's have no number in their subject."""
    return Case.objects.filter(is_sample=False, subject__regex="^Не свети лампа [0-9a-f]{8}$").count()


def filed(ground: Ground) -> Result:
    """Filing, and that each acknowledged filing is there."""
    before = filed_by_us()
    # The floor takes from a filing what it does not read from the form, so there must be one.
    ask(ground.portal, filing())
    page = Page(
        "filing, everything written",
        filings,
        least=0.4,
        within=60,
        floor=filings_by_hand,
        floor_is=BY_HAND,
        at_once=FILING_AT_ONCE,
    )
    result = page(ground)
    stored = filed_by_us() - before
    if stored < result.more["requests"]:
        raise NotServed(f"{result.more['requests']} filings were acknowledged, {stored} are stored")
    return replace(result, more={**result.more, "stored": stored})


PUBLIC = {
    "home": anonymous("/"),
    "standards": anonymous("/charter/standards/"),
    "a standard": anonymous("/charter/standards/signal-decision/"),
    "catalogue": anonymous("/services/"),
    "a service": a_service,
    "reports": the_reports,
}
PAGES: tuple[Callable[[Ground], Result], ...] = (
    *(Page(line, asked, least=0.8) for line, asked in PUBLIC.items()),
    Page(
        "home and standards, revalidated",
        revalidating("/", "/charter/standards/", "/services/"),
        least=1.2,
        status=NOT_MODIFIED,
    ),
    Page("search", searches, least=0.6),
    Page("following a case", lambda _ground: followed(), least=0.5),
    filed,
    Page("work list, filters", first_pages, 0.6, 2, floor=lambda _ground: ROWS, floor_is=FIFTY),
    Page("work list, hundredth page", hundredth_page, 0.6, 2, floor=lambda _ground: ROWS, floor_is=FIFTY),
    Page("a case", a_case, times=2, floor=lambda _ground: ROWS, floor_is=FIFTY),
)


def secretary(_ground: Ground) -> Sequence[Asked]:
    return [Asked("/desk/secretary/", cookie=signed_in(member_of_staff(SECRETARY)))]
