from django.contrib import admin

from charter.entries import index_charter
from charter.models import Standard
from samokov_portal.reasoned_admin import ReasonedAdmin


@admin.register(Standard)
class StandardAdmin(ReasonedAdmin):
    list_display = ("title", "code", "kind", "target", "measured_from", "measure", "is_reconstructed")
    list_filter = ("kind", "measured_from", "is_reconstructed", "confidence")
    # Codes and measures tie a promise to its count; they change with the code, not by hand.
    readonly_fields = ("version", "code", "measure", "limit", "limit_unit")

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        index_charter()

    def has_add_permission(self, request):
        return False
