"""The life of an application against a table written by hand: every move from every state, by everybody."""

import re
import threading
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, transaction

from charter.measurement import OF_AN_APPLICATION
from charter.templatetags.standards import COUNTED_FROM
from samokov_portal.office.calendar import calendar_known
from services.actions import ACTIONS
from services.actions.refusals import (
    AlreadyTold,
    ChangedMeanwhile,
    NeedsReason,
    NotPossible,
    Refused,
    StillTime,
    TermIsOver,
    WrongAmount,
)
from services.choices import ApplicationStatus
from services.clock import explain, silent_refusal
from services.forms.moves import FORMS
from services.life import MOVES
from services.models import Application
from tests.factories import ApplicationFactory, at
from tests.services.lives import GOOD, RECEIVED_AT, WAY, begins_at, brought_to, logged, take, when

pytestmark = pytest.mark.django_db
# Where each move leads from each state; what is not here is refused.
LEADS: dict[str, dict[str, str]] = {
    "check": {"received": "in_work"},
    "defects": {"received": "defects", "in_work": "defects"},
    "mend": {"defects": "in_work"},
    "tell": {"received": "received", "in_work": "in_work", "defects": "defects"},
    "set_fee": {"received": "received", "in_work": "in_work", "defects": "defects", "ready": "ready"},
    "pay": {"received": "received", "in_work": "in_work", "defects": "defects", "ready": "ready"},
    "finish": {"received": "ready", "in_work": "ready"},
    "refuse": {"received": "refused", "in_work": "refused"},
    "leave": {"defects": "no_proceedings"},
    "withdraw": {"received": "withdrawn", "in_work": "withdrawn", "defects": "withdrawn"},
    "hand_over": {"ready": "handed_over"},
}
WORKING = {"clerk", "expert", "secretary"}
# Which roles may make each move; who only logs, logs for whoever comes to the counter.
MAY: dict[str, set[str]] = dict.fromkeys(LEADS, WORKING)


def what_comes_of(move: str, row: Application, by: Any) -> str:
    """The state to which a move leads, or the name of the refusal; the application is left as it was."""
    with transaction.atomic():
        try:
            after = take(move, row, by=by).status
        except Refused as refusal:
            after = type(refusal).__name__
        transaction.set_rollback(True)
    return after


def test_the_table_knows_every_move_and_reaches_every_state() -> None:
    assert set(MOVES) == set(LEADS) == set(ACTIONS) == {form.action for form in FORMS}
    assert set(WAY) == set(ApplicationStatus.values)
    assert {end for ends in LEADS.values() for end in ends.values()} == set(ApplicationStatus.values)


@pytest.mark.parametrize("status", ApplicationStatus.values)
def test_from_each_state_every_move_leads_where_the_table_says_or_is_refused(staff: Any, status: str) -> None:
    row = brought_to(status, staff)

    found = {move: what_comes_of(move, row, staff["clerk"]) for move in LEADS}

    row.refresh_from_db()
    assert row.status == status
    assert found == {move: ends.get(status, "NotPossible") for move, ends in LEADS.items()}


@pytest.mark.parametrize("move", LEADS)
def test_exactly_the_permitted_roles_make_a_move_and_the_others_are_refused(staff: Any, move: str) -> None:
    row = brought_to(begins_at(move), staff)

    found = {role: what_comes_of(move, row, person) for role, person in staff.items()}

    assert found == {role: LEADS[move][begins_at(move)] if role in MAY[move] else "NotAllowed" for role in staff}


@pytest.mark.parametrize("status", ApplicationStatus.values)
def test_the_page_offers_what_the_table_permits_and_only_to_whom(staff: Any, as_role: Any, status: str) -> None:
    row = brought_to(status, staff)
    # Told the date already; the three days are over by today, and so is the term.
    sure_to_be_refused = {"defects"}

    offered = {role: set(as_role(role).get(row.get_absolute_url()).context["forms"]) for role in ("clerk", "mayor")}

    allowed = {move for move, ends in LEADS.items() if status in ends}
    assert offered == {"clerk": allowed - sure_to_be_refused, "mayor": set()}


