"""What is frozen of a period beside the shares: the groups, the trend, and the files of data with the anonymised cases.

The files go to the byte into the PDF and to whoever asks for them; with them anybody counts every figure again.
"""

import csv
import gzip
import hashlib
import io
import json
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from itertools import islice
from typing import Any

from dateutil.relativedelta import relativedelta

from charter.choices import Verdict
from charter.measurement import MEASURES, Measure, Period, Share
from charter.measurement.groups import Group, groups
from charter.measurement.tally import entered_late, rows, states_by_each
from charter.measurement.telling import hidden_months, told_each
from charter.models import Report, ReportFile, Standard
from charter.report import Line, as_csv, as_json, rounded
from charter.satisfaction import SATISFACTION, satisfaction_of
from samokov_portal.history import names_at
from samokov_portal.office.choices import Channel
from services.models import Settlement, Unit

# How many periods of the same length a trend shows, the reported one last.
TREND_PERIODS = 5
# Who enters longer after the event than this, with a week-end or a holiday between, has put it off.
ENTERED_LATE = timedelta(days=4)
CASE_COLUMNS = ("standard", "row", "state", "extended", "began_on", "last_day", "done_on", "lasted", "merged")
GROUP_COLUMNS = ("standard", "by", "key", "label", "part", "whole")
# So many of them are written together.
ROWS_AT_ONCE = 2000
# So much is unpacked at once.
PIECE_BYTES = 1024 * 1024
# How zlib is told to write what gzip reads.
GZIP = 16 + zlib.MAX_WBITS
MARK = "\ufeff"  # so that spreadsheets read the Cyrillic


def quarters_of(period: Period) -> list[Period]:
    """The quarters of a longer period; none of a quarter or a month."""
    found, start = [], period.start
    while start < period.end:
        found.append(Period.quarter_of(start))
        start = found[-1].end
    return found if len(found) > 1 else []


def is_grouped(period: Period) -> bool:
    """Whether figures of `period` are given by groups: not of months, which are subtracted from their quarter."""
    return period.start + relativedelta(months=3) <= period.end


def grouped(measure: Measure, period: Period, as_of: datetime) -> dict[str, list[Group]]:
    """The figure by each column of the measure, small groups withheld; a query a source for the period and quarter."""
    if not is_grouped(period) or not measure.by:
        return {}
    whole, *quarters = (
        states_by_each(measure.facts(span, as_of), measure.by) for span in (period, *quarters_of(period))
    )
    return {column: groups(whole[column], [quarter[column] for quarter in quarters]) for column in measure.by}


def labels(as_of: datetime) -> dict[str, dict[Any, str]]:
    """The names of groups by column and key, those of the aware moment `as_of`; four queries."""
    return {
        "unit_id": names_at(Unit, as_of),
        "channel": {channel.value: str(channel.label) for channel in Channel},
        "settlement_id": names_at(Settlement, as_of),
    }


def group_records(found: Mapping[str, list[Group]], names: Mapping[str, Mapping[Any, str]]) -> list[dict[str, Any]]:
    """The groups as the files and the pages say them; what is withheld has no numbers."""
    return [
        {
            "by": column.removesuffix("_id"),
            "key": "" if group.key is None else str(group.key),
            "label": names[column].get(group.key, "") if group.key is not None else "",
            "part": group.part,
            "whole": group.whole,
        }
        for column, members in found.items()
        for group in members
    ]


def trend(line: Line, measure: Measure, period: Period, as_of: datetime) -> list[dict[str, Any]]:
    """The figures of the periods of the same length before this one, and `line`, all as of the same moment."""
    spans = [before(period)]
    while len(spans) < TREND_PERIODS - 1:
        spans.insert(0, before(spans[0]))
    found = [step(span, share) for span, share in zip(spans, told_each(measure, spans, as_of), strict=True)]
    return [*found, step(period, line)]


def step(period: Period, counted: Line | Share | None) -> dict[str, Any]:
    """What a trend says of `period`: without numbers where they are withheld."""
    if counted is None:
        return {"period": period.code, "part": None, "whole": None, "share": None}
    printed = None if counted.percent is None else float(rounded(counted.percent))
    return {"period": period.code, "part": counted.part, "whole": counted.whole, "share": printed}


def before(period: Period) -> Period:
    """The period of the same length that ended when `period` began."""
    months = 12 * (period.end.year - period.start.year) + period.end.month - period.start.month
    start = period.start - relativedelta(months=months)
    codes = {12: "{year}", 6: "{year}-H{half}", 3: "{year}-Q{quarter}", 1: "{year}-{month:02}"}
    parts = {
        "year": start.year,
        "half": (start.month + 5) // 6,
        "quarter": (start.month + 2) // 3,
        "month": start.month,
    }
    return Period(start, period.start, codes[months].format(**parts))


