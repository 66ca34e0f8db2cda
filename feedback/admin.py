from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from feedback.actions.survey import erase_words
from feedback.letters.answers import ANSWER_FIELDS, faults_of_answer
from feedback.letters.wording import REQUIRED, faults, fields_of, preview
from feedback.models import AnswerTemplate, Body, LetterTemplate, OralEnquiry, SurveyResponse
from samokov_portal.reasoned_admin import ListedAdmin, ReasonedAdmin, ReasonedForm


@admin.register(Body)
class BodyAdmin(ReasonedAdmin):
    list_display = ("name", "email", "address", "is_active")
    list_filter = ("is_active",)
    search_fields = ("name",)


class LetterTemplateForm(ReasonedForm):
    """A text that names something unknown, or leaves out what a letter is for, is not saved."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "subject" in cleaned and "text" in cleaned:
            for fault in faults(self.instance.kind, cleaned["subject"], cleaned["text"]):
                self.add_error("text", fault)
        return cleaned


@admin.register(LetterTemplate)
class LetterTemplateAdmin(ReasonedAdmin):
    form = LetterTemplateForm
    list_display = ("kind", "subject")
    ordering = ("kind",)
    readonly_fields = ("kind", "known_fields")
    fields = ("kind", "subject", "text", "known_fields", "reason")
    change_form_template = "feedback/letter_template.html"

    @admin.display(description=_("какво може да се пише в скоби"))
    def known_fields(self, template: LetterTemplate) -> str:
        required = REQUIRED[template.kind]
        rows = (
            (f"{{{name}}}", field.meaning, _(" – задължително") if name in required else "")
            for name, field in fields_of(template.kind).items()
        )
        return format_html("<ul>{}</ul>", format_html_join("", "<li><code>{}</code> – {}{}</li>", rows))

    def has_add_permission(self, request: HttpRequest) -> bool:
        """There is one for each kind of letter, and the kinds are in the code."""
        return False

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(require_POST(self.preview))
        return [path("<int:pk>/preview/", view, name="feedback_lettertemplate_preview"), *super().get_urls()]

    def preview(self, request: HttpRequest, pk: int) -> HttpResponse:
        """How a letter would look with what was typed; nothing is saved."""
        template = get_object_or_404(LetterTemplate, pk=pk)
        if not self.has_change_permission(request, template):
            raise PermissionDenied
        typed = request.POST.get("subject", ""), request.POST.get("text", "")
        subject, text = preview(template.kind, *typed)
        context = {
            "template": template,
            "subject": subject,
            "text": text,
            "faults": faults(template.kind, *typed),
        }
        return render(request, "feedback/letter_preview.html", context)


class AnswerTemplateForm(ReasonedForm):
    """A text that names something unknown is not saved."""

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"]
        for fault in faults_of_answer(text):
            self.add_error("text", fault)
        return text


@admin.register(AnswerTemplate)
class AnswerTemplateAdmin(ReasonedAdmin):
    form = AnswerTemplateForm
    list_display = ("title", "kind", "is_active")
    list_filter = ("kind", "is_active")
    ordering = ("title",)
    readonly_fields = ("known_fields",)
    fields = ("title", "kind", "text", "known_fields", "is_active", "reason")

    @admin.display(description=_("какво може да се пише в скоби"))
    def known_fields(self, template: AnswerTemplate) -> str:
        rows = ((f"{{{name}}}", field.meaning) for name, field in ANSWER_FIELDS.items())
        return format_html("<ul>{}</ul>", format_html_join("", "<li><code>{}</code> – {}</li>", rows))


class KeptAdmin(ListedAdmin):
    """Rows that are only added, by the portal: they are read here."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(SurveyResponse)
class SurveyResponseAdmin(KeptAdmin):
    list_display = ("at", "about", "source", "unit", "overall", "words")
    list_filter = ("about", "source")
    list_select_related = ("unit",)
    actions = ("empty_words",)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return [field.name for field in SurveyResponse._meta.fields]

    @admin.action(description=_("Изтрийте думите, ако в тях е назован човек"), permissions=["change"])
    def empty_words(self, request: HttpRequest, chosen: Any) -> None:
        erase_words(response_ids=list(chosen.values_list("pk", flat=True)))


@admin.register(OralEnquiry)
class OralEnquiryAdmin(KeptAdmin):
    list_display = ("asked_at", "kind", "channel", "result", "minutes", "unit", "recorded_by")
    list_filter = ("kind", "channel", "result")
    list_select_related = ("unit", "recorded_by")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
