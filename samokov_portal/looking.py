"""Who looked: the auditor's page. It shows numbers and names of staff, never anybody's data."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from samokov_portal.audit.choices import LookKind
from samokov_portal.audit.looks import digest_of
from samokov_portal.audit.models import Look
from samokov_portal.audit.querysets import LookQuerySet
from samokov_portal.office.forms import plain_helper
from samokov_portal.office.numbers import read_number
from samokov_portal.staff.desk import at_desk
from samokov_portal.staff.models import StaffUser
from samokov_portal.staff.requests import StaffRequest

PAGE = 100
LARGEST_KEY = 2**63 - 1


class LooksFilter(forms.Form):
    """What an auditor asks; what makes no sense is said and not asked."""

    by = forms.ModelChoiceField(
        label=_("Служител"),
        required=False,
        queryset=StaffUser.objects.order_by("username"),
        to_field_name="username",
        empty_label=_("всички"),
    )
    kind = forms.ChoiceField(label=_("Какво"), required=False, choices=[("", _("всичко")), *LookKind.choices])
    number = forms.CharField(label=_("Номер на преписка или заявление"), required=False, max_length=30)
    sought = forms.CharField(
        label=_("Търсено"),
        required=False,
        max_length=100,
        help_text=_("Точните думи. Порталът пази само техния отпечатък, затова ги сравнява, без да ги показва."),
    )
    first = forms.DateField(label=_("От"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    last = forms.DateField(label=_("До"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    before = forms.IntegerField(
        required=False, min_value=1, max_value=LARGEST_KEY, widget=forms.HiddenInput(), label=_("преди")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = plain_helper()

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        first, last = cleaned.get("first"), cleaned.get("last")
        if first and last and last < first:
            self.add_error("last", _("Крайният ден е преди началния."))
        return cleaned


@require_safe
@at_desk("audit.view_look")
def looks(request: StaffRequest) -> HttpResponse:
    """Looks, the newest first, a page at a time by keyset; 422 when the question makes no sense."""
    form = LooksFilter(request.GET)
    is_asked = form.is_valid()
    rows = list(chosen(form.cleaned_data)[: PAGE + 1]) if is_asked else []
    context = {"form": form, "looks": rows[:PAGE], "more": rows[PAGE - 1].pk if len(rows) > PAGE else ""}
    return render(request, "audit/looks.html", context, status=200 if is_asked else 422)


def chosen(wanted: dict[str, Any]) -> LookQuerySet:
    """The looks that an auditor asks for."""
    last = wanted["last"]
    # After the last of all days comes none.
    end = midnight(last + timedelta(days=1)) if last and last < date.max else None
    found = Look.objects.between(midnight(wanted["first"]), end)
    if wanted["by"]:
        found = found.of_person(wanted["by"])
    if wanted["kind"]:
        found = found.filter(kind=wanted["kind"])
    if wanted["number"]:
        found = found.filter(subject=read_number(wanted["number"]))
    if wanted["sought"]:
        found = found.filter(sought=digest_of([wanted["sought"]]))
    found = found.newest_first()
    return found.before(wanted["before"]) if wanted["before"] else found


def midnight(day: date | None) -> datetime | None:
    """The moment at which `day` begins in Europe/Sofia; None of no day."""
    return timezone.make_aware(datetime.combine(day, time.min)) if day else None
