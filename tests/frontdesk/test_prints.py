"""Many papers printed at once: the letters that wait, all or ticked, and the labels of a day."""

import io
import re
from datetime import date, datetime, timedelta
from typing import Any

import pikepdf
import pytest

from feedback.models import Letter, PrintOrder
from samokov_portal.audit.models import Look
from samokov_portal.frontdesk import prints
from samokov_portal.tasks import write_ordered_print
from services.models import Unit
from tests.factories import ApplicationFactory, CaseFactory
from tests.frontdesk.printing import ALL, DAY, LABELS, LETTERS, PAGE, broken, ordered, sent, texts

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock", "own_shelf")]  # Monday 23.11.2026, 12:00


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


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01", "2026-11-24"])
def test_a_day_on_which_nothing_can_have_come_is_an_empty_one(as_role: Any, day: str) -> None:
    response = as_role("clerk").post(LABELS, {**DAY, "day": day})

    assert response.status_code == 422
    assert "На този ден нищо не е регистрирано" in response.content.decode()


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
