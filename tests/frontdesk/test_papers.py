"""Papers printed at the desk: what stands on them, on which paper, for whom, and that looking is noted."""

import io
from typing import Any
from urllib.parse import unquote

import pikepdf
import pytest
from pypdf import PdfReader

from feedback.models import Case, Letter
from samokov_portal import printing
from samokov_portal.audit.models import Look
from samokov_portal.history import save_with_history
from samokov_portal.printing import RendererMissing, render_paper
from services.models import Application, Unit
from tests.audit.rows import BUILD
from tests.factories import ApplicationFactory, CaseFactory
from tests.frontdesk.entering import LOG, entry

pytestmark = pytest.mark.django_db
MM = 72 / 25.4


def pages(content: bytes) -> list[Any]:
    return list(PdfReader(io.BytesIO(content)).pages)


def words(content: bytes) -> str:
    """The text of a PDF, with single spaces."""
    return " ".join(" ".join(page.extract_text() for page in pages(content)).split())


def size_mm(content: bytes) -> tuple[int, int]:
    box = pages(content)[0].mediabox
    return round(float(box.width) / MM), round(float(box.height) / MM)


@pytest.fixture
def case(as_role: Any, clock: Any) -> Case:
    """An oral signal, entered by the clerk at the counter."""
    as_role("clerk").post(LOG, entry(is_oral="on"))
    return Case.objects.get()


@pytest.fixture
def application(as_role: Any, clock: Any) -> Application:
    as_role("clerk").post(LOG, entry("2052", is_oral="on", text="За дъщеря ми."))
    return Application.objects.get()


@pytest.mark.parametrize(("size", "paper"), [("a4", (210, 297)), ("80", (80, None)), ("a5", (210, 297))])
def test_the_receipt_has_number_last_day_and_article_on_both_papers(
    as_role: Any, staff: Any, case: Case, size: str, paper: tuple[int, int | None]
) -> None:
    staff["clerk"].first_name, staff["clerk"].last_name = "Ана", "Колева"
    save_with_history(staff["clerk"], by=None, why="име")

    response = as_role("clerk").get(f"/desk/cases/{case.number}/receipt/", {"size": size})

    text = words(response.content)
    wanted = (
        case.number,
        "Отговор най-късно до 25.01.2027 г. (понеделник)",
        "2 месеца",
        "за проверка",
        "Мария Стоянова",
    )
    assert [
        said for said in (*wanted, "23.11.2026 г.", "на гише", "Ана Колева") if said not in text.replace("\xa0", " ")
    ] == []
    assert (response["Content-Type"], len(pages(response.content))) == ("application/pdf", 1)
    width, height = size_mm(response.content)
    assert (width, paper[1] or height) == (paper[0], height)
    # A roll is cut where the text ends.
    assert height == 297 or 90 < height < 200
    assert response["Content-Disposition"].startswith("inline")
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize("what", ["сигнал", "2052"])
def test_the_code_is_on_the_receipt_only_for_who_has_it(as_role: Any, clock: Any, what: str) -> None:
    client = as_role("clerk")
    filed = client.post(LOG, entry(what))
    address, code = f"{filed.context['row'].get_absolute_url()}receipt/", filed.context["code"]

    said = (code, "AAAA-BBBB-CCCC-DDDD", "")
    right, wrong, none = [words(client.post(address, {"code": one, "size": "80"}).content) for one in said]

    assert code in filed.content.decode()
    assert (code in right, "/feedback/track/" in right) == (True, True)
    assert (code in wrong, "AAAA" in wrong) == (False, False)
    assert (code in none, code in words(client.get(address).content)) == (False, False)


def test_a_code_that_was_replaced_is_not_shown_again(as_role: Any, clock: Any) -> None:
    client, form = as_role("clerk"), entry("2052")
    first = client.post(LOG, form)
    given = client.post(f"{first.context['application'].get_absolute_url()}code/")

    again = client.post(LOG, form)

    assert (first.context["code"] != "", again.context["code"]) == (True, "")
    assert f"{first.context['application'].number}/receipt/" in unquote(given.content.decode())


def test_the_receipt_of_an_application_says_when_it_is_ready(as_role: Any, application: Application) -> None:
    text = words(as_role("clerk").get(f"/desk/applications/{application.number}/receipt/").content).replace("\xa0", " ")

    wanted = (application.number, "2052", "Готово най-късно до", application.term_source, "Мария Стоянова")
    assert [said for said in wanted if said not in text] == []


def test_the_receipt_of_an_anonymous_signal_promises_nothing(as_role: Any, clock: Any) -> None:
    client = as_role("clerk")
    client.post(LOG, entry(nameless="on", name="", phone=""))

    text = words(client.get(f"/desk/cases/{Case.objects.get().number}/receipt/").content)

    assert "няма да има отговор" in text
    assert "най-късно" not in text


def test_the_protocol_is_for_both_to_sign(as_role: Any, case: Case) -> None:
    text = words(as_role("clerk").get(f"/desk/cases/{case.number}/protocol/").content).replace("\xa0", " ")

    wanted = (
        case.number,
        "Протокол",
        "0888 123 456",
        case.text,
        "Подател: …",
        "Служител: …",
        "АПК, чл. 29 – за проверка",
    )
    assert [said for said in wanted if said not in text] == []


def test_the_protocol_of_an_oral_application_says_what_is_asked_for(as_role: Any, application: Application) -> None:
    text = words(as_role("clerk").get(f"/desk/applications/{application.number}/protocol/").content)

    assert [said for said in ("Искам услугата: 2052", "За дъщеря ми.") if said not in text] == []


