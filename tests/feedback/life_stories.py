"""Cases brought to each state by the actions that people and the worker take, never by writing rows."""

import uuid
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from feedback.actions import desk, merging, post, questions, sender
from feedback.actions.register import register_case
from feedback.choices import OUTCOMES, Kind, LetterKind, Status
from feedback.life import MOVES, PORTAL, SENDER
from feedback.models import Body, Case
from samokov_portal.history import save_with_history
from samokov_portal.office.choices import Channel
from services.models import Unit
from tests.factories import at

RECEIVED_AT = at("2026-03-02", "10:00")  # Monday; a signal is due on Monday 04.05.2026
REASON = "Необходима е проверка на място."
ANSWER = "Лампите са подменени."
NAMELESS = {"name": "", "email": ""}
MEANT_FOR = {
    "feedback.assign_case": "clerk",
    "feedback.answer_case": "clerk",
    "feedback.forward_case": "clerk",
    "feedback.extend_case": "mayor",
    "feedback.merge_case": "clerk",
}


def filed(kind: str = Kind.SIGNAL, *, received_at: datetime = RECEIVED_AT, **facts: Any) -> Case:
    """A case as it is when it was just registered, by the portal unless `facts` say how else it came."""
    values = {
        "kind": kind,
        "channel": Channel.WEB,
        "subject": "Не свети лампа",
        "text": "От седмица не светят лампите по улицата.",
        "name": "Мария Стоянова",
        "email": "maria@example.bg",
        **facts,
    }
    nonce = uuid.uuid4().hex
    return register_case(nonce=nonce, values=values, received_at=received_at, registered_at=received_at).case


def body(name: str = "Областно пътно управление – София", **facts: str) -> Body:
    """A body to which cases are forwarded."""
    return Body.objects.get_or_create(name=name, defaults=facts)[0]


def letters_leave(case: Case, kind: str, now: datetime) -> None:
    """What the worker does with the letters of `kind` that wait: all of them go out."""
    with transaction.atomic():
        for letter in case.letters.select_for_update(of=("self",)).filter(kind=kind).unsent().in_order():
            post.letter_has_left(letter, now=now, by=None)


def unit() -> Unit:
    """Where the expert of the tests works."""
    return Unit.objects.get(code="hdettos")


def _forwarded(case: Case, now: datetime) -> None:
    letters_leave(case, LetterKind.FORWARDING, now)


def _notified(case: Case, now: datetime) -> None:
    letters_leave(case, LetterKind.DECIDED, now)


def _tied(case: Case) -> Case:
    """The case tied to another without a word, where it may be."""
    row = Case.objects.get(pk=case.pk)
    if row.status in MOVES["separate"].begins and row.duplicate_of_id is None:
        row.duplicate_of = filed()
        save_with_history(row, by=None, why="за теста", fields=["duplicate_of"])
    return row


# How each move is carried out with values that are good; `case` decides what fits its kind.
GOOD: dict[str, Callable[[Case], dict[str, Any]]] = {
    "assign": lambda case: {"unit": unit()},
    "requalify": lambda case: {"kind": Kind.PROPOSAL if case.kind != Kind.PROPOSAL else Kind.SIGNAL, "reason": REASON},
    "ask": lambda case: {"question": "На кой стълб?"},
    "record_reply": lambda case: {"text": "На третия."},
    "lapse": lambda case: {},
    "forward": lambda case: {"bodies": [body()], "reason": REASON},
    "extend": lambda case: {"ground": "signal", "due_on": date(2026, 6, 1), "reason": REASON},
    "end": lambda case: {"ground": "repeated", "reason": REASON},
    "answer": lambda case: {"outcome": OUTCOMES[case.kind][0], "answer": ANSWER},
    "notify": lambda case: {"how": "лично на гише"},
    "close": lambda case: {},
    "record_withdrawal": lambda case: {"how": "с писмо вх. № 12"},
    "merge": lambda case: {"main": filed(), "reason": REASON},
    "separate": lambda case: {"reason": REASON} if _tied(case) else {},
    "reply": lambda case: {"text": "На третия."},
    "add": lambda case: {"text": "Стълбът е № 3."},
    "withdraw": lambda case: {"reason": ""},
    "rate": lambda case: {"score": 2, "comment": "Още не свети."},
    "reopen": lambda case: {"reason": "Още не свети."},
    "expire": lambda case: {},
}
ACTIONS: dict[str, Callable[..., Any]] = {
    "assign": desk.assign_case,
    "requalify": desk.requalify_case,
    "ask": questions.ask_sender,
    "record_reply": questions.record_reply,
    "lapse": questions.lapse_question,
    "forward": desk.forward_case,
    "extend": desk.extend_case,
    "end": desk.end_case,
    "answer": desk.answer_case,
    "notify": desk.notify_case,
    "close": desk.close_case,
    "record_withdrawal": desk.record_withdrawal,
    "merge": merging.merge_case,
    "separate": merging.separate_case,
    "reply": sender.reply,
    "add": sender.add_information,
    "withdraw": sender.withdraw_case,
    "rate": sender.rate_answer,
    "reopen": sender.reopen_case,
    "expire": post.expire_case,
}
# Carried out by the worker when a letter goes out.
BY_LETTER: dict[str, Callable[[Case, datetime], None]] = {"forwarded": _forwarded, "notified": _notified}


def take(name: str, case: Case, *, now: datetime, by: Any = None, **values: Any) -> Case:
    """Make the move `name` with values that are good unless given; `by` is needed only where officials make it."""
    if name in BY_LETTER:
        BY_LETTER[name](case, now)
    else:
        acting = {} if MOVES[name].by in (SENDER, PORTAL) else {"by": by}
        ACTIONS[name](case_id=case.pk, now=now, **acting, **{**GOOD[name](case), **values})
    return Case.objects.get(pk=case.pk)


def who_may(name: str, staff: dict[str, Any]) -> Any:
    """An official who may make the move with the values of GOOD; None where officials do not."""
    return staff["mayor"] if name == "extend" else staff.get(MEANT_FOR.get(MOVES[name].by, ""))


# The moves that lead from registration to each state.
WAY: dict[str, tuple[str, ...]] = {
    Status.REGISTERED: (),
    Status.ASSIGNED: ("assign",),
    Status.CLARIFICATION: ("assign", "ask"),
    Status.FORWARDING: ("assign", "forward"),
    Status.FORWARDED: ("assign", "forward", "forwarded"),
    Status.DECIDED: ("assign", "answer"),
    Status.NOTIFIED: ("assign", "answer", "notified"),
    Status.CLOSED: ("assign", "answer", "notified", "close"),
    Status.REOPENED: ("assign", "answer", "notified", "reopen"),
    Status.NO_PROCEEDINGS: ("assign", "end"),
    Status.WITHDRAWN: ("assign", "withdraw"),
}


def walk(case: Case, moves: tuple[str, ...], staff: dict[str, Any], *, start: datetime | None = None) -> Case:
    """Make the moves one after another, a day apart, the first one at `start` (None: a day after receipt)."""
    first = start or case.received_at + timedelta(days=1)
    for later, name in enumerate(moves):
        case = take(name, case, now=first + timedelta(days=later), by=who_may(name, staff))
    return case


def brought_to(status: str, staff: dict[str, Any], case: Case | None = None) -> Case:
    """A case (a signal unless given) that has come to `status` in the days after its receipt."""
    return walk(case or filed(), WAY[status], staff)
