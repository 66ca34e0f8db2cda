"""Days moved by decree: what the portal knew of them and when."""

from datetime import date, datetime
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.db import IntegrityError, transaction
from django.urls import reverse

from samokov_portal.legal.holidays import Override
from samokov_portal.office.models import WorkingDayOverride
from tests.factories import at
from tests.office.decreeing import decree

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 11, 23)
LEARNT = at("2026-11-02", "10:00")
BASIS = "РМС № 1 от 2026 г., ДВ, бр. 1 от 2026 г."


@pytest.mark.parametrize(
    ("moment", "known"),
    [
        (at("2026-11-02", "09:59"), False),
        (at("2026-11-02", "10:00"), True),  # that very moment
        (at("2026-11-03"), True),
    ],
)
def test_a_decree_is_known_from_the_moment_it_was_entered(moment: datetime, known: bool) -> None:
    override = decree(MONDAY, learnt_at=LEARNT)

    assert list(WorkingDayOverride.objects.known_by(moment)) == ([override] if known else [])


def test_decrees_correct_the_calendar() -> None:
    decree(MONDAY)

    calendar = WorkingDayOverride.objects.all().calendar()

    assert calendar.overrides == {MONDAY: Override(is_working=False, source=BASIS)}
    assert not calendar.is_workday(MONDAY)


def test_of_two_decrees_for_a_day_the_later_is_true_and_the_earlier_was_true_before_it() -> None:
    decree(MONDAY, learnt_at=at("2026-11-02"))
    decree(MONDAY, is_working=True, learnt_at=at("2026-11-10"))

    days = WorkingDayOverride.objects

    assert days.all().calendar().is_workday(MONDAY)
    assert not days.known_by(at("2026-11-09")).calendar().is_workday(MONDAY)
    assert days.known_by(at("2026-11-01")).calendar().is_workday(MONDAY)


def test_a_decree_is_called_by_its_day() -> None:
    assert str(decree(MONDAY)) == "23.11.2026"


NONSENSE = [
    ("office_workingdayoverride_has_source", {"source": ""}),
    ("office_workingdayoverride_has_source", {"gazette": ""}),
    ("office_workingdayoverride_in_known_years", {"day": date(2005, 12, 31)}),
    ("office_workingdayoverride_in_known_years", {"day": date(2099, 1, 1)}),
    ("office_workingdayoverride_ordered_whole", {"ordered_at": LEARNT}),
    ("office_workingdayoverride_ordered_whole", {"order_reason": "решение"}),
]


@pytest.mark.parametrize(("constraint", "facts"), NONSENSE)
def test_a_decree_with_nonsense_is_refused_by_the_database(constraint: str, facts: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        decree(facts.pop("day", MONDAY), **facts)


def test_what_nobody_ordered_is_not_applied(staff: Any) -> None:
    facts = {"ordered_at": at("2026-11-21"), "ordered_by": staff["secretary"], "order_reason": "решение"}

    with (
        pytest.raises(IntegrityError, match="office_workingdayoverride_applied_after_order"),
        transaction.atomic(),
    ):
        decree(MONDAY, applied_at=at("2026-11-20", "23:00"), **facts)

    assert decree(MONDAY, applied_at=at("2026-11-21"), **facts).pk


def test_two_decrees_for_a_day_are_not_learnt_at_one_moment() -> None:
    decree(MONDAY)

    with pytest.raises(IntegrityError, match="office_workingdayoverride_learnt_once"), transaction.atomic():
        decree(MONDAY, is_working=True)


ADD = "admin:office_workingdayoverride_add"


def typed(**changes: str) -> dict[str, str]:
    """What a browser sends for a new decree."""
    filled = {
        "day": "01.12.2026",  # Tuesday
        "is_working": "",
        "source": "РМС № 1 от 2026 г.",
        "gazette": "ДВ, бр. 1 от 2026 г.",
        "reason": "Обнародвано е.",
    }
    return {**filled, **changes}


def test_a_new_decree_is_learnt_now_and_moves_nothing_yet(as_role: Any, clock: datetime) -> None:
    response = as_role("editor").post(reverse(ADD), typed())

    row = WorkingDayOverride.objects.get()
    assert response.status_code == 302
    assert (row.day, row.is_working, row.learnt_at, row.ordered_at) == (date(2026, 12, 1), False, clock, None)
    assert row.history.get().history_change_reason == "Обнародвано е."


def test_a_day_off_may_be_made_working(as_role: Any, clock: datetime) -> None:
    as_role("editor").post(reverse(ADD), typed(day="28.11.2026", is_working="on"))  # Saturday

    assert WorkingDayOverride.objects.get().is_working


@pytest.mark.parametrize(
    "changes",
    [
        {"day": "29.11.2026"},  # Sunday, a day off anyway
        {"day": "24.12.2026"},  # Christmas Eve
        {"is_working": "on"},  # a Tuesday, working anyway
        {"day": "31.12.2005"},
        {"day": "01.01.2099"},
        {"source": ""},
        {"gazette": ""},
        {"reason": ""},
    ],
)
def test_a_decree_that_changes_nothing_or_is_not_whole_is_refused(
    as_role: Any, clock: datetime, changes: dict[str, str]
) -> None:
    response = as_role("editor").post(reverse(ADD), typed(**changes))

    assert response.status_code == 200
    assert not WorkingDayOverride.objects.exists()


def test_a_decree_that_repeats_the_one_in_force_is_refused_and_its_opposite_is_not(
    as_role: Any, clock: datetime
) -> None:
    decree(date(2026, 12, 1))
    client = as_role("editor")

    client.post(reverse(ADD), typed())
    client.post(reverse(ADD), typed(is_working="on"))

    assert [row.is_working for row in WorkingDayOverride.objects.order_by("pk")] == [False, True]


@pytest.mark.parametrize(("day", "warned"), [("20.11.2026", True), ("23.11.2026", False), ("01.12.2026", False)])
def test_a_day_that_is_over_is_taken_with_a_warning(as_role: Any, clock: datetime, day: str, warned: bool) -> None:
    response = as_role("editor").post(reverse(ADD), typed(day=day))

    levels = [message.level_tag for message in get_messages(response.wsgi_request)]
    assert ("warning" in levels) == warned
    assert WorkingDayOverride.objects.count() == 1


@pytest.mark.parametrize("verb", ["change", "delete"])
def test_a_decree_is_neither_edited_nor_deleted(as_role: Any, clock: datetime, verb: str) -> None:
    row = decree(MONDAY)

    response = as_role("editor").post(reverse(f"admin:office_workingdayoverride_{verb}", args=[row.pk]), typed())

    row.refresh_from_db()
    assert response.status_code == 403
    assert row.day == MONDAY


@pytest.mark.parametrize("role", ["secretary", "clerk", "auditor"])
def test_only_an_editor_enters_decrees(as_role: Any, role: str) -> None:
    as_role(role).post(reverse(ADD), typed())

    assert not WorkingDayOverride.objects.exists()
