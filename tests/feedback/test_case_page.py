"""The page of a case at the desk: what it tells in each state, and which changes it offers to whom."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from feedback.choices import Kind, Status
from feedback.life import MOVES
from feedback.models import Case
from feedback.of_case import last_version
from feedback.views.case import FORMS
from samokov_portal.office.choices import Channel
from samokov_portal.office.rendering import fields_of, whole_field
from services.models import Unit
from tests.factories import CaseFactory, at
from tests.feedback.desk_forms import page
from tests.feedback.life_stories import NAMELESS, body, brought_to, filed, take, walk

pytestmark = pytest.mark.django_db
FIRST = {"assign", "ask", "forward", "requalify", "end", "answer", "record_withdrawal", "merge"}
# Of a case on which everything may be done; most of them for the forms, which stand ready.
CASE_QUERIES = 19
BY_EXPERT = FIRST - {"assign", "requalify", "merge"}
OFFERED: dict[str, tuple[set[str], set[str], set[str]]] = {
    # by state: to the clerk, to the expert of the unit, to the mayor
    "registered": (FIRST, set(), {"extend"}),  # not yet of the expert's unit
    "assigned": (FIRST, BY_EXPERT, {"extend"}),
    "clarification": (
        {"record_reply", "lapse", "end", "record_withdrawal"},
        {"record_reply", "lapse", "end", "record_withdrawal"},
        set(),
    ),
    "forwarding": (set(), set(), set()),
    "forwarded": (set(), set(), set()),
    "decided": ({"notify"}, {"notify"}, set()),
    "notified": ({"close"}, {"close"}, set()),
    "closed": (set(), set(), set()),
    "reopened": ({"assign", "answer"}, {"answer"}, set()),
    "no_proceedings": (set(), set(), set()),
    "withdrawn": (set(), set(), set()),
}


def come(**facts: Any) -> Case:
    """A case that came on Friday 13.11.2026, ten days before `clock`."""
    return filed(received_at=at("2026-11-13"), **facts)


@pytest.fixture(autouse=True)
def today(clock: Any) -> None:
    """Monday 23.11.2026."""


@pytest.mark.parametrize("status", OFFERED)
def test_a_case_offers_to_each_what_they_may_do_now(as_role: Any, staff: Any, status: str) -> None:
    case = brought_to(status, staff, come())
    responses = {role: as_role(role).get(page(case)) for role in ("clerk", "expert", "mayor")}

    found = {
        role: set(response.context["forms"]) for role, response in responses.items() if response.status_code == 200
    }

    clerk, expert, mayor = OFFERED[status]
    seen_by_expert = {"expert": expert} if case.unit else {}
    assert found == {"clerk": clerk, "mayor": mayor, **seen_by_expert}
    assert responses["expert"].status_code == (200 if case.unit else 404)


def test_the_page_offers_only_moves_of_the_table_and_has_a_form_for_each_of_officials() -> None:
    by_officials = {name for name, move in MOVES.items() if move.permissions}

    assert {form.action for form in FORMS} == by_officials


def offers(as_role: Any, case: Case, role: str = "clerk") -> list[str]:
    return list(as_role(role).get(page(case)).context["forms"])


def test_what_is_kept_of_a_form_is_what_it_would_say_anew(staff: Any, now: datetime) -> None:
    told = {"by": staff["mayor"], "today": now.date(), "seen": 1, "version": 2}
    units = Unit.objects.in_order()[1:3]
    cases = [come(kind=kind, unit=unit) for kind in Kind if kind != Kind.PRAISE for unit in units]

    # Twice: the second time from what the first one kept.
    for case in [*cases, *cases]:
        for form in (made(case=case, **told) for made in FORMS):
            anew = [*map(whole_field, form.visible_fields()), *map(whole_field, form.hidden_fields())]
            assert fields_of(form) == "".join(anew), (case.kind, form.action)


def test_the_most_likely_change_comes_first_and_the_answer_is_open_for_the_unit(as_role: Any, staff: Any) -> None:
    new, given, again = (brought_to(status, staff, come()) for status in ("registered", "assigned", "reopened"))
    nameless = come(channel=Channel.POST, **NAMELESS)

    first = [offers(as_role, case)[0] for case in (new, given, again, nameless)]
    opened = {role: as_role(role).get(page(given)).context["opened"] for role in ("clerk", "expert", "mayor")}

    assert first == ["assign", "answer", "answer", "end"]
    assert opened == {"clerk": "", "expert": "answer", "mayor": ""}
    assert '<details class="change" open>' in as_role("expert").get(page(given)).content.decode()


def test_what_is_sure_to_be_refused_is_not_offered(as_role: Any, staff: Any) -> None:
    nameless = come(channel=Channel.POST, **NAMELESS)
    late = filed(received_at=at("2026-09-10"))  # due on Tuesday 10.11
    enquiry = come(kind=Kind.ENQUIRY)
    paused = take(
        "ask", come(kind=Kind.INFORMATION), now=at("2026-11-16"), by=staff["clerk"], ground="information-unclear"
    )

    assert set(offers(as_role, nameless)) == {"end", "assign", "forward", "requalify", "record_withdrawal"}
    assert offers(as_role, nameless, "mayor") == offers(as_role, late, "mayor") == []
    assert offers(as_role, enquiry, "mayor") == []
    assert "lapse" not in offers(as_role, paused)  # the sender has until 16.12
    assert "end" not in offers(as_role, enquiry)  # the law knows no ground


def form_of(as_role: Any, case: Case, action: str, role: str = "clerk") -> Any:
    return as_role(role).get(page(case)).context["forms"][action]


@pytest.mark.parametrize(
    ("facts", "told"),
    [
        ({}, "Подателят получава писмо по имейл („решение или отговор“)."),
        ({"email": "", "address": "гр. Самоков"}, "За подателя се приготвя писмо на хартия"),
        ({"email": "", "phone": "0888"}, "Подателят се уведомява по телефона"),
    ],
)
def test_each_change_says_what_follows_and_what_the_sender_is_told(
    as_role: Any, facts: dict[str, str], told: str
) -> None:
    case = come(**facts)

    forms = as_role("clerk").get(page(case)).context["forms"]

    assert forms["answer"].what_the_sender_is_told().startswith(told)
    assert "не получава писмо" in forms["assign"].what_the_sender_is_told()
    assert "когато препращането наистина тръгне" in forms["forward"].what_the_sender_is_told()
    assert all(str(form.follows) for form in forms.values())


FOLLOWS = [
    ("signal", ("assign",), "ask", "срокът тече"),
    ("information", ("assign",), "ask", "Ако срокът спира, след отговора започва отначало."),
    ("signal", ("assign", "ask"), "record_reply", "Работата по преписката продължава."),
    ("signal", ("assign", "answer", "notified", "reopen"), "answer", "Новият отговор се добавя към първия"),
    ("signal", ("assign", "answer", "notified"), "close", "До 30.11.2026 г. подателят"),  # told on Monday 16.11
    ("signal", ("assign", "answer"), "notify", "Оттогава тече времето"),
]


@pytest.mark.parametrize(("kind", "way", "action", "said"), FOLLOWS)
def test_what_follows_is_said_for_the_case_as_it_stands(
    as_role: Any, staff: Any, kind: str, way: tuple[str, ...], action: str, said: str
) -> None:
    case = walk(come(kind=kind), way, staff)

    assert said in str(form_of(as_role, case, action).follows).replace("\xa0", " ")


def test_a_term_that_stands_still_is_said_to_begin_with_the_answer_or_after_the_last_day(
    as_role: Any, staff: Any
) -> None:
    asked = filed(Kind.INFORMATION, received_at=at("2026-10-12"))
    case = take("ask", asked, now=at("2026-10-13"), by=staff["clerk"], ground="information-unclear")

    forms = as_role("clerk").get(page(case)).context["forms"]

    assert str(forms["record_reply"].follows).endswith("Срокът, който е спрял, тръгва от днес.")
    assert str(forms["lapse"].follows).startswith("Времето за отговор изтече.")


def test_praise_is_closed_without_a_word_of_another_look(as_role: Any, staff: Any) -> None:
    case = walk(come(kind=Kind.PRAISE), ("assign", "answer"), staff)
    said = [form_of(as_role, case, "notify").follows]

    case = walk(case, ("notified",), staff, start=at("2026-11-17"))
    said.append(form_of(as_role, case, "close").follows)

    assert [text for text in said if "разглеждане" in text] == []


def test_the_form_of_an_extension_names_the_last_day_of_each_ground(as_role: Any, staff: Any) -> None:
    signal, information = come(), come(kind=Kind.INFORMATION)

    choices = {
        "mayor": form_of(as_role, signal, "extend", "mayor").fields["ground"].choices,
        "clerk": form_of(as_role, information, "extend").fields["ground"].choices,
    }

    # Three months from 13.11 is Saturday 13.02; 24 and 28 days are Monday 07.12 and Friday 11.12.
    assert [label.replace("\xa0", " ").partition(": ")[2] for _code, label in choices["mayor"]] == [
        "най-късно до 15.02.2027 г."
    ]
    assert [label.replace("\xa0", " ").partition(": ")[2] for _code, label in choices["clerk"]] == [
        "най-късно до 07.12.2026 г.",
        "най-късно до 11.12.2026 г.",
    ]


def test_bodies_without_e_mail_are_marked(as_role: Any) -> None:
    reached = {"С имейл": {"email": "a@example.bg"}, "С адрес": {"address": "гр. София"}, "Без данни": {}}
    for name, facts in reached.items():
        body(name, **facts)

    labels = [str(label) for _key, label in form_of(as_role, come(), "forward").fields["bodies"].choices]

    assert [label for label in labels if label.startswith(tuple(reached))] == [
        "Без данни – на хартия, адресът не е въведен",
        "С адрес – на хартия",
        "С имейл",
    ]


def text_of(as_role: Any, case: Case) -> str:
    return as_role("clerk").get(page(case)).content.decode().replace("\xa0", " ")


SAID = [
    ("clarification", ("Въпроси към подателя", "На кой стълб?", "Още няма отговор.")),
    ("forwarding", ("Писмата още не са тръгнали всички", "Областно пътно управление – София", "чака отпечатване")),
    ("forwarded", ("Препратена на компетентен орган",)),
    ("decided", ("Лампите са подменени.", "уведомяване до")),
    ("reopened", ("Ново разглеждане", "Още не свети.", "нов отговор до")),
    ("no_proceedings", ("приключи без производство", "АПК, чл. 124", "за проверка")),
    ("withdrawn", ("Подателят оттегли преписката на",)),
]


@pytest.mark.parametrize(("status", "said"), SAID)
def test_the_page_tells_where_the_case_stands(as_role: Any, staff: Any, status: str, said: tuple[str, ...]) -> None:
    text = text_of(as_role, brought_to(status, staff, come()))

    assert [words for words in said if words not in text] == []


def test_the_page_tells_of_every_answer_question_and_rating_and_who_did_what(as_role: Any, staff: Any) -> None:
    way = ("assign", "ask", "reply", "answer", "notified", "rate", "reopen", "answer")
    case = walk(come(), way, staff)

    text = text_of(as_role, case)

    said = (
        *("На третия.", "Лампите са подменени.", "Отговор 1: 2 от 5 – не ми помогна", "Нов", "Ново разглеждане"),
        *("Възложена на звено", "– clerk", "Писма", "maria@example.bg"),
    )
    assert [words for words in said if words not in text] == []


def test_an_anonymous_case_says_that_nothing_may_be_decided_and_promises_no_answer(as_role: Any) -> None:
    text = text_of(as_role, come(channel=Channel.POST, **NAMELESS))

    assert "производство не се образува и решение не се дава (АПК, чл. 111, ал. 4)" in text
    assert "Срок за отговор" not in text


def test_the_person_complained_of_is_named_to_the_others(as_role: Any, staff: Any) -> None:
    case = take("assign", come(), now=at("2026-11-16"), by=staff["clerk"], complained_of=staff["mayor"])

    text = text_of(as_role, case)

    assert "Преписката е срещу служител (mayor)" in text
    assert as_role("mayor").get(page(case)).status_code == 404


def test_the_page_of_a_case_never_shows_its_digests(as_role: Any) -> None:
    case = come()

    text = text_of(as_role, case)

    assert [digest for digest in (case.access_digest, case.form_digest, case.content_digest) if digest in text] == []


def test_what_a_sender_types_is_shown_as_text_not_as_markup(as_role: Any, staff: Any) -> None:
    case = walk(come(text="<script>alert(1)</script>"), ("assign", "ask"), staff)
    case = take("reply", case, now=at("2026-11-20"), text="<script>alert(2)</script>")

    assert "<script>alert" not in text_of(as_role, case)


def test_a_longer_story_of_a_case_makes_no_more_queries(as_role: Any, staff: Any, count_queries: Any) -> None:
    case = walk(come(), ("assign", "ask", "reply"), staff)
    client = as_role("clerk")
    few = count_queries(client.get, page(case))

    for step in range(5):
        now = at("2026-11-20") + timedelta(hours=step)
        case = take("ask", case, now=now, by=staff["secretary"])
        case = take("reply", case, now=now)
        case = take("assign", case, now=now, by=staff["secretary"])

    assert count_queries(client.get, page(case)) == few == CASE_QUERIES


def test_the_version_of_a_page_is_that_of_what_was_read(staff: Any, django_assert_num_queries: Any) -> None:
    read = Case.objects.with_newest_version().get(pk=come().pk)
    changed = take("assign", read, now=at("2026-11-16"), by=staff["clerk"])

    with django_assert_num_queries(0):
        shown = last_version(read)
    versions = list(Case.history.filter(id=read.pk).order_by("history_id").values_list("history_id", flat=True))
    assert (shown, last_version(changed)) == (versions[0], versions[-1])
    assert len(versions) > 1


def test_another_look_costs_what_its_own_count_takes(as_role: Any, staff: Any, count_queries: Any) -> None:
    case = walk(come(), ("assign", "answer", "notified", "rate", "reopen"), staff)
    client = as_role("clerk")
    few = count_queries(client.get, page(case))

    for name in ("answer", "notified", "rate", "reopen"):
        case = take(name, case, now=at("2026-11-20"), by=staff["clerk"])

    assert count_queries(client.get, page(case)) - few <= 2


def test_an_old_case_without_a_known_count_is_shown_too(as_role: Any) -> None:
    case = CaseFactory(status=Status.ASSIGNED)
    case.events.create(kind="registered", at=case.registered_at)
    case.due_on = case.due_on + timedelta(days=1)
    case.due_moved_at = case.registered_at
    case.save()

    assert "не показваме ден по ден" in text_of(as_role, case)
