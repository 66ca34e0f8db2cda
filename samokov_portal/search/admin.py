from typing import Any

from django.contrib import admin

from samokov_portal.reasoned_admin import ListedAdmin, ReasonedAdmin
from samokov_portal.search.models import Synonym, VainSearch


@admin.register(Synonym)
class SynonymAdmin(ReasonedAdmin):
    list_display = ("said", "means")
    search_fields = ("said", "means")


@admin.register(VainSearch)
class VainSearchAdmin(ListedAdmin):
    """Only read: from here an editor sees which synonyms are missing."""

    list_display = ("text", "times", "last_on")
    ordering = ("-times", "text")
    search_fields = ("text",)

    def has_add_permission(self, request: Any) -> bool:
        return False

    def has_change_permission(self, request: Any, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: Any, obj: Any = None) -> bool:
        return False
