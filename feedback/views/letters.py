"""Letters that wait for somebody at the desk, and each of them as it is printed or read out."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.db.models import Exists, OuterRef, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from feedback.actions import post, refusals
from feedback.actions.refusals import Refused
from feedback.choices import LetterKind, LetterState, Means
from feedback.forms.letters import ConfirmForm, HandedForm, LetterForm, LettersFilter, RetryForm, TickedLettersForm
from feedback.mail.message import files_of
from feedback.models import Case, Letter
from feedback.querysets import ABOUT, MAILED, LetterQuerySet
from feedback.views.masked import shown_letter, shown_letters
from samokov_portal.audit.choices import LookKind
from samokov_portal.audit.looks import note_look
from samokov_portal.questions import Part, question
from samokov_portal.staff.desk import at_desk
from samokov_portal.staff.models import StaffUser
from samokov_portal.staff.requests import StaffRequest
from services.models import Application

PAGE = 50
POSTING = "feedback.post_letter"
# An e-mail that waits longer than this is shown to people.
PATIENCE = timedelta(hours=1)
# More than these nobody counts.
COUNTED = 100

WAITS: dict[str, Q] = {
    "paper": Q(means=Means.PAPER, state=LetterState.QUEUED),
    "phone": Q(means=Means.PHONE, state=LetterState.QUEUED),
    "failed": Q(state=LetterState.FAILED),
    "slow": MAILED,
    "unconfirmed": Q(kind=LetterKind.FORWARDING, state=LetterState.SENT, confirmed_at=None),
}
REFUSALS: dict[type[Refused], Any] = {
    refusals.AlreadyDone: gettext_lazy("Междувременно това вече е отбелязано. Нищо не е променено."),
    refusals.NotAllowed: gettext_lazy("Това не е във Вашите правомощия. Нищо не е променено."),
    refusals.PersonComplainedOf: gettext_lazy("Преписката е срещу Вас, затова не може да работите по нея."),
    refusals.NeedsReason: gettext_lazy("Напишете как органът е потвърдил."),
}


def letters_seen_by(user: StaffUser) -> LetterQuerySet:
    """The letters of the cases and applications that `user` may see."""
    return letters_about(Case.objects.seen_by(user), Application.objects.seen_by(user))


def letters_about(cases: Any, applications: Any) -> LetterQuerySet:
    """The letters of these cases and applications."""
    # Asked of each letter: of two lists joined by „or“, the database would read both registers whole.
    of_case = Exists(cases.filter(pk=OuterRef("case")))
    of_application = Exists(applications.filter(pk=OuterRef("application")))
    letters: LetterQuerySet = Letter.objects.filter(of_case | of_application)
    return letters


def to_send(user: StaffUser, now: datetime) -> Part:
    """The question which letters wait at the desk, COUNTED at the most; none for who does not send them."""
    if not user.has_perm(POSTING):
        return Part(None, ())
    sees = (user.has_perm("feedback.view_case"), user.has_perm("feedback.view_all_cases"))
    sees_applications = (user.has_perm("services.view_application"), user.has_perm("services.view_all_applications"))
    return _to_send.part(user.pk, *sees, *sees_applications, now - PATIENCE)


@question
def _to_send(
    user: int, sees_cases: bool, sees_all_cases: bool, sees_some: bool, sees_all: bool, patience_ends: datetime
) -> Any:
    cases = Case.objects.seen_from(user, sees_all=sees_all_cases) if sees_cases else Case.objects.none()
    applications = Application.objects.seen_from(user, sees_some=sees_some, sees_all=sees_all)
    return letters_about(cases, applications).needing_hands(patience_ends).values_list("pk")[:COUNTED]


@require_safe
@at_desk(POSTING)
def letters(request: StaffRequest) -> HttpResponse:
    """What waits for somebody, in the order in which it was written, a page at a time by keyset."""
    form = LettersFilter(request.GET)
    form.is_valid()
    now = timezone.now()
    note_look(request, LookKind.LIST, "letters")
    rows = list(chosen(request, form.cleaned_data, now)[: PAGE + 1])
    on_page = rows[:PAGE]
    # What is printed and taken to the post.
    on_paper = letters_seen_by(request.user).filter(WAITS["paper"])
    to_tick = {row.pk for row in on_page if row.means == Means.PAPER and row.state != LetterState.SENT}
    context = {
        "form": form,
        "letters": shown_letters(on_page, request.user),
        "to_tick": to_tick,
        "has_paper": bool(to_tick or (on_page and on_paper.exists())),
        "more": rows[PAGE - 1].pk if len(rows) > PAGE else "",
        "now": now,
    }
    return render(request, "feedback/letters.html", context)


def chosen(request: StaffRequest, wanted: dict[str, Any], now: datetime) -> LetterQuerySet:
    """What waits, narrowed to one way of waiting. Keys grow in the order in which letters are written."""
    waits = WAITS.get(wanted.get("what", "")) or Q(*WAITS.values(), _connector=Q.OR)
    found = letters_seen_by(request.user).filter(waits).exclude(MAILED & Q(created_at__gt=now - PATIENCE))
    return found.filter(pk__gt=wanted.get("after") or 0).select_related(*ABOUT, "body").order_by("pk")


@require_safe
@at_desk(POSTING)
def letter(request: StaffRequest, pk: int) -> HttpResponse:
    return letter_page(request, seen(request, pk))


def seen(request: StaffRequest, pk: int) -> Letter:
    """The letter, if it is of a matter that this person may see; otherwise it is not found, as if it were not there."""
    row = get_object_or_404(letters_seen_by(request.user).select_related(*ABOUT, "body", "sent_by"), pk=pk)
    note_look(request, LookKind.LETTER, row.about.number)
    return shown_letter(row, request.user)


def letter_page(
    request: StaffRequest, row: Letter, *, bound: LetterForm | None = None, refusal: str = "", status: int = 200
) -> HttpResponse:
    """The letter on paper, and the forms of what may be done with it; `bound` is the one that came back with errors."""
    forms = {type(form): form for form in fitting_forms(row)}
    if bound is not None:
        forms[type(bound)] = bound
    attached, on_request = files_of(row)
    context = {
        "letter": row,
        "now": timezone.now(),
        "attached": attached,
        "on_request": on_request,
        "handed_form": forms.get(HandedForm),
        "retry_form": forms.get(RetryForm),
        "confirm_form": forms.get(ConfirmForm),
        "form": bound,
        "refusal": refusal,
    }
    return render(request, "feedback/letter.html", context, status=status)


def fitting_forms(row: Letter) -> list[LetterForm]:
    """The empty forms of what may be done with the letter as it stands."""
    if row.state == LetterState.SENT:
        return [ConfirmForm()] if row.kind == LetterKind.FORWARDING and row.confirmed_at is None else []
    # A masked address is none to be sent to.
    retry = (
        [RetryForm(initial={"address": row.address if "@" in row.address else ""})]
        if row.state == LetterState.FAILED
        else []
    )
    return [*retry, HandedForm()]


def change(request: StaffRequest, pk: int, form: LetterForm, perform: Callable[..., Letter], done: str) -> HttpResponse:
    """One thing done with one letter: check, perform, tell and redirect; an error keeps what was typed."""
    row = seen(request, pk)
    if not form.is_valid():
        return letter_page(request, row, bound=form, status=422)
    try:
        perform(letter_id=row.pk, by=request.user, now=timezone.now(), **form.cleaned_data)
    except Refused as refusal:
        return letter_page(request, seen(request, pk), refusal=REFUSALS[type(refusal)], status=409)
    messages.success(request, done)
    return redirect("feedback:letter", pk)


@require_POST
@at_desk(POSTING)
def letter_handed(request: StaffRequest, pk: int) -> HttpResponse:
    return change(request, pk, HandedForm(request.POST), post.hand_over, _("Отбелязано е, че писмото е предадено."))


@require_POST
@at_desk(POSTING)
def letters_handed(request: StaffRequest) -> HttpResponse:
    """The ticked letters are posted; each that is not any more to be is named, and the others are recorded."""
    ticked = TickedLettersForm(request.POST).ticked()
    rows = list(
        letters_seen_by(request.user).filter(pk__in=ticked, means=Means.PAPER).select_related(*ABOUT).order_by("pk")
    )
    done = 0
    for row in rows:
        note_look(request, LookKind.LETTER, row.about.number)
        try:
            post.hand_over(letter_id=row.pk, by=request.user, now=timezone.now())
        except Refused as refusal:
            messages.error(request, f"{row.about.number}: {REFUSALS[type(refusal)]}")
        else:
            done += 1
    if done:
        words = ngettext("Предадено е %(count)s писмо.", "Предадени са %(count)s писма.", done)
        messages.success(request, words % {"count": done})
    elif not rows:
        messages.error(request, _("Изберете поне едно писмо."))
    return redirect("feedback:letters")


@require_POST
@at_desk(POSTING)
def letter_retry(request: StaffRequest, pk: int) -> HttpResponse:
    return change(request, pk, RetryForm(request.POST), post.try_again, _("Писмото отново чака изпращане."))


@require_POST
@at_desk(POSTING)
def letter_confirm(request: StaffRequest, pk: int) -> HttpResponse:
    return change(request, pk, ConfirmForm(request.POST), post.confirm_receipt, _("Потвърждението е записано."))
