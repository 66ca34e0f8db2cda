"""The pictures of the README, taken anew from a portal that runs: pages in both languages, wide and on a phone.

    python -m tests.browser.screenshots http://127.0.0.1:8000

The portal is the demonstration (`make run`); a signal is filed there, to be followed. Look at the pictures before they
are committed.
"""

import io
import sys
from collections.abc import Callable
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.conftest import CHROMIUM, QUIETLY
from tests.browser.inspection import read_receipt

PICTURES = Path(__file__).parents[2] / "static" / "img" / "screenshots"
QUALITY = 70
SIZES = {"wide": {"width": 1280, "height": 800}, "phone": {"width": 360, "height": 720}}
LANGUAGES = {"bg": "", "en": "/en"}
SERVICE = "/services/1997-udostoverenie-za-nastoyasht-adres-pri-veche-registriran-nastoyasht-adres/"


def at(path: str) -> Callable[[Page, str], None]:
    return lambda page, prefix: page.goto(prefix + path) and None


def newest_report(page: Page, prefix: str) -> None:
    page.goto(f"{prefix}/reports/")
    page.locator("main a[href*='/reports/20']").first.click()


SIGNAL = {"subject": "Лампа", "text": "От седмица не свети.", "name": "Мария Стоянова", "phone": "0888123456"}


def followed(page: Page, prefix: str) -> None:
    """A signal that was filed just now, by its number and code."""
    page.goto(f"{prefix}/feedback/new/signal/")
    for name, value in {
        "subject": "Лампа",
        "text": "От седмица не свети.",
        "name": "Мария",
        "phone": "0888123456",
    }.items():
        page.locator(f"[name={name}]").fill(value)
    page.locator("main form", has=page.locator("textarea")).locator("button:visible").last.click()
    number, code = read_receipt(page)
    page.goto(f"{prefix}/feedback/track/")
    page.locator("[name=number]").fill(number)
    page.locator("[name=code]").fill(code)
    with page.expect_navigation():
        page.locator("main form", has=page.locator("[name=code]")).locator("button").click()


PAGES: dict[str, Callable[[Page, str], None]] = {
    "home": at("/"),
    "service": at(SERVICE),
    "filing": at("/feedback/new/signal/"),
    "following": followed,
    "standards": at("/charter/standards/"),
    "report": newest_report,
}

# Where a page says most further down, what stands at the top of its picture.
TOPS = {"standards": "main h2 >> nth=2", "report": "#summary"}


def take(browser: Browser, base: str, name: str, language: str, size: str) -> Path:
    """A picture of what is seen without scrolling, as WebP."""
    context = browser.new_context(base_url=base, viewport=SIZES[size], is_mobile=size == "phone", locale="bg-BG")
    page = context.new_page()
    PAGES[name](page, LANGUAGES[language])
    if name in TOPS:
        page.locator(TOPS[name]).evaluate("one => one.scrollIntoView()")
    path = PICTURES / f"{name}-{language}-{size}.webp"
    with Image.open(io.BytesIO(page.screenshot(animations="disabled"))) as picture:
        picture.save(path, quality=QUALITY, method=6)
    context.close()
    return path


def main(base: str) -> int:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIETLY)
        for name in PAGES:
            for language in LANGUAGES:
                for size in SIZES:
                    path = take(browser, base.rstrip("/"), name, language, size)
                    print(f"{path.name:<28} {path.stat().st_size / 1024:>6.1f} KB")  # noqa: T201 - it talks to a terminal
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
