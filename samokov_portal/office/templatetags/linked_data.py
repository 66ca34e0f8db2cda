"""Data for machines inside a page."""

import json
from typing import Any

from django import template
from django.utils.safestring import SafeString, mark_safe

register = template.Library()
# As `json_script` of Django does: what would end the element or begin another one.
ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


@register.simple_tag
def linked_data(record: dict[str, Any]) -> SafeString:
    """`record` as a data block of JSON-LD.

    It is no script, though the element is called so: a browser runs no `application/ld+json`, and a policy against
    inline scripts says nothing of it. So it is written here and not in a template, where none may stand.
    """
    text = json.dumps(record, ensure_ascii=False).translate(ESCAPES)
    return mark_safe(f'<script type="application/ld+json">{text}</script>')
