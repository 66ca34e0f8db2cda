"""The geometry of the charts; the drawings are in includes/trend_chart.html and sparkline.html.

A drawing is narrow enough for every screen as it is, so that its letters keep their size.
"""

import hashlib
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
# The chart of a trend: a slot for each period, the words in rows under the axis, so that they meet no line.
SLOT, AXIS, TOP, PLOT = 56, 34, 24, 90
ROWS = {"value": 20, "part": 36, "year": 50, "bottom": 58}
ROMAN = {"1": "I", "2": "II", "3": "III", "4": "IV"}
# The drawing of a trend so small that it stands within a line of text.
SPARK_SLOT, SPARK_HEIGHT = 22, 36


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
        "has_shares": any(one.y for one in points),
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
        "has_shares": any(one.y for one in points),
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
