"""The numbers that the Secretary watches, as HTML; made once for the same numbers."""

from collections.abc import Iterable
from functools import lru_cache

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from feedback.oversight import HEAPS, Size

register = template.Library()


@register.simple_tag
def heaps(sizes: Iterable[Size]) -> SafeString:
    """Each number with a link to its records, its definition and what it does and does not mean."""
    return _rendered(tuple((size.code, size.count, size.is_more) for size in sizes), get_language())


@lru_cache(maxsize=100)
def _rendered(numbers: tuple[tuple[str, int, bool], ...], _language: str | None) -> SafeString:
    sizes = [Size(code, HEAPS[code], count, is_more) for code, count, is_more in numbers]
    return render_to_string("charter/_heaps.html", {"sizes": sizes})
