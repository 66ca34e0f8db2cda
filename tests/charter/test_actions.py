"""Reports are frozen, published by a second person, and do not change afterwards."""

import hashlib
import io
import re
from datetime import date
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import IntegrityError, connection, transaction
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob
from pypdf import PdfReader

from charter.actions.refusals import (
    AlreadyPublished,
    NeedsReason,
    NotExplained,
    NotRendered,
    OutOfDate,
    PeriodNotOver,
    TwoPeopleNeeded,
    WrongStage,
)
from charter.actions.reports import (
    approve_report,
    attach_pdf,
    explain_finding,
    prepare_report,
    publish_report,
    send_back_report,
    submit_report,
    write_comment,
)
from charter.choices import FindingKind, ReportStatus
from charter.measurement import Period
from charter.models import Report, Standard
from charter.pdf import render_report
from charter.stages import STEPS
from feedback.models import Case
from samokov_portal.audit.seals import seal_history
from tests.charter.staged import ACTION, approved, explained, publish
from tests.factories import ApplicationFactory, CaseFactory, at

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
    report = approved(prepared(by=staff["secretary"]), staff, LATER)

    published = publish_report(report_id=report.pk, by=staff["mayor"], now=LATER)

    assert (published.status, published.published_by, published.published_at) == (
        ReportStatus.PUBLISHED,
        staff["mayor"],
        LATER,
    )
    assert published.history.latest().history_user == staff["mayor"]
    taken = published.steps.filter(note="").values_list("status", "by__username")
    assert list(taken) == [
        ("draft", "secretary"),
        ("submitted", "editor"),
        ("approved", "mayor"),
        ("published", "mayor"),
    ]


def submitted(staff: Any) -> Report:
    report = explained(prepared(by=staff["secretary"]), staff["editor"], LATER)
    return submit_report(report_id=report.pk, by=staff["editor"], now=LATER)


@pytest.mark.parametrize("role", ["secretary", "editor"])
def test_whoever_prepared_or_submitted_a_report_does_not_approve_it(staff: Any, role: str) -> None:
    report = submitted(staff)

    with pytest.raises(TwoPeopleNeeded):
        approve_report(report_id=report.pk, by=staff[role], now=LATER)

    assert approve_report(report_id=report.pk, by=staff["mayor"], now=LATER).status == ReportStatus.APPROVED


def test_whoever_prepared_a_report_does_not_publish_it(staff: Any) -> None:
    report = approved(prepared(by=staff["secretary"]), staff, LATER)

    with pytest.raises(TwoPeopleNeeded):
        publish_report(report_id=report.pk, by=staff["secretary"], now=LATER)


@pytest.mark.parametrize("role", ["secretary", "editor"])
def test_database_refuses_one_person_too(staff: Any, role: str) -> None:
    report = submitted(staff)
    report.status = ReportStatus.APPROVED
    report.approved_by, report.approved_at = staff[role], LATER

    with pytest.raises(IntegrityError, match="charter_report_two_people"), transaction.atomic():
        report.save()


def test_approval_asks_for_a_new_pdf_and_publishing_for_its_being_there(staff: Any) -> None:
    report = approve_report(report_id=submitted(staff).pk, by=staff["mayor"], now=LATER)

    assert report.pdf is None
    with pytest.raises(NotRendered):
        publish_report(report_id=report.pk, by=staff["mayor"], now=LATER)


STEPS_TAKEN = {
    "submit": lambda report, staff: submit_report(report_id=report.pk, by=staff["editor"], now=LATER),
    "send_back": lambda report, staff: send_back_report(report_id=report.pk, reason="?", by=staff["mayor"], now=LATER),
    "approve": lambda report, staff: approve_report(report_id=report.pk, by=staff["mayor"], now=LATER),
    "publish": lambda report, staff: publish_report(report_id=report.pk, by=staff["mayor"], now=LATER),
}
WAYS = {
    "draft": (),
    "submitted": ("submit",),
    "returned": ("submit", "send_back"),
    "approved": ("submit", "approve"),
}


@pytest.mark.parametrize("status", WAYS)
@pytest.mark.parametrize("step", STEPS_TAKEN)
def test_each_step_begins_only_where_the_table_says(staff: Any, status: str, step: str) -> None:
    report = explained(prepared(by=staff["secretary"]), staff["editor"], LATER)
    for taken in WAYS[status]:
        STEPS_TAKEN[taken](report, staff)
    attach_pdf(report_id=report.pk, pdf=b"%PDF")

    if status in STEPS[step].begins:
        assert STEPS_TAKEN[step](report, staff).status == STEPS[step].ends
    else:
        with pytest.raises(WrongStage):
            STEPS_TAKEN[step](report, staff)


def test_what_is_broken_is_not_submitted_without_a_comment_and_an_action(staff: Any) -> None:
    CaseFactory()
    report = prepared()
    figure = report.figures.get(code="signal-decision")
    for finding in report.findings.all():
        explain_finding(finding_id=finding.pk, explanation="Проверено е.", by=staff["editor"], now=LATER)

    def submit() -> Report:
        return submit_report(report_id=report.pk, by=staff["editor"], now=LATER)

    with pytest.raises(NotExplained):
        submit()
    write_comment(figure_id=figure.pk, comment="Забавяне.", actions=[], by=staff["editor"], now=LATER)
    with pytest.raises(NotExplained):
        submit()
    explained(report, staff["editor"], LATER)
    assert submit().status == ReportStatus.SUBMITTED


