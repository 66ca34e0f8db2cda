"""The way to the same page in the other language."""

import pytest
from django.template import Context
from django.test import RequestFactory
from django.utils import translation

from samokov_portal.office.templatetags.language import OtherLanguage, other_language

WAYS = [
    # language of the page, its address, the address in the other language
    ("bg", "/services/", "/en/services/"),
    ("en", "/en/services/", "/services/"),
    ("bg", "/services/?q=%D0%B0%D0%BA%D1%82", "/en/services/?q=%D0%B0%D0%BA%D1%82"),  # the query stays
    ("bg", "/няма-такава/", "/en/"),  # a page not found: the home page
    ("en", "/en/няма-такава/", "/"),
]


@pytest.mark.parametrize(("language", "here", "there"), WAYS)
def test_the_other_language_is_the_same_page(language: str, here: str, there: str) -> None:
    with translation.override(language):
        context = Context({"request": RequestFactory().get(here)})

        assert other_language(context).url == there


def test_a_page_without_a_request_has_no_address_in_the_other_language() -> None:
    with translation.override("bg"):
        assert other_language(Context({})) == OtherLanguage("en", "English", "")
