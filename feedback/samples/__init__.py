"""Made-up life of the municipality, for the demonstration."""

from feedback.samples.cases import make_cases, names
from feedback.samples.people import make_oral_enquiries, make_survey

__all__ = ["make_cases", "make_oral_enquiries", "make_survey", "names"]
