"""The survey: a code for each answer and application, one response to each, and nothing that joins the two."""

from datetime import datetime, timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from django.contrib.admin.sites import site
from django.db import IntegrityError, connection, transaction
from django.test import Client

from feedback.access import access_digest
from feedback.actions.survey import (
    CodeDoesNotWork,
    NotCompleted,
    answer_survey,
    erase_words,
    invite_about_application,
    invite_about_case,
)
from feedback.models import Letter, SurveyInvitation, SurveyResponse
from samokov_portal.signin.passing import BACKEND
from samokov_portal.staff.models import StaffUser
from services.models import Unit
from tests.factories import ApplicationFactory, CaseFactory, at
from tests.feedback.following import case_in, follow
from tests.feedback.life_stories import take

pytestmark = pytest.mark.django_db
SURVEY, ANSWERS, THANKS = "/feedback/survey/", "/feedback/survey/answers/", "/feedback/survey/thanks/"
NOW = at("2026-11-23")
UNKNOWN = "ABCD-EFGH-JKLM-NPQR"
EMPTY = {"overall": None, "speed": None, "clarity": None, "attitude": None, "asked_known_document": "", "words": ""}
GOOD = {**EMPTY, "overall": 5}
RESPONSE = {"at": NOW, "source": "email", "about": "case", **GOOD}


def invited(**facts: Any) -> str:
    """The code given with the answer to a case of the expert's unit."""
    case = CaseFactory(decided=True, unit=Unit.objects.get(code="hdettos"), **facts)
    return invite_about_case(case, answers=1, now=NOW).code


def given() -> list[dict[str, Any]]:
    return list(SurveyResponse.objects.values(*EMPTY))


# -- invitations


def test_the_same_answer_has_the_same_code_and_another_answer_another(settings: Any) -> None:
    case = CaseFactory(decided=True)

    codes = [invite_about_case(case, answers=number, now=NOW).code for number in (1, 1, 2)]

    assert codes[0] == codes[1] != codes[2]
    assert SurveyInvitation.objects.count() == 2
    assert SurveyInvitation.objects.get(round=1).code_digest == access_digest(codes[0])


@pytest.mark.parametrize(("facts", "means"), [({}, "email"), ({"email": "", "phone": "0888"}, "receipt")])
def test_an_invitation_says_how_the_code_travels(facts: dict[str, str], means: str) -> None:
    invited(**facts)

    assert SurveyInvitation.objects.get().means == means


def test_after_a_change_of_the_key_the_code_is_a_new_one(settings: Any) -> None:
    case = CaseFactory(decided=True)
    before = invite_about_case(case, answers=1, now=NOW).code
    settings.SECRET_KEY = "друг ключ"

    after = invite_about_case(case, answers=1, now=NOW).code

    answer_survey(code=after, answers=GOOD, now=NOW)
    assert before != after


def test_an_application_is_asked_about_when_it_is_completed() -> None:
    done, open_one = ApplicationFactory(completed=True), ApplicationFactory()

    code = invite_about_application(application_id=done.pk, now=NOW).code

    with pytest.raises(NotCompleted):
        invite_about_application(application_id=open_one.pk, now=NOW)
    answer_survey(code=code, answers=GOOD, now=NOW)
    response = SurveyResponse.objects.get()
    assert (response.source, response.about) == ("receipt", "application")


def test_the_letter_with_the_answer_names_code_and_address(staff: Any, now: datetime) -> None:
    receipt = case_in("assigned", staff, now)

    take("answer", receipt.case, now=now, by=staff["clerk"])

    code, text = SurveyInvitation.objects.get().code, Letter.objects.get(kind="decided").text
    assert [said for said in (code, "/feedback/survey/", "анонимна") if said not in text] == []


def test_another_answer_has_an_invitation_of_its_own(staff: Any, now: datetime) -> None:
    case = case_in("reopened", staff, now).case

    take("answer", case, now=now, by=staff["clerk"])

    rounds = SurveyInvitation.objects.order_by("round")
    letter = Letter.objects.filter(kind="decided").latest("pk")
    assert [row.round for row in rounds] == [1, 2]
    assert rounds[1].code in letter.text
    assert rounds[0].code not in letter.text


# -- anonymity


def test_nothing_joins_a_response_with_an_invitation() -> None:
    assert {field.name for field in SurveyResponse._meta.get_fields() if field.is_relation} == {"unit"}
    assert {field.name for field in SurveyInvitation._meta.get_fields()} == {
        *("id", "case", "round", "application", "code_digest", "means", "issued_at", "is_used"),
    }
    assert not hasattr(SurveyInvitation, "history")
    assert not hasattr(SurveyResponse, "history")


