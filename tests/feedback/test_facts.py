"""What a case says of each promise, as it was known at a moment."""

from datetime import date, datetime
from typing import Any

import pytest

from feedback.models import Case
from tests.factories import CaseFactory, at
from tests.knowing import decisions, known_from, punctuality

pytestmark = pytest.mark.django_db


def decided_at(moment: datetime | None, **more: Any) -> dict[str, Any]:
    """The facts of a case decided at `moment`; of one not decided, for None."""
    return {"decided": True, "decided_at": moment, **more} if moment else more


NOTHING = {"part": 0, "whole": 0, "in_term": 0, "forwarded": 0, "no_proceedings": 0, "withdrawn": 0}
AS_OF = at("2026-05-08")  # Friday; the cases came on Monday 02.03 and are due on Monday 04.05
EXTENDED = {"due_on": date(2026, 6, 1), "extended_at": at("2026-04-20")}
DECISIONS = [
    # what, facts, part, whole, in_term, forwarded
    ("decided before the last day", decided_at(at("2026-04-01")), 1, 1, 0, 0),
    ("decided on the last day", decided_at(at("2026-05-04")), 1, 1, 0, 0),
    ("at 23:59 in Sofia", decided_at(at("2026-05-04", "20:59")), 1, 1, 0, 0),
    ("at midnight in Sofia", decided_at(at("2026-05-04", "21:00")), 0, 1, 0, 0),
    ("a day late", decided_at(at("2026-05-05")), 0, 1, 0, 0),
    ("overdue, undecided", {}, 0, 1, 0, 0),
    ("in term", {"first_due_on": date(2026, 5, 20)}, 0, 0, 1, 0),
    ("due today", {"first_due_on": date(2026, 5, 8)}, 0, 0, 1, 0),
    ("due yesterday", {"first_due_on": date(2026, 5, 7)}, 0, 1, 0, 0),
    ("forwarded in time", {"forwarded": True}, 0, 0, 0, 1),
    ("forwarded at 23:59 of the last day", {"forwarded": True, "forwarded_at": at("2026-05-04", "20:59")}, 0, 0, 0, 1),
    ("forwarded at midnight", {"forwarded": True, "forwarded_at": at("2026-05-04", "21:00")}, 0, 1, 0, 0),
    ("forwarded though overdue", {"forwarded": True, "forwarded_at": at("2026-05-07")}, 0, 1, 0, 0),
    ("forwarded afterwards", {"forwarded": True, "forwarded_at": at("2026-05-09")}, 0, 1, 0, 0),
    ("forwarded in the extended term", {"forwarded": True, "forwarded_at": at("2026-05-07"), **EXTENDED}, 0, 0, 0, 1),
    ("decided afterwards, overdue then", decided_at(at("2026-05-09")), 0, 1, 0, 0),
    ("decided afterwards, in term then", decided_at(at("2026-05-09"), first_due_on=date(2026, 5, 20)), 0, 0, 1, 0),
    ("decided that moment, in term", decided_at(AS_OF, first_due_on=date(2026, 5, 20)), 0, 0, 1, 0),
    ("decided that moment, overdue", decided_at(AS_OF), 0, 1, 0, 0),
    ("extended, in term", EXTENDED, 0, 0, 1, 0),
    ("extended, decided before the new day", decided_at(at("2026-05-06"), **EXTENDED), 0, 0, 1, 0),
    ("extended afterwards", {**EXTENDED, "extended_at": at("2026-05-09")}, 0, 1, 0, 0),
    ("registered afterwards", {"registered_at": at("2026-05-09")}, 0, 0, 0, 0),
    ("closed in time", {"closed": True}, 1, 1, 0, 0),
]


@pytest.mark.parametrize(
    ("facts", "part", "whole", "in_term", "forwarded"),
    [row[1:] for row in DECISIONS],
    ids=[row[0] for row in DECISIONS],
)
def test_punctuality_of_decisions_counts_what_was_known(
    facts: dict[str, Any], part: int, whole: int, in_term: int, forwarded: int
) -> None:
    CaseFactory(**facts)

    counted = decisions(Case.objects.known_at(AS_OF), AS_OF)

    assert counted == {**NOTHING, "part": part, "whole": whole, "in_term": in_term, "forwarded": forwarded}


def ended(moment: datetime, **more: Any) -> dict[str, Any]:
    """The facts of a case that ended without a decision at `moment`."""
    return {"status": "no_proceedings", "ended_at": moment, "end_reason": "too-old", **more}


def withdrawn(moment: datetime, **more: Any) -> dict[str, Any]:
    return {"status": "withdrawn", "ended_at": moment, **more}


ENDS = [
    # what, facts, what is counted
    ("no proceedings in time", ended(at("2026-05-04", "20:59")), {"no_proceedings": 1}),
    ("no proceedings after the last day", ended(at("2026-05-04", "21:00")), {"whole": 1}),
    ("no proceedings afterwards", ended(at("2026-05-09")), {"whole": 1}),
    ("withdrawn in time", withdrawn(at("2026-05-04", "20:59")), {"withdrawn": 1}),
    ("withdrawn after the last day", withdrawn(at("2026-05-05")), {"whole": 1}),
    ("a question that stops nothing", {"status": "clarification"}, {"whole": 1}),
    ("forwarding, not yet out", {"status": "forwarding", "forwarded_to": "ОПУ"}, {"whole": 1}),
]


