from typing import Any

from django import forms
from django.contrib import admin, messages
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from samokov_portal.legal.terms import FIRST_YEAR, LAST_YEAR
from samokov_portal.office.models import WorkingDayOverride
from samokov_portal.reasoned_admin import ReasonedAdmin, ReasonedForm


class WorkingDayOverrideForm(ReasonedForm):
    """A day moved by decree, which changes something in the calendar as it is known."""

    class Meta:
        model = WorkingDayOverride
        fields = ("day", "is_working", "source", "gazette")

    def clean_day(self) -> Any:
        day = self.cleaned_data["day"]
        if not FIRST_YEAR <= day.year < LAST_YEAR:
            raise forms.ValidationError(
                _("Календарът на празниците е известен от %(first)s до %(last)s година."),
                params={"first": FIRST_YEAR, "last": LAST_YEAR - 1},
            )
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        day, is_working = cleaned.get("day"), cleaned.get("is_working")
        if day and WorkingDayOverride.objects.all().calendar().is_workday(day) == is_working:
            message = _("Този ден и сега е работен.") if is_working else _("Този ден и сега е неработен.")
            self.add_error("day", message)
        return cleaned


@admin.register(WorkingDayOverride)
class WorkingDayOverrideAdmin(ReasonedAdmin):
    """Days are only added: a later decree for the same day is a new row, so that the past stays answerable."""

    form = WorkingDayOverrideForm
    fields = ("day", "is_working", "source", "gazette", "reason")
    list_display = ("day", "is_working", "source", "gazette", "learnt_at", "applied_at")
    date_hierarchy = "day"

    def has_change_permission(self, request, obj=None):
        return False

    def save_model(self, request, obj, form, change):
        now = timezone.now()
        obj.learnt_at = now
        super().save_model(request, obj, form, change)
        if obj.day < timezone.localtime(now).date():
            messages.warning(request, _("Този ден е минал. Проверете дали е верен: записаното не се променя."))
        messages.info(
            request,
            _("Отворените преписки още не са преместени. Това се прави от страницата „Разместени дни“ за служители."),
        )