def test_what_came_in_writing_has_no_protocol(as_role: Any) -> None:
    client = as_role("clerk")
    addresses = [f"/desk/cases/{CaseFactory().number}/", f"/desk/applications/{ApplicationFactory().number}/"]

    assert [client.get(f"{address}protocol/").status_code for address in addresses] == [404, 404]
    assert ["/protocol/" in client.get(address).content.decode() for address in addresses] == [False, False]


@pytest.mark.parametrize(("size", "width"), [("a4", 210), ("80", 80)])
def test_the_label_names_nobody(as_role: Any, case: Case, size: str, width: int) -> None:
    content = as_role("clerk").get(f"/desk/cases/{case.number}/label/", {"size": size}).content

    text = words(content).replace("\xa0", " ")
    assert [said for said in (case.number, "Сигнал", "Срок: 25.01.2027 г.") if said not in text] == []
    assert [said for said in ("Мария", "0888", "лампи") if said in text] == []
    assert (size_mm(content)[0], len(pages(content))) == (width, 1)


def test_a_letter_to_whoever_has_no_email_is_printed(as_role: Any) -> None:
    letter = BUILD[Letter]()
    save_with_history(letter, by=None, why="проба")

    content = as_role("clerk").get(f"/desk/letters/{letter.pk}/paper/").content

    wanted = (letter.case.number, "Мария Стоянова", "ул. „Македония“ № 34", "Относно: Получихме", "Подпис")
    assert [said for said in wanted if said not in words(content)] == []
    assert size_mm(content) == (210, 297)


def test_a_paper_is_bulgarian_tagged_and_printed_when_it_is_opened(as_role: Any, case: Case) -> None:
    content = as_role("clerk").get(f"/en/desk/cases/{case.number}/label/").content

    with pikepdf.open(io.BytesIO(content)) as pdf:
        assert str(pdf.Root.Lang) == "bg"
        assert pdf.Root.MarkInfo.Marked
        assert str(pdf.Root.OpenAction.JS) == "this.print(true);"
        assert case.number in str(pdf.docinfo["/Title"])
    assert "Получено" in words(content)


PAPERS = [
    ("cases", "receipt", {"clerk", "expert", "secretary", "mayor"}),
    ("cases", "protocol", {"clerk", "expert", "secretary", "mayor"}),
    ("cases", "label", {"clerk", "expert", "secretary", "mayor"}),
    ("applications", "receipt", {"clerk", "expert", "secretary", "mayor"}),
    ("applications", "protocol", {"clerk", "expert", "secretary", "mayor"}),
    ("applications", "label", {"clerk", "expert", "secretary", "mayor"}),
    ("letters", "paper", {"clerk", "secretary"}),
]
ROLES = ("clerk", "expert", "secretary", "mayor", "editor", "auditor")


@pytest.mark.parametrize(("what", "which", "may"), PAPERS)
def test_a_paper_is_for_its_roles_refused_to_the_others_and_each_look_is_noted(
    as_role: Any, staff: Any, monkeypatch: pytest.MonkeyPatch, what: str, which: str, may: set[str]
) -> None:
    # What is on them is for the other tests; here one printer is enough.
    monkeypatch.setattr("samokov_portal.frontdesk.views.papers.render_paper", lambda *_args, **_size: b"%PDF-")
    unit = Unit.objects.get(code="hdettos")
    letter = BUILD[Letter]()
    save_with_history(letter, by=None, why="проба")
    row = {
        "cases": lambda: CaseFactory(unit=unit, status="assigned", channel="counter", is_oral=True),
        "applications": lambda: ApplicationFactory(unit=unit, channel="counter", is_oral=True),
        "letters": lambda: letter,
    }[what]()
    key = getattr(row, "number", row.pk)

    statuses = {role: as_role(role).get(f"/desk/{what}/{key}/{which}/").status_code for role in ROLES}

    assert statuses == {role: 200 if role in may else 403 for role in ROLES}
    number = letter.case.number if what == "letters" else row.number
    assert set(Look.objects.values_list("by__username", "subject")) == {(role, number) for role in may}


@pytest.mark.parametrize("which", ["receipt", "protocol", "label"])
def test_nothing_is_printed_for_an_expert_of_another_unit(as_role: Any, which: str) -> None:
    other = Unit.objects.get(code="mdt")
    addresses = [
        f"/desk/cases/{CaseFactory(unit=other, status='assigned').number}/{which}/",
        f"/desk/applications/{ApplicationFactory(unit=other).number}/{which}/",
    ]

    assert [as_role("expert").get(address).status_code for address in addresses] == [404, 404]


def test_the_pages_lead_to_what_can_be_printed(as_role: Any, case: Case, application: Application) -> None:
    client = as_role("clerk")
    pages = [unquote(client.get(row.get_absolute_url()).content.decode()) for row in (case, application)]

    for row, text in zip((f"cases/{case.number}", f"applications/{application.number}"), pages, strict=True):
        wanted = [
            f"/desk/{row}/{which}"
            for which in ("receipt/", "receipt/?size=80", "protocol/", "label/", "label/?size=80")
        ]
        assert [address for address in wanted if f'"{address}"' not in text] == []


def test_without_the_renderer_it_is_said_what_was_saved(
    as_role: Any, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing() -> None:
        raise RendererMissing

    monkeypatch.setattr(printing, "weasyprint", missing)

    response = as_role("clerk").get(f"/desk/cases/{case.number}/receipt/")

    assert response.status_code == 503
    assert "Записаното е запазено" in response.content.decode()


def test_what_somebody_typed_fetches_nothing_and_changes_no_page(db: None) -> None:
    letter = BUILD[Letter]()
    letter.text = '<img src="file:///etc/passwd"><style>@page { size: A0 }</style>'

    content = render_paper("papers/letter.html", {"letter": letter})

    assert size_mm(content) == (210, 297)
    assert "file:///etc/passwd" in words(content)
