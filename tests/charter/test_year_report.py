"""The part of a year's report on satisfaction (НАО, чл. 24), and the page that is read first."""

import io
import json
import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from pypdf import PdfReader

from charter.actions.reports import prepare_report
from charter.choices import Method, Verdict
from charter.freezing import content_of
from charter.measurement import Period
from charter.models import Observation, Report, Standard
from charter.pdf import GLANCED_BROKEN, render_report
from feedback.choices import InvitedBy, OralChannel, OralKind, OralResult, Outcome, SurveyAbout, SurveySource
from feedback.models import OralEnquiry, SurveyInvitation, SurveyResponse
from samokov_portal.history import save_with_history
from services.models import Service, Unit
from tests.charter.staged import explained, publish
from tests.factories import CaseFactory, at

pytestmark = pytest.mark.django_db

YEAR = Period.parse("2026")
LATER = at("2027-01-15")


def frozen(period: Period = YEAR, as_of: Any = LATER) -> dict[str, Any]:
    """What a report of `period` says of satisfaction."""
    report = prepare_report(period=period, as_of=as_of, by=None, now=as_of)
    return json.loads(content_of(report.files.get(name="satisfaction.json")))


def answered(count: int, day: str = "2026-05-05", **answers: Any) -> None:
    facts = {"source": SurveySource.KIOSK, "about": SurveyAbout.COUNTER, "overall": 5} | answers
    for _serial in range(count):
        SurveyResponse.objects.create(at=at(day), **facts)


def counts(rows: list[dict[str, Any]], name: str = "label") -> dict[str, int | None]:
    return {row[name]: row["count"] for row in rows}


def text_of(pdf: bytes) -> list[str]:
    """The words of each page, each on one line."""
    return [re.sub(r"\s+", " ", page.extract_text()) for page in PdfReader(io.BytesIO(pdf)).pages]


def test_methods_and_coverage_are_counted(staff: Any) -> None:
    answered(2)
    answered(1, source=SurveySource.RECEIPT, about=SurveyAbout.CASE)
    SurveyInvitation.objects.create(
        case=CaseFactory(received_at=at("2026-05-04")), means=InvitedBy.RECEIPT, issued_at=at("2026-06-01"),
        code_digest="0" * 64,
    )  # fmt: skip
    OralEnquiry.objects.create(
        kind=OralKind.QUESTION, channel=OralChannel.PHONE, asked_at=at("2026-06-01"), minutes=2,
        result=OralResult.ANSWERED, recorded_by=staff["clerk"], recorded_at=at("2026-06-01"),
    )  # fmt: skip
    Observation.objects.create(
        standard=Standard.objects.earliest("pk"), on=date(2026, 6, 1), method=Method.MYSTERY, is_kept=True,
        recorded_at=at("2026-06-02"),
    )  # fmt: skip

    said = frozen()

    methods = counts(said["methods"], "code")
    assert methods["survey-kiosk"] == 2
    assert methods["survey-receipt"] == 1
    assert (methods["oral"], methods["observation-mystery"], methods["case-signal"]) == (1, 1, 1)
    assert said["coverage"] == {"invited": 1, "answered": 1, "responses": 3}


@pytest.mark.parametrize(
    ("day", "counted"), [("2025-12-31", 0), ("2026-01-01", 5), ("2026-12-31", 5), ("2027-01-01", 0)]
)
def test_only_the_year_is_counted(day: str, counted: int) -> None:
    answered(5, day)

    said = frozen()

    assert said["coverage"]["responses"] == counted


@pytest.mark.parametrize(("answers", "whole"), [(5, 5), (4, None)])
def test_answers_of_fewer_than_five_are_withheld(answers: int, whole: int | None) -> None:
    answered(answers)

    overall = frozen()["results"][0]

    assert overall["whole"] == whole
    assert set(counts(overall["answers"]).values()) == ({5, 0} if whole else {None})


