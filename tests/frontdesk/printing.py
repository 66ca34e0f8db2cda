"""Papers as a clerk prints or orders them, and how they are read."""

import io
from datetime import datetime
from typing import Any

from pypdf import PdfReader

from feedback.models import PrintOrder
from samokov_portal.frontdesk import prints
from samokov_portal.printing import RendererMissing

PAGE, LETTERS, LABELS = "/desk/print/", "/desk/print/letters/", "/desk/print/labels/"
ALL = {"all": "1"}
DAY = {"day": "2026-11-23", "size": "80"}


def texts(content: bytes) -> list[str]:
    """The words of each page."""
    pages = PdfReader(io.BytesIO(content)).pages
    return [" ".join(page.extract_text().split()).replace("\xa0", " ") for page in pages]


def sent(response: Any) -> bytes:
    return b"".join(response.streaming_content)


def ordered(client: Any, address: str = LETTERS, **said: Any) -> PrintOrder:
    response = client.post(address, said or ALL)
    assert response.status_code == 302
    return PrintOrder.objects.get(key=response["Location"].split("/")[-2])


def broken(papers: Any, **size: str) -> bytes:
    raise RendererMissing


def ordered_by_hand(by: Any, keys: list[int], now: datetime) -> PrintOrder:
    batch = prints.Batch(prints.PrintKind.LETTERS, prints.PaperSize.A4, keys, by)
    return prints.order_print(batch, now=now)
