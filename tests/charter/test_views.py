"""Pages of the charter, the standards, the reports and the calculator, and the same as open data."""

import csv
import hashlib
import io
import re
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from charter.actions.reports import attach_pdf, prepare_report, submit_report, unexplained
from charter.measurement import Period
from charter.models import CharterVersion, Report, Standard
from charter.tasks import draft_report, order_pdf, render_report_pdf
from tests.charter.staged import approved, explained, publish
from tests.factories import CaseFactory, at

Q2 = Period.parse("2026-Q2")
LATER = at("2026-07-06")
NOT_KEPT = "max-age=0, no-cache, no-store, must-revalidate, private"
ASKED = {"from": "2026-04-01", "to": "2026-06-30"}
pytestmark = pytest.mark.django_db


@pytest.fixture
def published(staff: Any) -> Report:
    """The published report of 2026-Q2: one signal in time, one late."""
    CaseFactory(closed=True)
    CaseFactory()
    return publish(Q2, LATER, staff)


def test_charter_shows_its_text_in_its_own_words(client: Client) -> None:
    page = client.get("/charter/").content.decode()

    assert "любезно и отзивчиво отношение" in page
    assert "ВЛАДИМИР ГЕОРГИЕВ".title() in page
    assert CharterVersion.objects.get().note in page


def test_charter_without_any_version_says_so(client: Client) -> None:
    Standard.objects.all().delete()
    CharterVersion.objects.all().delete()

    assert client.get("/charter/").status_code == 200


def test_version_by_number_and_a_missing_one(client: Client) -> None:
    assert client.get("/charter/versions/1/").status_code == 200
    assert client.get("/charter/versions/2/").status_code == 404


def test_standards_show_the_figures_of_the_period_asked_for(client: Client) -> None:
    CaseFactory(closed=True)
    CaseFactory()

    response = client.get("/charter/standards/", ASKED)

    lines = [line for kind in response.context["kinds"] for line in kind["measured"]]
    line = next(line for line in lines if line.code == "signal-decision")
    assert (line.part, line.whole) == (1, 2)
    assert response.context["period"] == Period(Q2.start, Q2.end)


@pytest.mark.parametrize(
    "asked",
    [
        {"from": "nonsense"},
        {"from": "2026-06-30", "to": "2026-04-01"},
        {"from": "1026-01-01", "to": "2026-01-01"},
        {"to": "9999-12-31"},
        {"as_of": "yesterday"},
        {"as_of": "2026-02-31"},
        {"as_of": "\x00"},
        {"as_of": "1999-01-01"},
        {"as_of": "2005-12-31T12:00:00+02:00"},  # before the calendar is known
        {"as_of": "0001-01-01"},
        {"as_of": "0001-01-01T00:00:00+03:00"},
        {"as_of": "2026-10-01T00:00:00 03:00:"},
    ],
)
def test_a_question_without_sense_gets_the_running_quarter(client: Client, asked: dict[str, str]) -> None:
    response = client.get("/charter/standards/", asked)

    assert response.status_code == 200
    assert response.context["period"].code != ""
    assert client.get("/api/v1/standards/", asked).status_code == 400


@pytest.mark.parametrize("as_of", ["1999-01-01", "0001-01-01", "9999-12-31", "2006-01-01"])
@pytest.mark.parametrize("page", ["/charter/standards/", "/charter/standards/signal-decision/"])
def test_no_moment_is_an_error_of_a_page(client: Client, clock: Any, page: str, as_of: str) -> None:
    response = client.get(page, {"as_of": as_of})

    period = response.context["period"]
    assert response.status_code == 200
    assert (period.start, period.end) == (date(2026, 10, 1), date(2027, 1, 1))  # the running quarter


@pytest.mark.parametrize(
    ("as_of", "understood"),
    [
        ("2026-10-01T00:00:00%2B03:00", "2026-10-01T00:00:00+03:00"),
        ("2026-10-01T00:00:00+03:00", "2026-10-01T00:00:00+03:00"),  # in an address this plus is a space
        ("2026-10-01T00:00:00+03", "2026-10-01T00:00:00+03:00"),
        ("2026-10-01T00:00:00-03:00", "2026-10-01T00:00:00-03:00"),
        ("2026-10-01T00:00:00Z", "2026-10-01T00:00:00+00:00"),
        ("2026-10-01T00:00:00", "2026-10-01T00:00:00+03:00"),  # in Sofia
        ("2026-10-01", "2026-10-02T00:00:00+03:00"),  # its end
        ("20261001", "2026-10-02T00:00:00+03:00"),
        ("2026-11-22", "2026-11-23T00:00:00+02:00"),  # winter time
        ("20261122", "2026-11-23T00:00:00+02:00"),
        ("", "2026-11-23T10:00:00+00:00"),  # now
    ],
)
def test_moments_are_understood_as_people_and_programs_write_them(
    client: Client, clock: Any, as_of: str, understood: str
) -> None:
    answer = client.get(f"/api/v1/standards/?as_of={as_of}")

    assert answer.status_code == 200
    assert {row["as_of"] for row in answer.json()} == {understood}


