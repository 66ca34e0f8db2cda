"""Texts from which answers begin, kept by an editor."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from feedback.choices import Kind
from feedback.querysets import AnswerTemplateQuerySet
from samokov_portal.history import history


class AnswerTemplate(models.Model):
    """The beginning of an answer, with fields in braces such as {number}; who answers reads and completes it."""

    title = models.CharField(_("име на образеца"), max_length=100, unique=True)
    kind = models.CharField(
        _("за какъв вид"), max_length=12, choices=Kind.choices, blank=True, help_text=_("Празно: за всеки вид.")
    )
    text = models.TextField(_("текст"), max_length=20_000)
    is_active = models.BooleanField(_("може да се избира"), default=True)

    objects = AnswerTemplateQuerySet.as_manager()
    history = history()

    class Meta:
        verbose_name = _("образец на отговор")
        verbose_name_plural = _("образци на отговори")
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="feedback_answertemplate_says_something")]

    def __str__(self) -> str:
        return self.title
