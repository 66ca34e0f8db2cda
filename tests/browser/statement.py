"""What a run of the tests in a browser saw, written down for the page about accessibility."""

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from axe_playwright_python.base import AXE_SCRIPT
from django.urls import Resolver404, resolve
from django.utils import translation
from playwright.sync_api import Page

from samokov_portal.accessibility import DATA
from tests.browser.pages import NO_PAGE, named

# Which tests of the folder make which check; those that walk through a story make none.
CHECKS = {"keyboard": ("test_keyboard", "test_entry"), "displays": ("test_displays",)}
FIRST_LINE = AXE_SCRIPT[: AXE_SCRIPT.index("\n")]


@dataclass(frozen=True)
class Look:
    """A page in a state, as axe and `inspection.faults` saw it, and the rules that it broke."""

    view: str
    language: str
    is_dark: bool
    rules: tuple[str, ...]


LOOKS: list[Look] = []


def note(page: Page, language: str, rules: Iterable[str]) -> None:
    """Keep what was seen of the page that is open, if it is one of the portal."""
    address = urlsplit(page.url)
    if address.scheme == "http":
        is_dark = page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
        LOOKS.append(Look(view_at(address.path), language, is_dark, tuple(rules)))


def view_at(path: str) -> str:
    """The name of the address in whichever language; empty for none of ours."""
    plain = f"/{path.removeprefix('/en/')}" if path.startswith("/en/") else path
    try:
        with translation.override("bg"):
            return resolve(unquote(plain)).view_name
    except Resolver404:
        return ""


def said_of(
    looks: list[Look],
    *,
    tests: Iterable[str],
    failed: Iterable[str],
    chromium: str,
    widths: list[int],
    today: date,
) -> dict[str, Any]:
    """What the statement tells of a run; `tests` and `failed` have for each test of it the name of its module.

    A test that failed counts only where it is one of accessibility, not of how pages look or of a story.
    """
    pages, modules = {look.view for look in looks} - {""}, Counter(tests)
    rules = sorted({rule for look in looks for rule in look.rules})
    return {
        "tested_on": today.isoformat(),
        "axe": FIRST_LINE.split(" v")[1].split()[0],
        "chromium": chromium,
        "widths": widths,
        "schemes": sorted({"dark" if look.is_dark else "light" for look in looks}),
        "pages": sorted(pages),
        "states": dict(sorted(Counter(look.language for look in looks).items())),
        "checks": {name: sum(modules[one] for one in those) for name, those in CHECKS.items()},
        "failed": sum(module in checking() for module in failed),
        "faults": [{"rule": rule, "pages": sorted({one.view for one in looks if rule in one.rules})} for rule in rules],
        "not_seen": sorted(named() - NO_PAGE - pages),
    }


def checking() -> set[str]:
    """The modules of tests that check whether pages are accessible."""
    with_axe = {path.stem for path in Path(__file__).parent.glob("test_*.py") if "faults" in path.read_text()}
    return with_axe.union(*CHECKS.values())


def write(said: dict[str, Any], path: Path = DATA) -> None:
    path.write_text(json.dumps(said, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
