"""Measures by what people said: on the spot, by phone, in the survey."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.management import call_command

from charter.measurement import MEASURES, Period, Spread
from charter.models import Standard
from charter.report import live_line
from feedback.choices import AskedKnown, InvitedBy, OralChannel, OralKind, OralResult, SurveyAbout, SurveySource
from feedback.models import OralEnquiry, SurveyInvitation, SurveyResponse
from services.models import Unit
from tests.factories import CaseFactory, at

pytestmark = pytest.mark.django_db

Q1 = Period.parse("2026-Q1")
LATER = at("2026-11-23")


def counted(measure: str, as_of: datetime = LATER) -> tuple[int, int]:
    share = MEASURES[measure](Q1, as_of)
    return share.part, share.whole


def asked(staff: Any, result: str, minutes: int | None = None, **facts: Any) -> OralEnquiry:
    facts = {"kind": OralKind.QUESTION, "channel": OralChannel.PHONE, "asked_at": at("2026-03-03")} | facts
    recorded = {"recorded_at": facts["asked_at"] + timedelta(hours=1), "recorded_by": staff["clerk"]}
    return OralEnquiry.objects.create(result=result, minutes=minutes, **(recorded | facts))


def said(**answers: Any) -> SurveyResponse:
    facts = {"at": at("2026-03-03"), "source": SurveySource.RECEIPT, "about": SurveyAbout.APPLICATION}
    return SurveyResponse.objects.create(**(facts | answers))


@pytest.mark.parametrize(
    ("result", "minutes", "expected", "left_out"),
    [
        (OralResult.ANSWERED, 20, (1, 1), 0),
        (OralResult.ANSWERED, 21, (0, 1), 0),
        (OralResult.NONE, None, (0, 1), 0),
        (OralResult.ASKED_IN_WRITING, None, (0, 0), 1),
    ],
)
def test_a_question_is_answered_within_twenty_minutes(
    staff: Any, result: str, minutes: int | None, expected: tuple[int, int], left_out: int
) -> None:
    asked(staff, result, minutes)

    share = MEASURES["oral-enquiry"](Q1, LATER)

    assert (share.part, share.whole) == expected
    assert share.excluded == {"asked_in_writing": left_out}


def test_how_long_an_answer_took_is_told_in_minutes(staff: Any) -> None:
    for minutes in (2, 4, 30):
        asked(staff, OralResult.ANSWERED, minutes)

    assert MEASURES["oral-enquiry"](Q1, LATER).spread == Spread(median=4, ninetieth=30, worst=30)


@pytest.mark.parametrize("facts", [{"asked_at": at("2026-04-01")}, {"recorded_at": LATER, "asked_at": LATER}])
def test_a_question_of_another_period_is_not_counted(staff: Any, facts: dict[str, Any]) -> None:
    asked(staff, OralResult.ANSWERED, 5, **facts)

    assert counted("oral-enquiry") == (0, 0)


def test_what_was_written_down_later_was_not_known_before(staff: Any) -> None:
    asked(staff, OralResult.ANSWERED, 5, recorded_at=at("2026-03-05"))

    assert counted("oral-enquiry", at("2026-03-04")) == (0, 0)
    assert counted("oral-enquiry", at("2026-03-05")) == (1, 1)


@pytest.mark.parametrize(
    ("result", "minutes", "channel", "expected"),
    [
        (OralResult.SOLVED, 240, OralChannel.COUNTER, (1, 1)),
        (OralResult.TOLD, None, OralChannel.COUNTER, (1, 1)),
        (OralResult.NONE, None, OralChannel.COUNTER, (0, 1)),
        (OralResult.SOLVED, 5, OralChannel.PHONE, (0, 0)),  # the promise is for who stands at the counter
    ],
)
def test_a_problem_is_solved_on_the_spot(
    staff: Any, result: str, minutes: int | None, channel: str, expected: tuple[int, int]
) -> None:
    asked(staff, result, minutes, kind=OralKind.PROBLEM, channel=channel)

    assert counted("on-the-spot-resolution") == expected
    assert counted("oral-enquiry") == (0, 0)


@pytest.mark.parametrize(
    ("overall", "expected", "empty"),
    [(5, (1, 1), 0), (4, (1, 1), 0), (3, (0, 1), 0), (1, (0, 1), 0), (None, (0, 0), 1)],
)
def test_satisfied_is_who_says_so(overall: int | None, expected: tuple[int, int], empty: int) -> None:
    said(overall=overall, speed=5)

    share = MEASURES["satisfaction"](Q1, LATER)

    assert (share.part, share.whole) == expected
    assert share.excluded == {"no_answer": empty}


def test_the_response_rate_stands_beside_the_share() -> None:
    given = [(at("2026-02-02"), 1), (at("2026-03-31"), 2), (at("2026-04-01"), 3)]
    for issued_at, serial in given:
        SurveyInvitation.objects.create(
            case=CaseFactory(), means=InvitedBy.RECEIPT, issued_at=issued_at, code_digest=f"{serial:064}"
        )
    said(overall=5)
    said(overall=5, source=SurveySource.KIOSK, about=SurveyAbout.COUNTER)  # nobody was invited to it
    said(overall=5, at=at("2026-04-01"))
    standard = Standard.objects.get(code="satisfaction")

    line = live_line(standard, Q1, LATER)

    assert (line.part, line.whole) == (2, 2)
    assert (line.details["answered"], line.details["invited"]) == (1, 2)
    assert MEASURES["satisfaction"](Q1, at("2026-03-02")).response == (0, 1)
    assert live_line(Standard.objects.get(code="waiting-time"), Q1, LATER).details["invited"] is None


@pytest.mark.parametrize(
    ("asked_known", "about", "expected"),
    [
        (AskedKnown.NO, SurveyAbout.APPLICATION, (1, 1)),
        (AskedKnown.YES, SurveyAbout.APPLICATION, (0, 1)),
        (AskedKnown.FORGOTTEN, SurveyAbout.APPLICATION, (0, 0)),
        ("", SurveyAbout.APPLICATION, (0, 0)),
        (AskedKnown.YES, SurveyAbout.CASE, (0, 0)),  # a signal is no service
    ],
)
def test_no_document_is_asked_for_twice(asked_known: str, about: str, expected: tuple[int, int]) -> None:
    said(asked_known_document=asked_known, overall=4, about=about)

    assert counted("no-repeat-documents") == expected


def test_figures_of_units_are_counted_too(staff: Any) -> None:
    unit = Unit.objects.get(code="hdettos")
    asked(staff, OralResult.ANSWERED, 5, unit=unit)
    said(overall=5, unit=unit)

    for code in ("oral-enquiry", "satisfaction"):
        rows = MEASURES[code].facts(Q1, LATER)[0].values_list("unit_id", "state")
        assert list(rows) == [(unit.pk, "kept")]


def test_no_day_of_a_survey_answer_is_told() -> None:
    said(overall=5)

    row = MEASURES["satisfaction"].facts(Q1, LATER)[0].values("began_on", "last_day", "done_on").get()

    assert set(row.values()) == {None}


def test_the_sample_is_the_same_for_the_same_seed_and_made_once(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("sample_data", cases=60, until=LATER.date(), verbosity=0)
    call_command("sample_observations", until=LATER.date())
    first = list(SurveyResponse.objects.order_by("pk").values_list("at", "overall", "source"))
    call_command("sample_observations", until=LATER.date())

    assert first == list(SurveyResponse.objects.order_by("pk").values_list("at", "overall", "source"))
    assert "There are observations already" in capsys.readouterr().out
    assert OralEnquiry.objects.filter(recorded_by=None, is_sample=True).count() > 1000
    answered = SurveyResponse.objects.exclude(source=SurveySource.KIOSK).count()
    assert SurveyInvitation.objects.filter(is_used=True).count() == answered
