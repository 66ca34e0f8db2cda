"""Seals say of every event of a case whether it is as it was."""

import pytest

from feedback.choices import EventKind
from feedback.models import CaseEvent
from samokov_portal.audit.checking import Finding
from tests.audit.sealing import by_force, seal, wrong
from tests.factories import CaseFactory

pytestmark = pytest.mark.django_db
EVENTS = "feedback_caseevent"
EVENT_DAMAGES = {
    "changed": ("UPDATE {table} SET due_on = '2030-01-01' WHERE id = {key}", "changed"),
    "told otherwise": ("UPDATE {table} SET note = 'друго' WHERE id = {key}", "changed"),
    "dated back": ("UPDATE {table} SET at = at - interval '1 day' WHERE id = {key}", "changed"),
    "removed": ("DELETE FROM {table} WHERE id = {key}", "removed"),
    "the tail cut": ("DELETE FROM {table} WHERE id >= {key}", "removed"),
    "moved to a later seal": ("UPDATE {table} SET history_seal = history_seal + 1 WHERE id = {key}", "moved"),
}


@pytest.mark.parametrize("damage", EVENT_DAMAGES)
def test_what_was_done_to_an_event_with_the_guards_off_is_located(damage: str) -> None:
    case = CaseFactory()
    keys = [CaseEvent.objects.create(case=case, kind=EventKind.REGISTERED, at=case.registered_at).pk for _ in range(4)]
    seal()
    assert wrong() == []
    statement, what = EVENT_DAMAGES[damage]

    by_force(statement.format(table=EVENTS, key=keys[2]), table=EVENTS)

    assert wrong() == [Finding(what, 1, EVENTS, keys[2])]


def test_an_erased_event_breaks_no_seal() -> None:
    case = CaseFactory()
    event = CaseEvent.objects.create(case=case, kind=EventKind.REGISTERED, at=case.registered_at, note="за вас")
    seal()
    digest = "sha256(history_salt || convert_to(ROW(note)::text, 'UTF8'))"

    by_force(f"UPDATE {EVENTS} SET history_erased = {digest}, history_salt = NULL, note = ''", table=EVENTS)

    # The seal holds; that nobody recorded the erasure is said apart.
    assert wrong() == [Finding("unrecorded", None, EVENTS, event.pk)]
    by_force(f"UPDATE {EVENTS} SET kind = 'closed'", table=EVENTS)
    assert wrong()[0] == Finding("changed", 1, EVENTS, event.pk)


def test_an_event_cannot_say_itself_what_seals_it() -> None:
    case = CaseFactory()
    forged = {"history_seal": 9_000_000, "history_salt": b"0" * 16, "history_erased": b"0" * 32}

    event = CaseEvent.objects.create(case=case, kind=EventKind.REGISTERED, at=case.registered_at, **forged)

    event.refresh_from_db()
    assert event.history_seal < 9_000_000
    assert (len(event.history_salt), event.history_erased) == (16, None)
    assert bytes(event.history_salt) != b"0" * 16
