"""The charter: its text in versions, its promises, and the published reports of how they are kept."""

from charter.models.consultations import Comment, Consultation, DraftPassage
from charter.models.drafts import CharterDraft
from charter.models.observations import Observation
from charter.models.reports import CorrectiveAction, Figure, Finding, Report, ReportFile, ReportStep
from charter.models.running import RunningFigures
from charter.models.texts import CharterVersion, Passage, Remark, Section, Standard

__all__ = [
    "CharterDraft",
    "CharterVersion",
    "Comment",
    "Consultation",
    "CorrectiveAction",
    "DraftPassage",
    "Figure",
    "Finding",
    "Observation",
    "Passage",
    "Remark",
    "Report",
    "ReportFile",
    "ReportStep",
    "RunningFigures",
    "Section",
    "Standard",
]
