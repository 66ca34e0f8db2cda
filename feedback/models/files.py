"""Files that citizens and clerks attach; the bytes lie in the private store, never in the web root."""

import uuid

from django.conf import settings
from django.core.files.storage import Storage, storages
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from feedback.choices import FileState
from feedback.models.case import Case
from feedback.querysets import AttachmentQuerySet
from samokov_portal.history import history
from samokov_portal.office.in_words import SaysChoices


def attachment_store() -> Storage:
    """The private store, chosen by the settings when it is asked for, so that a migration names no place."""
    return storages["attachments"]


class Attachment(SaysChoices, models.Model):
    """A file that went through the door (samokov_portal.files). Until its form is sent it belongs to no case.

    `received_sha256` is of what the person chose, `sha256` of what is kept: images are re-encoded and documents cleaned
    of what says who made them and where.
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    case = models.ForeignKey(
        Case, models.PROTECT, null=True, blank=True, related_name="attachments", verbose_name=_("преписка")
    )
    form_digest = models.CharField(max_length=64, blank=True, editable=False)
    added_at = models.DateTimeField(_("добавен на"))
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("добавил")
    )
    name = models.CharField(_("име"), max_length=150)
    content_type = models.CharField(_("вид"), max_length=100)
    size = models.PositiveIntegerField(_("размер в байтове"))
    received_sha256 = models.CharField(_("SHA-256 на полученото"), max_length=64)
    sha256 = models.CharField(_("SHA-256 на запазеното"), max_length=64)
    stored = models.FileField(_("файл"), storage=attachment_store, max_length=200)
    state = models.CharField(_("състояние"), max_length=11, choices=FileState.choices)

    objects = AttachmentQuerySet.as_manager()
    history = history()

    class Meta:
        verbose_name = _("приложен файл")
        verbose_name_plural = _("приложени файлове")
        indexes = [
            models.Index(fields=["added_at"], condition=Q(case=None), name="feedback_attachment_waiting"),
            models.Index(fields=["id"], condition=Q(state="quarantined"), name="feedback_attachment_held"),
        ]
        constraints = [
            # A second press brings the same file again.
            models.UniqueConstraint(
                fields=["form_digest", "received_sha256"],
                condition=~Q(form_digest=""),
                name="feedback_attachment_once_a_form",
            ),
            models.CheckConstraint(
                condition=Q(case__isnull=False) | ~Q(form_digest=""), name="feedback_attachment_belongs_somewhere"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def may_be_opened(self) -> bool:
        return self.state in (FileState.CLEAN, FileState.UNSCANNED)
