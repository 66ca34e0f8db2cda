"""The accounts of the demonstration."""

from typing import Any

import pytest
from django.core.management import CommandError, call_command

from samokov_portal.staff.models import StaffUser
from services.models import UnitMember

pytestmark = pytest.mark.django_db
ROLES = ["auditor", "clerk", "editor", "expert", "mayor", "secretary"]


@pytest.fixture(autouse=True)
def password(monkeypatch: Any, settings: Any) -> str:
    settings.DEMO = True
    monkeypatch.setenv("DEMO_PASSWORD", "samokov-2026")
    return "samokov-2026"


def test_there_is_one_account_for_each_role(password: str) -> None:
    call_command("demo_staff")

    people = StaffUser.objects.order_by("username")
    assert [person.username for person in people] == ROLES
    assert [[group.name for group in person.groups.all()] for person in people] == [[role] for role in ROLES]
    assert [person.username for person in people if person.is_staff] == ["auditor", "editor"]
    assert all(person.check_password(password) for person in people)
    assert not any(person.is_superuser for person in people)


def test_outside_the_demonstration_no_account_is_made(settings: Any) -> None:
    settings.DEMO = False

    with pytest.raises(CommandError, match="DEMO=1"):
        call_command("demo_staff")

    assert not StaffUser.objects.exists()


def test_the_expert_works_in_a_unit() -> None:
    call_command("demo_staff")

    member = UnitMember.objects.get()
    assert (member.user.username, member.unit.code) == ("expert", "hdettos")


def test_another_password_replaces_the_first(monkeypatch: Any) -> None:
    call_command("demo_staff")
    monkeypatch.setenv("DEMO_PASSWORD", "друга-2026")

    call_command("demo_staff")

    assert StaffUser.objects.count() == 6
    assert StaffUser.objects.get(username="clerk").check_password("друга-2026")


def test_without_a_password_nobody_is_made(monkeypatch: Any) -> None:
    monkeypatch.delenv("DEMO_PASSWORD")

    with pytest.raises(CommandError):
        call_command("demo_staff")

    assert not StaffUser.objects.exists()


def test_a_second_call_leaves_no_further_history() -> None:
    call_command("demo_staff")
    before = StaffUser.history.count()

    call_command("demo_staff")

    assert StaffUser.history.count() == before
