"""Who may file through Open311, and which cases came that way."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from samokov_portal.history import history
from samokov_portal.open311.querysets import ApiKeyQuerySet, FilingQuerySet


class ApiKey(models.Model):
    """A key with which a program files cases. Only its digest is kept: whoever loses it is given another.

    Revoked by an editor, with a reason in the history; the row stays, because cases name it.
    """

    name = models.CharField(
        _("кой подава с него"),
        max_length=100,
        unique=True,
        help_text=_("Организацията и приложението, например: „Чист град“, приложение за телефон."),
    )
    is_active = models.BooleanField(
        _("действа"), default=True, help_text=_("Без отметка ключът е отнет и с него не се подава нищо.")
    )
    # By which the key is known in lists and in the history of cases.
    prefix = models.CharField(_("начало на ключа"), max_length=8, unique=True, editable=False)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(_("издаден на"), editable=False)

    objects = ApiKeyQuerySet.as_manager()
    history = history()

    class Meta:
        verbose_name = _("ключ за Open311")
        verbose_name_plural = _("ключове за Open311")

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"


class Filing(models.Model):
    """That a case was filed through Open311, with which key. Nobody's data: what the sender said is the case's.

    By `token` a program finds the number again; nobody guesses it.
    """

    case = models.OneToOneField("feedback.Case", models.PROTECT, related_name="open311", verbose_name=_("преписка"))
    key = models.ForeignKey(ApiKey, models.PROTECT, verbose_name=_("ключ"))
    token = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)

    objects = FilingQuerySet.as_manager()

    class Meta:
        verbose_name = _("подадено през Open311")
        verbose_name_plural = _("подадени през Open311")

    def __str__(self) -> str:
        return f"{self.token}"
