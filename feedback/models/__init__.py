"""The tables: cases and their events, what is asked and answered around them, letters, files."""

from feedback.models.case import Case, CaseEvent
from feedback.models.dialogue import Question, Rating, Reopening
from feedback.models.files import Attachment
from feedback.models.letters import Body, Letter, LetterTemplate

__all__ = [
    "Attachment",
    "Body",
    "Case",
    "CaseEvent",
    "Letter",
    "LetterTemplate",
    "Question",
    "Rating",
    "Reopening",
]