def test_complaints_and_signals_by_outcome_and_subject() -> None:
    service, unit = Service.objects.earliest("pk"), Unit.objects.latest("pk")
    CaseFactory.create_batch(6, decided=True, outcome=Outcome.UPHELD, service=service, unit=unit)
    CaseFactory.create_batch(5)
    CaseFactory(received_at=at("2025-12-31"), registered_at=at("2025-12-31"))

    said = frozen()

    ends = {row["label"]: (row["whole"], counts(row["outcomes"])) for row in said["outcomes"]}
    assert ends["Сигнал"] == (11, {"Уважен": 6, "Без решение към този момент": 5})
    assert ends["Жалба срещу акт"] == (0, {})
    by = {row["by"]: counts(row["groups"]) for row in said["subjects"]}
    assert by == {
        "service": {service.name: 6, "Без посочена услуга": 5},
        "unit": {unit.name: 6, "Без определено звено": 5},
    }


def test_what_became_of_fewer_than_five_is_withheld() -> None:
    CaseFactory.create_batch(3, decided=True, outcome=Outcome.UPHELD)
    CaseFactory()

    ends = {row["label"]: (row["whole"], counts(row["outcomes"])) for row in frozen()["outcomes"]}

    # Not even which outcomes there were: of a single case that would be its own.
    assert ends["Сигнал"] == (4, {})


def test_a_small_subject_cannot_be_had_by_subtraction() -> None:
    unit = Unit.objects.latest("pk")
    CaseFactory.create_batch(2, unit=unit)
    CaseFactory.create_batch(9)

    said = frozen()

    assert counts(said["subjects"][1]["groups"]) == {unit.name: None, "Без определено звено": None}


def test_it_is_counted_as_of_the_report() -> None:
    answered(5)
    report = prepare_report(period=YEAR, as_of=LATER, by=None, now=LATER)
    before = content_of(report.files.get(name="satisfaction.json"))
    answered(5)

    assert content_of(Report.objects.get(pk=report.pk).files.get(name="satisfaction.json")) == before


def test_measures_are_those_of_the_published_reports_of_the_year(staff: Any) -> None:
    CaseFactory()  # nobody answered it by 04.05.2026
    publish(Period.parse("2026-Q2"), at("2026-07-10"), staff)
    prepare_report(period=Period.parse("2026-Q3"), as_of=at("2026-10-10"), by=None, now=at("2026-10-10"))

    said = frozen()

    assert {row["period"] for row in said["measures"]} == {"2026-Q2"}
    assert "Решение по сигнал" in {row["standard"] for row in said["measures"]}
    assert {(row["owner"], row["due_on"]) for row in said["measures"]} == {("Секретар", "2026-12-31")}


@pytest.mark.parametrize(("day", "told"), [("2027-01-14", {"2026-Q2"}), ("2027-01-16", set())])
def test_what_was_published_after_the_moment_is_not_among_them(staff: Any, day: str, told: set[str]) -> None:
    CaseFactory()
    publish(Period.parse("2026-Q2"), at(day), staff)

    assert {row["period"] for row in frozen()["measures"]} == told


@pytest.mark.parametrize(("day", "told"), [("2027-01-14", 0), ("2027-01-16", 1)])
def test_a_report_gives_way_to_its_correction_when_that_is_published(staff: Any, day: str, told: int) -> None:
    CaseFactory()
    first = publish(Period.parse("2026-Q2"), at("2026-07-10"), staff)
    publish(Period.parse("2026-Q2"), at(day), staff, reason="Пропуснато писмо.")

    assert Report.objects.standing_at(LATER).filter(pk=first.pk).count() == told


def test_subjects_bear_the_names_of_the_moment(staff: Any) -> None:
    unit, service = Unit.objects.latest("pk"), Service.objects.earliest("pk")
    was = (service.name, unit.name)
    CaseFactory.create_batch(6, unit=unit, service=service)
    for row in (unit, service):
        row.name = "Преименувано"
        row._history_date = at("2027-01-16")
        save_with_history(row, by=staff["editor"], why="преименувано")

    said = frozen()

    assert [list(counts(by["groups"])) for by in said["subjects"]] == [[was[0]], [was[1]]]


