"""One application at the desk, with what may be done to it."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from samokov_portal.audit.choices import LookKind
from samokov_portal.audit.looks import note_look
from samokov_portal.office.calendar import calendar_known
from samokov_portal.office.once import FormAlreadyUsed
from samokov_portal.staff.desk import at_desk
from samokov_portal.staff.masking import hidden, initials
from samokov_portal.staff.requests import StaffRequest
from services.actions import ACTIONS, give_access_code, record_visit, refusals
from services.actions.refusals import Refused
from services.clock import DEFECTS, explain, silent_refusal
from services.forms.intake import VisitForm
from services.forms.moves import (
    FORMS,
    CheckForm,
    DefectsForm,
    FeeForm,
    FinishForm,
    HandOverForm,
    LeaveForm,
    MendForm,
    MoveForm,
    PayForm,
    RefuseForm,
    TellForm,
    WithdrawForm,
)
from services.life import MOVES
from services.models import Application
from services.views.applications import COUNTER, remember_counter
from services.views.masked import shown_application, shown_rows

REFUSALS: dict[type[Refused], Any] = {
    refusals.ChangedMeanwhile: gettext_lazy(
        "Докато бяхте на страницата, друг служител промени заявлението. Нищо Ваше не е записано: вижте новото по-долу "
        "и, ако още е нужно, изпратете отново."
    ),
    refusals.NotPossible: gettext_lazy(
        "В това състояние на заявлението това не може да се направи. Нищо не е променено."
    ),
    refusals.NotAllowed: gettext_lazy("Това не е във Вашите правомощия. Нищо не е променено."),
    refusals.NeedsReason: gettext_lazy("Напишете го с думи – заявителят има право да го знае."),
    refusals.WrongAmount: gettext_lazy("Проверете сумата."),
    refusals.TermIsOver: gettext_lazy(
        "Срокът изтича днес или е изтекъл и вече не може да спре. Ако още липсва нещо, обадете се на заявителя."
    ),
    refusals.StillTime: gettext_lazy("Заявителят още има време да отстрани недостатъците. Нищо не е променено."),
    refusals.AlreadyTold: gettext_lazy("Датата вече е съобщена. Нищо не е променено."),
}


def seen(request: StaffRequest, number: str) -> Application:
    """The application, if this person may see it; otherwise it is not found, as if it were not there. A look."""
    row = get_object_or_404(Application.objects.seen_by(request.user).with_frame(), number=number)
    note_look(request, LookKind.APPLICATION, row.number)
    return shown_application(row, request.user)


@require_safe
@at_desk("services.view_application")
def application(request: StaffRequest, number: str) -> HttpResponse:
    return application_page(request, seen(request, number))


def application_page(
    request: StaffRequest,
    row: Application,
    *,
    bound: MoveForm | None = None,
    visit_form: VisitForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page of an application with the forms of what may be done now; `bound` or `visit_form` is what came back."""
    now, today = timezone.now(), timezone.localdate()
    forms = allowed_forms(request, row)
    is_lost = bound is not None and bound.action not in forms
    if bound is not None and not is_lost:
        forms[bound.action] = bound
    counter = {"counter": request.session.get(COUNTER, "")}
    context = {
        "application": row,
        "forms": forms,
        "lost": bound if is_lost else None,
        "opened": bound.action if bound is not None else "",
        "visit_form": visit_form or VisitForm(application=row, now=now, initial=counter),
        "visits": row.visits.in_order(),
        "letters": shown_rows(row.letters.in_order(), row, "subject", "text", recipient=initials, address=hidden),
        "now": now,
        "events": shown_rows(row.events.select_related("by").in_order(), row, "note"),
        "deadline": explain(row),
        "silence": silent_refusal(row, today, calendar_known()),
        "defects": DEFECTS,
        "today": today,
    }
    return render(request, "services/application.html", context, status=status)


def allowed_forms(request: StaffRequest, row: Application) -> dict[str, MoveForm]:
    """The empty forms of what this person may do to the application as it stands, by action, in the order of work."""
    today, last_event = timezone.localdate(), row.last_event_id()
    return {
        form.action: form(application=row, seen=last_event) for form in FORMS if form.fits(row, request.user, today)
    }