def test_number_of_queries_of_the_standards_does_not_grow(client: Client) -> None:
    with CaptureQueriesContext(
        connection,
    ) as few:
        client.get("/charter/standards/", ASKED)
    CaseFactory.create_batch(25, closed=True)
    with CaptureQueriesContext(connection) as many:
        client.get("/charter/standards/", ASKED)

    assert len(many) == len(few)


def test_standard_shows_its_promise_and_trend(client: Client) -> None:
    response = client.get("/charter/standards/signal-decision/")

    assert Standard.objects.get(code="signal-decision").text in response.content.decode()
    assert len(response.context["trend"]) == 5
    assert client.get("/charter/standards/nothing/").status_code == 404


@pytest.mark.parametrize("code", ["annual-report", "courteous-address", "waiting-time"])
def test_every_sort_of_standard_has_a_page(client: Client, code: str) -> None:
    assert client.get(f"/charter/standards/{code}/").status_code == 200


def test_api_standards_has_the_agreed_fields(client: Client) -> None:
    CaseFactory(closed=True)
    CaseFactory()

    rows = client.get("/api/v1/standards/", {**ASKED, "as_of": "2026-07-06T12:00:00+03:00"}).json()

    row = next(row for row in rows if row["code"] == "signal-decision")
    assert len(rows) == Standard.objects.count()
    assert {
        name: row[name] for name in ("version", "kind", "unit", "target", "part", "whole", "share", "excluded")
    } == {
        "version": 1,
        "kind": "legal",
        "unit": "%",
        "target": 100.0,
        "part": 1,
        "whole": 2,
        "share": 50.0,
        "excluded": {"in_term": 0, "forwarded": 0, "no_proceedings": 0, "withdrawn": 0},
    }
    assert row["as_of"] == "2026-07-06T12:00:00+03:00"


def test_api_answers_as_of_a_past_moment(client: Client) -> None:
    CaseFactory(closed=True)  # decided on 12.03.2026

    def part_and_whole(as_of: str) -> tuple[int, int]:
        rows = client.get("/api/v1/standards/", {**ASKED, "as_of": as_of}).json()
        row = next(row for row in rows if row["code"] == "signal-decision")
        return row["part"], row["whole"]

    assert part_and_whole("2026-05-03") == (0, 0)
    assert part_and_whole("2026-05-04") == (1, 1)  # a day is asked for as its end; this one is the last of the term
    assert part_and_whole("2026-05-04T20:59:59+00:00") == (0, 0)
    assert part_and_whole("2026-05-04T21:00:00+00:00") == (1, 1)  # midnight in Sofia


@pytest.mark.parametrize("suffix", ["/", ".pdf", ".csv", ".json"])
def test_published_report_is_public_in_every_form(client: Client, published: Report, suffix: str) -> None:
    assert client.get(f"/reports/2026-Q2{suffix}").status_code == 200


@pytest.mark.parametrize("suffix", ["/", ".pdf", ".csv", ".json"])
def test_draft_and_missing_reports_are_not_public(client: Client, suffix: str) -> None:
    prepare_report(period=Q2, as_of=LATER, by=None, now=LATER)

    assert client.get(f"/reports/2026-Q2{suffix}").status_code == 404
    assert client.get(f"/reports/2026-Q1{suffix}").status_code == 404
    assert client.get(f"/reports/2026-Q7{suffix}").status_code == 404
    assert client.get(f"/reports/20\u0662\u0666{suffix}").status_code == 404


def test_screen_csv_json_and_api_say_the_same(client: Client, published: Report) -> None:
    lines = [entry["line"] for entry in client.get("/reports/2026-Q2/").context["entries"]]
    screen = {line.code: (line.part, line.whole, line.share) for line in lines}
    sheet = client.get("/reports/2026-Q2.csv").content.decode("utf-8-sig")
    rows = {row["code"]: row for row in csv.DictReader(io.StringIO(sheet))}
    figures = {row["code"]: row for row in client.get("/reports/2026-Q2.json").json()["figures"]}
    live = {
        row["code"]: row for row in client.get("/api/v1/standards/", {**ASKED, "as_of": "2026-07-06T12:00Z"}).json()
    }

    for code, (part, whole, share) in screen.items():
        printed = None if share is None else float(share)
        assert (figures[code]["part"], figures[code]["whole"], figures[code]["share"]) == (part, whole, printed)
        assert (live[code]["part"], live[code]["whole"], live[code]["share"]) == (part, whole, printed)
        cells = ["" if value is None else str(value) for value in (part, whole, printed)]
        assert [rows[code]["part"], rows[code]["whole"], rows[code]["share"]] == cells


