"""Drafting the next text of the charter; publishing makes a version, and the versions before stay as they are."""

from copy import copy
from datetime import date, datetime
from typing import Any

from django.db.models import Max
from django.utils.translation import gettext as _

from charter.documents import FRAME, Document, document_of, rows_of
from charter.entries import index_charter
from charter.models import CharterDraft, CharterVersion
from samokov_portal.editing.life import Finding, Life
from samokov_portal.editing.links import LinkVerdict, addresses_in
from samokov_portal.history import save_with_history
from samokov_portal.staff.models import StaffUser


def charter_in_force() -> Document | None:
    """What the charter in force says; None before one is loaded."""
    version = CharterVersion.objects.with_text().prefetch_related("remarks").in_force()
    return document_of(version) if version else None


def links_of(document: Document) -> list[str]:
    """Every address on the web in the text, its remarks and its sources."""
    passages = [passage["text"] for section in document["sections"] for passage in section["passages"]]
    remarks = [text for row in document["remarks"] for text in (row["text"], row["source"])]
    return addresses_in([document["source"], document["note"], *passages, *remarks])


def findings(draft: CharterDraft) -> list[Finding]:
    """What must be there before a text is published, and the links in it, what stops it first."""
    document = draft.document
    found = [Finding(True, _("Текстът няма нито един раздел."))] if not document["sections"] else []
    for section in document["sections"]:
        if not section["passages"]:
            found.append(Finding(True, _("Раздел %(numeral)s е празен.") % {"numeral": section["numeral"]}))
    if not document["is_complete"]:
        found.append(Finding(False, _("Текстът е отбелязан като непълен.")))
    verdicts = {row["address"]: row["verdict"] for row in draft.links}
    for address in links_of(document):
        verdict = verdicts.get(address)
        if verdict is None:
            found.append(Finding(False, _("Връзката още не е проверена: %(address)s") % {"address": address}))
        elif verdict == LinkVerdict.DEAD:
            found.append(Finding(True, _("Връзката не се отваря: %(address)s") % {"address": address}))
    return sorted(found, key=lambda finding: not finding.stops)


class CharterLife(Life):
    """The life of the drafts of the charter."""

    model = CharterDraft

    def lock(self, draft: Any) -> None:
        CharterVersion.objects.select_for_update(of=("self",)).order_by("-number").first()

    def published(self, draft: Any) -> Document | None:
        return charter_in_force()

    def found(self, draft: Any, on: date) -> list[Finding]:
        return findings(draft)

    def links_of(self, document: Document) -> list[str]:
        return links_of(document)

    def same(self, draft: Any) -> Any:
        return CharterDraft.objects.all()

    def write(self, draft: Any, by: Any, why: str) -> CharterVersion:
        version = new_version(draft.document, by, why)
        draft.version = version
        index_charter()
        return version


def new_version(document: Document, by: Any, why: str) -> CharterVersion:
    """The next version with its parts; the promises of the one before go on in it, with their codes and measures."""
    before = CharterVersion.objects.in_force()
    number = (CharterVersion.objects.aggregate(last=Max("number"))["last"] or 0) + 1
    version = CharterVersion(number=number, **{name: document[name] for name in FRAME})
    save_with_history(version, by=by, why=why)
    for row in rows_of(document, version):
        save_with_history(row, by=by, why=why)
    for standard in before.standards.in_order() if before else []:
        again = copy(standard)
        again.pk, again._state.adding, again.version = None, True, version
        save_with_history(again, by=by, why=why)
    return version


LIFE = CharterLife()


def begin_charter_draft(*, document: Document, why: str, by: StaffUser, now: datetime) -> CharterDraft:
    """Propose the next text of the charter. Raises AlreadyDrafted, NothingChanged."""
    draft = CharterDraft(document=document, why=why, author=by, created_at=now)
    LIFE.begin(draft)
    return draft
