"""Bringing a file of the catalogue in: it is kept as it was read, and becomes drafts, never published rows."""

from datetime import datetime
from typing import Any

from django.db import transaction

from samokov_portal.editing.life import AlreadyDrafted, NothingChanged
from samokov_portal.history import save_with_history
from samokov_portal.staff.models import StaffUser
from services.actions.drafts import begin_draft
from services.documents import Document
from services.models import CatalogueImport, ServiceDraft

WHY = "внос от „{name}“"


class AlreadyApplied(Exception):
    """Drafts were made of this file before."""


@transaction.atomic
def keep_import(*, name: str, content: Any, is_table: bool, by: StaffUser, now: datetime) -> CatalogueImport:
    """Keep what was read of a file."""
    row = CatalogueImport(name=name[:200], content=content, is_table=is_table, uploaded_by=by, uploaded_at=now)
    save_with_history(row, by=by, why="внесен файл")
    return row


@transaction.atomic
def draft_import(
    *, import_id: int, documents: list[Document], by: StaffUser, now: datetime
) -> tuple[CatalogueImport, list[ServiceDraft]]:
    """Make a draft of each document; what has an open one, or says nothing new, is passed over.

    Raises AlreadyApplied.
    """
    row = CatalogueImport.objects.select_for_update(of=("self",)).get(pk=import_id)
    if row.applied_at is not None:
        raise AlreadyApplied
    drafts = []
    for document in documents:
        try:
            drafts.append(begin_draft(document=document, why=WHY.format(name=row.name), by=by, now=now))
        except (AlreadyDrafted, NothingChanged):
            continue
    row.applied_by, row.applied_at, row.drafted = by, now, len(drafts)
    save_with_history(row, by=by, why="направени чернови")
    return row, drafts
