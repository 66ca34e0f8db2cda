"""Extending a term: by whom, on what ground, how far."""

from datetime import date, datetime
from typing import Any

import pytest

from feedback.actions.desk import longest_due_on
from feedback.actions.refusals import CannotExtend, NeedsName, NotAllowed, WrongGround
from feedback.models import Case
from samokov_portal.legal.grounds import EXTENSIONS
from samokov_portal.office.choices import Channel
from samokov_portal.office.models import WorkingDayOverride
from tests.factories import at
from tests.feedback.life_stories import NAMELESS, REASON, filed, take

pytestmark = pytest.mark.django_db
NOW = at("2026-03-10")
VOLUME, CONSENT = {"ground": "information-volume"}, {"ground": "information-consent"}


def test_a_case_is_extended_and_keeps_its_first_promise(staff: dict[str, Any], told: Any, newest: Any) -> None:
    case = take("extend", filed(), now=NOW, by=staff["mayor"])

    assert (case.first_due_on, case.due_on, case.next_on) == (date(2026, 5, 4), date(2026, 6, 1), date(2026, 6, 1))
    assert (case.extended_at, case.due_moved_at) == (NOW, NOW)
    assert newest(case) == ("~", staff["mayor"], REASON)
    assert told(case) == [("extended", NOW, "mayor", f"Нов срок: 01.06.2026 г. {REASON}")]
    letter = case.letters.get(kind="extended")
    assert "01.06.2026" in letter.text
    assert REASON in letter.text


CAPS = [
    # kind, received, ground, the longest
    ("signal", "2026-03-02", "signal", date(2026, 6, 2)),  # three months: Tuesday
    ("signal", "2025-11-30", "signal", date(2026, 3, 2)),  # no 30.02; 28.02 is Saturday -> Monday
    ("proposal", "2026-03-02", "proposal", date(2026, 9, 2)),  # six months: Wednesday
    ("proposal", "2026-08-31", "proposal", date(2027, 3, 1)),  # no 31.02; 28.02 is Sunday -> Monday
    ("information", "2026-03-02", "information-volume", date(2026, 3, 26)),  # 14 + 10 days: Thursday
    ("information", "2026-03-02", "information-consent", date(2026, 3, 30)),  # 14 + 14 days: Monday
]


@pytest.mark.parametrize(("kind", "day", "ground", "longest"), CAPS)
def test_a_term_may_be_extended_so_far(kind: str, day: str, ground: str, longest: date) -> None:
    case = filed(kind, received_at=at(day))

    assert longest_due_on(case, EXTENSIONS[ground]) == longest


def test_the_longest_term_is_counted_from_the_day_in_sofia() -> None:
    case = filed(received_at=at("2026-03-01", "22:00"))

    assert longest_due_on(case, EXTENSIONS["signal"]) == date(2026, 6, 2)


def test_an_extension_already_given_does_not_move_the_cap(staff: dict[str, Any]) -> None:
    case = take("extend", filed(), now=NOW, by=staff["mayor"], due_on=date(2026, 5, 20))

    assert longest_due_on(case, EXTENSIONS["signal"]) == date(2026, 6, 2)


def test_a_term_that_began_anew_is_extended_from_there(staff: dict[str, Any]) -> None:
    case = take("ask", filed("information"), now=at("2026-03-05"), by=staff["clerk"], ground="information-unclear")
    case = take("reply", case, now=at("2026-03-11"))  # Wednesday; due 25.03

    assert longest_due_on(case, EXTENSIONS["information-volume"]) == date(2026, 4, 6)  # 04.04 is a Saturday
    after = take("extend", case, now=at("2026-03-12"), by=staff["clerk"], **VOLUME, due_on=date(2026, 4, 6))
    assert after.due_on == date(2026, 4, 6)


def test_days_that_stood_still_move_the_cap_of_another_kind_too(staff: dict[str, Any]) -> None:
    case = take("ask", filed("information"), now=at("2026-03-04"), by=staff["clerk"], ground="information-unclear")
    case = take("reply", case, now=at("2026-03-09"))
    case = take("requalify", case, now=NOW, by=staff["clerk"], kind="signal")

    assert longest_due_on(case, EXTENSIONS["signal"]) == date(2026, 6, 8)  # 02.06 and five days: Sunday -> Monday


