"""One letter at the desk: on paper, what is done with it, and how the pages of its case tell of it."""

from datetime import datetime
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.test.client import RequestFactory

from feedback.models import Letter
from tests.factories import CaseFactory
from tests.feedback.desk_letters import (
    BY_PHONE,
    FAILED,
    HOUR,
    LETTERS,
    QUEUED_MAIL,
    in_words,
    letter_of,
    to_body,
    words,
)

pytestmark = pytest.mark.django_db


def test_a_letter_on_paper_has_letterhead_addressee_number_text_and_signature(as_role: Any, clock: datetime) -> None:
    letter = letter_of(clock, case=CaseFactory(number="С-2026-000123"), text="Здравейте,\n\nЛампите <b>светят</b>.")

    page = words(as_role("clerk").get(f"{LETTERS}{letter.pk}/"))

    sheet = page[page.index("<article") : page.index("</article>")]
    assert "<strong>Община Самоков</strong>" in sheet
    assert "ул. „Македония“ № 34" in sheet
    assert "№ С-2026-000123" in sheet
    assert "23.11.2026 г." in sheet
    assert "Мария Стоянова <br> ул. „Рила“ № 1" in sheet
    assert "<p>Лампите &lt;b&gt;светят&lt;/b&gt;.</p>" in sheet
    assert "Подпис:" in sheet


def test_a_call_is_read_out_and_not_signed(as_role: Any, clock: datetime) -> None:
    letter = letter_of(clock, **BY_PHONE)

    page = words(as_role("clerk").get(f"{LETTERS}{letter.pk}/"))

    assert "Обадете се на 0888 123 456" in page
    assert "Лампите са подменени." in page
    assert "Подпис:" not in page


FORMS = ("handed_form", "retry_form", "confirm_form")


@pytest.mark.parametrize(
    ("make", "forms"),
    [
        (lambda clock: letter_of(clock), ["handed_form"]),
        (lambda clock: letter_of(clock, **QUEUED_MAIL), ["handed_form"]),
        (lambda clock: letter_of(clock, **FAILED), ["handed_form", "retry_form"]),
        (lambda clock: letter_of(clock, state="sent", sent_at=clock), []),
        (lambda clock: to_body(clock, sent=True), ["confirm_form"]),
        (lambda clock: to_body(clock, sent=True, confirmed_at=clock, confirmation="вх. № 12"), []),
    ],
)
def test_only_what_may_be_done_is_offered(as_role: Any, clock: datetime, make: Any, forms: list[str]) -> None:
    response = as_role("clerk").get(f"{LETTERS}{make(clock).pk}/")

    assert [name for name in FORMS if response.context[name] is not None] == forms


def test_a_letter_handed_over_is_recorded_with_who_and_where(as_role: Any, staff: Any, clock: datetime) -> None:
    letter = letter_of(clock)

    response = as_role("clerk").post(f"{LETTERS}{letter.pk}/handed/", {"address": "лично на гише"}, follow=True)

    letter.refresh_from_db()
    assert (letter.state, letter.sent_at, letter.sent_by) == ("sent", clock, staff["clerk"])
    assert letter.address == "лично на гише"
    assert "Отбелязано е, че писмото е предадено." in words(response)


def test_a_letter_handed_over_twice_says_that_it_was(as_role: Any, clock: datetime) -> None:
    letter = letter_of(clock, state="sent", sent_at=clock - HOUR)

    response = as_role("clerk").post(f"{LETTERS}{letter.pk}/handed/")

    letter.refresh_from_db()
    assert response.status_code == 409
    assert "Междувременно това вече е отбелязано. Нищо не е променено." in words(response)
    assert letter.sent_at == clock - HOUR


def test_a_mail_is_tried_again_at_a_corrected_address(as_role: Any, clock: datetime) -> None:
    letter = letter_of(clock, **FAILED)

    response = as_role("clerk").post(f"{LETTERS}{letter.pk}/retry/", {"address": "maria.s@example.bg"})

    letter.refresh_from_db()
    assert (response.status_code, response.url) == (302, f"{LETTERS}{letter.pk}/")
    assert (letter.state, letter.address, letter.try_at) == ("queued", "maria.s@example.bg", clock)


@pytest.mark.parametrize("address", ["", "мария", "a@example.bg\nBcc: b@example.bg"])
def test_a_mail_is_not_tried_again_at_what_is_no_address(as_role: Any, clock: datetime, address: str) -> None:
    letter = letter_of(clock, **FAILED)

    response = as_role("clerk").post(f"{LETTERS}{letter.pk}/retry/", {"address": address})

    letter.refresh_from_db()
    assert (response.status_code, letter.state) == (422, "failed")
    assert list(response.context["form"].errors) == ["address"]


def test_what_was_not_given_up_is_not_tried_again(as_role: Any, clock: datetime) -> None:
    letter = letter_of(clock)

    response = as_role("clerk").post(f"{LETTERS}{letter.pk}/retry/", {"address": "maria@example.bg"})

    letter.refresh_from_db()
    assert (response.status_code, letter.address) == (409, "ул. „Рила“ № 1")


def test_the_number_given_by_a_body_is_recorded(as_role: Any, clock: datetime) -> None:
    letter = to_body(clock, sent=True)

    page = words(as_role("clerk").post(f"{LETTERS}{letter.pk}/confirm/", {"confirmation": "вх. № 12"}, follow=True))

    letter.refresh_from_db()
    assert (letter.confirmed_at, letter.confirmation) == (clock, "вх. № 12")
    assert "потвърдено на 23.11.2026 г., 12:00 ч." in page


def test_a_confirmation_without_words_is_refused(as_role: Any, clock: datetime) -> None:
    letter = to_body(clock, sent=True)

    response = as_role("clerk").post(f"{LETTERS}{letter.pk}/confirm/", {"confirmation": " "})

    letter.refresh_from_db()
    assert (response.status_code, letter.confirmed_at) == (422, None)


def shown(clock: datetime, letters: list[Letter], **words: Any) -> str:
    """The list of letters as a page of a case includes it."""
    request = RequestFactory().get("/")
    page = render_to_string("feedback/_letters.html", {"letters": letters, "now": clock, **words}, request)
    return in_words(page)


def test_a_case_lists_its_letters_with_how_far_each_has_got(clock: datetime) -> None:
    page = shown(clock, [letter_of(clock), to_body(clock, sent=True), letter_of(clock, **FAILED)])

    assert "Решение или отговор – Мария Стоянова, на хартия" in page
    assert "(ул. „Рила“ № 1)" in page
    assert "(няма известен адрес)" in page
    assert "недоставено от 2 часа: сървърът отказа (550)" in page


def test_the_sender_sees_to_whom_and_how_far_without_addresses_or_reasons(clock: datetime) -> None:
    road = to_body(clock, **{**FAILED, "address": "road@example.bg"})

    page = shown(clock, [road, to_body(clock)], for_sender=True)

    assert "недоставено от 2 часа; ще го изпратим по друг начин" in page
    assert "чака изпращане от 2 часа" in page
    assert not [secret for secret in ("road@example.bg", "550", "<a ", "адрес") if secret in page]
