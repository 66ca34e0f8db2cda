"""The commands that make reports: one of a period, and those of the demonstration."""

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.management.base import CommandError

from charter.models import Report, Standard
from samokov_portal.staff.models import StaffUser
from tests.charter.test_pdf import case_received, run, stored_report

pytestmark = pytest.mark.django_db
AS_OF = datetime.fromisoformat("2024-10-05T09:00:00+03:00")


@pytest.mark.usefixtures("few_standards")
def test_make_report_freezes_renders_and_writes(tmp_path: Path) -> None:
    said = run("make_report", "2024-Q3", "--as-of", "2024-10-05T09:00", "--out", str(tmp_path / "q3.pdf"))

    report = Report.objects.get()
    assert report.as_of == AS_OF
    assert report.prepared_by is None
    assert (tmp_path / "q3.pdf").read_bytes() == bytes(report.pdf or b"")
    assert said == f"Report 2024-Q3, version 1, SHA-256 {report.pdf_sha256}\n"


@pytest.mark.usefixtures("few_standards")
@pytest.mark.parametrize("again", [(), ("--as-of", "2024-10-05T09:00"), ("--as-of", "2024-10-05T06:00Z")])
def test_make_report_again_returns_the_same_report(again: tuple[str, ...]) -> None:
    said = run("make_report", "2024-Q3", "--as-of", "2024-10-05T09:00")

    assert run("make_report", "2024-Q3", *again) == said
    assert Report.objects.count() == 1


@pytest.mark.usefixtures("few_standards")
def test_make_report_as_of_another_moment_is_a_new_version() -> None:
    run("make_report", "2024-Q3", "--as-of", "2024-10-05T09:00")

    run("make_report", "2024-Q3", "--as-of", "2024-10-06T09:00")

    assert list(Report.objects.order_by("version").values_list("version", flat=True)) == [1, 2]


def test_make_report_completes_a_draft_without_its_pdf() -> None:
    stored_report()

    run("make_report", "2024-Q3")

    assert Report.objects.get().pdf is not None


@pytest.mark.usefixtures("few_standards")
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["2024-Q5"], "'2024-Q5' is no period"),
        (["2024-Q3", "--as-of", "вчера"], "'вчера' is no moment"),
        (["2024-Q3", "--as-of", "2999-01-01"], "is in the future"),
        (["2024-Q3", "--as-of", "2024-09-30T23:59"], "2024-Q3 is not over"),
        (["2024-Q3", "--as-of", "2024-10-05", "--out", "/proc/none/q3.pdf"], "could not be written"),
    ],
)
def test_make_report_refuses_in_one_line(arguments: list[str], said: str) -> None:
    with pytest.raises(CommandError, match=said) as refusal:
        run("make_report", *arguments)

    assert "\n" not in str(refusal.value)


def test_make_report_needs_the_charter() -> None:
    Standard.objects.all().delete()

    with pytest.raises(CommandError, match="load_charter"):
        run("make_report", "2024-Q3")


@pytest.mark.usefixtures("few_standards")
def test_demo_reports_publishes_ended_quarters_with_cases_once(settings: Any) -> None:
    settings.DEMO = True
    secretary = StaffUser.objects.create(username="secretary")
    StaffUser.objects.create(username="editor")
    for at in ("2023-11-03T10:00+02:00", "2024-07-01T10:00+03:00", "2099-01-01T10:00+02:00"):
        case_received(at, is_sample=True)

    run("demo_reports")
    again = run("demo_reports")

    reports = Report.objects.published().order_by("period")
    assert [(row.period, row.version, row.prepared_by, row.published_by) for row in reports] == [
        ("2023-Q4", 1, None, secretary),
        ("2024-Q3", 1, None, secretary),
    ]
    assert [row.as_of for row in reports] == [
        datetime.fromisoformat("2024-01-05T09:00+02:00"),
        datetime.fromisoformat("2024-10-05T09:00+03:00"),
    ]
    assert again == "Report 2023-Q4 is already published.\nReport 2024-Q3 is already published.\n"


@pytest.mark.usefixtures("few_standards")
def test_demo_reports_makes_four_at_the_most(settings: Any) -> None:
    settings.DEMO = True
    for name in ("secretary", "editor"):
        StaffUser(username=name).save()
    for month in ("2023-02", "2023-05", "2023-08", "2023-11", "2024-02"):
        case_received(f"{month}-03T10:00+02:00", is_sample=True)

    run("demo_reports")

    assert list(Report.objects.published().order_by("period").values_list("period", flat=True)) == [
        "2023-Q2",
        "2023-Q3",
        "2023-Q4",
        "2024-Q1",
    ]


def test_demo_reports_is_for_the_demonstration_only(settings: Any) -> None:
    settings.DEMO = False

    with pytest.raises(CommandError, match="demonstration only"):
        run("demo_reports")


def test_demo_reports_needs_the_secretary(settings: Any) -> None:
    settings.DEMO = True

    with pytest.raises(CommandError, match="demo_staff"):
        run("demo_reports")
