"""The catalogue at the desk of an editor: drafts, what they change, how they would look, and their publishing."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from samokov_portal.editing.forms import ScheduleForm
from samokov_portal.editing.life import AlreadyDrafted, DraftRefused
from samokov_portal.editing.refusals import REFUSALS as COMMON_REFUSALS
from samokov_portal.editing.refusals import typed_again
from samokov_portal.history import newest_change
from samokov_portal.staff.desk import at_desk
from samokov_portal.staff.requests import StaffRequest, seen_of
from services.actions.drafts import (
    begin_draft,
    change_draft,
    publish_draft,
    published_document,
    rebase_draft,
    schedule_draft,
    unasked_links,
    withdraw_draft,
)
from services.checking import findings
from services.documents import build, differences
from services.forms.draft import DraftForms
from services.models import Service, ServiceDraft
from services.tasks import order_link_check
from services.views.catalogue import page_of

EDIT = "services.edit_catalogue"
ENDED_SHOWN = 20
REFUSALS = COMMON_REFUSALS | {
    AlreadyDrafted: gettext_lazy("За тази услуга вече има отворена чернова. Продължете в нея.")
}


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
    form = DraftForms(data, document=document, is_new=service is None, why="", seen=None)
    status = 200
    if data is not None:
        try:
            if form.is_valid:
                row = begin_draft(
                    document=form.document(), why=form.why.cleaned_data["why"], by=request.user, now=timezone.now()
                )
                order_link_check(row.pk)
                messages.success(request, _("Черновата е записана. Вижда се само тук."))
                return redirect(row)
            status = 422
        except DraftRefused as refused:
            messages.error(request, REFUSALS[type(refused)])
            status = 409
    return render(request, "services/draft_begin.html", {"form": form, "service": service}, status=status)


@require_http_methods(["GET", "POST"])
@at_desk(EDIT)
def draft(request: StaffRequest, pk: int) -> HttpResponse:
    """One draft: what it changes, what was found, how to publish it, and its forms."""
    row = get_object_or_404(ServiceDraft.objects.newest_first(), pk=pk)
    form = _forms(row, request.POST if request.method == "POST" else None)
    if request.method != "POST":
        return draft_page(request, row, form)
    if not form.is_valid:
        return draft_page(request, row, form, status=422)
    said = form.why.cleaned_data
    try:
        row = change_draft(
            draft_id=row.pk, document=form.document(), why=said["why"], by=request.user, seen=said["seen"]
        )
    except DraftRefused as refused:
        return _conflict(request, pk, refused)
    if unasked_links(row):
        order_link_check(row.pk)
    messages.success(request, _("Черновата е записана. Вижда се само тук."))
    return redirect(row)


def _forms(row: ServiceDraft, data: Any) -> DraftForms:
    return DraftForms(data, document=row.document, is_new=False, why=row.why, seen=newest_change(row))


def _conflict(request: StaffRequest, pk: int, refused: DraftRefused) -> HttpResponse:
    """The draft as it stands now, why the change was not made, and what was typed, to be sent once more."""
    row = get_object_or_404(ServiceDraft.objects.newest_first(), pk=pk)
    messages.error(request, REFUSALS[type(refused)])
    return draft_page(request, row, _forms(row, typed_again(request, newest_change(row))), status=409)


def draft_page(
    request: StaffRequest, row: ServiceDraft, form: DraftForms, schedule: ScheduleForm | None = None, status: int = 200
) -> HttpResponse:
    published = published_document(row.slug)
    is_outdated = row.is_open and published != row.base
    context = {
        "draft": row,
        "form": form,
        "schedule": schedule or ScheduleForm(),
        "seen": newest_change(row),
        "findings": findings(row, timezone.localdate()) if row.is_open else [],
        "differences": differences(row.base, row.document),
        "is_outdated": is_outdated,
        "meanwhile": differences(row.base, published) if is_outdated and published else [],
    }
    return render(request, "services/draft.html", context, status=status)


@require_safe
@at_desk(EDIT)
def draft_preview(request: StaffRequest, pk: int) -> HttpResponse:
    """The page of the service as the draft would make it; for editors only, and no robot keeps it."""
    row = get_object_or_404(ServiceDraft, pk=pk)
    built = build(row.document)
    context = page_of(request, built.service, details=built.details, offers=built.offers)
    response = render(request, "services/detail.html", {**context, "preview_of": row})
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


@require_POST
@at_desk(EDIT)
def draft_schedule(request: StaffRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(ServiceDraft.objects.newest_first(), pk=pk)
    form = ScheduleForm(request.POST)
    if not form.is_valid():
        return draft_page(request, row, _forms(row, None), form, status=422)
    return _step(request, pk, schedule_draft, _("Черновата е насрочена."), publish_at=form.cleaned_data["publish_at"])


@require_POST
@at_desk(EDIT)
def draft_publish(request: StaffRequest, pk: int) -> HttpResponse:
    return _step(request, pk, publish_draft, _("Публикувано. Промяната вече се вижда от всички."))


@require_POST
@at_desk(EDIT)
def draft_withdraw(request: StaffRequest, pk: int) -> HttpResponse:
    return _step(request, pk, withdraw_draft, _("Черновата е оттеглена."))


@require_POST
@at_desk(EDIT)
def draft_rebase(request: StaffRequest, pk: int) -> HttpResponse:
    done = _("Черновата е съобразена с публикуваното сега. Прегледайте разликите още веднъж.")
    return _step(request, pk, _rebase, done)


def _rebase(*, draft_id: int, by: Any, now: Any, seen: int | None) -> ServiceDraft:
    return rebase_draft(draft_id=draft_id, by=by, seen=seen)


@require_POST
@at_desk(EDIT)
def draft_check(request: StaffRequest, pk: int) -> HttpResponse:
    """Have the links asked once more; the worker does it."""
    row = get_object_or_404(ServiceDraft.objects.open(), pk=pk)
    order_link_check(row.pk)
    messages.success(request, _("Връзките се проверяват. Презаредете страницата след малко."))
    return redirect(row)


def _step(request: StaffRequest, pk: int, action: Any, done: str, **more: Any) -> HttpResponse:
    """One change of the life of a draft; what stands in its way is said on its page, with 409."""
    try:
        action(draft_id=pk, by=request.user, now=timezone.now(), seen=seen_of(request), **more)
    except ServiceDraft.DoesNotExist:
        raise Http404 from None
    except DraftRefused as refused:
        return _conflict(request, pk, refused)
    messages.success(request, done)
    return redirect("services:draft", pk=pk)
