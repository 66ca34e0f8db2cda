"""The reports of how the promises are kept: frozen figures, what was said of them, and who took which step."""

import hashlib
import json
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from charter.choices import FindingKind, ReportStatus, StandardKind, Verdict
from charter.querysets import ReportQuerySet
from samokov_portal.history import Sealed, history
from samokov_portal.office.templatetags.bulgarian import number, percent

FINDINGS_IN_NUMBERS: dict[FindingKind, Any] = {
    FindingKind.SAME_VOLUME: _("%(whole)s във всеки от %(periods)s периода"),
    FindingKind.VOLUME_JUMP: _("преди %(before)s, сега %(now)s"),
    FindingKind.SHARE_JUMP: _("преди %(before)s, сега %(now)s"),
    FindingKind.MUCH_LEFT_OUT: _("извън сметката %(outside)s, в нея %(whole)s"),
    FindingKind.ENTERED_LATE: _("%(late)s от %(whole)s"),
}


def _person(name: Any, **options: Any) -> models.ForeignKey:
    """A member of the staff who took part; kept as long as the report."""
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=name, **options
    )


class Report(models.Model):
    """The frozen figures of a period. Once published neither it nor its figures change; a correction is a new version.

    `as_of` is the moment as of which everything was counted. Steps between the states: `charter.stages`.
    """

    period = models.CharField(_("период"), max_length=10)
    version = models.PositiveSmallIntegerField(_("версия"), default=1)
    period_start = models.DateField(_("от"))
    period_end = models.DateField(_("до, без този ден"))
    as_of = models.DateTimeField(_("към момент"))
    status = models.CharField(_("състояние"), max_length=10, choices=ReportStatus.choices, default=ReportStatus.DRAFT)
    prepared_by = _person(_("изготвил"))
    prepared_at = models.DateTimeField(_("изготвен на"))
    submitted_by = _person(_("предал за одобрение"))
    approved_by = _person(_("одобрил"))
    approved_at = models.DateTimeField(_("одобрен на"), null=True, blank=True)
    published_by = _person(_("публикувал"))
    published_at = models.DateTimeField(_("публикуван на"), null=True, blank=True)
    replaces = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="replaced_by", verbose_name=_("поправя")
    )
    correction_reason = models.TextField(_("защо се поправя"), blank=True)
    # The newest one of the history when it was counted.
    seal = models.ForeignKey("audit.Seal", models.PROTECT, null=True, blank=True, editable=False, related_name="+")
    has_sample_data = models.BooleanField(_("от примерни данни"), default=False)
    pdf = models.BinaryField(_("PDF"), null=True, editable=False)
    pdf_sha256 = models.CharField(_("SHA-256 на PDF"), max_length=64, blank=True, editable=False)

    objects = ReportQuerySet.as_manager()
    history = history(excluded_fields=["pdf"])

    class Meta:
        verbose_name = _("доклад")
        verbose_name_plural = _("доклади")
        permissions = [
            ("prepare_report", "Can prepare a report"),
            ("publish_report", "Can approve and publish a report that somebody else prepared"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["period", "version"], name="charter_report_version_once"),
            models.CheckConstraint(condition=Q(period_end__gt=F("period_start")), name="charter_report_period_runs"),
            models.CheckConstraint(
                condition=Q(
                    status__in=[
                        ReportStatus.DRAFT,
                        ReportStatus.SUBMITTED,
                        ReportStatus.RETURNED,
                        ReportStatus.DISCARDED,
                    ],
                    approved_by=None,
                    approved_at=None,
                    published_by=None,
                    published_at=None,
                )
                | Q(
                    status=ReportStatus.APPROVED,
                    approved_by__isnull=False,
                    approved_at__isnull=False,
                    approved_at__gte=F("prepared_at"),
                    published_by=None,
                    published_at=None,
                )
                | Q(
                    status__in=[ReportStatus.PUBLISHED, ReportStatus.SUPERSEDED],
                    approved_by__isnull=False,
                    approved_at__isnull=False,
                    approved_at__gte=F("prepared_at"),
                    published_by__isnull=False,
                    published_at__isnull=False,
                    published_at__gte=F("approved_at"),
                    pdf__isnull=False,
                ),
                name="charter_report_stands_whole",
            ),
            # Nobody approves what they prepared or submitted. Reports of before there were stages name no submitter.
            models.CheckConstraint(
                condition=Q(approved_by=None)
                | (Q(prepared_by=None) | ~Q(approved_by=F("prepared_by")))
                & (Q(submitted_by=None) | ~Q(approved_by=F("submitted_by"))),
                name="charter_report_two_people",
            ),
            models.CheckConstraint(
                condition=Q(replaces=None) | ~Q(correction_reason=""), name="charter_report_correction_has_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.period} ({self.version})"

    def get_absolute_url(self) -> str:
        """The address of its period, which leads to the version that stands; a superseded one has its own."""
        if self.status == ReportStatus.SUPERSEDED:
            return reverse("charter:report", args=[self.period, self.version])
        return reverse("charter:report", args=[self.period])

    def newest_step(self) -> int | None:
        """The key of its last step; another one means that it was changed meanwhile."""
        key: int | None = self.steps.aggregate(newest=models.Max("pk"))["newest"]
        return key

    @property
    def is_public(self) -> bool:
        """Whether everybody may read it."""
        return self.status in (ReportStatus.PUBLISHED, ReportStatus.SUPERSEDED)


class Figure(models.Model):
    """One standard's result in a report, with the promise as it was worded then.

    `details` holds what stands beside the share: the interval, the spread, the extended, the groups and the trend, as
    `charter.report` wrote them.
    """

    report = models.ForeignKey(Report, models.CASCADE, related_name="figures", verbose_name=_("доклад"))
    position = models.PositiveSmallIntegerField(_("ред"))
    code = models.SlugField(_("код"))
    title = models.CharField(_("кратко име"), max_length=120)
    title_en = models.CharField(_("кратко име на английски"), max_length=120, blank=True)
    text = models.TextField(_("обещанието"))
    definition = models.TextField(_("как се брои"))
    kind = models.CharField(_("вид"), max_length=10, choices=StandardKind.choices)
    target = models.DecimalField(_("цел, %"), max_digits=5, decimal_places=2, null=True)
    part = models.PositiveIntegerField(_("спазени"), null=True)
    whole = models.PositiveIntegerField(_("всички"), null=True)
    excluded = models.JSONField(_("неброени"), default=dict)
    verdict = models.CharField(_("оценка"), max_length=12, choices=Verdict.choices)
    is_reconstructed = models.BooleanField(_("възстановен"))
    not_measured_reason = models.TextField(_("защо няма резултат"), blank=True)
    details = models.JSONField(_("подробности"), default=dict)
    comment = models.TextField(_("коментар"), blank=True)

    class Meta:
        verbose_name = _("резултат")
        verbose_name_plural = _("резултати")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["report", "code"], name="charter_figure_once"),
            models.CheckConstraint(
                condition=Q(part=None, whole=None) | Q(part__isnull=False, whole__isnull=False, part__lte=F("whole")),
                name="charter_figure_part_of_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code}: {self.part} / {self.whole}"

    @property
    def share(self) -> Decimal | None:
        """Per cent, unrounded; None when there is nothing to count."""
        if not self.whole or self.part is None:
            return None
        return Decimal(100) * self.part / self.whole

    @property
    def notes_mark(self) -> str:
        """Another one whenever the comment, an action or an explanation is another; reads `actions` and `findings`."""
        said = [
            self.comment,
            *([action.what, action.owner, action.due_on.isoformat()] for action in self.actions.all()),
            *([finding.pk, finding.explanation] for finding in self.findings.all()),
        ]
        return hashlib.sha256(json.dumps(said).encode()).hexdigest()


class CorrectiveAction(models.Model):
    """What will be done about a promise that was not kept: by whom and until when."""

    figure = models.ForeignKey(Figure, models.CASCADE, related_name="actions", verbose_name=_("резултат"))
    what = models.TextField(_("какво ще се направи"))
    owner = models.CharField(_("кой отговаря"), max_length=150, help_text=_("Звено или длъжност."))
    due_on = models.DateField(_("до кога"))

    class Meta:
        verbose_name = _("мярка")
        verbose_name_plural = _("мерки")
        ordering = ["due_on", "pk"]

    def __str__(self) -> str:
        return f"{self.owner}: {self.what[:60]}"


class Finding(models.Model):
    """Something odd in the figures; the report is not approved before somebody has explained it."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="findings", verbose_name=_("доклад"))
    figure = models.ForeignKey(
        Figure, models.CASCADE, null=True, blank=True, related_name="findings", verbose_name=_("резултат")
    )
    kind = models.CharField(_("какво"), max_length=20, choices=FindingKind.choices)
    facts = models.JSONField(_("данни"), default=dict)
    explanation = models.TextField(_("обяснение"), blank=True)
    explained_by = _person(_("обяснил"))

    class Meta:
        verbose_name = _("особеност в данните")
        verbose_name_plural = _("особености в данните")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(explanation="", explained_by=None) | ~Q(explanation="") & Q(explained_by__isnull=False),
                name="charter_finding_explained_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()

    @property
    def in_numbers(self) -> str:
        """The numbers that are odd, in words; empty where the kind says it all."""
        words = FINDINGS_IN_NUMBERS.get(FindingKind(self.kind))
        if words is None:
            return ""
        said = percent if self.kind == FindingKind.SHARE_JUMP else number
        return str(words) % {name: said(value) for name, value in self.facts.items()}


class ReportStep(Sealed):
    """What was done with a report, in order of time. Rows are only added."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="steps", verbose_name=_("доклад"))
    status = models.CharField(_("състояние след това"), max_length=10, choices=ReportStatus.choices)
    at = models.DateTimeField(_("кога"))
    by = _person(_("кой"))
    note = models.TextField(_("бележка"), blank=True)

    class Meta:
        verbose_name = _("стъпка по доклад")
        verbose_name_plural = _("стъпки по доклади")
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.get_status_display()} {self.at:%d.%m.%Y}"


class ReportFile(models.Model):
    """A file of data of a report, to the byte as it was frozen; gzipped in the store."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="files", verbose_name=_("доклад"))
    name = models.CharField(_("име"), max_length=40)
    content = models.BinaryField(_("съдържание"))
    sha256 = models.CharField("SHA-256", max_length=64)

    class Meta:
        verbose_name = _("файл на доклад")
        verbose_name_plural = _("файлове на доклади")
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["report", "name"], name="charter_reportfile_once")]

    def __str__(self) -> str:
        return self.name
