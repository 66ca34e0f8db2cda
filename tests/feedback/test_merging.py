"""Cases about the same: tied to a main one, answered with it, separated."""

from datetime import date, timedelta
from typing import Any

import pytest

from feedback.actions.bulk import merge_cases
from feedback.actions.refusals import ChangedMeanwhile, NamesSender, WrongMain
from feedback.choices import LetterKind, Status
from tests.factories import at
from tests.feedback.life_stories import ANSWER, brought_to, filed, letters_leave, take, unit
from tests.feedback.tying import LATER, SIGNAL_OF_05, TIED_AT, WHY, fresh, tied

pytestmark = pytest.mark.django_db


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


def test_separated_with_a_reason_it_is_answered_by_itself(staff: Any) -> None:
    main = brought_to(Status.ASSIGNED, staff)
    case = tied(main, staff)

    case = take("separate", case, now=LATER, by=staff["clerk"], reason="друга лампа")
    take("answer", main, now=LATER, by=staff["expert"])

    case = fresh(case)[0]
    assert (case.duplicate_of, case.status, case.due_on) == (None, Status.ASSIGNED, SIGNAL_OF_05)
    assert case.history.latest().history_change_reason == f"отделена от {main}. друга лампа"
    assert take("answer", case, now=LATER, by=staff["expert"], answer="Друга е.").answer == "Друга е."


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
