"""Pages of staff about their work: letters, exports, the tally, what the Secretary watches, days moved by decree."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page

from charter.running import count_running
from feedback.actions.enquiries import log_enquiry
from feedback.actions.exports import order_export
from feedback.actions.ordered import mark, mark_failed
from feedback.choices import Kind, LetterState, Means, OralChannel, OralKind, OralResult
from feedback.models import Case, Export, Letter
from feedback.views import exports
from samokov_portal.history import save_with_history
from services.models import Application, PageVotes, Service
from services.votes import count_vote
from tests.browser.stories import file_case, half_forwarded, real_now
from tests.browser.touring import Place, Tour, at, pressed, sent
from tests.factories import ApplicationFactory
from tests.feedback.life_stories import filed, take, walk
from tests.office.decreeing import decree

pytestmark = pytest.mark.django_db(transaction=True)
LONG = "Продължителнонепрекъснатодумаобразувание " * 8
LONG_OVERDUE = timedelta(days=100)


def test_pages_without_anything_in_them_have_no_faults(open_page: Callable[..., Page], log_in: Any) -> None:
    tour = Tour(open_page(), "bg")

    def empty() -> Iterator[Place]:
        log_in(tour.page, "secretary")
        yield at("deadlines")
        yield at("calendar")
        yield at("feedback:enquiries")
        yield sent(reverse("feedback:enquiries"), "[name=minutes]", 422, "an enquiry with errors", minutes="-1")
        yield at("feedback:watched", "overdue")
        yield at("feedback:watched", "services-overdue")
        yield at("charter:secretary_standard", "signal-decision")
        log_in(tour.page, "editor")
        yield at("services:opinions")

    assert tour.in_both_languages(empty) == {}


@pytest.fixture
def overdue(staff: dict[str, Any]) -> Case:
    """A signal about which everything is long, decided too late."""
    now = real_now()
    case = filed(received_at=now - LONG_OVERDUE, subject=LONG[:120].strip(), text=LONG)
    case = walk(case, ("assign",), staff)
    return take("answer", case, now=now, by=staff["secretary"])


def test_a_case_and_what_the_secretary_watches_have_no_faults(
    open_page: Callable[..., Page], staff: dict[str, Any], log_in: Any, overdue: Case
) -> None:
    now = real_now()
    late = walk(file_case(Kind.SIGNAL, now - LONG_OVERDUE), ("assign",), staff)
    ApplicationFactory()
    decree(timezone.localdate(now) + timedelta(days=20))
    count_running(now)
    tour = Tour(open_page(), "bg")

    def watched() -> Iterator[Place]:
        log_in(tour.page, "secretary")
        yield at("feedback:case_history", overdue.number)
        yield at("feedback:case_history", overdue.number, query="?field=status", name="changes of one field")
        yield at("feedback:watched", "overdue")
        yield at("feedback:watched", "services-overdue")
        yield at("charter:secretary_standard", "signal-decision", query="?part=all")
        yield at("charter:secretary_standard", "single-counter", query="?part=kept", name="no records")
        yield at("deadlines")
        yield at("calendar")
        yield pressed(reverse("calendar"), reverse("calendar_apply"), 422, "a decree without a reason")
        yield pressed(reverse("feedback:work_list"), reverse("feedback:cases_assign"), 422, "nothing to assign")
        yield ticked(reverse("feedback:work_list"), late)

    assert tour.in_both_languages(watched) == {}


def ticked(address: str, case: Case) -> Place:
    """The answer to a case that is ticked to be assigned, to no unit: the same page that asks on."""

    def tick(page: Page) -> Any:
        page.goto(address)
        page.locator(f"[name=case][value^='{case.number}~']").check()
        with page.expect_navigation() as sending:
            page.locator("#bulk button:not([formaction])").click()
        return sending.value

    return Place("assigning to no unit", tick, 422)


@pytest.fixture
def letters(staff: dict[str, Any]) -> dict[str, Letter]:
    """By what is to be done with it: on paper, by phone, not delivered, waiting for a body's receipt, sent."""
    now = real_now()
    forwarded = half_forwarded(staff, now - timedelta(days=3)).letters.exclude(body=None).order_by("pk")[0]
    return {
        "paper": changed(answered(staff, now), means=Means.PAPER, address="ул. „Македония“ № 34", text=LONG),
        "phone": changed(answered(staff, now), means=Means.PHONE, address="0888 123 456"),
        "failed": changed(answered(staff, now), state=LetterState.FAILED, attempts=5, last_error=LONG[:500]),
        "forwarding": changed(forwarded, state=LetterState.SENT, sent_at=now, attempts=1),
        "sent": changed(answered(staff, now), state=LetterState.SENT, sent_at=now, attempts=1),
    }


