"""Who may do what: the one table of roles and permissions."""

from django.contrib.auth.models import Group, Permission
from django.db.models import QuerySet

CLERK = "clerk"
EXPERT = "expert"
SECRETARY = "secretary"
MAYOR = "mayor"
EDITOR = "editor"
AUDITOR = "auditor"

DESK = (
    "feedback.view_case",
    "feedback.view_all_cases",
    "feedback.view_sender",
    "feedback.log_case",
    "feedback.log_oralenquiry",
    "services.view_application",
    "services.view_all_applications",
    "services.view_applicant",
    "services.log_application",
)

ROLES: dict[str, tuple[str, ...]] = {
    CLERK: (
        *DESK,
        "feedback.assign_case",
        "feedback.merge_case",
        "feedback.forward_case",
        "feedback.answer_case",
        "feedback.add_internalnote",
        "feedback.post_letter",
        "services.complete_application",
    ),
    # An expert sees the cases and applications of their own unit only: neither `view_all_…`.
    EXPERT: (
        "feedback.view_case",
        "feedback.view_sender",
        "feedback.answer_case",
        "feedback.add_internalnote",
        "feedback.forward_case",
        "services.view_application",
        "services.view_applicant",
        "services.complete_application",
    ),
    SECRETARY: (
        *DESK,
        "feedback.backdate_case",
        "feedback.assign_case",
        "feedback.merge_case",
        "feedback.forward_case",
        "feedback.answer_case",
        "feedback.add_internalnote",
        "feedback.post_letter",
        "feedback.oversee_cases",
        "services.backdate_application",
        "services.complete_application",
        "charter.prepare_report",
        "charter.publish_report",
        "charter.record_observation",
        "charter.conduct_consultation",
        "audit.view_look",
        "staff.oversee_staff",
        "office.view_workingdayoverride",
        "office.apply_workingdayoverride",
    ),
    # Extending a term is for the superior body (АПК, чл. 118, ал. 2 и чл. 121). For that nobody's contact is needed:
    # without `view_sender` and `view_applicant` names are shown as initials (`masking`).
    MAYOR: (
        "feedback.view_case",
        "feedback.view_all_cases",
        "feedback.extend_case",
        "feedback.add_internalnote",
        "feedback.oversee_cases",
        "services.view_application",
        "services.view_all_applications",
        "charter.prepare_report",
        "charter.publish_report",
    ),
    EDITOR: (
        "services.view_service",
        "services.view_servicedetail",
        "services.view_serviceoffer",
        "services.edit_catalogue",
        "services.view_repealedact",
        "services.add_repealedact",
        "services.change_repealedact",
        "services.view_servicegroup",
        "services.change_servicegroup",
        "services.view_lifeevent",
        "services.add_lifeevent",
        "services.change_lifeevent",
        "services.view_lifeeventservice",
        "services.add_lifeeventservice",
        "services.change_lifeeventservice",
        "services.delete_lifeeventservice",
        "services.view_pagevotes",
        "services.view_unit",
        "services.change_unit",
        "services.view_authority",
        "services.change_authority",
        "services.view_tenure",
        "services.add_tenure",
        "services.change_tenure",
        "charter.prepare_report",
        "charter.record_observation",
        "charter.conduct_consultation",
        "charter.edit_charter",
        "charter.view_standard",
        "charter.change_standard",
        "search.view_synonym",
        "search.add_synonym",
        "search.change_synonym",
        "search.view_vainsearch",
        "feedback.view_body",
        "feedback.add_body",
        "feedback.change_body",
        "feedback.view_lettertemplate",
        "feedback.change_lettertemplate",
        "feedback.view_answertemplate",
        "feedback.add_answertemplate",
        "feedback.change_answertemplate",
        "office.view_workingdayoverride",
        "office.add_workingdayoverride",
        "open311.view_apikey",
        "open311.add_apikey",
        "open311.change_apikey",
    ),
    AUDITOR: (
        "services.view_service",
        "services.view_unit",
        "services.view_authority",
        "services.view_tenure",
        "charter.view_standard",
        "charter.view_report",
        "audit.view_look",
        "staff.oversee_staff",
        "feedback.view_body",
        "feedback.view_lettertemplate",
        "feedback.view_answertemplate",
        "office.view_workingdayoverride",
        "open311.view_apikey",
    ),
}
# The roles that enter Django's administration pages.
ADMIN_ROLES = frozenset({EDITOR, AUDITOR})


def permissions_of(role: str) -> QuerySet[Permission]:
    """The permissions of `role` as rows. Raises Permission.DoesNotExist when the table names one that is not there."""
    rows = [
        Permission.objects.get(content_type__app_label=app, codename=codename)
        for app, codename in (name.split(".") for name in ROLES[role])
    ]
    return Permission.objects.filter(pk__in=[row.pk for row in rows])


def sync_roles() -> list[str]:
    """Make the groups say exactly what the table says; returns the names of the roles."""
    for role in ROLES:
        group, _created = Group.objects.get_or_create(name=role)
        group.permissions.set(permissions_of(role))
    return list(ROLES)
