"""The lines of a report: each promise, its result and its verdict. Screen, PDF, CSV and JSON all show these lines."""

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db.models import BinaryField
from django.db.models.functions import Length, Substr

from charter.choices import Verdict
from charter.measurement import MEASURES, Period, Share, told
from charter.models import Figure, Report, Standard
from samokov_portal.history import one_snapshot
from samokov_portal.office.choices import LEFT_OUT

# What stands beside a share.
BESIDE = (
    "interval_low",
    "interval_high",
    "unanswered",
    "extended_part",
    "extended_whole",
    "merged",
    "span",
    "median",
    "ninetieth",
    "worst",
    "answered",
    "invited",
)
COLUMNS = (
    "code",
    "kind",
    "title",
    "text",
    "definition",
    "unit",
    "target",
    "part",
    "whole",
    "share",
    "excluded",
    "verdict",
    "is_reconstructed",
    "not_measured_reason",
    *BESIDE,
)
# What a figure is expressed in: every one of them is a share.
UNIT = "%"


@dataclass(frozen=True)
class Line:
    """One promise with its result for a period; `part` and `whole` are None when it is not measured or withheld."""

    code: str
    kind: str
    title: str
    text: str
    definition: str
    target: Decimal | None
    part: int | None
    whole: int | None
    excluded: dict[str, int]
    verdict: Verdict
    is_reconstructed: bool
    not_measured_reason: str
    title_en: str = ""
    details: dict[str, Any] = field(default_factory=dict)

    @property
    def percent(self) -> Decimal | None:
        """Per cent, unrounded; None when there is nothing to count."""
        return None if self.part is None or self.whole is None else Share(self.part, self.whole).percent

    @property
    def share(self) -> Decimal | None:
        """Per cent to one decimal, half up, as printed everywhere; 100 and 0 only when exactly so."""
        return None if self.percent is None else rounded(self.percent)

    @property
    def left_out(self) -> list[tuple[Any, int]]:
        """Why records were left out, in words, and how many for each reason."""
        reasons = dict(LEFT_OUT)
        return [(reasons.get(reason, reason), count) for reason, count in self.excluded.items() if count]


def rounded(percent: Decimal) -> Decimal:
    """To one decimal, half up, but a share below 100 is never printed as 100,0 nor one above 0 as 0,0."""
    nearest = percent.quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)
    if nearest == 100 and percent < 100:
        return Decimal("99.9")
    return Decimal("0.1") if nearest == 0 and percent > 0 else nearest


def live_line(standard: Standard, period: Period, as_of: datetime, now: datetime | None = None) -> Line:
    """The result of `standard` for `period`, counted at `now` (`as_of` if not given) from what was known at `as_of`."""
    if not standard.measure:
        return _line(standard, None, Verdict.NOT_MEASURED)
    with one_snapshot():
        result = told(MEASURES[standard.measure], period, as_of, now)
    if result is None:
        return _line(standard, None, Verdict.WITHHELD)
    return _line(standard, result, result.verdict(standard.target))


def live_lines(
    standards: Iterable[Standard], period: Period, as_of: datetime, now: datetime | None = None
) -> list[Line]:
    """The result of each standard; of whole quarters one query a measured standard (waiting time: two)."""
    with one_snapshot():
        return [live_line(standard, period, as_of, now) for standard in standards]


def _line(standard: Standard, result: Share | None, verdict: Verdict) -> Line:
    return Line(
        code=standard.code,
        kind=standard.kind,
        title=standard.title,
        title_en=standard.title_en,
        text=standard.text,
        definition=standard.definition,
        target=standard.target,
        part=result.part if result else None,
        whole=result.whole if result else None,
        excluded=dict(result.excluded) if result else {},
        verdict=verdict,
        is_reconstructed=standard.is_reconstructed,
        not_measured_reason=standard.not_measured_reason,
        details=beside(result, MEASURES[standard.measure].span) if result else {},
    )


def beside(result: Share, span: str) -> dict[str, Any]:
    """What stands beside a share, as JSON knows it: whole numbers and per cent to one decimal."""
    interval, spread = result.interval, result.spread
    answered, invited = result.response or (None, None)
    return {
        "interval_low": float(interval[0]) if interval else None,
        "interval_high": float(interval[1]) if interval else None,
        "unanswered": result.unanswered,
        "extended_part": result.extended[0],
        "extended_whole": result.extended[1],
        "merged": result.merged,
        "span": span,
        "median": spread.median if spread else None,
        "ninetieth": spread.ninetieth if spread else None,
        "worst": spread.worst if spread else None,
        "answered": answered,
        "invited": invited,
    }


