from django.contrib import admin
from django.utils import timezone

from samokov_portal.office.models import WorkingDayOverride
from samokov_portal.reasoned_admin import ReasonedAdmin


@admin.register(WorkingDayOverride)
class WorkingDayOverrideAdmin(ReasonedAdmin):
    list_display = ("day", "is_working", "source", "learnt_at")
    exclude = ("learnt_at",)
    date_hierarchy = "day"

    def save_model(self, request, obj, form, change):
        if not change:
            obj.learnt_at = timezone.now()
        super().save_model(request, obj, form, change)
