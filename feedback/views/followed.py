"""What the sender's page says of a case: no name of an official, no internal reason."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from feedback.actions.sender import offered, reopen_until
from feedback.choices import BAD_SCORE, Kind, Status, outcome_in_words
from feedback.clock import explain, explain_reopening
from feedback.forms.track import FORMS, SenderForm
from feedback.models import Case, Question, Rating, Reopening
from feedback.of_case import events_of
from feedback.views.standing import is_late
from samokov_portal.legal.grounds import ENDS, SUSPENSIONS, Effect, SuspensionGround
from samokov_portal.legal.receipt import day_of_receipt
from samokov_portal.legal.terms import Deadline
from samokov_portal.office.calendar import calendar_known
from services.clock import DEFECTS, silent_refusal
from services.clock import explain as explain_application
from services.models import Application


@dataclass(frozen=True)
class Look:
    """Another look at the case, with its own term and how that was counted; None when it must not be explained so."""

    row: Reopening
    outcome: str
    deadline: Deadline | None
    is_late: bool


@dataclass(frozen=True)
class Asked:
    """The question that waits for the sender; `ground` is what lets the term stand still, if anything does."""

    row: Question
    ground: SuspensionGround | None
    is_over: bool

    @property
    def restarts(self) -> bool:
        return self.ground is not None and self.ground.effect is Effect.RESTARTS


def followed_page(
    request: HttpRequest,
    case: Case,
    *,
    now: datetime,
    bound: SenderForm | None = None,
    returned: SenderForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page of a case with what its sender may do now.

    `bound` is the form that came back with errors or was refused; `returned` is one that waited while the code was
    asked for again, and is shown as it was typed, unsent.
    """
    facts = what_is_known(case, now=now)
    forms = {name: FORMS[name](initial=first_text(name, facts)) for name in offered(case, now=now)}
    if returned is not None and returned.action in forms:
        forms[returned.action] = FORMS[returned.action](initial=returned.typed())
    if bound is not None and bound.action in forms:
        forms[bound.action] = bound
    context = {
        **facts,
        "forms": forms,
        "form": bound,
        "lost": next((form for form in (bound, returned) if form is not None and form.action not in forms), None),
        "returned": returned.action if returned is not None else "",
    }
    return render(request, "feedback/tracked.html", context, status=status)


def followed_application_page(request: HttpRequest, application: Application, *, now: datetime) -> HttpResponse:
    """The page of an application for whoever applied: no name of an official, nothing to do but to read."""
    today = day_of_receipt(now)
    context = {
        "application": application,
        "events": list(application.events.in_order()),
        "deadline": explain_application(application),
        "silence": silent_refusal(application, today, calendar_known()),
        "defects": DEFECTS,
        "wanting": application.events.defects().last() if application.paused_at else None,
        "today": today,
    }
    return render(request, "feedback/tracked_application.html", context)


def what_is_known(case: Case, *, now: datetime) -> dict[str, Any]:
    """Everything the page tells of the case at the aware moment `now`."""
    today = day_of_receipt(now)
    ratings = list(case.present("ratings").order_by("round"))
    events = events_of(case)
    return {
        "case": case,
        "kind": Kind(case.kind),
        "events": events,
        "deadline": explain(case, events),
        "outcome": outcome_in_words(case.kind, case.outcome),
        "is_late": is_late(case, today),
        "asked": open_question(case, today),
        "looks": [look(case, row, today) for row in case.present("reopenings").in_order()],
        "bodies": case.letters.to_bodies().select_related("body").in_order() if case.forwarded_to else (),
        "ended_by": ENDS.get(case.end_reason),
        "ratings": ratings,
        "is_unhappy": bool(ratings) and ratings[-1].score <= BAD_SCORE,
        "reopen_until": reopen_until(case),
        "attachments": case.present("attachments").in_order(),
        "today": today,
    }


def open_question(case: Case, today: date) -> Asked | None:
    """The question that waits for the sender; None when there is none."""
    if case.status != Status.CLARIFICATION:
        return None
    row = case.questions.open().first()
    if row is None:
        return None
    is_over = row.answer_due_on is not None and row.answer_due_on < today
    return Asked(row, SUSPENSIONS.get(row.ground), is_over)


def look(case: Case, row: Reopening, today: date) -> Look:
    found = explain_reopening(row)
    ended_on = day_of_receipt(row.decided_at) if row.decided_at else today
    return Look(
        row,
        outcome=outcome_in_words(case.kind, row.outcome),
        deadline=found if found is not None and found.due_on == row.due_on else None,
        is_late=ended_on > row.due_on,
    )


def first_text(action: str, facts: dict[str, Any]) -> dict[str, str]:
    """What a form begins with: asking for another look begins with what the bad rating said was missing."""
    ratings: list[Rating] = facts["ratings"]
    return {"reason": ratings[-1].comment} if action == "reopen" and facts["is_unhappy"] else {}
