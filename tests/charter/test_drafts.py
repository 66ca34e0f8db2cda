"""Drafts of the charter: the next version is proposed, compared and published, and the earlier ones stay."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from charter.actions.drafts import LIFE, begin_charter_draft, charter_in_force, findings
from charter.documents import as_passages, as_text, differences, document_of
from charter.models import CharterDraft, CharterVersion, Observation, Standard
from charter.tasks import publish_scheduled
from samokov_portal.editing.drafts import DraftState
from samokov_portal.editing.life import (
    AlreadyDrafted,
    DraftChanged,
    DraftRefused,
    NothingChanged,
    NotReady,
    PublishedChanged,
)
from samokov_portal.editing.refusals import REFUSALS
from samokov_portal.history import newest_change, save_with_history

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(staff: Any) -> Any:
    return staff["editor"]


@pytest.fixture
def proposed() -> dict[str, Any]:
    """The charter in force with another year and a passage more in its first section."""
    document: Any = charter_in_force()
    first, *others = document["sections"]
    passage = {"kind": "paragraph", "text": "Нов пасаж за уверение."}
    longer = {**first, "passages": [passage, *first["passages"]]}
    return {**document, "adopted_year": 2026, "sections": [longer, *others]}


@pytest.fixture
def draft(proposed: dict[str, Any], editor: Any, now: datetime) -> CharterDraft:
    return begin_charter_draft(document=proposed, why="решение на съвета", by=editor, now=now)


def test_the_charter_is_written_and_read_as_the_same() -> None:
    document: Any = charter_in_force()

    for section in document["sections"]:
        assert as_passages(as_text(section["passages"]).replace("\n", "\r\n")) == section["passages"]


def test_a_draft_changes_nothing_that_others_see(draft: CharterDraft, client: Client) -> None:
    assert CharterVersion.objects.count() == 1
    assert "Нов пасаж" not in client.get("/charter/").content.decode()


def test_publishing_makes_the_next_version_and_leaves_the_one_before(
    draft: CharterDraft, editor: Any, now: datetime, client: Client
) -> None:
    before = document_of(CharterVersion.objects.get(number=1))

    version = LIFE.publish(draft_id=draft.pk, by=editor, now=now)

    draft.refresh_from_db()
    assert (version.number, draft.version, draft.state) == (2, version, DraftState.PUBLISHED)
    assert document_of(CharterVersion.objects.get(number=2)) == draft.document
    assert document_of(CharterVersion.objects.get(number=1)) == before
    assert "Нов пасаж" in client.get("/charter/").content.decode()
    assert "Нов пасаж" not in client.get("/charter/versions/1/").content.decode()


def test_promises_go_on_in_the_next_version_with_their_measures(
    draft: CharterDraft, editor: Any, now: datetime
) -> None:
    told = ("code", "measure", "text", "target", "limit")
    before = list(Standard.objects.in_force().values_list(*told))

    LIFE.publish(draft_id=draft.pk, by=editor, now=now)

    assert list(Standard.objects.in_force().values_list(*told)) == before
    assert {row.version.number for row in Standard.objects.in_force().select_related("version")} == {2}


def test_what_was_observed_before_counts_for_the_promise_after(draft: CharterDraft, editor: Any, now: datetime) -> None:
    standard = Standard.objects.in_force().filter(measured_from="observation").first()
    seen = {"on": now.date(), "method": "mystery", "is_kept": True, "recorded_at": now}
    Observation.objects.create(standard=standard, **seen)

    LIFE.publish(draft_id=draft.pk, by=editor, now=now)

    again = Standard.objects.in_force().get(code=standard.code)
    assert again.pk != standard.pk
    assert Observation.objects.filter(standard__code=again.code).count() == 1


def test_each_row_of_the_version_says_which_draft_it_comes_from(
    draft: CharterDraft, editor: Any, now: datetime
) -> None:
    version = LIFE.publish(draft_id=draft.pk, by=editor, now=now)

    rows = [version, version.sections.first(), version.remarks.first(), version.standards.first()]
    assert {(row.history.first().history_change_reason, row.history.first().history_user) for row in rows} == {
        (f"чернова № {draft.pk}: решение на съвета", editor)
    }


def test_there_is_one_open_draft_of_the_charter(
    draft: CharterDraft, proposed: dict[str, Any], editor: Any, now: datetime
) -> None:
    with pytest.raises(AlreadyDrafted):
        begin_charter_draft(document={**proposed, "note": "друго"}, why="?", by=editor, now=now)
    draft.pk = None
    with pytest.raises(IntegrityError, match="one_open"), transaction.atomic():
        draft.save(force_insert=True)


def test_a_draft_that_says_what_is_in_force_is_none(editor: Any, now: datetime) -> None:
    document: Any = charter_in_force()

    with pytest.raises(NothingChanged):
        begin_charter_draft(document=document, why="?", by=editor, now=now)


def test_a_charter_that_changed_meanwhile_is_not_passed_over(draft: CharterDraft, editor: Any, now: datetime) -> None:
    version = CharterVersion.objects.get(number=1)
    version.note = "Друго"
    save_with_history(version, by=None, why="проба")

    with pytest.raises(PublishedChanged):
        LIFE.publish(draft_id=draft.pk, by=editor, now=now)
    LIFE.rebase(draft_id=draft.pk, by=editor)

    assert LIFE.publish(draft_id=draft.pk, by=editor, now=now).number == 2


def test_who_saw_an_older_draft_changes_nothing(draft: CharterDraft, editor: Any, now: datetime) -> None:
    seen = newest_change(draft)
    LIFE.change(draft_id=draft.pk, document={**draft.document, "note": "колега"}, why="?", by=editor)

    with pytest.raises(DraftChanged):
        LIFE.withdraw(draft_id=draft.pk, by=editor, now=now, seen=seen)


def test_the_worker_publishes_what_is_scheduled(
    draft: CharterDraft, editor: Any, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    LIFE.schedule(draft_id=draft.pk, publish_at=now + timedelta(hours=1), by=editor, now=now)
    monkeypatch.setattr("django.utils.timezone.now", lambda: now)
    publish_scheduled(timestamp=0)
    assert CharterVersion.objects.count() == 1

    monkeypatch.setattr("django.utils.timezone.now", lambda: now + timedelta(hours=1))
    publish_scheduled(timestamp=0)

    assert CharterVersion.objects.in_force().number == 2  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("sections", "stop"), [([], "Текстът няма нито един раздел."), (["empty"], "Раздел I е празен.")]
)
def test_a_text_without_its_parts_is_stopped(
    draft: CharterDraft, editor: Any, now: datetime, sections: list[str], stop: str
) -> None:
    empty = {
        "numeral": "I",
        "title": "Празен",
        "title_en": "",
        "title_original": "Празен",
        "title_note": "",
        "passages": [],
    }
    draft.document = {**draft.document, "sections": [empty] if sections else []}
    save_with_history(draft, by=editor, why="проба")

    assert [finding.text for finding in findings(draft) if finding.stops] == [stop]
    with pytest.raises(NotReady):
        LIFE.publish(draft_id=draft.pk, by=editor, now=now)


def test_a_passage_that_was_put_in_is_the_only_difference_of_its_section(draft: CharterDraft) -> None:
    told = {row.label: (row.before, row.after) for row in differences(draft.base, draft.document)}

    section = draft.document["sections"][0]
    assert told == {
        "година на приемане": ("2016", "2026"),
        f"{section['numeral']}. {section['title']}": ("", "Нов пасаж за уверение."),
    }


# the pages


def sent(page: Any, **changes: Any) -> dict[str, Any]:
    """What a browser sends of the forms that a page shows."""
    form = page.context["form"]
    sets = (form.sections, form.remarks)
    forms = [form.why, form.frame, *(part for rows in sets for part in (rows.management_form, *rows))]
    values = {field.html_name: field.value() for part in forms for field in part}
    return {name: value for name, value in values.items() if value is not None and value is not False} | changes


def test_an_editor_drafts_looks_and_publishes(as_role: Any, clock: Any, client: Client) -> None:
    editor, begin = as_role("editor"), reverse("charter:charter_drafts")

    begun = editor.post(begin, sent(editor.get(begin), adopted_year="2026", why="решение"))

    row = CharterDraft.objects.get()
    assert (begun.status_code, row.document) == (302, {**row.base, "adopted_year": 2026})
    shown = editor.get(reverse("charter:charter_draft_preview", args=[row.pk]))
    assert ("Утвърдил през 2026" in " ".join(shown.content.decode().split()), shown["X-Robots-Tag"]) == (
        True,
        "noindex, nofollow",
    )
    assert CharterVersion.objects.count() == 1
    page = editor.get(row.get_absolute_url())
    assert editor.post(f"{row.get_absolute_url()}publish/", {"seen": page.context["seen"]}).status_code == 302
    assert "/charter/versions/2/" in client.get("/charter/").content.decode()


def test_a_second_editor_is_told_and_keeps_what_they_typed(draft: CharterDraft, as_role: Any, editor: Any) -> None:
    client = as_role("editor")
    typed = sent(client.get(draft.get_absolute_url()), note="моята бележка")
    LIFE.change(draft_id=draft.pk, document={**draft.document, "note": "на колега"}, why="?", by=editor)

    answer = client.post(draft.get_absolute_url(), typed)

    assert answer.status_code == 409
    assert "моята бележка" in answer.content.decode()
    assert CharterDraft.objects.get().document["note"] == "на колега"


@pytest.mark.parametrize(
    ("field", "value"), [("title", ""), ("adopted_year", "скоро"), ("why", ""), ("sections-1-numeral", "I")]
)
def test_a_mistake_is_said_and_nothing_is_stored(draft: CharterDraft, as_role: Any, field: str, value: str) -> None:
    editor = as_role("editor")
    before = newest_change(draft)

    answer = editor.post(draft.get_absolute_url(), sent(editor.get(draft.get_absolute_url()), **{field: value}))

    assert (answer.status_code, newest_change(draft)) == (422, before)
    assert [mistake.field.html_name for mistake in answer.context["form"].errors] == [field]


def test_parts_are_folded_under_their_names(draft: CharterDraft, as_role: Any) -> None:
    page = as_role("editor").get(draft.get_absolute_url()).content.decode()

    names = [f"{section['numeral']}. {section['title']}" for section in draft.document["sections"]]
    assert [name for name in names if f"<summary>{name}</summary>" not in page] == []


def test_steps_of_the_page(draft: CharterDraft, as_role: Any, clock: Any) -> None:
    editor, at = as_role("editor"), draft.get_absolute_url()

    assert editor.post(f"{at}schedule/", {"publish_at": "скоро"}).status_code == 422
    assert editor.post(f"{at}schedule/", {"publish_at": "24.11.2026 09:00"}).status_code == 302
    assert editor.post(f"{at}rebase/").status_code == 302
    assert editor.post(f"{at}check/").status_code == 302
    assert editor.post(f"{at}withdraw/").status_code == 302
    assert editor.post(f"{at}publish/").status_code == 409


def test_refusals_have_words() -> None:
    assert {*REFUSALS, AlreadyDrafted} == set(DraftRefused.__subclasses__())
