"""What goes out: letters to senders and to competent bodies, and the texts from which they are made."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from feedback.choices import LETTER_CHOICES, LetterKind, LetterState, Means
from feedback.models.case import Case, CaseEvent
from feedback.querysets import NEEDS_HANDS_SINCE, BodyQuerySet, LetterQuerySet
from samokov_portal.history import history
from samokov_portal.inserting import KeptInsert
from samokov_portal.office.in_words import SaysChoices
from samokov_portal.reading import PlainRead
from services.models import Application, ApplicationEvent


class Body(models.Model):
    """A body to which what is not for the municipality is forwarded. What is unknown of it is left empty."""

    name = models.CharField(_("орган"), max_length=200, unique=True)
    email = models.EmailField(_("имейл"), blank=True)
    address = models.CharField(_("адрес за писма"), max_length=250, blank=True)
    source = models.CharField(_("откъде са данните"), max_length=300, blank=True)
    is_active = models.BooleanField(_("може да се избира"), default=True)

    objects = BodyQuerySet.as_manager()
    history = history()

    class Meta:
        verbose_name = _("компетентен орган")
        verbose_name_plural = _("компетентни органи")

    def __str__(self) -> str:
        return self.name


class LetterTemplate(models.Model):
    """The text of letters of one kind, with fields in braces such as {number}."""

    kind = models.CharField(_("за какво е"), max_length=12, choices=LETTER_CHOICES, unique=True)
    subject = models.CharField(_("тема"), max_length=150)
    text = models.TextField(_("текст"))

    history = history()

    class Meta:
        verbose_name = _("образец на писмо")
        verbose_name_plural = _("образци на писма")

    def __str__(self) -> str:
        return self.get_kind_display()


class Letter(SaysChoices, PlainRead, KeptInsert, models.Model):
    """A letter in the outbox, written in the same transaction as what it tells of; to the sender unless `body` is set.

    It is about a case or about an application for a service.

    `state` becomes sent when the mail server took it or an official handed it over, never before; `confirmed_at` is
    when a body said that it has it.
    """

    case = models.ForeignKey(
        Case, models.PROTECT, null=True, blank=True, related_name="letters", verbose_name=_("преписка")
    )
    event = models.ForeignKey(
        CaseEvent, models.PROTECT, null=True, blank=True, related_name="letters", verbose_name=_("събитие")
    )
    application = models.ForeignKey(
        Application, models.PROTECT, null=True, blank=True, related_name="letters", verbose_name=_("заявление")
    )
    application_event = models.ForeignKey(
        ApplicationEvent,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="letters",
        verbose_name=_("събитие по заявление"),
    )
    kind = models.CharField(_("за какво е"), max_length=12, choices=LETTER_CHOICES)
    body = models.ForeignKey(Body, models.PROTECT, null=True, blank=True, verbose_name=_("орган"))
    means = models.CharField(_("как"), max_length=5, choices=Means.choices)
    recipient = models.CharField(_("на кого"), max_length=200)
    address = models.CharField(_("имейл, адрес или телефон"), max_length=254)
    subject = models.CharField(_("тема"), max_length=200)
    text = models.TextField(_("текст"))
    # The same at every attempt, so that a mail server can know a second copy.
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    created_at = models.DateTimeField(_("написано на"))
    state = models.CharField(_("състояние"), max_length=6, choices=LetterState.choices, default=LetterState.QUEUED)
    attempts = models.PositiveSmallIntegerField(_("опити"), default=0)
    try_at = models.DateTimeField(_("следващ опит"), null=True, blank=True)
    last_error = models.CharField(_("последна грешка"), max_length=500, blank=True)
    sent_at = models.DateTimeField(_("изпратено на"), null=True, blank=True)
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("предал")
    )
    confirmed_at = models.DateTimeField(_("потвърдено на"), null=True, blank=True)
    confirmation = models.CharField(_("как е потвърдено"), max_length=200, blank=True)

    objects = LetterQuerySet.as_manager()
    history = history()

    class Meta:
        verbose_name = _("писмо")
        verbose_name_plural = _("писма")
        indexes = [
            models.Index(
                fields=["try_at", "id"],
                condition=Q(state=LetterState.QUEUED, means=Means.EMAIL),
                name="feedback_letter_to_mail",
            ),
            # What waits at the desk. While the mail server is down, thousands of young e-mails are unsent as well.
            models.Index(
                *(NEEDS_HANDS_SINCE, "id"), condition=~Q(state=LetterState.SENT), name="feedback_letter_needs_hands"
            ),
            # What the work list says of forwarded cases. Not of the unsent alone: while the mail server is down those
            # are thousands, and as the database was told that there are next to none, it would read them all.
            models.Index(fields=["case"], condition=Q(kind=LetterKind.FORWARDING), name="feedback_letter_forwarding"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["event", "kind", "body"],
                condition=Q(event__isnull=False),
                nulls_distinct=False,
                name="feedback_letter_once_for_an_event",
            ),
            models.UniqueConstraint(
                fields=["application_event", "kind"],
                condition=Q(application_event__isnull=False),
                name="feedback_letter_once_for_an_event_of_an_application",
            ),
            models.CheckConstraint(
                condition=Q(case__isnull=False, event__isnull=False, application=None, application_event=None)
                | Q(case=None, event=None, body=None, application__isnull=False, application_event__isnull=False),
                name="feedback_letter_about_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(state=LetterState.SENT, sent_at__isnull=False, try_at=None)
                | Q(sent_at=None, confirmed_at=None) & ~Q(state=LetterState.SENT),
                name="feedback_letter_sent_with_a_moment",
            ),
            models.CheckConstraint(
                condition=Q(means=Means.EMAIL, state=LetterState.QUEUED, try_at__isnull=False)
                | ~Q(means=Means.EMAIL, state=LetterState.QUEUED) & Q(try_at=None),
                name="feedback_letter_mail_waits_for_a_moment",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at=None, confirmation="")
                | Q(confirmed_at__gte=F("sent_at")) & ~Q(confirmation=""),
                name="feedback_letter_confirmed_whole",
            ),
        ]

    def __str__(self) -> str:
        return self.subject

    @property
    def about(self) -> Case | Application:
        """What it is about."""
        found = self.case or self.application
        assert found is not None
        return found
