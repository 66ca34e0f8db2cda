"""Letters that leave by hand, are tried again or confirmed, and cases that close when their time is over."""

from datetime import timedelta
from typing import Any

import pytest

from feedback import tasks
from feedback.actions.desk import answer_case, close_case, forward_case, notify_case
from feedback.actions.post import confirm_receipt, expire_case, hand_over, try_again
from feedback.actions.refusals import AlreadyDone, NeedsReason, NotAllowed, NotPossible, PersonComplainedOf
from feedback.actions.sender import reopen_case
from feedback.models import Body, Case, Letter
from tests.factories import CaseFactory, at

pytestmark = pytest.mark.django_db
NOW = at("2026-03-03")  # Tuesday
LATER = at("2026-03-04")
ROLES = ("clerk", "expert", "secretary", "mayor", "editor", "auditor")
ON_PAPER = {"email": "", "address": "ул. „Рила“ № 1"}


def answered(staff: Any, **facts: Any) -> tuple[Case, Letter]:
    """A case with an answer and the letter about it, still to be sent."""
    case = CaseFactory(**facts)
    answer_case(case_id=case.pk, outcome="upheld", answer="Лампите са подменени.", by=staff["clerk"], now=NOW)
    return case, case.letters.get()


def forwarded(staff: Any, *bodies: str) -> tuple[Case, list[Letter]]:
    """A case that it was decided to forward to bodies without an e-mail, and the letters to them."""
    case = CaseFactory()
    rows = [Body.objects.create(name=name) for name in bodies]
    forward_case(case_id=case.pk, bodies=rows, reason="Пътят е републикански.", by=staff["clerk"], now=NOW)
    return case, list(case.letters.to_bodies().in_order())


def given_up(staff: Any, **facts: Any) -> tuple[Case, Letter]:
    case, letter = answered(staff, **facts)
    letter.state, letter.try_at, letter.last_error, letter.attempts = "failed", None, "сървърът отказа", 1
    letter.save()
    return case, letter


@pytest.mark.parametrize(("contact", "how"), [(ON_PAPER, "с писмо"), ({"email": "", "phone": "0888"}, "по телефона")])
def test_a_decision_handed_over_is_made_known(staff: Any, contact: dict[str, str], how: str) -> None:
    case, letter = answered(staff, **contact)

    hand_over(letter_id=letter.pk, by=staff["clerk"], now=LATER)

    case.refresh_from_db()
    letter.refresh_from_db()
    assert (letter.state, letter.sent_at, letter.sent_by) == ("sent", LATER, staff["clerk"])
    assert (case.status, case.notified_at) == ("notified", LATER)
    assert case.events.in_order().last().note == how


def test_a_mail_that_was_given_up_goes_out_on_paper(staff: Any) -> None:
    case, letter = given_up(staff)

    hand_over(letter_id=letter.pk, by=staff["clerk"], now=LATER, address=" лично на гише ")

    case.refresh_from_db()
    letter.refresh_from_db()
    assert (letter.means, letter.state, letter.address, letter.last_error) == ("paper", "sent", "лично на гише", "")
    assert case.status == "notified"


def test_a_mail_that_still_waits_may_be_handed_over_too(staff: Any) -> None:
    _case, letter = answered(staff)

    hand_over(letter_id=letter.pk, by=staff["clerk"], now=LATER)

    letter.refresh_from_db()
    assert (letter.means, letter.state, letter.try_at) == ("paper", "sent", None)


def test_a_letter_is_handed_over_once(staff: Any) -> None:
    _case, letter = answered(staff, **ON_PAPER)
    hand_over(letter_id=letter.pk, by=staff["clerk"], now=NOW)

    with pytest.raises(AlreadyDone):
        hand_over(letter_id=letter.pk, by=staff["secretary"], now=LATER)

    letter.refresh_from_db()
    assert (letter.sent_at, letter.sent_by) == (NOW, staff["clerk"])


def test_a_case_is_forwarded_when_both_letters_were_handed_over(staff: Any) -> None:
    case, (road, water) = forwarded(staff, "road", "water")

    hand_over(letter_id=road.pk, by=staff["clerk"], now=NOW)
    case.refresh_from_db()
    after_one = case.status
    hand_over(letter_id=water.pk, by=staff["clerk"], now=LATER)

    case.refresh_from_db()
    assert after_one == "forwarding"
    assert (case.status, case.forwarded_at) == ("forwarded", LATER)