def frozen_lines(report: Report) -> list[Line]:
    """The lines of a report as they were frozen, in their order."""
    return [
        Line(
            **{name: getattr(figure, name) for name in Line.__dataclass_fields__ if name != "verdict"},
            verdict=Verdict(figure.verdict),
        )
        for figure in report.figures.all()
    ]


def moved(old: Iterable[Line], new: Iterable[Line]) -> list[tuple[Line | None, Line]]:
    """The lines of a correction whose numbers, target or words are others than before, each with the one before."""
    before = {line.code: line for line in old}
    return [
        (before.get(line.code), line)
        for line in new
        if line.code not in before or as_record(before[line.code]) != as_record(line)
    ]


def changes(before: Line, line: Line) -> list[tuple[str, Any, Any]]:
    """What a correction changed in a line: the column, what it was and what it is."""
    old, new = as_record(before), as_record(line)
    return [(name, old[name], new[name]) for name in COLUMNS if old[name] != new[name]]


@dataclass(frozen=True)
class GroupLine:
    """A group of a figure as it is shown; without numbers where they are withheld."""

    label: str
    part: int | None
    whole: int | None

    @property
    def share(self) -> Decimal | None:
        """Per cent as printed; None where it is withheld."""
        if not self.whole or self.part is None:
            return None
        return rounded(Decimal(100) * self.part / self.whole)


@dataclass(frozen=True)
class Grouping:
    """The groups of a figure by one column, and those that are withheld; by name and not by result."""

    by: str
    shown: list[GroupLine]
    withheld: list[GroupLine]


def by_groups(details: Mapping[str, Any]) -> list[Grouping]:
    """The frozen groups of a figure by each of its columns; a group without a name stands last."""
    found: dict[str, Grouping] = {}
    rows = [
        (group["by"], GroupLine(group["label"], group["part"], group["whole"])) for group in details.get("groups", [])
    ]
    for by, row in sorted(rows, key=lambda one: (not one[1].label, one[1].label)):
        grouping = found.setdefault(by, Grouping(by, [], []))
        (grouping.withheld if row.whole is None else grouping.shown).append(row)
    return [found[by] for by in dict.fromkeys(by for by, _row in rows)]


@dataclass(frozen=True)
class ListedFile:
    """A file of a report without its content: its name, its fingerprint and how many bytes it has."""

    name: str
    sha256: str
    size: int


def listed_files(report: Report) -> list[ListedFile]:
    """The files frozen with a report; one query. How long a gzipped file was stands in its last four bytes."""
    tail = Substr("content", Length("content") - 3, output_field=BinaryField())
    rows = report.files.annotate(tail=tail).values_list("name", "sha256", "tail")
    return [ListedFile(name, sha256, int.from_bytes(bytes(last), "little")) for name, sha256, last in rows]


def as_figure(line: Line, report: Report, position: int) -> Figure:
    """The row that freezes `line` in `report`."""
    return Figure(report=report, position=position, **asdict(line))


def as_record(line: Line) -> dict[str, Any]:
    """What the CSV and the JSON say of a line; numbers as numbers, the share as printed."""
    record: dict[str, Any] = {
        name: getattr(line, name, line.details.get(name)) for name in COLUMNS if name != "unit"
    } | {"unit": UNIT}
    record["verdict"] = line.verdict.value
    for name in ("target", "share"):
        record[name] = None if record[name] is None else float(record[name])
    return {name: record[name] for name in COLUMNS}


def as_csv(lines: Iterable[Line]) -> str:
    """The lines as CSV with a header (UTF-8 with a byte order mark is for the caller to add)."""
    sheet = io.StringIO()
    writer = csv.DictWriter(sheet, COLUMNS, lineterminator="\r\n")
    writer.writeheader()
    for line in lines:
        record = as_record(line)
        record["excluded"] = "; ".join(f"{reason}={count}" for reason, count in line.excluded.items())
        writer.writerow(record)
    return sheet.getvalue()


def as_json(report: Report, lines: Iterable[Line]) -> dict[str, Any]:
    """The report with its lines, as the JSON page and the attachment of the PDF say it."""
    return {
        "period": report.period,
        "version": report.version,
        "from": report.period_start.isoformat(),
        "to": (report.period_end - timedelta(days=1)).isoformat(),
        "as_of": report.as_of.isoformat(),
        "figures": [as_record(line) for line in lines],
    }
