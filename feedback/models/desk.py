"""What belongs to the people at the desk themselves: filters that they saved, and files and prints that they ordered.

None is a fact about a case, so none has a history: a saved filter is a bookmark, and an ordered file lives a day.
"""

import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from feedback.choices import ExportFormat, PaperSize, PrintKind
from feedback.querysets.desk import OrderedQuerySet

# Ordered files are kept so long.
KEPT = timedelta(days=1)
# A file of which nothing was written for so long is not coming any more: its worker was stopped.
PATIENCE = timedelta(minutes=10)


class SavedFilter(models.Model):
    """A question to the work list under a name of one's own."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_filters")
    name = models.CharField(_("име"), max_length=60)
    # As it stands in the address of the list.
    query = models.CharField(max_length=2000)

    class Meta:
        verbose_name = _("запазен филтър")
        verbose_name_plural = _("запазени филтри")
        constraints = [models.UniqueConstraint(fields=["user", "name"], name="feedback_savedfilter_once")]

    def __str__(self) -> str:
        return self.name


class Ordered(models.Model):
    """A file that somebody ordered; made by the worker, kept a day, for nobody else."""

    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    ordered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    ordered_at = models.DateTimeField()
    # How far it is: so many written of so many; null until they are counted.
    whole = models.PositiveIntegerField(null=True)
    written = models.PositiveIntegerField(default=0)
    moved_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    stored = models.CharField(max_length=100, blank=True)

    objects = OrderedQuerySet.as_manager()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return str(self.key)

    @property
    def kept_until(self) -> datetime:
        return self.ordered_at + KEPT

    def is_lost(self, now: datetime) -> bool:
        """Whether it failed, or its worker was stopped and nobody goes on."""
        return self.failed_at is not None or (self.finished_at is None and self.moved_at < now - PATIENCE)


class Export(Ordered):
    """A long work list that somebody ordered as a file."""

    format = models.CharField(max_length=4, choices=ExportFormat.choices)
    language = models.CharField(max_length=5)
    query = models.CharField(max_length=2000, blank=True)

    class Meta:
        verbose_name = _("изнесен списък")
        verbose_name_plural = _("изнесени списъци")
        indexes = [models.Index(fields=["ordered_at"], name="feedback_export_ordered")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(finished_at=None) | ~models.Q(stored=""), name="feedback_export_finished_has_a_file"
            )
        ]

    def get_absolute_url(self) -> str:
        return reverse("feedback:export", args=[self.key])

    @property
    def file_name(self) -> str:
        """Under what name a browser saves it."""
        return f"work-list-{timezone.localtime(self.ordered_at):%Y%m%d-%H%M}.{self.format}"


class PrintOrder(Ordered):
    """Many papers in one PDF that somebody ordered, one after the other as they shall come out of the printer."""

    what = models.CharField(max_length=7, choices=PrintKind.choices)
    size = models.CharField(max_length=2, choices=PaperSize.choices)
    # Which: keys of letters, numbers of cases and applications. Looks at them were noted when it was ordered.
    papers = models.JSONField()

    class Meta:
        verbose_name = _("поръчан печат")
        verbose_name_plural = _("поръчани печати")
        indexes = [models.Index(fields=["ordered_at"], name="feedback_printorder_ordered")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(finished_at=None) | ~models.Q(stored=""),
                name="feedback_printorder_finished_has_a_file",
            )
        ]

    def get_absolute_url(self) -> str:
        return reverse("frontdesk:print_order", args=[self.key])

    @property
    def file_name(self) -> str:
        """Under what name a browser saves it."""
        return f"{self.what}-{timezone.localtime(self.ordered_at):%Y%m%d-%H%M}.pdf"

    @property
    def span(self) -> str:
        """Of labels, from which number to which; of letters nothing, since their keys are no numbers of anybody."""
        return f"{self.papers[0]} – {self.papers[-1]}" if self.what == PrintKind.LABELS else ""

    @property
    def left_out(self) -> int:
        """How many of a finished one were not printed, because whoever ordered them may not see them any more."""
        return len(self.papers) - self.written
