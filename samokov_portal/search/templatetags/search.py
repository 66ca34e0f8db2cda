"""What the pages of the search say of a hit."""

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from samokov_portal.search import views
from samokov_portal.search.finding import Hit

register = template.Library()
register.simple_tag(views.path_of, name="path_of")
register.filter("language_of", views.language_of)


@register.simple_tag
def marked_title(hit: Hit) -> SafeString:
    """The title of a hit with what was sought marked; in one piece, so that no space comes before a comma."""
    parts = hit.parts_en if views.language_of(hit) == "en" else hit.parts
    pieces = (format_html("<mark>{}</mark>", text) if is_sought else text for text, is_sought in parts)
    return format_html_join("", "{}", ((piece,) for piece in pieces))
