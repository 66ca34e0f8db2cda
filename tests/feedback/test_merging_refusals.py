"""What cannot be tied, or not be done to a tied case, is refused and stays as it was."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from feedback.actions import desk, merging
from feedback.actions.refusals import IsTied, NeedsName, NotPossible, PersonComplainedOf, Refused, WrongMain
from feedback.choices import Status
from feedback.models import Case
from samokov_portal.history import save_with_history
from samokov_portal.office.choices import Channel
from tests.feedback.life_stories import NAMELESS, REASON, brought_to, filed, take, unit, walk, who_may
from tests.feedback.tying import LATER, TIED_AT, fresh, tied

pytestmark = pytest.mark.django_db


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
