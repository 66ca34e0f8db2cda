"""Every page and its main states, in both languages, wide and narrow, light and dark: axe and `inspection.faults`."""

from collections.abc import Callable, Iterator
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
from feedback.models import Case, PrintOrder
from samokov_portal.frontdesk.prints import Batch, order_print
from services.choices import Purpose
from services.models import OWN, Application, Service, Visit
from tests.browser.stories import cases_in_every_state, real_now
from tests.browser.touring import DISPLAYS, Place, Tour, at, pressed, sent
from tests.charter.consulting import draft, said
from tests.charter.staged import publish
from tests.conftest import PASSWORD
from tests.factories import ApplicationFactory

PDF = b"%PDF-1.7 a report that was never rendered"


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
    tour = Tour(log_in(open_page(), "editor"), "bg")

    def consulting() -> Iterator[Place]:
        yield at("charter:desk_consultations")
        address = reverse("charter:desk_consultations")
        yield sent(address, "[name=title]", 422, "a draft with errors", title="Проект")
        yield at("charter:desk_consultation", unannounced.pk)
        yield at("charter:desk_consultation", consulted.pk)
        yield at("charter:desk_comment", consulted.pk, 1)
        yield at("charter:desk_comment", consulted.pk, 2, name="a hidden comment")

    assert tour.in_both_languages(consulting) == {}


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
    tour = Tour(log_in(open_page(), "secretary"), "bg")

    def without_work() -> Iterator[Place]:
        yield at("home")
        yield at("feedback:work_list")
        yield at("feedback:work_list", query="?number=С-2026-999999", name="no case with this number")
        yield at("frontdesk:log")
        yield from (at("frontdesk:log", kind.value) for kind in Kind)
        enquiry = reverse("frontdesk:log", args=["enquiry"])
        yield sent(enquiry, "textarea", 422, "logging with errors", counter="Гише 1")
        yield at("feedback:letters")
        yield at("frontdesk:prints")
        yield pressed(reverse("frontdesk:prints"), reverse("frontdesk:print_labels"), 422, "labels of no day", day="")
        yield at("charter:secretary")
        yield at("services:applications")
        yield at("charter:desk_reports")
        yield sent(reverse("charter:desk_reports"), "[name=period]", 422, "a report of no period", period="вчера")

    assert tour.in_both_languages(without_work) == {}


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


def test_desk_with_work_has_no_faults(
    open_page: Callable[..., Page],
    staff: dict[str, Any],
    log_in: Any,
    published: Report,
    applications: list[Application],
) -> None:
    cases = cases_in_every_state(staff, real_now())
    drafted = prepare_report(period=Period.parse("2025-Q1"), as_of=real_now(), by=staff["mayor"], now=real_now())
    letters = Batch(PrintKind.LETTERS, PaperSize.A4, [1, 2], staff["secretary"])
    prints = [order_print(letters, now=real_now()) for _ in range(2)]
    mark_failed(prints[1], now=real_now())
    tour = Tour(open_page(), "bg")

    def with_work() -> Iterator[Place]:
        log_in(tour.page, "secretary")
        yield from secretary_places(cases, applications, prints)
        yield from (at("charter:desk_report", report.pk) for report in (published, drafted))
        yield at("charter:desk_figure", drafted.pk, drafted.figures.all()[0].pk)
        log_in(tour.page, "mayor")
        yield at("feedback:case", cases["registered"].number, name="mayor: registered")
        yield at("feedback:case", cases["extended"].number, name="mayor: extended")
        yield at("charter:desk_report", drafted.pk, name="mayor: a drafted report")
        log_in(tour.page, "expert")
        yield at("feedback:work_list", name="expert: work list")
        yield at("feedback:case", cases["assigned"].number, name="expert: assigned, with the answer open")
        yield at("feedback:case", cases["paused"].number, name="expert: paused")

    assert tour.in_both_languages(with_work) == {}


def secretary_places(
    cases: dict[str, Case], applications: list[Application], prints: list[PrintOrder]
) -> Iterator[Place]:
    """What the Secretary sees of cases and applications in every state."""
    yield at("feedback:work_list")
    yield at("feedback:work_list", query="?kind=praise", name="only praise")
    yield at("feedback:work_list", query="?status=forwarding", name="only what is being forwarded")
    yield from (at("feedback:case", case.number, name=f"secretary: {state}") for state, case in cases.items())
    similar = reverse("feedback:case_similar", args=[cases["registered"].number])
    yield at("feedback:case_similar", cases["registered"].number)
    yield sent(similar, "[name=propose]", 422, "nothing is ticked to be merged")
    yield at("services:applications")
    yield at("services:applications", query="?all=1", name="all applications")
    yield at("services:applications_ready")
    yield at("feedback:letters")
    yield at("frontdesk:prints")
    yield from (at("frontdesk:print_order", order.key) for order in prints)
    yield at("charter:secretary")
    yield from (at("services:application", row.number) for row in applications)
    yield at("charter:desk_reports")
    yield at("looks")
    yield at("looks", query="?first=2026-11-24&last=2026-11-23", status=422, name="looks of no days")
    yield at("charter:observations")


def test_the_login_page_lets_in_whoever_knows_the_password(open_page: Callable[..., Page], staff: Any) -> None:
    tour = Tour(open_page(), "bg")

    wrong = tour.through(
        [sent("/desk/login/", "[name=password]", 200, "logged in", username="clerk", password=PASSWORD)]
    )

    assert wrong == {}
    assert tour.page.url.endswith("/desk/")
