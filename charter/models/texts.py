"""The charter: its text in versions, and its promises."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from charter.choices import LimitUnit, MeasuredFrom, PassageKind, StandardKind
from charter.querysets import CharterVersionQuerySet, StandardQuerySet
from samokov_portal.history import history
from services.choices import Confidence


class CharterVersion(models.Model):
    """A text of the charter as it was adopted; the names in it are those of its year."""

    number = models.PositiveSmallIntegerField(_("версия"), unique=True)
    title = models.CharField(_("заглавие"), max_length=200)
    title_en = models.CharField(_("заглавие на английски"), max_length=200, blank=True)
    adopted_year = models.PositiveSmallIntegerField(_("година на приемане"))
    place = models.CharField(_("място"), max_length=60)
    approved_by = models.CharField(_("утвърдил"), max_length=120)
    approved_by_post = models.CharField(_("длъжност на утвърдилия"), max_length=120)
    coordinated_by = models.CharField(_("съгласувал"), max_length=120)
    coordinated_by_post = models.CharField(_("длъжност на съгласувалия"), max_length=120)
    is_complete = models.BooleanField(_("пълен текст"))
    note = models.TextField(_("бележка за текста"), blank=True)
    source = models.CharField(_("източник"), max_length=300)

    objects = CharterVersionQuerySet.as_manager()
    history = history()

    class Meta:
        verbose_name = _("версия на хартата")
        verbose_name_plural = _("версии на хартата")

    def __str__(self) -> str:
        return f"{self.title} ({self.adopted_year})"

    def get_absolute_url(self) -> str:
        return reverse("charter:version", args=[self.number])


class Remark(models.Model):
    """What a reader of an old text must know today, said beside it and not in it."""

    version = models.ForeignKey(CharterVersion, models.CASCADE, related_name="remarks", verbose_name=_("версия"))
    position = models.PositiveSmallIntegerField(_("ред"))
    text = models.TextField(_("текст"))
    source = models.CharField(_("източник"), max_length=300)
    confidence = models.CharField(_("сигурност"), max_length=1, choices=Confidence.choices)

    history = history()

    class Meta:
        verbose_name = _("бележка към хартата")
        verbose_name_plural = _("бележки към хартата")
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["version", "position"], name="charter_remark_place")]

    def __str__(self) -> str:
        return self.text[:60]


class Section(models.Model):
    version = models.ForeignKey(CharterVersion, models.CASCADE, related_name="sections", verbose_name=_("версия"))
    position = models.PositiveSmallIntegerField(_("ред"))
    numeral = models.CharField(_("номер"), max_length=6)
    title = models.CharField(_("заглавие"), max_length=200)
    title_en = models.CharField(_("заглавие на английски"), max_length=200, blank=True)
    title_original = models.CharField(_("заглавие в оригинала"), max_length=200)
    title_note = models.CharField(_("бележка към заглавието"), max_length=200, blank=True)

    history = history()

    class Meta:
        verbose_name = _("раздел")
        verbose_name_plural = _("раздели")
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["version", "position"], name="charter_section_place")]

    def __str__(self) -> str:
        return f"{self.numeral}. {self.title}"


class Passage(models.Model):
    """A paragraph, a principle, a goal or a thing the charter determines, in its own words."""

    section = models.ForeignKey(Section, models.CASCADE, related_name="passages", verbose_name=_("раздел"))
    position = models.PositiveSmallIntegerField(_("ред"))
    kind = models.CharField(_("вид"), max_length=12, choices=PassageKind.choices)
    text = models.TextField(_("текст"))

    history = history()

    class Meta:
        verbose_name = _("пасаж")
        verbose_name_plural = _("пасажи")
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["section", "position"], name="charter_passage_place")]

    def __str__(self) -> str:
        return self.text[:60]


class Standard(models.Model):
    """A promise of the charter: what is promised, how it is counted, and how sure its text is."""

    version = models.ForeignKey(CharterVersion, models.PROTECT, related_name="standards", verbose_name=_("харта"))
    code = models.SlugField(_("код"))
    position = models.PositiveSmallIntegerField(_("ред"))
    title = models.CharField(_("кратко име"), max_length=120)
    title_en = models.CharField(_("кратко име на английски"), max_length=120, blank=True)
    text = models.TextField(_("обещанието"))
    definition = models.TextField(_("как се брои"))
    kind = models.CharField(_("вид"), max_length=10, choices=StandardKind.choices)
    limit = models.PositiveSmallIntegerField(_("граница"), null=True, blank=True)
    limit_unit = models.CharField(_("мерна единица на границата"), max_length=15, choices=LimitUnit.choices, blank=True)
    target = models.DecimalField(_("цел, %"), max_digits=5, decimal_places=2, null=True, blank=True)
    target_note = models.TextField(_("откъде е целта"), blank=True)
    source = models.CharField(_("източник"), max_length=300)
    confidence = models.CharField(_("сигурност"), max_length=1, choices=Confidence.choices)
    is_reconstructed = models.BooleanField(_("възстановен, за потвърждаване от общината"))
    measured_from = models.CharField(_("измерва се"), max_length=12, choices=MeasuredFrom.choices)
    measure = models.SlugField(_("измерване"), blank=True)
    not_measured_reason = models.TextField(_("защо няма резултат"), blank=True)
    note = models.TextField(_("бележка"), blank=True)

    objects = StandardQuerySet.as_manager()
    history = history()

    class Meta:
        verbose_name = _("стандарт")
        verbose_name_plural = _("стандарти")
        constraints = [
            models.CheckConstraint(
                condition=Q(target=None) | Q(target__gte=0, target__lte=100), name="charter_standard_target_is_share"
            ),
            models.CheckConstraint(
                condition=~Q(measure="") | ~Q(not_measured_reason=""), name="charter_standard_measured_or_says_why"
            ),
            models.UniqueConstraint(fields=["version", "code"], name="charter_standard_once"),
            models.UniqueConstraint(
                fields=["version", "measure"], condition=~Q(measure=""), name="charter_standard_one_per_measure"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("charter:standard", args=[self.code])
