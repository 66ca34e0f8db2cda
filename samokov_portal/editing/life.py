"""The life of a draft, whatever it is a draft of: begun, changed, scheduled, published or withdrawn.

What is published stays the one truth. A draft keeps what it began from, so that nothing that others changed meanwhile
is overwritten unseen.
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from samokov_portal.editing.drafts import Draft, DraftState
from samokov_portal.editing.links import check_link
from samokov_portal.history import newest_change, save_with_history

Document = dict[str, Any]
WHY_PUBLISHED = "чернова № {number}: {why}"
CHANGED_MEANWHILE = "Публикуваното е променено, след като черновата е започната."


@dataclass(frozen=True)
class Finding:
    """Something found in a document; what stops it must be mended before it is published."""

    stops: bool
    text: str


class DraftRefused(Exception):
    """A draft cannot be stored or published so."""


class AlreadyDrafted(DraftRefused):
    """There is an open draft of this; two would overwrite each other."""


class NothingChanged(DraftRefused):
    """It says what is published already."""


class DraftEnded(DraftRefused):
    """It was published or withdrawn."""


class DraftChanged(DraftRefused):
    """A colleague changed the draft meanwhile."""


class PublishedChanged(DraftRefused):
    """What is published is no longer what the draft began from."""


class NotReady(DraftRefused):
    """What was found must be mended first; `found` says what."""

    def __init__(self, found: list[Finding]) -> None:
        super().__init__()
        self.found = found


class TooEarly(DraftRefused):
    """The moment to publish at has passed."""


class Life(ABC):
    """What may be done to the drafts of one kind of thing; a kind says what is published, found and written.

    Who acts and when are passed in; `seen` is the newest change that the person had before them (None: they saw none).
    """

    model: type[Draft]

    @abstractmethod
    def lock(self, draft: Draft) -> None:
        """Hold what is published until the transaction ends."""

    @abstractmethod
    def published(self, draft: Draft) -> Document | None:
        """What is published now of the thing that the draft is of."""

    @abstractmethod
    def found(self, draft: Draft, on: date) -> Sequence[Finding]:
        """What is found in the draft as of the day it would be published on."""

    @abstractmethod
    def write(self, draft: Draft, by: Any, why: str) -> Any:
        """Make what is published say what the draft says, each row with its history; returns it."""

    @abstractmethod
    def links_of(self, document: Document) -> list[str]:
        """Every address on the web that stands in a document."""

    def settled(self, draft: Draft, document: Document) -> Document:
        """The document as the draft may say it, whatever came from a form."""
        return document

    @abstractmethod
    def same(self, draft: Draft) -> Any:
        """The drafts of the same thing."""

    @transaction.atomic
    def begin(self, draft: Draft) -> Draft:
        """Store a new draft with what is published now as its base. Raises AlreadyDrafted, NothingChanged."""
        self.lock(draft)  # of two who begin at once the second finds the draft of the first
        if self.same(draft).open().exists():
            raise AlreadyDrafted
        draft.base = self.published(draft)
        if draft.base == draft.document:
            raise NothingChanged
        try:
            with transaction.atomic():
                save_with_history(draft, by=draft.author, why=draft.why)
        except IntegrityError as error:  # of what is not there yet, two drafts began at once
            raise AlreadyDrafted from error
        return draft

    @transaction.atomic
    def change(self, *, draft_id: int, document: Document, why: str, by: Any, seen: int | None = None) -> Any:
        """Store what the draft proposes now; one that was scheduled must be scheduled again.

        Raises DraftEnded, DraftChanged, NothingChanged.
        """
        draft = self._open(draft_id, seen)
        document = self.settled(draft, document)
        if document == draft.base:
            raise NothingChanged
        draft.document, draft.why = document, why
        self._unschedule(draft)
        save_with_history(draft, by=by, why=why)
        return draft

    @transaction.atomic
    def rebase(self, *, draft_id: int, by: Any, seen: int | None = None) -> Any:
        """Take what is published now as what the draft began from: the person has seen both. Raises as `change`."""
        draft = self._open(draft_id, seen)
        draft.base = self.published(draft)
        if draft.base == draft.document:
            raise NothingChanged
        self._unschedule(draft)
        save_with_history(draft, by=by, why="съобразена с публикуваното")
        return draft

    @transaction.atomic
    def schedule(self, *, draft_id: int, publish_at: datetime, by: Any, now: datetime, seen: int | None = None) -> Any:
        """Have the worker publish the draft at a moment to come. Raises TooEarly and as `publish`."""
        draft = self._open(draft_id, seen)
        if publish_at <= now:
            raise TooEarly
        self._refuse_unready(draft, publish_at)
        draft.state, draft.publish_at, draft.scheduled_by, draft.held_back = DraftState.SCHEDULED, publish_at, by, ""
        save_with_history(draft, by=by, why="насрочена за публикуване")
        return draft

    @transaction.atomic
    def publish(self, *, draft_id: int, by: Any, now: datetime, seen: int | None = None) -> Any:
        """Publish the draft; returns what was written.

        Raises DraftEnded, DraftChanged, PublishedChanged, NotReady.
        """
        draft = self._open(draft_id, seen)
        self._refuse_unready(draft, now)
        written = self.write(draft, by, WHY_PUBLISHED.format(number=draft.pk, why=draft.why))
        draft.state, draft.ended_at, draft.ended_by = DraftState.PUBLISHED, now, by
        save_with_history(draft, by=by, why="публикувана")
        return written

    @transaction.atomic
    def withdraw(self, *, draft_id: int, by: Any, now: datetime, seen: int | None = None) -> Any:
        """Give the draft up; it stays to be read. Raises DraftEnded, DraftChanged."""
        draft = self._open(draft_id, seen)
        self._unschedule(draft)
        draft.state, draft.ended_at, draft.ended_by = DraftState.WITHDRAWN, now, by
        save_with_history(draft, by=by, why="оттеглена")
        return draft

    def publish_due(self, draft_id: int, now: datetime) -> Any:
        """Publish a draft whose moment has come, in the name of whoever scheduled it; returns what was written.

        One that cannot be published becomes a draft again and says why; None then, and where it is no longer due.
        """
        rows: Any = self.model._default_manager
        draft = rows.due(now).filter(pk=draft_id).select_related("scheduled_by").first()
        if draft is None:
            return None
        try:
            return self.publish(draft_id=draft_id, by=draft.scheduled_by, now=now)
        except PublishedChanged:
            self.hold_back(draft_id, CHANGED_MEANWHILE)
        except NotReady as refused:
            self.hold_back(draft_id, "\n".join(finding.text for finding in refused.found))
        except DraftEnded:  # published or withdrawn by hand in this very moment
            return None
        return None

    @transaction.atomic
    def hold_back(self, draft_id: int, why: str) -> None:
        """A scheduled draft becomes an ordinary one again, which says why its moment passed without it."""
        draft = self._open(draft_id, None)
        self._unschedule(draft)
        draft.held_back = why
        save_with_history(draft, by=None, why="не беше публикувана в насрочения момент")

    def unasked_links(self, draft: Draft) -> list[str]:
        """The links of a draft that the worker has not asked yet."""
        asked = {row["address"] for row in draft.links}
        return [address for address in self.links_of(draft.document) if address not in asked]

    def check_links(self, draft_id: int, now: datetime) -> None:
        """Ask every address in a draft whether it answers, and store what was found; as the worker does."""
        document = self.model._default_manager.get(pk=draft_id).document
        links = [{"address": address, "verdict": check_link(address).value} for address in self.links_of(document)]
        self.note_links(draft_id=draft_id, links=links, now=now)

    @transaction.atomic
    def note_links(self, *, draft_id: int, links: list[dict[str, str]], now: datetime) -> None:
        """Store what the worker found of the links of a draft; nothing where it has ended meanwhile."""
        rows: Any = self.model._default_manager
        draft = rows.open().select_for_update(of=("self",)).filter(pk=draft_id).first()
        if draft is None:
            return
        draft.links, draft.links_checked_at = links, now
        save_with_history(draft, by=None, why="проверени връзки", fields=["links", "links_checked_at"])

    def _open(self, draft_id: int, seen: int | None) -> Any:
        draft: Any = self.model._default_manager.select_for_update(of=("self",)).get(pk=draft_id)
        if not draft.is_open:
            raise DraftEnded
        if seen is not None and seen != newest_change(draft):
            raise DraftChanged
        return draft

    def _unschedule(self, draft: Draft) -> None:
        draft.state, draft.publish_at, draft.scheduled_by, draft.held_back = DraftState.DRAFT, None, None, ""

    def _refuse_unready(self, draft: Draft, at: datetime) -> None:
        """Raises PublishedChanged, NotReady; what is published stays locked until the transaction ends."""
        self.lock(draft)
        if self.published(draft) != draft.base:
            raise PublishedChanged
        found = [finding for finding in self.found(draft, timezone.localtime(at).date()) if finding.stops]
        if found:
            raise NotReady(found)
