"""Growth is told from measurements: the exponent of each line, and whether what must be flat is so."""

import json
from pathlib import Path
from typing import Any

import pytest

from samokov_portal.benchmark.growth import cost_of, growths, main


def page(line: str, p95: float, floor: float = 10) -> dict[str, Any]:
    return {"line": line, "unit": "req/s", "ours": 500.0, "more": {"p95": p95, "floor's p95": floor}}


def measurement(cases: int, *lines: dict[str, Any]) -> dict[str, Any]:
    return {"cases": cases, "machine": {"cores": 2}, "lines": list(lines)}


def test_exponent_is_the_slope_between_the_logarithms() -> None:
    # 4, 40 and 400 ms at 10^4, 10^5 and 10^6: as much more as there are more cases. 5 ms everywhere: not at all.
    found = growths(
        [
            measurement(cases, page("home", 5), {"line": "one", "unit": "ms", "ours": cost, "more": {}})
            for cases, cost in ((10_000, 4.0), (100_000, 40.0), (1_000_000, 400.0))
        ]
    )

    assert [(one.line, round(one.exponent, 6), round(one.times, 6)) for one in found] == [
        ("home", 0, 1),
        ("one", 1, 100),
    ]
    assert found[0].floors == {10_000: 10, 100_000: 10, 1_000_000: 10}


def test_what_must_be_flat_may_cost_a_third_more_and_the_rest_what_it_costs() -> None:
    few = measurement(10_000, page("home", 10), page("search", 10), page("a case", 10))
    many = measurement(1_000_000, page("home", 13), page("search", 13.1), page("a case", 90))

    assert {one.line: one.holds for one in growths([few, many])} == {"home": True, "search": False, "a case": True}


@pytest.mark.parametrize(
    ("unit", "ours", "cost"),
    [("ms", 7.0, 7), ("s", 2.0, 2000), ("rows/s", 50_000.0, 20), ("MB/s", 40.0, 25), ("req/s", 40.0, None)],
)
def test_cost_is_told_in_milliseconds(unit: str, ours: float, cost: float | None) -> None:
    assert cost_of({"line": "x", "unit": unit, "ours": ours, "more": {}}) == cost


def test_a_line_that_could_not_be_measured_once_is_left_out() -> None:
    lost = {"line": "home", "unit": "", "ours": 0, "more": {"because": "500"}}

    assert growths([measurement(10, page("home", 10)), measurement(20, lost)]) == []
    assert cost_of({}) is None


def test_one_measurement_shows_no_growth() -> None:
    with pytest.raises(ValueError, match="two numbers"):
        growths([measurement(10, page("home", 10)), measurement(10, page("home", 10))])


@pytest.mark.parametrize(("p95", "code"), [(10, 0), (14, 1)])
def test_table_is_printed_and_written(tmp_path: Path, capsys: Any, p95: float, code: int) -> None:
    files = [tmp_path / "few.json", tmp_path / "many.json"]
    for path, cases, of in zip(files, (10, 1000), (10, p95), strict=True):
        path.write_text(json.dumps(measurement(cases, page("home", of))))

    ended = main([*map(str, files), f"--out={tmp_path / 'growth.json'}"])

    said = capsys.readouterr().out
    assert ended == code
    assert ("FAILS" in said) == bool(code)
    [line] = json.loads((tmp_path / "growth.json").read_text())["lines"]
    assert (line["line"], line["is_flat"], line["holds"], line["ms"]) == (
        "home",
        True,
        not code,
        {"10": 10, "1000": p95},
    )