def with_particulars(line: Line, standard: Standard, period: Period, as_of: datetime, names: Any) -> Line:
    """`line` with its groups and its trend, for a report."""
    if line.verdict not in (Verdict.NOT_MEASURED, Verdict.WITHHELD):
        measure = MEASURES[standard.measure]
        line.details["groups"] = group_records(grouped(measure, period, as_of), names)
        line.details["trend"] = trend(line, measure, period, as_of)
        line.details["entered_late"] = entered_late(measure.facts(period, as_of), after=ENTERED_LATE)
    return line


def files_of(report: Report, lines: list[Line], standards: list[Standard], period: Period) -> Iterator[ReportFile]:
    """The files of data of a report, each as a row; the cases are written as they are read."""
    yield as_file(report, "figures.json", [json.dumps(as_json(report, lines), ensure_ascii=False).encode()])
    yield as_file(report, "figures.csv", [(MARK + as_csv(lines)).encode()])
    yield as_file(report, "definitions.json", [json.dumps(definitions(lines), ensure_ascii=False).encode()])
    yield as_file(report, "groups.csv", [groups_csv(lines).encode()])
    told_of = [standard for standard, line in zip(standards, lines, strict=True) if line.verdict != Verdict.WITHHELD]
    yield as_file(report, "cases.csv", cases_csv(told_of, period, report.as_of))
    if period.is_year:
        said = json.dumps(satisfaction_of(period, report.as_of), ensure_ascii=False)
        yield as_file(report, SATISFACTION, [said.encode()])


def as_file(report: Report, name: str, content: Iterable[bytes]) -> ReportFile:
    """`content` as the row that keeps it, read piece by piece and held only when it is packed.

    No moment stands in the gzip, so that the same is the same.
    """
    packer, digest, packed = zlib.compressobj(level=9, wbits=GZIP), hashlib.sha256(), bytearray()
    for piece in content:
        digest.update(piece)
        packed += packer.compress(piece)
    packed += packer.flush()
    return ReportFile(report=report, name=name, content=bytes(packed), sha256=digest.hexdigest())


def content_of(file: ReportFile) -> bytes:
    """The file to the byte as it was frozen."""
    return gzip.decompress(bytes(file.content))


@dataclass(frozen=True)
class Packed:
    """A file of data as it lies in the store, unpacked piece by piece: of a year it has a hundred megabytes."""

    gzipped: bytes

    def __iter__(self) -> Iterator[bytes]:
        with gzip.open(io.BytesIO(self.gzipped)) as file:
            while piece := file.read(PIECE_BYTES):
                yield piece

    @cached_property
    def sha256(self) -> str:
        """The digest of what is in it."""
        digest = hashlib.sha256()
        for piece in self:
            digest.update(piece)
        return digest.hexdigest()

    def whole(self) -> bytes:
        """All that is in it."""
        return b"".join(self)


def definitions(lines: Iterable[Line]) -> list[dict[str, Any]]:
    """Each promise and how it is counted, as it stood when it was counted."""
    names = ("code", "kind", "title", "text", "definition", "is_reconstructed", "not_measured_reason")
    return [
        {name: getattr(line, name) for name in names}
        | {"target": None if line.target is None else float(line.target), "span": line.details.get("span", "")}
        for line in lines
    ]


def groups_csv(lines: Iterable[Line]) -> str:
    """Every group that may be shown, and which are withheld."""
    sheet = io.StringIO()
    writer = csv.DictWriter(sheet, GROUP_COLUMNS, lineterminator="\r\n")
    writer.writeheader()
    for line in lines:
        writer.writerows({"standard": line.code, **group} for group in line.details.get("groups", []))
    return sheet.getvalue()


def cases_csv(standards: Iterable[Standard], period: Period, as_of: datetime) -> Iterator[bytes]:
    """The anonymised records behind every figure: days and what they say of the promise, nobody's unit or village.

    Some thousand rows at a time: a year has millions of them. Those of hidden months (`charter.measurement.telling`)
    have neither days nor times.
    """
    yield written([CASE_COLUMNS])
    for standard in standards:
        if not standard.measure:
            continue
        measure = MEASURES[standard.measure]
        found = rows(measure.facts(period, as_of), hidden_months(measure, period, as_of))
        lines = (
            (
                standard.code,
                place,
                row.state,
                int(row.extended),
                row.began_on,
                row.last_day,
                row.done_on,
                row.lasted,
                int(row.merged),
            )
            for place, row in enumerate(found, start=1)
        )
        while piece := list(islice(lines, ROWS_AT_ONCE)):
            yield written(piece)


def written(lines: Iterable[Iterable[Any]]) -> bytes:
    """The lines as CSV; days as ISO says them, nothing for None."""
    sheet = io.StringIO()
    csv.writer(sheet, lineterminator="\r\n").writerows(lines)
    return sheet.getvalue().encode()
