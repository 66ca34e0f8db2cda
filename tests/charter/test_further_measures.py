"""Measures by letters, by the register of reports and by what was seen on the spot."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from charter.choices import Method, ReportStatus
from charter.measurement import MEASURES, Period, Spread
from charter.models import Observation, Report, Standard
from charter.texts import load_charter
from feedback.choices import EventKind, Extension, LetterKind, LetterState, Means
from feedback.models import CaseEvent, Letter
from samokov_portal.history import save_with_history
from samokov_portal.office.choices import Channel
from samokov_portal.office.models import RegisterCounter
from samokov_portal.staff.models import StaffUser
from tests.factories import CaseFactory, at

pytestmark = pytest.mark.django_db

Q1 = Period.parse("2026-Q1")
LATER = at("2026-11-23")


def counted(measure: str, period: Period = Q1, as_of: datetime = LATER) -> tuple[int, int, int]:
    """Part, whole and, of the whole, how many are past their term without an answer."""
    share = MEASURES[measure](period, as_of)
    return share.part, share.whole, share.unanswered


def letter(case: Any, kind: str, event: CaseEvent, sent_at: datetime | None) -> None:
    state = LetterState.QUEUED if sent_at is None else LetterState.SENT
    Letter.objects.create(
        case=case,
        event=event,
        kind=kind,
        means=Means.PAPER,
        recipient="Мария Стоянова",
        address="ул. „Македония“ № 34",
        subject="Получихме сигнала Ви",
        text="…",
        created_at=event.at,
        state=state,
        sent_at=sent_at,
    )


@pytest.mark.parametrize(
    ("channel", "sent_at", "expected"),
    [
        (Channel.EMAIL, at("2026-03-03"), (1, 1, 0)),
        (Channel.EMAIL, None, (0, 1, 0)),
        (Channel.EMAIL, LATER + timedelta(minutes=1), (0, 1, 0)),  # not known yet
        (Channel.POST, at("2026-03-03"), (0, 0, 0)),
    ],
)
def test_acknowledged_by_email(channel: str, sent_at: datetime | None, expected: tuple[int, int, int]) -> None:
    case = CaseFactory(channel=channel)
    event = CaseEvent.objects.create(case=case, kind=EventKind.REGISTERED, at=case.registered_at)
    letter(case, LetterKind.RECEIVED, event, sent_at)

    assert counted("email-acknowledgement") == expected


@pytest.mark.parametrize(
    ("sent_at", "as_of", "expected"),
    [
        (at("2026-05-04"), LATER, (1, 1, 0)),  # on the last day of the first term
        (at("2026-05-05"), LATER, (0, 1, 0)),
        (None, LATER, (0, 1, 1)),
        (None, at("2026-05-04"), (0, 0, 0)),  # there is still time to tell
        (at("2026-05-05"), at("2026-05-04"), (0, 0, 0)),
    ],
)
def test_extension_told_before_the_first_term_ends(
    sent_at: datetime | None, as_of: datetime, expected: tuple[int, int, int]
) -> None:
    case = CaseFactory(due_on=date(2026, 6, 4), extended_at=at("2026-04-20"))
    event = CaseEvent.objects.create(
        case=case, kind=EventKind.EXTENDED, at=at("2026-04-20"), ground=Extension.SIGNAL, until=date(2026, 6, 4)
    )
    letter(case, LetterKind.EXTENDED, event, sent_at)

    assert counted("extension-notice", Period.parse("2026-Q2"), as_of) == expected
    assert counted("extension-notice", Q1, as_of) == (0, 0, 0)


def yearly_report(published_at: datetime, version: int = 1) -> None:
    people = [StaffUser.objects.create(username=f"{name}{version}") for name in ("author", "secretary")]
    report = Report(
        period="2025",
        version=version,
        period_start=date(2025, 1, 1),
        period_end=date(2026, 1, 1),
        as_of=at("2026-01-10"),
        prepared_by=people[0],
        prepared_at=at("2026-01-10"),
        status=ReportStatus.PUBLISHED,
        submitted_by=people[0],
        approved_by=people[1],
        approved_at=at("2026-01-11"),
        published_by=people[1],
        published_at=published_at,
        pdf=b"%PDF-",
        pdf_sha256="0" * 64,
    )
    save_with_history(report, by=people[0], why="пример")


@pytest.mark.parametrize(
    ("published_at", "as_of", "expected"),
    [
        (at("2026-03-01", "21:59"), LATER, (1, 1, 0)),  # 23:59 in Sofia on Sunday 01.03.2026
        (at("2026-03-01", "22:00"), LATER, (0, 1, 0)),
        (None, LATER, (0, 1, 1)),
        (None, at("2026-03-01"), (0, 0, 0)),
    ],
)
def test_annual_report_by_its_day(
    published_at: datetime | None, as_of: datetime, expected: tuple[int, int, int]
) -> None:
    for register in ("С", "П"):
        RegisterCounter.objects.create(register=register, year=2025, last=3)
    if published_at is not None:
        yearly_report(published_at)

    assert counted("annual-report", Q1, as_of) == expected


def test_a_correction_does_not_make_the_annual_report_late() -> None:
    RegisterCounter.objects.create(register="С", year=2025, last=3)
    yearly_report(at("2026-02-20"))
    yearly_report(at("2026-03-20"), version=2)

    assert counted("annual-report") == (1, 1, 0)


def test_a_year_without_cases_owes_no_report() -> None:
    RegisterCounter.objects.create(register="С", year=2026, last=3)

    assert counted("annual-report") == (0, 0, 0)


def observation(**facts: Any) -> Observation:
    known = {
        "standard": Standard.objects.get(code="document-handover"),
        "on": date(2026, 3, 2),
        "method": Method.MYSTERY,
        "is_kept": True,
        "recorded_at": at("2026-03-03"),
    }
    return Observation.objects.create(**{**known, **facts})


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, (1, 1, 0)),
        ({"is_kept": False}, (0, 1, 0)),
        ({"on": date(2026, 3, 31)}, (1, 1, 0)),
        ({"on": date(2026, 4, 1)}, (0, 0, 0)),
        ({"recorded_at": LATER + timedelta(minutes=1)}, (0, 0, 0)),
        ({"withdrawn_at": at("2026-03-05"), "withdrawal_reason": "грешна дата"}, (0, 0, 0)),
        ({"withdrawn_at": LATER + timedelta(days=1), "withdrawal_reason": "грешна дата"}, (1, 1, 0)),
    ],
)
def test_observations_are_counted_by_their_day(facts: dict[str, Any], expected: tuple[int, int, int]) -> None:
    load_charter()
    observation(**facts)

    assert counted("document-handover") == expected
    assert counted("document-acceptance") == (0, 0, 0)


def test_minutes_of_observations_have_a_spread() -> None:
    load_charter()
    for minutes in (4, 9, 20):
        observation(minutes=minutes, is_kept=minutes <= 15)

    # Of three, the middle is the second and nine of ten are all of them.
    assert MEASURES["document-handover"](Q1, LATER).spread == Spread(9, 20, 20)
