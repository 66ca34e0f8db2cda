"""The database refuses nonsense about standards, reports and figures, whatever code asks for it."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from charter.models import CharterVersion, Figure, Report, Standard
from tests.factories import at

pytestmark = pytest.mark.django_db
PREPARED = at("2026-07-06")
LATER, EARLIER = PREPARED + timedelta(hours=1), PREPARED - timedelta(hours=1)


def report(**changes: Any) -> Report:
    facts = {
        "period": "2026-Q2",
        "period_start": date(2026, 4, 1),
        "period_end": date(2026, 7, 1),
        "as_of": PREPARED,
        "prepared_at": PREPARED,
    }
    return Report.objects.create(**{**facts, **changes})


def published(staff: Any, **changes: Any) -> dict[str, Any]:
    """The facts of a published report, with `changes`; people are named by their roles."""
    whole = {"status": "published", "approved_by": "mayor", "approved_at": PREPARED, "published_by": "mayor"}
    facts = {**whole, "published_at": LATER, "pdf": b"%PDF", **changes}
    names = ("prepared_by", "submitted_by", "approved_by", "published_by")
    people = {name: staff[facts[name]] for name in names if facts.get(name)}
    return {**facts, **people}


@pytest.mark.parametrize(
    ("constraint", "changes"),
    [
        ("charter_report_stands_whole", {"published_by": None}),
        ("charter_report_stands_whole", {"published_at": None}),
        ("charter_report_stands_whole", {"published_at": EARLIER}),  # before it was prepared
        ("charter_report_stands_whole", {"pdf": None}),
        ("charter_report_stands_whole", {"status": "draft"}),  # published all the same
        ("charter_report_stands_whole", {"status": "lost"}),
        ("charter_report_stands_whole", {"approved_by": None}),
        ("charter_report_stands_whole", {"approved_at": EARLIER}),
        ("charter_report_stands_whole", {"status": "approved"}),  # published all the same
        ("charter_report_two_people", {"prepared_by": "mayor"}),
        ("charter_report_two_people", {"submitted_by": "mayor"}),
        ("charter_report_period_runs", {"period_end": date(2026, 4, 1)}),
    ],
)
def test_a_report_with_nonsense_is_refused(staff: Any, constraint: str, changes: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        report(**published(staff, **changes))


@pytest.mark.parametrize("changes", [{}, {"prepared_by": "secretary"}, {"published_at": PREPARED}])
def test_a_whole_published_report_is_stored(staff: Any, changes: dict[str, Any]) -> None:
    assert report(**published(staff, **changes)).pk


@pytest.mark.parametrize("changes", [{}, {"pdf": b"%PDF"}])
def test_a_draft_is_stored_with_and_without_its_pdf(changes: dict[str, Any]) -> None:
    assert report(**changes).pk


def test_a_version_of_a_report_is_stored_once() -> None:
    report()

    with pytest.raises(IntegrityError, match="charter_report_version_once"), transaction.atomic():
        report()

    assert report(version=2).pk


def figure(**changes: Any) -> Figure:
    facts = {
        "report": changes.get("report") or report(),
        "position": 0,
        "code": "proba",
        "title": "Проба",
        "text": "Проба",
        "definition": "Проба",
        "kind": "own",
        "part": None,
        "whole": None,
        "verdict": "no_data",
        "is_reconstructed": True,
    }
    return Figure.objects.create(**{**facts, **changes})


@pytest.mark.parametrize(("part", "whole"), [(None, 5), (None, 0), (5, None), (6, 5), (1, 0)])
def test_a_figure_whose_part_is_none_of_the_whole_is_refused(part: int | None, whole: int | None) -> None:
    with pytest.raises(IntegrityError, match="charter_figure_part_of_whole"), transaction.atomic():
        figure(part=part, whole=whole)


@pytest.mark.parametrize(("part", "whole"), [(None, None), (0, 0), (0, 5), (5, 5)])
def test_a_figure_with_a_part_of_the_whole_is_stored(part: int | None, whole: int | None) -> None:
    assert figure(part=part, whole=whole).pk


def test_a_report_has_one_figure_for_a_code() -> None:
    row = figure()

    with pytest.raises(IntegrityError, match="charter_figure_once"), transaction.atomic():
        figure(report=row.report)

    assert figure(report=row.report, code="druga").pk


@pytest.fixture
def newer() -> CharterVersion:
    """A version of the charter after that of 2016, without standards yet."""
    return CharterVersion.objects.create(
        number=2, title="Харта на клиента", adopted_year=2027, place="Самоков", is_complete=True, source="проба"
    )


def standard(version: CharterVersion, **changes: Any) -> Standard:
    facts = {
        "code": "proba",
        "position": 99,
        "title": "Проба",
        "text": "Проба",
        "definition": "Проба",
        "kind": "own",
        "source": "проба",
        "confidence": "V",
        "is_reconstructed": False,
        "measured_from": "none",
        "not_measured_reason": "Още не се записва.",
    }
    return Standard.objects.create(version=version, **{**facts, **changes})


@pytest.mark.parametrize(
    ("constraint", "changes"),
    [
        ("charter_standard_once", {"code": "signal-decision"}),
        ("charter_standard_one_per_measure", {"measure": "signal-decision"}),
        ("charter_standard_measured_or_says_why", {"not_measured_reason": ""}),
        ("charter_standard_target_is_share", {"target": 101}),
        ("charter_standard_target_is_share", {"target": -1}),
    ],
)
def test_a_standard_with_nonsense_is_refused(constraint: str, changes: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        standard(CharterVersion.objects.get(), **changes)


@pytest.mark.parametrize(
    "changes", [{}, {"measure": "proba", "not_measured_reason": ""}, {"target": 0}, {"target": 100}]
)
def test_a_lawful_standard_is_stored(changes: dict[str, Any]) -> None:
    assert standard(CharterVersion.objects.get(), **changes).pk


def test_a_newer_version_may_promise_under_the_same_code_and_measure(newer: CharterVersion) -> None:
    assert standard(newer, code="signal-decision", measure="signal-decision").pk


def test_in_force_are_the_standards_of_the_newest_version_in_their_order(newer: CharterVersion) -> None:
    second = standard(newer, code="signal-decision", position=2)
    first = standard(newer, code="proba", position=1)

    assert list(Standard.objects.in_force()) == [first, second]


def test_a_newer_version_without_standards_leaves_the_older_ones_in_force(newer: CharterVersion) -> None:
    standards = list(Standard.objects.in_order())

    assert list(Standard.objects.in_force()) == standards


def test_without_any_standard_none_is_in_force() -> None:
    Standard.objects.all().delete()

    assert list(Standard.objects.in_force()) == []
