"""Made-up applications for services and the visits of their applicants, for the demonstration."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from samokov_portal.legal.clock import Entry, Received, Resumed, Suspended, run
from samokov_portal.legal.terms import TERMS, Deadline, deadline
from samokov_portal.office.choices import Channel
from samokov_portal.office.models import next_number
from samokov_portal.office.numbers import write_number
from samokov_portal.office.samples import BATCH, WHY, Chance, Life, Step, lives_until, store_lives
from services.choices import REGISTER, ApplicationEventKind, ApplicationOutcome, ApplicationStatus, PaidBy, Purpose
from services.clock import DEFECTS, mend_by
from services.models import Application, ApplicationEvent, Service, Visit

LATE, REFUSED, NOT_TAKEN, SILENT = 0.06, 0.02, 0.08, 0.005
TOLD, TOLD_LATER = 0.9, 0.4  # later: of those who were not told at once
CHECKED_NEXT_DAY = 0.15
# Of those with defects: never mended, not wanted any more; the rest are mended.
DEFECTIVE, NOT_MENDED, GIVEN_UP, WITHDRAWN = 0.07, 0.12, 0.06, 0.01
# Of those of the last days, so that some wait for their applicants where the story ends.
LATELY, RECENT = 0.5, timedelta(days=3)
COUNTERS = ("Гише 1", "Гише 2", "Гише 3", "Гише 4")
NO_VISIT, DOCUMENTS, SENT_BACK, BROUGHT = 0.05, 0.02, 0.03, 0.7
# Of a made-up application the fee is made up too; of most nobody wrote it down, as for the real ones until they do.
FEES = (None, None, Decimal("0.00"), Decimal("2.00"), Decimal("5.00"), Decimal("12.50"))
ENDS_AS = {outcome: ApplicationStatus(outcome) for outcome in ApplicationOutcome}
ENDED_BY = {outcome: ApplicationEventKind(outcome) for outcome in ApplicationOutcome}
MISSING = (
    "Липсва копие от документа за собственост.",
    "Заявлението не е подписано.",
    "Не е посочено за кой имот се отнася.",
    "Пълномощното не е приложено.",
)


def make_applications(chance: Chance, *, days: list[date], names: list[str], until: datetime) -> int:
    """One application on each of `days`, lived as far as `until`; returns how many were made."""
    services = list(Service.objects.order_by("pk"))
    # A few services are asked for far more often than the rest.
    weights = [1 / (1 + place) ** 0.5 for place in range(len(services))]
    newest = max(days, default=until.date())

    def live(day: date) -> Life:
        service, name = chance.one_of(services, weights), chance.one_of(names)
        # The newest one surely waits, so that there is one to be seen, however few are made.
        defective = 1.0 if day == newest else LATELY if day > newest - RECENT else DEFECTIVE
        return _life(chance, service, day, name, defective=defective)

    lives = lives_until(until, days, live)
    _number(lives)
    rows = store_lives(Application, lives, by=None)
    ApplicationEvent.objects.bulk_create(
        [event for row, life in zip(rows, lives, strict=True) for event in _events(row, life)], batch_size=BATCH
    )
    visits = [
        visit
        for row, life in zip(rows, lives, strict=True)
        for visit in _visits(chance, row, life, until)
        if visit.registered_at <= until
    ]
    store_lives(Visit, visits, by=None)
    return len(rows)


def _events(row: Application, life: Life) -> list[ApplicationEvent]:
    """What the page of an application lists: one for the receipt and one for each step."""
    received = ApplicationEvent(application=row, kind=ApplicationEventKind.RECEIVED, at=life.registered_at)
    return [received, *(_event(row, step) for step in life.steps)]


def _event(row: Application, step: Step) -> ApplicationEvent:
    event = ApplicationEvent(application=row, kind=step.event, at=step.at, note=step.note)
    if "paused_at" in step.changes:
        event.ground = DEFECTS.code
        event.until = step.changes["mend_due_on"]
        event.due_on = step.changes.get("due_on")
    return event


def _life(chance: Chance, service: Service, day: date, name: str, *, defective: float) -> Life:
    received_at = chance.at_work(day)
    channel = chance.one_of([Channel.COUNTER, Channel.POST, Channel.EMAIL], [90, 6, 4])
    due = deadline(service.term, received_at.date(), chance.calendar)
    is_told = channel == Channel.COUNTER and chance.happens(TOLD)
    fee = chance.one_of(FEES)
    start = {
        "service": service,
        "unit": service.unit,
        "applicant_name": name,
        "channel": channel,
        "waited_minutes": chance.waited_minutes() if channel == Channel.COUNTER else None,
        "received_at": received_at,
        "registered_at": received_at,
        "term_source": due.term.source,
        "term_version": due.term.version,
        "due_on": due.due_on,
        "first_due_on": due.due_on,
        "fee": fee,
        "is_sample": True,
    }
    steps = _course(chance, received_at, due, defective)
    if is_told:
        steps.insert(0, Step(received_at, WHY, {"due_told_at": received_at}, ApplicationEventKind.TOLD))
    else:
        steps = _told_later(chance, received_at, steps)
    return Life(start, received_at, [*_paid(chance, received_at, fee, channel), *steps])


def _paid(chance: Chance, received_at: datetime, fee: Decimal | None, channel: str) -> list[Step]:
    """What is known to be due is paid at the counter at once, and by the others by bank."""
    if not fee:
        return []
    by = chance.one_of([PaidBy.CASH, PaidBy.CARD]) if channel == Channel.COUNTER else PaidBy.BANK
    paid = {"paid": fee, "paid_at": received_at, "paid_by": by}
    return [Step(received_at, WHY, paid, ApplicationEventKind.PAID, f"{fee} €".replace(".", ","))]


def _told_later(chance: Chance, received_at: datetime, steps: list[Step]) -> list[Step]:
    """With the telling of the last day some days after, unless it ended before that, or nobody thought of it."""
    received_on = received_at.date()
    told_at = chance.at_work(chance.between(received_on + timedelta(days=1), received_on + timedelta(days=9)))
    ended_at = next((step.at for step in steps if "completed_at" in step.changes), None)
    if not chance.happens(TOLD_LATER) or (ended_at is not None and told_at >= ended_at):
        return steps
    told = Step(told_at, WHY, {"due_told_at": told_at}, ApplicationEventKind.TOLD)
    return sorted([*steps, told], key=lambda step: step.at)


def _course(chance: Chance, received_at: datetime, due: Deadline, defective: float) -> list[Step]:
    """Checked, now and then with defects, then worked on to some end."""
    if chance.happens(SILENT):
        return []
    checked_at = received_at + timedelta(minutes=chance.random.randint(5, 120))
    next_day = chance.at_work(received_at.date() + timedelta(days=1))
    if next_day.date() <= due.due_on and defective < 1 and chance.happens(CHECKED_NEXT_DAY):
        checked_at = next_day
    if checked_at.date() < due.due_on and chance.happens(defective):
        return _defects(chance, checked_at, due)
    checked = Step(checked_at, WHY, {"status": ApplicationStatus.IN_WORK}, ApplicationEventKind.CHECKED)
    return [checked, *_act(chance, checked_at, due.due_on)]


def _defects(chance: Chance, told_at: datetime, due: Deadline) -> list[Step]:
    """What is missing is told, and mended or not; the term stands still until then."""
    until = mend_by(told_at.date(), chance.calendar)
    standing = {"status": ApplicationStatus.DEFECTS, "paused_at": told_at, "mend_due_on": until}
    told = Step(told_at, WHY, standing, ApplicationEventKind.DEFECTS, chance.one_of(MISSING))
    if chance.happens(NOT_MENDED):
        at = chance.at_work(until + timedelta(days=chance.random.randint(1, 6)))
        why = "Недостатъците не са отстранени в срока за това."
        return [told, _ended(at, ApplicationOutcome.NO_PROCEEDINGS, why, _resumed(chance, told_at, at, due))]
    at = chance.at_work(chance.between(told_at.date() + timedelta(days=1), until))
    moved = _resumed(chance, told_at, at, due)
    if chance.happens(GIVEN_UP):
        return [told, _ended(at, ApplicationOutcome.WITHDRAWN, "Заявено на гише.", moved)]
    mended = {"status": ApplicationStatus.IN_WORK, **moved}
    note = "Донесено е поисканото."
    due_on = moved.get("due_on", due.due_on)
    return [told, Step(at, WHY, mended, ApplicationEventKind.MENDED, note), *_act(chance, at, due_on)]


def _resumed(chance: Chance, told_at: datetime, at: datetime, due: Deadline) -> dict[str, Any]:
    """What changes when the term goes on."""
    term = TERMS["act-default"].as_of_version(due.term.version)
    log: list[Entry] = [
        Received(due.received_on, term),
        Suspended(told_at.date(), DEFECTS),
        Resumed(timezone.localtime(at).date()),
    ]
    due_on = run(log, chance.calendar).due_on
    changes: dict[str, Any] = {"paused_at": None, "mend_due_on": None, "due_on": due_on}
    return changes if due_on == due.due_on else {**changes, "due_moved_at": at}


def _ended(at: datetime, outcome: ApplicationOutcome, note: str, changes: dict[str, Any]) -> Step:
    ended = {**changes, "status": ENDS_AS[outcome], "completed_at": at, "outcome": outcome, "outcome_note": note}
    return Step(at, WHY, ended, ENDED_BY[outcome], note)


def _act(chance: Chance, begun_at: datetime, due_on: date) -> list[Step]:
    begun_on = timezone.localtime(begun_at).date()
    if chance.happens(LATE):
        done_on = due_on + timedelta(days=chance.random.randint(1, 12))
    else:
        done_on = chance.part_way(begun_on, max(begun_on, due_on), mean=0.5)
    completed_at = max(chance.at_work(done_on), begun_at + timedelta(minutes=10))
    if chance.happens(WITHDRAWN):
        return [_ended(completed_at, ApplicationOutcome.WITHDRAWN, "Заявено по телефона.", {})]
    if chance.happens(REFUSED):
        reason = "Не са представени документите, поискани с указанията."
        return [_ended(completed_at, ApplicationOutcome.REFUSED, reason, {})]
    steps = [_ended(completed_at, ApplicationOutcome.READY, "", {})]
    if not chance.happens(NOT_TAKEN):
        taken_at = max(chance.at_work(done_on + timedelta(days=chance.random.randint(0, 9))), completed_at)
        taken = {"status": ApplicationStatus.HANDED_OVER, "handed_over_at": taken_at}
        steps.append(Step(taken_at, WHY, taken, ApplicationEventKind.HANDED_OVER, "на гише"))
    return steps


def _visits(chance: Chance, row: Application, life: Life, until: datetime) -> list[Life]:
    """How often the applicant came to a counter; of some applications nobody recorded it."""
    if row.channel != Channel.COUNTER or chance.happens(NO_VISIT):
        return []
    came_at, counter, other = row.received_at, *chance.random.sample(COUNTERS, 2)
    found = [_visit(row, came_at, counter, Purpose.APPLY)]
    last = row.completed_at or until
    if chance.happens(SENT_BACK):
        sent_at = min(came_at + timedelta(minutes=chance.random.randint(5, 40)), last)
        found.append(_visit(row, sent_at, other, Purpose.SENT_BACK))
    mended_at = next((step.at for step in life.steps if step.event == ApplicationEventKind.MENDED), None)
    if mended_at is not None and chance.happens(BROUGHT):
        found.append(_visit(row, mended_at, counter, Purpose.DOCUMENTS))
    elif chance.happens(DOCUMENTS):
        back_at = chance.at_work(chance.between(came_at.date(), timezone.localtime(last).date()))
        found.append(_visit(row, min(max(back_at, came_at), last), counter, Purpose.DOCUMENTS))
    return found


def _visit(row: Application, at: datetime, counter: str, purpose: Purpose) -> Life:
    start = {"application": row, "at": at, "counter": counter, "purpose": purpose, "recorded_at": at}
    return Life(start, at)


def _number(lives: list[Life]) -> None:
    """Give the numbers of the register in the order of receipt, each year's from its own counter."""
    by_year: dict[int, list[dict[str, Any]]] = {}
    for life in sorted(lives, key=lambda life: life.registered_at):
        by_year.setdefault(timezone.localtime(life.registered_at).year, []).append(life.start)
    for year, rows in by_year.items():
        first = next_number(REGISTER, date(year, 1, 1), count=len(rows))
        for serial, row in enumerate(rows, start=first):
            row["number"] = write_number(REGISTER, year, serial)
