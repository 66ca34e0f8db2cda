"""Files of a case: taken in while a form is filled in, bound to the case when it is sent, else forgotten."""

import logging
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from feedback.choices import FileState
from feedback.models import Attachment, Case
from samokov_portal.files import shelf
from samokov_portal.files.door import scan_again, take_in
from samokov_portal.files.refusals import FileRefused, Infected, TooMany
from samokov_portal.history import save_with_history
from samokov_portal.questions import question
from samokov_portal.staff.models import StaffUser

logger = logging.getLogger(__name__)
# How long a file waits for its form to be sent.
WAITS = timedelta(hours=1)


def take_files(
    uploads: Sequence[UploadedFile], *, form_digest: str, now: datetime, by: StaffUser | None = None
) -> list[str]:
    """Keep each file for the form with this digest; returns the refusals in words, each with the name of its file.

    One that is refused does not hold back the others. Call it outside a transaction: a rollback does not undo what the
    store keeps.
    """
    refusals: list[str] = []
    room = max(0, settings.ATTACHMENTS_MAX - Attachment.objects.of_form(form_digest).count())
    for upload in uploads[:room]:
        try:
            _keep(upload, form_digest=form_digest, now=now, by=by)
        except FileRefused as refusal:
            refusals.append(refusal.message)
        except OSError:
            # The disk is full, or the store does not answer: the person loses the file only, and is told so.
            logger.exception("a file could not be stored")
            refusals.append(
                _("„%(name)s“ не можа да бъде запазен заради повреда при нас. Приложете го отново след малко.")
                % {"name": upload.name}
            )
    for upload in uploads[room:]:
        refusals.append(TooMany(name=upload.name, most=settings.ATTACHMENTS_MAX).message)
    return refusals


def _keep(upload: UploadedFile, *, form_digest: str, now: datetime, by: StaffUser | None) -> None:
    kept = take_in(upload, upload.name or "")
    attachment = Attachment(
        form_digest=form_digest,
        added_at=now,
        added_by=by,
        name=kept.name,
        content_type=kept.content_type,
        size=kept.size,
        received_sha256=kept.received_sha256,
        sha256=kept.sha256,
        stored=kept.stored,
        state=FileState(kept.state),
    )
    try:
        is_new = _stored_once(attachment, by=by)
    except TooMany as refusal:
        shelf.discard(kept.stored)
        refusal.facts["name"] = kept.name
        raise
    if not is_new:
        shelf.discard(kept.stored)


def _stored_once(attachment: Attachment, *, by: StaffUser | None) -> bool:
    """Store the row; False when the same file came with the same form before, as at a second press."""
    try:
        with transaction.atomic():
            _refuse_crowd(attachment.form_digest)
            save_with_history(attachment, by=by, why="приет файл")
    except IntegrityError:
        same = Attachment.objects.of_form(attachment.form_digest).filter(received_sha256=attachment.received_sha256)
        if not same.exists():
            raise
        return False
    return True


def _refuse_crowd(form_digest: str) -> None:
    """Let one file of a form at a time be stored, until there are as many as allowed. Raises TooMany."""
    with connection.cursor() as cursor:
        # Until the transaction ends: presses of one form at once must not each find room.
        cursor.execute("SELECT pg_advisory_xact_lock(('x' || %s)::bit(64)::bigint)", [form_digest[:16]])
    if Attachment.objects.of_form(form_digest).count() >= settings.ATTACHMENTS_MAX:
        raise TooMany(most=settings.ATTACHMENTS_MAX)


def drop_files(keys: Iterable[str], *, form_digest: str) -> None:
    """Forget the files with these keys that wait for this form: the person does not want to send them."""
    unwanted = set(keys)
    for attachment in Attachment.objects.waiting(form_digest):
        if str(attachment.key) in unwanted:
            _forget(attachment)


def forget_left_behind(*, now: datetime) -> int:
    """Forget the files of forms that were not sent within an hour; returns how many there were."""
    left = list(Attachment.objects.left_behind(now - WAITS))
    for attachment in left:
        _forget(attachment)
    return len(left)


def _forget(attachment: Attachment) -> None:
    """Remove the row, then the bytes: a row without bytes would be a promise, bytes without a row are only litter."""
    stored = attachment.stored.name or ""
    attachment.delete()
    shelf.discard(stored)


def attach_waiting(case: Case, form_digest: str) -> list[Attachment]:
    """Give the files that wait for the form with this digest to `case`, in the caller's transaction; returns them."""
    if not form_digest:
        return []
    waiting = list(Attachment.objects.select_for_update().waiting(form_digest).in_order())
    for attachment in waiting:
        attachment.case = case
        save_with_history(attachment, by=None, why="приложен към преписката", fields=["case"])
    return waiting


def received_digests(form_digest: str) -> list[str]:
    """The digests of what came with a form, also after it was sent, to tell a repeated form from a changed one."""
    return sorted(_received(form_digest))


@question
def _received(form_digest: str) -> Any:
    return Attachment.objects.of_form(form_digest).values_list("received_sha256", flat=True)


def scan_held() -> int:
    """Ask the scanner again about every file that is held; returns how many are not held any more."""
    done = 0
    for attachment in Attachment.objects.held().in_order():
        try:
            state = FileState(scan_again(attachment.stored.name or ""))
        except Infected:
            state = FileState.INFECTED
        if state != attachment.state:
            attachment.state = state
            save_with_history(attachment, by=None, why="проверен за вируси", fields=["state"])
            done += 1
    return done
