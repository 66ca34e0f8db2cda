"""Every page and its main states, in both languages, wide and narrow, light and dark: axe and `inspection.faults`."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from ipaddress import ip_network
from typing import Any

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from playwright.sync_api import Page, Response

from charter.actions.consultations import announce, answer_comment, hide_comment
from charter.actions.reports import prepare_report
from charter.measurement import Period
from charter.models import Consultation, Report
from feedback.actions.ordered import mark_failed
from feedback.choices import Kind, PaperSize, PrintKind
from samokov_portal.frontdesk.prints import Batch, order_print
from services.choices import Purpose
from services.models import OWN, Application, Service, Visit
from tests.browser.inspection import faults
from tests.browser.stories import cases_in_every_state, real_now
from tests.charter.consulting import draft, said
from tests.charter.staged import publish
from tests.conftest import PASSWORD
from tests.factories import ApplicationFactory

PDF = b"%PDF-1.7 a report that was never rendered"
WIDE: dict[str, Any] = {"width": 1280}
NARROW: dict[str, Any] = {"width": 320, "color_scheme": "dark"}
# Axe is slow, so each page is given to it once in each language; every page is measured at both widths.
DISPLAYS = [pytest.param("bg", WIDE, id="bg-wide"), pytest.param("en", NARROW, id="en-narrow-dark")]


@dataclass(frozen=True)
class Place:
    """A page or a state of one: how to get there and what the server says."""

    name: str
    go: Callable[[Page], Response | None]
    status: int = 200


def at(view: str, *args: Any, query: str = "", status: int = 200, name: str = "") -> Place:
    """The place at the address of `view`, in the language that is active now."""
    address = reverse(view, args=args) + query
    return Place(name or address, lambda page: page.goto(address), status)


def sent(address: str, beside: str, status: int, state: str, **typed: str) -> Place:
    """The state after the form at `address`, the one with the field `beside`, is filled in with `typed` and sent."""

    def send(page: Page) -> Response | None:
        page.goto(address)
        for label, text in typed.items():
            page.locator(f"[name={label}]").fill(text)
        with page.expect_navigation() as sending:
            page.locator("main form", has=page.locator(beside)).locator("button:visible").last.click()
        return sending.value

    return Place(state, send, status)


@dataclass
class Tour:
    """Goes through places and says of each what is wrong with it."""

    page: Page
    language: str
    wrong: dict[str, list[str]] = field(default_factory=dict)

    def visit(self, place: Place) -> None:
        response = place.go(self.page)
        status = response.status if response else None
        found = [] if status == place.status else [f"status {status}, not {place.status}"]
        found += faults(self.page, self.language)
        if found:
            self.wrong[place.name] = found

    def through(self, places: Iterator[Place] | list[Place]) -> dict[str, list[str]]:
        for place in places:
            self.visit(place)
        return self.wrong


def public_places() -> Iterator[Place]:
    """What anybody sees in a portal with no case and no report."""
    yield from map(
        at, ("home", "about", "accessibility", "privacy", "charter:charter", "charter:standards", "charter:reports")
    )
    yield at("charter:consultations")
    yield at("seals")
    yield at("charter:version", 1)
    yield at("charter:standard", "enquiry-answer")
    yield at("charter:standard", "oral-enquiry", name="a standard that is not measured")
    yield at("charter:standards", query="?from=2026-02-30", name="standards for no period")
    yield at("charter:standard_cases", "enquiry-answer", name="no records behind a figure")
    yield at("charter:standard_cases", "enquiry-answer", query="?period=x", name="records for no period")
    yield at("charter:terms")
    yield at("charter:terms", query="?rule=enquiry-answer&received_on=2025-12-20", name="a term counted")
    yield at("charter:terms", query="?rule=enquiry-answer&received_on=2025-02-31", status=422, name="a term of no day")
    yield at("charter:verify")
    yield Place("a file that is not ours", partial(verify, content=b"not ours"))
    yield from catalogue_places()
    yield from feedback_places()
    yield at("login")
    yield sent(reverse("login"), "[name=password]", 200, "a wrong password", username="clerk", password="x")
    yield Place("no such page", lambda page: page.goto(reverse("home") + "no-such-page/"), 404)


def catalogue_places() -> Iterator[Place]:
    yield at("search:search", query="?q=kofa za bokluk", name="pages found")
    yield at("search:search", query="?q=ъъъъъъ", name="nothing found")
    yield at("services:catalogue")
    yield at("services:catalogue", query="?q=раждане", name="services found")
    yield at("services:catalogue", query="?q=ъъъъъъ", name="no service found")
    yield at("services:life_events")
    yield at("services:life_event", "birth")
    said_of = {
        "a service with kinds of order": Service.objects.filter(details__variant="express"),
        "a service with own data": Service.objects.filter(details__provider=OWN),
        "a service known from others": Service.objects.exclude(details__provider__in=["", OWN]).filter(
            details__isnull=False
        ),
        "a service of which nothing is said": Service.objects.filter(details=None),
    }
    for name, services in said_of.items():
        yield at("services:detail", services.order_by("pk")[0].slug, name=name)


def feedback_places() -> Iterator[Place]:
    yield at("feedback:choose")
    for kind in Kind:
        yield at("feedback:new", kind.value)
    yield sent(reverse("feedback:new", args=["signal"]), "textarea", 422, "a form with errors", subject="Лампа")
    happy = {"subject": "Лампа", "text": "Свети.", "name": "Мария", "email": "maria@example.bg"}
    yield sent(reverse("feedback:new", args=["signal"]), "textarea", 200, "a receipt", **happy)
    yield at("feedback:track")
    yield sent(reverse("feedback:track"), "[name=code]", 422, "a wrong code", number="С-2026-000001", code="ABCD")


def verify(page: Page, content: bytes) -> Response | None:
    page.goto(reverse("charter:verify"))
    page.locator("[type=file]").set_input_files({"name": "a.pdf", "mimeType": "application/pdf", "buffer": content})
    with page.expect_navigation() as sending:
        page.locator("main form button").click()
    return sending.value


@pytest.mark.parametrize(("language", "display"), DISPLAYS)
def test_public_pages_have_no_faults(open_page: Callable[..., Page], language: str, display: dict[str, Any]) -> None:
    tour = Tour(open_page(**display), language)

    with translation.override(language):
        wrong = tour.through(public_places())

    assert wrong == {}


@pytest.fixture
def published(staff: dict[str, Any]) -> Report:
    """The report of the last ended quarter."""
    now = real_now()
    period = Period.quarter_of(timezone.localdate(now)).previous_quarter()
    return publish(period, now, staff, pdf=PDF)


@pytest.mark.parametrize(("language", "display"), DISPLAYS)
def test_public_pages_with_cases_have_no_faults(
    open_page: Callable[..., Page],
    staff: dict[str, Any],
    published: Report,
    language: str,
    display: dict[str, Any],
) -> None:
    cases_in_every_state(staff, real_now())
    tour = Tour(open_page(**display), language)

    with translation.override(language):
        wrong = tour.through(
            [
                at("home"),
                at("charter:standards"),
                at("charter:standard", "signal-decision"),
                at("charter:standard_cases", "signal-decision"),
                at("charter:standard_cases", "registered-same-day"),
                at("charter:standard_cases", "signal-decision", query="?state=unanswered", name="only the late ones"),
                at("charter:reports"),
                at("charter:report", published.period),
                at("charter:report", published.period, published.version, name="a version of a report"),
                Place("a report that is ours", partial(verify, content=PDF)),
            ]
        )

    assert wrong == {}


@pytest.fixture
def consulted(staff: dict[str, Any]) -> Consultation:
    """A draft that is open for comments, with one comment, one that is hidden and one that is answered."""
    now = real_now()
    today = timezone.localdate(now)
    row = draft(staff, now, opens_on=today, closes_on=today + timedelta(days=30))
    announce(consultation_id=row.pk, by=staff["editor"], now=now)
    _said, hidden, answered = (said(row, now, words=words, name="Мария") for words in ("Да.", "Не.", "Може би."))
    hide_comment(comment_id=hidden.pk, reason="Лични данни.", by=staff["editor"], now=now)
    answer_comment(comment_id=answered.pk, response="partly", answer="Приемаме.", by=staff["editor"], now=now)
    return row


@pytest.mark.parametrize(("language", "display"), DISPLAYS)
def test_what_people_are_asked_has_no_faults(
    open_page: Callable[..., Page], settings: Any, consulted: Consultation, language: str, display: dict[str, Any]
) -> None:
    settings.KIOSK_ADDRESSES = (ip_network("127.0.0.0/8"), ip_network("::1/128"))
    tour = Tour(open_page(**display), language)

    with translation.override(language):
        address = reverse("charter:consultation", args=[consulted.pk])
        survey, kiosk = reverse("feedback:survey"), reverse("feedback:survey_kiosk")
        wrong = tour.through(
            [
                at("charter:consultations"),
                at("charter:consultation", consulted.pk),
                sent(address, "[name=words]", 422, "an empty comment", name="Мария"),
                sent(address, "[name=words]", 200, "a comment", words="Съгласна съм."),
                at("feedback:survey"),
                sent(survey, "[name=code]", 422, "a wrong code of the survey", code="ABCD"),
                at("feedback:survey_thanks"),
                at("feedback:survey_kiosk"),
                sent(kiosk, "[name=words]", 422, "a survey without an answer", words="Нищо."),
                at("feedback:survey_kiosk_thanks"),
            ]
        )

    assert wrong == {}


def test_desk_of_a_consultation_has_no_faults(
    open_page: Callable[..., Page], staff: dict[str, Any], log_in: Any, consulted: Consultation
) -> None:
    unannounced = draft(staff, real_now(), title="Още един проект")
    tour = Tour(log_in(open_page(**NARROW), "editor"), "bg")

    wrong = tour.through(
        [
            at("charter:desk_consultations"),
            sent("/desk/consultations/", "[name=title]", 422, "a draft with errors", title="Проект"),
            at("charter:desk_consultation", unannounced.pk),
            at("charter:desk_consultation", consulted.pk),
            at("charter:desk_comment", consulted.pk, 1),
            at("charter:desk_comment", consulted.pk, 2, name="a hidden comment"),
        ]
    )

    assert wrong == {}


def test_refusals_have_no_faults(open_page: Callable[..., Page], settings: Any, log_in: Any) -> None:
    settings.AXES_FAILURE_LIMIT = 1
    settings.TRACKING_FAILURES_ALLOWED = 1
    tour = Tour(open_page(width=320), "bg")

    tour.visit(sent("/desk/login/", "[name=password]", 429, "locked out", username="mayor", password="x"))
    for status, state in ((422, "a wrong code"), (429, "too many codes")):
        tour.visit(sent("/feedback/track/", "[name=code]", status, state, number="С-2026-000001", code="ABCD"))
    log_in(tour.page, "clerk")
    tour.visit(at("charter:desk_reports", status=403))
    tour.page.context.clear_cookies()
    tour.visit(Place("a form without its cookie", send_without_cookies, 403))

    assert tour.wrong == {}


def send_without_cookies(page: Page) -> Response | None:
    page.goto("/feedback/track/")
    page.context.clear_cookies()
    with page.expect_navigation() as sending:
        page.locator("main form button").click()
    return sending.value


def test_desk_without_work_has_no_faults(open_page: Callable[..., Page], log_in: Any) -> None:
    tour = Tour(log_in(open_page(**NARROW), "secretary"), "bg")

    wrong = tour.through(
        [
            at("home"),
            at("feedback:work_list"),
            at("feedback:work_list", query="?number=С-2026-999999", name="no case with this number"),
            at("frontdesk:log"),
            *(at("frontdesk:log", kind.value) for kind in Kind),
            sent("/desk/log/enquiry/", "textarea", 422, "logging with errors", counter="Гише 1"),
            at("feedback:letters"),
            at("frontdesk:prints"),
            sent("/desk/print/", "[name=day]", 422, "labels of no day", day=""),
            at("charter:secretary"),
            at("services:applications"),
            at("services:application_new"),
            sent(
                "/desk/applications/new/",
                "[name=applicant_name]",
                422,
                "an application with errors",
                applicant_name="М",
            ),
            at("charter:desk_reports"),
            sent("/desk/reports/", "[name=period]", 422, "a report of no period", period="вчера"),
        ]
    )

    assert wrong == {}


@pytest.fixture
@transaction.atomic
def applications(db: None) -> list[Application]:
    """One in each state: new, overdue, ready, refused."""
    now = real_now()
    today = now.date()
    new = ApplicationFactory(received_at=now, due_on=today.replace(year=today.year + 1, day=1), is_sample=True)
    for purpose in Purpose:
        Visit.objects.create(application=new, at=now, counter="Гише 3", purpose=purpose, recorded_at=now)
    return [
        new,
        ApplicationFactory(),
        ApplicationFactory(completed=True),
        ApplicationFactory(completed=True, outcome="refused", outcome_note="Липсва документ."),
    ]


@pytest.mark.parametrize("display", [pytest.param(WIDE, id="wide"), pytest.param(NARROW, id="narrow-dark")])
def test_desk_with_work_has_no_faults(
    open_page: Callable[..., Page],
    staff: dict[str, Any],
    log_in: Any,
    published: Report,
    applications: list[Application],
    display: dict[str, Any],
) -> None:
    cases = cases_in_every_state(staff, real_now())
    drafted = prepare_report(period=Period.parse("2025-Q1"), as_of=real_now(), by=staff["mayor"], now=real_now())
    letters = Batch(PrintKind.LETTERS, PaperSize.A4, [1, 2], staff["secretary"])
    waiting, failed = (order_print(letters, now=real_now()) for _ in range(2))
    mark_failed(failed, now=real_now())
    tour = Tour(open_page(**display), "bg")

    log_in(tour.page, "secretary")
    tour.through(
        [
            at("feedback:work_list"),
            at("feedback:work_list", query="?kind=praise", name="only praise"),
            at("feedback:work_list", query="?status=forwarding", name="only what is being forwarded"),
            *(at("feedback:case", case.number, name=f"secretary: {state}") for state, case in cases.items()),
            at("feedback:case_similar", cases["registered"].number),
            sent(
                reverse("feedback:case_similar", args=[cases["registered"].number]),
                "[name=propose]",
                422,
                "nothing is ticked to be merged",
            ),
            at("services:applications"),
            at("services:applications", query="?all=1", name="all applications"),
            at("services:applications_ready"),
            at("feedback:letters"),
            at("frontdesk:prints"),
            at("frontdesk:print_order", waiting.key, name="a print that waits"),
            at("frontdesk:print_order", failed.key, name="a print that failed"),
            at("charter:secretary"),
            *(at("services:application", row.number) for row in applications),
            at("charter:desk_reports"),
            at("charter:desk_report", published.pk),
            at("charter:desk_report", drafted.pk),
            at("charter:desk_figure", drafted.pk, drafted.figures.all()[0].pk),
            at("looks"),
            at("looks", query="?first=2026-11-24&last=2026-11-23", status=422, name="looks of no days"),
            at("charter:observations"),
        ]
    )
    log_in(tour.page, "mayor")
    tour.through(
        [
            at("feedback:case", cases["registered"].number, name="mayor: registered"),
            at("feedback:case", cases["extended"].number, name="mayor: extended"),
            at("charter:desk_report", drafted.pk),
        ]
    )
    log_in(tour.page, "expert")
    tour.through(
        [
            at("feedback:work_list", name="expert: work list"),
            at("feedback:case", cases["assigned"].number, name="expert: assigned, with the answer open"),
            at("feedback:case", cases["paused"].number, name="expert: paused"),
        ]
    )

    assert tour.wrong == {}


def test_the_login_page_lets_in_whoever_knows_the_password(open_page: Callable[..., Page], staff: Any) -> None:
    tour = Tour(open_page(), "bg")

    wrong = tour.through(
        [sent("/desk/login/", "[name=password]", 200, "logged in", username="clerk", password=PASSWORD)]
    )

    assert wrong == {}
    assert tour.page.url.endswith("/desk/")
