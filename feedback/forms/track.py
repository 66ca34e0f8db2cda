"""What whoever follows a case types in: number and code, then what they may do."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from feedback.choices import Score
from feedback.forms.fields import LongText, text_input
from feedback.forms.uploads import UploadForm
from samokov_portal.office.forms import plain_helper
from samokov_portal.office.rendering import KeptForm


class TrackForm(forms.Form):
    """Number and access code; the code is never in an address."""

    number = forms.CharField(
        label=_("Регистрационен номер"),
        max_length=30,
        help_text=_("Например С-2026-000123, както е на разписката."),
        widget=text_input(autocomplete="off", autocapitalize="characters", spellcheck="false"),
    )
    code = forms.CharField(
        label=_("Код за достъп"),
        max_length=40,
        help_text=_("Шестнайсет букви и цифри от разписката. Тирета и главни букви нямат значение."),
        widget=text_input(autocomplete="off", autocapitalize="characters", spellcheck="false"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = plain_helper()


class SenderForm(KeptForm):
    """What a sender may do with their case; the button stands in the template."""

    action: str
    title: Any
    button: Any

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "prefix": self.action})
        self.helper = plain_helper()

    def values(self) -> dict[str, Any]:
        """What the action takes."""
        return self.cleaned_data

    def typed(self) -> dict[str, str]:
        """What was typed or chosen, by the names of the fields, whether or not it may be sent."""
        return {field.name: field.data for field in self if isinstance(field.data, str) and field.data}

    def carried(self) -> dict[str, str]:
        """The same for hidden fields, by their names on the page: kept while the code is asked for again."""
        return {"kept": self.action, **{self.add_prefix(name): text for name, text in self.typed().items()}}

    def texts(self) -> list[tuple[str, str]]:
        """What was written in words, each with its label, so that a person may copy it."""
        typed = self.typed()
        fields = ((name, field) for name, field in self.fields.items() if isinstance(field, LongText))
        return [(str(field.label), typed[name]) for name, field in fields if name in typed]


class TextForm(UploadForm, SenderForm):
    """What a sender writes, with files."""

    field_order = ("text", "attachments")

    def values(self) -> dict[str, Any]:
        return {"text": self.cleaned_data["text"], "form_digest": self.digest}


class AddForm(TextForm):
    action = "add"
    title = _("Добавете сведения")
    button = _("Изпратете допълнението")

    text = LongText(
        label=_("Какво искате да добавите"),
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Не пишете ЕГН и здравни данни – не са ни нужни. До 10 000 знака."),
    )


class ReplyForm(TextForm):
    action = "reply"
    title = _("Отговорете на въпроса")
    button = _("Изпратете отговора")

    text = LongText(
        label=_("Вашият отговор"),
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Не пишете ЕГН и здравни данни – не са ни нужни. До 10 000 знака."),
    )


class WithdrawForm(SenderForm):
    action = "withdraw"
    title = _("Оттеглете преписката")
    button = _("Оттеглете я")

    reason = LongText(
        label=_("Защо я оттегляте"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Не сте длъжни да казвате."),
    )
    sure = forms.BooleanField(label=_("Разбирам, че преписката приключва без решение и това не може да се върне"))

    def values(self) -> dict[str, Any]:
        return {"reason": self.cleaned_data["reason"]}


class RateForm(SenderForm):
    action = "rate"
    title = _("Оценете отговора")
    button = _("Изпратете оценката")

    score = forms.TypedChoiceField(
        label=_("Помогна ли Ви отговорът"),
        choices=list(reversed(Score.choices)),
        coerce=int,
        widget=forms.RadioSelect,
    )
    comment = LongText(
        label=_("Какво да подобрим"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )


class ReopenForm(SenderForm):
    action = "reopen"
    title = _("Поискайте да разгледаме преписката отново")
    button = _("Поискайте ново разглеждане")

    reason = LongText(
        label=_("Защо отговорът не Ви помага"),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Кажете какво липсва или какво ново има."),
    )


FORMS: dict[str, type[SenderForm]] = {
    form.action: form for form in (ReplyForm, RateForm, ReopenForm, AddForm, WithdrawForm)
}


def kept_form(data: QueryDict) -> SenderForm | None:
    """The form that waits in hidden fields while the code is asked for again; None when none does."""
    form_class = FORMS.get(data.get("kept", ""))
    return form_class(data) if form_class else None
