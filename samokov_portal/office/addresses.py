"""Addresses that have only a registration number in them: looked up once, then written around each number.

A page of the desk has twenty such addresses of its case; to find each among all takes as long as to render a form.
"""

import re
from functools import lru_cache
from typing import Any
from urllib.parse import quote

from django.urls import reverse
from django.utils.html import escape
from django.utils.translation import get_language

from samokov_portal.office.numbers import NUMBER_IN_ADDRESS

NUMBER = re.compile(NUMBER_IN_ADDRESS)
EXAMPLE = "А-2026-000000"


def escaped_address(view: str, argument: Any) -> str:
    """The address of `view` with its one argument, as it is written into HTML. Raises NoReverseMatch."""
    if not isinstance(argument, str) or NUMBER.fullmatch(argument) is None:
        return escape(reverse(view, args=[argument]))
    before, after = _around(view, get_language())
    return f"{before}{quote(argument)}{after}"


@lru_cache(maxsize=500)
def _around(view: str, _language: str | None) -> tuple[str, str]:
    """What stands before and after the number, whichever it is."""
    before, _number, after = reverse(view, args=[EXAMPLE]).partition(quote(EXAMPLE))
    return escape(before), escape(after)
