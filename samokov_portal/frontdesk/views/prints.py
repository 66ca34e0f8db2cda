"""Many papers printed at once: ordered here, and made at once or by the worker."""

import logging
import uuid
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from feedback.actions.ordered import TooMany
from feedback.choices import PaperSize, PrintKind
from feedback.forms.letters import TickedLettersForm
from feedback.models import PrintOrder
from feedback.models.desk import KEPT
from feedback.views.letters import COUNTED, POSTING
from samokov_portal.audit.choices import LookKind
from samokov_portal.audit.looks import note_look
from samokov_portal.files import shelf
from samokov_portal.frontdesk.print_forms import LabelsForm
from samokov_portal.frontdesk.prints import (
    AT_ONCE,
    MOST,
    MOST_FILES,
    Batch,
    letters_of,
    numbers_of_day,
    order_again,
    order_prints,
    printed,
    waiting_letters,
)
from samokov_portal.frontdesk.views.entry import LOGGING
from samokov_portal.frontdesk.views.papers import shown, without_renderer
from samokov_portal.printing import RendererMissing
from samokov_portal.staff.desk import at_desk
from samokov_portal.staff.requests import StaffRequest

logger = logging.getLogger(__name__)
REFRESH_SECONDS = 3


@require_safe
@at_desk(LOGGING)
def prints(request: StaffRequest) -> HttpResponse:
    """What can be printed many at once, and what this person ordered and is still kept."""
    form = LabelsForm(initial={"day": timezone.localdate(), "size": PaperSize.ROLL})
    return prints_page(request, form)


def prints_page(request: StaffRequest, form: LabelsForm, *, status: int = 200) -> HttpResponse:
    now = timezone.now()
    waiting = waiting_letters(request.user)[: COUNTED + 1].count() if request.user.has_perm(POSTING) else 0
    orders = PrintOrder.objects.of(request.user).ordered_since(now - KEPT).newest_first()
    context = {
        "form": form,
        "waiting": f"{COUNTED}+" if waiting > COUNTED else str(waiting or ""),
        "orders": [(order, order.is_lost(now)) for order in orders],
        "most": MOST,
    }
    return render(request, "frontdesk/prints.html", context, status=status)


@require_POST
@at_desk(POSTING)
def print_letters(request: StaffRequest) -> HttpResponseBase:
    """The ticked letters, or all on paper that wait for the post."""
    form = TickedLettersForm(request.POST)
    found = (
        waiting_letters(request.user)
        if "all" in request.POST
        else letters_of(request.user).filter(pk__in=form.ticked())
    )
    most = MOST * MOST_FILES
    letters = list(found.select_related("case", "application").order_by("pk")[: most + 1])
    for letter in letters[:most]:
        note_look(request, LookKind.LETTER, letter.about.number)
    if not letters:
        messages.error(request, _("Изберете поне едно писмо."))
        return redirect("feedback:letters")
    return made(request, PrintKind.LETTERS, PaperSize.A4, [letter.pk for letter in letters])


@require_POST
@at_desk(LOGGING)
def print_labels(request: StaffRequest) -> HttpResponseBase:
    """The labels of what was registered on a day."""
    form = LabelsForm(request.POST)
    if not form.is_valid():
        return prints_page(request, form, status=422)
    note_look(request, LookKind.LIST, "labels")
    numbers = numbers_of_day(request.user, form.cleaned_data["day"])
    if not numbers:
        form.add_error("day", _("На този ден нищо не е регистрирано."))
        return prints_page(request, form, status=422)
    return made(request, PrintKind.LABELS, PaperSize(form.cleaned_data["size"]), numbers)


def made(request: StaffRequest, what: PrintKind, size: PaperSize, keys: list[Any]) -> HttpResponseBase:
    """A few papers at once; the page of the order for more, which the worker makes, or of the orders, if several."""
    now = timezone.now()
    most = MOST * MOST_FILES
    batch = Batch(what, size, keys[:most], request.user)
    if len(keys) <= AT_ONCE:
        return at_once(request, batch, now)
    try:
        orders = order_prints(batch, now=now)
    except TooMany:
        messages.error(request, _("За едно денонощие се поръчват до двадесет печата. Опитайте утре."))
        return redirect("frontdesk:prints")
    if len(keys) > most:
        messages.warning(request, _("Поръчани са само първите %(most)s документа.") % {"most": most})
    if len(orders) == 1:
        return redirect(orders[0])
    said = {"papers": len(batch.keys), "files": len(orders), "most": MOST}
    messages.success(
        request, _("Поръчани са %(papers)s документа в %(files)s файла, до %(most)s във всеки. Ето ги по-долу.") % said
    )
    return redirect("frontdesk:prints")


def at_once(request: StaffRequest, batch: Batch, now: datetime) -> HttpResponse:
    try:
        content = printed(batch)
    except RendererMissing:
        return without_renderer(request)
    response: HttpResponse = shown(HttpResponse(content), f"{batch.what}-{timezone.localtime(now):%Y%m%d-%H%M}.pdf")
    return response


def own_order(request: StaffRequest, key: uuid.UUID) -> PrintOrder:
    """The order, for whoever gave it; to others it is not there."""
    row = get_object_or_404(PrintOrder.objects.of(request.user), key=key)
    if row.kept_until <= timezone.now():
        raise Http404
    return row


@require_safe
@at_desk(LOGGING)
def print_order(request: StaffRequest, key: uuid.UUID) -> HttpResponse:
    """How far the ordered papers are; the page asks again by itself until they are there."""
    row = own_order(request, key)
    is_lost = row.is_lost(timezone.now())
    response = render(request, "frontdesk/print_order.html", {"order": row, "is_lost": is_lost})
    if row.finished_at is None and not is_lost:
        response["Refresh"] = str(REFRESH_SECONDS)
    return response


@require_safe
@at_desk(LOGGING)
def print_file(request: StaffRequest, key: uuid.UUID) -> HttpResponseBase:
    """The ordered papers themselves."""
    row = own_order(request, key)
    if row.finished_at is None:
        raise Http404
    note_look(request, LookKind.EXPORT, f"print-{row.what}")
    try:
        file = shelf.store().open(row.stored)
    except FileNotFoundError:
        logger.exception("the file of print %s is not in the store", row.key)
        return render(request, "frontdesk/print_order.html", {"order": row, "is_gone": True}, status=404)
    response: HttpResponseBase = shown(FileResponse(file), row.file_name)
    return response


@require_POST
@at_desk(LOGGING)
def print_again(request: StaffRequest, key: uuid.UUID) -> HttpResponse:
    """Try again what failed."""
    row = own_order(request, key)
    order_again(row, now=timezone.now())
    return redirect(row)