def answered(staff: dict[str, Any], now: datetime) -> Letter:
    case = walk(file_case(Kind.SIGNAL, now - timedelta(days=5)), ("answer",), staff)
    return case.letters.order_by("-pk")[0]


def changed(letter: Letter, **facts: Any) -> Letter:
    # Only what waits for the mail server is tried again at a moment.
    for name, value in {"try_at": None, **facts}.items():
        setattr(letter, name, value)
    save_with_history(letter, by=None, why="проба")
    return letter


def test_letters_have_no_faults(open_page: Callable[..., Page], log_in: Any, letters: dict[str, Letter]) -> None:
    tour = Tour(log_in(open_page(), "clerk"), "bg")

    def each() -> Iterator[Place]:
        for state, letter in letters.items():
            yield at("feedback:letter", letter.pk, name=f"a letter: {state}")
        for state, step, typed in (("failed", "retry", {"address": "x"}), ("forwarding", "confirm", {})):
            key = letters[state].pk
            address, action = reverse("feedback:letter", args=[key]), reverse(f"feedback:letter_{step}", args=[key])
            yield pressed(address, action, 422, f"errors: {step}", **typed)

    assert tour.in_both_languages(each) == {}


@pytest.fixture
def files(staff: dict[str, Any]) -> dict[str, Export]:
    """Ordered by the clerk: one that waits, one in the middle, one that is ready, one that is lost."""
    now = real_now()
    asked = {"query": "tab=all", "file_format": "csv", "language": "bg", "by": staff["clerk"], "now": now}
    rows = {state: order_export(**asked) for state in ("waiting", "half", "ready", "lost")}
    mark(rows["half"], whole=5000, written=2000)
    mark(rows["ready"], whole=5000, stored="2026/11/x", finished_at=now)
    mark_failed(rows["lost"], now=now)
    return rows


@pytest.fixture
def done(db: None) -> Application:
    return ApplicationFactory(completed=True)


def test_what_the_desk_takes_out_and_gives_has_no_faults(
    open_page: Callable[..., Page],
    staff: dict[str, Any],
    log_in: Any,
    monkeypatch: pytest.MonkeyPatch,
    files: dict[str, Export],
    done: Application,
) -> None:
    now = real_now()
    monkeypatch.setattr(exports, "AT_ONCE", 0)
    file_case(Kind.SIGNAL, now)
    asked = {"kind": OralKind.QUESTION, "channel": OralChannel.PHONE, "result": OralResult.ANSWERED, "unit": None}
    log_enquiry(nonce="1" * 32, values={**asked, "minutes": 4, "asked_at": None}, by=staff["clerk"], now=now)
    for is_useful in (True, False):
        count_vote(service=Service.objects.order_by("pk")[0], is_useful=is_useful, address="10.0.0.1", now=now)
    assert PageVotes.objects.count() == 1
    tour = Tour(open_page(), "bg")

    def taken_out() -> Iterator[Place]:
        log_in(tour.page, "clerk")
        for state, row in files.items():
            yield at("feedback:export", row.key, name=f"a file: {state}")
        yield at("feedback:export_list", "csv", name="a list that is too long to be written at once")
        yield at("feedback:enquiries", name="enquiries of today")
        for given in ("services:application_code", "feedback:application_survey"):
            yield pressed(done.get_absolute_url(), reverse(given, args=[done.number]), 200, given)
        log_in(tour.page, "editor")
        yield at("services:opinions", name="opinions of pages")

    assert tour.in_both_languages(taken_out) == {}
