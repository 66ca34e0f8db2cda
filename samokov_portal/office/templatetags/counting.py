"""How a last day was counted, day by day, made once for the same count: all who file on one day read the same."""

from functools import lru_cache

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from samokov_portal.legal.terms import Deadline

register = template.Library()


@register.simple_tag
def day_by_day(deadline: Deadline | None, *, again: bool = False) -> SafeString:
    """Every day of the count with its reason; `again` for another look at a case. None: it cannot be told any more."""
    return _rendered(deadline, again, get_language())


@lru_cache(maxsize=1000)
def _rendered(deadline: Deadline | None, again: bool, _language: str | None) -> SafeString:
    return render_to_string("feedback/_count.html", {"deadline": deadline, "again": again})
