"""The design page, which has every component in every state, as people set their screens, browsers and printers."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

# More stops than the page has.
FAR = 200
PHONE, HALF_OF_A_LAPTOP, PAPER = 320, 640, 673  # pixels; 400 % and 200 % of a laptop's 1280; A4 without its margins
CONTROLS = ".button, input:not([type=hidden], [type=checkbox], [type=radio], [type=file]), select, textarea"
# Everything that holds text of its own and is seen: not what is there for screen readers only.
SEEN_TEXTS = """[...document.querySelectorAll("body *")].filter(one =>
    one.checkVisibility({visibilityProperty: true}) && !one.closest(".visually-hidden, thead, svg")
    && [...one.childNodes].some(node => node.nodeType === Node.TEXT_NODE && node.data.trim()))"""
CLIPPED = f"""() => {SEEN_TEXTS}.filter(one => {{
    const style = getComputedStyle(one);
    return ["hidden", "clip"].includes(style.overflowX) && one.scrollWidth > one.clientWidth + 1
        || ["hidden", "clip"].includes(style.overflowY) && one.scrollHeight > one.clientHeight + 1;
}}).map(one => one.outerHTML.slice(0, 90))"""
BEYOND = "() => document.documentElement.scrollWidth - window.innerWidth"
# WCAG 2.2, 1.4.12: what a reader may set without losing anything.
SPACED = """* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important; }
    p { margin-bottom: 2em !important; }"""
TWICE = "html { font-size: 200% !important; }"
BORDERLESS = """controls => [...document.querySelectorAll(controls)].filter(one => {
    const style = getComputedStyle(one);
    const sides = ["Top", "Right", "Bottom", "Left"];
    const ground = getComputedStyle(document.body).backgroundColor;
    return one.checkVisibility() && !sides.every(side => parseFloat(style[`border${side}Width`]) >= 1
        && style[`border${side}Style`] !== "none" && style[`border${side}Color`] !== ground);
}).map(one => one.outerHTML.slice(0, 90))"""
MOVING = """() => [...document.querySelectorAll("*")].filter(one => {
    const style = getComputedStyle(one);
    return [style.transitionDuration, style.animationDuration].some(all => all.split(",").some(one => parseFloat(one)))
        || style.scrollBehavior === "smooth";
}).length"""
PRESSED = "button, input:not([type=hidden]), select, textarea, summary, nav a, a.button"
SMALL = """pressed => [...document.querySelectorAll(pressed)]
    .filter(one => one.checkVisibility() && !one.closest(".visually-hidden, .breadcrumbs"))
    .filter(one => { const box = one.getBoundingClientRect(); return box.width < 24 || box.height < 24; })
    .map(one => one.outerHTML.slice(0, 90))"""
FOCUSED = """() => {
    const one = document.activeElement;
    if (one === document.body) return null;
    const style = getComputedStyle(one), box = one.getBoundingClientRect(), before = window.lastFocused;
    const isInOrder = !before || Boolean(before.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_FOLLOWING);
    // The parts of a date are stops within one field, which the browser marks itself.
    if (before === one) return {name: "a part of a field", isSeen: true, isInOrder: true, isCovered: false};
    window.lastFocused = one;
    const middle = document.elementFromPoint(box.x + box.width / 2, box.y + Math.min(box.height / 2, 20));
    return {
        name: one.outerHTML.slice(0, 90),
        isSeen: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
        isInOrder,
        isCovered: !(middle && (one.contains(middle) || middle.contains(one))),
    };
}"""


@pytest.fixture
def design(open_page: Callable[..., Page], settings: Any) -> Callable[..., Page]:
    """The design page in a window: `design(width=320, color_scheme="dark")`."""

    def open_design(**display: Any) -> Page:
        settings.DEBUG = True
        page = open_page(**display)
        page.goto("/design/")
        return page

    return open_design


def test_nothing_is_lost_when_it_is_enlarged_or_spaced(design: Callable[..., Page]) -> None:
    page = design(width=PHONE, bypass_csp=True)
    lost = {}

    for name, width, style in [
        ("400 %", PHONE, "* {}"),
        ("200 %", HALF_OF_A_LAPTOP, "* {}"),
        ("spaced", PHONE, SPACED),
        ("letters twice as large", HALF_OF_A_LAPTOP, TWICE),
    ]:
        page.set_viewport_size({"width": width, "height": 900})
        tag = page.add_style_tag(content=style)
        lost[name] = [*page.evaluate(CLIPPED), *(["scrolls sideways"] if page.evaluate(BEYOND) > 0 else [])]
        tag.evaluate("one => one.remove()")

    assert {name: found for name, found in lost.items() if found} == {}


def test_what_would_be_lost_is_found(design: Callable[..., Page]) -> None:
    page = design(width=PHONE, bypass_csp=True)

    page.add_style_tag(content=".lead { overflow: hidden; height: 10px; } .facts { width: 900px; }")

    assert ['<p class="lead">' in one for one in page.evaluate(CLIPPED)] == [True]
    assert page.evaluate(BEYOND) > 0


def test_controls_keep_their_borders_in_forced_colours(design: Callable[..., Page]) -> None:
    page = design(forced_colors="active")

    assert page.evaluate(BORDERLESS, CONTROLS) == []
    # What says where one is by a line alone keeps it.
    assert page.locator(".tabs [aria-current]").evaluate("one => getComputedStyle(one).borderBottomStyle") == "solid"


def test_nothing_moves_for_whoever_does_not_want_it(design: Callable[..., Page]) -> None:
    page = design(reduced_motion="reduce")

    assert page.evaluate(MOVING) == 0
    page.emulate_media(reduced_motion="no-preference")
    assert page.evaluate(MOVING) > 0


def test_paper_has_the_words_and_nothing_to_press(design: Callable[..., Page]) -> None:
    page = design(width=PAPER, color_scheme="dark")
    page.emulate_media(media="print")

    pressed = page.locator("nav, .button, .skip, .breadcrumbs")
    shown = pressed.evaluate_all("all => all.filter(one => one.checkVisibility()).length")
    colours = page.evaluate("() => [getComputedStyle(document.body)].flatMap(one => [one.color, one.backgroundColor])")
    assert (shown, colours) == (0, ["rgb(0, 0, 0)", "rgb(255, 255, 255)"])
    assert page.evaluate(BEYOND) <= 0
    assert page.get_by_role("heading", level=1).is_visible()


def test_everything_to_press_is_large_enough(design: Callable[..., Page]) -> None:
    page = design(width=PHONE)

    assert page.evaluate(SMALL, PRESSED) == []


@pytest.mark.parametrize("forced_colors", ["none", "active"])
def test_focus_goes_in_order_and_is_always_seen(design: Callable[..., Page], forced_colors: str) -> None:
    page = design(width=1280, forced_colors=forced_colors)
    # A page with errors takes the focus to their summary; the walk begins at the top.
    page.locator(".skip").focus()

    stops = []
    for _stop in range(FAR):
        page.keyboard.press("Tab")
        stop = page.evaluate(FOCUSED)
        if stop is None:
            break
        stops.append(stop)

    wrong = [stop for stop in stops if not stop["isSeen"] or not stop["isInOrder"] or stop["isCovered"]]
    assert wrong == []
    assert 60 < len(stops) < FAR
