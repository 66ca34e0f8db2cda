"""The life of a case against a table written by hand: every move from every state, by everybody, with what is told."""

import threading
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from feedback.actions import desk
from feedback.actions.moves import begin
from feedback.actions.refusals import (
    CannotExtend,
    ChangedMeanwhile,
    NeedsName,
    NeedsReason,
    NotAllowed,
    NotPossible,
    PersonComplainedOf,
    Refused,
    WrongGround,
    WrongOutcome,
)
from feedback.choices import Status
from feedback.life import MOVES, PORTAL, SENDER, moves_from
from feedback.models import Case
from samokov_portal.office.choices import Channel
from tests.feedback.life_stories import ACTIONS, GOOD, NAMELESS, WAY, brought_to, filed, take, unit, walk, who_may

# Of a case of a unit: where each move leads from each state; what is not here is refused.
LEADS: dict[str, dict[str, str]] = {
    "assign": {"registered": "assigned", "assigned": "assigned", "reopened": "reopened"},
    "requalify": {"registered": "registered", "assigned": "assigned"},
    "ask": {"registered": "clarification", "assigned": "clarification"},
    "reply": {"clarification": "assigned"},
    "record_reply": {"clarification": "assigned"},
    "lapse": {"clarification": "assigned"},
    "forward": {"registered": "forwarding", "assigned": "forwarding"},
    "forwarded": {"forwarding": "forwarded"},
    "extend": {"registered": "registered", "assigned": "assigned"},
    "end": {"registered": "no_proceedings", "assigned": "no_proceedings", "clarification": "no_proceedings"},
    "answer": {"registered": "decided", "assigned": "decided", "reopened": "decided"},
    "notified": {"decided": "notified"},
    "notify": {"decided": "notified"},
    "close": {"notified": "closed"},
    "expire": {"notified": "closed"},
    "add": {
        "registered": "registered",
        "assigned": "assigned",
        "clarification": "clarification",
        "reopened": "reopened",
    },
    "withdraw": {"registered": "withdrawn", "assigned": "withdrawn", "clarification": "withdrawn"},
    "record_withdrawal": {"registered": "withdrawn", "assigned": "withdrawn", "clarification": "withdrawn"},
    "rate": {"decided": "decided", "notified": "notified", "closed": "closed"},
    "reopen": {"notified": "reopened", "closed": "reopened"},
    "merge": {"registered": "registered", "assigned": "assigned"},
    "separate": {"registered": "registered", "assigned": "assigned"},
}
ANSWERING = {"clerk", "expert", "secretary"}
# Which roles may make the moves of officials; nobody of them makes those of the sender and of the worker.
MAY: dict[str, set[str]] = {
    "assign": {"clerk", "secretary"},
    "requalify": {"clerk", "secretary"},
    "ask": ANSWERING,
    "record_reply": ANSWERING,
    "lapse": ANSWERING,
    "forward": ANSWERING,
    "extend": {"mayor"},
    "end": ANSWERING,
    "answer": ANSWERING,
    "notify": ANSWERING,
    "close": ANSWERING,
    "record_withdrawal": ANSWERING,
    "merge": {"clerk", "secretary"},
    "separate": {"clerk", "secretary"},
}
TELLS: dict[str, str] = {
    "requalify": "requalified",
    "ask": "question",
    "forwarded": "forwarded",
    "extend": "extended",
    "end": "ended",
    "answer": "decided",
    "withdraw": "withdrawn",
    "record_withdrawal": "withdrawn",
    "reopen": "reopened",
}


def when(name: str, case: Case) -> datetime:
    """A moment at which the move is in time: the worker waits until nobody may ask for another look."""
    return case.received_at + timedelta(days=30 if name == "expire" else 10)


def what_comes_of(name: str, case: Case, staff: dict[str, Any], by: Any = None) -> str:
    """The state to which a move leads, or the name of the refusal; the case is left as it was."""
    with transaction.atomic():
        try:
            after = take(name, case, now=when(name, case), by=by or who_may(name, staff)).status
        except Refused as refusal:
            after = type(refusal).__name__
        transaction.set_rollback(True)
    return after


def begins_at(name: str) -> str:
    return next(iter(LEADS[name]))


def test_the_table_knows_every_move_and_reaches_every_state() -> None:
    assert set(MOVES) == set(LEADS)
    assert set(WAY) == set(Status.values)
    assert {end for ends in LEADS.values() for end in ends.values()} == set(Status.values)


@pytest.mark.django_db
@pytest.mark.parametrize("status", Status.values)
def test_from_each_state_every_move_leads_where_the_table_says_or_is_refused(
    staff: dict[str, Any], status: str
) -> None:
    case = brought_to(status, staff) if status != Status.REGISTERED else walk(filed(), (), staff)
    expected = {name: ends.get(status, "NotPossible") for name, ends in LEADS.items()}
    # Of a letter that leaves when nothing waits for it nothing follows.
    by_letter = {name: LEADS[name].get(status, status) for name in ("forwarded", "notified")}

    found = {name: what_comes_of(name, case, staff) for name in LEADS}

    case.refresh_from_db()
    assert case.status == status
    assert found == {**expected, **by_letter}


