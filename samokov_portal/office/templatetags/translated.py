"""Names and headings that are data: in the language of the page where somebody has translated them."""

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

register = template.Library()
SOURCE = "bg"


@register.filter
def translated_text(thing: Any, field: str) -> str:
    """`field` of `thing` in the language of the page, else in Bulgarian, as plain text."""
    text: str = getattr(thing, f"{field}_{get_language()}", "") or getattr(thing, field)
    return text


@register.filter
def translated(thing: Any, field: str) -> SafeString:
    """The same for the page itself: what has stayed in Bulgarian says so to who reads it aloud (WCAG 2.2, 3.1.2)."""
    text = translated_text(thing, field)
    is_foreign = get_language() != SOURCE and text == getattr(thing, field)
    return format_html('<span lang="bg">{}</span>', text) if is_foreign else format_html("{}", text)
