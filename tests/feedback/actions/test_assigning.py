"""Giving a case to a unit, and taking it for what it is by its contents."""

from datetime import date
from typing import Any

import pytest

from feedback.actions.refusals import NeedsName, WrongGround
from feedback.choices import Kind, Status
from feedback.clock import explain
from feedback.models import Case
from samokov_portal.office.choices import Channel
from services.models import Unit
from tests.factories import at
from tests.feedback.life_stories import NAMELESS, REASON, brought_to, filed, take, unit

pytestmark = pytest.mark.django_db
NOW = at("2026-03-10")  # Tuesday; what came on Monday 02.03 is not due yet
# Two months, seven days, seven working days (3 March is a holiday), fourteen days from Monday 02.03.2026.
DUE = {
    "signal": date(2026, 5, 4),  # 02.05 is a Saturday
    "proposal": date(2026, 5, 4),
    "complaint": date(2026, 3, 9),
    "enquiry": date(2026, 3, 12),
    "information": date(2026, 3, 16),
    "praise": None,
}


def test_a_case_is_assigned_to_a_unit(staff: dict[str, Any], told: Any, newest: Any) -> None:
    case = take("assign", filed(), now=NOW, by=staff["clerk"])

    assert (case.status, case.unit, case.next_on) == ("assigned", unit(), DUE["signal"])
    assert newest(case) == ("~", staff["clerk"], f"възложена на {unit()}")
    assert told(case) == [("assigned", NOW, "clerk", str(unit()))]


def test_an_assigned_case_may_be_assigned_to_another_unit(staff: dict[str, Any]) -> None:
    case = brought_to(Status.ASSIGNED, staff)

    case = take("assign", case, now=NOW, by=staff["secretary"], unit=Unit.objects.get(code="mdt"))

    assert (case.status, case.unit.code) == ("assigned", "mdt")


def test_a_case_that_is_looked_at_again_may_be_given_to_another_unit_and_stays_reopened(staff: dict[str, Any]) -> None:
    case = brought_to(Status.REOPENED, staff)

    case = take("assign", case, now=NOW, by=staff["clerk"], unit=Unit.objects.get(code="mdt"))

    assert (case.status, case.unit.code) == ("reopened", "mdt")


def test_the_official_complained_of_is_named_and_the_sender_reads_nothing_of_it(
    staff: dict[str, Any], told: Any
) -> None:
    case = take("assign", filed(), now=NOW, by=staff["clerk"], complained_of=staff["expert"])

    assert case.complained_of == staff["expert"]
    assert told(case) == [("assigned", NOW, "clerk", str(unit()))]
    assert list(Case.objects.seen_by(staff["expert"])) == []
    assert list(Case.objects.seen_by(staff["clerk"])) == [case]


@pytest.mark.parametrize("was", Kind.values)
@pytest.mark.parametrize("becomes", Kind.values)
def test_a_case_becomes_any_other_kind_and_keeps_its_number_and_its_label(
    staff: dict[str, Any], told: Any, was: str, becomes: str
) -> None:
    case = filed(was)
    if was == becomes:
        with pytest.raises(WrongGround):
            take("requalify", case, now=NOW, by=staff["clerk"], kind=becomes)
        return

    after = take("requalify", case, now=NOW, by=staff["clerk"], kind=becomes)

    assert (after.number, after.citizen_kind, after.kind) == (case.number, was, becomes)
    assert (after.due_on, after.next_on) == (DUE[becomes], DUE[becomes])
    # The promise made on receipt stays; what was praise promises now for the first time.
    assert after.first_due_on == (DUE[was] or DUE[becomes])
    labels = f"{Kind(was).label} → {Kind(becomes).label}. {REASON}"
    assert told(after) == [("requalified", NOW, "clerk", labels)]
    explained = explain(after)
    assert (explained.due_on if explained else None) == DUE[becomes]


def test_there_and_back_again_gives_the_date_of_the_receipt(staff: dict[str, Any]) -> None:
    case = filed()

    for kind in ("praise", "information", "praise", "signal"):
        case = take("requalify", case, now=NOW, by=staff["clerk"], kind=kind)

    assert (case.due_on, case.first_due_on, case.term_code) == (DUE["signal"], DUE["signal"], "signal-decision")


def test_days_on_which_the_term_stood_still_are_not_lost(staff: dict[str, Any]) -> None:
    case = filed("information")
    case = take("ask", case, now=at("2026-03-04"), by=staff["clerk"], ground="information-unclear")
    case = take("reply", case, now=at("2026-03-09"))

    case = take("requalify", case, now=NOW, by=staff["clerk"], kind="signal")

    # Saturday 02.05 and the five days 05.03-09.03: Thursday 07.05.
    assert case.due_on == date(2026, 5, 7)


@pytest.mark.parametrize(
    ("was", "ground", "until", "becomes", "due_on", "is_extended"),
    [
        ("signal", "signal", date(2026, 5, 29), "proposal", date(2026, 5, 29), True),
        ("proposal", "proposal", date(2026, 9, 2), "signal", date(2026, 6, 2), True),  # as far as three months
        ("signal", "signal", date(2026, 5, 29), "enquiry", date(2026, 3, 12), False),  # the law knows none
        ("information", "information-volume", date(2026, 3, 20), "signal", date(2026, 5, 4), False),  # longer anyway
    ],
)
def test_an_extension_stays_as_far_as_the_new_kind_lets_it(
    staff: dict[str, Any], was: str, ground: str, until: date, becomes: str, due_on: date, is_extended: bool
) -> None:
    by = staff["clerk" if was == "information" else "mayor"]
    case = take("extend", filed(was), now=NOW, by=by, ground=ground, due_on=until)

    case = take("requalify", case, now=at("2026-03-11"), by=staff["clerk"], kind=becomes)

    assert case.due_on == due_on
    assert case.extended_at == (NOW if is_extended else None)


@pytest.mark.parametrize(
    ("channel", "was", "becomes"),
    [
        (Channel.PHONE, "signal", "enquiry"),
        (Channel.POST, "proposal", "information"),
        (Channel.POST, "praise", "complaint"),
        (Channel.WEB, "praise", "signal"),  # the portal asks for a name
    ],
)
def test_what_is_anonymous_does_not_become_what_must_be_answered(
    staff: dict[str, Any], channel: str, was: str, becomes: str
) -> None:
    case = filed(was, channel=channel, **NAMELESS)

    with pytest.raises(NeedsName):
        take("requalify", case, now=NOW, by=staff["clerk"], kind=becomes)

    case.refresh_from_db()
    assert case.kind == was


@pytest.mark.parametrize(("was", "becomes"), [("signal", "proposal"), ("praise", "signal"), ("proposal", "praise")])
def test_what_is_anonymous_may_become_what_may_be_so(staff: dict[str, Any], was: str, becomes: str) -> None:
    case = take("requalify", filed(was, channel=Channel.POST, **NAMELESS), now=NOW, by=staff["clerk"], kind=becomes)

    assert (case.kind, case.citizen_kind, case.is_anonymous) == (becomes, was, True)
