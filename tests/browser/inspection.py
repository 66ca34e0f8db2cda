"""What must be true of any page, whoever looks at it and with whatever."""

import re
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

from tests.browser.statement import note

# The size of targets is asked for by WCAG 2.2, which axe does not check unless told. Nothing of ours plays, for which
# axe would first load it.
AXE_OPTIONS = {"resultTypes": ["violations"], "preload": False, "rules": {"target-size": {"enabled": True}}}
# Only the violations come back: to carry the rest from the browser takes as long as the half of the rules.
RUN = "options => axe.run(options).then(results => results.violations)"

NUMBER = re.compile(r"[А-Я]-20\d\d-\d{6}")
CODE = re.compile(r"[0-9A-Z]{4}(?:-[0-9A-Z]{4}){3}")


def read_receipt(page: Page) -> tuple[str, str]:
    """The number and the access code that the receipt shows."""
    text = page.locator("main", has_text=CODE).inner_text()
    number, code = NUMBER.search(text), CODE.search(text)
    assert number is not None
    assert code is not None
    return number[0], code[0]


def bring_axe(page: Page) -> None:
    """Have axe in each page that `page` opens from now on: the browser reads it once, not for every page anew.

    Nothing moves there: a button that is just changing its colour under the mouse has neither of its two.
    """
    page.add_init_script(AXE_SCRIPT)
    page.emulate_media(reduced_motion="reduce")


def violations(page: Page) -> list[dict[str, Any]]:
    """What axe finds wrong with the page that is open."""
    if page.evaluate("typeof axe === 'undefined'"):
        page.evaluate(AXE_SCRIPT)
    found: list[dict[str, Any]] = page.evaluate(RUN, AXE_OPTIONS)
    return found


WIDTHS = [320, 1280]  # pixels


def faults(page: Page, language: str) -> list[str]:
    """What is wrong with the page that is open, in words that begin with the rule; empty when nothing is."""
    found = [
        *_expect("lang", page.locator("html").get_attribute("lang"), language),
        *_expect("headings of the first level", page.locator("h1").count(), 1),
        *_expect("title", bool(page.title().strip(" –:")), True),
        *_expect("heading that says nothing", not page.locator("h1").first.inner_text().strip(), False),
    ]
    # What is folded away is part of the page, and must fit and be accessible too.
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
    found += [fault for width in WIDTHS for fault in _overflow(page, width)]
    found += [_in_words(violation) for violation in violations(page)]
    note(page, language, map(rule_of, found))
    return found


def rule_of(fault: str) -> str:
    """The rule that a fault breaks, as it is called by axe or here."""
    return fault.partition(": ")[0].partition(" (")[0]


def _expect(what: str, seen: Any, wanted: Any) -> list[str]:
    return [] if seen == wanted else [f"{what}: {seen!r}, not {wanted!r}"]


def _overflow(page: Page, width: int) -> list[str]:
    """Whether the page must be scrolled sideways in a window of `width`, which is then made as it was."""
    size = page.viewport_size
    assert size is not None
    page.set_viewport_size({**size, "width": width})
    beyond = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    widest = _widest(page) if beyond > 0 else ""
    page.set_viewport_size(size)
    return [f"scrolls sideways: at {width} px by {beyond} px: {widest}"] if beyond > 0 else []


def _widest(page: Page) -> str:
    """The first elements that stand out on the right."""
    return page.evaluate(
        """() => [...document.querySelectorAll("body *")]
            .filter(one => one.getBoundingClientRect().right > window.innerWidth + 1)
            .slice(0, 3).map(one => one.outerHTML.slice(0, 90)).join(" | ")"""
    )


def _in_words(violation: dict[str, Any]) -> str:
    places = "; ".join(" ".join(map(str, node["target"])) for node in violation["nodes"][:5])
    details = violation["nodes"][0]["failureSummary"].replace("\n", " ")
    return f"{violation['id']} ({violation['help']}): {places} – {details}"
