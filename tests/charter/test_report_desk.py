"""The desk of reports: drafts ordered, explained, taken through their stages by two people, and kept from others."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from charter.actions.reports import attach_pdf, prepare_report, submit_report, unexplained
from charter.measurement import Period
from charter.models import Report
from charter.tasks import draft_report, order_pdf, render_report_pdf
from tests.charter.staged import approved, explained, publish
from tests.factories import CaseFactory, at

Q2 = Period.parse("2026-Q2")
LATER = at("2026-07-06")
NOT_KEPT = "max-age=0, no-cache, no-store, must-revalidate, private"
pytestmark = pytest.mark.django_db


def test_a_draft_is_ordered_at_the_desk_and_made_by_the_worker(as_role: Any) -> None:
    CaseFactory(received_at=at("2026-05-04"))
    response = as_role("secretary").post("/desk/reports/prepare/", {"period": "2026-q2"})

    assert response["Location"] == reverse("charter:desk_reports")
    ordered = ProcrastinateJob.objects.get()
    draft_report(**ordered.args)
    report = Report.objects.get()
    assert (report.period, report.prepared_by.username) == ("2026-Q2", "secretary")
    assert ProcrastinateJob.objects.filter(args={"report_id": report.pk}).count() == 1


@pytest.mark.parametrize(
    ("status", "hours", "said"),
    [
        ("todo", 0, "чака реда си"),
        ("doing", 0, "изготвя се"),
        ("failed", 23, "не можа да бъде изготвен, поръчайте го отново"),
        ("failed", 25, ""),
        ("succeeded", 0, ""),
    ],
)
def test_the_desk_says_where_an_ordered_draft_is(as_role: Any, status: str, hours: int, said: str) -> None:
    CaseFactory(received_at=at("2026-05-04"))
    secretary = as_role("secretary")
    secretary.post("/desk/reports/prepare/", {"period": "2026-Q2"})
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = %s::procrastinate_job_status", [status])
        cursor.execute("UPDATE procrastinate_events SET at = now() - %s * interval '1 hour'", [hours])

    page = secretary.get("/desk/reports/")

    assert [(one.period, one.state.label) for one in page.context["ordered"]] == ([("2026-Q2", said)] if said else [])
    assert ("Поръчани доклади" in page.content.decode()) == bool(said)


def test_a_draft_ordered_twice_is_made_once(as_role: Any) -> None:
    CaseFactory(received_at=at("2026-05-04"))
    for role in ("secretary", "editor"):
        as_role(role).post("/desk/reports/prepare/", {"period": "2026-Q2"})

    for ordered in ProcrastinateJob.objects.order_by("id"):
        draft_report(**ordered.args)

    assert [(report.version, report.prepared_by.username) for report in Report.objects.all()] == [(1, "secretary")]


def test_a_period_with_a_report_in_work_gets_no_second_one_until_that_is_discarded(as_role: Any) -> None:
    CaseFactory(received_at=at("2026-05-04"))
    asked = {"period": "2026-Q2"}
    draft = prepare_report(period=Q2, as_of=LATER, by=None, now=LATER)

    refused = as_role("secretary").post("/desk/reports/prepare/", asked)
    assert (refused.status_code, "вече се работи по доклад" in refused.content.decode()) == (422, True)
    discard = f"/desk/reports/{draft.pk}/discard/"
    assert as_role("secretary").post(discard, {"note": " "}).status_code == 422
    assert as_role("secretary").post(discard, {"note": "Липсват\0 заявления."}).status_code == 302
    assert "Този проект е оставен" in as_role("secretary").get(f"/desk/reports/{draft.pk}/").content.decode()
    assert as_role("secretary").post("/desk/reports/prepare/", asked).status_code == 302


def test_a_first_report_that_was_overtaken_is_refused_in_words(as_role: Any, staff: Any) -> None:
    overtaken = approved(prepare_report(period=Q2, as_of=LATER, by=None, now=LATER), staff, LATER)
    publish(Q2, LATER, staff)

    response = as_role("mayor").post(f"/desk/reports/{overtaken.pk}/publish/")

    assert response.status_code == 422
    assert "Междувременно за този период е публикуван доклад." in response.content.decode()


def test_what_is_broken_says_so_in_its_form_and_takes_no_day_that_has_passed(as_role: Any) -> None:
    CaseFactory()
    report = prepare_report(period=Q2, as_of=LATER, by=None, now=LATER)
    figure = report.figures.get(code="signal-decision")
    page = f"/desk/reports/{report.pk}/figures/{figure.pk}/"
    said = {"comment": "Забавяне.", "what_1": "Напомняне.", "owner_1": "Секретар"}

    form = as_role("secretary").get(page).content.decode()
    assert "Нужен е, защото стандартът е неспазен" in form
    assert re.findall(r"Коментар\s*<span", form) == []  # not called optional
    assert "Неспазен." in form
    assert as_role("secretary").post(page, {**said, "due_on_1": "01.01.2020"}).status_code == 422
    assert as_role("secretary").post(page, {**said, "due_on_1": "31.12.2036"}).status_code == 302
    assert f'href="{page}"' in as_role("secretary").get(f"/desk/reports/{report.pk}/").content.decode()


def test_whoever_approves_reads_everything_that_was_said(as_role: Any, staff: Any) -> None:
    CaseFactory()
    report = explained(prepare_report(period=Q2, as_of=LATER, by=None, now=LATER), staff["editor"], LATER)
    submit_report(report_id=report.pk, by=staff["editor"], now=LATER)
    figure = report.figures.get(code="signal-decision")

    page = as_role("mayor").get(f"/desk/reports/{report.pk}/figures/{figure.pk}/").content.decode()

    assert "Забавени становища." in page
    assert "Напомняне преди срока." in page
    other = report.findings.exclude(figure=figure)[0].figure_id
    assert "Проверено е." in as_role("mayor").get(f"/desk/reports/{report.pk}/figures/{other}/").content.decode()


def test_many_changes_wait_for_one_pdf(as_role: Any) -> None:
    report = prepare_report(period=Q2, as_of=LATER, by=None, now=LATER)
    orders = ProcrastinateJob.objects.filter(args={"report_id": report.pk})
    for figure in report.figures.all()[:3]:
        as_role("secretary").post(f"/desk/reports/{report.pk}/figures/{figure.pk}/", {"comment": "Бележка."})

    waiting = orders.count()
    orders.update(status="doing")  # the worker has taken it, and reads what was stored by then
    as_role("secretary").post(f"/desk/reports/{report.pk}/figures/{figure.pk}/", {"comment": "Друга бележка."})

    assert (waiting, orders.count()) == (1, 2)


def test_a_report_changed_while_it_is_rendered_is_rendered_again(as_role: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    report = prepare_report(period=Q2, as_of=LATER, by=None, now=LATER)
    page = f"/desk/reports/{report.pk}/figures/{report.figures.all()[0].pk}/"

    def rendered_too_late(row: Report) -> bytes:
        as_role("secretary").post(page, {"comment": "Бележка."})
        return b"%PDF-1.7 of before"

    orders = ProcrastinateJob.objects.filter(args={"report_id": report.pk})
    order_pdf(report.pk)
    orders.update(status="doing")
    monkeypatch.setattr("charter.tasks.render_report", rendered_too_late)
    render_report_pdf(report.pk)

    assert Report.objects.get().pdf is None
    assert sorted(orders.values_list("status", flat=True)) == ["doing", "todo"]


def test_nobody_approves_what_was_changed_since_they_read_it(as_role: Any, staff: Any) -> None:
    report = explained(prepare_report(period=Q2, as_of=LATER, by=None, now=LATER), staff["editor"], LATER)
    submit_report(report_id=report.pk, by=staff["editor"], now=LATER)
    desk = f"/desk/reports/{report.pk}/"
    read = as_role("mayor").get(desk).context["seen"]
    as_role("secretary").post(f"{desk}send_back/", {"note": "Допълнете."})
    as_role("editor").post(f"{desk}submit/")

    refused = as_role("mayor").post(f"{desk}approve/", {"seen": read})
    nonsense = as_role("mayor").post(f"{desk}approve/", {"seen": "9" * 40})
    sent_back = as_role("mayor").post(f"{desk}send_back/", {"seen": read, "note": "Пак допълнете."})

    assert [answer.status_code for answer in (refused, nonsense, sent_back)] == [409] * 3
    assert "Междувременно колега промени доклада." in refused.content.decode()
    assert "Пак допълнете." in sent_back.content.decode()
    assert Report.objects.get().status == "submitted"
    again = {"seen": refused.context["seen"]}
    assert as_role("mayor").post(f"{desk}approve/", again).status_code == 302


@pytest.mark.parametrize(("step", "by", "field"), [("send_back", "mayor", "note"), ("discard", "editor", "why")])
def test_a_step_without_its_reason_is_said_at_the_field(
    as_role: Any, staff: Any, step: str, by: str, field: str
) -> None:
    report = explained(prepare_report(period=Q2, as_of=LATER, by=None, now=LATER), staff["editor"], LATER)
    if step == "send_back":
        submit_report(report_id=report.pk, by=staff["editor"], now=LATER)

    refused = as_role(by).post(f"/desk/reports/{report.pk}/{step}/", {"note": " "})

    page = " ".join(refused.content.decode().split())
    assert refused.status_code == 422
    assert page.count('aria-invalid="true"') == 1
    assert f'aria-invalid="true" aria-describedby="{field}_error" autofocus' in page
    assert ("<details open>" in page) == (step == "discard")
    assert Report.objects.get().status == ("submitted" if step == "send_back" else "draft")


def test_from_one_figure_to_the_next_that_waits(as_role: Any) -> None:
    report = prepare_report(period=Q2, as_of=LATER, by=None, now=LATER)
    first, *others = unexplained(report)
    desk, last = f"/desk/reports/{report.pk}/", others[-1]
    said = {f"finding_{finding.pk}": "Проверено е." for finding in first.findings.all()}
    clerk = as_role("secretary")

    saved = clerk.post(f"{desk}figures/{first.pk}/", said)
    forward = clerk.post(f"{desk}figures/{first.pk}/", {**said, "next": "1"})
    around = clerk.post(f"{desk}figures/{last.pk}/", {"next": "1"})

    assert (saved["Location"], forward["Location"]) == (desk, f"{desk}figures/{others[0].pk}/")
    assert around["Location"] == f"{desk}figures/{others[0].pk}/"


def test_after_the_last_figure_that_waited_one_is_back_at_the_report(as_role: Any, staff: Any) -> None:
    report = explained(prepare_report(period=Q2, as_of=LATER, by=None, now=LATER), staff["editor"], LATER)
    figure = report.figures.all()[0]

    saved = as_role("secretary").post(f"/desk/reports/{report.pk}/figures/{figure.pk}/", {"next": "1"})

    assert saved["Location"] == f"/desk/reports/{report.pk}/"


def test_what_a_colleague_wrote_of_a_figure_meanwhile_is_not_overwritten_unseen(as_role: Any) -> None:
    CaseFactory()
    report = prepare_report(period=Q2, as_of=LATER, by=None, now=LATER)
    page = f"/desk/reports/{report.pk}/figures/{report.figures.get(code='signal-decision').pk}/"
    opened = as_role("secretary").get(page).context["form"]["seen"].value()
    said = {"what_1": "Напомняне.", "owner_1": "Секретар", "due_on_1": "31.12.2036"}
    as_role("editor").post(page, {**said, "comment": "Бележка на редактора.", "seen": opened})

    refused = as_role("secretary").post(page, {**said, "comment": "Бележка на секретаря.", "seen": opened})

    words = refused.content.decode()
    assert (refused.status_code, "колега промени бележките" in words) == (409, True)
    assert "Бележка на редактора." in words
    assert "Бележка на секретаря." in words
    again = {**said, "comment": "Обща бележка.", "seen": refused.context["form"]["seen"].value()}
    assert as_role("secretary").post(page, again).status_code == 302
    assert report.figures.get(code="signal-decision").comment == "Обща бележка."


@pytest.mark.parametrize(("role", "leads_to"), [("editor", "/desk/reports/"), ("auditor", "/desk/looks/")])
def test_who_may_not_see_the_work_list_is_led_to_what_is_theirs(as_role: Any, role: str, leads_to: str) -> None:
    somebody = as_role(role)
    page = somebody.get("/desk/")

    assert page.status_code == 403
    assert f'class="button" href="{leads_to}"' in page.content.decode()
    assert somebody.get(leads_to).status_code == 200


def test_an_editor_is_not_led_to_a_list_that_is_not_hers(as_role: Any) -> None:
    path = re.compile(r'class="breadcrumbs".*?</nav>', re.DOTALL)
    found = {}
    for role in ("editor", "secretary"):
        found[role] = path.search(as_role(role).get("/desk/reports/").content.decode())

    assert "Работно място" not in found["editor"][0]
    assert "Работно място" in found["secretary"][0]


@pytest.mark.parametrize("period", ["", "2026-Q9", "2099", "2010-Q1", "нищо"])
def test_bad_or_running_period_is_refused_at_the_desk(as_role: Any, period: str) -> None:
    response = as_role("secretary").post("/desk/reports/prepare/", {"period": period})

    assert response.status_code == 422
    assert not Report.objects.exists()
    assert not ProcrastinateJob.objects.exists()


def test_a_report_goes_through_its_stages_at_the_desk(as_role: Any, staff: Any) -> None:
    CaseFactory()  # late: the promise is broken
    report = prepare_report(period=Q2, as_of=LATER, by=staff["secretary"], now=LATER)
    desk = f"/desk/reports/{report.pk}/"
    figure = report.figures.get(code="signal-decision")

    assert as_role("secretary").post(f"{desk}submit/").status_code == 422  # nothing is explained yet
    half = {"comment": "Забавяне.", "what_1": "Напомняне."}
    assert as_role("secretary").post(f"{desk}figures/{figure.pk}/", half).status_code == 422
    said = {**half, "owner_1": "Секретар", "due_on_1": "31.12.2026"}
    assert as_role("secretary").post(f"{desk}figures/{figure.pk}/", said).status_code == 302
    for finding in report.findings.all():
        explanation = {f"finding_{finding.pk}": "Проверено е."}
        about = f"{desk}figures/{finding.figure_id}/"
        assert as_role("secretary").post(about, explanation).status_code == 302
    assert as_role("secretary").post(f"{desk}submit/").status_code == 302
    assert as_role("secretary").post(f"{desk}submit/").status_code == 409  # a second press
    assert as_role("secretary").post(f"{desk}approve/").status_code == 422  # her own
    assert as_role("editor").post(f"{desk}approve/").status_code == 403
    assert as_role("mayor").post(f"{desk}send_back/", {"note": " "}).status_code == 422
    assert as_role("mayor").post(f"{desk}send_back/", {"note": "Допълнете."}).status_code == 302
    assert "Допълнете." in as_role("secretary").get(desk).content.decode()
    for role, step in (("secretary", "submit"), ("mayor", "approve")):
        assert as_role(role).post(f"{desk}{step}/").status_code == 302
    assert as_role("mayor").post(f"{desk}publish/").status_code == 422  # not rendered yet
    attach_pdf(report_id=report.pk, pdf=b"%PDF-1.7")
    assert as_role("mayor").post(f"{desk}publish/").status_code == 302
    report.refresh_from_db()
    assert report.published_by.username == "mayor"
    assert as_role("mayor").post(f"{desk}burn/").status_code == 404


@pytest.mark.parametrize(
    ("role", "status"),
    [("secretary", 200), ("mayor", 200), ("clerk", 403), ("expert", 403), ("editor", 200), ("auditor", 403)],
)
def test_who_may_see_the_drafts(as_role: Any, role: str, status: int) -> None:
    report = prepare_report(period=Q2, as_of=LATER, by=None, now=LATER)

    assert as_role(role).get("/desk/reports/").status_code == status
    assert as_role(role).get(f"/desk/reports/{report.pk}/").status_code == status


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("get", ""),
        ("post", "prepare/"),
        ("get", "{pk}/"),
        ("get", "{pk}/pdf/"),
        ("post", "{pk}/publish/"),
    ],
)
def test_nothing_of_the_desk_is_kept_by_browsers(client: Client, as_role: Any, method: str, path: str) -> None:
    report = attach_pdf(
        report_id=prepare_report(period=Q2, as_of=LATER, by=None, now=LATER).pk, pdf=b"%PDF-1.7 of a draft"
    )

    address = f"/desk/reports/{path.format(pk=report.pk)}"
    responses = [getattr(somebody, method)(address) for somebody in (client, as_role("secretary"))]

    # On the way to the login, and on the page.
    assert {response["Cache-Control"] for response in responses} == {NOT_KEPT}


@pytest.mark.parametrize("path", ["/desk/reports/", "/desk/reports/1/"])
def test_drafts_ask_for_a_login(client: Client, path: str) -> None:
    assert client.get(path)["Location"] == f"/desk/login/?next={path}"
