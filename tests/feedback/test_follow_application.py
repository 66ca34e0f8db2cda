"""An applicant follows an application by its number and the code that the desk gave out."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from services.models import Application
from tests.factories import CODE, ApplicationFactory, CaseFactory
from tests.services.lives import brought_to, logged, take

pytestmark = pytest.mark.django_db
TRACK = "/feedback/track/"
WRONG = "ABCD-EFGH-JKLM-2222"


def given(as_role: Any, row: Application, role: str = "clerk") -> str:
    """The code that the desk shows when it is given out."""
    response = as_role(role).post(f"{row.get_absolute_url()}code/")
    assert response.status_code == 200
    code: str = response.context["code"]
    assert code in response.content.decode()
    return code


def ask(client: Client, number: str, code: str) -> Any:
    return client.post(TRACK, {"number": number, "code": code})


def test_the_code_opens_the_application_and_for_a_while_this_browser_does(
    client: Client, as_role: Any, staff: Any
) -> None:
    row = logged(staff["clerk"])
    code = given(as_role, row)

    opened = ask(client, row.number, code)
    again = client.get(f"{TRACK}{row.number}/")
    stranger = Client().get(f"{TRACK}{row.number}/")

    assert [opened.status_code, again.status_code, stranger.status_code] == [200, 200, 302]
    assert opened.context["application"] == again.context["application"] == row
    assert "16.03.2026" in opened.content.decode()
    assert "no-store" in opened.headers["Cache-Control"]


def test_a_code_is_stored_nowhere_and_a_new_one_replaces_it(client: Client, as_role: Any, staff: Any) -> None:
    row = logged(staff["clerk"])
    first, second = given(as_role, row), given(as_role, row, "expert")

    answers = [ask(client, row.number, code).status_code for code in (first, second)]

    row.refresh_from_db()
    told = str([*row.history.values(), *row.events.values(), *row.letters.values()])
    assert first != second
    assert answers == [422, 200]
    assert not any(code in told or code.replace("-", "") in told for code in (first, second))
    assert row.history.latest().history_change_reason == "даден код за проследяване"


@pytest.mark.parametrize("code", [WRONG, "", CODE])
def test_what_has_no_code_yet_is_opened_by_none(client: Client, code: str) -> None:
    row = ApplicationFactory()

    response = ask(client, row.number, code)

    assert response.status_code == 422
    assert "application" not in response.context


def test_the_answer_does_not_say_whether_the_number_exists(client: Client, as_role: Any, staff: Any) -> None:
    row = logged(staff["clerk"])
    given(as_role, row)

    answers = [ask(client, number, WRONG) for number in (row.number, "У-2026-999999", "С-2026-999999")]

    assert {answer.status_code for answer in answers} == {422}
    assert len({str(answer.context["form"].errors) for answer in answers}) == 1


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("received", "прието, предстои проверка"),
        ("defects", "Липсва подпис."),
        ("ready", "Документът е готов и Ви чака"),
        ("handed_over", "документът е получен"),
        ("refused", "Няма право."),
        ("no_proceedings", "без производство"),
        ("withdrawn", "оттеглено"),
    ],
)
def test_the_page_tells_how_far_it_came_and_names_no_official(
    client: Client, as_role: Any, staff: Any, status: str, words: str
) -> None:
    row = brought_to(status, staff)
    staff["clerk"].first_name, staff["clerk"].last_name = "Зорница", "Гишева"
    staff["clerk"].save()

    text = ask(client, row.number, given(as_role, row)).content.decode()

    assert words in text
    assert "Гишева" not in text
    assert row.applicant_contact not in text


def test_a_silent_refusal_is_told_to_whom_it_was_refused(client: Client, as_role: Any, staff: Any) -> None:
    row = logged(staff["clerk"], due_told=True)

    text = ask(client, row.number, given(as_role, row)).content.decode()

    assert "Мълчалив отказ" in text
    assert "до 16.04.2026" in text


def test_one_browser_follows_a_case_and_an_application(client: Client, as_role: Any, staff: Any) -> None:
    case, row = CaseFactory(), logged(staff["clerk"])
    ask(client, case.number, CODE)
    ask(client, row.number, given(as_role, row))

    pages = [client.get(f"{TRACK}{number}/").status_code for number in (case.number, row.number)]
    client.post(f"{TRACK}leave/")
    afterwards = [client.get(f"{TRACK}{number}/").status_code for number in (case.number, row.number)]

    assert (pages, afterwards) == ([200, 200], [302, 302])


def test_a_grant_of_an_application_opens_no_case_with_the_same_key(client: Client, as_role: Any, staff: Any) -> None:
    row = logged(staff["clerk"])
    case = CaseFactory(pk=row.pk)
    ask(client, row.number, given(as_role, row))

    assert client.get(f"{TRACK}{case.number}/").status_code == 302


@pytest.mark.parametrize("role", ["mayor", "editor", "auditor"])
def test_a_code_is_given_only_by_who_works_with_it(as_role: Any, staff: Any, role: str) -> None:
    row = logged(staff["clerk"])

    assert as_role(role).post(f"{row.get_absolute_url()}code/").status_code == 403
    row.refresh_from_db()
    assert row.access_digest == ""


def test_letters_lead_to_the_page_once_there_is_a_code(as_role: Any, staff: Any) -> None:
    row = brought_to("defects", staff)
    given(as_role, row)
    row.refresh_from_db()

    take("mend", row, by=staff["clerk"], now=row.received_at + timedelta(days=2))

    assert "/feedback/track/ с номера и кода" in row.letters.get(kind="app_mended").text
    assert "/feedback/track/" not in row.letters.get(kind="app_received").text
