"""What becomes of tied cases when the main one changes, ends or is tied itself."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection

from feedback.actions import sender
from feedback.actions.erasing import erase_case
from feedback.choices import LetterKind, Status
from feedback.models import Case
from services.models import Unit
from tests.factories import at
from tests.feedback.life_stories import brought_to, filed, letters_leave, take, who_may
from tests.feedback.tying import LATER, SIGNAL_OF_05, fresh, tied

pytestmark = pytest.mark.django_db


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
