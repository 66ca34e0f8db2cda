"""Reports are frozen, published by a second person, and do not change afterwards."""

import hashlib
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from charter.actions import (
    AlreadyPublished,
    NotRendered,
    PeriodNotOver,
    TwoPeopleNeeded,
    attach_pdf,
    prepare_report,
    publish_report,
)
from charter.choices import ReportStatus
from charter.measurement import Period
from charter.models import Report, Standard
from feedback.models import Case
from tests.factories import CaseFactory, at

Q2 = Period.parse("2026-Q2")
LATER = at("2026-11-23")
pytestmark = pytest.mark.django_db


def prepared(by: Any = None) -> Report:
    return prepare_report(period=Q2, as_of=LATER, by=by, now=LATER)


def test_prepared_report_freezes_a_figure_for_each_standard(staff: Any) -> None:
    report = prepared(by=staff["secretary"])

    assert report.figures.count() == Standard.objects.count()
    assert (report.version, report.status, report.prepared_by) == (1, ReportStatus.DRAFT, staff["secretary"])
    assert report.history.get().history_change_reason == "изготвен доклад"


def test_figures_stay_as_they_were_when_the_records_change() -> None:
    CaseFactory(closed=True)
    report = prepared()
    CaseFactory()

    figure = report.figures.get(code="signal-decision")

    assert (figure.part, figure.whole) == (1, 1)


@pytest.mark.parametrize("is_sample", [True, False])
def test_whether_a_report_is_of_sample_data_is_frozen_with_it(is_sample: bool) -> None:
    CaseFactory(is_sample=is_sample)
    report = prepared()
    Case.objects.all().delete()
    CaseFactory(is_sample=not is_sample)

    report.refresh_from_db()

    assert report.has_sample_data is is_sample
    assert report.history.get().has_sample_data is is_sample


def test_report_of_no_records_is_not_of_sample_data() -> None:
    assert prepared().has_sample_data is False


def test_next_report_of_a_period_is_a_new_version() -> None:
    assert [prepared().version, prepared().version] == [1, 2]


@pytest.mark.parametrize(("as_of", "refused"), [(at("2026-06-30", "20:59"), True), (at("2026-06-30", "21:00"), False)])
def test_period_must_be_over(as_of: Any, refused: bool) -> None:
    # 30.06 ends at midnight in Sofia, which is 21:00 UTC.
    if refused:
        with pytest.raises(PeriodNotOver):
            prepare_report(period=Q2, as_of=as_of, by=None, now=LATER)
    else:
        assert prepare_report(period=Q2, as_of=as_of, by=None, now=LATER).as_of == as_of


def test_pdf_is_kept_with_its_digest() -> None:
    report = attach_pdf(report_id=prepared().pk, pdf=b"%PDF")

    report.refresh_from_db()
    assert bytes(report.pdf) == b"%PDF"
    assert report.pdf_sha256 == hashlib.sha256(b"%PDF").hexdigest()


def test_second_person_publishes(staff: Any) -> None:
    report = prepared(by=staff["mayor"])
    attach_pdf(report_id=report.pk, pdf=b"%PDF")

    published = publish_report(report_id=report.pk, by=staff["secretary"], now=LATER)

    assert (published.status, published.published_by, published.published_at) == (
        ReportStatus.PUBLISHED,
        staff["secretary"],
        LATER,
    )
    assert published.history.latest().history_user == staff["secretary"]


def test_whoever_prepared_a_report_cannot_publish_it(staff: Any) -> None:
    report = prepared(by=staff["secretary"])
    attach_pdf(report_id=report.pk, pdf=b"%PDF")

    with pytest.raises(TwoPeopleNeeded):
        publish_report(report_id=report.pk, by=staff["secretary"], now=LATER)


def test_database_refuses_one_person_too(staff: Any) -> None:
    report = prepared(by=staff["secretary"])
    report.status = ReportStatus.PUBLISHED
    report.published_by, report.published_at, report.pdf = staff["secretary"], LATER, b"%PDF"

    with pytest.raises(IntegrityError, match="charter_report_two_people"), transaction.atomic():
        report.save()


def test_report_without_a_pdf_is_not_published(staff: Any) -> None:
    report = prepared()

    with pytest.raises(NotRendered):
        publish_report(report_id=report.pk, by=staff["secretary"], now=LATER)


def test_published_report_does_not_change(staff: Any) -> None:
    report = prepared()
    attach_pdf(report_id=report.pk, pdf=b"%PDF")
    publish_report(report_id=report.pk, by=staff["secretary"], now=LATER)

    with pytest.raises(AlreadyPublished):
        attach_pdf(report_id=report.pk, pdf=b"other")
    with pytest.raises(AlreadyPublished):
        publish_report(report_id=report.pk, by=staff["mayor"], now=LATER)
