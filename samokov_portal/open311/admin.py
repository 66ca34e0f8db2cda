from typing import Any

from django.contrib import admin, messages
from django.utils import timezone
from django.utils.translation import gettext as _

from samokov_portal.open311.keys import fill_in
from samokov_portal.open311.models import ApiKey
from samokov_portal.reasoned_admin import ReasonedAdmin


@admin.register(ApiKey)
class ApiKeyAdmin(ReasonedAdmin):
    """A key is shown once, when it is made; revoked by taking its mark away."""

    list_display = ("name", "prefix", "is_active", "created_at")
    list_filter = ("is_active",)
    search_fields = ("name", "prefix")
    readonly_fields = ("prefix", "created_at")

    def save_model(self, request: Any, obj: Any, form: Any, change: bool) -> None:
        key = "" if change else fill_in(obj, now=timezone.now())
        super().save_model(request, obj, form, change)
        if key:
            text = _("Ключът е %(key)s. Предайте го сега: порталът не го пази и не може да го покаже отново.")
            messages.warning(request, text % {"key": key})
