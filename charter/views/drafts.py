"""The next text of the charter at the desk of an editor: its draft, what it changes, how it would look."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from charter.actions.drafts import LIFE, begin_charter_draft, charter_in_force, new_version
from charter.documents import Document, differences
from charter.draft_forms import DraftForms
from charter.models import CharterDraft, CharterVersion
from charter.tasks import order_link_check
from charter.views.charter import charter_page
from samokov_portal.editing.views import DraftPages
from samokov_portal.history import newest_change
from samokov_portal.staff.desk import at_desk
from samokov_portal.staff.requests import StaffRequest

EDIT = "charter.edit_charter"


class CharterDraftPages(DraftPages):
    life = LIFE
    permission = EDIT
    template = "charter/draft.html"
    namespace, name = "charter", "charter_draft"
    already_drafted = _("Вече има отворена чернова на хартата. Продължете в нея.")

    def forms(self, row: CharterDraft, data: Any) -> DraftForms:
        return DraftForms(data, document=row.document, why=row.why, seen=newest_change(row))

    def differences(self, before: Document | None, after: Document) -> Sequence[Any]:
        return differences(before, after)

    def look(self, request: StaffRequest, row: CharterDraft) -> HttpResponse:
        # Published within a transaction that is taken back, so that the page shows what it would show.
        with transaction.atomic():
            version = new_version(row.document, request.user, "преглед")
            response = charter_page(request, CharterVersion.objects.with_text().get(pk=version.pk), preview_of=row)
            transaction.set_rollback(True)
        return response

    def order_link_check(self, draft_id: int) -> None:
        order_link_check(draft_id)


PAGES = CharterDraftPages()


@require_http_methods(["GET", "POST"])
@at_desk(EDIT)
def charter_drafts(request: StaffRequest) -> HttpResponse:
    """The drafts there were, and the beginning of another one; while one is open it is led to."""
    document = charter_in_force()
    if document is None:
        raise Http404
    form = DraftForms(request.POST if request.method == "POST" else None, document=document, why="", seen=None)

    def store() -> CharterDraft:
        why = form.why.cleaned_data["why"]
        return begin_charter_draft(document=form.document(), why=why, by=request.user, now=timezone.now())

    status: HttpResponse | int = PAGES.begin(request, form, store) if request.method == "POST" else 200
    if isinstance(status, HttpResponse):
        return status
    rows = CharterDraft.objects.newest_first()
    context = {"form": form, "open": rows.open().first(), "drafts": rows}
    return render(request, "charter/drafts.html", context, status=status)