@pytest.mark.parametrize("status", Status.values)
@pytest.mark.parametrize("by", [SENDER, PORTAL, "feedback.answer_case", "feedback.extend_case"])
def test_what_is_offered_is_what_the_table_permits(status: str, by: str) -> None:
    offered = moves_from(status, by)

    assert offered == [name for name in MOVES if by in (MOVES[name].by, MOVES[name].also) and status in LEADS[name]]


@pytest.mark.django_db
def test_a_question_to_the_sender_of_a_case_without_a_unit_leads_back_to_registered(staff: dict[str, Any]) -> None:
    case = walk(filed(), ("ask",), staff)

    assert {name: what_comes_of(name, case, staff) for name in ("reply", "record_reply", "lapse")} == {
        "reply": "registered",
        "record_reply": "registered",
        "lapse": "registered",
    }


@pytest.mark.django_db
@pytest.mark.parametrize("name", MAY)
def test_exactly_the_permitted_roles_make_a_move_and_the_others_are_refused(staff: dict[str, Any], name: str) -> None:
    case = brought_to(begins_at(name), staff)

    found = {role: what_comes_of(name, case, staff, by=person) for role, person in staff.items()}

    leads = LEADS[name][begins_at(name)] if name != "assign" else "assigned"
    assert found == {role: leads if role in MAY[name] else "NotAllowed" for role in staff}


@pytest.mark.django_db
def test_the_body_itself_extends_a_term_for_information_and_the_superior_body_does_not(staff: dict[str, Any]) -> None:
    case = brought_to(Status.ASSIGNED, staff, filed("information"))  # due on Monday 16.03
    longer = {"ground": "information-volume", "due_on": date(2026, 3, 20)}
    found = {}

    for role, person in staff.items():
        with transaction.atomic():
            try:
                found[role] = take("extend", case, now=case.received_at, by=person, **longer).due_on
            except NotAllowed:
                found[role] = None
            transaction.set_rollback(True)

    assert found == {role: date(2026, 3, 20) if role in ANSWERING else None for role in staff}


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(set(LEADS) - set(MAY)))
def test_what_is_for_the_sender_or_the_worker_is_refused_to_every_official(staff: dict[str, Any], name: str) -> None:
    case = brought_to(begins_at(name), staff)

    for person in staff.values():
        with pytest.raises(NotAllowed):
            begin(name, case.pk, by=person)


@pytest.mark.django_db
@pytest.mark.parametrize("name", MAY)
def test_what_is_for_officials_is_refused_to_the_sender(staff: dict[str, Any], name: str) -> None:
    case = brought_to(begins_at(name), staff)

    with pytest.raises(NotAllowed):
        begin(name, case.pk, by=None)


@pytest.mark.django_db
@pytest.mark.parametrize("name", MAY)
def test_the_person_complained_of_is_refused_in_every_move(staff: dict[str, Any], name: str) -> None:
    case = brought_to(begins_at(name), staff)
    person = who_may(name, staff)
    desk.assign_case(**assignment(case, person, staff)) if case.status in LEADS["assign"] else name_later(case, person)

    assert what_comes_of(name, case, staff, by=person) == "PersonComplainedOf"
    assert list(Case.objects.seen_by(person)) == []
    with pytest.raises(PersonComplainedOf):
        begin(name, case.pk, by=person)


def assignment(case: Case, person: Any, staff: dict[str, Any]) -> dict[str, Any]:
    now = case.received_at + timedelta(days=5)
    return {"case_id": case.pk, "unit": unit(), "complained_of": person, "by": staff["secretary"], "now": now}


def name_later(case: Case, person: Any) -> None:
    """As if the case had been assigned with the person named, before it came to where it stands."""
    case.complained_of = person
    case.save(update_fields=["complained_of"])


REACHED = {
    "email": {"email": "maria@example.bg"},
    "paper": {"email": "", "address": "гр. Самоков, ул. „Търговска“ 12"},
    "phone": {"email": "", "phone": "0888 123 456"},
}


@pytest.mark.django_db
@pytest.mark.parametrize("means", REACHED)
@pytest.mark.parametrize("name", LEADS)
def test_the_sender_is_told_exactly_what_the_table_says(staff: dict[str, Any], name: str, means: str) -> None:
    case = brought_to(begins_at(name), staff, filed(**REACHED[means]))
    before = set(case.letters.values_list("pk", flat=True))

    take(name, case, now=when(name, case), by=who_may(name, staff))

    written = case.letters.exclude(pk__in=before).filter(body=None)
    expected = [(TELLS[name], means)] if name in TELLS else []
    assert list(written.values_list("kind", "means")) == expected


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["assign", "requalify", "forward", "forwarded", "end", "add", "withdraw"])
def test_nobody_is_written_to_where_nobody_can_be_reached(staff: dict[str, Any], name: str) -> None:
    nameless = filed(channel=Channel.COUNTER, **NAMELESS)
    case = brought_to(begins_at(name), staff, nameless)
    values = {"ground": "anonymous"} if name == "end" else {}

    after = take(name, case, now=when(name, case), by=who_may(name, staff), **values)

    assert after.status == LEADS[name][begins_at(name)]
    assert list(case.letters.filter(body=None)) == []


