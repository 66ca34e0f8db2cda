"""Days moved by decree: what the portal knew of them and when."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from samokov_portal.legal.holidays import Override
from samokov_portal.office.models import WorkingDayOverride
from tests.factories import at

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 11, 23)
LEARNT = at("2026-11-02", "10:00")


def decree(**changes: object) -> WorkingDayOverride:
    return WorkingDayOverride.objects.create(
        **{"day": MONDAY, "is_working": False, "source": "РМС № 1, ДВ 1/2026", "learnt_at": LEARNT, **changes}
    )


@pytest.mark.parametrize(
    ("moment", "known"),
    [
        (at("2026-11-02", "09:59"), False),
        (at("2026-11-02", "10:00"), True),  # that very moment
        (at("2026-11-03"), True),
    ],
)
def test_a_decree_is_known_from_the_moment_it_was_entered(moment: object, known: bool) -> None:
    override = decree()

    assert list(WorkingDayOverride.objects.known_by(moment)) == ([override] if known else [])


def test_decrees_correct_the_calendar() -> None:
    decree()

    calendar = WorkingDayOverride.objects.all().calendar()

    assert calendar.overrides == {MONDAY: Override(is_working=False, source="РМС № 1, ДВ 1/2026")}
    assert not calendar.is_workday(MONDAY)


def test_a_decree_is_called_by_its_day() -> None:
    assert str(decree()) == "23.11.2026"


def test_a_decree_without_a_source_is_refused_by_the_database() -> None:
    with pytest.raises(IntegrityError, match="office_workingdayoverride_has_source"), transaction.atomic():
        decree(source="")


def test_a_day_is_moved_once() -> None:
    decree()

    with pytest.raises(IntegrityError, match="office_workingdayoverride_day_key"), transaction.atomic():
        decree(is_working=True)
