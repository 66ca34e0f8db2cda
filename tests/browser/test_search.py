"""Searching in a browser: offers while typing, by keyboard alone; without JavaScript the Enter key searches."""

from collections.abc import Callable

from playwright.sync_api import Page, expect


def test_an_offer_is_chosen_by_keyboard_while_typing(open_page: Callable[..., Page]) -> None:
    page = open_page(width=360)
    page.goto("/")
    field = page.get_by_role("combobox", name="Какво търсите?")
    field.press_sequentially("наслед")
    expect(page.get_by_role("option").first).to_contain_text("удостоверение за наследници")
    expect(field).to_have_attribute("aria-expanded", "true")

    field.press("ArrowDown")
    expect(page.get_by_role("option").first).to_have_attribute("aria-selected", "true")
    field.press("Enter")

    expect(page.get_by_role("heading", level=1)).to_contain_text("удостоверение за наследници")


def test_escape_puts_the_offers_away_and_leaves_what_was_typed(open_page: Callable[..., Page]) -> None:
    page = open_page()
    page.goto("/search/")
    field = page.get_by_role("combobox", name="Какво търсите?")
    field.press_sequentially("скица")
    expect(page.get_by_role("option").first).to_be_visible()

    field.press("Escape")

    expect(page.get_by_role("listbox")).to_be_hidden()
    expect(field).to_have_value("скица")


def test_without_javascript_enter_searches(open_page: Callable[..., Page]) -> None:
    page = open_page(width=360, java_script_enabled=False)
    page.goto("/")
    field = page.get_by_label("Какво търсите?")
    field.fill("kofa za bokluk")
    field.press("Enter")

    expect(page.get_by_text("Прочетохме написаното като „кофа за боклук“.")).to_be_visible()
    expect(page.locator("mark").first).to_be_visible()
