"""Made-up cases of citizens, for the demonstration: they come, are answered in time or late, forwarded, extended."""

import json
import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone

from feedback.access import access_code, access_digest
from feedback.choices import (
    NOTIFIED_KINDS,
    REGISTER_LETTERS,
    EndReason,
    EventKind,
    Kind,
    LetterKind,
    LetterState,
    Means,
    Outcome,
    Status,
)
from feedback.clock import longest_term, promised_term
from feedback.models import Case, CaseEvent, Letter
from samokov_portal.legal.grounds import ENDS
from samokov_portal.legal.terms import TERMS, deadline
from samokov_portal.legal.workdays import this_or_next_workday
from samokov_portal.office.choices import Channel
from samokov_portal.office.models import next_number
from samokov_portal.office.numbers import write_number
from samokov_portal.office.samples import BATCH, WHY, Chance, Life, Step, lives_until, store_lives
from services.models import Settlement, Unit

TEXTS = Path(__file__).parents[1] / "data" / "sample_texts.json"
KINDS = (Kind.SIGNAL, Kind.ENQUIRY, Kind.PROPOSAL, Kind.INFORMATION, Kind.PRAISE, Kind.COMPLAINT)
KIND_WEIGHTS = (56, 20, 9, 6, 6, 3)
CHANNELS = (Channel.WEB, Channel.COUNTER, Channel.PHONE, Channel.EMAIL, Channel.POST)
CHANNEL_WEIGHTS = (45, 25, 14, 10, 6)
LATE = {Kind.SIGNAL: 0.07, Kind.PROPOSAL: 0.03, Kind.ENQUIRY: 0.11, Kind.INFORMATION: 0.05, Kind.COMPLAINT: 0.04}
FORGOTTEN, EXTENDED, FORWARDED_LATE, TOLD_LATE = 0.01, 0.04, 0.09, 0.05
REGISTERED_LATE = 0.03
NOT_ACKNOWLEDGED, EXTENSION_TOLD_LATE = 0.04, 0.1
WITHDRAWN, TOO_OLD = 0.02, 0.025
WITHDRAWAL = "Въпросът вече е решен."
TOO_OLD_REASON = "По думите на подателя това е станало преди повече от две години."
EXTENSION_REASON = "Необходима е проверка на място и становище на друг орган."


@cache
def texts() -> dict[str, Any]:
    """The texts, names and streets from which cases are put together."""
    return json.loads(TEXTS.read_text(encoding="utf-8"))


def names() -> list[str]:
    """Invented names of people, women first."""
    people = texts()["names"]["female"] + texts()["names"]["male"]
    return [f"{person['first']} {person['middle']} {person['last']}" for person in people]


@dataclass(frozen=True)
class Town:
    """Where the cases come from and who works on them."""

    settlements: list[Settlement]
    weights: list[int]
    units: dict[str, Unit]

    @classmethod
    def load(cls) -> "Town":
        settlements = list(Settlement.objects.in_order())
        weights = [60, *[2] * (len(settlements) - 1)]
        return cls(settlements, weights, {unit.code: unit for unit in Unit.objects.all()})


def make_cases(chance: Chance, *, days: list[date], until: datetime) -> tuple[int, str, str]:
    """One case on each of `days`, lived as far as `until`.

    Returns how many were made, and the number and access code of the newest one, to try following with.
    """
    town = Town.load()
    lives = sorted(lives_until(until, days, lambda day: _life(chance, town, day)), key=_order)
    _number(lives)
    code = access_code(f"sample {lives[-1].start['number']}")
    lives[-1].start["access_digest"] = access_digest(code)
    cases = store_lives(Case, lives, by=None)
    _store_letters(chance, _store_events(cases, lives), until)
    return len(cases), cases[-1].number, code


def _order(life: Life) -> tuple[datetime, str]:
    return life.registered_at, life.start["text"]


