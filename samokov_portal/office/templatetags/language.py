"""The way to the same page in the other language."""

from dataclasses import dataclass

from django import template
from django.conf import settings
from django.template import Context
from django.urls import reverse, translate_url
from django.utils import translation

register = template.Library()
OTHER = {"bg": ("en", "English"), "en": ("bg", "Български")}
# What stands before an address in English; the one in Bulgarian has nothing before it, and they are the same otherwise.
ENGLISH = "/en"
# Whether the view of a name has an address in both languages.
_in_both: dict[str, bool] = {}


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
    if match is None or not _is_in_both(match.view_name, request.path, code):
        return OtherLanguage(code, name, translate_url(reverse("home"), code))
    here = request.get_full_path()
    return OtherLanguage(code, name, f"{ENGLISH}{here}" if code == "en" else here.removeprefix(ENGLISH))


def _is_in_both(name: str, path: str, code: str) -> bool:
    """Whether the view of this name, here at `path`, has an address in the language `code` too.

    Found once for each name: to be translated, an address is looked up among all, which takes as long as a query.
    """
    found = _in_both.get(name)
    if found is None:
        found = _in_both[name] = translate_url(path, code) != path
    return found


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
