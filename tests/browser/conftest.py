"""A real browser before the live server. What no page may do is watched in every test: see `Witness`."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, Response, expect, sync_playwright

from samokov_portal.signin.passing import BACKEND
from tests.browser.inspection import WIDTHS
from tests.browser.statement import LOOKS, said_of, write

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
QUIETLY = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
PATIENCE = 20_000  # milliseconds; two browsers and two databases may share two cores


@pytest.fixture(scope="package")
def browser(request: pytest.FixtureRequest) -> Iterator[Browser]:
    """One browser for the whole folder, closed before other tests, which may need an event loop of their own.

    With `--statement` it is written down at the end what was seen in it.
    """
    with pytest.MonkeyPatch.context() as patch:
        # Playwright keeps an event loop in this thread; Django must not take the tests' own queries for careless ones.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        expect.set_options(timeout=PATIENCE)
        with sync_playwright() as playwright:
            chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIETLY)
            yield chromium
            if request.config.getoption("--statement"):
                write(what_was_seen(request.session, chromium))
            chromium.close()


# The modules of the tests that failed.
FAILED: list[str] = []


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    if report.failed:
        FAILED.append(Path(report.nodeid.partition("::")[0]).stem)


def what_was_seen(session: pytest.Session, chromium: Browser) -> dict[str, Any]:
    """What the run tells the statement of accessibility."""
    tests = [item.path.stem for item in session.items]
    run: dict[str, Any] = {"tests": tests, "failed": FAILED, "today": timezone.localdate()}
    return said_of(LOOKS, chromium=chromium.version, widths=WIDTHS, **run)


@dataclass
class Witness:
    """What the browser asked for, and what it did that no page of ours may do."""

    host: str
    addresses: list[str] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)

    def watch(self, page: Page) -> None:
        page.on("request", self.see_request)
        page.on("response", self.see_response)
        page.on("console", self.see_console)
        page.on("pageerror", lambda error: self.troubles.append(f"error: {error}"))

    def see_request(self, request: Request) -> None:
        self.addresses.append(request.url)
        if urlsplit(request.url).netloc != self.host and not request.url.startswith("data:"):
            self.troubles.append(f"request to another host: {request.url}")

    def see_response(self, response: Response) -> None:
        """A page may answer 4xx; nothing may answer 5xx, and what a page needs must be there."""
        if response.status >= 500 or (response.status >= 400 and not response.request.is_navigation_request()):
            self.troubles.append(f"{response.status}: {response.url}")

    def see_console(self, message: ConsoleMessage) -> None:
        """Errors, violations of the content security policy among them; the status of a page is seen elsewhere."""
        if message.type in ("error", "warning") and not message.text.startswith("Failed to load resource"):
            self.troubles.append(f"console: {message.text}")


@pytest.fixture
def witness(live_server: Any) -> Iterator[Witness]:
    """Sees every page of `open_page`; at the end there must have been nothing wrong with any."""
    seen = Witness(host=urlsplit(live_server.url).netloc)
    yield seen
    assert seen.troubles == []


@pytest.fixture
def open_page(live_server: Any, browser: Browser, witness: Witness) -> Iterator[Callable[..., Page]]:
    """A page of a new visitor, in a browser set to English: `open_page(width=320, java_script_enabled=False)`."""
    contexts = []

    def open_one(width: int = 1280, **options: Any) -> Page:
        size = {"width": width, "height": 900}
        context = browser.new_context(base_url=live_server.url, viewport=size, locale="en-US", **options)
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        page = context.new_page()
        witness.watch(page)
        return page

    yield open_one
    for context in contexts:
        context.close()


@pytest.fixture
def log_in(staff: dict[str, Any], live_server: Any) -> Callable[[Page, str], Page]:
    """Makes the page one of somebody who has logged in: `log_in(page, "clerk")`."""

    def log_in_as(page: Page, role: str) -> Page:
        client = Client()
        client.force_login(staff[role], backend=BACKEND)
        key = client.cookies[settings.SESSION_COOKIE_NAME].value
        page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": live_server.url}])
        return page

    return log_in_as