@pytest.mark.parametrize("move", LEADS)
def test_a_move_is_made_on_its_page_by_whom_it_is_for(as_role: Any, staff: Any, clock: datetime, move: str) -> None:
    row = brought_to(begins_at(move), staff, received_at=clock - timedelta(days=8))
    verb = move.replace("_", "-")
    form = {f"{move}-{name}": str(value) for name, value in GOOD.get(move, {}).items()}

    refusal = as_role("mayor").post(f"{row.get_absolute_url()}{verb}/", form)
    answer = as_role("expert").post(f"{row.get_absolute_url()}{verb}/", form)

    row.refresh_from_db()
    assert (refusal.status_code, answer.status_code) == (403, 302)
    assert (row.status, row.events.latest("pk").by) == (LEADS[move][begins_at(move)], staff["expert"])


@pytest.mark.parametrize("move", LEADS)
def test_each_move_leaves_an_event_and_a_history_row_with_who_made_it(staff: Any, move: str) -> None:
    row = brought_to(begins_at(move), staff)
    events, versions = row.events.count(), row.history.count()

    take(move, row, by=staff["secretary"])

    event = row.events.in_order().last()
    assert (event.kind, event.at, event.by) == (MOVES[move].event, when(move, row), staff["secretary"])
    assert (row.events.count(), row.history.count()) == (events + 1, versions + 1)
    assert row.history.latest().history_user == staff["secretary"]


MISSING = [
    ("defects", {"defects": " \n"}, NeedsReason),
    ("defects", {"now": RECEIVED_AT + timedelta(days=14)}, TermIsOver),  # Monday 16.03, the last day
    ("defects", {"now": RECEIVED_AT + timedelta(days=15)}, TermIsOver),
    ("mend", {"how": ""}, NeedsReason),
    ("set_fee", {"fee": Decimal("-0.01")}, WrongAmount),
    ("set_fee", {"fee": Decimal("1000000")}, WrongAmount),
    ("set_fee", {"reason": " "}, NeedsReason),
    ("pay", {"paid": Decimal("0")}, WrongAmount),
    ("pay", {"paid": Decimal("1000000")}, WrongAmount),
    ("refuse", {"reasons": "\t"}, NeedsReason),
    ("leave", {"reason": ""}, NeedsReason),
    ("leave", {"now": at("2026-03-06")}, StillTime),  # Friday, the third day after Tuesday 03.03
    ("withdraw", {"how": " "}, NeedsReason),
    ("hand_over", {"how": "by pigeon"}, ValueError),
]


@pytest.mark.parametrize(("move", "values", "refusal"), MISSING)
def test_without_what_must_be_given_nothing_changes(
    staff: Any, move: str, values: dict[str, Any], refusal: type[Exception]
) -> None:
    row = brought_to(begins_at(move), staff)
    before = (row.events.count(), row.history.count())

    with pytest.raises(refusal):
        take(move, row, by=staff["clerk"], **values)

    row.refresh_from_db()
    assert row.status == begins_at(move)
    assert (row.events.count(), row.history.count()) == before


def test_every_need_of_the_table_has_its_refusal() -> None:
    needed = {(move, need) for move, row in MOVES.items() for need in row.needs}

    assert needed == {(move, field) for move, values, _refusal in MISSING for field in values} & needed


def test_the_last_day_is_told_once(staff: Any) -> None:
    row = logged(staff["clerk"])
    take("tell", row, by=staff["clerk"])

    with pytest.raises(AlreadyTold):
        take("tell", row, by=staff["secretary"])

    assert row.events.filter(kind="told").count() == 1


@pytest.mark.parametrize("move", LEADS)
def test_a_move_is_refused_to_whoever_has_not_seen_the_last_one(staff: Any, move: str) -> None:
    row = brought_to(begins_at(move), staff)
    seen = row.last_event_id()
    row.events.create(kind="fee", at=when(move, row), note="междувременно")

    with pytest.raises(ChangedMeanwhile):
        take(move, row, by=staff["clerk"], seen=seen)

    assert take(move, row, by=staff["clerk"], seen=row.last_event_id()).status == LEADS[move][begins_at(move)]