@pytest.mark.parametrize(
    ("kind", "role", "values", "now"),
    [
        ("signal", "mayor", {"due_on": date(2026, 5, 5)}, NOW),  # a day later
        ("signal", "mayor", {"due_on": date(2026, 6, 2)}, NOW),  # the last day of the cap
        ("signal", "mayor", {}, at("2026-05-04", "20:59")),  # the last minute of the term in Sofia
        ("proposal", "mayor", {"ground": "proposal", "due_on": date(2026, 9, 2)}, NOW),
        ("information", "clerk", {**VOLUME, "due_on": date(2026, 3, 26)}, NOW),
        ("information", "expert", {**CONSENT, "due_on": date(2026, 3, 30)}, NOW),
    ],
)
def test_an_extension_within_the_law_is_permitted(
    staff: dict[str, Any], kind: str, role: str, values: dict[str, Any], now: datetime
) -> None:
    case = take("extend", filed(kind), now=now, by=staff[role], **values)

    assert case.due_on == values.get("due_on", date(2026, 6, 1))


def test_an_extension_may_be_followed_by_another_within_the_cap(staff: dict[str, Any]) -> None:
    case = take("extend", filed(), now=NOW, by=staff["mayor"], due_on=date(2026, 5, 20))

    case = take("extend", case, now=at("2026-05-19"), by=staff["mayor"], due_on=date(2026, 5, 29))

    assert case.due_on == date(2026, 5, 29)
    assert case.letters.filter(kind="extended").count() == 2


def assert_nothing_changed(case: Case, due_on: date | None) -> None:
    case.refresh_from_db()
    assert (case.due_on, case.extended_at) == (due_on, None)
    assert not case.events.filter(kind="extended").exists()
    assert not case.letters.filter(kind="extended").exists()


@pytest.mark.parametrize(
    ("kind", "role", "values", "now", "refusal"),
    [
        ("signal", "mayor", {"due_on": date(2026, 5, 4)}, NOW, CannotExtend),  # not later
        ("signal", "mayor", {"due_on": date(2026, 4, 30)}, NOW, CannotExtend),  # earlier
        ("signal", "mayor", {"due_on": date(2026, 6, 3)}, NOW, CannotExtend),  # beyond the cap
        ("signal", "mayor", {"due_on": date(2026, 5, 9)}, NOW, CannotExtend),  # Saturday
        ("signal", "mayor", {"due_on": date(2026, 5, 6)}, NOW, CannotExtend),  # Wednesday, Гергьовден
        ("signal", "mayor", {}, at("2026-05-04", "21:00"), CannotExtend),  # over: midnight in Sofia
        ("signal", "clerk", {}, NOW, NotAllowed),  # not the superior body
        ("signal", "mayor", VOLUME, NOW, WrongGround),  # of information
        ("proposal", "mayor", {"ground": "proposal", "due_on": date(2026, 9, 3)}, NOW, CannotExtend),
        ("proposal", "mayor", {}, NOW, WrongGround),  # of a signal
        ("information", "mayor", {**VOLUME, "due_on": date(2026, 3, 26)}, NOW, NotAllowed),
        ("information", "clerk", {**VOLUME, "due_on": date(2026, 3, 27)}, NOW, CannotExtend),  # beyond 24 days
        ("information", "clerk", {**CONSENT, "due_on": date(2026, 3, 31)}, NOW, CannotExtend),
        ("enquiry", "mayor", {"due_on": date(2026, 3, 13)}, NOW, CannotExtend),  # the law knows no extension
        ("complaint", "mayor", {"due_on": date(2026, 3, 13)}, at("2026-03-06"), CannotExtend),
        ("praise", "mayor", {"due_on": date(2026, 3, 13)}, NOW, CannotExtend),
    ],
)
def test_an_extension_outside_the_law_is_refused(
    staff: dict[str, Any], kind: str, role: str, values: dict[str, Any], now: datetime, refusal: type[Exception]
) -> None:
    case = filed(kind)

    with pytest.raises(refusal):
        take("extend", case, now=now, by=staff[role], **values)

    assert_nothing_changed(case, case.due_on)


def test_a_day_off_by_decree_is_no_last_day(staff: dict[str, Any]) -> None:
    facts = {
        "is_working": False,
        "source": "РМС № 1",
        "gazette": "ДВ, бр. 10 от 2026 г.",
        "learnt_at": at("2026-03-01"),
    }
    WorkingDayOverride.objects.create(day=date(2026, 6, 1), **facts)
    case = filed()

    with pytest.raises(CannotExtend):
        take("extend", case, now=NOW, by=staff["mayor"])

    assert_nothing_changed(case, case.due_on)


def test_nothing_is_extended_for_somebody_who_cannot_be_told(staff: dict[str, Any]) -> None:
    case = filed(channel=Channel.POST, **NAMELESS)

    with pytest.raises(NeedsName):
        take("extend", case, now=NOW, by=staff["mayor"])

    assert_nothing_changed(case, case.due_on)
