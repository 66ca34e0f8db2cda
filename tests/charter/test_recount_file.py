"""Figures counted again from the attached records."""

from typing import Any

import pytest

from charter.recount import WHOLE, Difference, NotCountable, differences, share
from samokov_portal.office.choices import COUNTED

HEAD = "standard,row,state,extended,began_on,last_day,done_on,lasted\r\n"
ROWS = [
    "answers,1,kept,0,2024-07-01,2024-07-15,2024-07-05,",
    "answers,2,kept,1,2024-07-01,2024-08-15,2024-08-01,",
    "answers,3,late,0,2024-07-01,2024-07-15,2024-07-21,",
    "answers,4,unanswered,1,2024-07-01,2024-07-15,,",
    "answers,5,withdrawn,0,2024-07-01,2024-07-15,,",
    "waiting,1,kept,0,2024-07-01,2024-07-01,2024-07-01,7",
    "comings,1,kept,0,2024-07-01,,2024-07-09,1",
    "comings,2,not_kept,0,2024-07-01,,2024-07-09,3",
    "comings,3,no_visit,0,2024-07-01,,2024-07-09,",
]
FIGURES: dict[str, dict[str, Any]] = {
    "answers": {
        "part": 2, "whole": 4, "share": 50.0, "target": 95.0, "excluded": {"withdrawn": 1, "forwarded": 0},
        "verdict": "broken", "unanswered": 1, "extended_part": 1, "extended_whole": 2, "span": "calendar_days",
        "median": 20, "ninetieth": 31, "worst": 31,
    },
    "waiting": {
        "part": 1, "whole": 1, "share": 100.0, "target": None, "excluded": {}, "verdict": "no_target",
        "unanswered": 0, "extended_part": 0, "extended_whole": 0, "span": "minutes",
        "median": 7, "ninetieth": 7, "worst": 7,
    },
    "comings": {
        "part": 1, "whole": 2, "share": 50.0, "target": None, "excluded": {"no_visit": 1}, "verdict": "no_target",
        "unanswered": 0, "extended_part": 0, "extended_whole": 0, "span": "visits",
        "median": 1, "ninetieth": 3, "worst": 3,
    },
    "nothing": {"part": 0, "whole": 0, "share": None, "target": 90.0, "excluded": {}, "verdict": "no_data"},
    "unmeasured": {"part": None, "whole": None, "share": None, "target": 9, "excluded": {}, "verdict": "not_measured"},
}  # fmt: skip
GROUPS = "standard,by,key,label,part,whole\r\nanswers,unit,1,Отдел,2,3\r\nanswers,unit,2,Друг,0,1\r\n"


def cases(*rows: str) -> bytes:
    return ("\ufeff" + HEAD + "".join(row + "\r\n" for row in rows or ROWS)).encode()


def test_states_of_the_whole_are_those_that_the_portal_counts() -> None:
    assert set(COUNTED) == WHOLE


def test_records_that_give_the_figures_differ_in_nothing() -> None:
    assert differences(FIGURES, cases(), GROUPS.encode()) == []
    assert differences(FIGURES, cases(), None) == []


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        (",3,late,", ",3,kept,", {"part": (2, 3), "share": (50.0, 75.0)}),
        (",5,withdrawn,", ",5,forwarded,", {"excluded": ({"withdrawn": 1}, {"forwarded": 1})}),
        ("2024-08-01,", "2024-08-02,", {"ninetieth": (31, 32), "worst": (31, 32)}),
        (",2,kept,1", ",2,kept,0", {"extended_part": (1, 0), "extended_whole": (2, 1)}),
    ],
)
def test_changed_record_changes_its_figure_only(old: str, new: str, found: dict[str, tuple[Any, Any]]) -> None:
    changed = cases().replace(old.encode(), new.encode())

    assert differences(FIGURES, changed, None) == [
        Difference("answers", name, said, counted) for name, (said, counted) in found.items()
    ]


@pytest.mark.parametrize(
    ("figure", "number", "said"),
    [("answers", "share", 50.1), ("answers", "verdict", "kept"), ("waiting", "whole", 2), ("nothing", "part", 1)],
)
def test_changed_number_is_named(figure: str, number: str, said: Any) -> None:
    figures = {**FIGURES, figure: {**FIGURES[figure], number: said}}

    [found] = differences(figures, cases(), None)

    assert (found.figure, found.number, found.said) == (figure, number, said)


def test_records_of_no_figure_are_named() -> None:
    assert differences(FIGURES, cases(*ROWS, "strange,1,kept,0,,,,"), None) == [Difference("strange", "cases", None, 1)]


def test_groups_add_up_to_the_figure() -> None:
    more = GROUPS.replace(",2,3\r", ",2,4\r").encode()

    assert differences(FIGURES, cases(), more) == [Difference("answers", "unit.whole", 4, 5)]


@pytest.mark.parametrize(("shown", "count"), [("2,4", 0), ("1,1", 0), ("3,5", 2)])
def test_shown_groups_never_exceed_the_figure_when_others_are_withheld(shown: str, count: int) -> None:
    groups = f"standard,by,key,label,part,whole\r\nanswers,unit,1,Отдел,{shown}\r\nanswers,unit,2,Друг,,\r\n"

    assert len(differences(FIGURES, cases(), groups.encode())) == count


@pytest.mark.parametrize(
    "content", [b"\xff\xfe", b"nothing\r\n1\r\n", HEAD.encode() + b"answers,1\r\n", HEAD.encode() + b'answers,"1\r\n']
)
def test_what_is_no_table_is_not_countable(content: bytes) -> None:
    with pytest.raises(NotCountable):
        differences(FIGURES, content, None)


def test_bad_day_is_not_countable() -> None:
    with pytest.raises(NotCountable):
        differences(FIGURES, cases().replace(b"2024-07-05", b"2024-07-99"), None)


@pytest.mark.parametrize(
    ("part", "whole", "printed"),
    [(0, 0, None), (1, 1, 100.0), (1999, 2000, 99.9), (1, 100_000, 0.1), (1, 8, 12.5), (1, 16, 6.3), (0, 5, 0.0)],
)
def test_share_is_rounded_as_printed(part: int, whole: int, printed: float | None) -> None:
    assert share(part, whole) == printed
