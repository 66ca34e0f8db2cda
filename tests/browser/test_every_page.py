"""An address has a state that axe has seen, or `pages` says why it has none."""

from pathlib import Path

from tests.browser.pages import BY_A_FORM, NO_PAGE, named


def opened() -> set[str]:
    """The names of addresses that a test which gives pages to axe mentions."""
    tests = [path.read_text() for path in Path(__file__).parent.glob("test_*.py") if path != Path(__file__)]
    with_axe = "".join(text for text in tests if "faults" in text)
    return {name for name in named() if f'"{name}"' in with_axe}


def test_every_address_is_opened_or_has_no_page() -> None:
    assert named() - opened() - NO_PAGE - BY_A_FORM == set()


def test_lists_name_only_what_there_is() -> None:
    assert named() >= NO_PAGE | BY_A_FORM
    assert opened() & NO_PAGE == set()
