"""Many papers printed at once: a few at once, more by the worker as a link with progress, for nobody else."""

import io
import re
from datetime import date, datetime, timedelta
from typing import Any

import pikepdf
import pytest
from pypdf import PdfReader

from feedback.actions.ordered import MOST_ORDERED_A_DAY, forget_ordered
from feedback.models import Letter, PrintOrder
from feedback.models.desk import KEPT, PATIENCE
from samokov_portal.audit.models import Look
from samokov_portal.files import shelf
from samokov_portal.frontdesk import prints
from samokov_portal.printing import RendererMissing
from samokov_portal.tasks import forget_ordered_files, write_ordered_print
from services.models import Unit
from tests.factories import ApplicationFactory, CaseFactory
from tests.feedback.test_letters_desk import BY_PHONE, QUEUED_MAIL, letter_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock", "own_shelf")]  # Monday 23.11.2026, 12:00
PAGE, LETTERS, LABELS = "/desk/print/", "/desk/print/letters/", "/desk/print/labels/"
ALL = {"all": "1"}
DAY = {"day": "2026-11-23", "size": "80"}


def texts(content: bytes) -> list[str]:
    """The words of each page."""
    pages = PdfReader(io.BytesIO(content)).pages
    return [" ".join(page.extract_text().split()).replace("\xa0", " ") for page in pages]


def sent(response: Any) -> bytes:
    return b"".join(response.streaming_content)


def ordered(client: Any, address: str = LETTERS, **said: Any) -> PrintOrder:
    response = client.post(address, said or ALL)
    assert response.status_code == 302
    return PrintOrder.objects.get(key=response["Location"].split("/")[-2])


@pytest.fixture
def letters(clock: datetime) -> list[Letter]:
    """Three on paper, and two that no printer needs."""
    letter_of(clock, **QUEUED_MAIL)
    letter_of(clock, **BY_PHONE)
    return [letter_of(clock, recipient=f"Мария Стоянова {number}") for number in "123"]


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is more than two papers is much."""
    monkeypatch.setattr("samokov_portal.frontdesk.views.prints.AT_ONCE", 2)


@pytest.fixture
def no_printer(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Where only who asks matters, one printer is enough; it lays out what it is given."""
    seen: list[Any] = []

    def render(papers: Any, **size: str) -> bytes:
        seen.extend(papers)
        return b"%PDF-"

    monkeypatch.setattr(prints, "render_papers", render)
    return seen


def test_a_few_letters_are_printed_at_once_in_the_order_in_which_they_were_written(
    as_role: Any, letters: list[Letter]
) -> None:
    response = as_role("clerk").post(LETTERS, ALL)

    pages = texts(response.content)
    assert [re.findall(r"Мария Стоянова \d", page) for page in pages] == [[f"Мария Стоянова {n}"] for n in "123"]
    assert (response["Content-Type"], PrintOrder.objects.count()) == ("application/pdf", 0)
    assert response["Content-Disposition"] == 'inline; filename="letters-20261123-1200.pdf"'
    with pikepdf.open(io.BytesIO(response.content)) as pdf:
        assert (str(pdf.Root.Lang), str(pdf.Root.OpenAction.JS)) == ("bg", "this.print(true);")
        assert len(pdf.Root.StructTreeRoot.K[0].K) >= 3


def test_each_printed_letter_is_a_look_at_its_matter(
    as_role: Any, letters: list[Letter], no_printer: list[Any]
) -> None:
    as_role("clerk").post(LETTERS, ALL)

    looks = set(Look.objects.values_list("by__username", "kind", "subject"))
    assert looks == {("clerk", "letter", letter.about.number) for letter in letters}


def test_the_ticked_letters_are_printed_and_no_others(
    as_role: Any, letters: list[Letter], no_printer: list[Any]
) -> None:
    client = as_role("clerk")
    page = client.get("/desk/letters/").content.decode()

    client.post(LETTERS, {"letter": [letters[2].pk, letters[0].pk, "x", "-1", "9" * 40]})

    assert re.findall(r'name="letter"\s+form="print"\s+value="(\d+)"', page) == [str(row.pk) for row in letters]
    assert [said["letter"] for _template, said in no_printer] == [letters[0], letters[2]]


