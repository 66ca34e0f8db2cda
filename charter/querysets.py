"""Questions about the texts of the charter and the reports."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Case as Choice
from django.db.models import Count, F, Q, Value, When
from django.db.models.functions import Cast

from charter.choices import ReportStatus, Verdict
from samokov_portal.history import versions_at
from samokov_portal.office.choices import Fact
from samokov_portal.office.querysets import with_facts

if TYPE_CHECKING:
    from charter.models import CharterVersion, Comment, Consultation, Observation, Report, Standard


class CharterVersionQuerySet(models.QuerySet["CharterVersion"]):
    def in_force(self) -> "CharterVersion | None":
        """The newest version, or None before the charter is loaded."""
        return self.order_by("-number").first()

    def with_text(self) -> Self:
        """With sections and passages, two more queries in all."""
        return self.prefetch_related("sections__passages")


class StandardQuerySet(models.QuerySet["Standard"]):
    def in_force(self) -> Self:
        """The standards of the newest version of the charter, in their order."""
        newest = self.order_by("-version__number").values("version")[:1]
        return self.filter(version=models.Subquery(newest)).in_order()

    def in_force_at(self, as_of: datetime) -> Self:
        """The standards in force at the aware moment `as_of`, with their texts and targets of then, from the history.

        At a moment before the first charter was loaded they are those of the first one, as it was loaded.
        """
        known: Self = versions_at(type(self), self.model, as_of)
        if known.exists():
            return known.in_force()
        loaded = type(self)(self.model.history.model).filter(history_type="+")
        oldest = loaded.order_by("version__number").values("version")[:1]
        return loaded.filter(version=models.Subquery(oldest)).in_order()

    def in_order(self) -> Self:
        return self.order_by("position", "pk")


class ReportQuerySet(models.QuerySet["Report"]):
    def published(self) -> Self:
        """Reports that everybody may read."""
        return self.filter(status__in=[ReportStatus.PUBLISHED, ReportStatus.SUPERSEDED])

    def standing(self) -> Self:
        """Published reports that no later version replaces."""
        return self.filter(status=ReportStatus.PUBLISHED)

    def in_work(self) -> Self:
        """Reports on their way to being published."""
        return self.exclude(status__in=[ReportStatus.PUBLISHED, ReportStatus.SUPERSEDED, ReportStatus.DISCARDED])

    def not_discarded(self) -> Self:
        return self.exclude(status=ReportStatus.DISCARDED)

    def without_pdf(self) -> Self:
        """Without the bytes of the PDF, which no list needs."""
        return self.defer("pdf")

    def with_people(self) -> Self:
        """With who prepared, submitted, approved and published, and the seal."""
        return self.select_related("prepared_by", "submitted_by", "approved_by", "published_by", "seal")

    def newest_first(self) -> Self:
        return self.order_by("-period_start", "-version", "-pk")

    def rendered(self) -> Self:
        """Reports whose PDF is there."""
        return self.exclude(pdf=None)

    def with_digest(self, sha256: str) -> Self:
        """The reports whose PDF has this SHA-256."""
        return self.filter(pdf_sha256=sha256)

    def of_year(self, year: Any) -> Self:
        """Reports of the whole year `year`, a number or an expression that gives one."""
        return self.filter(period=Cast(year, models.CharField()))

    def published_by(self, moment: datetime) -> Self:
        """Reports published at the aware `moment` at the latest, the first published first."""
        return self.filter(published_at__lte=moment).order_by("published_at", "pk")

    def standing_at(self, as_of: datetime) -> Self:
        """Reports published by the aware moment `as_of` that no later version had replaced by then."""
        later = self.model._default_manager.filter(replaces=models.OuterRef("pk"), published_at__lte=as_of)
        return self.filter(~models.Exists(later), published_at__lte=as_of)

    def with_counts(self) -> Self:
        """With how many of the promises were `kept` and `broken`."""
        return self.annotate(
            kept=Count("figures", filter=Q(figures__verdict=Verdict.KEPT)),
            broken=Count("figures", filter=Q(figures__verdict=Verdict.BROKEN)),
        )

    def with_groups(self) -> Self:
        """Reports that give figures by groups: those of months do not, a month is subtracted from its quarter."""
        return self.exclude(period__regex=r"^\d{4}-\d{2}$")

    def of_quarters(self) -> Self:
        return self.filter(period__regex=r"^\d{4}-Q[1-4]$")

    def of_period(self, code: str) -> Self:
        return self.filter(period=code)


class ConsultationQuerySet(models.QuerySet["Consultation"]):
    def announced(self) -> Self:
        """Those that everybody may read."""
        return self.filter(announced_at__isnull=False)

    def open_on(self, day: date) -> Self:
        """Those on which people may comment on `day`."""
        return self.announced().filter(opens_on__lte=day, closes_on__gte=day, answered_at=None)

    def newest_first(self) -> Self:
        return self.order_by("-opens_on", "-pk")


class CommentQuerySet(models.QuerySet["Comment"]):
    def unanswered(self) -> Self:
        """Comments that still wait for an answer; a hidden one waits for none."""
        return self.filter(answered_at=None, hidden_at=None)

    def in_order(self) -> Self:
        """As they came, with what they are about."""
        return self.select_related("passage").order_by("number")


class ObservationQuerySet(models.QuerySet["Observation"]):
    def known_at(self, as_of: datetime) -> Self:
        """Observations recorded by the aware moment `as_of` and not withdrawn by then."""
        return self.filter(recorded_at__lte=as_of).exclude(withdrawn_at__lte=as_of)

    def of_standard(self, code: str, start: date, end: date) -> Self:
        """Of the promise with this code in any version of the charter, made in the half-open span [start, end)."""
        return self.filter(standard__code=code, on__gte=start, on__lt=end)

    def facts(self) -> Self:
        """Whether the promise was kept in each of them."""
        state = Choice(When(is_kept=True, then=Value(Fact.KEPT)), default=Value(Fact.NOT_KEPT))
        rows: Self = with_facts(
            self, state=state, counted_on=F("on"), began_on=F("on"), done_on=F("on"), lasted=F("minutes")
        )
        return rows

    def newest_first(self) -> Self:
        return self.select_related("standard", "unit", "recorded_by").order_by("-on", "-pk")
