"""Drafting a service, and publishing the draft: the published rows stay the one truth, and say whence they came."""

from datetime import date, datetime
from typing import Any

from samokov_portal.editing.life import Finding, Life
from samokov_portal.history import save_with_history
from samokov_portal.staff.models import StaffUser
from services.checking import findings, links_of
from services.documents import (
    DETAIL_KEY,
    OFFER_KEY,
    Document,
    detail_values,
    document_of,
    frame_values,
    key_of,
    offer_values,
)
from services.entries import index_services
from services.models import Service, ServiceDetail, ServiceDraft, ServiceOffer


def published_document(slug: str) -> Document | None:
    """What is published at this address now; None where there is nothing."""
    service = Service.objects.with_frame().filter(slug=slug).first()
    return document_of(service) if service else None


class ServiceLife(Life):
    """The life of the drafts of services; terms that were promised to applications stay as they are."""

    model = ServiceDraft

    def lock(self, draft: Any) -> None:
        Service.objects.select_for_update(of=("self",)).filter(slug=draft.slug).first()

    def published(self, draft: Any) -> Document | None:
        return published_document(draft.slug)

    def found(self, draft: Any, on: date) -> list[Finding]:
        return findings(draft, on)

    def links_of(self, document: Document) -> list[str]:
        return links_of(document)

    def settled(self, draft: Any, document: Document) -> Document:
        return {**document, "slug": draft.slug}

    def same(self, draft: Any) -> Any:
        return ServiceDraft.objects.filter(slug=draft.slug)

    def write(self, draft: Any, by: Any, why: str) -> Service:
        service = Service.objects.filter(slug=draft.slug).first() or Service(slug=draft.slug)
        values = frame_values(draft.document)
        if service.pk is None or any(getattr(service, name) != value for name, value in values.items()):
            for name, value in values.items():
                setattr(service, name, value)
            save_with_history(service, by=by, why=why)
        details = {key_of(row, DETAIL_KEY): detail_values(row) for row in draft.document["details"]}
        offers = {key_of(row, OFFER_KEY): offer_values(row) for row in draft.document["offers"]}
        _write_parts(service, ServiceDetail, DETAIL_KEY, details, by, why)
        _write_parts(service, ServiceOffer, OFFER_KEY, offers, by, why)
        draft.service = service
        index_services()
        return service


LIFE = ServiceLife()


def begin_draft(*, document: Document, why: str, by: StaffUser, now: datetime) -> ServiceDraft:
    """Propose `document` for the service of its address, or a new one. Raises AlreadyDrafted, NothingChanged."""
    slug = document["slug"]
    service = Service.objects.filter(slug=slug).first()
    draft = ServiceDraft(service=service, slug=slug, document=document, why=why, author=by, created_at=now)
    LIFE.begin(draft)
    return draft


def _write_parts(
    service: Service,
    model: Any,
    names: tuple[str, ...],
    wanted: dict[tuple[str, ...], dict[str, Any]],
    by: StaffUser,
    why: str,
) -> None:
    """Make the rows of one kind say what is wanted; what says it already is not touched."""
    stored = {tuple(getattr(row, name) for name in names): row for row in model.objects.filter(service=service)}
    for key, row in stored.items():
        if key not in wanted:
            row._history_user, row._change_reason = by, why
            row.delete()
    for key, values in wanted.items():
        row = stored.get(key) or model(service=service)
        if row.pk is not None and all(getattr(row, name) == value for name, value in values.items()):
            continue
        for name, value in values.items():
            setattr(row, name, value)
        save_with_history(row, by=by, why=why)
