"""Questions about what people said on the spot and in the survey."""

from datetime import datetime
from typing import Any, Self

from django.db import models
from django.db.models import Case as Choice
from django.db.models import F, Value, When
from django.db.models.functions import TruncDate

from feedback.choices import AskedKnown, OralChannel, OralKind, OralResult, Overall, SurveyAbout, SurveySource
from samokov_portal.office.choices import Fact
from samokov_portal.office.querysets import with_facts


class OralEnquiryQuerySet(models.QuerySet[Any]):
    def asked_between(self, start: datetime, end: datetime, *, as_of: datetime) -> Self:
        """What was asked in the half-open span [start, end) and written down by `as_of`; rows are only added."""
        return self.filter(asked_at__gte=start, asked_at__lt=end, recorded_at__lte=as_of)

    def answer_facts(self, limit: int) -> Self:
        """Questions: `kept` when answered within `limit` minutes. The writer was asked for in writing: left out."""
        state = Choice(
            When(result=OralResult.ASKED_IN_WRITING, then=Value(Fact.ASKED_IN_WRITING)),
            When(result=OralResult.NONE, then=Value(Fact.UNANSWERED)),
            When(minutes__lte=limit, then=Value(Fact.KEPT)),
            default=Value(Fact.LATE),
        )
        return self.filter(kind=OralKind.QUESTION)._facts(state)

    def solution_facts(self) -> Self:
        """Problems spoken of on the spot: `kept` when solved there, or when it was said what follows and when."""
        state = Choice(When(result=OralResult.NONE, then=Value(Fact.NOT_KEPT)), default=Value(Fact.KEPT))
        return self.filter(kind=OralKind.PROBLEM, channel=OralChannel.COUNTER)._facts(state)

    def _facts(self, state: Any) -> Self:
        rows = self.annotate(asked_on=TruncDate("asked_at"))
        return with_facts(rows, state=state, counted_on=F("asked_on"), began_on=F("asked_on"), lasted=F("minutes"))


class SurveyResponseQuerySet(models.QuerySet[Any]):
    def given_between(self, start: datetime, end: datetime, *, as_of: datetime) -> Self:
        """What was answered in the half-open span [start, end) and by `as_of`; rows are only added."""
        return self.filter(at__gte=start, at__lt=end, at__lte=as_of)

    def about_services(self) -> Self:
        """What was said of a service, at the counter or with the code of an application."""
        return self.filter(about__in=[SurveyAbout.APPLICATION, SurveyAbout.COUNTER])

    def invited(self) -> Self:
        """What was answered with a code."""
        return self.exclude(source=SurveySource.KIOSK)

    def satisfaction_facts(self) -> Self:
        """`kept` where somebody is satisfied or very satisfied. No day is given: it could tell who it was."""
        state = Choice(
            When(overall__gte=Overall.GOOD, then=Value(Fact.KEPT)),
            When(overall__isnull=False, then=Value(Fact.NOT_KEPT)),
            default=Value(Fact.NO_ANSWER),
        )
        return with_facts(self, state=state, counted_on=TruncDate("at"))

    def documents_facts(self) -> Self:
        """`kept` where no document was asked for that the municipality has."""
        state = Choice(
            When(asked_known_document=AskedKnown.NO, then=Value(Fact.KEPT)),
            When(asked_known_document=AskedKnown.YES, then=Value(Fact.NOT_KEPT)),
            When(asked_known_document=AskedKnown.FORGOTTEN, then=Value(Fact.FORGOTTEN)),
            default=Value(Fact.NO_ANSWER),
        )
        return with_facts(self, state=state, counted_on=TruncDate("at"))


class SurveyInvitationQuerySet(models.QuerySet[Any]):
    def issued_between(self, start: datetime, end: datetime, *, as_of: datetime) -> Self:
        """Codes given in the half-open span [start, end) and by `as_of`."""
        return self.filter(issued_at__gte=start, issued_at__lt=end, issued_at__lte=as_of)
