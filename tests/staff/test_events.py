"""Who gave a role to whom, and whose password was changed: told in the store, and no change of roles without it."""

from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command
from django.db import Error as DatabaseFailure
from django.db import IntegrityError, connection, transaction

from samokov_portal.audit.origin import coming_from
from samokov_portal.staff.models import StaffEvent, StaffUser

pytestmark = pytest.mark.django_db


def group(name: str) -> Group:
    return Group.objects.get(name=name)


def events(user: StaffUser) -> list[tuple[str, str]]:
    return list(StaffEvent.objects.filter(user=user).order_by("pk").values_list("kind", "roles"))


def test_each_change_of_roles_is_told_with_what_they_are_now() -> None:
    user = StaffUser.objects.create(username="new")
    user.groups.add(group("clerk"))
    user.groups.set([group("expert"), group("clerk")])
    user.groups.remove(group("clerk"))
    user.groups.clear()
    user.user_permissions.add(Permission.objects.get(codename="view_unit"))
    connection.check_constraints()

    assert events(user) == [
        ("roles", "clerk"),
        ("roles", "clerk, expert"),
        ("roles", "expert"),
        ("roles", ""),
        ("roles", "view_unit"),
    ]


def test_what_changes_nothing_tells_nothing() -> None:
    user = StaffUser.objects.create(username="new")
    user.groups.add(group("clerk"))
    user.groups.add(group("clerk"))

    assert len(events(user)) == 1


def test_a_group_that_takes_people_in_tells_of_each() -> None:
    people = [StaffUser.objects.create(username=name) for name in ("one", "two")]
    group("clerk").user_set.add(*people)
    connection.check_constraints()

    assert [events(person) for person in people] == [[("roles", "clerk")]] * 2


def test_the_administration_pages_say_who_did_it(staff: Any, as_role: Any) -> None:
    staff["editor"].user_permissions.set(Permission.objects.filter(codename__in=["view_staffuser", "change_staffuser"]))
    before = StaffEvent.objects.count()
    clerk = staff["clerk"]
    typed = {"username": "clerk", "is_active": "on", "groups": [group("mayor").pk], "date_joined_0": "2026-11-01",
             "date_joined_1": "10:00:00"}  # fmt: skip

    answer = as_role("editor").post(f"/desk/admin/staff/staffuser/{clerk.pk}/change/", typed)
    connection.check_constraints()

    assert answer.status_code == 302
    told = StaffEvent.objects.order_by("pk")[before:]
    assert {(event.user, event.by) for event in told} == {(clerk, staff["editor"])}
    assert told[len(told) - 1].roles == "mayor"
    assert told[0].origin == f"request {answer['X-Request-ID']}"


def test_a_changed_password_is_told_without_a_digest_of_it() -> None:
    user = StaffUser.objects.create_user("new", password="first-one-2026")
    with coming_from("command changepassword"):
        user.set_password("second-one-2026")
        user.save()

    # That somebody came with a password stands in the history of the row.
    assert events(user) == [("password", "")]
    said = StaffEvent.objects.filter(user=user).latest("pk")
    assert said.origin == "command changepassword"
    assert user.password not in str(vars(said))


def test_a_row_saved_with_its_old_password_tells_nothing() -> None:
    user = StaffUser.objects.create(username="new")
    user.position = "деловодител"
    user.save()

    assert events(user) == []


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO staff_staffuser_groups (staffuser_id, group_id)"
        " SELECT %s, id FROM auth_group WHERE name = 'mayor'",
        "DELETE FROM staff_staffuser_groups WHERE staffuser_id = %s",
        "UPDATE staff_staffuser_groups SET group_id = (SELECT id FROM auth_group WHERE name = 'mayor')"
        " WHERE staffuser_id = %s",
        "INSERT INTO staff_staffuser_user_permissions (staffuser_id, permission_id) SELECT %s, min(id)"
        " FROM auth_permission",
    ],
)
@pytest.mark.django_db(transaction=True)
def test_roles_changed_behind_the_portal_are_refused_at_commit(statement: str) -> None:
    user = StaffUser.objects.create(username="new")
    user.groups.add(group("clerk"))

    with pytest.raises(IntegrityError, match="without an event"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, [user.pk])

    assert [one.name for one in user.groups.all()] == ["clerk"]


@pytest.mark.django_db(transaction=True)
def test_a_group_emptied_as_a_whole_is_refused() -> None:
    user = StaffUser.objects.create(username="new")
    user.groups.add(group("clerk"))

    with pytest.raises(IntegrityError, match="without an event"):
        group("clerk").user_set.clear()

    assert [one.name for one in user.groups.all()] == ["clerk"]


def test_an_event_is_never_changed() -> None:
    user = StaffUser.objects.create(username="new")
    user.groups.add(group("clerk"))

    with pytest.raises(DatabaseFailure, match="only added"), transaction.atomic():
        StaffEvent.objects.update(roles="")


def test_roles_are_loaded_again_without_a_word(staff: Any) -> None:
    before = StaffEvent.objects.count()

    call_command("load_roles")

    assert StaffEvent.objects.count() == before
