"""Ways through the portal: places, how one comes to them, and what is wrong with what one finds there."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import unquote, urlsplit

import pytest
from django.urls import reverse
from django.utils import translation
from playwright.sync_api import Page, Response

from tests.browser.inspection import bring_axe, faults, rule_of

WIDE: dict[str, Any] = {"width": 1280}
NARROW: dict[str, Any] = {"width": 320, "color_scheme": "dark"}
# Axe is slow, so each page is given to it once in each language; every page is measured at both widths.
DISPLAYS = [pytest.param("bg", WIDE, id="bg-wide"), pytest.param("en", NARROW, id="en-narrow-dark")]
BOTH: tuple[tuple[str, int, Literal["light", "dark"]], ...] = (("bg", 1280, "light"), ("en", 320, "dark"))


@dataclass(frozen=True)
class Place:
    """A page or a state of one: how to get there and what the server says."""

    name: str
    go: Callable[[Page], Response | None]
    status: int = 200
    path: str = ""  # where the browser must be then; whoever is led elsewhere has not seen the page


def at(view: str, *args: Any, query: str = "", status: int = 200, name: str = "") -> Place:
    """The place at the address of `view`, in the language that is active now."""
    path = reverse(view, args=args)
    return Place(name or path + query, lambda page: page.goto(path + query), status, path)


def sent(address: str, beside: str, status: int, state: str, **typed: str) -> Place:
    """The state after the form at `address`, the one with the field `beside`, is filled in with `typed` and sent."""

    def send(page: Page) -> Response | None:
        page.goto(address)
        for label, text in typed.items():
            page.locator(f"[name={label}]").fill(text)
        with page.expect_navigation() as sending:
            page.locator("main form", has=page.locator(beside)).locator("button:visible").last.click()
        return sending.value

    return Place(state, send, status)


SUBMIT = """(form, typed) => {
    Object.entries(typed).forEach(([name, value]) => { form.elements[name].value = value; });
    HTMLFormElement.prototype.submit.call(form);
}"""


def pressed(address: str, action: str, status: int, state: str, /, **typed: str) -> Place:
    """The state after the form at `address` that goes to the address `action` is sent, folded away as it may be.

    Its script and the checks of the browser are left out.
    """

    def press(page: Page) -> Response | None:
        page.goto(address)
        with page.expect_navigation() as sending:
            page.locator(f"form[action='{action}']").first.evaluate(SUBMIT, typed)
        return sending.value

    return Place(state, press, status)


@dataclass
class Tour:
    """Goes through places and says of each what is wrong with it."""

    page: Page
    language: str
    wrong: dict[str, list[str]] = field(default_factory=dict)
    # Rules of axe of which somebody else's pages may be guilty; the statement tells of them all the same.
    known: Collection[str] = ()

    def __post_init__(self) -> None:
        bring_axe(self.page)

    def visit(self, place: Place) -> None:
        response = place.go(self.page)
        status = response.status if response else None
        found = [] if status == place.status else [f"status {status}, not {place.status}"]
        path = unquote(urlsplit(self.page.url).path)
        found += [] if unquote(place.path) in ("", path) else [f"led to {path}, not to {place.path}"]
        found += [fault for fault in faults(self.page, self.language) if rule_of(fault) not in self.known]
        if found:
            self.wrong[f"{self.language}: {place.name}"] = found

    def through(self, places: Iterable[Place]) -> dict[str, list[str]]:
        for place in places:
            self.visit(place)
        return self.wrong

    def in_both_languages(self, places: Callable[[], Iterable[Place]]) -> dict[str, list[str]]:
        """Through what `places` yields in Bulgarian, wide and light, and in English, narrow and dark."""
        for language, width, scheme in BOTH:
            self.page.set_viewport_size({"width": width, "height": 900})
            self.page.emulate_media(color_scheme=scheme)
            self.language = language
            with translation.override(language):
                self.through(places())
        return self.wrong