def test_a_quarter_has_no_such_part(client: Client, staff: Any) -> None:
    report = publish(Period.parse("2026-Q2"), at("2026-07-10"), staff)

    assert not report.files.filter(name="satisfaction.json").exists()
    assert "НАО, чл. 24)" not in client.get("/reports/2026-Q2/").content.decode()
    assert not any("Удовлетвореност на потребителите" in page for page in text_of(render_report(report)))


def test_page_and_pdf_of_a_year_say_what_was_frozen(client: Client, staff: Any) -> None:
    answered(7)
    answered(2, overall=1)
    publish(Period.parse("2026-Q2"), at("2026-07-10"), staff)
    report = publish(YEAR, LATER, staff)

    page = client.get("/reports/2026/").content.decode()
    pdf = " ".join(text_of(render_report(Report.objects.get(pk=report.pk))))

    assert "Удовлетвореност на потребителите (НАО, чл. 24)" in page
    assert "Удовлетвореност на потребителите (НАО, чл. 24)" in pdf
    assert "Попълнени анкети през годината: 9." in page
    assert "много съм доволен 7" in pdf
    assert "никак не съм доволен 2" in pdf
    assert "31.12.2026" in pdf


def test_the_summary_stays_on_one_page_whatever_was_broken(staff: Any) -> None:
    report = prepare_report(period=YEAR, as_of=LATER, by=None, now=LATER)
    trend = [
        {"period": "2025", "part": 1, "whole": 2, "share": 50.0},
        {"period": "2026", "part": 0, "whole": 9, "share": 0.0},
    ]
    for figure in report.figures.all():
        figure.verdict, figure.part, figure.whole, figure.target = Verdict.BROKEN, 0, 9, 95
        figure.title = figure.title + " и още думи, които заемат място" * 2
        figure.title = figure.title[:120]
        figure.details = {**figure.details, "trend": trend}
        figure.save()
    explained(report, staff["secretary"], LATER + timedelta(hours=1))

    pages = text_of(render_report(Report.objects.get(pk=report.pk)))

    first = next(index for index, page in enumerate(pages) if "От 26 обещания" in page)
    assert "Всички резултати" in pages[first + 1]
    assert pages[first].count("Напомняне преди срока.") == GLANCED_BROKEN
    assert "Неспазени са 26." in pages[first]
    assert "Неспазени са и: 8. " in pages[first]  # in the order of the charter
    assert "; 26. " in pages[first]
    assert "надолу" in pages[first]


def test_quality_people_and_the_correction_are_told(staff: Any) -> None:
    staff["mayor"].position = "кмет"
    staff["mayor"].save()
    CaseFactory.create_batch(2)
    first = publish(Period.parse("2026-Q2"), at("2026-07-10"), staff)
    CaseFactory(received_at=at("2026-03-02"), registered_at=at("2026-08-01"), due_on=date(2026, 5, 4))
    second = publish(Period.parse("2026-Q2"), at("2026-09-10"), staff, reason="Вписан е пропуснат сигнал.")

    before, after = (" ".join(text_of(render_report(Report.objects.get(pk=row.pk)))) for row in (first, second))

    assert "Кой отговаря за доклада" in before
    assert "Одобрил mayor, кмет" in before
    assert "Проверено е." in before  # the explanation of a finding
    assert "Какво поправя тази версия" not in before
    assert "Тази версия замества версия 1" in after
    assert "Причина: Вписан е пропуснат сигнал." in after
    after = re.sub(r"[\u00a0\u202f]", " ", after)
    assert "Преди беше преброено каквото се знаеше към 10.07.2026" in after
    assert "Сега – каквото се знаеше към 10.09.2026" in after
    assert "Решение по сигнал всички 2 3" in after
