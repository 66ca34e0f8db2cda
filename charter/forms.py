"""What may be asked of the standards, the calculator of terms and the reports."""

import re
from datetime import date, datetime
from typing import Any, cast

from django import forms
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext_lazy as _

from charter.choices import LimitUnit, MeasuredFrom, Method, Verdict
from charter.measurement import BadPeriod, Period, midnight
from charter.models import CorrectiveAction, Figure, Observation, Standard
from feedback.clock import term_by_code
from samokov_portal.legal.terms import FIRST_YEAR, LAST_YEAR
from samokov_portal.office.forms import leave_unmarked, plain_helper
from samokov_portal.office.templatetags.bulgarian import day

LONGEST_PERIOD_DAYS = 3660
DAY_AS_WRITTEN = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")


def term_labels() -> dict[str, Any]:
    """What each rule of the calculator is for, in words."""
    return {
        "signal-decision": _("решение по сигнал"),
        "signal-longest": _("решение по сигнал, ако срокът е удължен докрай"),
        "signal-age": _("колко назад във времето може да е нарушението, за което е сигналът"),
        "proposal-decision": _("решение по предложение"),
        "proposal-longest": _("решение по предложение, ако срокът е удължен докрай"),
        "forward": _("препращане на компетентния орган"),
        "notify": _("съобщаване на решението"),
        "enquiry-answer": _("отговор на писмено запитване"),
        "information-decision": _("решение по искане за достъп до информация"),
        "information-clarify": _("отговор на подателя, когато искането за информация не е ясно"),
        "information-volume": _("решение по искане за информация, удължено заради голям обем"),
        "information-consent": _("решение по искане за информация, удължено заради съгласие на трето лице"),
        "act-complaint": _("подаване на жалба срещу акт"),
        "act-court": _("подаване на жалба в съда срещу акт"),
        "act-court-silence": _("подаване на жалба в съда при мълчалив отказ"),
        "act-review": _("преглед на жалбата от органа, издал акта"),
        "silent-refusal": _("оспорване на мълчалив отказ"),
        "silent-refusal-untold": _("оспорване на мълчалив отказ, когато не сте уведомени за производството"),
        "act-default": _("издаване на акт, за който няма друг срок"),
        "defects": _("отстраняване на недостатъци в заявление"),
    }


class IsoMomentField(forms.CharField):
    """A day or a moment as ISO 8601; a day is its end in Europe/Sofia, a moment without offset is in Europe/Sofia."""

    def clean(self, value: Any) -> datetime | None:
        # In an address a plus is a space, so that is how the offset of an unescaped moment arrives.
        text = super().clean(value) or ""
        text = text.replace(" ", "+") if "T" in text else text
        if not text:
            return None
        try:
            day = parse_date(text)
            moment = parse_datetime(text)
        except ValueError as error:
            raise forms.ValidationError(_("Няма такъв ден или час.")) from error
        if day == date.max:
            raise forms.ValidationError(_("Няма такъв ден или час."))
        if day is not None:
            return midnight(date.fromordinal(day.toordinal() + 1))
        if moment is None:
            raise forms.ValidationError(_("Напишете момента по ISO 8601, например 2026-10-01T00:00:00+03:00."))
        return timezone.make_aware(moment) if timezone.is_naive(moment) else moment


class MeasureQuery(forms.Form):
    """The period (its code, or first and last day, both counted) and the moment as of which figures are asked for."""

    period = forms.CharField(required=False, max_length=10)
    to = forms.DateField(required=False, input_formats=["%Y-%m-%d"])
    as_of = IsoMomentField(required=False, max_length=40)

    def __init__(self, data: Any, *, now: datetime) -> None:
        super().__init__(data)
        # `from` is a word of the language, so the field cannot stand in the class.
        self.fields["from"] = forms.DateField(required=False, input_formats=["%Y-%m-%d"])
        self.now = now

    def clean_period(self) -> Period | None:
        code = self.cleaned_data["period"].upper()
        try:
            return Period.parse(code) if code else None
        except BadPeriod as error:
            raise forms.ValidationError(_("Пишете периода така: 2026, 2026-H1, 2026-Q3 или 2026-07.")) from error

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        running = Period.quarter_of(timezone.localtime(self.now).date())
        first, last = cleaned.get("from") or running.start, cleaned.get("to") or running.last_day
        if not 0 <= (last - first).days <= LONGEST_PERIOD_DAYS or last == date.max:
            raise forms.ValidationError(
                _("Периодът трябва да е от по-ранен към по-късен ден и не повече от десет години.")
            )
        named = cleaned.get("period")
        period = named or Period(first, date.fromordinal(last.toordinal() + 1))
        if period.start.year < FIRST_YEAR or period.end.year > LAST_YEAR:
            raise forms.ValidationError(
                _("Питайте за дни от %(first)s до %(last)s година."),
                params={"first": FIRST_YEAR, "last": LAST_YEAR - 1},
            )
        cleaned["period"] = period
        if cleaned.get("as_of") and cleaned["as_of"].year < FIRST_YEAR:
            raise forms.ValidationError(_("Тогава порталът още не е броил."))
        cleaned["as_of"] = min(cleaned.get("as_of") or self.now, self.now)
        return cleaned


