"""Cases about the same on the pages: tied one by one and many at once, found, shown both ways, and to the sender."""

from typing import Any
from urllib.parse import unquote

import pytest
from django.test import Client

from feedback.choices import Status
from feedback.models import AnswerTemplate, Case
from samokov_portal.audit.models import Look
from tests.feedback.desk_forms import DESK, page
from tests.feedback.following import follow, receipt_of
from tests.feedback.life_stories import REASON, brought_to, filed, take

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

MERGE = "/desk/cases/merge/"
TEXT = "Уличната лампа срещу читалището примигва и изгасва веднага след полунощ."


def ticks(*cases: Case) -> list[str]:
    return [f"{case.number}~{case.last_event_id()}" for case in cases]


def text_of(response: Any) -> str:
    return " ".join(response.content.decode().split())


def tied_to(case: Case) -> Case | None:
    return Case.objects.get(pk=case.pk).duplicate_of


def test_tied_on_its_page_and_shown_both_ways(as_role: Any, staff: Any) -> None:
    main, case = brought_to(Status.ASSIGNED, staff), filed()
    sent = {"merge-main": main.number.replace("С", "C").lower(), "merge-reason": REASON}
    clerk = as_role("clerk")

    response = clerk.post(page(case, "merge"), sent, follow=True)

    assert tied_to(case) == main
    assert f'Слята е с <a class="number" href="{main.get_absolute_url()}">' in text_of(response)
    # Of a tied one only what is left to do with it by itself.
    assert set(response.context["forms"]) == {"separate", "record_withdrawal"}
    seen = clerk.get(page(main))
    assert f'href="{case.get_absolute_url()}"' in seen.content.decode()
    assert "Същият отговор получава и подателят на още една преписка" in text_of(seen)
    assert "слята с друга" in text_of(clerk.get(DESK))


def test_an_answer_begun_for_several_names_none_of_them(as_role: Any, staff: Any) -> None:
    main, case = filed(place="ул. „Тайна“ № 5"), filed()
    take("merge", case, now=case.registered_at, by=staff["clerk"], main=main)
    text = "По {number} от {received} за {place}: {unit}, {contacts}."
    template = AnswerTemplate.objects.create(title="Проверено", kind="signal", text=text)
    clerk = as_role("clerk")

    begun = clerk.post(page(main, "fill"), {"answer-template": template.pk, "answer-answer": ""})
    alone = clerk.post(page(filed(), "fill"), {"answer-template": template.pk, "answer-answer": ""})

    assert begun.context["forms"]["answer"]["answer"].value().startswith("По {number} от {received} за {place}: ")
    assert "{number}" not in alone.context["forms"]["answer"]["answer"].value()
    assert "всеки чете своите номер и дата" in text_of(begun)
    assert "всеки чете своите номер и дата" not in text_of(alone)


def test_an_answer_that_names_another_sender_comes_back(as_role: Any, staff: Any) -> None:
    main, case = filed(name="Яна Колева"), filed()
    take("merge", case, now=case.registered_at, by=staff["clerk"], main=main)
    sent = {"answer-outcome": "upheld", "answer-answer": "Госпожо Колева, сменихме я."}

    response = as_role("clerk").post(page(main, "answer"), sent)

    assert (response.status_code, Case.objects.get(pk=main.pk).answer) == (409, "")
    assert "отделете преписката" in text_of(response)
    assert "Госпожо Колева, сменихме я." in text_of(response)


def test_separated_on_its_page(as_role: Any, staff: Any) -> None:
    case = take("merge", filed(), now=filed().registered_at, by=staff["clerk"])

    response = as_role("secretary").post(page(case, "separate"), {"separate-reason": REASON}, follow=True)

    assert tied_to(case) is None
    assert "разглежда самостоятелно" in text_of(response)


@pytest.mark.parametrize(
    ("number", "status", "words"),
    [
        ("С-2026-999999", 422, "Няма преписка с такъв номер"),
        ("", 422, "merge-main"),
        ("own", 409, "Не може да се слее"),
    ],
)
def test_a_wrong_main_one_is_said_and_nothing_changes(as_role: Any, number: str, status: int, words: str) -> None:
    case = filed()
    sent = {"merge-main": case.number if number == "own" else number, "merge-reason": REASON}

    response = as_role("clerk").post(page(case, "merge"), sent)

    assert (response.status_code, tied_to(case)) == (status, None)
    assert words in text_of(response)


def test_the_second_clerk_is_shown_what_changed(as_role: Any, staff: Any) -> None:
    main, case = filed(), filed()
    opened = case.last_event_id()
    take("merge", case, now=case.registered_at, by=staff["secretary"], main=main)

    sent = {"merge-main": filed().number, "merge-reason": REASON, "merge-seen": str(opened)}
    response = as_role("clerk").post(page(case, "merge"), sent)

    assert (response.status_code, tied_to(case)) == (409, main)


