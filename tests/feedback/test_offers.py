"""What may be done to a case is offered in words that are kept; what is of one case or person never is."""

import re
from typing import Any

import pytest
from django.test import Client

from feedback.models import Case
from feedback.of_case import last_version
from tests.factories import CaseFactory

pytestmark = pytest.mark.django_db


def page_of(case: Case, client: Client, language: str = "") -> str:
    return client.get(f"{language}{case.get_absolute_url()}").content.decode()


def test_every_form_is_sent_to_its_own_case(as_role: Any) -> None:
    client = as_role("clerk")
    first, second = CaseFactory(), CaseFactory()

    for case in (first, second, first):
        sent_to = re.findall(r'(?:form)?action="(/desk/cases/[^"]*)"', page_of(case, client))

        assert len(sent_to) >= 8
        assert all(address.startswith(case.get_absolute_url()) for address in sent_to)


def test_every_form_has_the_version_of_its_own_case(as_role: Any) -> None:
    client = as_role("clerk")

    for case in (CaseFactory(), CaseFactory()):
        shown = set(re.findall(r'-version" value="([0-9]*)"', page_of(case, client)))

        assert shown == {str(last_version(case))}


def test_what_the_sender_is_told_is_said_for_each_way_to_reach_them(as_role: Any) -> None:
    client = as_role("clerk")
    by_mail = CaseFactory(email="maria@example.bg", address="", phone="")
    by_phone = CaseFactory(email="", address="", phone="0888 123 456")

    assert "писмо по имейл" in page_of(by_mail, client)
    assert "писмо по имейл" not in page_of(by_phone, client)
    assert "уведомява по телефона" in page_of(by_phone, client)


def test_the_words_are_in_the_language_of_the_page(as_role: Any) -> None:
    client = as_role("clerk")
    case = CaseFactory()

    bulgarian, english = page_of(case, client), page_of(case, client, "/en")

    assert "<summary>Възложете на звено</summary>" in bulgarian
    assert "<summary>Възложете на звено</summary>" not in english


def test_what_was_typed_stands_in_the_form_of_that_answer_only(as_role: Any) -> None:
    client = as_role("clerk")
    case = CaseFactory()
    typed = {"assign-unit": "", "requalify-kind": "", "requalify-reason": "<b>\ue000\ue001\ue002\ue003</b>"}

    returned = client.post(f"{case.get_absolute_url()}requalify/", typed)

    assert returned.status_code == 422
    assert "&lt;b&gt;\ue000\ue001\ue002\ue003&lt;/b&gt;" in returned.content.decode()
    assert "&lt;b&gt;" not in page_of(case, client)
    assert returned.content.decode().count('<details class="change" open>') == 1
    assert '<details class="change" open>' not in page_of(case, client)


def test_nobodys_token_is_shown_to_another(as_role: Any) -> None:
    case = CaseFactory()
    tokens = [
        set(re.findall(r'name="csrfmiddlewaretoken" value="([^"]+)"', page_of(case, as_role(role))))
        for role in ("clerk", "clerk")
    ]

    assert all(tokens)
    assert not tokens[0] & tokens[1]
