"""The table of roles and permissions in words, for a page that people read."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import Permission
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from samokov_portal.staff.roles import AUDITOR, CLERK, EDITOR, EXPERT, MAYOR, ROLES, SECRETARY

ROLE_NAMES: dict[str, Any] = {
    CLERK: gettext_lazy("деловодител на гише"),
    EXPERT: gettext_lazy("експерт в звено"),
    SECRETARY: gettext_lazy("секретар"),
    MAYOR: gettext_lazy("кмет"),
    EDITOR: gettext_lazy("редактор"),
    AUDITOR: gettext_lazy("одитор"),
}
# What a role may do beside reading and changing the rows of a table; those say themselves by the table's name.
DEEDS: dict[str, Any] = {
    "feedback.view_case": gettext_lazy("вижда преписките на своето звено"),
    "feedback.view_all_cases": gettext_lazy("вижда преписките на всички звена"),
    "feedback.view_sender": gettext_lazy("вижда името и данните за връзка на подателя"),
    "feedback.log_case": gettext_lazy("регистрира преписки"),
    "feedback.log_oralenquiry": gettext_lazy("отбелязва устни въпроси"),
    "feedback.assign_case": gettext_lazy("възлага преписки и определя вида им"),
    "feedback.merge_case": gettext_lazy("слива преписки за едно и също и ги отделя"),
    "feedback.forward_case": gettext_lazy("препраща преписки на компетентния орган"),
    "feedback.answer_case": gettext_lazy("отговаря и приключва преписки"),
    "feedback.extend_case": gettext_lazy("удължава срок като горестоящ орган"),
    "feedback.add_internalnote": gettext_lazy("пише бележки за колегите"),
    "feedback.post_letter": gettext_lazy("изпраща и предава писма"),
    "feedback.oversee_cases": gettext_lazy("следи закъсненията и стандартите (страницата на секретаря)"),
    "feedback.backdate_case": gettext_lazy("въвежда преписки, постъпили преди предишния работен ден"),
    "services.view_application": gettext_lazy("вижда заявленията за услуги на своето звено"),
    "services.view_all_applications": gettext_lazy("вижда заявленията за услуги на всички звена"),
    "services.view_applicant": gettext_lazy("вижда името и данните за връзка на заявителя"),
    "services.log_application": gettext_lazy("приема заявления за услуги"),
    "services.complete_application": gettext_lazy("работи по заявления и ги приключва"),
    "services.backdate_application": gettext_lazy("въвежда заявления, постъпили преди предишния работен ден"),
    "services.edit_catalogue": gettext_lazy("подготвя и публикува промени в каталога на услугите"),
    "charter.edit_charter": gettext_lazy("подготвя и публикува промени в хартата"),
    "charter.prepare_report": gettext_lazy("подготвя доклади за спазване на стандартите"),
    "charter.publish_report": gettext_lazy("одобрява и публикува доклади"),
    "charter.record_observation": gettext_lazy("записва наблюдения на място"),
    "charter.conduct_consultation": gettext_lazy("провежда обществени обсъждания"),
    "office.apply_workingdayoverride": gettext_lazy("премества срокове при разместени почивни дни"),
    "audit.view_look": gettext_lazy("вижда кой какво е гледал"),
    "staff.oversee_staff": gettext_lazy("вижда кой какво може и как влиза в портала"),
}
VERBS: dict[str, Any] = {
    "view": gettext_lazy("вижда: %(rows)s"),
    "add": gettext_lazy("добавя: %(rows)s"),
    "change": gettext_lazy("променя: %(rows)s"),
    "delete": gettext_lazy("премахва: %(rows)s"),
}


@dataclass(frozen=True)
class Duty:
    """One thing that may be done, in words, and for each role whether it may."""

    words: str
    may: list[bool]


def role_words(name: str) -> str:
    """What a role is called; one that is not in the table by its own name."""
    return str(ROLE_NAMES.get(name, name))


def permission_words(permission: Permission) -> str:
    """What `permission` lets somebody do. Its content type must be loaded."""
    deed = DEEDS.get(f"{permission.content_type.app_label}.{permission.codename}")
    model = permission.content_type.model_class()
    verb = VERBS.get(permission.codename.partition("_")[0])
    if deed is not None or model is None or verb is None:
        return str(deed or permission.name)
    return str(verb % {"rows": model._meta.verbose_name_plural})


def duties(known: Iterable[Permission]) -> list[Duty]:
    """The table of roles: what any of them may do, in the order of the table, and who of ROLE_NAMES may."""
    words = {f"{row.content_type.app_label}.{row.codename}": permission_words(row) for row in known}
    names = dict.fromkeys(name for may in ROLES.values() for name in may)
    return [Duty(words[name], [name in ROLES[role] for role in ROLE_NAMES]) for name in names]


def granted_apart(permissions: Iterable[Permission]) -> str:
    """Permissions that somebody has beside their roles, in words; empty of none."""
    said = ", ".join(permission_words(row) for row in permissions)
    return _("отделно: %(what)s") % {"what": said} if said else ""
