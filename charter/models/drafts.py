"""Drafts of the next text of the charter."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from charter.models.texts import CharterVersion
from samokov_portal.editing.drafts import OPEN_STATES, Draft, DraftQuerySet
from samokov_portal.history import history

CHARTER = "charter"


class CharterDraft(Draft):
    """What the next version of the charter would say. A version that was published never changes."""

    version = models.OneToOneField(
        CharterVersion, models.PROTECT, null=True, blank=True, related_name="draft", verbose_name=_("версия от нея")
    )
    # There is one charter, so there is one draft of its next version at a time.
    of = models.SlugField(default=CHARTER, editable=False)

    objects = DraftQuerySet.as_manager()
    history = history()

    class Meta(Draft.Meta):
        abstract = False
        verbose_name = _("чернова на хартата")
        verbose_name_plural = _("чернови на хартата")
        permissions = [("edit_charter", "Can draft, schedule and publish versions of the charter")]
        constraints = [
            *Draft.Meta.constraints,
            models.UniqueConstraint(
                fields=["of"], condition=Q(state__in=OPEN_STATES), name="charter_charterdraft_one_open"
            ),
        ]

    def __str__(self) -> str:
        return str(self.document.get("title", ""))

    def get_absolute_url(self) -> str:
        return reverse("charter:charter_draft", args=[self.pk])
