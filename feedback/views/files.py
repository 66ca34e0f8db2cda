"""Files of a case, handed out to whoever may see the case, and taken in at the desk."""

import logging
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from feedback.actions.papers import attach_files
from feedback.actions.refusals import AlreadyDone
from feedback.forms.uploads import AttachForm
from feedback.models import Case
from feedback.tracking import granted
from feedback.views.case import case_page, seen
from feedback.views.track import to_the_form
from samokov_portal.audit.choices import LookKind
from samokov_portal.audit.looks import note_look
from samokov_portal.files.delivery import NotHandedOut, safe_download
from samokov_portal.staff.desk import at_desk
from samokov_portal.staff.requests import StaffRequest

logger = logging.getLogger(__name__)


@never_cache
@require_safe
def track_file(request: HttpRequest, number: str, key: UUID) -> HttpResponseBase:
    """A file of the case that this browser follows."""
    case = granted(request.session, number, now=timezone.now())
    return to_the_form(request, number) if case is None else handed_out(case, key)


@require_safe
@at_desk("feedback.view_case")
def case_file(request: StaffRequest, number: str, key: UUID) -> HttpResponseBase:
    """A file of a case that this person may see."""
    row = seen(request, number)
    note_look(request, LookKind.FILE, row.number)
    return handed_out(row, key)


def handed_out(case: Case, key: UUID) -> HttpResponseBase:
    """The file, to be saved; not found when it is of another case, held, infected or lost."""
    attachment = get_object_or_404(case.attachments, key=key)
    try:
        return safe_download(
            stored=attachment.stored.name or "",
            name=attachment.name,
            content_type=attachment.content_type,
            state=attachment.state,
        )
    except NotHandedOut as refusal:
        raise Http404 from refusal
    except FileNotFoundError as loss:
        logger.exception("the file %s of case %s is not in the store", attachment.key, case.pk)
        raise Http404 from loss


@require_POST
@at_desk("feedback.log_case")
def case_attach(request: StaffRequest, number: str) -> HttpResponse:
    """Add files that came on paper or by mail to a case, at any time of its life."""
    row = seen(request, number)
    now = timezone.now()
    form = AttachForm(request.POST, request.FILES)
    form.is_valid()
    if not form.take_files(now=now, by=request.user):
        return case_page(request, row, uploads=form, status=422)
    try:
        attach_files(case_id=row.pk, form_digest=form.digest, by=request.user, now=now)
    except AlreadyDone:
        # The other press of the same button was quicker: the files are where they should be.
        return redirect(row)
    messages.success(request, _("Файловете са приложени към преписката."))
    return redirect(row)
