"""The survey of satisfaction: inviting to it, and storing what was answered apart from who was invited."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from feedback.access import access_digest
from feedback.choices import InvitedBy, SurveyAbout, SurveySource
from feedback.models import Case, SurveyInvitation, SurveyResponse
from samokov_portal.office.limits import Limit, take
from services.models import Application

# One response to one form of the kiosk, however often the button is pressed.
ONE_PRESS = Limit("kiosk.form", 1, timedelta(days=1))


class CodeDoesNotWork(Exception):
    """There is no such code, or it was used already: whoever asks is not told which."""


class NotCompleted(Exception):
    """The application has no result yet about which somebody could be asked."""


@dataclass(frozen=True)
class Invited:
    """What is told of an invitation: the code, while it works."""

    code: str
    is_used: bool


@transaction.atomic
def invite_about_case(case: Case, *, answers: int, now: datetime) -> Invited:
    """Invite the sender of `case` to speak of its answer number `answers`; once invited, the same code again."""
    means = InvitedBy.EMAIL if case.email else InvitedBy.RECEIPT
    return _invite({"case": case, "round": answers}, means, now)


@transaction.atomic
def invite_about_application(*, application_id: int, now: datetime) -> Invited:
    """Invite the applicant to speak of the service; once invited, the same code again. Raises NotCompleted."""
    application = Application.objects.get(pk=application_id)
    if application.completed_at is None:
        raise NotCompleted
    return _invite({"application": application}, InvitedBy.RECEIPT, now)


def _invite(subject: dict[str, Any], means: str, now: datetime) -> Invited:
    """The invitation, made if there is none. After a change of the portal's key an unused one gets a new code."""
    fresh = SurveyInvitation(**subject, means=means, issued_at=now)
    digest = access_digest(fresh.code)
    values = {"means": means, "issued_at": now, "code_digest": digest}
    invitation, is_new = SurveyInvitation.objects.select_for_update(of=("self",)).get_or_create(
        **subject, defaults=values
    )
    if not is_new and not invitation.is_used and invitation.code_digest != digest:
        invitation.code_digest = digest
        invitation.save(update_fields=["code_digest"])
    return Invited(fresh.code, invitation.is_used)


def code_works(code: str) -> bool:
    """Whether the survey may be answered with `code`."""
    return SurveyInvitation.objects.filter(code_digest=access_digest(code), is_used=False).exists()


@transaction.atomic
def answer_survey(*, code: str, answers: dict[str, Any], now: datetime) -> None:
    """Store the answers given with `code`, once. Raises CodeDoesNotWork.

    Of two presses at once the second waits for the first, and is refused.
    """
    invitation = (
        SurveyInvitation.objects.select_for_update(of=("self",))
        .select_related("case", "application")
        .filter(code_digest=access_digest(code))
        .first()
    )
    if invitation is None or invitation.is_used:
        raise CodeDoesNotWork
    subject = invitation.case or invitation.application
    about = SurveyAbout.CASE if invitation.case_id is not None else SurveyAbout.APPLICATION
    SurveyResponse.objects.create(
        at=now,
        source=SurveySource(invitation.means),
        about=about,
        unit_id=subject.unit_id if subject is not None else None,
        is_sample=subject is not None and subject.is_sample,
        **answers,
    )
    invitation.is_used = True
    invitation.save(update_fields=["is_used"])


@transaction.atomic
def answer_at_kiosk(*, nonce: str, answers: dict[str, Any], now: datetime) -> bool:
    """Store what somebody answered at the counter, once for each form; returns whether it is new."""
    # Inside the transaction on purpose: what is not stored is not counted, and a second press waits for the first.
    if take(ONE_PRESS, nonce, now).is_over:
        return False
    SurveyResponse.objects.create(at=now, source=SurveySource.KIOSK, about=SurveyAbout.COUNTER, **answers)
    return True


def erase_words(*, response_ids: list[int]) -> int:
    """Empty what was written in words, where somebody named a person; returns how many responses had any."""
    return SurveyResponse.objects.filter(pk__in=response_ids).exclude(words="").update(words="")
