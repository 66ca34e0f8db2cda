"""Screenshots that can be compared: what is kept of them, and where two of them differ.

Letters are drawn a little differently by every machine. So pages are shown in the one family of fonts that the portal
installs, and compared by the mean colour of squares of eight pixels, in which the edges of letters hardly count.
"""

import io
from pathlib import Path

from PIL import Image, ImageChops, ImageDraw
from playwright.sync_api import Page

APPROVED = Path(__file__).parent / "approved"
# The width of a phone, of a tablet, of a laptop and of a large screen.
WIDTHS = (320, 768, 1280, 1600)
ONE_FAMILY = ":root { --sans: 'DejaVu Sans'; --serif: 'DejaVu Serif'; }"
# Approved pictures are kept at half their size, and so well that a person still sees what was approved.
HALF, QUALITY = 2, 90
# Of a page that is made of what the design page shows whole, the beginning is enough.
BEGINNING = 1200
SQUARE = 8  # pixels of the page
UNSEEN = 20  # of 255: by how much a square may differ in any channel
FEW = 4  # how many squares may differ by more


def picture(page: Page, width: int, *, whole: bool) -> Image.Image:
    """The page in a window of `width`, whole or its beginning, at half its size."""
    page.set_viewport_size({"width": width, "height": BEGINNING})
    # JPEG, which the browser writes in a fraction of the time.
    taken = page.screenshot(full_page=whole, animations="disabled", caret="hide", type="jpeg", quality=90)
    return Image.open(io.BytesIO(taken)).reduce(HALF)


def approve(name: str, seen: Image.Image) -> None:
    APPROVED.mkdir(exist_ok=True)
    seen.save(APPROVED / f"{name}.webp", quality=QUALITY, method=6)


def differing(approved: Image.Image, seen: Image.Image) -> list[tuple[int, int]]:
    """The squares, by column and row, whose colour differs; of pictures of two sizes also what only one of them has."""
    size = (max(approved.width, seen.width), max(approved.height, seen.height))
    squares = [_on_a_canvas(one, size).reduce(SQUARE // HALF) for one in (approved, seen)]
    bands = ImageChops.difference(*squares).split()
    worst = ImageChops.lighter(ImageChops.lighter(bands[0], bands[1]), bands[2])
    seen_places = (place for place, difference in enumerate(worst.tobytes()) if difference > UNSEEN)
    return [(place % worst.width, place // worst.width) for place in seen_places]


def _on_a_canvas(picture: Image.Image, size: tuple[int, int]) -> Image.Image:
    canvas = Image.new("RGB", size, "magenta")
    canvas.paste(picture.convert("RGB"))
    return canvas


def marked(seen: Image.Image, squares: list[tuple[int, int]]) -> Image.Image:
    """A copy of `seen` with a frame around each of the squares."""
    copy = seen.copy()
    pen = ImageDraw.Draw(copy)
    side = SQUARE // HALF
    for column, row in squares:
        pen.rectangle([column * side - 1, row * side - 1, (column + 1) * side, (row + 1) * side], outline="red")
    return copy
