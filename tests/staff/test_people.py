"""Who of the staff may do what and how they sign in: for the Secretary and the auditor, and for each of their own."""

import re
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.utils import timezone, translation

from samokov_portal.audit.models import Look
from samokov_portal.staff.factors import add_app
from samokov_portal.staff.models import StaffDevice, StaffUser
from samokov_portal.staff.people import colleagues
from samokov_portal.staff.roles import ROLES
from samokov_portal.staff.words import DEEDS, ROLE_NAMES, duties, permission_words, role_words
from tests.staff.test_keys import KEY
from tests.staff.test_second_factor import SEED, code_of

pytestmark = pytest.mark.django_db


def rows_of(answer: Any) -> dict[str, str]:
    """The list of people on the page, by name."""
    table = answer.content.decode().split("<table", 2)[1]
    rows = re.findall(r"<tr>(.*?)</tr>", table, re.DOTALL)[1:]
    words = [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in rows]
    return {row.split()[0]: row for row in words}


def test_the_page_says_who_has_which_role_and_how_they_sign_in(as_role: Any, staff: dict[str, StaffUser]) -> None:
    add_app(user=staff["clerk"], secret=SEED, code=code_of(periods=-1))
    staff["mayor"].is_active = False
    staff["mayor"].save()
    staff["editor"].user_permissions.set(Permission.objects.filter(codename="extend_case"))

    rows = rows_of(as_role("secretary").get("/desk/staff/"))

    assert "деловодител на гише приложение за кодове" in rows["clerk"]
    assert "експерт в звено няма" in rows["expert"]
    assert "без достъп" in rows["mayor"]
    assert "редактор отделно: удължава срок като горестоящ орган" in rows["editor"]
    assert "още не е влизал" in rows["clerk"]
    assert list(rows)[-1] == "mayor"


def test_the_page_costs_the_same_however_many_work_here(
    as_role: Any, staff: dict[str, StaffUser], django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(5):
        assert len(colleagues()) == 6
    for number in range(3):
        StaffUser.objects.create_user(f"another-{number}")

    with django_assert_num_queries(5):
        assert len(colleagues()) == 9


def test_a_superuser_is_called_one(as_role: Any, staff: Any) -> None:
    StaffUser.objects.create_superuser("root")

    assert "администратор: всички права" in rows_of(as_role("auditor").get("/desk/staff/"))["root"]


def test_the_table_of_duties_is_the_table_of_roles(db: None) -> None:
    known = Permission.objects.select_related("content_type")

    table = duties(known)

    said = {duty.words: {role for role, may in zip(ROLE_NAMES, duty.may, strict=True) if may} for duty in table}
    words = {f"{row.content_type.app_label}.{row.codename}": permission_words(row) for row in known}
    assert said == {
        words[name]: {role for role, may in ROLES.items() if name in may} for may in ROLES.values() for name in may
    }
    assert len(said) == len(table)  # no two are called the same


def test_each_permission_of_a_role_has_words(db: None) -> None:
    names = {name for may in ROLES.values() for name in may}
    known = Permission.objects.select_related("content_type")

    english = {
        f"{row.content_type.app_label}.{row.codename}": permission_words(row)
        for row in known
        if f"{row.content_type.app_label}.{row.codename}" in names
    }

    assert english.keys() == names
    assert DEEDS.keys() <= names
    assert ROLE_NAMES.keys() == ROLES.keys()
    assert [name for name, words in english.items() if not re.search("[а-я]", words) or "Can " in words] == []


def test_a_role_of_nobodys_table_keeps_its_name(db: None) -> None:
    with translation.override("bg"):
        assert (role_words("clerk"), role_words("стажанти")) == ("деловодител на гише", "стажанти")


@pytest.mark.parametrize("role", ["secretary", "auditor"])
def test_the_page_of_one_person_says_factors_devices_and_changes(as_role: Any, staff: Any, role: str) -> None:
    add_app(user=staff["clerk"], secret=SEED, code=code_of(periods=-1))
    moment = timezone.now()  # noqa: TID251
    facts = {"first_at": moment, "last_at": moment, "address": "10.1.2.3", "browser": "Firefox <140>"}
    StaffDevice.objects.create(user=staff["clerk"], digest="x", **facts)
    StaffDevice.objects.create(user=staff["expert"], digest="y", **facts | {"address": "10.9.9.9"})

    page = as_role(role).get(f"/desk/staff/{staff['clerk'].pk}/").content.decode()

    assert "Приложение за кодове от" in page
    assert "10.1.2.3" in page
    assert "Firefox &lt;140&gt;" in page
    assert "10.9.9.9" not in page
    assert "добавено приложение за кодове" in page
    assert re.search(r"променени роли\s*: деловодител на гише", page)
    assert Look.objects.latest("pk").subject == "staff"


def test_whoever_is_not_there_is_not_found(as_role: Any) -> None:
    assert as_role("auditor").get("/desk/staff/999999/").status_code == 404


def test_each_sees_their_own_roles_and_devices(client: Client, as_role: Any, staff: dict[str, StaffUser]) -> None:
    moment = timezone.now()  # noqa: TID251
    for role, address in (("clerk", "10.1.2.3"), ("expert", "10.9.9.9")):
        facts = {"first_at": moment, "last_at": moment, "address": address}
        StaffDevice.objects.create(user=staff[role], digest=role, **facts)

    page = as_role("clerk").get("/desk/second-factor/").content.decode()

    assert "деловодител на гише" in page
    assert "10.1.2.3" in page
    assert "10.9.9.9" not in page
    assert KEY in page
