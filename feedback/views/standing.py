"""Whether a case is late, as pages of the desk and of the sender say it."""

from datetime import date

from django.utils import timezone

from feedback.models import Case


def is_late(case: Case, today: date) -> bool:
    """Whether the first answer came, or is still to come, after the last day in force; nothing is while it waits."""
    if case.due_on is None or case.paused_at is not None:
        return False
    ended_at = case.decided_at or case.forwarded_at or case.ended_at
    return (timezone.localtime(ended_at).date() if ended_at else today) > case.due_on
