"""What can be found, the words it is found by, what an editor says means the same, and what was sought in vain."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from samokov_portal.history import history
from samokov_portal.search.words import stems


class Entry(models.Model):
    """A page that can be found. Derived from other tables by `samokov_portal.search.index`, so it has no history."""

    source = models.SlugField(_("откъде е"), max_length=20)
    key = models.CharField(_("ключ"), max_length=100)
    title = models.CharField(_("заглавие"), max_length=400)
    title_en = models.CharField(_("заглавие на английски"), max_length=400, blank=True)
    about = models.CharField(_("пояснение"), max_length=400, blank=True)
    path = models.CharField(_("адрес"), max_length=300)
    # Between 0 and 1: of two that fit a question equally, the one that more people need comes first.
    boost = models.FloatField(_("предимство"), default=0)
    words = SearchVectorField(_("думи"))
    # How much the words of the title tell, all together.
    title_mass = models.FloatField(_("тежест на заглавието"), default=0)

    class Meta:
        verbose_name = _("намирана страница")
        verbose_name_plural = _("намирани страници")
        constraints = [
            models.UniqueConstraint(fields=["source", "key"], name="search_entry_once"),
            models.CheckConstraint(condition=Q(boost__gte=0, boost__lte=1), name="search_entry_boost_is_a_share"),
        ]
        # Written all at once and read at once, so nothing is put off (`fastupdate`).
        indexes = [GinIndex(fields=["words"], name="search_entry_words", fastupdate=False)]

    def __str__(self) -> str:
        return self.title


class Stem(models.Model):
    """A word of the entries in its one form, and how much it tells: what stands everywhere tells little."""

    # Compared by code points, so that what begins with some letters is one range of the key.
    text = models.CharField(_("основа"), max_length=100, primary_key=True, db_collation="C")
    telling = models.FloatField(_("колко казва"))

    class Meta:
        verbose_name = _("дума от страниците")
        verbose_name_plural = _("думи от страниците")
        indexes = [GinIndex(fields=["text"], name="search_stem_trgm", opclasses=["gin_trgm_ops"], fastupdate=False)]

    def __str__(self) -> str:
        return self.text


class Synonym(models.Model):
    """What people say, and the words of the catalogue that mean it."""

    said = models.CharField(_("казват"), max_length=100, unique=True, help_text=_("Например: кофа за боклук"))
    means = models.CharField(
        _("означава"), max_length=200, help_text=_("С думите от каталога, например: съд за битови отпадъци")
    )
    stems = ArrayField(models.CharField(max_length=100), editable=False)

    history = history()

    class Meta:
        verbose_name = _("друг израз")
        verbose_name_plural = _("други изрази")
        indexes = [GinIndex(fields=["stems"], name="search_synonym_stems")]

    def __str__(self) -> str:
        return f"{self.said} – {self.means}"

    def save(self, *args: object, **options: object) -> None:
        self.stems = sorted(set(stems(self.said)))
        super().save(*args, **options)  # type: ignore[arg-type]

    def clean(self) -> None:
        """Raises ValidationError where nothing telling is said: such a synonym would change every search."""
        for name in ("said", "means"):
            if not stems(getattr(self, name)):
                raise ValidationError({name: _("Напишете поне една дума, която казва нещо.")})


class VainSearch(models.Model):
    """Words that found nothing: how many times, and on which day last. Who asked is not known."""

    text = models.CharField(_("търсено"), max_length=60, unique=True)
    times = models.PositiveIntegerField(_("пъти"), default=1)
    last_on = models.DateField(_("последно на"))

    class Meta:
        verbose_name = _("търсене без резултат")
        verbose_name_plural = _("търсения без резултат")
        indexes = [models.Index(fields=["-times", "text"], name="search_vain_times")]

    def __str__(self) -> str:
        return self.text
