"""The citizen's secrets: the access code of what they sent, and the code of the survey."""

from samokov_portal.office.access import access_code, access_digest, code_fits, code_of

__all__ = ["access_code", "access_digest", "code_fits", "survey_code"]


def survey_code(subject: str) -> str:
    """The code by which `subject` (a certain answer or application) is spoken of in the survey, always the same.

    It is made from the portal's key, so that it can be shown again without being stored.
    """
    return code_of("feedback.survey_code", subject)
