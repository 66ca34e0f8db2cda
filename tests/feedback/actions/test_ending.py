"""Ending without a decision: each ground for each kind, and what its sender withdraws."""

from datetime import date
from typing import Any

import pytest

from feedback.actions.desk import ends_for
from feedback.actions.refusals import NeedsName, WrongGround
from feedback.choices import EndReason, Kind, Status
from samokov_portal.office.choices import Channel
from tests.factories import at
from tests.feedback.life_stories import NAMELESS, REASON, brought_to, filed, take

pytestmark = pytest.mark.django_db
NOW = at("2026-03-10")
# Which ground fits which kind, and by which article the sender is told of it.
FITS = {
    ("signal", "too-old"): "АПК, чл. 111, ал. 4",
    ("signal", "repeated"): "АПК, чл. 124",
    ("complaint", "late"): "АПК, чл. 88, ал. 1",
    ("complaint", "no-interest"): "АПК, чл. 88, ал. 1",
}


@pytest.mark.parametrize("ground", EndReason.values)
@pytest.mark.parametrize("kind", Kind.values)
def test_a_case_of_a_known_sender_is_ended_on_the_grounds_of_its_kind_only(
    staff: dict[str, Any], told: Any, kind: str, ground: str
) -> None:
    case = filed(kind)
    if (kind, ground) not in FITS:
        with pytest.raises(WrongGround):
            take("end", case, now=NOW, by=staff["clerk"], ground=ground)
        return

    after = take("end", case, now=NOW, by=staff["clerk"], ground=ground)

    assert (after.status, after.end_reason, after.ended_at, after.next_on) == ("no_proceedings", ground, NOW, None)
    note = f"{EndReason(ground).label} ({FITS[kind, ground]}). {REASON}"
    assert told(after) == [("ended", NOW, "clerk", note)]
    assert FITS[kind, ground] in after.letters.get(kind="ended").text


@pytest.mark.parametrize("kind", ["signal", "proposal"])
def test_what_is_anonymous_is_registered_never_decided_and_ended_with_its_article(
    staff: dict[str, Any], told: Any, kind: str
) -> None:
    case = filed(kind, channel=Channel.COUNTER, **NAMELESS)

    with pytest.raises(NeedsName):
        take("answer", case, now=NOW, by=staff["clerk"])
    after = take("end", case, now=NOW, by=staff["clerk"], ground="anonymous")

    assert case.number
    assert (after.status, after.decided_at) == ("no_proceedings", None)
    label = "подателят не е посочил име и данни за връзка"
    assert told(after) == [("ended", NOW, "clerk", f"{label} (АПК, чл. 111, ал. 4). {REASON}")]
    assert not after.letters.exists()


@pytest.mark.parametrize(
    ("kind", "ground", "happened_on", "bears"),
    [
        ("signal", "too-old", date(2024, 3, 1), True),  # two years and a day before
        ("signal", "too-old", date(2024, 3, 2), False),  # two years to the day
        ("signal", "too-old", None, True),  # the official says it
        ("complaint", "late", date(2026, 2, 13), True),  # Friday + 14 = Friday 27.02
        ("complaint", "late", date(2026, 2, 16), False),  # Monday + 14 = the day of receipt
        ("complaint", "late", None, True),
    ],
)
def test_a_date_that_the_sender_gave_bears_the_ground_or_refutes_it(
    staff: dict[str, Any], kind: str, ground: str, happened_on: date | None, bears: bool
) -> None:
    case = filed(kind, happened_on=happened_on)

    if not bears:
        with pytest.raises(WrongGround):
            take("end", case, now=NOW, by=staff["clerk"], ground=ground)

    assert (ground in [found.code for found in ends_for(case)]) == bears


def test_what_was_not_made_clear_is_ended_only_after_the_time_for_it(staff: dict[str, Any]) -> None:
    case = filed("information")
    case = take("ask", case, now=at("2026-03-04"), by=staff["clerk"], ground="information-unclear")

    with pytest.raises(WrongGround):
        take("end", case, now=at("2026-03-20"), by=staff["clerk"], ground="not-clarified")
    case = take("lapse", case, now=at("2026-04-06"), by=staff["clerk"])
    case = take("end", case, now=at("2026-04-06"), by=staff["clerk"], ground="not-clarified")

    assert (case.status, case.end_reason) == ("no_proceedings", "not-clarified")


def test_what_was_made_clear_is_not_ended_for_that(staff: dict[str, Any]) -> None:
    case = take("ask", filed("information"), now=NOW, by=staff["clerk"], ground="information-unclear")
    case = take("reply", case, now=at("2026-03-12"))

    with pytest.raises(WrongGround):
        take("end", case, now=at("2026-03-13"), by=staff["clerk"], ground="not-clarified")


def test_a_question_that_waits_goes_with_the_case(staff: dict[str, Any]) -> None:
    case = take("end", brought_to(Status.CLARIFICATION, staff), now=NOW, by=staff["clerk"])

    assert case.questions.get().lapsed_at == NOW
    assert case.status == "no_proceedings"


def test_the_desk_writes_down_that_the_sender_withdrew(staff: dict[str, Any], told: Any, newest: Any) -> None:
    case = take("record_withdrawal", filed(), now=NOW, by=staff["secretary"], how=" лично, със заявление ")

    assert (case.status, case.ended_at, case.end_reason) == ("withdrawn", NOW, "")
    assert newest(case) == ("~", staff["secretary"], "лично, със заявление")
    assert told(case) == [("withdrawn", NOW, "secretary", "лично, със заявление")]
