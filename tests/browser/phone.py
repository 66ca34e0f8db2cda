"""How soon a slow phone shows the largest part of each public page: a measurement, not a test.

    python -m tests.browser.phone http://127.0.0.1:8000

The portal must run there. Each page is opened several times by a browser that has seen nothing of it, four times slowed
and with the network of a slow phone; the table has the median. Ends with 1 where a page takes a second or longer.
"""

import statistics
import sys
from dataclasses import dataclass

from playwright.sync_api import Browser, sync_playwright

from tests.browser.conftest import CHROMIUM, QUIETLY

TIMES = 5
MOST_MILLISECONDS = 1000
CPU_SLOWDOWN = 4
# 1.6 Mbit/s down, half of it up, and 150 ms for each request and answer, as Lighthouse has a slow phone.
NETWORK = {"offline": False, "latency": 150, "downloadThroughput": 200_000, "uploadThroughput": 94_000}
PATHS = (
    *("/", "/charter/", "/charter/standards/", "/charter/standards/signal-decision/", "/services/", "/life-events/"),
    *("/feedback/", "/feedback/new/signal/", "/feedback/track/", "/reports/", "/terms/", "/search/?q=акт", "/seals/"),
    *("/charter/versions/1/", "/charter/consultations/", "/feedback/survey/", "/reports/verify/", "/accessibility/"),
    *("/terms/?rule=signal-decision&received_on=2025-12-20", "/privacy/", "/en/", "/en/charter/standards/"),
)
LARGEST = """() => new Promise(tell => new PerformanceObserver(list => {
    const last = list.getEntries().at(-1), page = performance.getEntriesByType("navigation")[0];
    const all = [page, ...performance.getEntriesByType("resource")].reduce((sum, one) => sum + one.transferSize, 0);
    tell([last.startTime, page.responseStart, all]);
}).observe({type: "largest-contentful-paint", buffered: true}))"""


@dataclass(frozen=True)
class Look:
    """Milliseconds to the largest part and to the first byte, and the bytes that travelled."""

    largest: float
    first_byte: float
    size: int


def look(browser: Browser, address: str) -> Look:
    """A first visit."""
    context = browser.new_context(viewport={"width": 360, "height": 740}, device_scale_factor=2, is_mobile=True)
    page = context.new_page()
    cdp = context.new_cdp_session(page)
    cdp.send("Network.enable")
    cdp.send("Network.emulateNetworkConditions", NETWORK)
    cdp.send("Emulation.setCPUThrottlingRate", {"rate": CPU_SLOWDOWN})
    page.goto(address, wait_until="networkidle")
    seen = Look(*page.evaluate(LARGEST))
    context.close()
    return seen


def main(base: str) -> int:
    slow = 0
    print(f"{'page':<56} {'LCP ms':>7} {'first byte':>11} {'KB':>6}")  # noqa: T201 - it talks to a terminal
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIETLY)
        for path in PATHS:
            looks = [look(browser, base.rstrip("/") + path) for _time in range(TIMES)]
            largest = statistics.median(one.largest for one in looks)
            first = statistics.median(one.first_byte for one in looks)
            slow += largest >= MOST_MILLISECONDS
            print(f"{path:<56} {largest:>7.0f} {first:>11.0f} {looks[0].size / 1024:>6.1f}")  # noqa: T201
        browser.close()
    return 1 if slow else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
