"""One case at the desk, with what may be done to it."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from feedback.actions import desk, questions, refusals
from feedback.actions.refusals import Refused
from feedback.changes import Meanwhile, since
from feedback.choices import Kind, Status, outcome_in_words
from feedback.clock import explain
from feedback.forms.changes import CaseActionForm
from feedback.forms.desk import AssignForm, EndForm, ExtendForm, ForwardForm, RequalifyForm
from feedback.forms.dialogue import (
    AnswerForm,
    AskForm,
    CloseForm,
    LapseForm,
    NotifyForm,
    RecordReplyForm,
    WithdrawalForm,
)
from feedback.forms.merging import MergeForm, SeparateForm
from feedback.forms.notes import NoteForm
from feedback.forms.uploads import AttachForm
from feedback.life import FIRST_ROUND, MOVES
from feedback.models import Case
from feedback.of_case import events_with_people, last_version, letters_of
from feedback.timeline import timeline
from feedback.views.extending import extension_of
from feedback.views.followed import look
from feedback.views.masked import shown_case, shown_changes, shown_letters, shown_rows
from feedback.views.standing import is_late
from feedback.worklist import line_of
from samokov_portal.audit.choices import LookKind
from samokov_portal.audit.looks import note_look
from samokov_portal.legal.grounds import ENDS, SUSPENSIONS
from samokov_portal.questions import question
from samokov_portal.staff.desk import at_desk
from samokov_portal.staff.models import StaffUser
from samokov_portal.staff.requests import StaffRequest

# In the order in which they stand on the page; the most likely next one is put before them.
FORMS: tuple[type[CaseActionForm], ...] = (
    AnswerForm,
    RecordReplyForm,
    LapseForm,
    NotifyForm,
    CloseForm,
    AssignForm,
    AskForm,
    ForwardForm,
    ExtendForm,
    RequalifyForm,
    EndForm,
    WithdrawalForm,
    MergeForm,
    SeparateForm,
)
# The key of no case.
NONE = 0
REFUSALS: dict[type[Refused], Any] = {
    refusals.ChangedMeanwhile: gettext_lazy(
        "Докато бяхте на страницата, друг служител промени преписката. Нищо Ваше не е записано: вижте новото по-долу "
        "и, ако още е нужно, изпратете отново."
    ),
    refusals.NotPossible: gettext_lazy(
        "В това състояние на преписката това не може да се направи. Нищо не е променено."
    ),
    refusals.NotAllowed: gettext_lazy("Това не е във Вашите правомощия. Нищо не е променено."),
    refusals.PersonComplainedOf: gettext_lazy(
        "Преписката е срещу Вас, затова не може да решавате по нея (АПК, чл. 113). Нищо не е променено."
    ),
    refusals.UnitIsNoMore: gettext_lazy("Това звено вече не съществува. Изберете друго: нищо не е променено."),
    refusals.IsTied: gettext_lazy(
        "Преписката е слята с друга и се решава заедно с нея: направете го по главната или първо я отделете."
    ),
    refusals.WrongMain: gettext_lazy(
        "Не може да се слее с тази: главната преписка трябва да е друга, от същия вид и още без отговор. Сливат се "
        "сигнали, предложения и запитвания."
    ),
    refusals.NamesSender: gettext_lazy(
        "Написаното отива до подателите на няколко слети преписки, а в него е името, връзката или номерът на някоя от "
        "тях. Махнете го или отделете преписката. Номерът и датата на всеки се пишат така: {number}, {received}."
    ),
    refusals.WrongOutcome: gettext_lazy("Този изход не е за такъв вид преписка."),
    refusals.WrongGround: gettext_lazy(
        "На това основание не може: законът не го допуска тук или фактите не го подкрепят."
    ),
    refusals.CannotExtend: gettext_lazy(
        "Срокът не може да се удължи така: проверете вида на преписката, дали срокът не е изтекъл, и най-късната дата."
    ),
    refusals.NeedsReason: gettext_lazy("Напишете причината – подателят има право да я знае."),
    refusals.NeedsName: gettext_lazy("Подателят не е дал име и данни за връзка, затова това не може да се направи."),
}


@require_safe
@at_desk("feedback.view_case")
def case(request: StaffRequest, number: str) -> HttpResponse:
    return case_page(request, seen(request, number))


def seen(request: StaffRequest, number: str) -> Case:
    """The case, if this person may see it; otherwise it is not found, as if it were not there. A look."""
    user = request.user
    may_see = user.has_perm("feedback.view_case")
    found = _seen(number, user.pk, user.has_perm("feedback.view_all_cases")) if may_see else []
    if not found:
        raise Http404
    row: Case = found[0]
    note_look(request, LookKind.CASE, row.number)
    return shown_case(row, user)


@question
def _seen(number: str, user: int, sees_all: bool) -> Any:
    cases = Case.objects.seen_from(user, sees_all=sees_all).filter(number=number)
    return cases.with_frame().with_what_there_is().with_newest_version()


def case_page(
    request: StaffRequest,
    row: Case,
    bound: CaseActionForm | None = None,
    status: int = 200,
    uploads: AttachForm | None = None,
    meanwhile: Meanwhile | None = None,
    note: NoteForm | None = None,
    begun: CaseActionForm | None = None,
    extension: Any = None,
) -> HttpResponse:
    """The page of a case with the forms of what may be done now.

    `bound`, `uploads`, `note` and `extension` are those that came back, `begun` is one that is not sent yet;
    `meanwhile` is what others did since the page was opened.
    """
    today = timezone.localdate()
    told = story(row, request.user, today)
    forms = allowed_forms(request, row, today, seen=told["last_event"])
    shown = bound or begun
    is_lost = shown is not None and shown.action not in forms
    if shown is not None and not is_lost:
        forms[shown.action] = shown
    context = {
        **told,
        "now": timezone.now(),
        "forms": forms,
        "form": bound,
        "lost": shown if is_lost else None,
        "opened": shown.action if shown is not None else opened_first(request, forms),
        "uploads": uploads or AttachForm(),
        "meanwhile": meanwhile,
        "note_form": note or NoteForm(),
        "extension": extension_of(row, request.user, today, extension),
    }
    return render(request, "feedback/case.html", context, status=status)


def story(row: Case, user: StaffUser, today: date) -> dict[str, Any]:
    """Everything that the page tells `user` of a case."""
    events = events_with_people(row)
    told: dict[str, list[Any]] = {
        "events": shown_rows(events, row, "note"),
        "letters": shown_letters(letters_of(row), user),
        "files": shown_rows(row.present("attachments").select_related("added_by").in_order(), row, "name"),
        "notes": shown_rows(row.present("notes").select_related("by").order_by("at", "pk"), row, "text"),
    }
    asked = shown_rows(row.present("questions").in_order(), row, "text", "reply")
    reopenings = shown_rows(row.present("reopenings").in_order(), row, "reason", "answer")
    return {
        "case": row,
        "last_event": max((event.pk for event in events), default=None),
        "line": line_of(row, today),
        "entries": timeline(row, user, **told),
        "deadline": explain(row, events),
        "outcome": outcome_in_words(row.kind, row.outcome),
        "is_late": is_late(row, today),
        "asked": [(one, SUSPENSIONS.get(one.ground)) for one in asked],
        "looks": [look(row, again, today) for again in reopenings],
        "letters": told["letters"],
        "attachments": told["files"],
        "notes": told["notes"],
        "ratings": shown_rows(row.present("ratings").order_by("round"), row, "comment"),
        "ended_by": ENDS.get(row.end_reason),
        "related": related(row, user),
    }


def related(row: Case, user: StaffUser) -> dict[str, Any]:
    """The main case of this one, and the cases that are tied to it, as far as `user` may see them.

    One query, none where it is known that there are none. `reached` are those that get the answer to this one.
    """
    sees_all = user.has_perm("feedback.view_all_cases")
    is_alone = row.duplicate_of_id is None and not row.may_have("tied")
    rows = [] if is_alone else _related(row.pk, row.duplicate_of_id or NONE, user.pk, sees_all)
    tied = [one for one in rows if one.pk != row.duplicate_of_id]
    return {
        "main": next((one for one in rows if one.pk == row.duplicate_of_id), None),
        "tied": tied,
        "reached": [one for one in tied if one.status in FIRST_ROUND] if row.decided_at is None else [],
    }


@question
def _related(case: int, main: int, user: int, sees_all: bool) -> Any:
    found = Case.objects.seen_from(user, sees_all=sees_all).filter(Q(duplicate_of=case) | Q(pk=main))
    return found.only("number", "status", "due_on", "decided_at").order_by("pk")


def new_form(form: type[CaseActionForm], request: StaffRequest, row: Case, data: Any = None) -> CaseActionForm:
    facts: dict[str, Any] = {"case": row, "by": request.user, "today": timezone.localdate()}
    return form(data, **facts, seen=row.last_event_id(), version=last_version(row))


def allowed_forms(request: StaffRequest, row: Case, today: date, *, seen: int | None) -> dict[str, CaseActionForm]:
    """The empty forms of what this person may do to the case as it stands, by action, the most likely one first.

    `seen` is the newest event that the page tells of.
    """
    first = likely_next(row)
    fitting = sorted(
        (form for form in FORMS if form.fits(row, request.user, today)), key=lambda form: form.action != first
    )
    shown = {"seen": seen, "version": last_version(row)} if fitting else {}
    return {form.action: form(case=row, by=request.user, today=today, **shown) for form in fitting}


def likely_next(row: Case) -> str:
    if row.is_anonymous and row.kind != Kind.PRAISE:
        return EndForm.action
    return AssignForm.action if row.status == Status.REGISTERED else AnswerForm.action


def opened_first(request: StaffRequest, forms: dict[str, CaseActionForm]) -> str:
    """What stands open: the answer, for whoever works in the unit to which the case was given."""
    is_of_the_unit = not request.user.has_perm("feedback.view_all_cases")
    return AnswerForm.action if is_of_the_unit and next(iter(forms), "") == AnswerForm.action else ""


def change(
    request: StaffRequest, number: str, form_class: type[CaseActionForm], perform: Callable[..., Case], done: str
) -> HttpResponse:
    """One change of one case: check the form, perform it, tell and redirect; a refusal keeps what was typed."""
    if not any(request.user.has_perm(permission) for permission in MOVES[form_class.action].permissions):
        raise PermissionDenied
    row = seen(request, number)
    form = new_form(form_class, request, row, request.POST)
    if not form.is_valid():
        if form.is_stale():
            return refused(request, number, form_class, refusals.ChangedMeanwhile())
        return case_page(request, row, form, status=422)
    try:
        perform(case_id=row.pk, **form.cleaned_data, by=request.user, now=timezone.now())
    except Refused as refusal:
        return refused(request, number, form_class, refusal)
    messages.success(request, done)
    # Whoever named themselves as the person complained of does not see the case any more.
    return redirect(row if Case.objects.seen_by(request.user).filter(pk=row.pk).exists() else "feedback:work_list")


def refused(request: StaffRequest, number: str, form_class: type[CaseActionForm], refusal: Refused) -> HttpResponse:
    """The page with why the change was refused and what was typed."""
    # The case is read again: what refused this change may be what somebody else did to it meanwhile.
    row = seen(request, number)
    typed, action = request.POST.copy(), form_class.action
    was = {name: sent_key(typed.get(f"{action}-{name}")) for name in ("version", "seen")}
    typed[f"{action}-seen"] = str(row.last_event_id() or "")
    typed[f"{action}-version"] = str(last_version(row) or "")
    form = new_form(form_class, request, row, typed)
    form.full_clean()
    form.add_error(None, REFUSALS[type(refusal)])
    meanwhile = since(row, version=was["version"], event=was["seen"]) if was["seen"] else None
    if meanwhile:
        meanwhile = replace(
            meanwhile,
            changes=shown_changes(meanwhile.changes, row),
            events=shown_rows(meanwhile.events, row, "note"),
        )
    return case_page(request, row, form, status=409, meanwhile=meanwhile if meanwhile and meanwhile.events else None)


def sent_key(text: str | None) -> int | None:
    """The key of a row as a hidden field sends it; None of what cannot be one."""
    return int(text) if text and re.fullmatch(r"[0-9]{1,18}", text) else None


@require_POST
@at_desk("feedback.view_case")
def case_assign(request: StaffRequest, number: str) -> HttpResponse:
    return change(request, number, AssignForm, desk.assign_case, _("Преписката е възложена."))


@require_POST
@at_desk("feedback.view_case")
def case_requalify(request: StaffRequest, number: str) -> HttpResponse:
    return change(
        request, number, RequalifyForm, desk.requalify_case, _("Видът е определен и подателят ще бъде уведомен.")
    )


@require_POST
@at_desk("feedback.view_case")
def case_ask(request: StaffRequest, number: str) -> HttpResponse:
    return change(request, number, AskForm, questions.ask_sender, _("Въпросът е зададен."))


@require_POST
@at_desk("feedback.view_case")
def case_record_reply(request: StaffRequest, number: str) -> HttpResponse:
    return change(request, number, RecordReplyForm, questions.record_reply, _("Отговорът на подателя е записан."))


@require_POST
@at_desk("feedback.view_case")
def case_lapse(request: StaffRequest, number: str) -> HttpResponse:
    return change(request, number, LapseForm, questions.lapse_question, _("Отбелязано е, че няма отговор."))


@require_POST
@at_desk("feedback.view_case")
def case_forward(request: StaffRequest, number: str) -> HttpResponse:
    return change(
        request,
        number,
        ForwardForm,
        desk.forward_case,
        _("Писмото до органа чака изпращане. Преписката ще се брои за препратена, когато то тръгне."),
    )


@require_POST
@at_desk("feedback.view_case")
def case_extend(request: StaffRequest, number: str) -> HttpResponse:
    return change(request, number, ExtendForm, desk.extend_case, _("Срокът е удължен и подателят ще бъде уведомен."))


@require_POST
@at_desk("feedback.view_case")
def case_end(request: StaffRequest, number: str) -> HttpResponse:
    return change(request, number, EndForm, desk.end_case, _("Преписката е приключена без производство."))


@require_POST
@at_desk("feedback.view_case")
def case_answer(request: StaffRequest, number: str) -> HttpResponse:
    return change(
        request, number, AnswerForm, desk.answer_case, _("Отговорът е записан и подателят може да го прочете.")
    )


@require_POST
@at_desk("feedback.view_case")
def case_notify(request: StaffRequest, number: str) -> HttpResponse:
    return change(request, number, NotifyForm, desk.notify_case, _("Уведомяването е отбелязано."))


@require_POST
@at_desk("feedback.view_case")
def case_close(request: StaffRequest, number: str) -> HttpResponse:
    return change(request, number, CloseForm, desk.close_case, _("Преписката е приключена."))


@require_POST
@at_desk("feedback.view_case")
def case_record_withdrawal(request: StaffRequest, number: str) -> HttpResponse:
    return change(request, number, WithdrawalForm, desk.record_withdrawal, _("Оттеглянето е записано."))
