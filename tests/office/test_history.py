"""A change is stored with who made it and why."""

from typing import Any

import pytest
from django.db import IntegrityError, connection

from samokov_portal.history import save_with_history, upsert
from services.models import ServiceGroup

pytestmark = pytest.mark.django_db
KEY = {"code": "proba"}


def past(group: Any) -> list[tuple[str, str, Any, str]]:
    """The history of a group: kind of change, name, who, why; the oldest first."""
    rows = group.history.order_by("history_date", "history_id")
    return [(row.history_type, row.name, row.history_user, row.history_change_reason) for row in rows]


def test_a_change_is_stored_with_who_and_why(staff: Any) -> None:
    group = ServiceGroup(code="proba", name="Проба", position=99)

    save_with_history(group, by=None, why="заредена")
    group.name = "Нова"
    save_with_history(group, by=staff["editor"], why="преименувана")

    assert past(group) == [
        ("+", "Проба", None, "заредена"),
        ("~", "Нова", staff["editor"], "преименувана"),
    ]


def test_a_reason_may_be_of_any_length() -> None:
    group = ServiceGroup(code="proba", name="Проба", position=99)

    save_with_history(group, by=None, why="я" * 5000)

    assert past(group) == [("+", "Проба", None, "я" * 5000)]


def test_only_the_named_fields_are_saved() -> None:
    group = ServiceGroup.objects.create(code="proba", name="Проба", position=99)
    group.name, group.position = "Нова", 100

    save_with_history(group, by=None, why="преименувана", fields=["name"])

    group.refresh_from_db()
    assert (group.name, group.position) == ("Нова", 99)
    # History was told of a position that was not saved: such a change is not stored.
    with pytest.raises(IntegrityError, match=r"services_servicegroup .* without a history row"):
        connection.check_constraints()


def test_a_row_that_is_not_there_is_made() -> None:
    group, written = upsert(ServiceGroup, key=KEY, values={"name": "Проба", "position": 99}, why="заредена")

    assert written
    assert past(group) == [("+", "Проба", None, "заредена")]


def test_a_row_that_differs_is_brought_to_the_values() -> None:
    group, _written = upsert(ServiceGroup, key=KEY, values={"name": "Проба", "position": 99}, why="заредена")

    same, written = upsert(ServiceGroup, key=KEY, values={"name": "Нова", "position": 99}, why="заредена")

    assert written
    assert same == group
    assert past(group) == [("+", "Проба", None, "заредена"), ("~", "Нова", None, "заредена")]


def test_a_row_that_is_the_same_is_not_written() -> None:
    group, _written = upsert(ServiceGroup, key=KEY, values={"name": "Проба", "position": 99}, why="заредена")

    _same, written = upsert(ServiceGroup, key=KEY, values={"name": "Проба", "position": 99}, why="заредена")

    assert not written
    assert past(group) == [("+", "Проба", None, "заредена")]


@pytest.mark.parametrize("why", ["преименувана", None, ""])
def test_a_row_that_somebody_else_changed_last_is_left_as_it_is(staff: Any, why: str | None) -> None:
    group, _written = upsert(ServiceGroup, key=KEY, values={"name": "Проба", "position": 99}, why="заредена")
    group.name = "На редактора"
    save_with_history(group, by=staff["editor"], why=why)

    same, written = upsert(ServiceGroup, key=KEY, values={"name": "Нова", "position": 99}, why="заредена")

    group.refresh_from_db()
    assert (same, written) == (group, False)
    assert past(group) == [("+", "Проба", None, "заредена"), ("~", "На редактора", staff["editor"], why)]


def test_a_row_without_any_history_is_left_as_it_is() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE services_servicegroup DISABLE TRIGGER audit_require_history")
    [group] = ServiceGroup.objects.bulk_create([ServiceGroup(code="proba", name="Проба", position=99)])

    same, written = upsert(ServiceGroup, key=KEY, values={"name": "Нова", "position": 99}, why="заредена")

    group.refresh_from_db()
    assert (same, written, group.name) == (group, False, "Проба")


def test_a_row_that_was_removed_is_made_again_unless_it_must_not() -> None:
    values = {"name": "Проба", "position": 99}
    upsert(ServiceGroup, key=KEY, values=values, why="заредена")
    ServiceGroup.objects.get(**KEY).delete()

    left = upsert(ServiceGroup, key=KEY, values=values, why="заредена", revive=False)
    made, written = upsert(ServiceGroup, key=KEY, values=values, why="заредена")

    assert left == (None, False)
    assert (made.name, written) == ("Проба", True)


def test_a_row_that_never_was_is_made_also_where_nothing_is_revived() -> None:
    group, written = upsert(
        ServiceGroup, key=KEY, values={"name": "Проба", "position": 99}, why="заредена", revive=False
    )

    assert written
    assert past(group) == [("+", "Проба", None, "заредена")]
