"""The pages of a figure and its records, as tests ask for them."""

import csv
import io
import re

from django.test import Client

from charter.measurement import Period
from tests.factories import at

Q2 = Period.parse("2026-Q2")
LATER = at("2026-07-06")
ASKED = {"period": "2026-Q2", "as_of": "2026-07-06T12:00Z"}
SIGNALS = "/charter/standards/signal-decision/"
WITHHELD = "скрито: малка група"
# Those with something to count: signals, registering on the day, making decisions known.
CHARTS = 3
SPACES = re.compile(r"[ \n]+")


def page_of(client: Client, address: str, asked: dict[str, str] = ASKED) -> str:
    """The words of a page, with single spaces between them."""
    response = client.get(address, asked)
    assert response.status_code == 200
    return SPACES.sub(" ", response.content.decode())


def rows_of(client: Client, code: str, asked: dict[str, str] = ASKED) -> list[dict[str, str]]:
    sheet = client.get(f"/charter/standards/{code}/cases.csv", asked).getvalue().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(sheet)))