def test_using_a_code_leaves_only_that_it_was_used() -> None:
    code = invited()
    before = SurveyInvitation.objects.values().get()

    answer_survey(code=code, answers=GOOD, now=NOW + timedelta(days=1))

    assert SurveyInvitation.objects.values().get() == {**before, "is_used": True}


# -- the pages


def test_a_code_opens_the_questions_and_answers_are_stored(client: Client, clock: datetime) -> None:
    code = invited(is_sample=True)

    opened = client.post(SURVEY, {"code": code.lower().replace("-", " ")})
    sent = client.post(
        ANSWERS, {"code": code, "overall": "4", "attitude": "5", "asked_known_document": "no", "words": "Благодаря."}
    )

    assert (opened.status_code, opened.templates[0].name) == (200, "feedback/survey_questions.html")
    assert (sent.status_code, sent.url) == (302, THANKS)
    response = SurveyResponse.objects.get()
    assert (response.at, response.source, response.about, response.is_sample) == (clock, "email", "case", True)
    assert response.unit == Unit.objects.get(code="hdettos")
    assert given() == [
        {**EMPTY, "overall": 4, "attitude": 5, "asked_known_document": "no", "words": "Благодаря."},
    ]
    assert client.get(THANKS).status_code == 200


@pytest.mark.parametrize(
    "answers",
    [
        {"words": "Само думи."},
        {},
        {"overall": "6"},
        {"overall": "0"},
        {"speed": "x"},
        {"asked_known_document": "maybe"},
    ],
)
def test_no_answer_or_an_impossible_one_comes_back(client: Client, answers: dict[str, str]) -> None:
    code = invited()

    response = client.post(ANSWERS, {"code": code, **answers})

    assert response.status_code == 422
    assert response.context["form"].errors
    assert code in response.content.decode()
    assert not SurveyResponse.objects.exists()


@pytest.mark.parametrize(("length", "status"), [(1000, 302), (1001, 422)])
def test_words_have_a_longest_length(client: Client, length: int, status: int) -> None:
    response = client.post(ANSWERS, {"code": invited(), "overall": "1", "words": "я" * length})

    assert response.status_code == status


@pytest.mark.parametrize("answers", [{}, {"overall": "5"}])
def test_a_used_code_and_an_unknown_one_get_the_same_answer(client: Client, answers: dict[str, str]) -> None:
    code, address = invited(), ANSWERS if answers else SURVEY
    answer_survey(code=code, answers=GOOD, now=NOW)

    pages = [client.post(address, {"code": tried, **answers}) for tried in (code, UNKNOWN)]

    said = [(page.status_code, page.context["form"].non_field_errors()) for page in pages]
    assert said[0] == said[1]
    assert said[0][0] == 422
    assert SurveyResponse.objects.count() == 1


@pytest.mark.parametrize("address", [SURVEY, ANSWERS])
def test_who_guesses_is_slowed_down_and_a_right_code_works_still(client: Client, address: str) -> None:
    code = invited()

    statuses = [client.post(address, {"code": UNKNOWN, "overall": "5"}).status_code for _ in range(11)]

    assert statuses == [422] * 10 + [429]
    assert client.post(ANSWERS, {"code": code, "overall": "5"}).status_code == 302


@pytest.mark.parametrize("address", [SURVEY, ANSWERS])
@pytest.mark.parametrize("code", ["", "\x00", "я" * 41])
def test_an_impossible_code_comes_back(client: Client, address: str, code: str) -> None:
    assert client.post(address, {"code": code, "overall": "5"}).status_code == 422


def test_a_code_in_an_address_does_nothing_and_no_page_is_kept(client: Client) -> None:
    page = client.get(SURVEY, {"code": invited()})

    assert page.context["form"]["code"].value() is None
    assert "no-store" in page["Cache-Control"]
    assert client.get(ANSWERS).status_code == 405


@pytest.mark.django_db(transaction=True)
def test_of_two_presses_at_once_one_is_stored() -> None:
    code, together, outcomes = invited(), Barrier(2), []

    def press() -> None:
        together.wait(10)
        try:
            answer_survey(code=code, answers=GOOD, now=NOW)
            outcomes.append("stored")
        except CodeDoesNotWork:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [Thread(target=press) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)

    assert sorted(outcomes) == ["refused", "stored"]
    assert SurveyResponse.objects.count() == 1


# -- from the page of a case


def test_the_page_of_an_answered_case_opens_the_survey(client: Client, staff: Any, clock: datetime) -> None:
    receipt = case_in("notified", staff, clock)

    page = follow(client, receipt)
    opened = client.post(f"{receipt.page}survey/")
    sent = client.post(ANSWERS, {"code": opened.context["form"].initial["code"], "clarity": "3"})
    again = client.post(f"{receipt.page}survey/")

    assert f'action="{receipt.page}survey/"' in page.content.decode()
    assert (opened.status_code, sent.status_code, again.url) == (200, 302, receipt.page)
    assert given() == [{**EMPTY, "clarity": 3}]


