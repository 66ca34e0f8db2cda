"""What letters are about, how they go out, and whether they have gone."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from services.choices import Notice


class LetterKind(models.TextChoices):
    """What a letter is about; each has a template that an editor can change."""

    RECEIVED = "received", _("получено и регистрирано")
    REQUALIFIED = "requalified", _("друг вид и друг срок")
    QUESTION = "question", _("въпрос към подателя")
    FORWARDING = "forwarding", _("преписката, до компетентния орган")
    FORWARDED = "forwarded", _("препратено")
    EXTENDED = "extended", _("удължен срок")
    MOVED = "moved", _("преместен срок")
    DECIDED = "decided", _("решение или отговор")
    REOPENED = "reopened", _("отворено отново")
    ENDED = "ended", _("без производство")
    WITHDRAWN = "withdrawn", _("оттеглено")


# Whatever a letter may be about: a case, or an application for a service.
LETTER_KINDS: tuple[LetterKind | Notice, ...] = (*LetterKind, *Notice)
LETTER_CHOICES = [*LetterKind.choices, *Notice.choices]


class Means(models.TextChoices):
    """How a letter goes out."""

    EMAIL = "email", _("по имейл")
    PAPER = "paper", _("на хартия")
    PHONE = "phone", _("по телефона")


class LetterState(models.TextChoices):
    QUEUED = "queued", _("чака изпращане")
    SENT = "sent", _("изпратено")
    FAILED = "failed", _("недоставено")
