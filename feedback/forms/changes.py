"""What every form of a change of a case has; which of them fit when is said by feedback.life and by the actions."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from feedback.choices import LetterKind, Means
from feedback.letters import means_for
from feedback.life import MOVES
from feedback.models import Case
from samokov_portal.legal.grounds import EndGround, ExtensionGround, SuspensionGround
from samokov_portal.office.forms import plain_helper
from samokov_portal.office.rendering import KeptForm
from samokov_portal.staff.models import StaffUser

TOLD = {
    Means.EMAIL: gettext_lazy("Подателят получава писмо по имейл („%(about)s“)."),
    Means.PAPER: gettext_lazy("За подателя се приготвя писмо на хартия („%(about)s“) – изпраща го деловодството."),
    Means.PHONE: gettext_lazy("Подателят се уведомява по телефона („%(about)s“) – обажда се деловодството."),
}


class CaseActionForm(KeptForm):
    """The form of one change of a case; the fields only, buttons stand in the template."""

    action: str
    # Whether the answer may begin from a text of the editor.
    fills = False
    # What opens the form, what its button says, and what follows from it.
    title: Any
    button: Any
    follows: Any

    # The last event that the person had seen; when there is a later one, nothing is changed before they see it too.
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)
    # The version of the case that they had before them, from which what changed meanwhile is told field by field.
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        *args: Any,
        case: Case,
        by: StaffUser,
        today: date,
        seen: int | None,
        version: int | None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **{**kwargs, "prefix": self.action})
        self.case = case
        self.by = by
        self.today = today
        self.fields["seen"].initial = seen
        self.fields["version"].initial = version
        self.helper = plain_helper()

    @classmethod
    def fits(cls, case: Case, by: StaffUser, today: date) -> bool:
        """Whether to offer the change: the table of moves lets `by` make it now, and it is not sure to be refused."""
        move = MOVES[cls.action]
        if case.awaits_main and not move.tied:
            return False
        may = case.status in move.begins and any(by.has_perm(permission) for permission in move.permissions)
        return may and cls.facts_allow(case, by, today)

    @classmethod
    def facts_allow(cls, case: Case, by: StaffUser, today: date) -> bool:
        return True

    def is_stale(self) -> bool:
        """Whether the case has changed since the page with this form was opened."""
        sent = self["seen"].data if self.is_bound else None
        return bool(sent) and str(sent) != str(self.fields["seen"].initial or "")

    def clean(self) -> dict[str, Any]:
        """What the action takes: it knows nothing of versions."""
        cleaned: dict[str, Any] = super().clean() or {}
        cleaned.pop("version", None)
        return cleaned

    def what_the_sender_is_told(self) -> str:
        """One sentence, by the table of moves and by how this sender is reached."""
        tells, means = MOVES[self.action].tells, means_for(self.case)
        if tells is None:
            return _("Подателят не получава писмо, но вижда промяната, когато провери преписката с кода си.")
        if means is None:
            return _("Подателят не е дал данни за връзка: писмо няма, но с кода си вижда промяната.")
        return str(TOLD[means[0]]) % {"about": LetterKind(tells).label}


def article(ground: EndGround | ExtensionGround | SuspensionGround) -> str:
    """The article of a ground, marked where it is still to be compared with the law."""
    return ground.source if ground.verified else _("%s – за проверка") % ground.source
