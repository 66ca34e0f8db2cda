"""How cost grows with the number of cases: the lines of several measurements side by side, and the exponent of each.

An exponent of 0 says that the cost does not grow, of 1 that it grows as the cases do.
"""

import argparse
import json
import math
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# What nobody may notice growing: each of these lines at the most cases takes at most so many times as at the fewest.
FLAT = (
    *("home", "standards", "a standard", "catalogue", "a service", "reports", "search", "following a case"),
    *("filing, everything written", "work list, filters", "work list, hundredth page"),
)
FLAT_TIMES = 1.3


@dataclass(frozen=True)
class Growth:
    """What one line costs at each number of cases, in milliseconds, and the same of its floor where it was driven.

    The cost is the 95th percentile of a page, the time of what is done once, and the time for a thousand rows or
    a megabyte of what is told by the second.
    """

    line: str
    costs: Mapping[int, float]
    floors: Mapping[int, float]

    @property
    def exponent(self) -> float:
        """The slope of the least squares through the logarithms of cases and costs; of two measurements at least."""
        points = [(math.log(cases), math.log(cost)) for cases, cost in self.costs.items()]
        middle, height = (sum(values) / len(points) for values in zip(*points, strict=True))
        spread = sum((x - middle) ** 2 for x, _y in points)
        return sum((x - middle) * (y - height) for x, y in points) / spread

    @property
    def times(self) -> float:
        """How many times as much it costs at the most cases as at the fewest."""
        return self.costs[max(self.costs)] / self.costs[min(self.costs)]

    @property
    def holds(self) -> bool:
        """Whether a line that must be flat is so; of the others nothing is asked here."""
        return self.line not in FLAT or self.times <= FLAT_TIMES

    def as_json(self) -> dict[str, Any]:
        """What stands in the file."""
        told = {"exponent": round(self.exponent, 3), "times": round(self.times, 3), "holds": self.holds}
        return {"line": self.line, "is_flat": self.line in FLAT, **told, "ms": self.costs, "floor's ms": self.floors}

    def __str__(self) -> str:
        bar = f"<= {FLAT_TIMES}" if self.line in FLAT else ""
        verdict = ("holds" if self.holds else "FAILS") if bar else ""
        costs = "".join(f" {cost:>12,.2f}" for _cases, cost in sorted(self.costs.items()))
        return f"{self.line:<34}{costs} {self.exponent:>9.2f} {self.times:>7.2f} {verdict:<6} {bar}".rstrip()


def growths(measurements: Sequence[Mapping[str, Any]]) -> list[Growth]:
    """Each line that every measurement could measure, in the order of the first."""
    by_cases = {one["cases"]: {line["line"]: line for line in one["lines"]} for one in measurements}
    if len(by_cases) < 2:
        raise ValueError("growth is seen between two numbers of cases at least")
    found = []
    for name in (line["line"] for line in measurements[0]["lines"]):
        costs = {cases: cost_of(lines.get(name, {})) for cases, lines in by_cases.items()}
        floors = {cases: lines.get(name, {}).get("more", {}).get("floor's p95") for cases, lines in by_cases.items()}
        known = {cases: cost for cases, cost in costs.items() if cost is not None}
        if len(known) == len(costs):
            found.append(Growth(name, known, {cases: of for cases, of in floors.items() if of is not None}))
    return found


def cost_of(line: Mapping[str, Any]) -> float | None:
    """Milliseconds; None of a line that was not measured, and of one without a time."""
    if not line.get("ours"):
        return None
    if "p95" in line["more"]:
        return float(line["more"]["p95"])
    ours = float(line["ours"])
    return {"ms": ours, "s": 1000 * ours, "rows/s": 1_000_000 / ours, "MB/s": 1000 / ours}.get(line["unit"])


def main(arguments: Sequence[str]) -> int:
    """Print the table of the measurements in the files and write it; ends with 1 where a flat line grows."""
    parser = argparse.ArgumentParser(prog="growth")
    parser.add_argument("files", type=Path, nargs="+")
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args(arguments)
    measurements = [json.loads(path.read_text(encoding="utf-8")) for path in options.files]
    found = growths(measurements)
    sizes = "".join(f" {cases:>12,}" for cases in sorted(one["cases"] for one in measurements))
    lines = [f"{'ms at so many cases':<34}{sizes} {'exponent':>9} {'times':>7}", *map(str, found)]
    print("\n".join(lines), flush=True)  # noqa: T201 - it talks to a terminal
    told = {"machine": measurements[0]["machine"], "lines": [growth.as_json() for growth in found]}
    options.out.write_text(json.dumps(told, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    return 0 if all(growth.holds for growth in found) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
