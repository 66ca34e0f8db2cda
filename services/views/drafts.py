"""The catalogue at the desk of an editor: drafts, what they change, how they would look, and their publishing."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from samokov_portal.editing.views import DraftPages
from samokov_portal.history import newest_change
from samokov_portal.staff.desk import at_desk
from samokov_portal.staff.requests import StaffRequest
from services.actions.drafts import LIFE, begin_draft, published_document
from services.documents import Document, build, differences
from services.forms.draft import DraftForms
from services.models import Service, ServiceDraft
from services.tasks import order_link_check
from services.views.catalogue import page_of

EDIT = "services.edit_catalogue"
ENDED_SHOWN = 20


class ServiceDraftPages(DraftPages):
    life = LIFE
    permission = EDIT
    template = "services/draft.html"
    namespace, name = "services", "draft"
    already_drafted = _("За тази услуга вече има отворена чернова. Продължете в нея.")

    def forms(self, row: ServiceDraft, data: Any) -> DraftForms:
        on = timezone.localdate()
        return DraftForms(data, document=row.document, is_new=False, why=row.why, seen=newest_change(row), on=on)

    def differences(self, before: Document | None, after: Document) -> Sequence[Any]:
        return differences(before, after)

    def look(self, request: StaffRequest, row: ServiceDraft) -> HttpResponse:
        built = build(row.document)
        context = page_of(request, built.service, details=built.details, offers=built.offers)
        return render(request, "services/detail.html", {**context, "preview_of": row})

    def order_link_check(self, draft_id: int) -> None:
        order_link_check(draft_id)


PAGES = ServiceDraftPages()


@require_safe
@at_desk(EDIT)
def drafts(request: StaffRequest) -> HttpResponse:
    """The open drafts, those that have ended lately, and the services that are asked for, to begin a draft of one."""
    rows = ServiceDraft.objects.newest_first()
    query = request.GET.get("q", "").strip()
    services = Service.objects.with_frame()
    context = {
        "open": rows.open(),
        "ended": rows.exclude(pk__in=ServiceDraft.objects.open())[:ENDED_SHOWN],
        "query": query,
        "services": services.matching(query) if query else services.order_by("group__position", "name", "pk"),
        "is_asked": bool(query) or "all" in request.GET,
    }
    return render(request, "services/drafts.html", context)


@require_http_methods(["GET", "POST"])
@at_desk(EDIT)
def draft_new(request: StaffRequest) -> HttpResponse:
    """A draft of a service that is not in the catalogue yet."""
    return _begin(request, None)


@require_http_methods(["GET", "POST"])
@at_desk(EDIT)
def draft_begin(request: StaffRequest, slug: str) -> HttpResponse:
    """A draft of a service as it is published now; who comes second is led to the draft of the first."""
    service = get_object_or_404(Service, slug=slug)
    standing = ServiceDraft.objects.open().filter(slug=slug).first()
    return redirect(standing) if standing else _begin(request, service)


def _begin(request: StaffRequest, service: Service | None) -> HttpResponse:
    data = request.POST if request.method == "POST" else None
    document = published_document(service.slug) if service else None
    on = timezone.localdate()
    form = DraftForms(data, document=document, is_new=service is None, why="", seen=None, on=on)

    def store() -> ServiceDraft:
        why = form.why.cleaned_data["why"]
        return begin_draft(document=form.document(), why=why, by=request.user, now=timezone.now())

    status: HttpResponse | int = PAGES.begin(request, form, store) if data is not None else 200
    if isinstance(status, HttpResponse):
        return status
    return render(request, "services/draft_begin.html", {"form": form, "service": service}, status=status)
