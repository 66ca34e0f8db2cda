"""What officials write to each other about a case: no word of it is for the sender."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from feedback.models.case import Case
from samokov_portal.history import history

LONGEST_NOTE = 4000


class InternalNote(models.Model):
    """A note about a case for those who may see it at the desk.

    It is in no letter, on no page of the sender and in no open data; it is audited, and erased with the person.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="notes", verbose_name=_("преписка"))
    text = models.TextField(_("бележка"), max_length=LONGEST_NOTE)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("кой"))
    at = models.DateTimeField(_("кога"))

    history = history()

    class Meta:
        verbose_name = _("вътрешна бележка")
        verbose_name_plural = _("вътрешни бележки")
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="feedback_internalnote_says_something")]

    def __str__(self) -> str:
        return f"{self.at:%d.%m.%Y}"
