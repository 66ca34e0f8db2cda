"""What letters say and how they go out: texts with fields, e-mail or paper or phone."""

from datetime import date
from typing import Any

import pytest
from django.utils import translation

from feedback.actions.desk import answer_case, extend_case, notify_case
from feedback.actions.questions import ask_sender
from feedback.actions.sender import reopen_case
from feedback.choices import Kind, LetterKind, Means
from feedback.letters import means_for, write_forwarding, write_letter
from feedback.letters.wording import filled_in
from feedback.models import Body, Case, CaseEvent, Letter, LetterTemplate
from samokov_portal.history import save_with_history
from samokov_portal.office.choices import Channel
from tests.factories import CaseFactory, at

pytestmark = pytest.mark.django_db
NOW = at("2026-03-03")  # Tuesday, the day after the case of the factory came
REASON = "Нужна е проверка на място."
PAPER = {"email": "", "address": "ул. „Рила“ № 1"}


def event_of(case: Case, note: str = "", **facts: Any) -> CaseEvent:
    return CaseEvent.objects.create(case=case, kind=facts.pop("kind", "asked"), at=NOW, note=note, **facts)


def written(kind: LetterKind, case: Case, note: str = "", **facts: Any) -> Letter:
    letter = write_letter(kind, case=case, event=event_of(case, note, **facts), now=NOW)
    assert letter is not None
    return letter


@pytest.mark.parametrize(
    ("facts", "means"),
    [
        ({"address": "ул. „Рила“ № 1", "phone": "0888"}, (Means.EMAIL, "maria@example.bg")),
        ({"email": "", "address": "ул. „Рила“ № 1", "phone": "0888"}, (Means.PAPER, "ул. „Рила“ № 1")),
        ({"email": "", "phone": "0888"}, (Means.PHONE, "0888")),
    ],
)
def test_a_sender_is_reached_in_the_best_way_that_they_gave(facts: dict[str, str], means: tuple[Any, ...]) -> None:
    case = CaseFactory(**facts)

    letter = written(LetterKind.DECIDED, case)

    assert means_for(case) == means
    assert (letter.means, letter.address, letter.recipient) == (*means, "Мария Стоянова")
    assert (letter.try_at is not None) == (letter.means == Means.EMAIL)


def test_whom_nothing_reaches_gets_no_letter() -> None:
    case = CaseFactory(name="", email="", channel=Channel.POST)

    assert write_letter(LetterKind.RECEIVED, case=case, event=event_of(case), now=NOW) is None
    assert Letter.objects.count() == 0


@pytest.mark.parametrize(
    ("channel", "contact", "count"),
    [
        (Channel.WEB, {}, 1),
        (Channel.COUNTER, PAPER, 0),  # holds the printed receipt
        (Channel.PHONE, {"email": "", "phone": "0888"}, 0),  # was told the number
        (Channel.POST, PAPER, 1),
        (Channel.EMAIL, {}, 1),
    ],
)
def test_what_was_received_is_confirmed_to_who_holds_no_receipt(
    channel: Channel, contact: dict[str, str], count: int
) -> None:
    case = CaseFactory(channel=channel, **contact)

    write_letter(LetterKind.RECEIVED, case=case, event=event_of(case), now=NOW)

    assert case.letters.count() == count


def test_the_first_letter_says_by_when_by_which_article_and_how_it_is_counted() -> None:
    letter = written(LetterKind.RECEIVED, CaseFactory(number="С-2026-000123"))

    assert letter.subject == "Получихме: сигнал С-2026-000123"
    assert (
        "Ще отговорим най-късно до 04.05.2026 г. Срокът е 2\u00a0месеца (АПК, чл. 121 – за проверка). "
        "Брои се от деня след получаването (02.03.2026 г.); ако последният ден е неработен, срокът изтича в първия "
        "работен ден след него." in letter.text
    )


def test_a_verified_article_has_no_mark() -> None:
    facts = {"kind": Kind.PROPOSAL, "term_code": "proposal-decision"}

    assert "(АПК, чл. 118, ал. 1)" in written(LetterKind.RECEIVED, CaseFactory(**facts)).text


def test_praise_is_promised_no_date() -> None:
    facts = {"kind": Kind.PRAISE, "term_code": "", "term_version": "", "first_due_on": None}

    text = written(LetterKind.RECEIVED, CaseFactory(**facts)).text

    assert "не определя срок" in text
    assert "най-късно" not in text


def test_who_gave_no_name_is_greeted_without_one() -> None:
    facts = {"kind": Kind.PRAISE, "term_code": "", "term_version": "", "first_due_on": None, "name": ""}

    assert written(LetterKind.RECEIVED, CaseFactory(**facts)).text.startswith("Здравейте,\n\n")


@pytest.mark.parametrize(
    ("channel", "said", "not_said"),
    [
        (Channel.WEB, "с номера и кода за достъп от разписката", "питайте в общината"),
        (Channel.POST, "питайте в общината (Община Самоков", "кода за достъп"),
    ],
)
def test_only_who_holds_a_code_is_sent_to_the_page_that_asks_for_it(channel: str, said: str, not_said: str) -> None:
    text = written(LetterKind.RECEIVED, CaseFactory(channel=channel)).text

    assert said in text
    assert not_said not in text


def test_letters_are_in_bulgarian_whatever_the_language_of_the_page(settings: Any) -> None:
    settings.PORTAL_URL = "https://portal.example.bg"

    with translation.override("en"):
        letter = written(LetterKind.RECEIVED, CaseFactory(number="С-2026-000123"))

    assert letter.subject == "Получихме: сигнал С-2026-000123"
    assert " https://portal.example.bg/feedback/track/ " in letter.text


