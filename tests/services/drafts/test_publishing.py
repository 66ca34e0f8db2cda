"""Drafts of services: how what is proposed becomes what is published, now or in its moment, and what stops it."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from samokov_portal.editing.drafts import DraftState
from samokov_portal.editing.life import (
    AlreadyDrafted,
    DraftChanged,
    DraftEnded,
    NothingChanged,
    PublishedChanged,
    TooEarly,
)
from samokov_portal.history import newest_change
from services.actions.drafts import LIFE, begin_draft
from services.documents import build, document_of
from services.models import Service, ServiceDetail, ServiceDraft, ServiceOffer
from tests.factories import ApplicationFactory
from tests.services.drafts.saying import NUMBER, changed_meanwhile, said

pytestmark = pytest.mark.django_db


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


def test_offers_of_a_draft_are_stored_as_amounts(draft: ServiceDraft, editor: Any, now: datetime) -> None:
    LIFE.publish(draft_id=draft.pk, by=editor, now=now)

    offer = ServiceOffer.objects.get(service=draft.service)
    assert (str(offer.fee), offer.term.amount, offer.valid_from) == ("7.50", 1, None)
