"""Many papers are printed by the worker: as a link with progress, in parts, for a day and for nobody else."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from feedback.actions.ordered import MOST_ORDERED_A_DAY, forget_ordered
from feedback.models import Letter, PrintOrder
from feedback.models.desk import KEPT, PATIENCE
from samokov_portal.audit.models import Look
from samokov_portal.files import shelf
from samokov_portal.frontdesk import prints
from samokov_portal.printing import RendererMissing
from samokov_portal.tasks import forget_ordered_files, write_ordered_print
from tests.frontdesk.printing import ALL, LETTERS, PAGE, broken, ordered, ordered_by_hand, sent, texts

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock", "own_shelf")]  # Monday 23.11.2026, 12:00


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