def test_a_subject_of_the_sender_stays_one_line_of_two_hundred() -> None:
    letter = written(LetterKind.DECIDED, CaseFactory(number="1\r\nBcc: a@b.bg"))
    template = LetterTemplate.objects.get(kind="decided")
    template.subject = "{subject}" * 3
    save_with_history(template, by=None, why="проба", fields=["subject"])
    long = written(LetterKind.DECIDED, CaseFactory(subject="я" * 120))

    assert letter.subject == "Отговор по 1 Bcc: a@b.bg"
    assert long.subject == "я" * 200


def test_what_the_sender_wrote_in_braces_stays_as_written() -> None:
    letter = written(LetterKind.RECEIVED, CaseFactory(subject="{answer} {number} {нещо}"))

    assert "„{answer} {number} {нещо}“" in letter.text


def test_empty_fields_leave_no_holes() -> None:
    assert filled_in("едно\r\n\r\n{reopen}\r\n\r\nдве", {"reopen": ""}) == "едно\n\nдве"


def test_a_question_that_stops_nothing_says_so(staff: Any) -> None:
    case = CaseFactory()

    ask_sender(case_id=case.pk, question="Коя улица?", by=staff["clerk"], now=NOW)

    text = case.letters.get().text
    assert "Коя улица?" in text
    assert "Въпросът не спира срока: ще отговорим най-късно до 04.05.2026 г." in text


def test_a_question_that_stops_the_term_says_until_when(staff: Any) -> None:
    # 14 days from Monday 02.03; asked on Tuesday 03.03, to be answered in 30 days: Thursday 02.04
    case = CaseFactory(
        kind=Kind.INFORMATION,
        term_code="information-decision",
        term_version="14 calendar_days @ 2000-07-11",
        first_due_on=date(2026, 3, 16),
    )
    event_of(case, kind="registered")

    ask_sender(case_id=case.pk, question="Кой документ?", ground="information-unclear", by=staff["clerk"], now=NOW)

    text = case.letters.get().text
    assert "срокът не тече (ЗДОИ, чл. 29 – за проверка). Отговорете най-късно до 02.04.2026 г." in text


def test_an_extension_names_its_article_and_its_reason(staff: Any) -> None:
    case = CaseFactory()
    event_of(case, kind="registered", term_code=case.term_code, term_version=case.term_version)

    # Tuesday 02.06 is the last day of three months.
    extend_case(case_id=case.pk, ground="signal", due_on=date(2026, 6, 2), reason=REASON, by=staff["mayor"], now=NOW)

    text = case.letters.get().text
    assert "е удължен (АПК, чл. 121 – за проверка). Ще отговорим най-късно до 02.06.2026 г." in text
    assert REASON in text


def test_letters_of_another_look_have_its_answer_and_its_dates(staff: Any) -> None:
    case = CaseFactory()
    answer_case(case_id=case.pk, outcome="not_upheld", answer="Лампите светят.", by=staff["clerk"], now=NOW)
    notify_case(case_id=case.pk, how="лично", by=staff["clerk"], now=NOW)

    # Wednesday 04.03; two months later is Monday 04.05
    reopen_case(case_id=case.pk, reason="Не светят.", now=at("2026-03-04"))
    answer_case(case_id=case.pk, outcome="upheld", answer="Подменени са.", by=staff["clerk"], now=at("2026-03-05"))

    first, reopened, second = case.letters.in_order()
    assert [letter.kind for letter in (first, reopened, second)] == ["decided", "reopened", "decided"]
    assert "Изход: неоснователен.\n\nЛампите светят." in first.text
    assert "Ще отговорим най-късно до 04.05.2026 г." in reopened.text
    assert "Брои се от деня след искането Ви за ново разглеждане (04.03.2026 г.)" in reopened.text
    assert "Изход: уважен.\n\nПодменени са." in second.text
    assert "Лампите светят." not in second.text


def test_an_answer_says_how_to_ask_for_another_look(settings: Any) -> None:
    settings.REOPEN_DAYS = 20
    assert "до 20 дни може да поискате" in written(LetterKind.DECIDED, CaseFactory(decided=True)).text

    settings.REOPEN_DAYS = 1
    assert "до 1 ден може да поискате" in written(LetterKind.DECIDED, CaseFactory(decided=True)).text


def test_a_competent_body_reads_the_matter_and_whom_to_answer() -> None:
    body = Body.objects.create(name="Пътно управление", email="road@example.bg")
    case = CaseFactory(number="С-2026-000123", phone="0888 123 456")

    letter = write_forwarding(case=case, event=event_of(case), body=body, reason=REASON, now=NOW)

    assert (letter.means, letter.address, letter.recipient) == (Means.EMAIL, "road@example.bg", "Пътно управление")
    for said in (case.text, case.name, "maria@example.bg\n0888 123 456", REASON, "С-2026-000123"):
        assert said in letter.text


@pytest.mark.parametrize("address", ["", "София, ул. „Пътна“ № 1"])
def test_a_body_without_an_email_is_written_to_on_paper(address: str) -> None:
    body = Body.objects.create(name="Пътно управление", address=address)
    case = CaseFactory()

    letter = write_forwarding(case=case, event=event_of(case), body=body, reason=REASON, now=NOW)

    assert (letter.means, letter.address, letter.try_at) == (Means.PAPER, address, None)
