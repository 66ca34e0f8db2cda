"""The geometry of the bar chart; the drawing is in includes/bar_chart.html.

Widths are shares of the drawing's width, so that letters keep their size on every screen and in print.
"""

import textwrap
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import template
from django.utils.translation import gettext as _

from samokov_portal.office.templatetags.bulgarian import percent, target

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
    return verdict if line.target is None else f"{_('цел')} {target(line.target)} – {verdict}"
