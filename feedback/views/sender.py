"""What the sender does on the page of their case, in the browser in which its code was given."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from feedback.actions import refusals, sender
from feedback.actions.refusals import Refused
from feedback.actions.sender import is_repeated
from feedback.choices import BAD_SCORE
from feedback.forms.track import AddForm, RateForm, ReopenForm, ReplyForm, SenderForm, TextForm, WithdrawForm
from feedback.life import MOVES
from feedback.models import Case
from feedback.tracking import cases_to_follow, granted
from feedback.views.followed import followed_page
from feedback.views.track import ask_again

REFUSALS: dict[type[Refused], Any] = {
    refusals.NotPossible: gettext_lazy(
        "Преписката вече не е в състояние, в което това може да се направи. Нищо не е записано. Вижте по-долу докъде е "
        "стигнала."
    ),
    refusals.WindowClosed: gettext_lazy(
        "Времето, в което може да поискате ново разглеждане, е изтекло. Нищо не е записано. Ако има нови факти, "
        "подайте нова преписка и посочете номера на тази."
    ),
    refusals.AlreadyDone: gettext_lazy("Този отговор вече е оценен. Оценява се веднъж, затова нищо не е променено."),
    refusals.TooOften: gettext_lazy(
        "Днес вече добавихте много сведения към тази преписка. Опитайте пак утре или ги донесете в общината."
    ),
    refusals.NeedsReason: gettext_lazy("Полето е празно. Напишете нещо и изпратете отново."),
}


def step(
    request: HttpRequest, number: str, form_class: type[SenderForm], perform: Callable[..., Case], done: str
) -> HttpResponse:
    """One change by the sender: check the grant and the form, perform it, tell and redirect; nothing typed is lost.

    What was already done by an earlier press of the same button is told as done, not as refused.
    """
    now = timezone.now()
    form = form_class(request.POST, request.FILES)
    case = granted(request.session, number, now=now)
    if case is None:
        return ask_again(request, number, form)
    is_possible = case.status in MOVES[form.action].begins
    if not is_filled_in(form, now=now, with_files=is_possible):
        if not is_possible:
            form.add_error(None, REFUSALS[refusals.NotPossible])
        return followed_page(request, case, now=now, bound=form, status=422 if is_possible else 409)
    try:
        perform(case_id=case.pk, **form.values(), now=now)
    except Refused as refusal:
        # Read again: what refused this change may be what somebody else did to the case meanwhile.
        case = cases_to_follow().get(pk=case.pk)
        if not is_repeated(form.action, case, form.values()):
            form.add_error(None, REFUSALS[type(refusal)])
            return followed_page(request, case, now=now, bound=form, status=409)
    messages.success(request, done)
    return redirect(reverse("feedback:tracked", args=[number]) + place_after(form))


def is_filled_in(form: SenderForm, *, now: datetime, with_files: bool) -> bool:
    """Whether the form is valid; files that came with it are kept for it also when something else is wrong."""
    is_valid = form.is_valid()
    return form.take_files(now=now) if with_files and isinstance(form, TextForm) else is_valid


def place_after(form: SenderForm) -> str:
    """Where on the page the sender goes on: after a bad rating, with asking for another look."""
    is_unhappy = isinstance(form, RateForm) and form.cleaned_data["score"] <= BAD_SCORE
    return "#id_reopen-reason" if is_unhappy else ""


@never_cache
@sensitive_post_parameters()
@require_POST
def track_add(request: HttpRequest, number: str) -> HttpResponse:
    return step(request, number, AddForm, sender.add_information, _("Добавихме го към преписката."))


@never_cache
@sensitive_post_parameters()
@require_POST
def track_reply(request: HttpRequest, number: str) -> HttpResponse:
    return step(request, number, ReplyForm, sender.reply, _("Отговорът Ви е записан. Благодарим."))


@never_cache
@sensitive_post_parameters()
@require_POST
def track_withdraw(request: HttpRequest, number: str) -> HttpResponse:
    return step(request, number, WithdrawForm, sender.withdraw_case, _("Преписката е оттеглена."))


@never_cache
@sensitive_post_parameters()
@require_POST
def track_rate(request: HttpRequest, number: str) -> HttpResponse:
    return step(request, number, RateForm, sender.rate_answer, _("Оценката Ви е записана. Благодарим."))


@never_cache
@sensitive_post_parameters()
@require_POST
def track_reopen(request: HttpRequest, number: str) -> HttpResponse:
    return step(request, number, ReopenForm, sender.reopen_case, _("Преписката е отворена отново."))
