"""Questions about many services and applications."""

from datetime import date, datetime
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser

from services.entries import index_services
from services.models import Application, Service, ServiceGroup, Settlement, Unit, UnitMember
from tests.factories import ApplicationFactory, at
from tests.knowing import keys, punctuality

pytestmark = pytest.mark.django_db


def found(query: str) -> list[str]:
    return [service.name for service in Service.objects.all().matching(query)]


def test_the_municipality_is_the_root_of_the_units() -> None:
    assert Unit.objects.municipality() == Unit.objects.get(code="obshtina-samokov")


def test_before_the_units_are_loaded_there_is_no_municipality() -> None:
    assert Unit.objects.none().municipality() is None


def test_units_are_listed_after_the_municipality_by_name() -> None:
    units = list(Unit.objects.in_order())

    assert units[0].code == "obshtina-samokov"
    assert [unit.name for unit in units[1:]] == list(
        Unit.objects.exclude(parent=None).order_by("parent", "name", "pk").values_list("name", flat=True)
    )


def test_groups_are_listed_as_the_catalogue_does_with_their_sizes() -> None:
    groups = list(ServiceGroup.objects.in_order())

    assert [group.position for group in groups] == list(range(1, 14))
    assert sum(group.size for group in groups) == 113


def test_the_town_is_listed_before_the_villages() -> None:
    settlements = list(Settlement.objects.in_order())

    assert [str(settlements[0]), len(settlements)] == ["гр. Самоков", 29]


@pytest.mark.parametrize(
    "query",
    [
        "удостоверение за наследници",
        "НАСЛЕДНИЦИ",  # capitals
        "наследници удостоверение",  # the order does not matter
        "наслед",  # the beginning of a word
        "2016",  # the number of the register
        "201",  # its beginning
        "грао наследници",  # the group
    ],
)
def test_a_service_is_found(query: str) -> None:
    assert "Издаване на удостоверение за наследници" in found(query)


@pytest.mark.parametrize("query", ["риболовен кораб", "ъъъ", "%", "_", "016"])
def test_a_service_that_has_none_of_the_words_and_is_not_close_is_not_found(query: str) -> None:
    assert "Издаване на удостоверение за наследници" not in found(query)


def test_the_best_match_is_first() -> None:
    group = ServiceGroup.objects.get(code="social")
    for name in ("Справка за лодки и други съдове", "Лодки", "Съобщения по справки за гребни лодки"):
        Service.objects.create(slug=f"s{len(name)}", name=name, group=group, number_status="unknown")
    index_services()

    assert found("справка лодки")[0] == "Справка за лодки и други съдове"


def test_equal_matches_are_listed_by_name() -> None:
    group = ServiceGroup.objects.get(code="social")
    for name in ("Ябълки Б", "Ябълки А"):
        Service.objects.create(slug=f"s{ord(name[-1])}", name=name, group=group, number_status="unknown")
    index_services()

    assert found("ябълки") == ["Ябълки А", "Ябълки Б"]


def test_a_frame_costs_no_more_queries(django_assert_num_queries: Any) -> None:
    ApplicationFactory.create_batch(3)

    with django_assert_num_queries(2):
        services = [
            (service.group.name, service.unit and service.unit.name) for service in Service.objects.with_frame()
        ]
        rows = [(row.service.name, row.unit) for row in Application.objects.with_frame()]

    assert (len(services), len(rows)) == (113, 3)


def numbers(rows: Any) -> list[str]:
    return [row.number for row in rows.order_by("pk")]


@pytest.mark.parametrize(
    ("received_at", "inside"),
    [
        (at("2026-03-01", "21:59"), False),
        (at("2026-03-01", "22:00"), True),  # midnight in Sofia
        (at("2026-03-02", "21:59"), True),
        (at("2026-03-02", "22:00"), False),
    ],
)
def test_received_between_is_half_open(received_at: datetime, inside: bool) -> None:
    row = ApplicationFactory(received_at=received_at)

    found = Application.objects.received_between(at("2026-03-01", "22:00"), at("2026-03-02", "22:00"))

    assert numbers(found) == ([row.number] if inside else [])


@pytest.mark.parametrize(("moment", "known"), [(at("2026-03-05", "11:59"), False), (at("2026-03-05"), True)])
def test_an_application_is_known_from_the_moment_of_its_registration(moment: datetime, known: bool) -> None:
    row = ApplicationFactory(registered_at=at("2026-03-05"))  # received three days before

    assert keys(Application.objects.known_at(moment)) == ([row.pk] if known else [])


def test_real_applications_are_told_from_samples() -> None:
    row = ApplicationFactory()
    ApplicationFactory(is_sample=True)

    assert list(Application.objects.real()) == [row]


@pytest.fixture
def of_units() -> list[Application]:
    """Applications of the expert's unit, of another unit, and of none."""
    units = [Unit.objects.get(code="hdettos"), Unit.objects.get(code="mdt"), None]
    return [ApplicationFactory(unit=unit) for unit in units]


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
def test_a_person_sees_the_applications_of_the_role(
    staff: Any, of_units: list[Application], role: str, places: list[int]
) -> None:
    seen = list(Application.objects.seen_by(staff[role]).order_by("pk"))

    assert seen == [of_units[place] for place in places]


