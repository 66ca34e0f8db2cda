"""Questions about many rows at once."""

from feedback.querysets.cases import AWAITED_DAY, CaseEventQuerySet, CaseQuerySet
from feedback.querysets.dialogue import (
    ABOUT,
    MAILED,
    NEEDS_HANDS_SINCE,
    AnswerTemplateQuerySet,
    AttachmentQuerySet,
    BodyQuerySet,
    ExtensionRequestQuerySet,
    LetterQuerySet,
    QuestionQuerySet,
    ReopeningQuerySet,
)
from feedback.querysets.people import OralEnquiryQuerySet, SurveyInvitationQuerySet, SurveyResponseQuerySet

__all__ = [
    "ABOUT",
    "AWAITED_DAY",
    "MAILED",
    "NEEDS_HANDS_SINCE",
    "AnswerTemplateQuerySet",
    "AttachmentQuerySet",
    "BodyQuerySet",
    "CaseEventQuerySet",
    "CaseQuerySet",
    "ExtensionRequestQuerySet",
    "LetterQuerySet",
    "OralEnquiryQuerySet",
    "QuestionQuerySet",
    "ReopeningQuerySet",
    "SurveyInvitationQuerySet",
    "SurveyResponseQuerySet",
]
