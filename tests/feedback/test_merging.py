"""Cases about the same: tied to a main one, answered with it, separated; and what becomes of them when it changes."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from feedback.actions import desk, merging, sender
from feedback.actions.bulk import merge_cases
from feedback.actions.erasing import erase_case
from feedback.actions.refusals import (
    ChangedMeanwhile,
    IsTied,
    NamesSender,
    NeedsName,
    NotPossible,
    PersonComplainedOf,
    Refused,
    WrongMain,
)
from feedback.choices import Kind, LetterKind, Status
from feedback.models import Case
from samokov_portal.history import save_with_history
from samokov_portal.office.choices import Channel
from services.models import Unit
from tests.factories import at
from tests.feedback.life_stories import (
    ANSWER,
    NAMELESS,
    REASON,
    brought_to,
    filed,
    letters_leave,
    take,
    unit,
    walk,
    who_may,
)

pytestmark = pytest.mark.django_db
TIED_AT, LATER = at("2026-03-10"), at("2026-03-20")
WHY = "за една и съща лампа"


def tied(main: Case, staff: Any, *, received_at: datetime | None = None, kind: str = Kind.SIGNAL) -> Case:
    """A case of another sender that was tied to `main`, ten days after the main one came."""
    facts = {"name": "Петър Илиев", "email": "petar@example.bg"}
    case = filed(kind, received_at=received_at or main.received_at + timedelta(days=3), **facts)
    return take("merge", case, now=TIED_AT, by=staff["clerk"], main=main, reason=WHY)


def fresh(*cases: Case) -> list[Case]:
    return [Case.objects.get(pk=case.pk) for case in cases]


def test_a_tied_case_keeps_number_term_and_code_and_goes_to_the_unit_of_the_main_one(staff: Any) -> None:
    main = brought_to(Status.ASSIGNED, staff)
    before = filed(received_at=at("2026-03-05"))

    case = take("merge", before, now=TIED_AT, by=staff["clerk"], main=main, reason=WHY)

    assert (case.duplicate_of, case.unit, case.status) == (main, unit(), Status.ASSIGNED)
    for name in ("number", "due_on", "first_due_on", "received_at", "access_digest", "name", "email", "next_on"):
        assert getattr(case, name) == getattr(before, name)
    newest = case.history.latest()
    assert (newest.history_user, newest.history_change_reason) == (staff["clerk"], f"слята с {main}. {WHY}")
    # What senders read names neither the other number nor the reason.
    assert list(case.events.in_order().values_list("kind", "note"))[-1] == ("merged", "")
    assert list(main.events.in_order().values_list("kind", "note"))[-1] == ("joined", "")
    assert case.letters.exclude(kind=LetterKind.RECEIVED).count() == 0


def test_the_answer_to_the_main_one_is_given_to_each_sender_by_itself(staff: Any) -> None:
    main = brought_to(Status.ASSIGNED, staff)
    case, other = tied(main, staff), filed()

    take("answer", main, now=LATER, by=staff["expert"])

    main, case, other = fresh(main, case, other)
    for one in (main, case):
        assert (one.status, one.outcome, one.answer, one.decided_at) == (Status.DECIDED, "upheld", ANSWER, LATER)
        assert one.notify_due_on == date(2026, 3, 27)
        assert one.events.filter(kind="decided").count() == 1
        assert one.history.latest().history_user == staff["expert"]
    assert case.history.latest().history_change_reason == f"дадено решение заедно с {main}"
    assert other.status == Status.REGISTERED
    letters = {one.number: one.letters.get(kind=LetterKind.DECIDED) for one in (main, case)}
    assert letters[case.number].recipient == "Петър Илиев"
    assert case.number in letters[case.number].text
    assert main.number not in letters[case.number].text
    # Each is told, and may ask for another look, by itself.
    letters_leave(case, LetterKind.DECIDED, LATER)
    assert [one.status for one in fresh(main, case)] == [Status.DECIDED, Status.NOTIFIED]


def test_what_is_left_in_braces_is_said_to_each_sender_of_their_own_case(staff: Any) -> None:
    main = filed(place="ул. „Тайна“ № 5")
    case = tied(main, staff)

    answer = "{name}, по № {number} от {received} за {place} до {due}: {other}"
    take("answer", main, now=LATER, by=staff["clerk"], answer=answer)

    main, case = fresh(main, case)
    assert main.answer == (
        f"Мария Стоянова, по № {main.number} от 02.03.2026 г. за ул. „Тайна“ № 5 до 04.05.2026 г.: {{other}}"
    )
    assert case.answer == (
        f"Петър Илиев, по № {case.number} от 05.03.2026 г. за мястото, за което пишете до 05.05.2026 г.: {{other}}"
    )


PHONED = {"phone": "0888 12-34-56", "address": "гр. Самоков, ул. „Тайна“ № 5"}
NAMING = {
    "last name": "госпожо Стоянова, подменихме лампата",
    "name of a tied one": "както писа и г-н ИЛИЕВ",
    "e-mail": "писахме на maria@example.bg.",
    "telephone": "звъняхме на +359 888 123456",
    "address": "лампата пред Гр. Самоков,  ул. „тайна“ № 5",
}


@pytest.mark.parametrize("said", [*NAMING.values(), "number", "number of a tied one"])
@pytest.mark.parametrize("name", ["answer", "forward", "requalify"])
def test_what_several_senders_read_names_none_of_them(staff: Any, name: str, said: str) -> None:
    main = filed(**PHONED)
    case = tied(main, staff)
    said = {"number": f"По № {main.number}.", "number of a tied one": f"По № {case.number}."}.get(said, said)
    where = "answer" if name == "answer" else "reason"

    with pytest.raises(NamesSender):
        take(name, main, now=LATER, by=staff["clerk"], **{where: said})

    assert [one.status for one in fresh(main, case)] == [Status.REGISTERED] * 2
    take("separate", case, now=LATER, by=staff["clerk"])
    take(name, main, now=LATER, by=staff["clerk"], **{where: said})


def test_what_names_nobody_is_said_to_several_senders(staff: Any) -> None:
    main = filed(**{**PHONED, "address": "гр. Самоков"})
    case = tied(main, staff)

    answer = "На 10.03.2026 г. в гр. Самоков г-н Стоянов от тел. 0722 66888 смени лампа № 88812345."
    take("answer", main, now=LATER, by=staff["clerk"], answer=answer)

    assert [one.answer for one in fresh(main, case)] == [answer] * 2


def test_another_look_is_each_senders_own(staff: Any) -> None:
    main = brought_to(Status.ASSIGNED, staff)
    case = tied(main, staff)
    take("answer", main, now=LATER, by=staff["expert"])
    for one in (main, case):
        letters_leave(one, LetterKind.DECIDED, LATER)

    again = take("reopen", case, now=LATER)
    after = take("answer", again, now=LATER + timedelta(days=1), by=staff["expert"], answer="Проверихме пак.")

    assert (after.status, after.answer, after.reopenings.get().answer) == (Status.DECIDED, ANSWER, "Проверихме пак.")
    main = take("reopen", main, now=LATER)
    take("answer", main, now=LATER + timedelta(days=2), by=staff["expert"], answer="И тук проверихме.")
    assert fresh(case)[0].reopenings.get().answer == "Проверихме пак."


def withdrawn_by_sender(main: Case, staff: Any) -> None:
    sender.withdraw_case(case_id=main.pk, reason="", now=LATER)


def erased(main: Case, staff: Any) -> None:
    take("answer", main, now=LATER, by=staff["expert"])
    letters_leave(main, LetterKind.DECIDED, LATER)
    take("close", main, now=LATER, by=staff["clerk"])
    for letter in main.letters.filter(kind=LetterKind.RECEIVED):
        letters_leave(main, letter.kind, LATER)
    connection.check_constraints()  # what was done to it before is a transaction that ended
    erase_case(case_id=main.pk, why="срокът за пазене изтече", now=LATER)


def by(name: str, **values: Any) -> Callable[[Case, Any], None]:
    def make(main: Case, staff: Any) -> None:
        take(name, main, now=LATER, by=who_may(name, staff), **values)

    return make


MDT = "mdt"
SIGNAL_OF_02, SIGNAL_OF_05 = date(2026, 5, 4), date(2026, 5, 5)
ENQUIRY_OF_05 = date(2026, 3, 16)

# What is done to the main one, and what the tied one is afterwards: tied, its state, its last day, its unit.
FATES: dict[str, tuple[Callable[[Case, Any], None], tuple[bool, str, date, str]]] = {
    "assigned": (
        lambda main, staff: by("assign", unit=Unit.objects.get(code=MDT))(main, staff),
        (True, "assigned", SIGNAL_OF_05, MDT),
    ),
    "asked": (by("ask"), (True, "assigned", SIGNAL_OF_05, "hdettos")),
    "extended": (by("extend"), (True, "assigned", SIGNAL_OF_05, "hdettos")),
    "requalified": (by("requalify", kind="enquiry"), (True, "assigned", ENQUIRY_OF_05, "hdettos")),
    "requalified apart": (by("requalify", kind="complaint"), (False, "assigned", SIGNAL_OF_05, "hdettos")),
    "forwarded": (by("forward"), (True, "forwarding", SIGNAL_OF_05, "hdettos")),
    "ended": (by("end"), (False, "assigned", SIGNAL_OF_05, "hdettos")),
    "withdrawn": (withdrawn_by_sender, (False, "assigned", SIGNAL_OF_05, "hdettos")),
    "answered": (by("answer"), (True, "decided", SIGNAL_OF_05, "hdettos")),
    "erased": (erased, (True, "decided", SIGNAL_OF_05, "hdettos")),
}


@pytest.mark.parametrize("fate", FATES)
def test_what_becomes_of_the_tied_ones_when_the_main_one_changes(staff: Any, fate: str) -> None:
    main = brought_to(Status.ASSIGNED, staff)
    case = tied(main, staff)
    happens, expected = FATES[fate]

    happens(main, staff)

    case = fresh(case)[0]
    assert (case.awaits_main or case.duplicate_of == main, case.status, case.due_on, case.unit.code) == expected
    assert (case.name, case.text[:2]) == ("Петър Илиев", "От")


def test_a_forwarded_main_one_takes_the_tied_ones_along_each_with_its_own_letters(staff: Any) -> None:
    main = brought_to(Status.ASSIGNED, staff)
    case = tied(main, staff)

    take("forward", main, now=LATER, by=staff["expert"])
    letters_leave(case, LetterKind.FORWARDING, LATER)

    main, case = fresh(main, case)
    assert (main.status, case.status) == (Status.FORWARDING, Status.FORWARDED)
    assert case.letters.filter(kind=LetterKind.FORWARDED).get().recipient == "Петър Илиев"


def test_of_several_the_one_that_came_first_becomes_the_main_one(staff: Any) -> None:
    main = brought_to(Status.ASSIGNED, staff)
    second, first = tied(main, staff, received_at=at("2026-03-06")), tied(main, staff, received_at=at("2026-03-04"))

    by("end")(main, staff)

    first, second = fresh(first, second)
    assert (first.duplicate_of, second.duplicate_of) == (None, first)
    assert [one.events.in_order().last().kind for one in (first, second)] == ["joined", "merged"]


def test_a_main_one_that_is_tied_itself_takes_its_own_along(staff: Any) -> None:
    old, new = filed(), filed()
    case = tied(old, staff)

    take("merge", old, now=LATER, by=staff["clerk"], main=new)
    # Whoever names one that is tied means the one it is tied to.
    another = take("merge", filed(), now=LATER, by=staff["clerk"], main=old)

    assert [one.duplicate_of for one in fresh(old, case, another, new)] == [new, new, new, None]


def test_who_withdraws_is_tied_no_more_and_the_main_one_may_still_be_tied(staff: Any) -> None:
    main = filed()
    case = take("withdraw", tied(main, staff), now=LATER)

    take("merge", main, now=LATER, by=staff["clerk"])

    assert (case.status, case.duplicate_of) == (Status.WITHDRAWN, None)


def test_separated_with_a_reason_it_is_answered_by_itself(staff: Any) -> None:
    main = brought_to(Status.ASSIGNED, staff)
    case = tied(main, staff)

    case = take("separate", case, now=LATER, by=staff["clerk"], reason="друга лампа")
    take("answer", main, now=LATER, by=staff["expert"])

    case = fresh(case)[0]
    assert (case.duplicate_of, case.status, case.due_on) == (None, Status.ASSIGNED, SIGNAL_OF_05)
    assert case.history.latest().history_change_reason == f"отделена от {main}. друга лампа"
    assert take("answer", case, now=LATER, by=staff["expert"], answer="Друга е.").answer == "Друга е."


def test_what_was_answered_together_is_not_separated(staff: Any) -> None:
    main = brought_to(Status.ASSIGNED, staff)
    case = tied(main, staff)
    take("answer", main, now=LATER, by=staff["expert"])

    with pytest.raises(NotPossible):
        take("separate", case, now=LATER, by=staff["clerk"])
    with pytest.raises(NotPossible):
        merging.separate_case(case_id=filed().pk, reason=REASON, by=staff["clerk"], now=LATER)


@pytest.mark.parametrize("name", ["assign", "requalify", "ask", "forward", "end", "answer", "merge"])
def test_what_is_done_to_the_main_one_is_refused_on_a_tied_one(staff: Any, name: str) -> None:
    case = tied(brought_to(Status.ASSIGNED, staff), staff)

    with pytest.raises(IsTied):
        take(name, case, now=LATER, by=who_may(name, staff))


@pytest.mark.parametrize("name", ["extend", "add", "withdraw", "record_withdrawal"])
def test_what_is_of_its_own_sender_or_term_is_done_to_a_tied_one(staff: Any, name: str) -> None:
    case = tied(brought_to(Status.ASSIGNED, staff), staff)

    after = take(name, case, now=LATER, by=who_may(name, staff))

    assert after.events.in_order().last().kind in {"extended", "added", "withdrawn"}


def answered(staff: Any) -> Case:
    return brought_to(Status.DECIDED, staff)


REFUSED: dict[str, tuple[Callable[[Any], Case], Callable[[Any], Case], type[Refused]]] = {
    "another kind": (lambda staff: filed(), lambda staff: filed("proposal"), WrongMain),
    "answered before": (lambda staff: filed(), answered, WrongMain),
    "forwarded": (lambda staff: filed(), lambda staff: brought_to(Status.FORWARDING, staff), WrongMain),
    "a complaint": (lambda staff: filed("complaint"), lambda staff: filed("complaint"), WrongMain),
    "information": (lambda staff: filed("information"), lambda staff: filed("information"), WrongMain),
    "nobody": (lambda staff: filed(channel=Channel.PHONE, **NAMELESS), lambda staff: filed(), NeedsName),
    "to nobody": (lambda staff: filed(), lambda staff: filed(channel=Channel.PHONE, **NAMELESS), NeedsName),
    "waits for its sender": (lambda staff: walk(filed(), ("ask",), staff), lambda staff: filed(), NotPossible),
}


@pytest.mark.parametrize("why", REFUSED)
def test_what_cannot_be_tied_stays_as_it_was(staff: Any, why: str) -> None:
    one, main, refusal = REFUSED[why][0](staff), REFUSED[why][1](staff), REFUSED[why][2]
    before = one.events.count(), main.events.count()

    with pytest.raises(refusal):
        take("merge", one, now=LATER, by=staff["clerk"], main=main)

    assert (one.events.count(), main.events.count(), fresh(one)[0].duplicate_of) == (*before, None)


def test_a_case_is_not_tied_to_itself_nor_to_one_that_is_tied_to_it(staff: Any) -> None:
    main = filed()
    case = tied(main, staff)

    for other in (main, case):
        with pytest.raises(WrongMain):
            take("merge", main, now=LATER, by=staff["clerk"], main=other)


def test_who_is_complained_of_neither_ties_nor_answers_for_the_tied_one(staff: Any) -> None:
    main, against = brought_to(Status.ASSIGNED, staff), filed()
    desk.assign_case(case_id=against.pk, unit=unit(), complained_of=staff["clerk"], by=staff["secretary"], now=TIED_AT)

    with pytest.raises(PersonComplainedOf):
        take("merge", filed(), now=LATER, by=staff["clerk"], main=against)
    take("merge", against, now=LATER, by=staff["secretary"], main=main)
    for name in ("answer", "forward", "assign", "requalify"):
        with pytest.raises(PersonComplainedOf):
            take(name, main, now=LATER, by=staff["clerk"])
    with pytest.raises(PersonComplainedOf):
        take("merge", main, now=LATER, by=staff["clerk"], main=filed())
    assert take("answer", main, now=LATER, by=staff["expert"]).status == Status.DECIDED


def chain(case: Case, main: Case) -> None:
    case.duplicate_of = main
    with transaction.atomic():
        save_with_history(case, by=None, why="насила", fields=["duplicate_of"])


def test_the_database_itself_refuses_chains_other_kinds_and_itself(staff: Any) -> None:
    main, proposal = filed(), filed("proposal")
    case = tied(main, staff)

    for row, to in ((filed(), case), (main, filed()), (proposal, main), (main, main)):
        with pytest.raises(IntegrityError, match=r"cannot be tied|tied_to_another"):
            chain(row, to)
    with pytest.raises(IntegrityError, match="tied_to_another"):
        chain(filed("complaint"), filed("complaint"))


def test_of_many_each_has_its_own_event_and_history_and_each_refusal_is_said(staff: Any) -> None:
    main, first, changed, proposal = filed(), filed(), filed(), filed("proposal")
    seen = {case.number: case.last_event_id() or 0 for case in (main, first, changed, proposal)}
    changed.events.create(kind="added", at=LATER, note="междувременно")

    outcome = merge_cases(seen=seen, main=main, reason=WHY, by=staff["clerk"], now=LATER)

    assert outcome.done == [first.number]
    refused = {number: type(why) for number, why in outcome.refused.items()}
    assert refused == {changed.number: ChangedMeanwhile, proposal.number: WrongMain}
    first = fresh(first)[0]
    assert (first.duplicate_of, first.history.latest().history_change_reason) == (main, f"слята с {main}. {WHY}")


def test_where_the_main_one_changed_meanwhile_none_is_tied_to_it(staff: Any) -> None:
    main, case = filed(), filed()
    seen = {one.number: one.last_event_id() or 0 for one in (main, case)}
    main.events.create(kind="added", at=LATER, note="друга е")

    outcome = merge_cases(seen=seen, main=main, reason=WHY, by=staff["clerk"], now=LATER)

    assert (outcome.done, type(outcome.refused[case.number])) == ([], ChangedMeanwhile)


def test_who_answers_must_have_seen_whom_the_answer_reaches(staff: Any) -> None:
    main = brought_to(Status.ASSIGNED, staff)
    seen = main.last_event_id()
    tied(main, staff)

    with pytest.raises(ChangedMeanwhile):
        take("answer", main, now=LATER, by=staff["expert"], seen=seen)
