"""Every figure of a report counted again from the records that are attached to it, without any database.

The rules are written here a second time on purpose: what counts a figure and what checks it share no line.
"""

import csv
import io
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from math import ceil
from typing import Any

CASES = "cases.csv"
GROUPS = "groups.csv"
# The states that make up the whole of a figure; what is in another state is left out of it under that name.
WHOLE = {"kept", "late", "unanswered", "not_kept"}
# What stands beside a share and is not said of every figure; None of these says nothing.
BESIDE = {"unanswered", "extended_part", "extended_whole", "merged"}


class NotCountable(Exception):
    """A file of records cannot be read as one: its name, or what in it is no number."""


@dataclass(frozen=True)
class Difference:
    """One number of a figure that comes out differently: what the report says and what the records give."""

    figure: str
    number: str
    said: Any
    counted: Any


Row = dict[str, str]


def differences(figures: Mapping[str, Mapping[str, Any]], cases: bytes, groups: bytes | None) -> list[Difference]:
    """Where the figures (the records of figures.json by code) differ from the records. Raises NotCountable."""
    rows: dict[str, list[Row]] = defaultdict(list)
    for row in table(CASES, cases):
        rows[row["standard"]].append(row)
    found = [Difference(code, "cases", None, len(rows[code])) for code in rows if code not in figures]
    try:
        for code, figure in figures.items():
            found += of_figure(code, figure, rows[code])
        return found + of_groups(figures, groups)
    except (ValueError, TypeError, KeyError, ArithmeticError) as error:
        raise NotCountable(str(error)[:100]) from error


def table(name: str, content: bytes) -> Iterator[Row]:
    """The rows of an attached file."""
    try:
        reader = csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True)
        for row in reader:
            if None in row or None in row.values() or "standard" not in row:
                raise NotCountable(name)
            yield row
    except (UnicodeDecodeError, csv.Error) as error:
        raise NotCountable(name) from error


def of_figure(code: str, figure: Mapping[str, Any], rows: list[Row]) -> list[Difference]:
    """Where one figure differs from its records; one that is not measured has none."""
    counted = counts(rows, figure) if figure["part"] is not None else {"part": None, "whole": None, "share": None}
    said = {
        name: figure[name] for name in counted if name in figure and (figure[name] is not None or name not in BESIDE)
    }
    if "excluded" in said:
        said["excluded"] = {reason: count for reason, count in said["excluded"].items() if count}
    return [Difference(code, name, said[name], counted[name]) for name in said if said[name] != counted[name]]


def counts(rows: list[Row], figure: Mapping[str, Any]) -> dict[str, Any]:
    """Every number of a figure, from its records."""
    states = Counter(row["state"] for row in rows)
    extended = Counter(row["state"] for row in rows if row["extended"] == "1")
    part, whole = states["kept"], sum(states[state] for state in WHOLE)
    return {
        "part": part,
        "whole": whole,
        "share": share(part, whole),
        "excluded": {state: count for state, count in states.items() if state not in WHOLE},
        "verdict": verdict(part, whole, figure["target"]),
        "unanswered": states["unanswered"],
        "extended_part": extended["kept"],
        "extended_whole": sum(extended[state] for state in WHOLE),
        **merged(rows),
        **spread(rows, figure.get("span", "")),
    }


def merged(rows: list[Row]) -> dict[str, int]:
    """How many were handled together with another; nothing where the records are older than that was told."""
    if any("merged" not in row for row in rows):
        return {}
    return {"merged": sum(row["merged"] == "1" for row in rows if row["state"] in WHOLE)}


def share(part: int, whole: int) -> float | None:
    """Per cent as it is printed: to one decimal, half up; 100 and 0 only when exactly so."""
    if not whole:
        return None
    exact = Decimal(100) * part / whole
    nearest = exact.quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)
    if part < whole and nearest == 100:
        return 99.9
    return 0.1 if part and not nearest else float(nearest)


def verdict(part: int, whole: int, target: float | None) -> str:
    """Whether the promise is kept, compared before any rounding."""
    if not whole:
        return "no_data"
    if target is None:
        return "no_target"
    return "kept" if 100 * part >= Decimal(str(target)) * whole else "broken"


def spread(rows: list[Row], span: str) -> dict[str, int | None]:
    """The median, the ninth of ten and the worst; nothing in working days, which need the calendar of holidays."""
    if span not in ("minutes", "visits", "calendar_days"):
        return {}
    whole = [row for row in rows if row["state"] in WHOLE]
    if any(not row["began_on"] and not row["lasted"] for row in whole):
        return {}  # of a small month neither days nor times are told
    times = sorted(time for row in whole if (time := lasted(row, span)) is not None)
    if not times:
        return {"median": None, "ninetieth": None, "worst": None}
    return {"median": ranked(times, 50), "ninetieth": ranked(times, 90), "worst": times[-1]}


def lasted(row: Row, span: str) -> int | None:
    """How long a record took; None when it is not done."""
    if span in ("minutes", "visits"):
        return int(row["lasted"]) if row["lasted"] else None
    if not row["began_on"] or not row["done_on"]:
        return None
    return (date.fromisoformat(row["done_on"]) - date.fromisoformat(row["began_on"])).days


def ranked(times: list[int], per_cent: int) -> int:
    """The smallest of the sorted `times` that `per_cent` of them do not exceed."""
    return times[ceil(Decimal(per_cent) * len(times) / 100) - 1]


def of_groups(figures: Mapping[str, Mapping[str, Any]], content: bytes | None) -> list[Difference]:
    """Where the groups of a figure do not add up to it; where some are withheld, they may not exceed it."""
    together: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in table(GROUPS, content or b""):
        together[row["standard"], row["by"]].append(row)
    found = []
    for (code, column), rows in together.items():
        figure = figures.get(code, {})
        withheld = any(not row["whole"] for row in rows)
        for name in ("part", "whole"):
            total, said = sum(int(row[name] or 0) for row in rows), figure.get(name)
            if said is None or total > said or (total < said and not withheld):
                found.append(Difference(code, f"{column}.{name}", said, total))
    return found
