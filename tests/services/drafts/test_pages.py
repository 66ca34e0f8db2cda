"""The pages on which an editor drafts a service, sees what others changed meanwhile, and publishes."""

from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from samokov_portal.history import newest_change
from services.actions.drafts import LIFE
from services.documents import document_of
from services.models import Service, ServiceDraft
from tests.services.drafts.saying import changed_meanwhile
from tests.services.drafts.sending import sent

pytestmark = pytest.mark.django_db


def test_an_editor_drafts_looks_and_publishes(service: Service, as_role: Any, clock: Any, client: Client) -> None:
    editor = as_role("editor")
    begin = reverse("services:draft_begin", args=[service.slug])
    begun = editor.post(begin, sent(editor.get(begin), name="Ново име", why="нова наредба"), follow=True)
    row = ServiceDraft.objects.get(slug=service.slug)
    assert (begun.status_code, row.document["name"], row.base) == (200, "Ново име", document_of(service))
    assert row.document == {**row.base, "name": "Ново име"}  # what was not touched came back as it was

    shown = editor.get(reverse("services:draft_preview", args=[row.pk]))
    assert "<h1>Ново име</h1>" in shown.content.decode()
    assert shown["X-Robots-Tag"] == "noindex, nofollow"

    page = editor.get(row.get_absolute_url())
    step = reverse("services:draft_publish", args=[row.pk])
    assert editor.post(step, {"seen": page.context["seen"]}).status_code == 302
    assert "Ново име" in client.get(service.get_absolute_url()).content.decode()


def test_a_second_editor_is_shown_the_change_and_keeps_what_they_typed(
    draft: ServiceDraft, as_role: Any, editor: Any
) -> None:
    client = as_role("editor")
    typed = sent(client.get(draft.get_absolute_url()), note="моята бележка")
    LIFE.change(draft_id=draft.pk, document={**draft.document, "note": "на колега"}, why="?", by=editor)

    answer = client.post(draft.get_absolute_url(), typed)

    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Междувременно колега промени черновата" in page
    assert "на колега" in page
    assert "моята бележка" in page
    assert ServiceDraft.objects.get(pk=draft.pk).document["note"] == "на колега"


def test_publishing_over_a_change_is_refused_and_both_are_shown(
    draft: ServiceDraft, service: Service, as_role: Any
) -> None:
    changed_meanwhile(service)
    editor = as_role("editor")

    answer = editor.post(reverse("services:draft_publish", args=[draft.pk]))

    assert answer.status_code == 409
    assert "Друго, междувременно" in answer.content.decode()
    assert editor.post(reverse("services:draft_rebase", args=[draft.pk])).status_code == 302
    assert editor.post(reverse("services:draft_publish", args=[draft.pk])).status_code == 302


@pytest.mark.parametrize(
    ("field", "value", "error"),
    [
        ("name", "", "Това поле е задължително."),
        ("number", "20-16", "Номерът е от една до шест цифри."),
        ("own_term_amount", "3", "Срокът се състои от число и мярка. Попълнете и двете или нито едното."),
        ("details-0-leva", "пет", "Сумите са числа, отделени с точка и запетая."),
        ("details-0-variant", "post", "Вид поръчка има само за срок и такса, начин – само за „Къде и как“."),
        ("why", "", "Това поле е задължително."),
    ],
)
def test_a_mistake_is_said_and_nothing_is_stored(
    draft: ServiceDraft, as_role: Any, field: str, value: str, error: str
) -> None:
    editor = as_role("editor")
    before = newest_change(draft)

    answer = editor.post(draft.get_absolute_url(), sent(editor.get(draft.get_absolute_url()), **{field: value}))

    assert answer.status_code == 422
    assert error in [mistake.text for mistake in answer.context["form"].errors]
    assert newest_change(draft) == before


def test_ends_of_lines_and_commas_of_a_browser_are_no_change(draft: ServiceDraft, as_role: Any, editor: Any) -> None:
    details = [dict(row) for row in draft.document["details"]]
    details[0]["text"] = "първо\nвторо"
    before = LIFE.change(
        draft_id=draft.pk, document={**draft.document, "details": details}, why="?", by=editor
    ).document
    client = as_role("editor")
    typed = sent(client.get(draft.get_absolute_url()), **{"details-0-text": "първо\r\nвторо", "offers-0-fee": "7,50"})
    unfilled = {f"details-{len(details)}-field": "", "offers-1-speed": ""}

    assert client.post(draft.get_absolute_url(), typed | unfilled).status_code == 302

    assert ServiceDraft.objects.get(pk=draft.pk).document == before


def test_two_statements_about_the_same_are_refused(draft: ServiceDraft, as_role: Any) -> None:
    editor = as_role("editor")
    typed = sent(editor.get(draft.get_absolute_url()))
    first = {name.replace("details-0-", ""): typed[name] for name in typed if name.startswith("details-0-")}
    last = int(typed["details-INITIAL_FORMS"])
    typed |= {f"details-{last}-{name}": value for name, value in first.items()}

    answer = editor.post(draft.get_absolute_url(), typed)

    assert "Това вече е казано по-горе. Съберете ги на едно място." in answer.content.decode()


def test_a_draft_is_scheduled_on_the_page(draft: ServiceDraft, as_role: Any, clock: datetime) -> None:
    editor = as_role("editor")
    step = reverse("services:draft_schedule", args=[draft.pk])

    assert editor.post(step, {"publish_at": "скоро"}).status_code == 422
    assert editor.post(step, {"publish_at": "23.11.2026 11:59"}).status_code == 409
    assert editor.post(step, {"publish_at": "24.11.2026 09:00"}).status_code == 302

    assert "за 24.11.2026" in editor.get(reverse("services:drafts")).content.decode()


def test_a_draft_is_no_page_for_others(draft: ServiceDraft, as_role: Any, client: Client) -> None:
    preview = reverse("services:draft_preview", args=[draft.pk])

    assert as_role("clerk").get(preview).status_code == 403
    assert client.get(preview).status_code == 302


def test_the_list_of_drafts_asks_little(draft: ServiceDraft, as_role: Any, django_assert_max_num_queries: Any) -> None:
    editor = as_role("editor")
    with django_assert_max_num_queries(25):
        page = editor.get(reverse("services:drafts")).content.decode()

    assert "Ново име" in page


def test_a_service_is_found_to_be_drafted(as_role: Any, service: Service) -> None:
    editor = as_role("editor")
    begin = reverse("services:draft_begin", args=[service.slug])

    assert begin not in editor.get(reverse("services:drafts")).content.decode()
    assert begin in editor.get(reverse("services:drafts"), {"q": "наследници"}).content.decode()
    assert (
        editor.get(reverse("services:drafts"), {"all": "1"}).content.decode().count("/desk/catalogue/services/") == 113
    )