def _life(chance: Chance, town: Town, day: date) -> Life:
    kind = chance.one_of(KINDS, KIND_WEIGHTS)
    channel = chance.one_of(CHANNELS, CHANNEL_WEIGHTS)
    received_at = chance.at_any_hour(day) if channel in (Channel.WEB, Channel.EMAIL) else chance.at_work(day)
    registered_at = received_at
    if channel != Channel.WEB and chance.happens(REGISTERED_LATE):
        registered_at = chance.at_work(received_at.date() + timedelta(days=1))
    text, start = _matter(chance, town, kind, received_at)
    start |= {
        "channel": channel,
        "waited_minutes": chance.waited_minutes() if channel == Channel.COUNTER else None,
        "received_at": received_at,
        "registered_at": registered_at,
        "access_digest": "",
        "is_sample": True,
    }
    start |= _promise(chance, kind, timezone.localtime(received_at).date())
    return Life(start, registered_at, _steps(chance, town, text, start))


def _matter(chance: Chance, town: Town, kind: Kind, at: datetime) -> tuple[dict[str, Any], dict[str, Any]]:
    """A text that fits the season and the place, and the fields of Case that say what it is about and from whom."""
    settlement = chance.one_of(town.settlements, town.weights)
    fitting = [
        text
        for text in texts()[kind]
        if at.month in text.get("months", [at.month]) and text.get("not_in") != settlement.kind
    ]
    text = chance.one_of(fitting)
    street = chance.one_of(texts()["streets"])
    person = chance.one_of(texts()["names"][text.get("gender") or chance.one_of(["female", "male"])])
    return text, {
        "kind": kind,
        "citizen_kind": kind,
        "subject": text["subject"],
        "text": text["text"].format(settlement=settlement, street=street),
        "place": street if "{street}" in text["text"] else "",
        "settlement": settlement,
        "name": f"{person['first']} {person['middle']} {person['last']}",
        "address": f"{settlement}, {street} № {chance.random.randint(1, 60)}",
    }


def _promise(chance: Chance, kind: Kind, received_on: date) -> dict[str, Any]:
    promise: dict[str, Any] = {"forward_due_on": deadline(TERMS["forward"], received_on, chance.calendar).due_on}
    term = promised_term(kind)
    if term is not None:
        due_on = deadline(term, received_on, chance.calendar).due_on
        promise |= {"term_code": term.code, "term_version": term.version, "first_due_on": due_on, "due_on": due_on}
        promise["next_on"] = due_on
    return promise


def _steps(chance: Chance, town: Town, text: dict[str, Any], start: dict[str, Any]) -> list[Step]:
    """What happens to the case until it is closed."""
    unit = town.units[text["unit"]]
    came_on = timezone.localtime(start["registered_at"]).date()
    assigned_at = max(
        chance.at_work(came_on + timedelta(days=chance.random.randint(0, 2))),
        start["registered_at"] + timedelta(minutes=5),
    )
    changes = {"unit": unit, "status": Status.ASSIGNED}
    steps = [Step(assigned_at, f"възложена на {unit}", changes, EventKind.ASSIGNED, str(unit))]
    if "forward_to" in text and chance.happens(0.6):
        return [*steps, _forwarding(chance, text, start, assigned_at)]
    if start["kind"] != Kind.PRAISE and chance.happens(WITHDRAWN):
        return [*steps, _withdrawal(chance, assigned_at)]
    if start["kind"] == Kind.SIGNAL and chance.happens(TOO_OLD):
        return [*steps, _no_proceedings(chance, assigned_at)]
    due_on = start.get("due_on") or came_on + timedelta(days=30)
    if start["kind"] in (Kind.SIGNAL, Kind.PROPOSAL) and chance.happens(EXTENDED):
        extension = _extension(chance, start)
        steps.append(extension)
        due_on = extension.changes["due_on"]
    return [*steps, *_ending(chance, text, start, steps[-1].at, due_on)]


