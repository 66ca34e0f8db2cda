"""Questions about many cases. Moments are in UTC; Sofia is two hours ahead in winter, three in summer."""

from datetime import date, datetime
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser

from feedback.models import Case, CaseEvent
from samokov_portal.office.querysets import sought
from services.models import Unit, UnitMember
from tests.factories import CaseFactory, at
from tests.knowing import decisions, keys, known_from

pytestmark = pytest.mark.django_db
PRAISE = {"kind": "praise", "term_code": "", "term_version": "", "first_due_on": None}
MONDAY, MIDNIGHT = at("2026-03-02"), at("2026-03-01", "22:00")  # the midnight in which Monday 02.03 begins in Sofia
NEXT_MIDNIGHT = at("2026-03-02", "22:00")


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


@pytest.mark.parametrize(
    ("typed", "subject"),
    [
        ("лампа", "Не свети ЛАМПАТА"),
        ("ЛАМПА", "Не свети лампа"),
        ("100%", "Такса 100% повече"),
        ("а_б", "Файл а_б"),
        ("а\\б", "Път а\\б"),
        ("лампа 100%", "Лампа за 100% повече"),
    ],
)
def test_each_word_is_looked_for_as_it_was_typed(typed: str, subject: str) -> None:
    found = CaseFactory(subject=subject)
    CaseFactory(subject="Такса 1000 повече, файл а-б, път аб, улица", text="Нищо от това")

    assert list(Case.objects.saying(sought(typed))) == [found]


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


AS_OF = at("2026-05-08")  # Friday; the cases came on Monday 02.03 and are due on Monday 04.05


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


def test_events_are_listed_as_they_happened() -> None:
    case = CaseFactory()
    late, early, also_early = [
        CaseEvent.objects.create(case=case, kind="assigned", at=moment)
        for moment in (at("2026-03-04"), at("2026-03-03"), at("2026-03-03"))
    ]

    assert list(case.events.in_order()) == [early, also_early, late]