def change(request: StaffRequest, number: str, form_class: type[MoveForm], done: str) -> HttpResponse:
    """One move of one application: check the form, carry it out, tell and redirect; a refusal keeps what was typed."""
    if not any(request.user.has_perm(permission) for permission in MOVES[form_class.action].by):
        raise PermissionDenied
    row = seen(request, number)
    form = form_class(request.POST, application=row, seen=row.last_event_id())
    if not form.is_valid():
        if form.is_stale():
            return refused(request, number, form_class, refusals.ChangedMeanwhile())
        return application_page(request, row, bound=form, status=422)
    try:
        ACTIONS[form_class.action](application_id=row.pk, **form.cleaned_data, by=request.user, now=timezone.now())
    except Refused as refusal:
        return refused(request, number, form_class, refusal)
    messages.success(request, done)
    return redirect(row)


def refused(request: StaffRequest, number: str, form_class: type[MoveForm], refusal: Refused) -> HttpResponse:
    """The page with why the move was refused and what was typed."""
    # Read again: what refused this move may be what somebody else did meanwhile.
    row = seen(request, number)
    typed = request.POST.copy()
    typed[f"{form_class.action}-seen"] = str(row.last_event_id() or "")
    form = form_class(typed, application=row, seen=row.last_event_id())
    form.full_clean()
    form.add_error(None, REFUSALS[type(refusal)])
    return application_page(request, row, bound=form, status=409)


@require_POST
@at_desk("services.view_application")
def application_check(request: StaffRequest, number: str) -> HttpResponse:
    return change(request, number, CheckForm, _("Отбелязано е, че заявлението е проверено."))


@require_POST
@at_desk("services.view_application")
def application_defects(request: StaffRequest, number: str) -> HttpResponse:
    return change(request, number, DefectsForm, _("Недостатъците са съобщени и срокът спря."))


@require_POST
@at_desk("services.view_application")
def application_mend(request: StaffRequest, number: str) -> HttpResponse:
    return change(request, number, MendForm, _("Отбелязано е, че недостатъците са отстранени. Срокът тече отново."))


@require_POST
@at_desk("services.view_application")
def application_tell(request: StaffRequest, number: str) -> HttpResponse:
    return change(request, number, TellForm, _("Отбелязано е, че датата е съобщена."))


@require_POST
@at_desk("services.view_application")
def application_set_fee(request: StaffRequest, number: str) -> HttpResponse:
    return change(request, number, FeeForm, _("Таксата е записана."))


@require_POST
@at_desk("services.view_application")
def application_pay(request: StaffRequest, number: str) -> HttpResponse:
    return change(request, number, PayForm, _("Плащането е записано."))


@require_POST
@at_desk("services.view_application")
def application_finish(request: StaffRequest, number: str) -> HttpResponse:
    return change(request, number, FinishForm, _("Отбелязано е, че документът е готов."))


@require_POST
@at_desk("services.view_application")
def application_refuse(request: StaffRequest, number: str) -> HttpResponse:
    return change(request, number, RefuseForm, _("Отказът е записан."))


@require_POST
@at_desk("services.view_application")
def application_leave(request: StaffRequest, number: str) -> HttpResponse:
    return change(request, number, LeaveForm, _("Заявлението е оставено без производство."))


@require_POST
@at_desk("services.view_application")
def application_withdraw(request: StaffRequest, number: str) -> HttpResponse:
    return change(request, number, WithdrawForm, _("Оттеглянето е записано."))


@require_POST
@at_desk("services.view_application")
def application_hand_over(request: StaffRequest, number: str) -> HttpResponse:
    return change(request, number, HandOverForm, _("Отбелязано е, че документът е получен."))


@require_POST
@at_desk("services.view_application")
def application_code(request: StaffRequest, number: str) -> HttpResponse:
    """Give out a new code with which the applicant follows the application; the answer shows it this once."""
    row = seen(request, number)
    try:
        code = give_access_code(application_id=row.pk, by=request.user)
    except refusals.NotAllowed as refusal:
        raise PermissionDenied from refusal
    return render(request, "services/application_code.html", {"application": row, "code": code})


@require_POST
@at_desk("services.log_application")
def application_visit(request: StaffRequest, number: str) -> HttpResponse:
    row = seen(request, number)
    now = timezone.now()
    form = VisitForm(request.POST, application=row, now=now)
    if not form.is_valid():
        return application_page(request, row, visit_form=form, status=422)
    remember_counter(request, form.cleaned_data["counter"])
    try:
        record_visit(nonce=form.cleaned_data["token"], values=form.values(), by=request.user, now=now)
    except FormAlreadyUsed:
        messages.error(request, _("С този формуляр вече е записано друго идване, затова промените не са записани."))
    else:
        messages.success(request, _("Идването е записано."))
    return redirect(row)
