"""The way to the same page in the other language."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from django import template
from django.conf import settings
from django.template import Context
from django.urls import LocalePrefixPattern, URLResolver, get_resolver, get_urlconf, reverse, translate_url
from django.utils import translation

register = template.Library()
OTHER = {"bg": ("en", "English"), "en": ("bg", "Български")}
# What stands before an address in English; the one in Bulgarian has nothing before it, and they are the same otherwise.
ENGLISH = "/en"


@dataclass(frozen=True)
class OtherLanguage:
    """A language by its own name, and the address of the page in it; empty when there is none to lead to."""

    code: str
    name: str
    url: str


@register.simple_tag(takes_context=True)
def other_language(context: Context) -> OtherLanguage:
    """The language that the page is not in; `url` keeps the query, and is the home page for a page not found.

    An answer to a POST has no address: leaving it would lose what was typed, or the access code on a receipt.
    """
    code, name = OTHER[translation.get_language() or "bg"]
    request = context.get("request")
    if request is None or request.method == "POST":
        return OtherLanguage(code, name, "")
    match = request.resolver_match
    if match is None or match.view_name not in _in_both(get_urlconf()):
        return OtherLanguage(code, name, translate_url(reverse("home"), code))
    here = request.get_full_path()
    return OtherLanguage(code, name, f"{ENGLISH}{here}" if code == "en" else here.removeprefix(ENGLISH))


@cache
def _in_both(urlconf: str | None) -> frozenset[str]:
    """The names of the views that have an address in each language: those within `i18n_patterns`.

    Known once: to be translated, an address would be looked up among all, which takes as long as a query.
    """
    found: list[str] = []
    for entry in get_resolver(urlconf).url_patterns:
        if isinstance(entry, URLResolver) and isinstance(entry.pattern, LocalePrefixPattern):
            found += _names(entry, ())
    return frozenset(found)


def _names(resolver: URLResolver, spaces: tuple[str, ...]) -> Iterator[str]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from _names(entry, (*spaces, entry.namespace) if entry.namespace else spaces)
        elif entry.name:
            yield ":".join((*spaces, entry.name))


@register.simple_tag(takes_context=True)
def alternates(context: Context) -> dict[str, str]:
    """By the code of each language, and by `x-default`: the whole address of this page in it, without its query.

    Empty for what has no address, or none in the other language, and for the desk, which nobody is to find.
    """
    request = context.get("request")
    if request is None or request.method not in ("GET", "HEAD"):
        return {}
    match = request.resolver_match
    if match is None or request.path.removeprefix(ENGLISH).startswith("/desk/"):
        return {}
    paths = {code: translate_url(request.path, code) for code in OTHER}
    if len(set(paths.values())) < len(paths):
        return {}
    found = {code: f"{settings.PORTAL_URL}{path}" for code, path in paths.items()}
    return {**found, "x-default": found["bg"]}