def test_an_oddity_without_an_explanation_keeps_a_report_from_being_submitted(staff: Any) -> None:
    report = prepared()
    finding = report.findings.first()
    assert finding is not None  # nothing is in the store, so every measure is without volume

    with pytest.raises(NotExplained):
        submit_report(report_id=report.pk, by=staff["editor"], now=LATER)
    with pytest.raises(NeedsReason):
        explain_finding(finding_id=finding.pk, explanation=" ", by=staff["editor"], now=LATER)
    explained(report, staff["editor"], LATER)
    assert submit_report(report_id=report.pk, by=staff["editor"], now=LATER).submitted_by == staff["editor"]


def test_nothing_is_written_into_a_submitted_report(staff: Any) -> None:
    report = submitted(staff)
    figure, finding = report.figures.first(), report.findings.first()
    assert figure is not None
    assert finding is not None

    with pytest.raises(WrongStage):
        write_comment(figure_id=figure.pk, comment="Още.", actions=[], by=staff["editor"], now=LATER)
    with pytest.raises(WrongStage):
        explain_finding(finding_id=finding.pk, explanation="Още.", by=staff["editor"], now=LATER)


def test_published_report_does_not_change(staff: Any) -> None:
    report = publish(Q2, LATER, staff)

    with pytest.raises(AlreadyPublished):
        attach_pdf(report_id=report.pk, pdf=b"other")
    with pytest.raises(AlreadyPublished):
        publish_report(report_id=report.pk, by=staff["mayor"], now=LATER)
    with pytest.raises(AlreadyPublished):
        send_back_report(report_id=report.pk, reason="?", by=staff["mayor"], now=LATER)


FROZEN = [
    "UPDATE charter_figure SET part = 1, whole = 1",
    "DELETE FROM charter_figure",
    "UPDATE charter_finding SET explanation = 'x'",
    "UPDATE charter_reportfile SET sha256 = ''",
    "UPDATE charter_report SET as_of = now()",
    "UPDATE charter_report SET status = 'draft'",
    "DELETE FROM charter_report",
]


@pytest.mark.parametrize("statement", FROZEN)
def test_the_database_itself_refuses_to_change_what_is_published(staff: Any, statement: str) -> None:
    publish(Q2, LATER, staff)

    with pytest.raises(IntegrityError, match="published report"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_a_correction_needs_a_reason_and_replaces_the_report_before(staff: Any) -> None:
    first = publish(Q2, LATER, staff)
    with pytest.raises(NeedsReason):
        prepared()

    second = publish(Q2, LATER, staff, reason="Пропуснати заявления.")

    first.refresh_from_db()
    assert (first.status, second.replaces, first.replaced_by) == (ReportStatus.SUPERSEDED, first, second)
    assert (second.version, second.correction_reason) == (2, "Пропуснати заявления.")


def test_what_was_said_of_a_figure_stands_in_the_correction_where_the_figure_is_the_same(staff: Any) -> None:
    CaseFactory()
    publish(Q2, LATER, staff)
    ApplicationFactory(due_on=date(2026, 5, 4))

    second = prepare_report(period=Q2, as_of=LATER, by=None, now=LATER, correction_reason="Пропуск.")

    same, other = (second.figures.get(code=code) for code in ("signal-decision", "service-term"))
    assert (same.comment, same.actions.get().what) == ("Забавени становища.", ACTION["what"])
    assert (other.comment, other.actions.count()) == ("", 0)
    assert not any(finding.explanation for finding in other.findings.all())
    unchanged = second.findings.exclude(figure=other)
    assert {finding.explanation for finding in unchanged} == {"Проверено е."}


def test_a_report_changed_while_it_was_rendered_keeps_no_old_pdf(staff: Any) -> None:
    report = prepared()
    step = report.newest_step()
    explained(report, staff["editor"], LATER)

    with pytest.raises(OutOfDate):
        attach_pdf(report_id=report.pk, pdf=b"%PDF of before", of_step=step)

    assert attach_pdf(report_id=report.pk, pdf=b"%PDF", of_step=report.newest_step()).pdf == b"%PDF"


def test_a_report_names_the_seal_of_what_was_counted_and_publishing_asks_for_the_next(
    client: Client, staff: Any
) -> None:
    CaseFactory()
    connection.check_constraints()
    seal = seal_history(Ed25519PrivateKey.generate(), LATER)
    assert seal is not None

    report = publish(Q2, LATER, staff)

    assert report.seal == seal
    page = client.get("/reports/2026-Q2/").content.decode()
    assert (f"№ {seal.number}, " in page, seal.digest in page) == (True, True)
    pdf = "".join(sheet.extract_text() for sheet in PdfReader(io.BytesIO(render_report(report))).pages)
    assert seal.digest in re.sub(r"\s", "", pdf)
    assert ProcrastinateJob.objects.filter(task_name="portal.seal").count() == 1


def test_a_report_of_what_was_never_sealed_says_nothing_of_a_seal(client: Client, staff: Any) -> None:
    assert publish(Q2, LATER, staff).seal is None
    assert "Печат на записите" not in client.get("/reports/2026-Q2/").content.decode()


def test_a_jump_is_looked_for_between_periods_of_one_length(staff: Any) -> None:
    CaseFactory.create_batch(40, first_due_on=date(2026, 3, 31))
    publish(Period.parse("2026-03"), at("2026-04-10"), staff)
    CaseFactory.create_batch(200, first_due_on=date(2026, 5, 4))

    report = prepared()

    assert not report.findings.filter(kind=FindingKind.VOLUME_JUMP).exists()
