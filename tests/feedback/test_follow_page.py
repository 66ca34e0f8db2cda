"""What the sender reads in each state: where it stands, by when and how that was counted, what was answered."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from feedback.actions import desk, post
from feedback.choices import FileState, Kind, LetterState, Status
from feedback.models import Attachment, Case, CaseEvent, Letter
from samokov_portal.history import save_with_history
from samokov_portal.office.once import new_form_token
from tests.factories import CaseFactory, at
from tests.feedback.following import TRACK, Receipt, Staff, case_in, file_case, follow
from tests.feedback.life_stories import take

pytestmark = pytest.mark.django_db
# Of the page of a case: the session and its renewal, the frame, the case, and one for each kind of what is told.
QUERIES = 11
NO_TERM: dict[str, Any] = {"kind": "praise", "term_code": "", "term_version": "", "first_due_on": None}
WORDS = {
    Status.REGISTERED: "Предстои да определим кое звено ще отговори",
    Status.ASSIGNED: "Преписката е възложена и по нея се работи",
    Status.CLARIFICATION: "Имаме въпрос към Вас",
    Status.FORWARDING: "Решено е да го препратим",
    Status.FORWARDED: "препратихме преписката до",
    Status.DECIDED: "Има отговор. Прочетете го",
    Status.NOTIFIED: "Има отговор и Ви уведомихме за него",
    Status.CLOSED: "Преписката е приключена. Отговорът е по-долу",
    Status.REOPENED: "Разглеждаме преписката отново",
    Status.NO_PROCEEDINGS: "не се образува производство: по същия въпрос вече има решение",
    Status.WITHDRAWN: "Преписката е оттеглена по Ваше желание",
}


def read(client: Client, receipt: Receipt) -> str:
    """The page as a person reads it: without line breaks in the source."""
    return " ".join(follow(client, receipt).content.decode().replace("\u00a0", " ").split())


@pytest.mark.parametrize("status", Status)
def test_each_state_is_said_in_plain_words(client: Client, clock: datetime, staff: Staff, status: Status) -> None:
    page = read(client, case_in(status, staff, clock))

    assert [one for one, words in WORDS.items() if words in page] == [status]


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("status", [Status.REGISTERED, Status.NOTIFIED])
def test_every_kind_may_be_followed_to_its_answer(
    client: Client, clock: datetime, staff: Staff, kind: Kind, status: Status
) -> None:
    receipt = case_in(status, staff, clock, kind)

    response = follow(client, receipt)

    assert response.status_code == 200
    assert receipt.case.answer in response.content.decode()


@pytest.mark.parametrize("facts", [{"due_on": date(2026, 6, 1), "due_moved_at": at("2026-04-20")}, {"decided": True}])
def test_a_case_whose_log_does_not_give_its_date_is_shown_without_the_count(
    client: Client, clock: datetime, facts: dict[str, Any]
) -> None:
    case = CaseFactory(**facts)

    assert follow(client, Receipt(case)).status_code == 200


@pytest.mark.parametrize(
    ("facts", "is_late"),
    [
        ({"first_due_on": date(2026, 11, 23)}, False),  # today
        ({"first_due_on": date(2026, 11, 22)}, True),  # yesterday
        ({"decided": True, "decided_at": at("2026-05-04", "20:59")}, False),  # 23:59 of the last day in Sofia
        ({"decided": True, "decided_at": at("2026-05-04", "21:00")}, True),
        ({"forwarded": True}, False),
        (NO_TERM, False),
    ],
)
def test_the_sender_is_told_whether_the_answer_is_late(
    client: Client, clock: datetime, facts: dict[str, Any], is_late: bool
) -> None:
    case = CaseFactory(**facts)

    assert follow(client, Receipt(case)).context["is_late"] is is_late


def test_the_sender_reads_no_name_of_an_official(client: Client, clock: datetime, staff: Staff) -> None:
    clerk = staff["clerk"]
    clerk.first_name, clerk.last_name = "Гергана", "Деловодителска"
    clerk.save()
    pages = [read(client, case_in(status, staff, clock)) for status in Status]

    named = (*(person.username for person in staff.values()), "Гергана", "Деловодителска")
    assert [name for name in named for page in pages if f">{name}<" in page or f" {name} " in page] == []


def test_a_question_that_stops_the_term_says_so_with_its_last_day(
    client: Client, clock: datetime, staff: Staff
) -> None:
    page = read(client, paused_case(clock, staff))

    said = (
        "За коя година?",
        "Отговорете най-късно до <strong>14.12.2026 г., понеделник</strong>",  # 13.11 + 30 days = Sunday 13.12
        "Докато чакаме, нашият срок е спрял (ЗДОИ, чл. 29). Щом отговорите, той започва отначало",
        "Срокът е спрял. Ако не беше спрял, щеше да е до",
    )
    assert [words for words in said if words not in page] == []


def paused_case(clock: datetime, staff: Staff) -> Receipt:
    """A request for information of Thursday 12.11.2026 that waits since Friday 13.11 for its sender."""
    receipt = file_case(clock - timedelta(days=11), Kind.INFORMATION)
    values = {"question": "За коя година?", "ground": "information-unclear"}
    take("ask", receipt.case, now=clock - timedelta(days=10), by=staff["clerk"], **values)
    return receipt


def test_a_question_that_does_not_stop_the_term_says_that_it_runs(
    client: Client, clock: datetime, staff: Staff
) -> None:
    page = read(client, case_in(Status.CLARIFICATION, staff, clock))

    assert "Срокът за нашия отговор тече и докато чакаме Вашия" in page
    assert "е спрял" not in page


def test_a_question_after_its_last_day_may_still_be_answered(
    client: Client, clock: datetime, staff: Staff, monkeypatch: Any
) -> None:
    receipt = paused_case(clock, staff)
    monkeypatch.setattr("django.utils.timezone.now", lambda: clock + timedelta(days=30))

    response = follow(client, receipt)

    assert "Срокът да отговорите изтече" in response.content.decode()
    assert "reply" in response.context["forms"]


def test_an_answer_to_the_question_starts_the_term_again_and_the_page_counts_it(
    client: Client, clock: datetime, staff: Staff
) -> None:
    receipt = paused_case(clock, staff)
    follow(client, receipt)

    client.post(f"{receipt.page}reply/", {"reply-text": "За 2024.", "reply-token": new_form_token()})

    page = read(client, receipt)
    assert "Срок за отговор: най-късно до <strong>07.12.2026 г., понеделник</strong>" in page  # 23.11 + 14 days
    assert "подателят отговори – срокът започва отначало, а този ден не се брои" in page


def test_an_extension_is_told_with_its_reason_and_counted(client: Client, clock: datetime, staff: Staff) -> None:
    receipt = file_case(clock - timedelta(days=3))  # Friday 20.11.2026, due on Wednesday 20.01.2027
    values = {"due_on": date(2027, 1, 29), "reason": "Чака се експертиза."}
    take("extend", receipt.case, now=clock, by=staff["mayor"], **values)

    page = read(client, receipt)

    said = ("29.01.2027 г., петък", "При получаването срокът беше до 20.01.2027 г.", "Чака се експертиза.")
    assert [words for words in said if words not in page] == []
    assert "нов последен ден след удължаване – краен срок" in page


def test_another_kind_is_told_with_its_term(client: Client, clock: datetime, staff: Staff) -> None:
    receipt = file_case(clock)
    take("requalify", receipt.case, now=clock, by=staff["clerk"], kind=Kind.ENQUIRY, reason="Пита се за график.")

    page = read(client, receipt)

    assert "друг вид, друг срок → 02.12.2026 г." in page
    assert "Пита се за график." in page


def test_what_is_not_sent_to_the_other_body_is_never_called_sent(client: Client, clock: datetime, staff: Staff) -> None:
    receipt = case_in(Status.FORWARDING, staff, clock)

    page = read(client, receipt)

    assert "решено е да се препрати, писмото още не е тръгнало – чака от 22.11.2026 г." in page
    assert [word for word in ("изпратено на", "препратихме") if word in page] == []


def test_a_letter_to_the_body_that_failed_is_told_as_not_gone(client: Client, clock: datetime, staff: Staff) -> None:
    receipt = case_in(Status.FORWARDING, staff, clock)
    letter = Letter.objects.to_bodies().get()
    letter.state, letter.means, letter.try_at, letter.last_error = LetterState.FAILED, "email", None, "550 opu@x.bg"
    save_with_history(letter, by=None, why="недоставено")

    page = read(client, receipt)

    assert "още не е тръгнало – чака от 22.11.2026 г. Служител ще го изпрати по друг начин" in page
    assert "550" not in page
    assert "изпратено на" not in page


def test_a_forwarded_case_says_when_it_left_and_whether_it_was_confirmed(
    client: Client, clock: datetime, staff: Staff
) -> None:
    receipt = case_in(Status.FORWARDED, staff, clock)
    before = read(client, receipt)
    letter = receipt.case.letters.to_bodies().get()
    post.confirm_receipt(letter_id=letter.pk, confirmation="вх. № 94-1", by=staff["clerk"], now=clock)

    after = read(client, receipt)

    assert "изпратено на 22.11.2026 г. Още нямаме потвърждение" in before
    assert "на 23.11.2026 г. органът потвърди, че е получил преписката (вх. № 94-1)" in after


def test_another_look_has_its_own_term_count_and_answer(client: Client, clock: datetime, staff: Staff) -> None:
    receipt = case_in(Status.REOPENED, staff, clock)  # asked for on Sunday 22.11.2026
    before = follow(client, receipt)
    take("answer", receipt.case, now=clock, by=staff["clerk"], answer="Сменихме и стълба.")

    after = read(client, receipt)

    look = before.context["looks"][0]
    assert look.deadline.due_on == look.row.due_on == date(2027, 1, 22)
    assert "Срок за нов отговор: най-късно до" in before.content.decode()
    assert "отначало от искането на 22.11.2026 г." in after
    assert [text for text in ("Лампите са подменени.", "Сменихме и стълба.") if text not in after] == []


def test_another_look_that_is_late_says_so(client: Client, clock: datetime, staff: Staff, monkeypatch: Any) -> None:
    receipt = case_in(Status.REOPENED, staff, clock)
    monkeypatch.setattr("django.utils.timezone.now", lambda: clock + timedelta(days=90))

    page = read(client, receipt)

    assert "Трябваше да Ви отговорим до 22.01.2027 г." in page


@pytest.mark.parametrize(
    ("kind", "ground", "said"),
    [
        (Kind.SIGNAL, "too-old", ("чл. 111, ал. 4", "напишете кога е станало")),
        (Kind.SIGNAL, "repeated", ("чл. 124", "Членът е за проверка", "Ако има нови факти, подайте нов сигнал")),
        (Kind.COMPLAINT, "late", ("чл. 88, ал. 1", "възстановяването му в седемдневен срок", "чл. 88, ал. 3")),
        (Kind.COMPLAINT, "no-interest", ("чл. 88, ал. 1", "оспори пред административния съд в седемдневен срок")),
    ],
)
def test_no_proceedings_say_the_article_and_what_one_can_still_do(
    client: Client, clock: datetime, staff: Staff, kind: Kind, ground: str, said: tuple[str, ...]
) -> None:
    receipt = file_case(clock, kind)
    desk.end_case(case_id=receipt.case.pk, ground=ground, reason="Вижте закона.", by=staff["clerk"], now=clock)

    page = read(client, receipt)

    assert [words for words in (*said, "Вижте закона.") if words not in page] == []


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        (Kind.SIGNAL, "Решението по сигнал не се обжалва"),
        (Kind.PROPOSAL, "АПК, чл. 118, ал. 3"),
        (Kind.COMPLAINT, "пред административния съд. Срокът е 14 дни"),
        (Kind.INFORMATION, "ЗДОИ, чл. 40 – за проверка"),
        (Kind.ENQUIRY, "към омбудсмана"),
    ],
)
def test_an_answer_says_where_else_one_may_turn(
    client: Client, clock: datetime, staff: Staff, kind: Kind, said: str
) -> None:
    assert said in read(client, case_in(Status.NOTIFIED, staff, clock, kind))


def attach(case: Case, state: FileState, now: datetime) -> Attachment:
    return Attachment.objects.create(
        case=case,
        added_at=now,
        name=f"{state}.jpg",
        content_type="image/jpeg",
        size=1_500_000,
        received_sha256="a" * 64,
        sha256=state[0] * 64,
        stored=f"x/{state}",
        state=state,
    )


@pytest.mark.parametrize("state", FileState)
def test_each_file_is_named_with_its_size_state_and_digest(client: Client, clock: datetime, state: FileState) -> None:
    receipt = file_case(clock)
    attach(receipt.case, state, clock)

    page = read(client, receipt)

    assert [said for said in (f"{state}.jpg", "1,4 МБ", str(state.label), state[0] * 64) if said not in page] == []


def test_the_number_of_queries_does_not_grow(
    client: Client, clock: datetime, staff: Staff, count_queries: Callable[..., int]
) -> None:
    few, many = case_in(Status.NOTIFIED, staff, clock), case_in(Status.NOTIFIED, staff, clock)
    for number in range(5):
        CaseEvent.objects.create(case=many.case, kind="added", at=clock, note=str(number))
    attach(few.case, next(iter(FileState)), clock)
    for state in FileState:
        attach(many.case, state, clock)
    for receipt in (few, many):
        follow(client, receipt)

    counted = [count_queries(client.get, receipt.page) for receipt in (few, many)]

    assert counted[0] == counted[1] == QUERIES


def test_following_by_code_asks_the_database_little_more(
    client: Client, clock: datetime, staff: Staff, count_queries: Callable[..., int]
) -> None:
    receipt = case_in(Status.NOTIFIED, staff, clock)

    assert count_queries(client.post, TRACK, {"number": receipt.case.number, "code": receipt.code}) <= QUERIES + 7


def test_whoever_may_see_nothing_costs_nothing(client: Client, clock: datetime, count_queries: Any) -> None:
    receipt = file_case(clock)

    assert count_queries(client.get, receipt.page) == 0