def test_many_are_tied_in_two_steps_and_each_refusal_is_said(as_role: Any) -> None:
    first, second, proposal = filed(), filed(), filed("proposal")
    clerk = as_role("clerk")

    asked = clerk.post(MERGE, {"case": ticks(first, second, proposal)})
    sent = {"case": ticks(first, second, proposal), "main": first.number, "reason": REASON}
    done = text_of(clerk.post(MERGE, sent, follow=True))

    assert asked.status_code == 200
    assert f'name="main" value="{first.number}"' in text_of(asked)
    assert "error-summary" not in text_of(asked)
    assert (tied_to(second), tied_to(proposal)) == (first, None)
    assert f"Слята е 1 преписка с {first.number}." in done
    assert f"{proposal.number} не е слята." in done
    assert Look.objects.filter(subject="cases-merge").count() == 2


@pytest.mark.parametrize("missing", ["case", "main", "reason", "another"])
def test_what_is_not_said_is_asked_for_with_the_ticks_kept(as_role: Any, missing: str) -> None:
    first, second = filed(), filed()
    sent = {"case": ticks(first, second), "main": first.number, "reason": REASON}
    sent |= {"another": {"case": ticks(first)}, "case": {"case": []}}.get(missing, {missing: ""})

    response = as_role("clerk").post(MERGE, sent)

    assert (response.status_code, tied_to(second)) == (422, None)
    assert (f'value="{ticks(first)[0]}" checked' in response.content.decode()) is (missing != "case")


def test_cases_in_like_words_are_offered_and_no_others(as_role: Any, staff: Any) -> None:
    case = filed(text=TEXT, subject="Лампа")
    like = filed(text=f"Пак пиша: {TEXT}", subject="Лампа пред читалището")
    others = [
        filed("proposal", text=TEXT),
        filed(text="Дупка на пътя към гробищния парк пречи на движението."),
        brought_to("decided", staff, filed(text=TEXT)),
    ]
    clerk = as_role("clerk")

    found = clerk.get(page(case, "similar"))
    step = clerk.post(MERGE, {"case": ticks(like), "propose": case.number})

    assert [line.row for line in found.context["lines"]] == [like]
    assert f'value="{ticks(like)[0]}"' in found.content.decode()
    assert not any(other.number in found.content.decode() for other in others)
    assert f'name="main" value="{case.number}"' in text_of(step)
    assert f'name="propose" value="{case.number}"' in text_of(step)


@pytest.mark.parametrize("begun_from_a_case", [True, False])
def test_after_merging_one_is_back_where_it_began(as_role: Any, begun_from_a_case: bool) -> None:
    case, like = filed(), filed()
    sent = {"case": ticks(like), "main": case.number, "reason": REASON, "query": "tab=today"}

    done = as_role("clerk").post(MERGE, {**sent, "propose": case.number if begun_from_a_case else ""})

    assert tied_to(like) == case
    assert unquote(done["Location"]) == (page(case) if begun_from_a_case else f"{DESK}?tab=today")


def test_the_next_key_goes_where_something_is_left_to_say(as_role: Any) -> None:
    clerk, case, like = as_role("clerk"), filed(), filed()

    asked = clerk.post(MERGE, {"case": ticks(like), "propose": case.number})
    refused = clerk.post(MERGE, {"case": ticks(like), "main": case.number})

    # Where something is wrong the summary has it.
    assert [focused(answer.context["form"]) for answer in (asked, refused)] == [["reason"], []]


def focused(form: Any) -> list[str]:
    return [name for name, field in form.fields.items() if "autofocus" in field.widget.attrs]


def test_who_may_not_tie_is_offered_nothing(as_role: Any) -> None:
    case = filed()

    assert "merge" not in as_role("mayor").get(page(case)).context["forms"]
    assert as_role("expert").post(MERGE, {"case": ticks(case)}).status_code == 403


def test_the_sender_reads_that_it_is_handled_with_another_and_nothing_of_that(client: Client, staff: Any) -> None:
    main = filed(name="Яна Колева", subject="Тайна", text="Нейни думи.")
    receipt = receipt_of(filed())
    take("merge", receipt.case, now=receipt.case.registered_at, by=staff["clerk"], main=main, reason="същата лампа")

    follow(client, receipt)
    seen = text_of(client.get(receipt.page))

    assert "Разглеждаме я заедно с друга преписка по същия въпрос." in seen
    assert "Разглежда се заедно с друга преписка по същия въпрос" in seen
    for hidden in (main.number, "Яна", "Тайна", "Нейни думи", "същата лампа"):
        assert hidden not in seen