def test_a_letter_of_an_older_answer_makes_no_newer_one_known(staff: Any) -> None:
    case, first = answered(staff, **ON_PAPER)
    notify_case(case_id=case.pk, how="лично", by=staff["clerk"], now=NOW)
    reopen_case(case_id=case.pk, reason="Не светят.", now=LATER)
    answer_case(case_id=case.pk, outcome="upheld", answer="Подменени са.", by=staff["clerk"], now=LATER)

    hand_over(letter_id=first.pk, by=staff["clerk"], now=LATER)

    case.refresh_from_db()
    assert case.status == "decided"


def test_a_letter_of_a_case_made_known_otherwise_changes_nothing(staff: Any) -> None:
    case, letter = answered(staff, **ON_PAPER)
    notify_case(case_id=case.pk, how="лично", by=staff["clerk"], now=NOW)

    hand_over(letter_id=letter.pk, by=staff["clerk"], now=LATER)

    case.refresh_from_db()
    assert (case.status, case.notified_at) == ("notified", NOW)


@pytest.mark.parametrize(("typed", "address"), [("", "maria@example.bg"), ("new@example.bg", "new@example.bg")])
def test_a_mail_that_was_given_up_is_tried_again(staff: Any, typed: str, address: str) -> None:
    _case, letter = given_up(staff)

    try_again(letter_id=letter.pk, address=typed, by=staff["clerk"], now=LATER)

    letter.refresh_from_db()
    assert (letter.state, letter.attempts, letter.try_at, letter.last_error) == ("queued", 0, LATER, "")
    assert letter.address == address


@pytest.mark.parametrize("contact", [{}, ON_PAPER], ids=["still queued", "on paper"])
def test_only_what_was_given_up_is_tried_again(staff: Any, contact: dict[str, str]) -> None:
    _case, letter = answered(staff, **contact)

    with pytest.raises(AlreadyDone):
        try_again(letter_id=letter.pk, address="", by=staff["clerk"], now=LATER)


def test_a_body_confirms_with_its_number(staff: Any) -> None:
    case, (letter,) = forwarded(staff, "road")
    hand_over(letter_id=letter.pk, by=staff["clerk"], now=NOW)

    confirm_receipt(letter_id=letter.pk, confirmation=" вх. № 12 ", by=staff["clerk"], now=LATER)

    letter.refresh_from_db()
    assert (letter.confirmed_at, letter.confirmation) == (LATER, "вх. № 12")
    event = case.events.in_order().last()
    assert (event.kind, event.note) == ("confirmed", "road: вх. № 12")


@pytest.mark.parametrize("text", ["", "  "])
def test_a_confirmation_says_something(staff: Any, text: str) -> None:
    _case, (letter,) = forwarded(staff, "road")
    hand_over(letter_id=letter.pk, by=staff["clerk"], now=NOW)

    with pytest.raises(NeedsReason):
        confirm_receipt(letter_id=letter.pk, confirmation=text, by=staff["clerk"], now=LATER)


def test_what_is_not_sent_cannot_be_confirmed(staff: Any) -> None:
    _case, (letter,) = forwarded(staff, "road")

    with pytest.raises(AlreadyDone):
        confirm_receipt(letter_id=letter.pk, confirmation="вх. № 12", by=staff["clerk"], now=LATER)


def test_a_letter_to_the_sender_is_not_confirmed_by_anybody(staff: Any) -> None:
    _case, letter = answered(staff, **ON_PAPER)
    hand_over(letter_id=letter.pk, by=staff["clerk"], now=NOW)

    with pytest.raises(AlreadyDone):
        confirm_receipt(letter_id=letter.pk, confirmation="вх. № 12", by=staff["clerk"], now=LATER)


def test_a_letter_is_confirmed_once(staff: Any) -> None:
    _case, (letter,) = forwarded(staff, "road")
    hand_over(letter_id=letter.pk, by=staff["clerk"], now=NOW)
    confirm_receipt(letter_id=letter.pk, confirmation="вх. № 12", by=staff["clerk"], now=NOW)

    with pytest.raises(AlreadyDone):
        confirm_receipt(letter_id=letter.pk, confirmation="вх. № 13", by=staff["clerk"], now=LATER)


@pytest.mark.parametrize("role", ROLES)
def test_letters_leave_by_the_hands_of_those_who_may(staff: Any, role: str) -> None:
    _case, (letter,) = forwarded(staff, "road")
    doing = {
        "hand": lambda by: hand_over(letter_id=letter.pk, by=by, now=NOW),
        "confirm": lambda by: confirm_receipt(letter_id=letter.pk, confirmation="вх. № 12", by=by, now=NOW),
    }

    may = []
    for name, perform in doing.items():
        try:
            perform(staff[role])
        except NotAllowed:
            perform(staff["clerk"])
        else:
            may.append(name)

    assert may == (["hand", "confirm"] if role in ("clerk", "secretary") else [])