def _forwarding(chance: Chance, text: dict[str, Any], start: dict[str, Any], after: datetime) -> Step:
    if chance.happens(FORWARDED_LATE):
        day = start["forward_due_on"] + timedelta(days=chance.random.randint(1, 9))
    else:
        day = chance.part_way(timezone.localtime(after).date(), start["forward_due_on"], mean=0.5)
    at = max(chance.at_work(day), after + timedelta(minutes=30))
    changes = {
        "forwarded_to": text["forward_to"],
        "forwarded_at": at,
        "status": Status.FORWARDED,
        "next_on": None,
    }
    note = f"{text['forward_to']}. {text['forward_reason']}"
    return Step(at, text["forward_reason"], changes, EventKind.FORWARDED, note)


def _withdrawal(chance: Chance, after: datetime) -> Step:
    at = max(chance.at_work(after.date() + timedelta(days=chance.random.randint(1, 6))), after + timedelta(minutes=30))
    changes = {"ended_at": at, "status": Status.WITHDRAWN, "next_on": None}
    return Step(at, WITHDRAWAL, changes, EventKind.WITHDRAWN, WITHDRAWAL)


def _no_proceedings(chance: Chance, after: datetime) -> Step:
    at = max(chance.at_work(after.date() + timedelta(days=chance.random.randint(1, 6))), after + timedelta(minutes=30))
    ground = ENDS[EndReason.TOO_OLD]
    changes = {
        "ended_at": at,
        "end_reason": EndReason.TOO_OLD,
        "status": Status.NO_PROCEEDINGS,
        "next_on": None,
    }
    note = f"{EndReason.TOO_OLD.label} ({ground.source}). {TOO_OLD_REASON}"
    return Step(at, TOO_OLD_REASON, changes, EventKind.ENDED, note)


def _extension(chance: Chance, start: dict[str, Any]) -> Step:
    """The superior body extends the term in its last fortnight, as far as the law lets it for signals."""
    at = chance.at_work(start["first_due_on"] - timedelta(days=chance.random.randint(6, 14)))
    received_on = timezone.localtime(start["received_at"]).date()
    term = longest_term(start["term_code"])
    assert term is not None
    longest = deadline(term, received_on, chance.calendar).due_on
    due_on = min(longest, this_or_next_workday(start["first_due_on"] + timedelta(days=30), chance.calendar))
    note = f"Нов срок: {due_on:%d.%m.%Y} г. {EXTENSION_REASON}"
    changes = {"due_on": due_on, "next_on": due_on, "extended_at": at, "due_moved_at": at}
    return Step(at, EXTENSION_REASON, changes, EventKind.EXTENDED, note)


def _ending(chance: Chance, text: dict[str, Any], start: dict[str, Any], after: datetime, due_on: date) -> list[Step]:
    """The decision, in time or late, and the notice of it."""
    if chance.happens(FORGOTTEN):
        day = due_on + timedelta(days=chance.random.randint(60, 240))
    elif chance.happens(LATE.get(start["kind"], 0)):
        day = due_on + timedelta(days=chance.random.randint(1, 35))
    else:
        day = chance.part_way(min(timezone.localtime(after).date(), due_on), due_on, mean=0.55)
    decided_at = max(chance.at_work(day), after + timedelta(minutes=30))
    decided_on = timezone.localtime(decided_at).date()
    answer = chance.one_of(text["answers"])
    notify_due_on = deadline(TERMS["notify"], decided_on, chance.calendar).due_on
    decision = {
        "decided_at": decided_at,
        "outcome": Outcome(answer["outcome"]),
        "answer": answer["text"],
        "notify_due_on": notify_due_on if start["kind"] in NOTIFIED_KINDS else None,
        "next_on": notify_due_on if start["kind"] in NOTIFIED_KINDS else None,
        "status": Status.DECIDED,
    }
    if chance.happens(TOLD_LATE):
        told_on = notify_due_on + timedelta(days=chance.random.randint(1, 10))
    else:
        told_on = chance.part_way(decided_on, notify_due_on, mean=0.35)
    told_at = max(chance.at_work(told_on), decided_at + timedelta(minutes=20))
    how = chance.one_of(["с писмо по пощата", "по телефона", "лично на гише"])
    told = {"notified_at": told_at, "status": Status.NOTIFIED, "next_on": None}
    closed_at = told_at + timedelta(days=settings.REOPEN_DAYS)
    closed = {"closed_at": closed_at, "status": Status.CLOSED}
    return [
        Step(decided_at, "дадено решение", decision, EventKind.DECIDED),
        Step(told_at, how, told, EventKind.NOTIFIED, how),
        Step(closed_at, "изтече времето", closed, EventKind.CLOSED),
    ]


