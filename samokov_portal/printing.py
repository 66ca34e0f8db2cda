"""The only module that starts WeasyPrint: pages made of our own templates, in Bulgarian, as PDF.

A paper of the desk is one short document and is made while the person waits; many at once and reports are made by the
worker.
"""

import io
import re
from collections.abc import Iterable
from types import ModuleType
from typing import Any

import pikepdf
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.utils import translation

# WeasyPrint 70 breaks a line after its first word where the text fits but the white space after it does not.
LAST_SPACE = re.compile(r"\s+(?=</(?:blockquote|caption|dd|dt|li|p|td|th)>)")
A4, ROLL = "a4", "80"
PIXELS_PER_MM = 96 / 25.4
# A roll is cut after what is printed; while that is not known, it is as long as nothing ever is.
ENDLESS_MM = 3000
FOOT_MM = 6
# Readers of PDF that browsers use open the printing dialogue at this.
PRINT_WHEN_OPENED = "this.print(true);"
# Tagged, so that a screen reader reads it too.
TAGGED = {"pdf_variant": "pdf/ua-1"}


class RendererMissing(Exception):
    """WeasyPrint or a library of the system that it needs (Pango) is not on this machine."""


def weasyprint() -> ModuleType:
    """The library, imported when it is needed. Raises RendererMissing."""
    try:
        import weasyprint as library
    except (ImportError, OSError) as error:
        raise RendererMissing(
            "The PDF renderer cannot start: WeasyPrint or Pango is missing (Debian: libpango-1.0-0, libpangoft2-1.0-0, "
            "libharfbuzz-subset0)."
        ) from error
    return library


def render_paper(template: str, context: dict[str, Any], *, size: str = A4) -> bytes:
    """A paper in Bulgarian on A4 or, with ROLL, on a roll 80 mm wide and as long as it needs. Raises RendererMissing.

    Nothing but what stands in the page is fetched. It opens the printing dialogue of whoever opens it.
    """
    return render_papers([(template, context)], size=size)


def render_papers(papers: Iterable[tuple[str, dict[str, Any]]], *, size: str = A4) -> bytes:
    """The same of many, given as templates with their contexts, in one PDF, each from a page of its own.

    `papers` may come one by one: each is laid out before the next one is asked for. Raises RendererMissing, and
    ValueError where there is none.
    """
    library = weasyprint()
    documents = [_laid_out(library, template, context, size) for template, context in papers]
    if not documents:
        raise ValueError("There is nothing to print.")
    whole = documents[0].copy([page for document in documents for page in document.pages])
    return _printed_when_opened(whole.write_pdf(**TAGGED))


def _laid_out(library: ModuleType, template: str, context: dict[str, Any], size: str) -> Any:
    with translation.override("bg"):
        page = LAST_SPACE.sub("", render_to_string(template, {**context, "size": size}))
    html = library.HTML(string=page, url_fetcher=library.urls.URLFetcher(allowed_protocols=["data"]))
    sheets = [library.CSS(filename=finders.find("css/paper.css"))]
    if size == ROLL:
        endless = html.render(stylesheets=[*sheets, _roll(library, ENDLESS_MM)])
        sheets.append(_roll(library, _bottom(endless) / PIXELS_PER_MM + FOOT_MM))
    return html.render(stylesheets=sheets, **TAGGED)


def _roll(library: ModuleType, height_mm: float) -> Any:
    return library.CSS(string=f"@page {{ size: 80mm {height_mm:.0f}mm }}")


def _bottom(document: Any) -> float:
    """How far down the lowest line reaches, in pixels. Only the boxes themselves tell."""
    lines = [box for box in document.pages[0]._page_box.descendants() if type(box).__name__ == "LineBox"]
    return max((box.position_y + box.height for box in lines), default=0.0)


def _printed_when_opened(content: bytes) -> bytes:
    written = io.BytesIO()
    with pikepdf.open(io.BytesIO(content)) as pdf:
        pdf.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=PRINT_WHEN_OPENED)
        pdf.save(written)
    return written.getvalue()