@pytest.mark.parametrize("role", ROLES)
def test_a_mail_is_tried_again_by_those_who_may(staff: Any, role: str) -> None:
    _case, letter = given_up(staff)

    if role in ("clerk", "secretary"):
        assert try_again(letter_id=letter.pk, address="", by=staff[role], now=NOW).state == "queued"
    else:
        with pytest.raises(NotAllowed):
            try_again(letter_id=letter.pk, address="", by=staff[role], now=NOW)


@pytest.mark.parametrize("name", ["hand_over", "try_again", "confirm_receipt"])
def test_who_is_complained_of_touches_no_letter_of_the_case(staff: Any, name: str) -> None:
    case, letter = given_up(staff)
    case.complained_of = staff["secretary"]
    case.save()
    perform, values = {
        "hand_over": (hand_over, {}),
        "try_again": (try_again, {"address": ""}),
        "confirm_receipt": (confirm_receipt, {"confirmation": "вх. № 12"}),
    }[name]

    with pytest.raises(PersonComplainedOf):
        perform(letter_id=letter.pk, by=staff["secretary"], now=LATER, **values)


def told(staff: Any, **facts: Any) -> Case:
    """A case whose sender was told of the answer on Tuesday 03.03."""
    case, _letter = answered(staff, **{**ON_PAPER, **facts})
    return notify_case(case_id=case.pk, how="лично", by=staff["clerk"], now=NOW)


@pytest.mark.parametrize(
    ("moment", "closes"),
    [
        (at("2026-03-17", "21:59"), False),  # 14 days later, 23:59 in Sofia
        (at("2026-03-17", "22:00"), True),  # midnight in Sofia
    ],
)
def test_a_case_closes_when_the_time_to_ask_again_is_over(staff: Any, moment: Any, closes: bool) -> None:
    case = told(staff)

    if closes:
        expire_case(case_id=case.pk, now=moment)
    else:
        with pytest.raises(NotPossible):
            expire_case(case_id=case.pk, now=moment)

    case.refresh_from_db()
    assert (case.status, case.closed_at) == (("closed", moment) if closes else ("notified", None))


def test_the_time_to_ask_again_runs_anew_after_another_answer(staff: Any) -> None:
    case = told(staff)
    reopen_case(case_id=case.pk, reason="Не светят.", now=at("2026-03-16"))
    answer_case(case_id=case.pk, outcome="upheld", answer="Подменени са.", by=staff["clerk"], now=at("2026-03-20"))
    notify_case(case_id=case.pk, how="лично", by=staff["clerk"], now=at("2026-03-20"))

    with pytest.raises(NotPossible):
        expire_case(case_id=case.pk, now=at("2026-04-03"))

    assert expire_case(case_id=case.pk, now=at("2026-04-04")).status == "closed"


def test_each_night_closes_what_is_over_and_leaves_the_rest(staff: Any, monkeypatch: Any, settings: Any) -> None:
    cases = {name: told(staff) for name in ("over", "closed", "open")}
    close_case(case_id=cases["closed"].pk, by=staff["clerk"], now=NOW)
    again = told(staff)
    reopen_case(case_id=again.pk, reason="Не светят.", now=at("2026-03-16"))
    fresh, _letter = answered(staff, **ON_PAPER)
    moment = NOW + timedelta(days=settings.REOPEN_DAYS + 1)
    notify_case(case_id=fresh.pk, how="лично", by=staff["clerk"], now=moment - timedelta(days=3))
    monkeypatch.setattr("django.utils.timezone.now", lambda: moment)

    tasks.expire_cases(0)

    rows = [*cases.values(), again, fresh]
    for row in rows:
        row.refresh_from_db()
    assert [row.status for row in rows] == ["closed", "closed", "closed", "reopened", "notified"]
    assert [row.closed_at == moment for row in rows] == [True, False, True, False, False]


def test_a_case_that_changes_while_the_night_works_is_left_alone(staff: Any, monkeypatch: Any) -> None:
    one, other = told(staff), told(staff)
    expire = tasks.expire_case

    def reopen_first(*, case_id: int, now: Any) -> None:
        if case_id == one.pk:
            reopen_case(case_id=one.pk, reason="Не светят.", now=at("2026-03-16"))
        expire(case_id=case_id, now=now)

    monkeypatch.setattr("feedback.tasks.expire_case", reopen_first)
    monkeypatch.setattr("django.utils.timezone.now", lambda: at("2026-03-20"))

    tasks.expire_cases(0)

    for row in (one, other):
        row.refresh_from_db()
    assert [row.status for row in (one, other)] == ["reopened", "closed"]
