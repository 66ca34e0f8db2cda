"""How pages look, against pictures that a person has approved.

After a change that is meant to be seen: `python -m pytest tests/browser/test_looks.py --approve`, then look at what
changed in tests/browser/approved before it is committed.
"""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Page

from tests.browser.looks import APPROVED, FEW, ONE_FAMILY, WIDTHS, approve, differing, marked, picture

PAGES = {
    "design": "/design/",
    "home": "/",
    "standards": "/charter/standards/",
    "service": "/services/1997-udostoverenie-za-nastoyasht-adres-pri-veche-registriran-nastoyasht-adres/",
    "new": "/feedback/new/signal/",
    "terms": "/terms/?rule=enquiry-answer&received_on=2025-12-20",
}


@pytest.fixture
def is_approving(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--approve"))


@pytest.mark.parametrize("name", PAGES)
def test_page_looks_as_approved(
    open_page: Callable[..., Page], clock: datetime, settings: Any, tmp_path: Path, is_approving: bool, name: str
) -> None:
    settings.DEBUG = name == "design"
    page = open_page(bypass_csp=True, reduced_motion="reduce")
    response = page.goto(PAGES[name])
    assert response is not None
    assert response.status == 200
    page.add_style_tag(content=ONE_FAMILY)

    wrong = []
    for width in WIDTHS:
        seen, kept = picture(page, width, whole=name == "design"), f"{name}-{width}"
        if is_approving:
            approve(kept, seen)
        squares = differing(Image.open(APPROVED / f"{kept}.webp"), seen)
        if len(squares) > FEW:
            marked(seen, squares).save(tmp_path / f"{kept}.webp")
            wrong.append(f"{len(squares)} squares of {kept} differ, see {tmp_path}/{kept}.webp")

    assert wrong == []


def test_nothing_is_approved_that_no_test_looks_at() -> None:
    assert {path.name for path in APPROVED.iterdir()} == {f"{name}-{width}.webp" for name in PAGES for width in WIDTHS}


@pytest.fixture
def blank() -> Image.Image:
    return Image.new("RGB", (160, 240), "white")


def test_what_is_the_same_does_not_differ(blank: Image.Image) -> None:
    assert differing(blank, blank.copy()) == []


def test_edges_of_letters_do_not_differ(blank: Image.Image) -> None:
    seen = blank.copy()
    seen.paste((225, 225, 225), (8, 8, 12, 9))

    assert differing(blank, seen) == []


def test_a_box_of_another_colour_differs(blank: Image.Image) -> None:
    seen = blank.copy()
    seen.paste((251, 235, 233), (8, 8, 40, 20))

    assert len(differing(blank, seen)) == 24


def test_a_page_that_grew_differs(blank: Image.Image) -> None:
    assert len(differing(blank, Image.new("RGB", (160, 244), "white"))) == 40
