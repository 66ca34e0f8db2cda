"""The geometry of the charts; the drawings are in includes/bar_chart.html, trend_chart.html and sparkline.html.

The widths of bars are shares of the drawing's width, so that letters keep their size on every screen and in print; a
trend is narrow enough for every screen as it is.
"""

import hashlib
import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import Any

from django import template
from django.utils.dates import MONTHS_3
from django.utils.translation import gettext as _

from samokov_portal.office.templatetags.bulgarian import number, percent, period_name
from samokov_portal.office.templatetags.bulgarian import target as target_in_words

register = template.Library()
# The full length of a bar in per cent of the width; the rest is for the figure, down to a width of 288 pixels.
SCALE = 72
LETTERS_A_LINE = 32
LINE_HEIGHT, BAR_HEIGHT, NOTE_HEIGHT, GAP = 20, 18, 22, 22


@dataclass(frozen=True)
class TextLine:
    y: int
    words: str


@dataclass(frozen=True)
class Bar:
    """One line of a report, placed. `width` and `mark` are per cent as SVG writes them, empty when there is nothing."""

    title: str
    text_lines: list[TextLine]
    y: int
    width: str
    mark: str
    value: str
    note: str
    look: str  # kept, broken, other: a class and, where no style sheet reaches, a fill

    @property
    def is_empty(self) -> bool:
        return not self.value[0].isdigit()

    @property
    def mark_y(self) -> int:
        return self.y - 5

    @property
    def value_y(self) -> int:
        return self.y + 14

    @property
    def note_y(self) -> int:
        return self.y + BAR_HEIGHT + 17

    @property
    def end(self) -> int:
        return self.y + BAR_HEIGHT + NOTE_HEIGHT + GAP


@register.inclusion_tag("includes/bar_chart.html")
def bar_chart(lines: Iterable[Any], title: str, name: str = "chart") -> dict[str, Any]:
    """A bar for each of `lines` (.title .share .target .verdict); `name` is unique on the page."""
    bars: list[Bar] = []
    for line in lines:
        bars.append(placed(line, bars[-1].end if bars else 0))
    chart = {
        "name": name,
        "title": title,
        "bars": bars,
        "height": bars[-1].end if bars else 0,
        "scale": SCALE,
        "value_x": SCALE + 2,
    }
    return {"chart": chart}


def placed(line: Any, top: int) -> Bar:
    """`line` as a bar whose first text line is at `top`."""
    words = textwrap.wrap(line.title, LETTERS_A_LINE) or [""]
    return Bar(
        title=line.title,
        text_lines=[TextLine(top + LINE_HEIGHT * (index + 1) - 4, text) for index, text in enumerate(words)],
        y=top + LINE_HEIGHT * len(words) + 5,
        width=along(line.share),
        mark=along(line.target),
        value=_("няма") if line.share is None else percent(line.share),
        note=said(line),
        look=str(line.verdict) if line.verdict in ("kept", "broken") else "other",
    )


def along(share: Decimal | None) -> str:
    """How far along the drawing `share` per cent of a full bar reaches, with a decimal point in every language."""
    return "" if share is None else f"{share * SCALE / 100:.2f}"


def said(line: Any) -> str:
    """The target and the verdict in words."""
    verdict = str(getattr(line.verdict, "label", line.verdict))
    return verdict if line.target is None else f"{_('цел')} {target_in_words(line.target)} – {verdict}"


# The chart of a trend: a slot for each period, the words in rows under the axis, so that they meet no line.
SLOT, AXIS, TOP, PLOT = 56, 34, 24, 90
ROWS = {"value": 20, "part": 36, "year": 50, "bottom": 58}
ROMAN = {"1": "I", "2": "II", "3": "III", "4": "IV"}
# The drawing of a trend so small that it stands within a line of text.
SPARK_SLOT, SPARK_HEIGHT = 16, 24


@dataclass(frozen=True)
class Point:
    """A period of a trend, placed. `x` and `y` are as SVG writes them; `y` is empty when there was nothing to count."""

    x: str
    y: str
    value: str
    part: str
    year: str
    says: str


