"""The way to the same page in the other language."""

from contextlib import suppress
from typing import Any

import pytest
from django.template import Context
from django.test import Client, RequestFactory
from django.urls import Resolver404, resolve
from django.utils import translation

from samokov_portal.office.templatetags.language import OtherLanguage, other_language

WAYS = [
    # language of the page, its address, the address in the other language
    ("bg", "/services/", "/en/services/"),
    ("en", "/en/services/", "/services/"),
    ("bg", "/services/?q=%D0%B0%D0%BA%D1%82", "/en/services/?q=%D0%B0%D0%BA%D1%82"),  # the query stays
    ("bg", "/desk/cases/%D0%A1-2026-000001/", "/en/desk/cases/%D0%A1-2026-000001/"),
    ("en", "/en/desk/cases/%D0%A1-2026-000002/?a=1&b=/en/", "/desk/cases/%D0%A1-2026-000002/?a=1&b=/en/"),
    ("bg", "/няма-такава/", "/en/"),  # a page not found: the home page
    ("en", "/en/няма-такава/", "/"),
    ("bg", "/calendar/к.ics", "/en/"),  # what has no language: the home page
    ("bg", "/calendar/abc.ics", "/en/"),
    ("bg", "/desk/admin/services/unit/1/change/", "/en/desk/admin/services/unit/1/change/"),
]


@pytest.mark.parametrize(("language", "here", "there"), WAYS)
def test_the_other_language_is_the_same_page(language: str, here: str, there: str) -> None:
    request = RequestFactory().get(here)
    with translation.override(language):
        with suppress(Resolver404):
            request.resolver_match = resolve(request.path_info)

        assert other_language(Context({"request": request})).url == there


def test_a_page_without_a_request_has_no_address_in_the_other_language() -> None:
    with translation.override("bg"):
        assert other_language(Context({})) == OtherLanguage("en", "English", "")


@pytest.mark.django_db
@pytest.mark.parametrize(("here", "bulgarian"), [("/", "/"), ("/en/charter/?a=1", "/charter/"), ("/seals/", "/seals/")])
def test_a_page_names_its_addresses_in_both_languages(client: Client, settings: Any, here: str, bulgarian: str) -> None:
    settings.PORTAL_URL = "https://example.bg"

    page = client.get(here).content.decode()

    for code, path in {"bg": bulgarian, "en": f"/en{bulgarian}", "x-default": bulgarian}.items():
        assert f'<link rel="alternate" hreflang="{code}" href="https://example.bg{path}">' in page


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/няма/такава/", "/desk/login/", "/en/desk/login/"])
def test_what_nobody_is_to_find_names_no_addresses(client: Client, address: str) -> None:
    assert 'rel="alternate"' not in client.get(address).content.decode()
