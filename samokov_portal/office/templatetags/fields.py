"""Fields of a form in full."""

from django import forms, template
from django.forms.boundfield import BoundField
from django.template import Context
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from samokov_portal.office.rendering import fields_of, whole_field

register = template.Library()


@register.simple_tag(takes_context=True)
def field_in_full(context: Context) -> SafeString:
    """The `field` of the context with its label, hint and errors."""
    return whole_field(
        context["field"],
        shows_errors=context.get("form_show_errors", False),
        extra_class=context.get("wrapper_class") or "",
    )


@register.filter
def in_full(field: BoundField) -> SafeString:
    """A field of a form without a layout, as `as_crispy_field` shows it, without the templates in between."""
    return whole_field(field)


@register.simple_tag
def form_in_full(form: forms.Form) -> SafeString:
    """All fields of a form in their order, below a summary of its errors; not for one with a layout."""
    layout = form.helper.layout  # type: ignore[attr-defined]
    assert layout is None, "a form with a layout is laid out by crispy"
    summary = render_to_string("includes/error_summary.html", {"form": form}) if form.errors else ""
    return mark_safe(summary + fields_of(form))
