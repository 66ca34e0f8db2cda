"""What every register's form at the desk asks: how and when something came, and how long the person waited."""

from datetime import UTC, datetime
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from samokov_portal.office.choices import Channel
from samokov_portal.office.late import LONGEST_REASON, DatedTooFarBack, LateWithoutReason, late_reason
from samokov_portal.office.models import WorkingDayOverride
from samokov_portal.office.once import BadToken, new_form_token, read_form_token
from samokov_portal.office.templatetags.bulgarian import day

# What a desk can receive; „през портала“ is for what citizens send themselves.
DESK_CHANNELS = [(value, label) for value, label in Channel.choices if value != Channel.WEB]


def plain_helper() -> FormHelper:
    """The fields only: the <form> and its buttons stand in the template."""
    helper = FormHelper()
    helper.form_tag = False
    helper.disable_csrf = True
    return helper


def leave_unmarked(form: forms.Form, *names: str) -> None:
    """Do not call these fields optional in their labels: the page says of all of them what may be left empty."""
    for name in names:
        form.fields[name].is_unmarked = True  # type: ignore[attr-defined]


class MomentField(forms.DateTimeField):
    """A moment by the clock of Europe/Sofia.

    Of the hour that the clock strikes twice in autumn the first is meant; the one that it leaps over in spring is told.
    """

    default_error_messages = {
        "leapt_over": _("Такъв час няма: през нощта часовникът е минал от 03:00 направо на 04:00. Напишете 04:00.")
    }

    def to_python(self, value: Any) -> datetime | None:
        try:
            found: datetime | None = super().to_python(value)
        except forms.ValidationError as error:
            if error.code != "ambiguous_timezone" or not error.params:
                raise
            found = self._of_a_changed_clock(error.params["datetime"])
        return found

    def _of_a_changed_clock(self, written: datetime) -> datetime:
        moment = timezone.make_aware(written).astimezone(UTC)
        if timezone.make_naive(moment) != written:
            raise forms.ValidationError(self.error_messages["leapt_over"], code="leapt_over")
        return moment


class ApplyDecreesForm(forms.Form):
    """Why open cases shall move by the days that decrees moved."""

    reason = forms.CharField(
        label=_("Защо се местят сроковете"),
        max_length=500,
        help_text=_("Остава в историята на всяка преместена преписка. Например: обнародвано решение за почивните дни."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = plain_helper()


class DayQuery(forms.Form):
    """Of which day a page is to speak; empty for today."""

    on = forms.DateField(
        label=_("Към дата"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        leave_unmarked(self, "on")


class OnceForm(forms.Form):
    """A form that registers one row at most, whatever is pressed and however often."""

    # No field of letters: whatever comes here that is not ours, is answered by `clean_token`.
    token = forms.Field(widget=forms.HiddenInput, required=False, initial=new_form_token)

    def clean_token(self) -> str:
        """The random part of the token; a missing or foreign one is replaced, and the person asked to send again."""
        try:
            return read_form_token(self.cleaned_data["token"] or "")
        except BadToken:
            data: Any = self.data.copy()  # type: ignore[attr-defined]
            data[self.add_prefix("token")] = new_form_token()
            self.data = data
            raise forms.ValidationError(
                _("Формулярът беше отворен отдавна. Написаното е запазено – прегледайте го и го изпратете отново.")
            ) from None


class ReceiptForm(OnceForm):
    """When something reached the desk and how long the person waited."""

    channel = forms.ChoiceField(label=_("Как постъпи"), choices=DESK_CHANNELS, initial=Channel.COUNTER)
    received_at = MomentField(
        label=_("Кога постъпи"),
        help_text=_("Например 23.11.2026 14:05. Оставете така, ако постъпва сега."),
    )
    waited_minutes = forms.IntegerField(
        label=_("Колко минути чака човекът на гишето"),
        required=False,
        min_value=0,
        max_value=600,
        help_text=_("Само за подадено на гише. Оставете празно, ако не знаете."),
    )

    late_reason = forms.CharField(
        label=_("Защо се въвежда по-късно"),
        max_length=LONGEST_REASON,
        required=False,
        help_text=_("Само за постъпило по-рано: вчера, преди повече от час на гише или по телефона."),
    )

    now: datetime
    # Whether whoever enters it may date it before the previous working day.
    may_backdate = False

    def clean_received_at(self) -> datetime:
        received_at: datetime = self.cleaned_data["received_at"]
        if received_at > self.now:
            raise forms.ValidationError(_("Този момент още не е настъпил. Въведете кога е постъпило."))
        if received_at.year < self.now.year - 1:
            raise forms.ValidationError(_("Датата е твърде отдавна. Проверете годината."))
        return received_at

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("channel") != Channel.COUNTER and cleaned.get("waited_minutes") is not None:
            self.add_error("waited_minutes", _("Чакането се записва само за подадено на гише."))
        if cleaned.get("channel") and cleaned.get("received_at"):
            cleaned["late_reason"] = self._late_reason(cleaned)
        return cleaned

    def _late_reason(self, cleaned: dict[str, Any]) -> str:
        """The reason to keep; the action refuses the same, which here is said beside the field."""
        try:
            return late_reason(
                cleaned.get("late_reason", ""),
                channel=cleaned["channel"],
                received_at=cleaned["received_at"],
                registered_at=self.now,
                calendar=WorkingDayOverride.objects.known_by(self.now).calendar(),
                may_backdate=self.may_backdate,
            )
        except DatedTooFarBack as refused:
            text = _("Постъпило преди %(day)s (предишния работен ден) въвежда само секретарят.")
            self.add_error("received_at", text % {"day": day(refused.earliest)})
        except LateWithoutReason:
            self.add_error("late_reason", _("Напишете защо се въвежда по-късно. Отбелязва се в преписката."))
        return ""
