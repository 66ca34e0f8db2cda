"""Questions about many cases. Moments are in UTC; Sofia is two hours ahead in winter, three in summer."""

from datetime import date, datetime
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser

from feedback.models import Case, CaseEvent
from services.models import Unit, UnitMember
from tests.factories import CaseFactory, at
from tests.knowing import decisions, keys, known_from, punctuality

pytestmark = pytest.mark.django_db
PRAISE = {"kind": "praise", "term_code": "", "term_version": "", "first_due_on": None}
MONDAY, MIDNIGHT = at("2026-03-02"), at("2026-03-01", "22:00")  # the midnight in which Monday 02.03 begins in Sofia
NEXT_MIDNIGHT = at("2026-03-02", "22:00")


def decided_at(moment: datetime | None, **more: Any) -> dict[str, Any]:
    """The facts of a case decided at `moment`; of one not decided, for None."""
    return {"decided": True, "decided_at": moment, **more} if moment else more


def test_cases_are_chosen_by_kind() -> None:
    CaseFactory()
    proposal = CaseFactory(kind="proposal")

    assert list(Case.objects.of_kind("proposal")) == [proposal]


def test_samples_are_told_from_real_cases() -> None:
    CaseFactory()
    sample = CaseFactory(is_sample=True)

    assert list(Case.objects.samples()) == [sample]


def test_real_cases_are_told_from_samples() -> None:
    case = CaseFactory()
    CaseFactory(is_sample=True)

    assert list(Case.objects.real()) == [case]


EDGES = [
    (at("2026-03-01", "21:59"), False),  # 23:59 on Sunday
    (MIDNIGHT, True),
    (at("2026-03-02", "21:59"), True),  # 23:59 on Monday
    (NEXT_MIDNIGHT, False),
]


@pytest.mark.parametrize(("moment", "inside"), EDGES)
def test_received_between_is_half_open(moment: datetime, inside: bool) -> None:
    case = CaseFactory(received_at=moment)

    assert list(Case.objects.received_between(MIDNIGHT, NEXT_MIDNIGHT)) == ([case] if inside else [])


@pytest.mark.parametrize(("moment", "inside"), EDGES)
def test_forwarded_between_is_half_open(moment: datetime, inside: bool) -> None:
    CaseFactory(received_at=at("2026-02-20"))
    case = CaseFactory(received_at=at("2026-02-20"), forwarded=True, forwarded_at=moment)

    assert list(Case.objects.forwarded_between(MIDNIGHT, NEXT_MIDNIGHT)) == ([case] if inside else [])


@pytest.mark.parametrize(("moment", "known"), [(at("2026-03-05", "11:59"), False), (at("2026-03-05"), True)])
def test_a_case_is_known_from_the_moment_of_its_registration(moment: datetime, known: bool) -> None:
    case = CaseFactory(registered_at=at("2026-03-05"))  # received three days before

    assert keys(Case.objects.known_at(moment)) == ([case.pk] if known else [])


@pytest.mark.parametrize(
    ("moment", "due_then"),
    [
        (at("2026-04-19"), date(2026, 5, 4)),
        (at("2026-04-20", "11:59"), date(2026, 5, 4)),
        (at("2026-04-20"), date(2026, 6, 1)),  # that very moment
        (at("2026-11-23"), date(2026, 6, 1)),
    ],
)
def test_the_last_day_of_then_is_the_extended_one_only_once_it_is_extended(moment: datetime, due_then: date) -> None:
    CaseFactory(due_on=date(2026, 6, 1), extended_at=at("2026-04-20"))

    assert Case.objects.known_at(moment).get().due_on == due_then


def test_praise_has_no_last_day_at_any_moment() -> None:
    CaseFactory(**PRAISE)

    assert Case.objects.known_at(AS_OF).get().due_on is None


DAY_EDGES = [
    (date(2026, 5, 3), False),
    (date(2026, 5, 4), True),
    (date(2026, 5, 5), True),
    (date(2026, 5, 6), False),
]
DAYS = (date(2026, 5, 4), date(2026, 5, 6))


@pytest.mark.parametrize(("day", "inside"), DAY_EDGES)
def test_due_between_is_half_open(day: date, inside: bool) -> None:
    CaseFactory(**PRAISE)
    case = CaseFactory(first_due_on=day)

    assert keys(Case.objects.known_at(AS_OF).due_between(*DAYS)) == ([case.pk] if inside else [])


def test_the_last_day_of_an_unknown_case_is_in_no_span() -> None:
    CaseFactory(registered_at=at("2026-05-09"))

    assert keys(Case.objects.known_at(AS_OF).due_between(*DAYS)) == []


@pytest.mark.parametrize(("day", "inside"), DAY_EDGES)
def test_notice_due_between_is_half_open(day: date, inside: bool) -> None:
    CaseFactory()
    case = CaseFactory(decided=True, notify_due_on=day)

    assert keys(Case.objects.known_at(AS_OF).notice_due_between(*DAYS)) == ([case.pk] if inside else [])


