"""A figure as of a moment stays what it was, whatever is changed, entered or removed afterwards."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.management import call_command

from charter.actions.reports import prepare_report
from charter.freezing import content_of
from charter.measurement import MEASURES, Period
from charter.models import Observation, Report, Standard
from charter.report import frozen_lines
from feedback.actions.survey import answer_survey, erase_words, invite_about_case
from feedback.choices import Kind
from feedback.models import Case, SurveyInvitation, SurveyResponse
from samokov_portal.history import save_with_history
from samokov_portal.office.choices import Channel
from samokov_portal.office.models import WorkingDayOverride
from services.models import Application, Unit
from tests.charter.staged import publish
from tests.conftest import make_staff
from tests.factories import ApplicationFactory, CaseFactory, at
from tests.sharing import check_now, shared_rows

Q1 = Period.parse("2026-Q1")
PUBLISHED = at("2026-04-10")
CHANGED = at("2026-11-01")
# Later than whatever the clock says while the tests run: rows that are removed are removed now.
TODAY = at("2099-12-31")
pytestmark = pytest.mark.django_db


def change(row: Any, **values: Any) -> None:
    """Store `values` in `row` as somebody would have on the day of the changes."""
    for name, value in values.items():
        setattr(row, name, value)
    row._history_date = CHANGED
    save_with_history(row, by=None, why="промяна след доклада")


def targets_and_texts() -> None:
    for standard in Standard.objects.all():
        change(standard, target=Decimal(1), title="Друго име", text="Друго обещание", definition="Друго броене")


def calendar() -> None:
    for day in range(2, 28):
        WorkingDayOverride.objects.create(
            day=date(2026, 3, day), is_working=False, source="Решение № 1", gazette="ДВ, бр. 1", learnt_at=CHANGED
        )


def unit_names() -> None:
    for unit in Unit.objects.all():
        change(unit, name=f"Ново {unit.code}")


def units_of_cases() -> None:
    unit = Unit.objects.get(code="hdettos")
    for case in Case.objects.all():
        change(case, unit=unit)


def late_entries() -> None:
    for channel in (Channel.WEB, Channel.EMAIL, Channel.COUNTER):
        known = {"received_at": at("2026-03-02"), "registered_at": CHANGED, "channel": channel}
        waited = {"waited_minutes": 90} if channel == Channel.COUNTER else {}
        for kind, _prefix in ((Kind.SIGNAL, "С"), (Kind.PROPOSAL, "П"), (Kind.INFORMATION, "И")):
            CaseFactory.create_batch(2, kind=kind, first_due_on=date(2026, 3, 16), **known, **waited)
    for serial in range(3):
        ApplicationFactory(received_at=at("2026-03-02"), registered_at=CHANGED, number=f"У-2026-9{serial:05d}")


def other_kinds() -> None:
    for case in Case.objects.filter(kind=Kind.SIGNAL):
        change(case, kind=Kind.PROPOSAL)


def moved_terms() -> None:
    for case in Case.objects.filter(due_on__lt=date(2026, 4, 1)):
        change(case, due_on=case.due_on + timedelta(days=200), due_moved_at=CHANGED)


def removed() -> None:
    # What has events is protected from removal: these are rows as they were before applications had any.
    for row in Application.objects.filter(events=None):
        row.delete()


def made_anonymous() -> None:
    for case in Case.objects.all():
        change(case, name="заличено", address="заличено", text="заличено", subject="заличено")


def withdrawn_observations() -> None:
    for observation in Observation.objects.all():
        change(observation, withdrawn_at=CHANGED, withdrawal_reason="грешен ден")


def late_survey_answers() -> None:
    """Codes given in the quarter are used long after it, new ones are given, and words are emptied."""
    waiting = SurveyInvitation.objects.filter(issued_at__lt=at("2026-04-01"), is_used=False)
    answers = dict.fromkeys(("overall", "speed", "clarity", "attitude")) | {"overall": 1}
    for invitation in waiting:
        answer_survey(code=invitation.code, answers={**answers, "asked_known_document": "", "words": ""}, now=CHANGED)
    for case in Case.objects.filter(received_at__lt=at("2026-04-01"))[:5]:
        invite_about_case(case, answers=2, now=CHANGED)
    erase_words(response_ids=[response.pk for response in SurveyResponse.objects.exclude(words="")])


ENDED = {"enquiry-answer", "signal-decision", "proposal-decision", "information-decision"}
SEEN = set(MEASURES) & {
    "after-hours",
    "centre-name-and-hours",
    "accessible-premises",
    "courteous-address",
    "staff-identification",
    "reasoned-decision",
    "document-acceptance",
    "document-handover",
}
# Each change, and the measures whose figure as of today must be another after it.
CHANGES: dict[Callable[[], None], set[str]] = {
    targets_and_texts: set(),
    calendar: set(),
    unit_names: set(),
    units_of_cases: set(),
    late_entries: {"registered-same-day", "service-term", "email-acknowledgement"},
    other_kinds: {"signal-decision"},
    moved_terms: {"enquiry-answer", "information-decision"},
    removed: {"service-term"},
    made_anonymous: set(),
    withdrawn_observations: SEEN,
    # An answer counts on its own day, so even today's figure of the quarter is the same.
    late_survey_answers: set(),
}


@pytest.fixture(scope="module")
def shared_report(django_db_setup: None, django_db_blocker: Any) -> Iterator[Report]:
    """Made once: each change is taken back at the end of its test."""
    with shared_rows(django_db_blocker):
        report = make_report()
        check_now()
        yield report


@pytest.fixture
def published(db: None, shared_report: Report) -> Report:
    return Report.objects.get(pk=shared_report.pk)


def make_report() -> Report:
    call_command("sample_data", cases=600, seed=7, until=date(2026, 10, 20), verbosity=0)
    call_command("sample_observations", seed=7, until=date(2026, 10, 20), verbosity=0)
    ApplicationFactory.create_batch(6, completed=True)
    return publish(Q1, PUBLISHED, make_staff())


def files(report: Report) -> dict[str, bytes]:
    """The files of data; figures.json names its version, and says otherwise what figures.csv says."""
    return {file.name: content_of(file) for file in report.files.exclude(name="figures.json")}


def figures(report: Report) -> dict[str, Any]:
    return {line.code: line for line in frozen_lines(report)}


def shares() -> dict[str, Any]:
    return {
        code: (share.part, share.whole, share.excluded, share.extended, share.spread)
        for code, share in ((code, measure(Q1, TODAY)) for code, measure in MEASURES.items())
    }


@pytest.mark.parametrize("changes", CHANGES, ids=[one.__name__ for one in CHANGES])
def test_what_changes_later_does_not_change_a_published_figure(published: Report, changes: Callable[[], None]) -> None:
    before, today = files(published), shares()

    changes()
    again = prepare_report(period=Q1, as_of=PUBLISHED, by=None, now=TODAY, correction_reason="проверка")

    assert figures(again) == figures(published)
    assert files(again) == before
    moved = {code for code, share in shares().items() if share != today[code]}
    assert moved >= CHANGES[changes]
