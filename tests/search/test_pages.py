"""The page of the search, what is offered while typing, and what an editor learns of what was not found."""

from datetime import date, datetime

import pytest
from django.test import Client

from samokov_portal.search.models import VainSearch
from samokov_portal.search.zero_results import forget_zero_results, note_zero_results
from samokov_portal.staff.models import StaffUser
from services.actions.drafts import LIFE, begin_draft
from services.documents import document_of
from services.models import Service

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 23)


def test_found_pages_stand_in_groups_with_what_was_sought_marked(client: Client) -> None:
    page = client.get("/search/", {"q": "скица"}).content.decode()

    assert "<h2" in page
    assert "Издаване на <mark>скици</mark> за недвижими имоти" in page
    assert Service.objects.get(number="2027").get_absolute_url() in page


def test_english_pages_lead_to_english_pages(client: Client) -> None:
    assert f'href="/en{Service.objects.get(number="2027").get_absolute_url()}"' in (
        client.get("/en/search/", {"q": "скица"}).content.decode()
    )


def test_nothing_found_says_what_to_do(client: Client) -> None:
    page = client.get("/search/", {"q": "<b>хладилник</b>"}).content.decode()

    assert "Не намерихме нищо за „&lt;b&gt;хладилник&lt;/b&gt;“" in page
    assert "/feedback/new/enquiry/" in page


@pytest.mark.parametrize("query", ["", " ", "\x00", "а" * 5000, "%"])
def test_the_page_takes_whatever_is_typed(client: Client, query: str) -> None:
    assert client.get("/search/", {"q": query}).status_code == 200


def test_offers_are_few_and_may_be_kept_by_the_browser(client: Client) -> None:
    answer = client.get("/search/suggest/", {"q": "удостоверение"})

    assert len(answer.json()["results"]) == 8
    assert "max-age" in answer["Cache-Control"]


@pytest.mark.parametrize("query", ["", "у", "а" * 101])
def test_nothing_is_offered_for_too_little_or_too_much(client: Client, query: str) -> None:
    assert client.get("/search/suggest/", {"q": query}).json() == {"results": []}


def test_a_search_in_vain_is_counted(client: Client) -> None:
    client.get("/search/", {"q": "Хладилник"})
    client.get("/search/", {"q": "хладилник "})

    assert list(VainSearch.objects.values_list("text", "times")) == [("хладилник", 2)]


def test_a_search_that_found_is_not(client: Client) -> None:
    client.get("/search/", {"q": "скица"})

    assert not VainSearch.objects.exists()


@pytest.mark.parametrize(
    "query",
    ["ivan@example.bg", "0888 123 456", "8001011234", "С-2026-00012", "съседът ми от третия етаж вика", "а" * 61, "!"],
)
def test_what_may_be_about_a_person_is_not_kept(query: str) -> None:
    assert note_zero_results(query, TODAY) is False
    assert not VainSearch.objects.exists()


def test_what_nobody_seeks_any_more_is_forgotten() -> None:
    note_zero_results("хладилник", date(2026, 5, 26))
    note_zero_results("пералня", date(2026, 5, 27))

    assert forget_zero_results(TODAY) == 1
    assert [row.text for row in VainSearch.objects.all()] == ["пералня"]


def test_an_editor_adds_a_synonym_and_reads_what_was_sought_in_vain(as_role: object) -> None:
    editor = as_role("editor")  # type: ignore[operator]
    note_zero_results("хладилник", TODAY)

    listed = editor.get("/desk/admin/search/vainsearch/").content.decode()
    saved = editor.post(
        "/desk/admin/search/synonym/add/", {"said": "скрап", "means": "отпадъци", "reason": "Така казват хората."}
    )

    assert "хладилник" in listed
    assert saved.status_code == 302


def test_a_synonym_that_tells_nothing_is_refused(as_role: object) -> None:
    editor = as_role("editor")  # type: ignore[operator]

    page = editor.post("/desk/admin/search/synonym/add/", {"said": "за", "means": "отпадъци", "reason": "…"})

    assert "Напишете поне една дума, която казва нещо." in page.content.decode()


def test_a_clerk_changes_no_synonyms(as_role: object) -> None:
    assert as_role("clerk").get("/desk/admin/search/synonym/add/").status_code == 302  # type: ignore[operator]


def test_a_renamed_service_is_found_as_soon_as_it_is_published(staff: dict[str, StaffUser], now: datetime) -> None:
    service = Service.objects.get(number="2027")
    document = {**document_of(service), "name": "Издаване на холограми"}
    draft = begin_draft(document=document, why="Друго име.", by=staff["editor"], now=now)

    LIFE.publish(draft_id=draft.pk, by=staff["editor"], now=now)

    assert "Издаване на <mark>холограми</mark>" in Client().get("/search/", {"q": "холограма"}).content.decode()
