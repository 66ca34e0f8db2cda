"""An address with a registration number in it is the one that Django finds."""

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
from django.urls import NoReverseMatch, get_resolver, reverse
from django.utils.html import escape
from django.utils.translation import override

from samokov_portal.office.addresses import escaped_address

NUMBERS = ["С-2026-000338", "Ж-2031-123456789", "А-2026-000000"]


@pytest.mark.parametrize("language", ["bg", "en"])
@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize("view", ["feedback:case", "feedback:case_assign", "feedback:track_add"])
def test_it_is_what_is_found_among_all(view: str, number: str, language: str) -> None:
    with override(language):
        # The second time it is not looked up.
        found = [escaped_address(view, number) for _time in range(2)]

        assert found == [escape(reverse(view, args=[number]))] * 2


def views(resolver: Any, before: str = "") -> Iterator[str]:
    for one in resolver.url_patterns:
        if hasattr(one, "url_patterns"):
            yield from views(one, f"{before}{one.namespace}:" if one.namespace else before)
        elif one.name:
            yield before + one.name


def test_so_it_is_with_every_view_that_has_a_number_in_its_address() -> None:
    compared = set()
    for view in views(get_resolver()):
        with suppress(NoReverseMatch):
            compared.add(escaped_address(view, NUMBERS[0]) == escape(reverse(view, args=[NUMBERS[0]])))

    assert compared == {True}


@pytest.mark.parametrize("number", ["", "С-2026-1", "С-2026-000338/", "C-2026-000338", "С-2026-000338\n", None])
def test_what_is_no_number_has_no_address(number: str | None) -> None:
    with pytest.raises(NoReverseMatch):
        escaped_address("feedback:case", number)


def test_no_view_has_no_address() -> None:
    with pytest.raises(NoReverseMatch):
        escaped_address("feedback:no_such_view", NUMBERS[0])


def test_a_view_of_something_else_is_looked_up_each_time() -> None:
    assert escaped_address("feedback:letter", 7) == reverse("feedback:letter", args=[7])