MISSING = [
    ("requalify", {"reason": " \n"}, NeedsReason),
    ("requalify", {"kind": "signal"}, WrongGround),  # it is one already
    ("ask", {"question": ""}, NeedsReason),
    ("ask", {"ground": "information-unclear"}, WrongGround),  # not of a signal
    ("ask", {"ground": "няма такова"}, WrongGround),
    ("reply", {"text": " "}, NeedsReason),
    ("record_reply", {"text": ""}, NeedsReason),
    ("forward", {"bodies": []}, NeedsReason),
    ("forward", {"reason": "\t"}, NeedsReason),
    ("extend", {"reason": " "}, NeedsReason),
    ("extend", {"ground": ""}, WrongGround),
    ("extend", {"ground": "proposal"}, WrongGround),
    ("extend", {"due_on": date(2026, 6, 3)}, CannotExtend),  # beyond 02.06
    ("end", {"reason": ""}, NeedsReason),
    ("end", {"ground": ""}, WrongGround),
    ("end", {"ground": "late"}, WrongGround),  # of a complaint
    ("end", {"ground": "anonymous"}, WrongGround),  # it is not
    ("answer", {"answer": " "}, NeedsReason),
    ("answer", {"outcome": ""}, WrongOutcome),
    ("answer", {"outcome": "noted"}, WrongOutcome),
    ("notify", {"how": ""}, NeedsReason),
    ("record_withdrawal", {"how": " "}, NeedsReason),
    ("merge", {"reason": " "}, NeedsReason),
    ("separate", {"reason": ""}, NeedsReason),
    ("add", {"text": ""}, NeedsReason),
    ("reopen", {"reason": ""}, NeedsReason),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "values", "refusal"), MISSING)
def test_without_what_must_be_given_nothing_changes(
    staff: dict[str, Any], name: str, values: dict[str, Any], refusal: type[Refused]
) -> None:
    case = brought_to(begins_at(name), staff)
    GOOD[name](case)  # what the move needs first: to be separated, a case must be tied
    before = (case.events.count(), case.letters.count(), case.history.count())

    with pytest.raises(refusal):
        take(name, case, now=when(name, case), by=who_may(name, staff), **values)

    case.refresh_from_db()
    assert case.status == begins_at(name)
    assert (case.events.count(), case.letters.count(), case.history.count()) == before


def test_every_need_of_the_table_has_its_refusal() -> None:
    needed = {(name, need) for name, move in MOVES.items() for need in move.needs}
    # A unit, a kind and a score are chosen from lists, and Python itself asks for them.
    # What the main case may be: test_merging_refusals.
    chosen = {("assign", "unit"), ("rate", "score"), ("merge", "main")}

    assert needed - chosen == {(name, field) for name, values, _refusal in MISSING for field in values} & needed


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["requalify", "ask", "extend", "answer"])
def test_nothing_that_needs_a_sender_is_done_for_nobody(staff: dict[str, Any], name: str) -> None:
    case = brought_to(Status.ASSIGNED, staff, filed(channel=Channel.PHONE, **NAMELESS))
    values = {"kind": "enquiry"} if name == "requalify" else {}

    with pytest.raises(NeedsName):
        take(name, case, now=when(name, case), by=who_may(name, staff), **values)


@pytest.mark.django_db
@pytest.mark.parametrize("name", [name for name in MAY if name in ACTIONS])
def test_a_change_is_refused_to_whoever_has_not_seen_the_last_one(staff: dict[str, Any], name: str) -> None:
    case = brought_to(begins_at(name), staff)
    now, by, seen = when(name, case), who_may(name, staff), case.last_event_id()
    case.events.create(kind="added", at=now, note="междувременно")

    with pytest.raises(ChangedMeanwhile):
        ACTIONS[name](case_id=case.pk, by=by, now=now, seen=seen, **GOOD[name](case))

    case.refresh_from_db()
    assert case.status == begins_at(name)
    assert take(name, case, now=now, by=by, seen=case.last_event_id()).events.count() > 1


@pytest.mark.django_db(transaction=True)
def test_of_two_officials_who_answer_at_once_one_is_refused(staff: dict[str, Any]) -> None:
    case = brought_to(Status.ASSIGNED, staff)
    seen, together, results = case.last_event_id(), threading.Barrier(2), []

    def answer(role: str) -> None:
        try:
            together.wait(timeout=10)
            desk.answer_case(
                case_id=case.pk,
                outcome="upheld",
                answer=f"Отговаря {role}.",
                by=staff[role],
                now=when("answer", case),
                seen=seen,
            )
            results.append("answered")
        except (ChangedMeanwhile, NotPossible) as refusal:
            results.append(type(refusal).__name__)
        finally:
            connection.close()

    threads = [threading.Thread(target=answer, args=[role]) for role in ("clerk", "secretary")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)

    assert sorted(results) == ["ChangedMeanwhile", "answered"]
    assert case.events.filter(kind="decided").count() == case.letters.filter(kind="decided").count() == 1