@register.inclusion_tag("includes/trend_chart.html")
def trend_chart(trend: Sequence[Any], title: str, target: Any = None, name: str = "") -> dict[str, Any]:
    """A line through the shares of `trend` (each with period, part, whole, share; None is a gap), a dashed one at
    `target` per cent. `name` begins the ids; needed only where a page has two charts with one title.
    """
    points = [point(step, AXIS + SLOT * index + SLOT / 2, TOP, PLOT) for index, step in enumerate(trend)]
    bottom = TOP + PLOT
    chart = {
        "name": name or named(title),
        "title": title,
        "points": points,
        "runs": runs(points),
        "target": "" if target is None else said_target(target),
        "target_y": "" if target is None else height(target, TOP, PLOT),
        "scale": [(mark, height(mark, TOP, PLOT)) for mark in (0, 50, 100)],
        "left": AXIS,
        "width": AXIS + SLOT * len(points) + 6,
        "height": bottom + ROWS["bottom"],
        **{f"{row}_y": bottom + ROWS[row] for row in ("value", "part", "year")},
    }
    return {"chart": chart}


@register.inclusion_tag("includes/sparkline.html")
def sparkline(trend: Sequence[Any], title: str, target: Any = None, name: str = "") -> dict[str, Any]:
    """The same line without words, for lists; `title` and the shares are read to whoever does not see it."""
    margin = 4
    plot = SPARK_HEIGHT - 2 * margin
    points = [point(step, SPARK_SLOT * index + SPARK_SLOT / 2, margin, plot) for index, step in enumerate(trend)]
    chart = {
        "name": name or named(f"spark {title}"),
        "title": title,
        "points": points,
        "runs": runs(points),
        "target": "" if target is None else said_target(target),
        "target_y": "" if target is None else height(target, margin, plot),
        "width": SPARK_SLOT * len(points),
        "height": SPARK_HEIGHT,
    }
    return {"chart": chart}


def point(step: Any, x: float, top: int, plot: int) -> Point:
    """A step of a trend at `x` on a scale from 0 to 100 per cent that is `plot` high."""
    part, year = short_period(step["period"])
    share = step["share"]
    value = _("няма") if share is None else percent(share)
    counts = _("%(part)s от %(whole)s") % {"part": number(step["part"]), "whole": number(step["whole"])}
    return Point(
        x=f"{x:.1f}",
        y="" if share is None else height(share, top, plot),
        value=value,
        part=part,
        year=year,
        says=f"{period_name(step['period'])} – {value}" + ("" if share is None else f" ({counts})"),
    )


def height(share: Any, top: int, plot: int) -> str:
    """Where `share` per cent lies on a scale that begins `top` below the edge, with a decimal point."""
    return f"{top + plot * (100 - float(share)) / 100:.1f}"


def runs(points: Iterable[Point]) -> list[str]:
    """The points between gaps as SVG draws lines through them; a lonely one has no line."""
    found = [list(run) for has_value, run in groupby(points, key=lambda one: bool(one.y)) if has_value]
    return [" ".join(f"{one.x},{one.y}" for one in run) for run in found if len(run) > 1]


def short_period(code: str) -> tuple[str, str]:
    """A period in two short lines: (III тр., 2026), (I пол., 2026), (юли, 2026), (2026 г., nothing)."""
    year, _dash, part = code.partition("-")
    if part.startswith("Q"):
        return _("%(number)s тр.") % {"number": ROMAN[part[1]]}, year
    if part.startswith("H"):
        return _("%(number)s пол.") % {"number": ROMAN[part[1]]}, year
    return (str(MONTHS_3[int(part)]), year) if part else (_("%(year)s г.") % {"year": year}, "")


def said_target(share: Any) -> str:
    """The target in words."""
    return f"{_('цел')} {target_in_words(Decimal(str(share)))}"


def named(title: str) -> str:
    """The same beginning of ids for the same title."""
    return f"trend-{hashlib.sha256(title.encode()).hexdigest()[:10]}"
