"""The seals of the store, and who looked at what."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from samokov_portal.audit.choices import LookKind, in_words
from samokov_portal.audit.querysets import LookQuerySet
from samokov_portal.history import Sealed
from samokov_portal.reading import PlainRead


class Seal(models.Model):
    """What the history since the seal before it was at a moment, signed; published, so that nobody can take it back.

    `tables` says of each table its columns, how many rows are sealed and the root of their Merkle tree. `digest` is the
    SHA-256 of the statement that is signed, hexadecimal; it names the digest of the seal before.
    """

    number = models.PositiveIntegerField(_("номер"), unique=True)
    # Each history row bears the count of its time; this seal covers those after the previous seal's, up to this one.
    until = models.BigIntegerField(unique=True)
    at = models.DateTimeField(_("кога"))
    previous = models.CharField(max_length=64, blank=True)
    tables = models.JSONField()
    digest = models.CharField(_("отпечатък"), max_length=64, unique=True)
    signature = models.BinaryField()
    key_id = models.CharField(max_length=16)

    class Meta:
        verbose_name = _("печат")
        verbose_name_plural = _("печати")

    def __str__(self) -> str:
        return f"№ {self.number}, {self.digest[:16]}"

    @property
    def covers(self) -> int:
        """How many rows it seals, of all tables."""
        return sum(table["count"] for table in self.tables)


class SealedRows(models.Model):
    """Up to a thousand rows of one table as they were sealed: their keys (8 bytes each) and digests (32 bytes each).

    Only for telling which row differs: whether one does is told by the root alone.
    """

    seal = models.ForeignKey(Seal, models.PROTECT, related_name="rows")
    table = models.CharField(max_length=63)
    block = models.PositiveIntegerField()
    keys = models.BinaryField()
    digests = models.BinaryField()

    class Meta:
        verbose_name = _("запечатани редове")
        verbose_name_plural = _("запечатани редове")
        constraints = [
            models.UniqueConstraint(fields=["seal", "table", "block"], name="audit_sealedrows_once"),
        ]

    def __str__(self) -> str:
        return f"{self.table} {self.block}"


class Look(PlainRead, models.Model):
    """That a member of staff was shown personal data, searched for them or took them out. Only added."""

    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("кой"))
    at = models.DateTimeField(_("кога"))
    kind = models.CharField(_("какво"), max_length=12, choices=LookKind.choices)
    # The number of a case or an application, or the name of a list: never anybody's name.
    subject = models.CharField(_("на какво"), max_length=60, blank=True)
    sought = models.CharField(_("отпечатък на търсеното"), max_length=64, blank=True)
    origin = models.CharField(_("заявка"), max_length=200, blank=True)
    address = models.CharField(_("адрес в мрежата"), max_length=60, blank=True)

    objects = LookQuerySet.as_manager()

    class Meta:
        verbose_name = _("преглед на данни")
        verbose_name_plural = _("прегледи на данни")
        indexes = [
            models.Index(fields=["by", "-id"], name="audit_look_by"),
            models.Index(fields=["subject", "-id"], name="audit_look_subject"),
            models.Index(fields=["sought", "-id"], condition=~Q(sought=""), name="audit_look_sought"),
            models.Index(fields=["at"], name="audit_look_at"),
        ]

    def __str__(self) -> str:
        return f"{self.by}: {self.get_kind_display()} {self.subject}".strip()

    @property
    def subject_in_words(self) -> tuple[str, str]:
        """What was looked at: in words, and its number or code."""
        return in_words(self.subject)


class Tombstone(Sealed):
    """What is left of a matter whose personal data were erased: that it was, of what kind and how it ended. Only added,
    and sealed: without one, what was emptied was not erased.

    `digest` is the SHA-256 of `salt` and of what was there (JSON, sorted keys): who has a copy can show that it is one.
    """

    what = models.CharField(_("от кой регистър"), max_length=60)
    number = models.CharField(_("номер"), max_length=20)
    kind = models.CharField(_("вид"), max_length=60, blank=True)
    outcome = models.CharField(_("изход"), max_length=20, blank=True)
    received_at = models.DateTimeField(_("постъпила на"))
    ended_at = models.DateTimeField(_("приключена на"), null=True)
    why = models.CharField(_("защо е заличено"), max_length=200)
    erased_at = models.DateTimeField(_("заличено на"))
    salt = models.BinaryField()
    digest = models.CharField(_("отпечатък"), max_length=64)

    class Meta:
        verbose_name = _("следа от заличено")
        verbose_name_plural = _("следи от заличено")
        constraints = [models.UniqueConstraint(fields=["what", "number"], name="audit_tombstone_once")]

    def __str__(self) -> str:
        return self.number


def statement_of(seal: Seal) -> dict[str, Any]:
    """What is signed, as JSON says it; `at` in UTC."""
    return {
        "number": seal.number,
        "until": seal.until,
        "at": seal.at.isoformat(),
        "previous": seal.previous,
        "tables": seal.tables,
    }
