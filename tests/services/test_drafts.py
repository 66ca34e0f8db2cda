"""Drafts of services: what is proposed, what is found in it, and how it becomes what is published."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from samokov_portal.editing.drafts import DraftState
from samokov_portal.editing.life import (
    AlreadyDrafted,
    DraftChanged,
    DraftEnded,
    NothingChanged,
    NotReady,
    PublishedChanged,
    TooEarly,
)
from samokov_portal.editing.links import LinkVerdict
from samokov_portal.history import newest_change, save_with_history
from services.actions.drafts import LIFE, begin_draft
from services.checking import findings
from services.documents import DETAIL_KEY, Document, build, differences, document_of, in_order
from services.models import RepealedAct, Service, ServiceDetail, ServiceDraft, ServiceOffer
from tests.factories import ApplicationFactory

pytestmark = pytest.mark.django_db
NUMBER = "2016"


@pytest.fixture
def service() -> Service:
    return Service.objects.get(number=NUMBER)


@pytest.fixture
def editor(staff: Any) -> Any:
    return staff["editor"]


def said(service: Service, **changes: Any) -> Document:
    return {**document_of(service), **changes}


def statement(field: str, text: str, provider: str = "samokov", **more: Any) -> Document:
    plain = {"field": field, "variant": "", "provider": provider, "text": text}
    return {**plain, "is_verified": False, "source": "", "leva": [], **more}


@pytest.fixture
def draft(service: Service, editor: Any, now: datetime) -> ServiceDraft:
    """Another name, a document more, and a quick order."""
    details = in_order(
        [*document_of(service)["details"], statement("result", "Удостоверение", leva=["2.50"])], DETAIL_KEY
    )
    offer = {"speed": "quick", "term_amount": 1, "term_unit": "working_days", "fee": "7.50", "valid_from": None}
    document = said(service, name="Ново име", details=details, offers=[{**offer, "source": "Наредба № 12"}])
    return begin_draft(document=document, why="нова наредба", by=editor, now=now)


def what_stops(row: ServiceDraft, on: date = date(2026, 11, 23)) -> list[str]:
    return [finding.text for finding in findings(row, on) if finding.stops]


def test_a_document_is_all_that_is_said_and_builds_the_same_again() -> None:
    for row in Service.objects.with_frame().prefetch_related("details", "offers")[:20]:
        document = document_of(row)
        built = build(document)

        assert built.service.name == row.name
        assert (built.service.group, built.service.unit) == (row.group, row.unit)
        assert {detail.text for detail in built.details} == {detail.text for detail in row.details.all()}


def test_a_draft_changes_nothing_that_others_see(draft: ServiceDraft, client: Client) -> None:
    service = Service.objects.get(number=NUMBER)

    assert service.name != "Ново име"
    assert "Ново име" not in client.get(service.get_absolute_url()).content.decode()


def test_publishing_makes_the_catalogue_say_what_the_draft_says(
    draft: ServiceDraft, editor: Any, now: datetime
) -> None:
    service = LIFE.publish(draft_id=draft.pk, by=editor, now=now)

    draft.refresh_from_db()
    assert document_of(service) == draft.document
    assert (draft.state, draft.ended_at, draft.ended_by) == (DraftState.PUBLISHED, now, editor)


def test_each_published_row_says_which_draft_it_comes_from(draft: ServiceDraft, editor: Any, now: datetime) -> None:
    service = LIFE.publish(draft_id=draft.pk, by=editor, now=now)

    rows = [service, service.details.get(field="result"), service.offers.get(speed="quick")]
    assert {(row.history.first().history_change_reason, row.history.first().history_user) for row in rows} == {
        (f"чернова № {draft.pk}: нова наредба", editor)
    }


def test_what_the_draft_does_not_touch_gets_no_history(draft: ServiceDraft, editor: Any, now: datetime) -> None:
    untouched = draft.service.details.get(field="legal_basis")
    before = untouched.history.count()

    LIFE.publish(draft_id=draft.pk, by=editor, now=now)

    assert untouched.history.count() == before


def test_a_statement_that_is_left_out_is_removed_with_its_reason(service: Service, editor: Any, now: datetime) -> None:
    kept = [row for row in document_of(service)["details"] if row["field"] == "legal_basis"]
    gone = service.details.exclude(field="legal_basis").first()
    row = begin_draft(document=said(service, details=kept), why="чуждо", by=editor, now=now)

    LIFE.publish(draft_id=row.pk, by=editor, now=now)

    newest = ServiceDetail.history.filter(id=gone.pk).first()
    assert (newest.history_type, newest.history_change_reason) == ("-", f"чернова № {row.pk}: чуждо")


def test_a_term_promised_to_an_application_stays(service: Service, editor: Any, now: datetime) -> None:
    application = ApplicationFactory(service=service)
    promised = (application.due_on, application.term_version)
    document = said(service, own_term_amount=1, own_term_unit="working_days")
    row = begin_draft(document=document, why="по-кратък срок", by=editor, now=now)

    LIFE.publish(draft_id=row.pk, by=editor, now=now)

    application.refresh_from_db()
    assert (application.due_on, application.term_version) == promised
    assert Service.objects.get(pk=service.pk).term.amount == 1


def test_a_new_service_is_published_at_its_address(
    service: Service, editor: Any, now: datetime, client: Client
) -> None:
    document = said(service, slug="nova-usluga", number="9999", name="Нова услуга")
    row = begin_draft(document=document, why="нова", by=editor, now=now)
    assert client.get("/services/nova-usluga/").status_code == 404

    LIFE.publish(draft_id=row.pk, by=editor, now=now)

    assert "Нова услуга" in client.get("/services/nova-usluga/").content.decode()


def test_of_one_service_there_is_one_open_draft(
    draft: ServiceDraft, service: Service, editor: Any, now: datetime
) -> None:
    with pytest.raises(AlreadyDrafted):
        begin_draft(document=said(service, name="Трето име"), why="?", by=editor, now=now)

    LIFE.withdraw(draft_id=draft.pk, by=editor, now=now)

    assert begin_draft(document=said(service, name="Трето име"), why="?", by=editor, now=now).is_open


def test_the_database_refuses_a_second_open_draft(draft: ServiceDraft) -> None:
    draft.pk = None

    with pytest.raises(IntegrityError, match="one_open"), transaction.atomic():
        draft.save(force_insert=True)


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("says_why", {"why": ""}),
        ("scheduled_whole", {"state": "scheduled"}),
        ("ended_whole", {"state": "published"}),
        ("ended_whole", {"state": "withdrawn"}),
    ],
)
def test_the_database_refuses_a_draft_that_makes_no_sense(
    draft: ServiceDraft, name: str, wrong: dict[str, Any]
) -> None:
    for field, value in wrong.items():
        setattr(draft, field, value)

    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        draft.save()


def test_the_database_knows_every_state(draft: ServiceDraft, editor: Any, now: datetime) -> None:
    draft.state, draft.ended_at, draft.ended_by = "lost", now, editor

    with pytest.raises(IntegrityError, match="known_state"), transaction.atomic():
        draft.save()


def test_a_draft_that_says_what_is_published_is_none(service: Service, editor: Any, now: datetime) -> None:
    with pytest.raises(NothingChanged):
        begin_draft(document=document_of(service), why="?", by=editor, now=now)


def changed_meanwhile(service: Service) -> None:
    service.note = "Друго, междувременно"
    save_with_history(service, by=None, why="проба")


def test_what_was_changed_meanwhile_is_not_overwritten(
    draft: ServiceDraft, service: Service, editor: Any, now: datetime
) -> None:
    changed_meanwhile(service)

    with pytest.raises(PublishedChanged):
        LIFE.publish(draft_id=draft.pk, by=editor, now=now)
    with pytest.raises(PublishedChanged):
        LIFE.schedule(draft_id=draft.pk, publish_at=now + timedelta(days=1), by=editor, now=now)

    assert Service.objects.get(pk=service.pk).name != "Ново име"


def test_who_has_seen_the_change_may_publish(draft: ServiceDraft, service: Service, editor: Any, now: datetime) -> None:
    changed_meanwhile(service)

    LIFE.rebase(draft_id=draft.pk, by=editor)
    LIFE.publish(draft_id=draft.pk, by=editor, now=now)

    assert Service.objects.get(pk=service.pk).name == "Ново име"


@pytest.mark.parametrize("step", [LIFE.publish, LIFE.withdraw])
def test_a_draft_that_has_ended_does_not_change(draft: ServiceDraft, editor: Any, now: datetime, step: Any) -> None:
    LIFE.withdraw(draft_id=draft.pk, by=editor, now=now)

    with pytest.raises(DraftEnded):
        step(draft_id=draft.pk, by=editor, now=now)
    with pytest.raises(DraftEnded):
        LIFE.change(draft_id=draft.pk, document=draft.document, why="?", by=editor)


def test_who_saw_an_older_draft_changes_nothing(draft: ServiceDraft, editor: Any, now: datetime) -> None:
    seen = newest_change(draft)
    LIFE.change(draft_id=draft.pk, document={**draft.document, "note": "колега"}, why="?", by=editor)

    for step in (LIFE.publish, LIFE.withdraw):
        with pytest.raises(DraftChanged):
            step(draft_id=draft.pk, by=editor, now=now, seen=seen)


# what the worker publishes


def test_a_scheduled_draft_is_published_when_its_moment_comes(draft: ServiceDraft, editor: Any, now: datetime) -> None:
    moment = now + timedelta(hours=2)
    LIFE.schedule(draft_id=draft.pk, publish_at=moment, by=editor, now=now)

    assert LIFE.publish_due(draft.pk, moment - timedelta(seconds=1)) is None
    assert ServiceDraft.objects.get(pk=draft.pk).state == DraftState.SCHEDULED
    service = LIFE.publish_due(draft.pk, moment)

    assert service is not None
    assert service.name == "Ново име"
    assert service.history.first().history_user == editor


def test_a_scheduled_draft_is_published_once(draft: ServiceDraft, editor: Any, now: datetime) -> None:
    moment = now + timedelta(hours=2)
    LIFE.schedule(draft_id=draft.pk, publish_at=moment, by=editor, now=now)

    assert LIFE.publish_due(draft.pk, moment) is not None
    assert LIFE.publish_due(draft.pk, moment) is None


def test_what_cannot_be_published_in_its_moment_says_why_and_is_a_draft_again(
    draft: ServiceDraft, service: Service, editor: Any, now: datetime
) -> None:
    moment = now + timedelta(hours=2)
    LIFE.schedule(draft_id=draft.pk, publish_at=moment, by=editor, now=now)
    changed_meanwhile(service)

    assert LIFE.publish_due(draft.pk, moment) is None

    draft.refresh_from_db()
    assert (draft.state, draft.publish_at) == (DraftState.DRAFT, None)
    assert draft.held_back == "Публикуваното е променено, след като черновата е започната."


def test_a_change_of_a_scheduled_draft_takes_its_moment_away(draft: ServiceDraft, editor: Any, now: datetime) -> None:
    LIFE.schedule(draft_id=draft.pk, publish_at=now + timedelta(hours=2), by=editor, now=now)

    LIFE.change(draft_id=draft.pk, document={**draft.document, "note": "още"}, why="още", by=editor)

    assert ServiceDraft.objects.get(pk=draft.pk).state == DraftState.DRAFT


def test_a_moment_that_has_passed_is_refused(draft: ServiceDraft, editor: Any, now: datetime) -> None:
    with pytest.raises(TooEarly):
        LIFE.schedule(draft_id=draft.pk, publish_at=now, by=editor, now=now)


# what is looked at before


def test_a_draft_without_anything_wrong_is_not_stopped(draft: ServiceDraft) -> None:
    assert what_stops(draft) == []


@pytest.mark.parametrize(
    ("changes", "stop"),
    [
        ({"name": ""}, "Няма наименование."),
        ({"details": []}, "Няма правно основание."),
        ({"number": "1999"}, "Номер 1999 е на друга услуга."),
    ],
)
def test_what_is_missing_or_taken_stops_it(
    draft: ServiceDraft, editor: Any, now: datetime, changes: dict[str, Any], stop: str
) -> None:
    draft.document = {**draft.document, **changes}
    save_with_history(draft, by=editor, why="проба")

    assert what_stops(draft) == [stop]
    with pytest.raises(NotReady) as refused:
        LIFE.publish(draft_id=draft.pk, by=editor, now=now)
    assert [finding.text for finding in refused.value.found] == [stop]


@pytest.mark.parametrize(("until_on", "stops"), [(date(2026, 11, 23), True), (date(2026, 11, 24), False)])
def test_a_basis_that_is_no_longer_in_force_stops_it(draft: ServiceDraft, until_on: date, stops: bool) -> None:
    basis = next(row for row in draft.document["details"] if row["field"] == "legal_basis")
    act = basis["text"].split()[0]
    RepealedAct.objects.create(called=act, until_on=until_on, source="проба")

    assert what_stops(draft) == ([f"Основанието посочва {act}, който вече не е в сила."] if stops else [])


def test_an_act_is_known_by_its_whole_name_only(draft: ServiceDraft) -> None:
    RepealedAct.objects.create(called="З", until_on=date(2020, 1, 1), source="проба")

    assert what_stops(draft) == []


@pytest.mark.parametrize(
    ("verdict", "stops"), [(LinkVerdict.DEAD, True), (LinkVerdict.ANSWERS, False), (LinkVerdict.REFUSED, False)]
)
def test_a_dead_link_of_ours_stops_it(
    draft: ServiceDraft, editor: Any, now: datetime, verdict: LinkVerdict, stops: bool
) -> None:
    form = statement("form", "Образец", source="https://samokov.bg/form.pdf")
    LIFE.change(
        draft_id=draft.pk,
        document={**draft.document, "details": [*draft.document["details"], form]},
        why="?",
        by=editor,
    )
    LIFE.note_links(
        draft_id=draft.pk, links=[{"address": "https://samokov.bg/form.pdf", "verdict": verdict.value}], now=now
    )

    found = what_stops(ServiceDraft.objects.get(pk=draft.pk))

    assert found == (["Връзката не се отваря: https://samokov.bg/form.pdf"] if stops else [])


def test_differences_name_what_changes_and_nothing_else(draft: ServiceDraft) -> None:
    told = {row.label: (row.before, row.after) for row in differences(draft.base, draft.document)}

    assert told == {
        "наименование": (draft.base["name"], "Ново име"),
        "Какво получавате (samokov)": ("", "Удостоверение\n2.50"),
        "вид поръчка на услуга: бърза": ("", "1\nworking_days\n7.50\nНаредба № 12"),
    }


# the pages


def sent(page: Any, **changes: Any) -> dict[str, Any]:
    """What a browser sends of the forms that a page shows."""
    form = page.context["form"]
    forms = [
        form.why,
        form.frame,
        form.details.management_form,
        *form.details,
        form.offers.management_form,
        *form.offers,
    ]
    values = {field.html_name: field.value() for part in forms for field in part}
    return {name: value for name, value in values.items() if value is not None and value is not False} | changes


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


def test_offers_of_a_draft_are_stored_as_amounts(draft: ServiceDraft, editor: Any, now: datetime) -> None:
    LIFE.publish(draft_id=draft.pk, by=editor, now=now)

    offer = ServiceOffer.objects.get(service=draft.service)
    assert (str(offer.fee), offer.term.amount, offer.valid_from) == ("7.50", 1, None)