class KnownAtField(IsoMomentField):
    """The same, and a day as people write it: 23.11.2026."""

    def clean(self, value: Any) -> datetime | None:
        written = DAY_AS_WRITTEN.fullmatch(str(value or "").strip())
        return super().clean("{2}-{1:0>2}-{0:0>2}".format(*written.groups()) if written else value)


class TermQuery(forms.Form):
    """A rule of law, the day on which something was received, and as of when the calendar is to be read."""

    rule = forms.ChoiceField(label=_("За какво е срокът"), choices=lambda: list(term_labels().items()))
    received_on = forms.DateField(label=_("Кога е получено"), help_text=_("Например 23.11.2026."))
    as_of = KnownAtField(
        label=_("Какъвто е бил известен календарът на"),
        required=False,
        max_length=40,
        help_text=_("По желание: ден, например 01.10.2026. Оставете празно за календара, какъвто го знаем днес."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = plain_helper()

    def clean_received_on(self) -> date:
        received_on: date = self.cleaned_data["received_on"]
        if not FIRST_YEAR <= received_on.year < LAST_YEAR:
            raise forms.ValidationError(
                _("Календарът на празниците е известен от %(first)s до %(last)s година."),
                params={"first": FIRST_YEAR, "last": LAST_YEAR - 1},
            )
        return received_on

    def clean_as_of(self) -> datetime | None:
        as_of: datetime | None = self.cleaned_data["as_of"]
        if as_of is not None and not FIRST_YEAR <= as_of.year < LAST_YEAR:
            raise forms.ValidationError(
                _("Календарът на празниците е известен от %(first)s до %(last)s година."),
                params={"first": FIRST_YEAR, "last": LAST_YEAR - 1},
            )
        return as_of

    def clean(self) -> dict[str, Any]:
        """The rule becomes its version that was in force on the day of receipt."""
        cleaned = super().clean() or {}
        code, received_on = cleaned.get("rule"), cleaned.get("received_on")
        if code and received_on:
            cleaned["rule"] = rule = term_by_code(code, received_on)
            if rule.valid_from and received_on < rule.valid_from:
                message = _("Това правило важи от %(day)s и не се прилага за по-ранни дати.")
                self.add_error("received_on", message % {"day": day(rule.valid_from)})
        return cleaned


class ReportForm(forms.Form):
    """The period of a report that is to be prepared."""

    period = forms.CharField(
        label=_("Период"),
        max_length=10,
        help_text=_("Година 2026, полугодие 2026-H1, тримесечие 2026-Q3 или месец 2026-07."),
    )
    correction_reason = forms.CharField(
        label=_("Защо се поправя"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Само когато за периода вече има публикуван доклад. Причината се публикува."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = plain_helper()

    def clean_period(self) -> Period:
        try:
            return Period.parse(self.cleaned_data["period"].strip().upper())
        except BadPeriod as error:
            raise forms.ValidationError(_("Не познаваме такъв период. Напишете например 2026-Q3.")) from error


class FigureForm(forms.Form):
    """What stands behind a figure: a comment, the corrective actions, and why what is odd in it is no mistake."""

    # Empty rows beside those already there; more come after saving.
    SPARE_ROWS = 2
    # What stood there when the page was opened, so that nobody overwrites unseen what a colleague wrote meanwhile.
    seen = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
    comment = forms.CharField(
        label=_("Коментар"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 5})
    )

    def __init__(self, figure: Figure, data: Any = None, *, today: date) -> None:
        super().__init__(data, initial={"comment": figure.comment, "seen": figure.notes_mark})
        self.helper = plain_helper()
        self.today = today
        if figure.verdict == Verdict.BROKEN:
            self.fields["comment"].help_text = _(
                "Нужен е, защото стандартът е неспазен: на какво се дължи. Нужна е и поне една мярка."
            )
        rows = list(figure.actions.all())
        self.places = range(1, len(rows) + self.SPARE_ROWS + 1)
        for place in self.places:
            row = rows[place - 1] if place <= len(rows) else None
            self._add_action(place, row)
        self.findings = list(figure.findings.all())
        for finding in self.findings:
            self.fields[f"finding_{finding.pk}"] = forms.CharField(
                label=_("Обяснение: %(what)s") % {"what": finding.get_kind_display()},
                required=False,
                max_length=2000,
                initial=finding.explanation,
                help_text=_("Нужно е, преди докладът да бъде предаден.")
                + (f" {finding.in_numbers}." if finding.in_numbers else ""),
                widget=forms.Textarea(attrs={"rows": 3}),
            )
        # Half a note may be stored, and only keeps the report from being handed over: so these are not called optional.
        needed = ("comment", "what_1", "owner_1", "due_on_1") if figure.verdict == Verdict.BROKEN else ()
        leave_unmarked(self, *needed, *(f"finding_{finding.pk}" for finding in self.findings))

    def _add_action(self, place: int, row: CorrectiveAction | None) -> None:
        label = _("Мярка %(place)s: ") % {"place": place}
        self.fields[f"what_{place}"] = forms.CharField(
            label=label + _("какво ще се направи"), required=False, max_length=500, initial=row.what if row else ""
        )
        self.fields[f"owner_{place}"] = forms.CharField(
            label=label + _("кой отговаря"),
            required=False,
            max_length=150,
            initial=row.owner if row else "",
            help_text=_("Звено или длъжност."),
        )
        self.fields[f"due_on_{place}"] = forms.DateField(
            label=label + _("до кога"),
            required=False,
            initial=row.due_on if row else None,
            help_text=_("Например 23.11.2026."),
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for place in self.places:
            names = [f"{part}_{place}" for part in ("what", "owner", "due_on")]
            given = [bool(cleaned.get(name)) for name in names]
            if any(given) and not all(given):
                for name, is_given in zip(names, given, strict=True):
                    if not is_given and name not in self.errors:
                        self.add_error(name, _("За всяка мярка се пише какво, кой и до кога."))
            due_on = f"due_on_{place}"
            # A day that has passed since it was written stays as it was.
            if due_on in self.changed_data and cleaned.get(due_on) and cleaned[due_on] < self.today:
                self.add_error(due_on, _("Този ден вече е минал."))
        return cleaned

    def actions(self) -> list[dict[str, Any]]:
        """The actions that were filled in."""
        return [
            {part: self.cleaned_data[f"{part}_{place}"] for part in ("what", "owner", "due_on")}
            for place in self.places
            if self.cleaned_data.get(f"what_{place}")
        ]

    def explanations(self) -> list[tuple[int, str]]:
        """The findings that were explained, each with its explanation."""
        said = [(finding.pk, self.cleaned_data.get(f"finding_{finding.pk}", "")) for finding in self.findings]
        return [(key, text) for key, text in said if text.strip()]


class ObservationForm(forms.ModelForm):
    """One thing seen on one day, of a promise that is measured by observation."""

    class Meta:
        model = Observation
        fields = ["standard", "on", "method", "unit", "is_kept", "minutes", "note"]

    on = forms.DateField(label=_("Дата"), help_text=_("Например 23.11.2026."))
    is_kept = forms.TypedChoiceField(
        label=_("Спазено ли е обещанието"),
        choices=[("True", _("да")), ("False", _("не"))],
        coerce=lambda value: value == "True",
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
        help_text=_("При обещание в минути не се отбелязва: следва от минутите."),
    )
    note = forms.CharField(
        label=_("Какво е видяно"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 4})
    )

    def __init__(self, data: Any = None, *, today: date) -> None:
        super().__init__(data)
        self.helper = plain_helper()
        self.today = today
        observed = Standard.objects.in_force().filter(measured_from=MeasuredFrom.OBSERVATION)
        standard = cast("forms.ModelChoiceField[Standard]", self.fields["standard"])
        standard.queryset, standard.empty_label = observed, _("изберете")
        cast("forms.ModelChoiceField[Any]", self.fields["unit"]).empty_label = _("не е посочено")
        method = cast("forms.ChoiceField", self.fields["method"])
        method.choices = [("", _("изберете")), *Method.choices]
        self.fields["minutes"].help_text = _("Само за обещания в минути.")

    def clean(self) -> dict[str, Any]:
        """Of a promise in minutes the minutes say whether it was kept; of another one whoever saw it says so."""
        cleaned = super().clean() or {}
        standard, minutes, is_kept = (cleaned.get(name) for name in ("standard", "minutes", "is_kept"))
        if standard is None or {"minutes", "is_kept"} & self.errors.keys():
            return cleaned
        if standard.limit_unit != LimitUnit.MINUTES:
            if minutes is not None:
                self.add_error("minutes", _("Това обещание не е в минути."))
            if is_kept is None:
                self.add_error("is_kept", _("Отбележете дали обещанието е спазено."))
        elif minutes is None:
            self.add_error("minutes", _("Напишете колко минути продължи: обещанието е в минути."))
        else:
            cleaned["is_kept"] = minutes <= standard.limit
            if is_kept not in (None, cleaned["is_kept"]):
                message = _("Обещанието е до %(limit)s мин. Минутите и отбелязаното си противоречат.")
                self.add_error("is_kept", message % {"limit": standard.limit})
        return cleaned

    def clean_on(self) -> date:
        on: date = self.cleaned_data["on"]
        if on > self.today:
            raise forms.ValidationError(_("Денят още не е дошъл."))
        return on


class VerifyForm(forms.Form):
    """A file that may be one of our reports."""

    MAX_BYTES = 20 * 1024 * 1024
    file = forms.FileField(
        label=_("Файл в PDF"),
        help_text=_("До 20 МБ. Файлът не се запазва."),
        allow_empty_file=True,
        error_messages={"required": _("Изберете файла на доклада.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = plain_helper()

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > self.MAX_BYTES:
            raise forms.ValidationError(_("Файлът е по-голям от 20 МБ, а нашите доклади са много по-малки."))
        return file
