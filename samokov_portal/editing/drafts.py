"""What every draft of something published has: what it proposes, what it began from, and how it ends."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class DraftState(models.TextChoices):
    """Where a draft stands; from the last two it does not return."""

    DRAFT = "draft", _("чернова")
    SCHEDULED = "scheduled", _("насрочена")
    PUBLISHED = "published", _("публикувана")
    WITHDRAWN = "withdrawn", _("оттеглена")


OPEN_STATES = (DraftState.DRAFT, DraftState.SCHEDULED)


def _person(name: Any, **more: Any) -> Any:
    return models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=name, **more)


class Draft(models.Model):
    """A proposal for one thing that is published, or will be.

    `document` is all that the thing would say; `base` is all that it said when the draft began (None where there was
    nothing), so that a change made meanwhile is seen. `held_back` is why its moment came and it was not published.
    """

    document = models.JSONField(_("предложение"))
    base = models.JSONField(_("публикуваното при започването"), null=True, blank=True)
    state = models.CharField(_("състояние"), max_length=9, choices=DraftState.choices, default=DraftState.DRAFT)
    why = models.CharField(_("защо се променя"), max_length=500)
    author = _person(_("започнал"))
    created_at = models.DateTimeField(_("започната на"))
    publish_at = models.DateTimeField(_("да се публикува на"), null=True, blank=True)
    scheduled_by = _person(_("насрочил"), null=True, blank=True)
    held_back = models.TextField(_("защо не беше публикувана"), blank=True)
    ended_at = models.DateTimeField(_("публикувана или оттеглена на"), null=True, blank=True)
    ended_by = _person(_("публикувал или оттеглил"), null=True, blank=True)
    # What the worker found of each address in the document: [{"address": …, "verdict": …}].
    links = models.JSONField(_("проверени връзки"), default=list, blank=True)
    links_checked_at = models.DateTimeField(_("връзките са проверени на"), null=True, blank=True)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=DraftState.values), name="%(app_label)s_%(class)s_known_state"
            ),
            models.CheckConstraint(condition=~Q(why=""), name="%(app_label)s_%(class)s_says_why"),
            models.CheckConstraint(
                condition=Q(publish_at=None, scheduled_by=None) & ~Q(state=DraftState.SCHEDULED)
                | Q(publish_at__isnull=False, scheduled_by__isnull=False, publish_at__gt=F("created_at"))
                & ~Q(state=DraftState.DRAFT),
                name="%(app_label)s_%(class)s_scheduled_whole",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None, state__in=OPEN_STATES)
                | Q(ended_at__gte=F("created_at"), ended_by__isnull=False) & ~Q(state__in=OPEN_STATES),
                name="%(app_label)s_%(class)s_ended_whole",
            ),
        ]

    @property
    def is_open(self) -> bool:
        """Whether it can still be changed."""
        return self.state in OPEN_STATES


class DraftQuerySet(models.QuerySet[Any]):
    def open(self) -> Any:
        """Those that are neither published nor withdrawn."""
        return self.filter(state__in=OPEN_STATES)

    def due(self, now: Any) -> Any:
        """Those whose moment to be published has come by `now`, the earliest first."""
        return self.filter(state=DraftState.SCHEDULED, publish_at__lte=now).order_by("publish_at", "pk")

    def newest_first(self) -> Any:
        return self.select_related("author", "scheduled_by", "ended_by").order_by("-created_at", "-pk")
