"""The next text of the charter at the desk of an editor: its draft, what it changes, how it would look."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from charter.actions.drafts import LIFE, begin_charter_draft, charter_in_force, findings, new_version
from charter.documents import differences
from charter.draft_forms import DraftForms
from charter.models import CharterDraft, CharterVersion
from charter.tasks import order_link_check
from charter.views.charter import charter_page
from samokov_portal.editing.forms import ScheduleForm
from samokov_portal.editing.life import AlreadyDrafted, DraftRefused
from samokov_portal.editing.refusals import REFUSALS as COMMON_REFUSALS
from samokov_portal.editing.refusals import typed_again
from samokov_portal.history import newest_change
from samokov_portal.staff.desk import at_desk
from samokov_portal.staff.requests import StaffRequest, seen_of

EDIT = "charter.edit_charter"
REFUSALS = COMMON_REFUSALS | {AlreadyDrafted: gettext_lazy("Вече има отворена чернова на хартата. Продължете в нея.")}


@require_http_methods(["GET", "POST"])
@at_desk(EDIT)
def charter_drafts(request: StaffRequest) -> HttpResponse:
    """The drafts there were, and the beginning of another one; while one is open it is led to."""
    document = charter_in_force()
    if document is None:
        raise Http404
    form = DraftForms(request.POST if request.method == "POST" else None, document=document, why="", seen=None)
    status = 200
    if request.method == "POST":
        try:
            if form.is_valid:
                why = form.why.cleaned_data["why"]
                row = begin_charter_draft(document=form.document(), why=why, by=request.user, now=timezone.now())
                order_link_check(row.pk)
                messages.success(request, _("Черновата е записана. Вижда се само тук."))
                return redirect(row)
            status = 422
        except DraftRefused as refused:
            messages.error(request, REFUSALS[type(refused)])
            status = 409
    rows = CharterDraft.objects.newest_first()
    context = {"form": form, "open": rows.open().first(), "drafts": rows}
    return render(request, "charter/drafts.html", context, status=status)


@require_http_methods(["GET", "POST"])
@at_desk(EDIT)
def charter_draft(request: StaffRequest, pk: int) -> HttpResponse:
    """The draft: what it changes, what was found, how to publish it, and its forms."""
    row = get_object_or_404(CharterDraft.objects.newest_first(), pk=pk)
    form = _forms(row, request.POST if request.method == "POST" else None)
    if request.method != "POST":
        return draft_page(request, row, form)
    if not form.is_valid:
        return draft_page(request, row, form, status=422)
    said = form.why.cleaned_data
    try:
        LIFE.change(draft_id=pk, document=form.document(), why=said["why"], by=request.user, seen=said["seen"])
    except DraftRefused as refused:
        return _conflict(request, pk, refused)
    order_link_check(pk)
    messages.success(request, _("Черновата е записана. Вижда се само тук."))
    return redirect(row)


def _forms(row: CharterDraft, data: Any) -> DraftForms:
    return DraftForms(data, document=row.document, why=row.why, seen=newest_change(row))


def _conflict(request: StaffRequest, pk: int, refused: DraftRefused) -> HttpResponse:
    """The draft as it stands now, why the change was not made, and what was typed, to be sent once more."""
    row = get_object_or_404(CharterDraft.objects.newest_first(), pk=pk)
    messages.error(request, REFUSALS[type(refused)])
    return draft_page(request, row, _forms(row, typed_again(request, newest_change(row))), status=409)


def draft_page(
    request: StaffRequest, row: CharterDraft, form: DraftForms, schedule: ScheduleForm | None = None, status: int = 200
) -> HttpResponse:
    published = charter_in_force()
    is_outdated = row.is_open and published != row.base
    context = {
        "draft": row,
        "form": form,
        "schedule": schedule or ScheduleForm(),
        "seen": newest_change(row),
        "findings": findings(row) if row.is_open else [],
        "differences": differences(row.base, row.document),
        "is_outdated": is_outdated,
        "meanwhile": differences(row.base, published) if is_outdated and published else [],
    }
    return render(request, "charter/draft.html", context, status=status)


@require_safe
@at_desk(EDIT)
def charter_draft_preview(request: StaffRequest, pk: int) -> HttpResponse:
    """The page of the charter as the draft would make it; for editors only, and no robot keeps it.

    It is made by publishing within a transaction that is taken back, so that the page shows what it would show.
    """
    row = get_object_or_404(CharterDraft, pk=pk)
    with transaction.atomic():
        version = new_version(row.document, request.user, "преглед")
        response = charter_page(request, CharterVersion.objects.with_text().get(pk=version.pk), preview_of=row)
        transaction.set_rollback(True)
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


@require_POST
@at_desk(EDIT)
def charter_draft_schedule(request: StaffRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(CharterDraft.objects.newest_first(), pk=pk)
    form = ScheduleForm(request.POST)
    if not form.is_valid():
        return draft_page(request, row, _forms(row, None), form, status=422)
    at = form.cleaned_data["publish_at"]
    return _step(request, pk, LIFE.schedule, _("Черновата е насрочена."), publish_at=at, now=timezone.now())


@require_POST
@at_desk(EDIT)
def charter_draft_publish(request: StaffRequest, pk: int) -> HttpResponse:
    done = _("Публикувано. Промяната вече се вижда от всички.")
    return _step(request, pk, LIFE.publish, done, now=timezone.now())


@require_POST
@at_desk(EDIT)
def charter_draft_withdraw(request: StaffRequest, pk: int) -> HttpResponse:
    return _step(request, pk, LIFE.withdraw, _("Черновата е оттеглена."), now=timezone.now())


@require_POST
@at_desk(EDIT)
def charter_draft_rebase(request: StaffRequest, pk: int) -> HttpResponse:
    done = _("Черновата е съобразена с публикуваното сега. Прегледайте разликите още веднъж.")
    return _step(request, pk, LIFE.rebase, done)


@require_POST
@at_desk(EDIT)
def charter_draft_check(request: StaffRequest, pk: int) -> HttpResponse:
    """Have the links asked once more; the worker does it."""
    row = get_object_or_404(CharterDraft.objects.open(), pk=pk)
    order_link_check(row.pk)
    messages.success(request, _("Връзките се проверяват. Презаредете страницата след малко."))
    return redirect(row)


def _step(request: StaffRequest, pk: int, action: Any, done: str, **more: Any) -> HttpResponse:
    """One change of the life of a draft; what stands in its way is said on its page, with 409."""
    try:
        action(draft_id=pk, by=request.user, seen=seen_of(request), **more)
    except CharterDraft.DoesNotExist:
        raise Http404 from None
    except DraftRefused as refused:
        return _conflict(request, pk, refused)
    messages.success(request, done)
    return redirect("charter:charter_draft", pk=pk)