@pytest.mark.parametrize("said", [{}, {"letter": ["999999"]}, ALL])
def test_where_there_is_no_letter_nothing_is_printed(as_role: Any, said: dict[str, Any]) -> None:
    response = as_role("clerk").post(LETTERS, said, follow=True)

    assert "Изберете поне едно писмо." in response.content.decode()


def test_many_letters_are_ordered_and_come_back_as_a_link(as_role: Any, letters: list[Letter], short: None) -> None:
    client = as_role("clerk")

    order = ordered(client)
    waiting = client.get(order.get_absolute_url())
    write_ordered_print(order.pk)
    ready = client.get(order.get_absolute_url())

    address = f"{order.get_absolute_url()}file/"
    assert (waiting["Refresh"], "Refresh" in ready) == ("3", False)
    assert (address in waiting.content.decode(), address in ready.content.decode()) == (False, True)
    assert "Готови са 3 документа." in ready.content.decode()
    file = client.get(address)
    assert [f"Мария Стоянова {n}" in page for n, page in zip("123", texts(sent(file)), strict=True)] == [True] * 3
    assert file["Content-Disposition"] == 'inline; filename="letters-20261123-1200.pdf"'
    assert "no-store" in file["Cache-Control"]
    assert Look.objects.filter(kind="export", subject="print-letters").count() == 1


def test_the_page_says_how_far_the_papers_are(as_role: Any, letters: list[Letter], short: None) -> None:
    client = as_role("clerk")
    order = ordered(client)
    PrintOrder.objects.filter(pk=order.pk).update(written=2)

    text = " ".join(client.get(order.get_absolute_url()).content.decode().split())

    assert "Изготвени са 2 от 3 документа." in text
    assert '<progress max="3" value="2"' in text
    assert "изготвя се" in client.get(PAGE).content.decode()


