"""A field of a form in full."""

from django import template
from django.template import Context
from django.utils.safestring import SafeString

from samokov_portal.office.rendering import whole_field

register = template.Library()


@register.simple_tag(takes_context=True)
def field_in_full(context: Context) -> SafeString:
    """The `field` of the context with its label, hint and errors."""
    return whole_field(
        context["field"],
        shows_errors=context.get("form_show_errors", False),
        extra_class=context.get("wrapper_class") or "",
    )
