"""Forms of a draft of the charter: the text itself, its sections with their passages, and the remarks beside it."""

from typing import Any

from django import forms
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from charter.documents import FRAME, REMARK, SECTION, Document, as_passages, as_text
from charter.models import CharterVersion
from samokov_portal.editing.forms import Mistake, Rows, WhyForm, mistakes_of
from services.choices import Confidence

MOST_SECTIONS, MOST_REMARKS = 20, 30


class FrameForm(forms.ModelForm):
    """The version itself; its number is given when it is published."""

    class Meta:
        model = CharterVersion
        fields = FRAME
        widgets = {"note": forms.Textarea(attrs={"rows": 3})}

    def values(self) -> Document:
        """What it says as a document does."""
        return {name: self.cleaned_data[name] for name in FRAME}


class SectionForm(forms.Form):
    """A section with its passages as one text."""

    numeral = forms.CharField(label=_("Номер"), max_length=6)
    title = forms.CharField(label=_("Заглавие"), max_length=200)
    title_en = forms.CharField(label=_("Заглавие на английски"), max_length=200, required=False)
    title_original = forms.CharField(label=_("Заглавие в оригинала"), max_length=200)
    title_note = forms.CharField(label=_("Бележка към заглавието"), max_length=200, required=False)
    text = forms.CharField(
        label=_("Текст"), max_length=40_000, required=False, widget=forms.Textarea(attrs={"rows": 14}),
        help_text=_(
            "Празен ред разделя пасажите. Пред пасаж: „# “ за принцип, „* “ за цел, „> “ за определеното от хартата."
        ),
    )  # fmt: skip

    @property
    def known_as(self) -> str:
        """By what the row is known on the page; empty for a new one."""
        return f"{self.initial['numeral']}. {self.initial['title']}" if self.initial else ""

    def values(self) -> Document:
        """What it says as a document does."""
        said = self.cleaned_data
        return {**{name: said[name] for name in SECTION}, "passages": as_passages(said["text"])}


class RemarkForm(forms.Form):
    """What a reader must know today, said beside the text."""

    text = forms.CharField(label=_("Бележка"), max_length=4000, widget=forms.Textarea(attrs={"rows": 3}))
    source = forms.CharField(label=_("Източник"), max_length=300)
    confidence = forms.ChoiceField(label=_("Сигурност"), choices=[("", "—"), *Confidence.choices])

    @property
    def known_as(self) -> str:
        """By what the row is known on the page; empty for a new one."""
        return Truncator(self.initial["text"]).chars(80) if self.initial else ""

    def values(self) -> Document:
        """What it says as a document does."""
        return {name: self.cleaned_data[name].replace("\r\n", "\n") for name in REMARK}


class Sections(Rows):
    def clean(self) -> None:
        """No two sections have one number."""
        if any(self.errors):
            return
        seen: set[str] = set()
        for form in self.filled:
            numeral = form.cleaned_data["numeral"]
            if numeral in seen:
                form.add_error("numeral", _("Вече има раздел с този номер."))
            seen.add(numeral)


def part_set(form: Any, formset: Any, most: int) -> Any:
    """Rows of a part, an empty one among them."""
    return forms.formset_factory(
        form, formset=formset, extra=1, max_num=most, absolute_max=most + 5, can_delete=True, validate_max=True
    )


SectionSet, RemarkSet = part_set(SectionForm, Sections, MOST_SECTIONS), part_set(RemarkForm, Rows, MOST_REMARKS)


class DraftForms:
    """The forms of one draft together."""

    def __init__(self, data: Any, *, document: Document, why: str, seen: Any) -> None:
        sections = [{**part, "text": as_text(part["passages"])} for part in document["sections"]]
        self.frame = FrameForm(data, initial=document)
        self.sections = SectionSet(data, prefix="sections", initial=sections)
        self.remarks = RemarkSet(data, prefix="remarks", initial=document["remarks"])
        self.why = WhyForm(data, initial={"why": why, "seen": seen})

    @property
    def is_valid(self) -> bool:
        """All of them are asked, so that every error is shown at once."""
        asked = [form.is_valid() for form in (self.why, self.frame, self.sections, self.remarks)]
        return all(asked)

    @property
    def errors(self) -> list[Mistake]:
        """What is to be mended, in the order of the page; nothing before anything was sent."""
        return list(mistakes_of((self.why, self.frame), (self.sections, self.remarks), self.why["why"]))

    def document(self) -> Document:
        """What they say together."""
        return {**self.frame.values(), "sections": self.sections.values(), "remarks": self.remarks.values()}