def test_the_worker_says_on_the_way_how_far_it_is(
    as_role: Any, letters: list[Letter], short: None, no_printer: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(prints, "PAPERS_BETWEEN_MARKS", 1)
    order = ordered(as_role("clerk"))
    seen: list[int] = []
    save = PrintOrder.save

    def noted(self: PrintOrder, *args: Any, **kwargs: Any) -> None:
        seen.append(self.written)
        save(self, *args, **kwargs)

    monkeypatch.setattr(PrintOrder, "save", noted)

    write_ordered_print(order.pk)

    assert seen == [1, 2, 3, 3, 3]


def test_what_fails_says_so_and_is_tried_again(
    as_role: Any, letters: list[Letter], short: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = as_role("clerk")
    order = ordered(client)
    with monkeypatch.context() as patch:
        patch.setattr(prints, "render_papers", broken)
        with pytest.raises(RendererMissing):
            write_ordered_print(order.pk)

    failed = client.get(order.get_absolute_url())
    listed = client.get(PAGE).content.decode()
    client.post(f"{order.get_absolute_url()}again/")
    waiting = client.get(order.get_absolute_url())
    write_ordered_print(order.pk)

    assert ("Опитайте отново" in failed.content.decode(), "Refresh" in failed, "не стана" in listed) == (
        True,
        False,
        True,
    )
    assert waiting["Refresh"] == "3"
    assert "Готови са 3 документа." in client.get(order.get_absolute_url()).content.decode()


def broken(papers: Any, **size: str) -> bytes:
    raise RendererMissing


def test_one_whose_worker_was_stopped_is_tried_again_and_one_that_goes_on_is_not(
    as_role: Any, letters: list[Letter], short: None, clock: datetime
) -> None:
    client = as_role("clerk")
    stopped, running = ordered(client), ordered(client)
    PrintOrder.objects.filter(pk=stopped.pk).update(moved_at=clock - PATIENCE - timedelta(seconds=1), written=2)
    PrintOrder.objects.filter(pk=running.pk).update(moved_at=clock - PATIENCE, written=2)

    for order in (stopped, running):
        client.post(f"{order.get_absolute_url()}again/")

    assert [PrintOrder.objects.get(pk=order.pk).written for order in (stopped, running)] == [0, 2]


def test_what_is_made_is_not_made_twice(
    as_role: Any, letters: list[Letter], short: None, no_printer: list[Any]
) -> None:
    order = ordered(as_role("clerk"))

    write_ordered_print(order.pk)
    write_ordered_print(order.pk)

    assert len(no_printer) == 3


def test_an_order_is_there_for_whoever_gave_it_only(
    as_role: Any, letters: list[Letter], short: None, no_printer: list[Any]
) -> None:
    order = ordered(as_role("clerk"))
    write_ordered_print(order.pk)
    addresses = [f"{order.get_absolute_url()}{part}" for part in ("", "file/")]
    secretary = as_role("secretary")

    assert [secretary.get(address).status_code for address in addresses] == [404, 404]
    assert secretary.post(f"{order.get_absolute_url()}again/").status_code == 404
    assert order.get_absolute_url() not in secretary.get(PAGE).content.decode()
    page, file = (as_role("clerk").get(address) for address in addresses)
    assert (page.status_code, sent(file)) == (200, b"%PDF-")


def test_what_may_not_be_seen_any_more_is_left_out_and_said(
    as_role: Any, staff: Any, letters: list[Letter], no_printer: list[Any], clock: datetime
) -> None:
    order = ordered_by_hand(staff["clerk"], [letters[0].pk, letters[1].pk, 999_999], clock)

    write_ordered_print(order.pk)

    text = " ".join(as_role("clerk").get(order.get_absolute_url()).content.decode().split())
    assert ("Готови са 2 документа." in text, "Без 1:" in text) == (True, True)


def ordered_by_hand(by: Any, keys: list[int], now: datetime) -> PrintOrder:
    batch = prints.Batch(prints.PrintKind.LETTERS, prints.PaperSize.A4, keys, by)
    return prints.order_print(batch, now=now)


def test_a_file_is_gone_after_a_day(
    as_role: Any, letters: list[Letter], short: None, no_printer: list[Any], clock: datetime
) -> None:
    client = as_role("clerk")
    order = ordered(client)
    write_ordered_print(order.pk)
    order.refresh_from_db()
    PrintOrder.objects.filter(pk=order.pk).update(ordered_at=clock - KEPT)

    assert client.get(f"{order.get_absolute_url()}file/").status_code == 404
    assert forget_ordered(now=clock) == 0
    assert forget_ordered(now=clock + timedelta(seconds=1)) == 1
    assert not shelf.store().exists(order.stored)
    forget_ordered_files(0)


def test_papers_that_the_store_lost_are_said_to_be_gone(
    as_role: Any, letters: list[Letter], short: None, no_printer: list[Any]
) -> None:
    clerk = as_role("clerk")
    order = ordered(clerk)
    write_ordered_print(order.pk)
    order.refresh_from_db()
    shelf.discard(order.stored)

    response = clerk.get(f"{order.get_absolute_url()}file/")

    assert response.status_code == 404
    assert "Файлът вече го няма" in response.content.decode()


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01", "2026-11-24"])
def test_a_day_on_which_nothing_can_have_come_is_an_empty_one(as_role: Any, day: str) -> None:
    response = as_role("clerk").post(LABELS, {**DAY, "day": day})

    assert response.status_code == 422
    assert "На този ден нищо не е регистрирано" in response.content.decode()


def test_more_than_one_person_may_order_are_not_ordered(
    as_role: Any, staff: Any, letters: list[Letter], short: None, clock: datetime
) -> None:
    for _ in range(MOST_ORDERED_A_DAY):
        ordered_by_hand(staff["clerk"], [letters[0].pk], clock)

    response = as_role("clerk").post(LETTERS, ALL, follow=True)

    assert "до двадесет печата" in response.content.decode()
    assert PrintOrder.objects.count() == MOST_ORDERED_A_DAY


def test_more_than_lies_in_a_tray_is_ordered_in_parts(
    as_role: Any, letters: list[Letter], monkeypatch: pytest.MonkeyPatch, short: None
) -> None:
    tray_of(monkeypatch, 2)

    response = as_role("clerk").post(LETTERS, ALL, follow=True)

    keys = [letter.pk for letter in letters]
    assert [row.papers for row in PrintOrder.objects.order_by("pk")] == [keys[:2], keys[2:]]
    assert "Поръчани са 3 документа в 2 файла, до 2 във всеки." in response.content.decode()


def tray_of(monkeypatch: pytest.MonkeyPatch, papers: int) -> None:
    for module in ("prints", "views.prints"):
        monkeypatch.setattr(f"samokov_portal.frontdesk.{module}.MOST", papers)


def test_more_than_so_many_files_are_not_ordered_and_that_is_said(
    as_role: Any, letters: list[Letter], monkeypatch: pytest.MonkeyPatch, short: None
) -> None:
    tray_of(monkeypatch, 1)
    monkeypatch.setattr("samokov_portal.frontdesk.views.prints.MOST_FILES", 2)

    response = as_role("clerk").post(LETTERS, ALL, follow=True)

    assert [row.papers for row in PrintOrder.objects.order_by("pk")] == [[letters[0].pk], [letters[1].pk]]
    assert "Поръчани са само първите 2 документа." in response.content.decode()


def test_of_several_files_all_are_ordered_or_none(
    as_role: Any, staff: Any, letters: list[Letter], monkeypatch: pytest.MonkeyPatch, short: None, clock: datetime
) -> None:
    tray_of(monkeypatch, 2)
    for _ in range(MOST_ORDERED_A_DAY - 1):
        ordered_by_hand(staff["clerk"], [letters[0].pk], clock)

    response = as_role("clerk").post(LETTERS, ALL, follow=True)

    assert "до двадесет печата" in response.content.decode()
    assert PrintOrder.objects.count() == MOST_ORDERED_A_DAY - 1


def test_without_the_renderer_it_is_said(as_role: Any, letters: list[Letter], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prints, "render_papers", broken)

    assert as_role("clerk").post(LETTERS, ALL).status_code == 503


@pytest.fixture
def day(clock: datetime) -> list[Any]:
    """What was registered on Monday, of both registers, and something of the day before."""
    unit = Unit.objects.get(code="hdettos")
    facts = {"received_at": clock - timedelta(hours=2), "unit": unit}
    cases = [
        CaseFactory(registered_at=clock - timedelta(minutes=ago), first_due_on=date(2027, 1, 25), **facts)
        for ago in (30, 10)
    ]
    application = ApplicationFactory(registered_at=clock - timedelta(minutes=20), due_on=date(2026, 12, 7), **facts)
    day_before = {"registered_at": clock - timedelta(days=1), "received_at": clock - timedelta(days=1)}
    CaseFactory(**day_before, first_due_on=date(2027, 1, 22))
    return [cases[0], application, cases[1]]


@pytest.mark.parametrize(("size", "count"), [("80", 3), ("a4", 1)])
def test_the_labels_of_a_day_are_printed_each_for_itself_on_a_roll_and_together_on_a_sheet(
    as_role: Any, day: list[Any], size: str, count: int
) -> None:
    pages = texts(as_role("clerk").post(LABELS, {**DAY, "size": size}).content)

    numbers = [row.number for row in day]
    assert re.findall("|".join(numbers), " ".join(pages)) == numbers
    assert (len(pages), "Мария" in " ".join(pages)) == (count, False)
    assert Look.objects.filter(kind="list", subject="labels").count() == 1


def test_many_labels_are_ordered(as_role: Any, day: list[Any], short: None) -> None:
    client = as_role("clerk")
    order = ordered(client, LABELS, **DAY)

    write_ordered_print(order.pk)

    assert (order.papers, order.size) == ([row.number for row in day], "80")
    span = f"{day[0].number} – {day[-1].number}"
    assert [span in client.get(page).content.decode() for page in (PAGE, order.get_absolute_url())] == [True, True]
    assert len(texts(sent(client.get(f"{order.get_absolute_url()}file/")))) == 3


@pytest.mark.parametrize(
    "said", [{}, {"day": "x", "size": "80"}, {"day": "2026-11-21", "size": "80"}, {**DAY, "size": "a5"}]
)
def test_a_day_without_entries_and_a_form_that_says_nothing_are_told(
    as_role: Any, day: list[Any], said: dict[str, str]
) -> None:
    response = as_role("clerk").post(LABELS, said)

    assert response.status_code == 422
    assert "error-summary" in response.content.decode()


def test_the_pages_ask_few_questions_however_many_wait(
    as_role: Any, letters: list[Letter], short: None, django_assert_max_num_queries: Any
) -> None:
    client = as_role("clerk")
    order = ordered(client)
    ordered(client)

    with django_assert_max_num_queries(9):
        client.get(PAGE)
    with django_assert_max_num_queries(8):
        client.get(order.get_absolute_url())
