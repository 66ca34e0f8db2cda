"""Everything about a case in one order of time; who looked only for those who may see looks."""

from typing import Any

import pytest

from feedback.actions.notes import add_note
from feedback.models import Case
from tests.audit.rows import attachment
from tests.factories import at
from tests.feedback.desk_forms import page
from tests.feedback.life_stories import brought_to, filed, letters_leave

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today(clock: Any) -> None:
    """Monday 23.11.2026."""


@pytest.fixture
def case(staff: Any) -> Case:
    """A signal of 13.11 with an answer, a letter that left, a file and a note."""
    row = filed(received_at=at("2026-11-13"))
    letters_leave(row, "received", at("2026-11-13", "13:00"))
    file = attachment()
    file.case, file.added_at, file.added_by = row, at("2026-11-13", "14:00"), staff["clerk"]
    file.save()
    add_note(case_id=row.pk, text="Питах ЕРП.", by=staff["clerk"], now=at("2026-11-13", "15:00"))
    return brought_to("assigned", staff, row)


def entries(as_role: Any, case: Case, role: str) -> list[Any]:
    found: list[Any] = as_role(role).get(page(case)).context["entries"]
    return found


def test_events_letters_files_and_notes_stand_in_the_order_of_time(as_role: Any, case: Case) -> None:
    found = entries(as_role, case, "clerk")

    assert [entry.kind for entry in found] == ["event", "letter", "letter", "file", "note", "event"]
    assert [entry.at for entry in found] == sorted(entry.at for entry in found)
    assert found[4].text == "Питах ЕРП."


def test_who_looked_is_told_to_those_who_may_see_looks_once_a_day(as_role: Any, staff: Any, case: Case) -> None:
    for _time in range(3):
        as_role("clerk").get(page(case))
    as_role("mayor").get(page(case))

    looks = [entry for entry in entries(as_role, case, "secretary") if entry.kind == "look"]

    assert {(str(entry.by), "3" in entry.title) for entry in looks} == {("clerk", True), ("mayor", False)}
    assert [entry for entry in entries(as_role, case, "clerk") if entry.kind == "look"] == []


def test_the_queries_of_the_page_do_not_grow_with_what_happened(
    as_role: Any, staff: Any, case: Case, count_queries: Any
) -> None:
    secretary = as_role("secretary")
    few = count_queries(secretary.get, page(case))
    for hour in range(10):
        add_note(case_id=case.pk, text=f"Пак, {hour}.", by=staff["clerk"], now=at("2026-11-14", f"1{hour}:00"))

    assert count_queries(secretary.get, page(case)) == few