def _number(lives: list[Life]) -> None:
    """Give the numbers in the order of registration, each kind and year from its own counter."""
    registers: dict[tuple[str, int], list[dict[str, Any]]] = {}
    for life in lives:
        year = timezone.localtime(life.registered_at).year
        registers.setdefault((REGISTER_LETTERS[life.start["kind"]], year), []).append(life.start)
    for (letter, year), rows in sorted(registers.items()):
        first = next_number(letter, date(year, 1, 1), count=len(rows))
        for serial, row in enumerate(rows, start=first):
            row["number"] = write_number(letter, year, serial)


def _store_events(cases: list[Case], lives: list[Life]) -> list[CaseEvent]:
    """The events that whoever follows a case reads, one for the registration and one for each step."""
    events = []
    for case, life in zip(cases, lives, strict=True):
        term = {name: life.start.get(name, "") for name in ("term_code", "term_version")}
        events.append(CaseEvent(case=case, kind=EventKind.REGISTERED, at=life.registered_at, **term))
        events += [_event(case, step) for step in life.steps]
    return CaseEvent.objects.bulk_create(events, batch_size=BATCH)


def _store_letters(chance: Chance, events: list[CaseEvent], until: datetime) -> None:
    """The letters by which promises are measured: the number sent back to who wrote an e-mail, and extended terms."""
    letters = []
    for event in events:
        letter = _letter(chance, event)
        if letter is not None and letter.sent_at is not None and letter.sent_at <= until:
            letters.append(letter)
    Letter.objects.bulk_create(letters, batch_size=BATCH)
    past = Letter.history.model
    fields = [field.attname for field in past.tracked_fields]
    past.objects.bulk_create(
        [
            past(
                **{name: getattr(letter, name) for name in fields},
                history_date=letter.sent_at,
                history_type="+",
                history_change_reason=WHY,
            )
            for letter in letters
        ],
        batch_size=BATCH,
    )


def _letter(chance: Chance, event: CaseEvent) -> Letter | None:
    case = event.case
    by_mail = event.kind == EventKind.REGISTERED and case.channel == Channel.EMAIL
    if by_mail and not chance.happens(NOT_ACKNOWLEDGED):
        kind, sent_at = LetterKind.RECEIVED, event.at + timedelta(minutes=chance.random.randint(1, 90))
    elif event.kind == EventKind.EXTENDED:
        days = chance.random.randint(20, 40) if chance.happens(EXTENSION_TOLD_LATE) else chance.random.randint(0, 4)
        kind = LetterKind.EXTENDED
        sent_at = max(chance.at_work(timezone.localtime(event.at).date() + timedelta(days=days)), event.at)
    else:
        return None
    return Letter(
        case=case,
        event=event,
        kind=kind,
        means=Means.PAPER,
        recipient=case.name,
        address=case.address,
        subject=str(kind.label),
        text=event.note or case.number,
        # Said, not drawn from chance by the model's own default: the same seed makes the same rows.
        key=uuid.UUID(int=chance.random.getrandbits(128), version=4),
        created_at=event.at,
        state=LetterState.SENT,
        sent_at=sent_at,
    )


def _event(case: Case, step: Step) -> CaseEvent:
    event = CaseEvent(case=case, kind=step.event, at=step.at, note=step.note)
    if step.event == EventKind.EXTENDED:
        event.ground = str(case.kind)
        event.until = event.due_on = step.changes["due_on"]
    return event
