"""What in the figures has to be explained; the day of the annual report."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from charter.actions.reports import prepare_report
from charter.choices import FindingKind, Verdict
from charter.measurement import Period
from charter.quality import findings
from charter.report import Line
from charter.yearly import AwaitedReport, awaited_report
from samokov_portal.office.models import RegisterCounter
from tests.charter.staged import publish
from tests.factories import CaseFactory, at


def line(part: int | None = 90, whole: int | None = 100, code: str = "signal-decision", **others: Any) -> Line:
    """A line with figures of its own; what is not named is of no interest here."""
    facts = {"excluded": {}, "details": {}} | others
    texts = dict.fromkeys(("title", "text", "definition", "not_measured_reason"), "")
    return Line(
        code=code, kind="legal", target=None, part=part, whole=whole, verdict=Verdict.NO_TARGET,
        is_reconstructed=False, **texts, **facts,
    )  # fmt: skip


def found(now: Line, before: Line | None = None) -> list[FindingKind]:
    return [kind for _code, kind, _facts in findings([now], [] if before is None else [before])]


def trend(*volumes: int) -> dict[str, Any]:
    return {"trend": [{"period": "x", "part": 0, "whole": whole, "share": None} for whole in volumes]}


@pytest.mark.parametrize(
    ("now", "before", "expected"),
    [
        (line(), None, []),
        (line(None, None), None, []),  # not measured
        (line(0, 0), None, [FindingKind.NO_VOLUME]),
        (line(0, 0, code="annual-report"), None, []),  # its one day falls into one quarter of the year
        (line(9, 10, excluded={"forwarded": 11}), None, [FindingKind.MUCH_LEFT_OUT]),
        (line(9, 10, excluded={"forwarded": 10}), None, []),
        (line(9, 10, excluded={"in_term": 11}), None, []),  # still in its term: counted later
        (line(details=trend(5, 100, 100, 100)), None, [FindingKind.SAME_VOLUME]),
        (line(details=trend(100, 100, 99, 100)), None, []),
        (line(details=trend(100, 100)), None, []),
        (line(90, 91), line(30, 30), [FindingKind.VOLUME_JUMP]),
        (line(90, 90), line(30, 30), []),  # three times is not more than three times
        (line(29, 29), line(1, 1), []),  # few records jump by chance
        (line(84, 100), line(100, 100), [FindingKind.SHARE_JUMP]),
        (line(85, 100), line(100, 100), []),
        (line(20, 29), line(29, 29), []),
        (line(90, 100), line(None, None), []),
        (line(details={"entered_late": 11}), None, [FindingKind.ENTERED_LATE]),
        (line(details={"entered_late": 10}), None, []),  # ten of a hundred
        (line(4, 4, details={"entered_late": 4}), None, []),
        (line(5, 5, details={"entered_late": 5}), None, [FindingKind.ENTERED_LATE]),
    ],
)
def test_what_is_odd_is_found(now: Line, before: Line | None, expected: list[FindingKind]) -> None:
    assert found(now, before) == expected


@pytest.mark.django_db
@pytest.mark.parametrize(("days", "is_late"), [(4, False), (5, True)])
def test_records_entered_days_later_are_found_in_a_report(days: int, is_late: bool) -> None:
    received_at = at("2026-03-02")
    CaseFactory.create_batch(5, received_at=received_at, registered_at=received_at + timedelta(days=days))

    report = prepare_report(period=Period.parse("2026-Q2"), as_of=at("2026-07-10"), by=None, now=at("2026-07-10"))

    kinds = report.findings.filter(figure__code="signal-decision").values_list("kind", flat=True)
    assert (FindingKind.ENTERED_LATE in kinds) == is_late


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("today", "days_left"),
    [
        (date(2026, 12, 30), None),  # the report of 2025 is not awaited any more: see below
        (date(2027, 1, 1), 59),
        (date(2027, 2, 28), 1),
        (date(2027, 3, 1), 0),
        (date(2027, 3, 2), -1),
        (date(2027, 12, 31), -305),
    ],
)
def test_the_report_of_the_year_is_awaited(today: date, days_left: int | None) -> None:
    RegisterCounter.objects.create(register="С", year=2026, last=7)

    awaited = awaited_report(today)

    assert awaited == (None if days_left is None else AwaitedReport(2026, date(2027, 3, 1), days_left))


@pytest.mark.django_db
def test_nothing_is_awaited_of_a_year_without_cases_nor_before_its_time(
    settings: Any, django_assert_num_queries: Any
) -> None:
    assert awaited_report(date(2027, 3, 2)) is None
    settings.ANNUAL_REPORT_DAY = "09-01"

    with django_assert_num_queries(0):
        assert awaited_report(date(2027, 7, 2)) is None
    RegisterCounter.objects.create(register="С", year=2026, last=7)
    awaited = awaited_report(date(2027, 7, 3))
    assert awaited is not None
    assert (awaited.days_left, awaited.days_late) == (60, 0)


@pytest.mark.django_db
def test_a_report_with_satisfaction_leads_to_it(client: Any, staff: Any) -> None:
    RegisterCounter.objects.create(register="С", year=2026, last=7)
    for period in ("2026", "2026-Q4"):
        publish(Period.parse(period), at("2027-01-16"), staff)

    pages = [client.get(f"/reports/{period}/").content.decode() for period in ("2026", "2026-Q4")]

    assert [(page.count('href="#satisfaction"'), page.count('id="satisfaction"')) for page in pages] == [(1, 1), (0, 0)]


@pytest.mark.django_db
def test_a_published_report_is_awaited_no_more(staff: Any) -> None:
    RegisterCounter.objects.create(register="С", year=2026, last=7)
    prepare_report(period=Period.parse("2026"), as_of=at("2027-01-15"), by=None, now=at("2027-01-15"))
    assert awaited_report(date(2027, 1, 15)) is not None

    publish(Period.parse("2026"), at("2027-01-16"), staff)

    assert awaited_report(date(2027, 1, 17)) is None


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("now", "words", "reminder"),
    [
        (at("2027-02-27"), "Остават 2 дни.", "Годишен доклад за 2026 г. до 01.03.2027 г."),
        (at("2027-03-01"), "Днес е последният ден.", "Годишен доклад за 2026 г. до 01.03.2027 г."),
        (at("2027-03-02"), "Закъснява с 1 ден.", "Закъснява годишният доклад за 2026 г."),
    ],
)
def test_the_desk_reminds_of_the_day(
    as_role: Any, monkeypatch: pytest.MonkeyPatch, now: datetime, words: str, reminder: str
) -> None:
    RegisterCounter.objects.create(register="С", year=2026, last=7)
    monkeypatch.setattr("django.utils.timezone.now", lambda: now)
    secretary, clerk = as_role("secretary"), as_role("clerk")

    page = secretary.get("/desk/reports/").content.decode()

    assert words in page
    assert "годишният доклад за 2026 г." in page
    assert reminder in page.replace("\N{NO-BREAK SPACE}", " ")
    assert "доклад за 2026" not in clerk.get("/desk/").content.decode()