def test_newer_version_is_the_one_that_is_shown(client: Client, published: Report, staff: Any) -> None:
    CaseFactory()
    publish(Q2, LATER, staff, pdf=b"%PDF-1.7 of the second", reason="Пропусната преписка.")

    assert client.get("/reports/2026-Q2.json").json()["version"] == 2
    assert client.get("/reports/2026-Q2.pdf").content == b"%PDF-1.7 of the second"


def test_a_superseded_report_stays_where_it_was_and_both_link_to_each_other(
    client: Client, published: Report, staff: Any
) -> None:
    CaseFactory()
    before = client.get("/reports/2026-Q2/figures.json").content
    publish(Q2, LATER, staff, pdf=b"%PDF-1.7 of the second", reason="Пропусната преписка.")

    new, old = client.get("/reports/2026-Q2/"), client.get("/reports/2026-Q2/versions/1/")

    signals = Standard.objects.get(code="signal-decision").title
    told = [(change.title, str(change.name), change.was, change.became) for change in new.context["moved"]]
    assert (signals, "всички", "2", "3") in told
    assert (signals, "дял", "50,0\u202f%", "33,3\u202f%") in told
    assert {title for title, *_rest in told} == {signals}
    assert "/reports/2026-Q2/versions/1/" in new.content.decode()
    assert "Пропусната преписка." in new.content.decode()
    assert 'href="/reports/2026-Q2/"' in old.content.decode()
    assert client.get("/reports/2026-Q2/versions/1/figures.json").content == before
    assert client.get("/reports/2026-Q2/versions/1/report.pdf").content == b"%PDF-1.7 of a report"
    assert client.get("/reports/2026-Q2/versions/3/").status_code == 404


@pytest.mark.parametrize("name", ["figures.json", "figures.csv", "definitions.json", "groups.csv", "cases.csv"])
def test_each_file_is_given_out_as_it_was_frozen(client: Client, published: Report, name: str) -> None:
    file = published.files.get(name=name)

    content = client.get(f"/reports/2026-Q2/{name}").content

    assert hashlib.sha256(content).hexdigest() == file.sha256
    for other in ("secrets.csv", "%00", "figures%00.csv", "..%2f..%2fsecret.key", "я.csv"):
        assert client.get(f"/reports/2026-Q2/{other}").status_code == 404
        assert client.get(f"/reports/2026-Q2/versions/1/{other}").status_code == 404


def test_uploaded_report_is_known_or_not(client: Client, published: Report) -> None:
    ours = SimpleUploadedFile("any.pdf", b"%PDF-1.7 of a report")
    changed = SimpleUploadedFile("any.pdf", b"%PDF-1.7 of a repost")

    assert client.post("/reports/verify/", {"file": ours}).context["report"] == published
    assert client.post("/reports/verify/", {"file": changed}).context["report"] is None


def test_verify_without_a_file_asks_for_one(client: Client) -> None:
    refused = client.post("/reports/verify/")

    assert refused.status_code == 422
    assert "Изберете файла на доклада." in refused.content.decode()


def test_a_draft_is_ordered_at_the_desk_and_made_by_the_worker(as_role: Any) -> None:
    CaseFactory(received_at=at("2026-05-04"))
    response = as_role("secretary").post("/desk/reports/prepare/", {"period": "2026-q2"})

    assert response["Location"] == reverse("charter:desk_reports")
    ordered = ProcrastinateJob.objects.get()
    draft_report(**ordered.args)
    report = Report.objects.get()
    assert (report.period, report.prepared_by.username) == ("2026-Q2", "secretary")
    assert ProcrastinateJob.objects.filter(args={"report_id": report.pk}).count() == 1


def test_a_draft_ordered_twice_is_made_once(as_role: Any) -> None:
    CaseFactory(received_at=at("2026-05-04"))
    for role in ("secretary", "editor"):
        as_role(role).post("/desk/reports/prepare/", {"period": "2026-Q2"})

    for ordered in ProcrastinateJob.objects.order_by("id"):
        draft_report(**ordered.args)

    assert [(report.version, report.prepared_by.username) for report in Report.objects.all()] == [(1, "secretary")]


def test_a_correction_without_a_reason_is_refused_at_the_desk(as_role: Any, published: Report) -> None:
    CaseFactory(received_at=at("2026-05-04"))
    asked = {"period": "2026-Q2"}

    assert as_role("secretary").post("/desk/reports/prepare/", asked).status_code == 422
    answer = as_role("secretary").post("/desk/reports/prepare/", {**asked, "correction_reason": "Пропуск."})
    assert answer.status_code == 302


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


@pytest.mark.parametrize("suffix", ["/", ".pdf", ".csv", ".json"])
def test_a_published_report_may_be_kept(client: Client, published: Report, suffix: str) -> None:
    assert "Cache-Control" not in client.get(f"/reports/2026-Q2{suffix}")


@pytest.mark.parametrize("path", ["/desk/reports/", "/desk/reports/1/"])
def test_drafts_ask_for_a_login(client: Client, path: str) -> None:
    assert client.get(path)["Location"] == f"/desk/login/?next={path}"
