"""The tables: cases and their events, what is asked and answered around them, letters, files,
the survey of satisfaction, and what was asked aloud.
"""

from feedback.models.answers import AnswerTemplate
from feedback.models.case import Case, CaseEvent
from feedback.models.desk import Export, PrintOrder, SavedFilter
from feedback.models.dialogue import Question, Rating, Reopening
from feedback.models.enquiries import OralEnquiry
from feedback.models.extensions import ExtensionRequest
from feedback.models.files import Attachment
from feedback.models.letters import Body, Letter, LetterTemplate
from feedback.models.notes import InternalNote
from feedback.models.survey import SurveyInvitation, SurveyResponse

__all__ = [
    "AnswerTemplate",
    "Attachment",
    "Body",
    "Case",
    "CaseEvent",
    "Export",
    "ExtensionRequest",
    "InternalNote",
    "Letter",
    "LetterTemplate",
    "OralEnquiry",
    "PrintOrder",
    "Question",
    "Rating",
    "Reopening",
    "SavedFilter",
    "SurveyInvitation",
    "SurveyResponse",
]
