"""Made-up questions at the counter and answers to the survey, for the demonstration."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models.functions import Coalesce

from feedback.access import access_digest
from feedback.choices import (
    RESULTS,
    TIMED,
    AskedKnown,
    InvitedBy,
    OralChannel,
    OralKind,
    OralResult,
    SurveyAbout,
    SurveySource,
)
from feedback.models import Case, OralEnquiry, SurveyInvitation, SurveyResponse
from samokov_portal.office.samples import BATCH, Chance
from services.models import Application, Unit

# How often, out of a hundred, each of RESULTS, in its order.
RESULT_WEIGHTS = {OralKind.QUESTION: (88, 9, 3), OralKind.PROBLEM: (70, 26, 4)}
PROBLEMS, BY_PHONE = 0.25, 0.35
# Of a hundred who are asked so many answer, and so many applicants get the code on their receipt.
ANSWERED, GIVEN_A_CODE = 0.27, 0.6
KIOSK_A_WEEK = 6
# From „very bad“ to „very good“.
SCORES = (2, 4, 9, 46, 39)
SKIPPED = 0.06


def make_oral_enquiries(chance: Chance, *, first: date, until: datetime) -> int:
    """A question or a problem on each day from `first` on, spoken of in working hours; returns how many."""
    units = list(Unit.objects.in_order())
    moments = (chance.at_work(first + timedelta(days=day)) for day in range((until.date() - first).days))
    rows = [_oral_enquiry(chance, asked_at, chance.one_of(units)) for asked_at in moments]
    return len(OralEnquiry.objects.bulk_create([row for row in rows if row.recorded_at <= until], batch_size=BATCH))


def _oral_enquiry(chance: Chance, asked_at: datetime, unit: Unit) -> OralEnquiry:
    kind = OralKind.PROBLEM if chance.happens(PROBLEMS) else OralKind.QUESTION
    result = chance.one_of(RESULTS[kind], RESULT_WEIGHTS[kind])
    minutes = 1 + round(chance.random.gammavariate(2, 4)) if result in TIMED else None
    return OralEnquiry(
        kind=kind,
        channel=OralChannel.PHONE if chance.happens(BY_PHONE) else OralChannel.COUNTER,
        asked_at=asked_at,
        minutes=minutes,
        result=OralResult(result),
        unit=unit,
        recorded_at=asked_at + timedelta(minutes=(minutes or 0) + chance.random.randint(1, 60)),
        is_sample=True,
    )


def make_survey(chance: Chance, *, first: date, until: datetime) -> int:
    """Codes for the answered sample cases and completed applications, and what some of them answered with; how many.

    The days of the answers say nothing of whose they are, as in life: they are stored in the order of the days.
    """
    invitations = [*_about_cases(), *_about_applications(chance)]
    answers = [*_answers(chance, invitations, until), *_at_kiosk(chance, first, until)]
    for invitation in invitations:
        invitation.code_digest = access_digest(invitation.code)
    SurveyInvitation.objects.bulk_create(invitations, batch_size=BATCH)
    SurveyResponse.objects.bulk_create(sorted(answers, key=lambda answer: answer.at), batch_size=BATCH)
    return len(answers)


def _about_cases() -> Iterator[SurveyInvitation]:
    answered = (
        Case.objects.samples().filter(decided_at__isnull=False).annotate(told_at=Coalesce("notified_at", "decided_at"))
    )
    for case in answered.only("pk", "email", "unit_id").order_by("pk").iterator(chunk_size=BATCH):
        means = InvitedBy.EMAIL if case.email else InvitedBy.RECEIPT
        yield SurveyInvitation(case=case, means=means, issued_at=case.told_at)


def _about_applications(chance: Chance) -> Iterator[SurveyInvitation]:
    completed = Application.objects.samples().filter(completed_at__isnull=False)
    for application in completed.only("pk", "unit_id", "completed_at").order_by("pk").iterator(chunk_size=BATCH):
        if chance.happens(GIVEN_A_CODE):
            yield SurveyInvitation(application=application, means=InvitedBy.RECEIPT, issued_at=application.completed_at)


def _answers(chance: Chance, invitations: Iterable[SurveyInvitation], until: datetime) -> Iterator[SurveyResponse]:
    """What some of the invited answered within three weeks; their codes are used."""
    for invitation in invitations:
        at = invitation.issued_at + timedelta(days=chance.random.expovariate(1 / 4))
        if not chance.happens(ANSWERED) or at > until:
            continue
        invitation.is_used = True
        subject: Any = invitation.case or invitation.application
        about = SurveyAbout.CASE if invitation.case_id is not None else SurveyAbout.APPLICATION
        yield SurveyResponse(
            at=at, source=SurveySource(invitation.means), about=about, unit_id=subject.unit_id, **_opinion(chance)
        )


def _at_kiosk(chance: Chance, first: date, until: datetime) -> Iterator[SurveyResponse]:
    days = (until.date() - first).days
    for _serial in range(KIOSK_A_WEEK * days // 7):
        at = chance.at_work(first + timedelta(days=chance.random.randrange(days)))
        if at <= until:
            yield SurveyResponse(at=at, source=SurveySource.KIOSK, about=SurveyAbout.COUNTER, **_opinion(chance))


def _opinion(chance: Chance) -> dict[str, Any]:
    """Answers to the five questions; now and then one is left out, never the first."""
    scores = {name: chance.one_of(range(1, 6), SCORES) for name in ("overall", "speed", "clarity", "attitude")}
    kept = {name: score for name, score in scores.items() if name == "overall" or not chance.happens(SKIPPED)}
    asked = chance.one_of([AskedKnown.NO, AskedKnown.YES, AskedKnown.FORGOTTEN, ""], [84, 3, 7, 6])
    return {**kept, "asked_known_document": asked, "is_sample": True}
