"""What the statement of accessibility tells: the last real run of the tests in a browser, as the run wrote it down.

Nobody writes the file by hand: `python -m pytest tests/browser --statement` does.
"""

import json
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from dateutil.relativedelta import relativedelta

DATA = Path(__file__).parent / "data" / "accessibility.json"
# Решение за изпълнение (ЕС) 2018/1523 asks for a look at the statement once a year.
VALID_FOR = relativedelta(years=1)


@dataclass(frozen=True)
class Fault:
    """A rule that pages break, and by how many of them."""

    rule: str
    pages: list[str]


@dataclass(frozen=True)
class Run:
    """A run: when, with what, what it saw and what was wrong with it. `pages` and `not_seen` are names of addresses.

    `states` says by language how many states of pages were seen; `checks` how many tests of which sort were made, of
    which `failed` did not pass.
    """

    tested_on: date
    axe: str
    chromium: str
    widths: list[int]
    schemes: list[str]
    pages: list[str]
    states: dict[str, int]
    checks: dict[str, int]
    failed: int
    faults: list[Fault]
    not_seen: list[str]

    def is_old(self, today: date) -> bool:
        """Whether it was to be made anew by `today`."""
        return self.tested_on + VALID_FOR < today


def read(said: dict[str, Any]) -> Run:
    """The run that the file tells of. Raises TypeError where a field is missing or unknown, ValueError for no date."""
    faults = [Fault(**fault) for fault in said["faults"]]
    return Run(**{**said, "tested_on": date.fromisoformat(said["tested_on"]), "faults": faults})


@cache
def last_run() -> Run:
    return read(json.loads(DATA.read_text(encoding="utf-8")))