def test_a_case_without_an_answer_has_no_survey(client: Client, staff: Any, clock: datetime) -> None:
    receipt = case_in("assigned", staff, clock)

    page = follow(client, receipt)
    response = client.post(f"{receipt.page}survey/")

    assert "survey/" not in page.content.decode()
    assert (response.status_code, response.url) == (302, receipt.page)
    assert not SurveyInvitation.objects.exists()


# -- the database


@pytest.mark.parametrize(
    ("constraint", "facts"),
    [
        *[(f"{name}_one_to_five", {name: 6}) for name in ("overall", "speed", "clarity", "attitude")],
        ("overall_one_to_five", {"overall": 0}),
        ("known_answer", {"asked_known_document": "maybe"}),
        ("says_something", {"overall": None, "words": "Само думи."}),
        ("source_fits", {"source": "kiosk"}),
        ("source_fits", {"about": "counter"}),
        ("source_fits", {"source": "post"}),
    ],
)
def test_a_response_that_makes_no_sense_is_refused(constraint: str, facts: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError, match=f"feedback_surveyresponse_{constraint}"), transaction.atomic():
        SurveyResponse.objects.create(**{**RESPONSE, **facts})


@pytest.mark.parametrize("facts", [{"overall": 1}, {"overall": None, "asked_known_document": "forgotten"}])
def test_a_response_with_one_answer_is_stored(facts: dict[str, Any]) -> None:
    SurveyResponse.objects.create(**{**RESPONSE, **facts})

    assert SurveyResponse.objects.count() == 1


@pytest.mark.parametrize(
    "change", [{"overall": 1}, {"words": "друго"}, {"words": "", "overall": 1}, {"at": at("2026-01-01")}]
)
def test_a_response_does_not_change(change: dict[str, Any]) -> None:
    SurveyResponse.objects.create(**{**RESPONSE, "words": "Иван от гише 2"})

    with pytest.raises(IntegrityError, match="only added"), transaction.atomic():
        SurveyResponse.objects.update(**change)
    with pytest.raises(IntegrityError, match="only added"), transaction.atomic():
        SurveyResponse.objects.all().delete()


def test_words_may_be_emptied() -> None:
    row = SurveyResponse.objects.create(**{**RESPONSE, "words": "Иван от гише 2"})

    assert [erase_words(response_ids=[row.pk]) for _ in range(2)] == [1, 0]
    assert given() == [GOOD]


@pytest.mark.parametrize(
    ("constraint", "facts"),
    [
        ("one_subject", {}),
        ("one_subject", {"case": True, "application": True}),
        ("one_subject", {"case": True, "round": 0}),
        ("one_subject", {"application": True, "round": 2}),
        ("known_means", {"case": True, "means": "kiosk"}),
    ],
)
def test_an_invitation_has_one_subject(constraint: str, facts: dict[str, Any]) -> None:
    made = {"case": CaseFactory, "application": ApplicationFactory}
    facts = {name: made[name]() if value is True else value for name, value in facts.items()}
    whole = {"code_digest": "1", "means": "email", "issued_at": NOW, **facts}

    with pytest.raises(IntegrityError, match=f"feedback_surveyinvitation_{constraint}"), transaction.atomic():
        SurveyInvitation.objects.create(**whole)


def test_nobody_adds_or_removes_responses_in_the_administration_pages(rf: Any) -> None:
    pages = site._registry[SurveyResponse]
    request = rf.get("/")

    assert (pages.has_add_permission(request), pages.has_delete_permission(request)) == (False, False)
    assert set(pages.get_readonly_fields(request)) == {field.name for field in SurveyResponse._meta.fields}


def test_words_are_emptied_in_the_administration_pages(client: Client) -> None:
    row = SurveyResponse.objects.create(**{**RESPONSE, "words": "Иван от гише 2"})
    client.force_login(StaffUser.objects.create_superuser("root"), backend=BACKEND)
    address = "/desk/admin/feedback/surveyresponse/"

    chosen = client.post(address, {"action": "empty_words", "_selected_action": [row.pk]})

    assert (chosen.status_code, given()) == (302, [GOOD])
    assert client.get(f"{address}{row.pk}/change/").status_code == 200
    assert client.get("/desk/admin/feedback/oralenquiry/").status_code == 200


def test_others_do_not_empty_words(as_role: Any) -> None:
    SurveyResponse.objects.create(**{**RESPONSE, "words": "Иван от гише 2"})

    assert as_role("auditor").get("/desk/admin/feedback/surveyresponse/").status_code == 403
