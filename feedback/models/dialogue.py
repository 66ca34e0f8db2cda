"""What is asked and answered around a case: questions to the sender, another look, a rating."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from feedback.choices import Outcome, Score
from feedback.models.case import Case
from feedback.querysets import QuestionQuerySet, ReopeningQuerySet
from samokov_portal.history import history


class Question(models.Model):
    """A question to the sender. With a `ground` (legal.grounds) the term stands still until the answer."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="questions", verbose_name=_("преписка"))
    text = models.TextField(_("въпрос"))
    ground = models.CharField(_("основание за спиране на срока"), max_length=30, blank=True)
    asked_at = models.DateTimeField(_("зададен на"))
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("кой пита"))
    answer_due_on = models.DateField(_("срок за отговор"), null=True, blank=True)
    reply = models.TextField(_("отговор на подателя"), blank=True)
    replied_at = models.DateTimeField(_("отговорен на"), null=True, blank=True)
    lapsed_at = models.DateTimeField(_("останал без отговор на"), null=True, blank=True)

    objects = QuestionQuerySet.as_manager()
    history = history()

    class Meta:
        verbose_name = _("въпрос към подателя")
        verbose_name_plural = _("въпроси към подателите")
        constraints = [
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(replied_at=None, lapsed_at=None),
                name="feedback_question_one_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(replied_at=None, reply="")
                | Q(replied_at__isnull=False, replied_at__gte=F("asked_at"), lapsed_at=None) & ~Q(reply=""),
                name="feedback_question_replied_whole",
            ),
            models.CheckConstraint(
                condition=Q(lapsed_at=None) | Q(lapsed_at__gte=F("asked_at")), name="feedback_question_lapsed_after"
            ),
            models.CheckConstraint(
                condition=Q(ground="") | Q(answer_due_on__isnull=False), name="feedback_question_pause_has_an_end"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.asked_at:%d.%m.%Y}"

    @property
    def is_open(self) -> bool:
        return self.replied_at is None and self.lapsed_at is None


class Reopening(models.Model):
    """Another look at a case, asked for by its sender after an answer that did not help; with a term of its own."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="reopenings", verbose_name=_("преписка"))
    asked_at = models.DateTimeField(_("поискано на"))
    reason = models.TextField(_("защо отговорът не помогна"))
    term_code = models.CharField(_("срок по"), max_length=30)
    term_version = models.CharField(_("редакция на срока"), max_length=60)
    due_on = models.DateField(_("краен срок"))
    decided_at = models.DateTimeField(_("решена на"), null=True, blank=True)
    outcome = models.CharField(_("изход"), max_length=16, choices=Outcome.choices, blank=True)
    answer = models.TextField(_("отговор"), blank=True)
    notify_due_on = models.DateField(_("срок за уведомяване"), null=True, blank=True)
    notified_at = models.DateTimeField(_("уведомен на"), null=True, blank=True)

    objects = ReopeningQuerySet.as_manager()
    history = history()

    class Meta:
        verbose_name = _("повторно разглеждане")
        verbose_name_plural = _("повторни разглеждания")
        indexes = [models.Index(fields=["asked_at"], name="feedback_reopening_asked")]
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(notified_at=None), name="feedback_reopening_one_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(decided_at=None, outcome="", answer="", notify_due_on=None, notified_at=None)
                | Q(decided_at__isnull=False, decided_at__gte=F("asked_at")) & ~Q(outcome="") & ~Q(answer=""),
                name="feedback_reopening_decided_whole",
            ),
            models.CheckConstraint(
                condition=Q(notified_at=None) | Q(notified_at__gte=F("decided_at")),
                name="feedback_reopening_notified_after_decision",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.asked_at:%d.%m.%Y}"


class Rating(models.Model):
    """How the sender rates the answer; once for each answer, counted by `round` from the first."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="ratings", verbose_name=_("преписка"))
    round = models.PositiveSmallIntegerField(_("за кой отговор"), default=1)
    score = models.PositiveSmallIntegerField(
        _("оценка"), choices=Score.choices, validators=[MinValueValidator(1), MaxValueValidator(5)]
    )
    comment = models.TextField(_("пояснение"), blank=True)
    at = models.DateTimeField(_("дадена на"))

    history = history()

    class Meta:
        verbose_name = _("оценка на отговор")
        verbose_name_plural = _("оценки на отговори")
        constraints = [
            models.UniqueConstraint(fields=["case", "round"], name="feedback_rating_once_an_answer"),
            models.CheckConstraint(condition=Q(score__gte=1, score__lte=5), name="feedback_rating_one_to_five"),
        ]

    def __str__(self) -> str:
        return str(self.score)
