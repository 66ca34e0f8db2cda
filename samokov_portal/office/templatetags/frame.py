"""Parts of the frame of a page that many people see alike: rendered once for all from which they are made."""

from collections.abc import Hashable
from copy import copy
from dataclasses import dataclass

from django import template
from django.contrib.auth.context_processors import PermWrapper
from django.template import Context
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from samokov_portal.office.rendering import kept_as
from samokov_portal.staff.models import StaffUser

register = template.Library()


@register.simple_tag
def kept(part: str, **said: Hashable) -> SafeString:
    """As `{% include part with … only %}`, of short texts and truths: rendered once for the same ones."""
    return mark_safe(kept_as((part, get_language(), *said.items()), lambda: render_to_string(part, said)))


@register.simple_tag(takes_context=True)
def staff_links(context: Context) -> SafeString:
    """Where a member of staff may go: the same for all who may do the same, and made from nothing else of them."""
    user: StaffUser = context["user"]
    # Of a superuser it is not asked what was granted.
    holder = Holder(user.is_superuser, frozenset() if user.is_superuser else user.granted, user.is_staff)
    # Who does not prepare reports is not told of any: it is not looked for.
    report = context.get("awaited_report") if holder.has_perm("charter.prepare_report") else None
    # The report itself, not a promise of it.
    report = copy(report) if report else None
    said = {"perms": PermWrapper(holder), "user": holder, "awaited_report": report}
    part = "includes/staff_links.html"
    return mark_safe(kept_as((part, get_language(), holder, report), lambda: render_to_string(part, said)))


@dataclass(frozen=True)
class Holder:
    """What a member of staff may do, and nothing that tells them from others who may do the same."""

    is_superuser: bool
    granted: frozenset[str]
    is_staff: bool

    def has_perm(self, permission: str) -> bool:
        return self.is_superuser or permission in self.granted
