"""What may be done to a case, each change with its form: the words around the fields are the same for many cases."""

from dataclasses import dataclass
from typing import Any

from django import template
from django.template import Context
from django.template.defaulttags import CsrfTokenNode
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from feedback.forms.changes import CaseActionForm
from samokov_portal.office.addresses import escaped_address
from samokov_portal.office.rendering import kept_as
from samokov_portal.office.templatetags.fields import form_in_full

register = template.Library()
# Stand in the kept text for what is of one case or one person: characters that no text of ours has.
ADDRESS, TOKEN, FIELDS, FILL = "\ue000", "\ue001", "\ue002", "\ue003"


@dataclass(frozen=True)
class Offer:
    """All that is said of a change around its fields; `reached` is how many other cases get the same answer."""

    form: type[CaseActionForm]
    is_open: bool
    follows: str
    told: str
    reached: int

    @property
    def action(self) -> str:
        return self.form.action

    @property
    def title(self) -> str:
        return str(self.form.title)

    @property
    def button(self) -> str:
        return str(self.form.button)

    @property
    def fills(self) -> bool:
        return self.form.fills


@register.simple_tag(takes_context=True)
def offered(context: Context, change: CaseActionForm) -> SafeString:
    """The change `change` of the `case` of the page; open, when it is the one that is `opened`."""
    number, action = context["case"].number, change.action
    offer = Offer(
        type(change),
        context["opened"] == action,
        str(change.follows),
        change.what_the_sender_is_told(),
        len(context["related"]["reached"]),
    )
    text = kept_as((offer, get_language()), lambda: _around(offer))
    text = text.replace(ADDRESS, escaped_address(f"feedback:case_{action}", number), 1)
    text = text.replace(TOKEN, CsrfTokenNode().render(context), 1)
    if offer.fills:
        text = text.replace(FILL, escaped_address("feedback:case_fill", number), 1)
    # Last, because there may be what a person has typed.
    return mark_safe(text.replace(FIELDS, form_in_full(change), 1))


def _around(offer: Offer) -> str:
    said: dict[str, Any] = {"offer": offer, "address": ADDRESS, "fill_address": FILL}
    return render_to_string("feedback/_change.html", {**said, "token": TOKEN, "fields": FIELDS})
