"""Questions about the texts of the charter and the reports."""

from typing import TYPE_CHECKING, Self

from django.db import models

from charter.choices import ReportStatus

if TYPE_CHECKING:
    from charter.models import CharterVersion, Report, Standard


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

    def in_order(self) -> Self:
        return self.order_by("position", "pk")


class ReportQuerySet(models.QuerySet["Report"]):
    def published(self) -> Self:
        """Reports that everybody may read."""
        return self.filter(status=ReportStatus.PUBLISHED)

    def without_pdf(self) -> Self:
        """Without the bytes of the PDF, which no list needs."""
        return self.defer("pdf")

    def with_people(self) -> Self:
        """With who prepared and who published."""
        return self.select_related("prepared_by", "published_by")

    def newest_first(self) -> Self:
        return self.order_by("-period_start", "-version", "-pk")

    def rendered(self) -> Self:
        """Reports whose PDF is there."""
        return self.exclude(pdf=None)

    def with_digest(self, sha256: str) -> Self:
        """The reports whose PDF has this SHA-256."""
        return self.filter(pdf_sha256=sha256)

    def of_period(self, code: str) -> Self:
        return self.filter(period=code)
