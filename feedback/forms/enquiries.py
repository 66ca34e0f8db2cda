"""The one line in which a clerk counts a question or problem raised on the spot or by phone."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from feedback.choices import RESULTS, TIMED, OralChannel, OralKind, OralResult
from feedback.models.enquiries import LOGGED_WITHIN, LONGEST_MINUTES
from samokov_portal.office.forms import MomentField, OnceForm, plain_helper
from services.models import Unit


class OralEnquiryForm(OnceForm):
    """What, how, in how many minutes and with what result; everything but the minutes begins with what is usual."""

    minutes = forms.IntegerField(
        label=_("Минути до отговора"),
        required=False,
        min_value=0,
        max_value=LONGEST_MINUTES,
        widget=forms.NumberInput(attrs={"autofocus": True}),
    )
    kind = forms.ChoiceField(label=_("Какво"), choices=OralKind.choices, initial=OralKind.QUESTION)
    channel = forms.ChoiceField(label=_("Как"), choices=OralChannel.choices, initial=OralChannel.COUNTER)
    result = forms.ChoiceField(label=_("Резултат"), choices=OralResult.choices, initial=OralResult.ANSWERED)
    unit = forms.ModelChoiceField(
        label=_("Звено"), queryset=Unit.objects.none(), required=False, empty_label=_("не е за звено")
    )
    asked_at = MomentField(label=_("Кога (празно – сега)"), required=False)

    def __init__(self, *args: Any, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.now = now
        units = Unit.objects.there_on(timezone.localtime(now).date()).in_order()
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]
        self.helper = plain_helper()

    def clean_asked_at(self) -> datetime | None:
        asked_at: datetime | None = self.cleaned_data["asked_at"]
        if asked_at is not None and asked_at > self.now:
            raise forms.ValidationError(_("Този момент още не е настъпил. Оставете празно, ако е сега."))
        if asked_at is not None and asked_at < self.now - LOGGED_WITHIN:
            raise forms.ValidationError(_("Записва се най-късно до седем дни след разговора."))
        return asked_at

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        kind, result = cleaned.get("kind"), cleaned.get("result")
        if kind and result and result not in RESULTS[kind]:
            fitting = ", ".join(f"„{row.label}“" for row in RESULTS[kind])
            self.add_error("result", _("За това може да е: %(results)s.") % {"results": fitting})
        elif result and "minutes" in cleaned:
            self._check_minutes(result, cleaned["minutes"])
        return cleaned

    def _check_minutes(self, result: str, minutes: int | None) -> None:
        if result in TIMED and minutes is None:
            self.add_error("minutes", _("Напишете за колко минути; 0, ако беше веднага."))
        if result not in TIMED and minutes is not None:
            self.add_error("minutes", _("Минути се пишат само когато е отговорено или решено."))

    def values(self) -> dict[str, Any]:
        """What is stored, without the token of the form."""
        return {name: value for name, value in self.cleaned_data.items() if name != "token"}
