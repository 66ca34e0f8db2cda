"""Open applications moved by days that decrees moved, and what was true before."""

from datetime import date, datetime
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from charter.measurement import MEASURES, Period
from samokov_portal.moving import touched_applications
from services.actions import finish_application, move_application, tell_defects
from services.clock import explain
from services.models import Application
from tests.factories import ApplicationFactory, at
from tests.office.decreeing import REASON, decree, ordered

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("known_by_its_moments")]
NOW = at("2026-11-23", "10:00")  # Monday
TUESDAY, WEDNESDAY = date(2026, 12, 1), date(2026, 12, 2)


def due_on_tuesday(**facts: Any) -> Application:
    """An application received on Tuesday 17.11.2026; fourteen days later is Tuesday 01.12."""
    return ApplicationFactory(received_at=at("2026-11-17"), due_on=TUESDAY, **facts)


def move(row: Application, staff: Any, day: date = TUESDAY, *, is_working: bool = False) -> Application | None:
    decree(day, is_working=is_working)
    return move_application(application_id=row.pk, order=ordered(staff["secretary"], NOW), now=NOW)


def test_an_open_application_moves_with_its_reason(staff: Any) -> None:
    row = due_on_tuesday()

    move(row, staff)

    row.refresh_from_db()
    past = row.history.latest()
    assert (row.first_due_on, row.due_on, row.due_moved_at) == (TUESDAY, WEDNESDAY, NOW)
    assert past.history_user == staff["secretary"]
    assert past.history_change_reason == (
        f"01.12.2026 г. е неработен ден (РМС № 1 от 2026 г., ДВ, бр. 1 от 2026 г.). {REASON}"
    )


def test_a_day_off_made_working_brings_the_last_day_forward(staff: Any) -> None:
    row = ApplicationFactory(received_at=at("2026-11-14"), due_on=date(2026, 11, 30))  # 28.11 is a Saturday

    move(row, staff, date(2026, 11, 28), is_working=True)

    row.refresh_from_db()
    assert row.due_on == date(2026, 11, 28)


def test_the_service_s_own_term_is_counted(staff: Any) -> None:
    row = ApplicationFactory(
        received_at=at("2026-11-26"), due_on=TUESDAY, term_version="3 working_days"
    )  # Thursday; Fri 27, Mon 30, Tue 01

    move(row, staff, date(2026, 11, 30))

    row.refresh_from_db()
    assert row.due_on == WEDNESDAY


def test_a_completed_application_stays(staff: Any) -> None:
    row = due_on_tuesday()
    finish_application(application_id=row.pk, note="", by=staff["clerk"], now=at("2026-11-20"))

    assert move(row, staff) is None
    row.refresh_from_db()
    assert (row.due_on, row.due_moved_at) == (TUESDAY, None)


def test_a_moved_last_day_is_explained_by_the_calendar_that_moved_it(staff: Any) -> None:
    row = due_on_tuesday()

    move(row, staff)

    row.refresh_from_db()
    event = row.events.get()
    found = explain(row)
    assert (event.kind, event.due_on, event.by) == ("moved", WEDNESDAY, staff["secretary"])
    assert "Крайният срок се премества от 01.12.2026 г. на 02.12.2026 г." in event.note
    assert found is not None
    assert found.due_on == WEDNESDAY


def test_while_the_term_stands_still_the_day_for_mending_moves(staff: Any) -> None:
    row = due_on_tuesday()
    told_at = at("2026-11-20")  # Friday; three days later is Monday 23.11
    tell_defects(application_id=row.pk, defects="Липсва подпис.", by=staff["clerk"], now=told_at)

    move(row, staff, date(2026, 11, 23))

    row.refresh_from_db()
    assert (row.mend_due_on, row.due_on, row.due_moved_at) == (date(2026, 11, 24), TUESDAY, None)
    assert "Срокът за отстраняване на недостатъците се премества" in row.events.get(kind="moved").note


def test_a_second_time_nothing_happens(staff: Any) -> None:
    row = due_on_tuesday()
    move(row, staff)
    versions = row.history.count()
    decree(date(2026, 12, 8), learnt_at=at("2026-11-21"))  # a Tuesday that is none of its days

    again = move_application(application_id=row.pk, order=ordered(staff["secretary"], NOW), now=at("2026-11-24"))

    assert (again, row.history.count()) == (None, versions)


def test_the_last_day_of_then_is_known_before_between_and_after_two_decrees(staff: Any) -> None:
    row = due_on_tuesday()
    move(row, staff)
    decree(TUESDAY, is_working=True, learnt_at=at("2026-11-24"))
    later = at("2026-11-25")
    move_application(application_id=row.pk, order=ordered(staff["secretary"], later), now=later)

    moments = [at("2026-11-22"), NOW, at("2026-11-24"), later]

    then = [Application.objects.known_at(moment).get().due_on for moment in moments]
    assert then == [TUESDAY, WEDNESDAY, WEDNESDAY, TUESDAY]


@pytest.mark.parametrize(
    ("as_of", "november", "december"),
    [
        (at("2026-12-01", "08:00"), (0, 1), (0, 0)),  # before the move it was late
        (at("2026-12-01", "09:00"), (0, 0), (0, 0)),
        (at("2026-12-01", "10:00"), (0, 0), (0, 0)),  # done, and the moved term still runs
        (at("2026-12-01", "22:00"), (0, 0), (1, 1)),  # midnight in Sofia
    ],
)
def test_a_figure_as_of_before_the_decree_is_the_old_one(
    staff: Any, as_of: datetime, november: tuple[int, int], december: tuple[int, int]
) -> None:
    row = ApplicationFactory(received_at=at("2026-11-16"), due_on=date(2026, 11, 30))
    decree(date(2026, 11, 30))
    moved_at, done_at = at("2026-12-01", "09:00"), at("2026-12-01", "10:00")
    move_application(application_id=row.pk, order=ordered(staff["secretary"], moved_at), now=moved_at)
    finish_application(application_id=row.pk, note="", by=staff["clerk"], now=done_at)

    shares = [MEASURES["service-term"](Period.parse(code), as_of) for code in ("2026-11", "2026-12")]

    assert [(share.part, share.whole) for share in shares] == [november, december]


@pytest.mark.parametrize(
    ("day", "touched"),
    [(TUESDAY, True), (date(2026, 11, 30), True), (WEDNESDAY, False), (date(2026, 10, 15), False)],
)
def test_only_open_applications_near_the_day_are_looked_at(day: date, touched: bool) -> None:
    row = due_on_tuesday()
    due_on_tuesday(completed=True)

    assert list(touched_applications([decree(day)])) == ([row] if touched else [])


def test_a_last_day_does_not_move_without_a_moment() -> None:
    with pytest.raises(IntegrityError, match="services_application_due_moves_at_a_moment"), transaction.atomic():
        due_on_tuesday(first_due_on=date(2026, 11, 30))

    assert due_on_tuesday(first_due_on=date(2026, 11, 30), due_moved_at=NOW).pk


def test_the_page_of_an_application_says_when_its_last_day_moved(staff: Any, as_role: Any) -> None:
    row = due_on_tuesday()
    address = row.get_absolute_url()
    before = as_role("clerk").get(address).content.decode()

    move(row, staff)

    after = as_role("clerk").get(address).content.decode()
    assert "Срокът е преместен" not in before
    assert "При приемането срокът беше до 01.12.2026" in after
    assert "Срокът е преместен" in after