@pytest.mark.parametrize(
    ("traits", "is_open"),
    [
        ({}, True),
        ({"status": "assigned"}, True),
        ({"decided": True}, True),
        ({"closed": True}, False),
        ({"forwarded": True}, False),
    ],
)
def test_open_cases_are_those_with_something_to_do(traits: dict[str, Any], is_open: bool) -> None:
    case = CaseFactory(**traits)

    assert list(Case.objects.open()) == ([case] if is_open else [])


@pytest.fixture
def of_units() -> list[Case]:
    """Cases of the expert's unit, of another unit, and of none yet."""
    units = [Unit.objects.get(code="hdettos"), Unit.objects.get(code="mdt"), None]
    return [CaseFactory(unit=unit) for unit in units]


@pytest.mark.parametrize(
    ("role", "places"),
    [
        ("clerk", [0, 1, 2]),
        ("secretary", [0, 1, 2]),
        ("mayor", [0, 1, 2]),
        ("expert", [0]),
        ("editor", []),
        ("auditor", []),
    ],
)
def test_a_person_sees_the_cases_of_the_role(staff: Any, of_units: list[Case], role: str, places: list[int]) -> None:
    seen = list(Case.objects.seen_by(staff[role]).order_by("pk"))

    assert seen == [of_units[place] for place in places]


def test_an_expert_without_a_unit_sees_no_case(staff: Any, of_units: list[Case]) -> None:
    UnitMember.objects.all().delete()

    assert list(Case.objects.seen_by(staff["expert"])) == []


def test_who_is_not_logged_in_sees_no_case(of_units: list[Case]) -> None:
    assert list(Case.objects.seen_by(AnonymousUser())) == []


@pytest.fixture
def queue() -> list[Case]:
    """Cases in the order of the day they await: equal days by key, what awaits none at the end."""
    none = [CaseFactory(**PRAISE), CaseFactory(decided=True, notify_due_on=None)]
    later = [CaseFactory(first_due_on=date(2026, 5, 5)) for _ in range(2)]
    sooner = [CaseFactory(first_due_on=date(2026, 5, 4)) for _ in range(3)]
    told = [CaseFactory(decided=True, notify_due_on=date(2026, 5, 3))]  # the notice counts, not the last day
    none.append(CaseFactory(**PRAISE))
    return [*told, *sooner, *later, *none]


def test_the_soonest_awaited_day_is_first_and_praise_at_the_end(queue: list[Case]) -> None:
    assert list(Case.objects.by_awaited_day()) == queue


def test_after_a_case_comes_the_rest_of_the_queue(queue: list[Case]) -> None:
    rest = [list(Case.objects.by_awaited_day().after(case.queue_place)) for case in Case.objects.by_awaited_day()]

    assert rest == [queue[place + 1 :] for place in range(len(queue))]


def test_the_place_in_the_queue_is_the_awaited_day_and_the_key() -> None:
    case, praise, decided = CaseFactory(), CaseFactory(**PRAISE), CaseFactory(decided=True)

    assert [str(row.queue_place) for row in (case, praise, decided)] == [
        f"2026-05-04~c{case.pk}",
        f"~c{praise.pk}",
        f"2026-03-19~c{decided.pk}",
    ]


def test_a_frame_costs_no_more_queries(django_assert_num_queries: Any) -> None:
    CaseFactory.create_batch(3, unit=Unit.objects.get(code="mdt"))

    with django_assert_num_queries(1):
        named = [(case.unit.name, case.settlement, case.service) for case in Case.objects.with_frame()]

    assert len(named) == 3


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


def test_the_last_day_of_then_is_that_of_then() -> None:
    case = CaseFactory()
    for moment, due_on in ((at("2026-04-20"), date(2026, 6, 1)), (at("2026-05-20"), date(2026, 7, 1))):
        with known_from(moment):
            case.due_on, case.due_moved_at = due_on, moment
            case.save()

    then = [Case.objects.known_at(at(day)).get().due_on for day in ("2026-04-19", "2026-04-20", "2026-05-20")]

    assert then == [date(2026, 5, 4), date(2026, 6, 1), date(2026, 7, 1)]


def test_nobody_sees_a_case_that_is_directed_against_them(staff: Any) -> None:
    case = CaseFactory(complained_of=staff["clerk"])

    assert list(Case.objects.seen_by(staff["clerk"])) == []
    assert list(Case.objects.seen_by(staff["secretary"])) == [case]


@pytest.mark.parametrize(
    ("as_of", "in_term"), [(at("2026-05-04", "20:59"), 1), (at("2026-05-04", "21:00"), 0)], ids=["23:59", "midnight"]
)
def test_a_case_is_overdue_from_midnight_in_sofia(as_of: datetime, in_term: int) -> None:
    CaseFactory()

    counted = decisions(Case.objects.known_at(as_of), as_of)

    assert (counted["in_term"], counted["whole"]) == (in_term, 1 - in_term)


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


def test_events_are_listed_as_they_happened() -> None:
    case = CaseFactory()
    late, early, also_early = [
        CaseEvent.objects.create(case=case, kind="assigned", at=moment)
        for moment in (at("2026-03-04"), at("2026-03-03"), at("2026-03-03"))
    ]

    assert list(case.events.in_order()) == [early, also_early, late]
