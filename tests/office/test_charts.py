"""The drawing of a trend: every period has its place and its words, a gap is a gap, nothing is drawn by chance."""

import re
from typing import Any

import pytest
from django.template import Context, Template
from django.utils import translation

TREND: list[dict[str, Any]] = [
    {"period": "2025-Q3", "part": 9, "whole": 10, "share": 90.0},
    {"period": "2025-Q4", "part": 0, "whole": 0, "share": None},
    {"period": "2026-Q1", "part": 39, "whole": 40, "share": 97.5},
    {"period": "2026-Q2", "part": 1200, "whole": 1200, "share": 100.0},
]


def drawn(tag: str, trend: Any = TREND, target: Any = 95) -> str:
    page = Template(f"{{% load charts %}}{{% {tag} trend title='Сигнали' target=target %}}")
    return page.render(Context({"trend": trend, "target": target}))


@pytest.mark.parametrize("tag", ["trend_chart", "sparkline"])
def test_every_period_is_told_in_words(tag: str) -> None:
    words = drawn(tag)

    assert 'role="img"' in words
    assert "трето тримесечие на 2025\u00a0г. – 90,0\u202f% (9 от 10)" in words
    assert "четвърто тримесечие на 2025\u00a0г. – няма;" in words
    assert "второ тримесечие на 2026\u00a0г. – 100,0\u202f% (1\u202f200 от 1\u202f200); цел 95\u202f%." in words


@pytest.mark.parametrize("tag", ["trend_chart", "sparkline"])
def test_a_period_without_anything_to_count_is_a_gap(tag: str) -> None:
    drawing = drawn(tag)

    assert drawing.count("<circle") == 3
    assert [len(line.split()) for line in re.findall(r'points="([^"]*)"', drawing)] == [2]


def test_shares_stand_on_one_scale_with_the_target() -> None:
    heights = re.findall(r'cy="([^"]*)"', drawn("trend_chart"))

    assert heights == ["33.0", "26.2", "24.0"]
    assert 'y1="28.5" y2="28.5"' in drawn("trend_chart")


def test_without_a_target_there_is_no_dashed_line() -> None:
    assert "dasharray" in drawn("trend_chart")
    assert "dasharray" not in drawn("trend_chart", target=None)


def test_numbers_of_the_drawing_are_of_no_language() -> None:
    with translation.override("bg"):
        bulgarian = re.findall(r' (?:[xy][12]?|c[xy]|points)="([^"]*)"', drawn("trend_chart"))
    with translation.override("en"):
        english = re.findall(r' (?:[xy][12]?|c[xy]|points)="([^"]*)"', drawn("trend_chart"))

    assert bulgarian == english


def test_the_same_trend_is_drawn_the_same_and_another_title_has_other_ids() -> None:
    ids = re.findall(r'id="([^"]*)"', drawn("trend_chart") + drawn("sparkline"))

    assert drawn("trend_chart") == drawn("trend_chart")
    assert len(set(ids)) == len(ids) == 3


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("2026-Q3", ("III тр.", "2026")),
        ("2026-H1", ("I пол.", "2026")),
        ("2026-07", ("юли", "2026")),
        ("2026", ("2026 г.", "")),
    ],
)
def test_every_sort_of_period_has_a_short_name(code: str, words: tuple[str, str]) -> None:
    drawing = drawn("trend_chart", [{"period": code, "part": 1, "whole": 2, "share": 50.0}])

    assert tuple(re.findall(r'<text class="soft"[^>]*text-anchor="middle"[^>]*>([^<]*)<', drawing)) == words


@pytest.mark.parametrize("tag", ["trend_chart", "sparkline"])
@pytest.mark.parametrize("trend", [[], [TREND[1]]])
def test_nothing_is_drawn_of_nothing(tag: str, trend: Any) -> None:
    assert "<svg" not in drawn(tag, trend)
