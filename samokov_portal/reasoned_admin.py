"""Editing in the administration pages: every change asks why, and the answer stands in the history."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ChangeList
from django.db import DataError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from simple_history.admin import SimpleHistoryAdmin


@contextmanager
def asked() -> Iterator[None]:
    """What Django does not expect of a filter, as what it does."""
    try:
        yield
    except (ValueError, OverflowError, DataError) as error:
        raise IncorrectLookupParameters(error) from error


class AskedList(ChangeList):
    """A list whose filters stand in an address, where anybody types what they like: a year beyond all days, a NUL."""

    def get_queryset(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        with asked():
            return super().get_queryset(request, *args, **kwargs)

    def get_results(self, request: Any) -> None:
        with asked():
            super().get_results(request)


class ListedAdmin(admin.ModelAdmin):
    """A page whose list refuses the filters that no database can ask, as Django refuses those that it does not know."""

    def get_changelist(self, request: Any, **kwargs: Any) -> type[ChangeList]:
        return AskedList


class ReasonedForm(forms.ModelForm):
    """The form of a row, with the question why."""

    reason = forms.CharField(
        label=gettext_lazy("Защо се променя"), max_length=500, help_text=gettext_lazy("Остава в историята.")
    )


class ToldAdmin(SimpleHistoryAdmin):
    """An editor whose history is told in our words: those of the library are in English only."""

    object_history_template: Any = "admin/history.html"

    def history_view_title(self, request: Any, obj: Any) -> str:
        return _("История: %(name)s") % {"name": obj}


class ReasonedAdmin(ListedAdmin, ToldAdmin):
    """An editor with history; nothing is saved without a reason."""

    form = ReasonedForm

    def get_fields(self, request: Any, obj: Any = None) -> Any:
        fields = super().get_fields(request, obj)
        may_save = self.has_change_permission(request, obj) if obj else self.has_add_permission(request)
        return fields if may_save else [name for name in fields if name != "reason"]

    def has_delete_permission(self, request: Any, obj: Any = None) -> bool:
        """Nothing is deleted here: a deletion would leave no reason in the history."""
        return False

    def save_model(self, request: Any, obj: Any, form: Any, change: bool) -> None:
        obj._change_reason = form.cleaned_data["reason"]
        super().save_model(request, obj, form, change)

    def save_formset(self, request: Any, form: Any, formset: Any, change: bool) -> None:
        for inline in formset.forms:
            inline.instance._change_reason = form.cleaned_data["reason"]
        super().save_formset(request, form, formset, change)