@pytest.mark.django_db(transaction=True)
def test_of_two_officials_who_end_it_at_once_one_is_refused(staff: Any) -> None:
    row = brought_to("in_work", staff)
    seen, together, results = row.last_event_id(), threading.Barrier(2), []

    def end(role: str, move: str) -> None:
        try:
            together.wait(timeout=10)
            take(move, row, by=staff[role], seen=seen)
            results.append("ended")
        except (ChangedMeanwhile, NotPossible) as refusal:
            results.append(type(refusal).__name__)
        finally:
            connection.close()

    threads = [threading.Thread(target=end, args=pair) for pair in (("clerk", "finish"), ("secretary", "refuse"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)

    assert sorted(results) == ["ChangedMeanwhile", "ended"]


# The clock: an act of 14 days, received on Monday 02.03.2026, due on Monday 16.03. 03.03 is a holiday.
STANDING = [
    # told, mended, until when it may be mended, due then
    ("2026-03-04", "2026-03-04", date(2026, 3, 9), date(2026, 3, 16)),  # Wednesday, the same day: nothing stood still
    ("2026-03-04", "2026-03-05", date(2026, 3, 9), date(2026, 3, 17)),  # one day; Saturday 07.03 rolls to Monday
    ("2026-03-04", "2026-03-09", date(2026, 3, 9), date(2026, 3, 23)),  # five: Saturday 21.03 -> Monday
    ("2026-03-03", "2026-03-06", date(2026, 3, 6), date(2026, 3, 19)),  # three, from a holiday to a Friday: Thursday
    ("2026-03-15", "2026-03-18", date(2026, 3, 18), date(2026, 3, 19)),  # Sunday before the last day: Thursday
    ("2026-03-13", "2026-03-16", date(2026, 3, 16), date(2026, 3, 19)),  # Friday to Monday: three days more
    ("2026-03-04", "2026-04-08", date(2026, 3, 9), date(2026, 4, 20)),  # a month late: 35 days -> Monday 20.04
]


@pytest.mark.parametrize(("told", "mended", "until", "due_on"), STANDING)
def test_the_term_stands_still_from_the_day_after_the_telling_to_the_day_of_mending(
    staff: Any, told: str, mended: str, until: date, due_on: date
) -> None:
    row = logged(staff["clerk"])

    waits = take("defects", row, by=staff["clerk"], now=at(told))
    assert (waits.paused_at, waits.mend_due_on, waits.due_on) == (at(told), until, date(2026, 3, 16))
    row = take("mend", row, by=staff["clerk"], now=at(mended))

    row.refresh_from_db()
    found = explain(row)
    assert (row.due_on, row.first_due_on, row.paused_at, row.mend_due_on) == (due_on, date(2026, 3, 16), None, None)
    assert row.due_moved_at == (at(mended) if due_on != row.first_due_on else None)
    assert found is not None
    assert found.due_on == due_on
    assert (found.term.source, found.term.verified) == ("АПК, чл. 57", False)


def test_defects_told_twice_stand_still_twice(staff: Any) -> None:
    row = logged(staff["clerk"])

    for told, mended in (("2026-03-04", "2026-03-05"), ("2026-03-09", "2026-03-11")):
        take("defects", row, by=staff["clerk"], now=at(told))
        take("mend", row, by=staff["clerk"], now=at(mended))

    row.refresh_from_db()
    assert row.due_on == date(2026, 3, 19)  # Monday 16.03 and three days: Thursday


@pytest.mark.parametrize(
    ("move", "now", "due_on"),
    [
        ("withdraw", "2026-03-06", date(2026, 3, 18)),  # two days stood still: Wednesday
        ("leave", "2026-03-10", date(2026, 3, 23)),  # six: Sunday 22.03 -> Monday
        ("leave", "2026-04-10", date(2026, 4, 22)),  # left a month later, it still was not late
    ],
)
def test_what_ends_while_it_waits_was_not_late(staff: Any, move: str, now: str, due_on: date) -> None:
    row = logged(staff["clerk"])
    take("defects", row, by=staff["clerk"], now=at("2026-03-04"))

    take(move, row, by=staff["clerk"], now=at(now))

    row.refresh_from_db()
    assert (row.due_on, row.paused_at) == (due_on, None)
    assert row.completed_at == at(now)
    assert row.completed_at.date() <= row.due_on


SILENCES = [
    # told the date, today, until when the silence may be contested
    (True, "2026-03-16", None),  # the last day
    (True, "2026-03-17", date(2026, 4, 16)),  # a month: Thursday
    (False, "2026-03-17", date(2026, 5, 18)),  # two months: Saturday 16.05 -> Monday
]


@pytest.mark.parametrize(("is_told", "today", "contest_by"), SILENCES)
def test_silence_after_the_last_day_is_a_refusal(is_told: bool, today: str, contest_by: date | None) -> None:
    row = ApplicationFactory(due_told_at=RECEIVED_AT + timedelta(hours=3) if is_told else None)

    found = silent_refusal(row, date.fromisoformat(today), calendar_known())

    assert (found and found.contest_by) == contest_by
    if found is not None:
        assert (found.since, found.term.source, found.term.verified) == (date(2026, 3, 16), "АПК, чл. 84, ал. 2", True)


@pytest.mark.parametrize("status", ["defects", "ready", "refused", "no_proceedings", "withdrawn"])
def test_what_ended_or_waits_for_the_applicant_is_no_silence(staff: Any, status: str) -> None:
    row = brought_to(status, staff)

    assert silent_refusal(row, date(2026, 6, 1), calendar_known()) is None


def test_the_page_says_what_the_silence_is_and_when_it_ends(as_role: Any, staff: Any) -> None:
    late = logged(staff["clerk"], due_told=True)
    unlate = brought_to("refused", staff)

    pages = [as_role("clerk").get(row.get_absolute_url()).content.decode() for row in (late, unlate)]

    assert ["Мълчалив отказ" in page for page in pages] == [True, False]
    assert ["Трябваше да е готово до" in page for page in pages] == [True, False]
    assert "до 16.04.2026" in pages[0]
    assert "мълчалив отказ" in as_role("clerk").get("/desk/applications/").content.decode()


FEES = [
    (None, None, "дължимата не е известна"),
    (Decimal("0.00"), None, "не се дължи"),
    (Decimal("3.07"), None, "не е платена"),
    (Decimal("3.07"), Decimal("1.00"), "не е платена изцяло"),
    (None, Decimal("3.07"), "платена:"),
]


@pytest.mark.parametrize(("fee", "paid", "words"), FEES)
def test_what_is_due_and_paid_is_said_and_what_is_unknown_is_not_invented(
    as_role: Any, fee: Decimal | None, paid: Decimal | None, words: str
) -> None:
    paying = {"paid": paid, "paid_at": RECEIVED_AT + timedelta(hours=3), "paid_by": "cash"} if paid else {}
    row = ApplicationFactory(fee=fee, **paying)

    text = as_role("clerk").get(row.get_absolute_url()).content.decode()

    assert words in text
    assert ("не е платена" in text) == row.owes_fee


STANDARDS = [
    # how far it came, what it says of: one counter, service in term, a date told, waiting (in the order of the charter)
    ("received", {"service-term": "с изтекъл срок и без отговор", "single-counter": "още няма какво да се брои"}),
    ("ready", {"service-term": "спазено", "single-counter": "спазено", "due-date-notice": "не влиза в резултата"}),
    ("refused", {"service-term": "отказано с мотиви в срока", "single-counter": "спазено"}),
    ("withdrawn", {"service-term": "оттеглено от подателя", "single-counter": "оттеглено от подателя"}),
    ("no_proceedings", {"service-term": "без производство по закон"}),
    ("defects", {"service-term": "със спрян срок, чака заявителя"}),
]


@pytest.mark.usefixtures("known_by_its_moments")
@pytest.mark.parametrize(("status", "says"), STANDARDS)
def test_the_page_says_which_standard_each_fact_feeds(
    as_role: Any, staff: Any, status: str, says: dict[str, str]
) -> None:
    row = brought_to(status, staff, waited_minutes=7)

    page = as_role("clerk").get(row.get_absolute_url()).content.decode()

    said = cells_by_standard(page)
    assert set(said) == {"service-term", "due-date-notice", "single-counter", "waiting-time"}
    assert said["waiting-time"] == "спазено"
    assert {code: words for code, words in says.items() if words not in said[code]} == {}


def cells_by_standard(page: str) -> dict[str, str]:
    """By the code of each standard in the table: the words of what the application says of it."""
    rows = re.findall(r'href="/charter/standards/([\w-]+)/[^"]*">.*?Какво казва засега">(.*?)</td>', page, re.DOTALL)
    return {code: " ".join(words.split()) for code, words in rows}


def test_who_wrote_says_nothing_of_the_counter(as_role: Any, staff: Any) -> None:
    row = logged(staff["clerk"], channel="post")

    said = cells_by_standard(as_role("clerk").get(row.get_absolute_url()).content.decode())

    assert set(said) == {"service-term", "due-date-notice"}


def test_every_measure_that_counts_applications_says_from_which_facts() -> None:
    assert set(COUNTED_FROM) == set(OF_AN_APPLICATION)