def test_an_expert_without_a_unit_sees_no_application(staff: Any, of_units: list[Application]) -> None:
    UnitMember.objects.all().delete()

    assert list(Application.objects.seen_by(staff["expert"])) == []


def test_who_is_not_logged_in_sees_no_application(of_units: list[Application]) -> None:
    assert list(Application.objects.seen_by(AnonymousUser())) == []


@pytest.mark.parametrize(
    ("due_on", "inside"),
    [(date(2026, 3, 15), False), (date(2026, 3, 16), True), (date(2026, 3, 17), True), (date(2026, 3, 18), False)],
)
def test_due_between_is_half_open(due_on: date, inside: bool) -> None:
    row = ApplicationFactory(due_on=due_on)

    found = Application.objects.known_at(AS_OF).due_between(date(2026, 3, 16), date(2026, 3, 18))

    assert numbers(found) == ([row.number] if inside else [])


def test_open_applications_are_those_not_completed() -> None:
    waiting = ApplicationFactory()
    ApplicationFactory(completed=True)

    assert list(Application.objects.open()) == [waiting]


def test_the_soonest_last_day_is_first_and_equal_ones_by_key() -> None:
    late = ApplicationFactory(due_on=date(2026, 3, 20))
    first, second = ApplicationFactory.create_batch(2, due_on=date(2026, 3, 16))

    assert list(Application.objects.by_due_date()) == [first, second, late]


AS_OF = at("2026-03-20")  # Friday
LIVES = [
    # due, completed, in the count
    ("decided before the last day", date(2026, 3, 16), at("2026-03-10"), {"part": 1, "whole": 1, "in_term": 0}),
    ("on the last day", date(2026, 3, 16), at("2026-03-16"), {"part": 1, "whole": 1, "in_term": 0}),
    ("23:59 in Sofia", date(2026, 3, 16), at("2026-03-16", "21:59"), {"part": 1, "whole": 1, "in_term": 0}),
    ("midnight in Sofia", date(2026, 3, 16), at("2026-03-16", "22:00"), {"part": 0, "whole": 1, "in_term": 0}),
    ("a day late", date(2026, 3, 16), at("2026-03-17"), {"part": 0, "whole": 1, "in_term": 0}),
    ("overdue", date(2026, 3, 19), None, {"part": 0, "whole": 1, "in_term": 0}),
    ("due today", date(2026, 3, 20), None, {"part": 0, "whole": 0, "in_term": 1}),
    ("in term", date(2026, 3, 30), None, {"part": 0, "whole": 0, "in_term": 1}),
    ("completed afterwards, in term then", date(2026, 3, 30), at("2026-03-21"), {"part": 0, "whole": 0, "in_term": 1}),
    ("completed afterwards, overdue then", date(2026, 3, 19), at("2026-03-21"), {"part": 0, "whole": 1, "in_term": 0}),
    ("completed that moment, in term", date(2026, 3, 30), AS_OF, {"part": 0, "whole": 0, "in_term": 1}),
    ("completed that moment, late", date(2026, 3, 19), AS_OF, {"part": 0, "whole": 1, "in_term": 0}),
    ("completed early, in term", date(2026, 3, 30), at("2026-03-10"), {"part": 0, "whole": 0, "in_term": 1}),
]


@pytest.mark.parametrize(
    ("due_on", "completed_at", "expected"), [row[1:] for row in LIVES], ids=[row[0] for row in LIVES]
)
def test_punctuality_counts_what_was_known(
    due_on: date, completed_at: datetime | None, expected: dict[str, int]
) -> None:
    outcome = "ready" if completed_at else ""
    ApplicationFactory(due_on=due_on, completed_at=completed_at, outcome=outcome)

    assert punctuality(Application.objects.known_at(AS_OF).term_facts(AS_OF), "in_term") == expected


def test_the_day_of_punctuality_is_that_of_sofia() -> None:
    ApplicationFactory(due_on=date(2026, 3, 19))

    before, after = (
        punctuality(Application.objects.known_at(moment).term_facts(moment), "in_term")
        for moment in (at("2026-03-19", "21:59"), at("2026-03-19", "22:00"))  # midnight in Sofia
    )

    assert (before["in_term"], after["whole"]) == (1, 1)


def test_nothing_to_count_is_nothing() -> None:
    assert punctuality(Application.objects.known_at(AS_OF).term_facts(AS_OF), "in_term") == {
        "part": 0,
        "whole": 0,
        "in_term": 0,
    }


def test_waiting_counts_people_at_the_counter_only() -> None:
    for channel, minutes in [("counter", 0), ("counter", 20), ("counter", 21), ("counter", None), ("post", None)]:
        ApplicationFactory(channel=channel, waited_minutes=minutes)

    assert punctuality(Application.objects.all().waiting_facts(20), "not_recorded") == {
        "part": 2,
        "whole": 3,
        "not_recorded": 1,
    }
