"""Who may do what, written out: the table of roles in the code must say just this."""

from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command

from samokov_portal.staff import roles
from samokov_portal.staff.models import StaffUser
from samokov_portal.staff.roles import sync_roles

pytestmark = pytest.mark.django_db

ROLES = ("clerk", "expert", "secretary", "mayor", "editor", "auditor")
DESK = {"clerk", "expert", "secretary", "mayor"}
MAY: dict[str, set[str]] = {
    # cases
    "feedback.view_case": DESK,
    "feedback.view_all_cases": {"clerk", "secretary", "mayor"},  # an expert sees the own unit only
    "feedback.view_sender": {"clerk", "expert", "secretary"},  # the mayor sees initials
    "feedback.log_case": {"clerk", "secretary"},
    "feedback.log_oralenquiry": {"clerk", "secretary"},
    "feedback.assign_case": {"clerk", "secretary"},
    "feedback.merge_case": {"clerk", "secretary"},
    "feedback.forward_case": {"clerk", "expert", "secretary"},
    "feedback.answer_case": {"clerk", "expert", "secretary"},
    "feedback.extend_case": {"mayor"},  # the superior body: АПК, чл. 118, ал. 2 and чл. 121
    "feedback.add_internalnote": DESK,
    "feedback.post_letter": {"clerk", "secretary"},
    "feedback.oversee_cases": {"secretary", "mayor"},
    "feedback.backdate_case": {"secretary"},
    "services.backdate_application": {"secretary"},
    # bodies and texts of letters
    "feedback.view_body": {"editor", "auditor"},
    "feedback.add_body": {"editor"},
    "feedback.change_body": {"editor"},
    "feedback.view_lettertemplate": {"editor", "auditor"},
    "feedback.change_lettertemplate": {"editor"},
    "feedback.view_answertemplate": {"editor", "auditor"},
    "feedback.add_answertemplate": {"editor"},
    "feedback.change_answertemplate": {"editor"},
    # applications
    "services.view_application": DESK,
    "services.view_all_applications": {"clerk", "secretary", "mayor"},  # an expert sees the own unit only
    "services.view_applicant": {"clerk", "expert", "secretary"},
    "services.log_application": {"clerk", "secretary"},
    "services.complete_application": {"clerk", "expert", "secretary"},
    # the charter and its reports
    "charter.prepare_report": {"secretary", "mayor", "editor"},
    "charter.publish_report": {"secretary", "mayor"},
    "charter.record_observation": {"secretary", "editor"},
    "charter.conduct_consultation": {"secretary", "editor"},
    "charter.edit_charter": {"editor"},
    "charter.view_report": {"auditor"},
    "charter.view_standard": {"editor", "auditor"},
    "charter.change_standard": {"editor"},
    "search.view_synonym": {"editor"},
    "search.add_synonym": {"editor"},
    "search.change_synonym": {"editor"},
    "search.view_vainsearch": {"editor"},
    "open311.view_apikey": {"editor", "auditor"},
    "open311.add_apikey": {"editor"},
    "open311.change_apikey": {"editor"},
    "audit.view_look": {"secretary", "auditor"},
    "staff.oversee_staff": {"secretary", "auditor"},
    # the catalogue
    "services.view_service": {"editor", "auditor"},
    "services.view_servicedetail": {"editor"},
    "services.view_serviceoffer": {"editor"},
    "services.edit_catalogue": {"editor"},
    "services.view_repealedact": {"editor"},
    "services.add_repealedact": {"editor"},
    "services.change_repealedact": {"editor"},
    "services.view_pagevotes": {"editor"},
    "services.view_lifeevent": {"editor"},
    "services.add_lifeevent": {"editor"},
    "services.change_lifeevent": {"editor"},
    "services.view_lifeeventservice": {"editor"},
    "services.add_lifeeventservice": {"editor"},
    "services.change_lifeeventservice": {"editor"},
    "services.delete_lifeeventservice": {"editor"},
    "services.view_servicegroup": {"editor"},
    "services.change_servicegroup": {"editor"},
    "services.view_unit": {"editor", "auditor"},
    "services.change_unit": {"editor"},
    "services.view_authority": {"editor", "auditor"},
    "services.change_authority": {"editor"},
    "services.view_tenure": {"editor", "auditor"},
    "services.add_tenure": {"editor"},
    "services.change_tenure": {"editor"},
    # the calendar
    "office.view_workingdayoverride": {"secretary", "editor", "auditor"},
    "office.add_workingdayoverride": {"editor"},
    "office.apply_workingdayoverride": {"secretary"},
}


@pytest.mark.parametrize("permission", MAY)
def test_a_permission_is_for_its_roles_and_refused_to_the_others(staff: dict[str, StaffUser], permission: str) -> None:
    assert {role for role in ROLES if staff[role].has_perm(permission)} == MAY[permission]


@pytest.mark.parametrize("role", ROLES)
def test_a_role_may_nothing_more_than_the_table_says(staff: dict[str, StaffUser], role: str) -> None:
    expected = {permission for permission, may in MAY.items() if role in may}

    assert staff[role].get_all_permissions() == expected


def test_nobody_is_a_superuser_by_role(staff: dict[str, StaffUser]) -> None:
    assert [person for person in staff.values() if person.is_superuser] == []


def test_who_left_may_nothing(staff: dict[str, StaffUser]) -> None:
    clerk = staff["clerk"]
    clerk.is_active = False

    assert clerk.get_all_permissions() == set()


def test_only_editor_and_auditor_enter_the_administration_pages() -> None:
    assert {"editor", "auditor"} == roles.ADMIN_ROLES


def granted() -> dict[str, set[int]]:
    return {group.name: set(group.permissions.values_list("pk", flat=True)) for group in Group.objects.all()}


def test_syncing_again_changes_nothing() -> None:
    before = granted()

    names = sync_roles()

    assert names == list(ROLES)
    assert granted() == before


def test_syncing_takes_away_a_permission_added_by_hand() -> None:
    before = granted()
    Group.objects.get(name="clerk").permissions.add(Permission.objects.get(codename="extend_case"))

    sync_roles()

    assert granted() == before


def test_syncing_gives_back_a_permission_taken_by_hand() -> None:
    before = granted()
    Group.objects.get(name="clerk").permissions.clear()

    sync_roles()

    assert granted() == before


def test_syncing_leaves_other_groups_alone() -> None:
    group = Group.objects.create(name="стажанти")
    group.permissions.add(Permission.objects.get(codename="view_case"))

    sync_roles()

    assert [row.codename for row in group.permissions.all()] == ["view_case"]


def test_a_permission_that_is_not_there_is_refused(monkeypatch: Any) -> None:
    monkeypatch.setitem(roles.ROLES, "clerk", ("feedback.fly",))

    with pytest.raises(Permission.DoesNotExist):
        sync_roles()


def test_the_command_names_the_roles(capsys: Any) -> None:
    call_command("load_roles")

    assert capsys.readouterr().out == f"Roles: {', '.join(ROLES)}.\n"


@pytest.mark.parametrize(
    ("first_name", "last_name", "called"), [("Мария", "Стоянова", "Мария Стоянова"), ("", "", "maria")]
)
def test_a_member_of_staff_is_called_by_name(first_name: str, last_name: str, called: str) -> None:
    assert str(StaffUser(username="maria", first_name=first_name, last_name=last_name)) == called


def test_the_history_of_a_person_keeps_no_password(staff: dict[str, StaffUser]) -> None:
    kept = {field.name for field in StaffUser.history.model._meta.get_fields()}

    assert kept & {"password", "last_login"} == set()
    assert staff["clerk"].history.count() == 1
