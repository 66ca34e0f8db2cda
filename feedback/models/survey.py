"""The survey of satisfaction: who was invited to it, and what was answered, with nothing that joins the two."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from feedback.access import survey_code
from feedback.choices import AskedKnown, Attitude, Clarity, InvitedBy, Overall, Speed, SurveyAbout, SurveySource
from feedback.models.case import Case
from feedback.querysets import SurveyInvitationQuerySet, SurveyResponseQuerySet

LONGEST_WORDS = 1000


# What is asked; a response answers at least one of them.
SCORES = ("overall", "speed", "clarity", "attitude")
QUESTIONS = (*SCORES, "asked_known_document")


class SurveyInvitation(models.Model):
    """A code by which one answer to a case, or one completed application, is spoken of once.

    No history, no moment of use and no key of the response: nobody shall find out from here who answered what.
    """

    case = models.ForeignKey(
        Case, models.PROTECT, null=True, blank=True, related_name="survey_invitations", verbose_name=_("преписка")
    )
    # Which answer to the case, counted from the first; an application has one result.
    round = models.PositiveSmallIntegerField(_("за кой отговор"), default=1)
    application = models.ForeignKey(
        "services.Application",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("заявление за услуга"),
    )
    code_digest = models.CharField(max_length=64, unique=True, editable=False)
    means = models.CharField(_("как е даден кодът"), max_length=7, choices=InvitedBy.choices)
    issued_at = models.DateTimeField(_("издаден на"))
    is_used = models.BooleanField(_("използван"), default=False)

    objects = SurveyInvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("покана за анкетата")
        verbose_name_plural = _("покани за анкетата")
        constraints = [
            models.UniqueConstraint(fields=["case", "round"], name="feedback_surveyinvitation_once_an_answer"),
            models.UniqueConstraint(fields=["application"], name="feedback_surveyinvitation_once_an_application"),
            models.CheckConstraint(
                condition=Q(case__isnull=False, application=None, round__gte=1)
                | Q(case=None, application__isnull=False, round=1),
                name="feedback_surveyinvitation_one_subject",
            ),
            models.CheckConstraint(
                condition=Q(means__in=InvitedBy.values), name="feedback_surveyinvitation_known_means"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case or self.application}, {self.round}"

    @property
    def code(self) -> str:
        """The code itself, made anew each time; only its digest is stored."""
        if self.case_id is not None:
            return survey_code(f"case:{self.case_id}:{self.round}")
        return survey_code(f"application:{self.application_id}")


class SurveyResponse(models.Model):
    """What somebody answered, without a name. Rows are only added; the database lets nothing but `words` be emptied."""

    at = models.DateTimeField(_("кога"), db_index=True)
    source = models.CharField(_("как"), max_length=7, choices=SurveySource.choices)
    about = models.CharField(_("за какво"), max_length=11, choices=SurveyAbout.choices)
    unit = models.ForeignKey("services.Unit", models.PROTECT, null=True, blank=True, verbose_name=_("звено"))
    overall = models.PositiveSmallIntegerField(_("общо впечатление"), choices=Overall.choices, null=True, blank=True)
    speed = models.PositiveSmallIntegerField(_("бързина"), choices=Speed.choices, null=True, blank=True)
    clarity = models.PositiveSmallIntegerField(_("яснота"), choices=Clarity.choices, null=True, blank=True)
    attitude = models.PositiveSmallIntegerField(
        _("отношение на служителите"), choices=Attitude.choices, null=True, blank=True
    )
    asked_known_document = models.CharField(
        _("искан е документ, който общината има"), max_length=9, choices=AskedKnown.choices, blank=True
    )
    words = models.CharField(_("с думи"), max_length=LONGEST_WORDS, blank=True)
    is_sample = models.BooleanField(_("примерен"), default=False, editable=False)

    objects = SurveyResponseQuerySet.as_manager()

    class Meta:
        verbose_name = _("отговор на анкетата")
        verbose_name_plural = _("отговори на анкетата")
        constraints = [
            *(
                models.CheckConstraint(
                    condition=Q(**{name: None}) | Q(**{f"{name}__gte": 1, f"{name}__lte": 5}),
                    name=f"feedback_surveyresponse_{name}_one_to_five",
                )
                for name in SCORES
            ),
            models.CheckConstraint(
                condition=Q(asked_known_document__in=["", *AskedKnown.values]),
                name="feedback_surveyresponse_known_answer",
            ),
            models.CheckConstraint(
                condition=Q(overall__isnull=False)
                | Q(speed__isnull=False)
                | Q(clarity__isnull=False)
                | Q(attitude__isnull=False)
                | ~Q(asked_known_document=""),
                name="feedback_surveyresponse_says_something",
            ),
            models.CheckConstraint(
                condition=Q(source=SurveySource.KIOSK, about=SurveyAbout.COUNTER)
                | Q(
                    source__in=[SurveySource.EMAIL, SurveySource.RECEIPT],
                    about__in=[SurveyAbout.CASE, SurveyAbout.APPLICATION],
                ),
                name="feedback_surveyresponse_source_fits",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_about_display()}, {self.at:%d.%m.%Y}"