@pytest.mark.parametrize(("facts", "counts"), [row[1:] for row in ENDS], ids=[row[0] for row in ENDS])
def test_what_ends_without_a_decision_is_left_out_unless_it_was_late(
    facts: dict[str, Any], counts: dict[str, int]
) -> None:
    CaseFactory(**facts)

    assert decisions(Case.objects.known_at(AS_OF), AS_OF) == {**NOTHING, **counts}


@pytest.mark.parametrize("replied", [False, True], ids=["still waiting", "answered afterwards"])
def test_what_waited_for_its_sender_by_law_is_in_term_whatever_came_later(replied: bool) -> None:
    case = CaseFactory()
    with known_from(at("2026-04-30")):
        case.status, case.paused_at = "clarification", at("2026-04-30")
        case.save()
    if replied:
        with known_from(at("2026-05-20")):
            case.status, case.paused_at = "registered", None
            case.save()

    counted = decisions(Case.objects.known_at(AS_OF), AS_OF)
    before = Case.objects.known_at(at("2026-04-29")).get().paused_at

    assert (counted, before) == ({**NOTHING, "in_term": 1}, None)


def test_nothing_to_count_is_nothing() -> None:
    nothing = Case.objects.known_at(AS_OF)

    assert decisions(nothing, AS_OF) == NOTHING
    assert punctuality(nothing.forwarding_facts(AS_OF)) == {"part": 0, "whole": 0}
    assert punctuality(nothing.notice_facts(AS_OF), "in_term") == {"part": 0, "whole": 0, "in_term": 0}


@pytest.mark.parametrize(
    ("forwarded_at", "part", "whole"),
    [
        (at("2026-03-03"), 1, 1),
        (at("2026-03-09"), 1, 1),  # the seventh day, Monday
        (at("2026-03-09", "21:59"), 1, 1),  # 23:59 in Sofia
        (at("2026-03-09", "22:00"), 0, 1),  # midnight
        (AS_OF, 0, 1),  # that moment
        (at("2026-05-09"), 0, 0),  # afterwards
    ],
)
def test_punctuality_of_forwarding_counts_what_was_known(forwarded_at: datetime, part: int, whole: int) -> None:
    CaseFactory()  # never forwarded
    CaseFactory(forwarded=True, forwarded_at=forwarded_at)

    assert punctuality(Case.objects.known_at(AS_OF).forwarding_facts(AS_OF)) == {"part": part, "whole": whole}


FRIDAY = at("2026-04-24")


def notice(notified_at: datetime | None, decided: datetime = FRIDAY, **more: Any) -> dict[str, Any]:
    """A case decided on Friday 24.04, of which the sender is to be told by 04.05, told at `notified_at`."""
    facts = {"decided_at": decided, "notify_due_on": date(2026, 5, 4), **more}
    return {"closed": True, "notified_at": notified_at, **facts} if notified_at else {"decided": True, **facts}


NOTICES = [
    ("not decided", {}, 0, 0, 0),
    ("told at once", notice(at("2026-04-24")), 1, 1, 0),
    ("told, in term", notice(at("2026-04-24"), notify_due_on=date(2026, 5, 8)), 0, 0, 1),
    ("told at 23:59 of the last day", notice(at("2026-05-04", "20:59")), 1, 1, 0),
    ("told at midnight", notice(at("2026-05-04", "21:00")), 0, 1, 0),
    ("not told, past the last day", notice(None), 0, 1, 0),
    ("not told, in term", notice(None, notify_due_on=date(2026, 5, 8)), 0, 0, 1),
    ("told afterwards, past then", notice(at("2026-05-09")), 0, 1, 0),
    ("told afterwards, in term then", notice(at("2026-05-09"), notify_due_on=date(2026, 5, 11)), 0, 0, 1),
    ("decided afterwards", notice(None, decided=at("2026-05-09"), notify_due_on=date(2026, 5, 18)), 0, 0, 0),
]


@pytest.mark.parametrize(
    ("facts", "part", "whole", "in_term"), [row[1:] for row in NOTICES], ids=[row[0] for row in NOTICES]
)
def test_punctuality_of_notices_counts_what_was_known(
    facts: dict[str, Any], part: int, whole: int, in_term: int
) -> None:
    CaseFactory(**facts)

    assert punctuality(Case.objects.known_at(AS_OF).notice_facts(AS_OF), "in_term") == {
        "part": part,
        "whole": whole,
        "in_term": in_term,
    }


@pytest.mark.parametrize(
    ("received_at", "registered_at", "part"),
    [
        (at("2026-03-02", "07:00"), at("2026-03-02", "15:00"), 1),
        (at("2026-03-01", "22:00"), at("2026-03-02", "21:59"), 1),  # 00:00 and 23:59 of one day in Sofia
        (at("2026-03-02", "21:59"), at("2026-03-02", "22:00"), 0),  # 23:59 and 00:00
        (at("2026-03-02"), at("2026-03-03"), 0),
    ],
)
def test_registered_on_the_day_it_came_is_by_the_day_in_sofia(
    received_at: datetime, registered_at: datetime, part: int
) -> None:
    CaseFactory(received_at=received_at, registered_at=registered_at)

    assert punctuality(Case.objects.all().registration_facts()) == {"part": part, "whole": 1}


def test_waiting_counts_people_at_the_counter_only() -> None:
    for channel, minutes in [("counter", 0), ("counter", 20), ("counter", 21), ("counter", None), ("phone", None)]:
        CaseFactory(channel=channel, waited_minutes=minutes)

    assert punctuality(Case.objects.all().waiting_facts(20), "not_recorded") == {
        "part": 2,
        "whole": 3,
        "not_recorded": 1,
    }
