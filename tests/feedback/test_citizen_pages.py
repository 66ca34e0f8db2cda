"""A citizen's pages: choose, file, receipt; and what bad input gets."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.test import Client

from feedback.choices import Kind
from feedback.forms.matter import FilingForm, standards
from feedback.models import Case
from samokov_portal.history import save_with_history
from samokov_portal.office.once import new_form_token
from services.models import Service, Settlement
from tests.factories import filing

pytestmark = pytest.mark.django_db
CHOOSE, TRACK = "/feedback/", "/feedback/track/"
DUE = {
    # filed on Monday 23.11.2026
    "signal": "25.01.2027",  # 23.01 is Saturday -> Monday
    "proposal": "25.01.2027",
    "complaint": "30.11.2026",  # Monday
    "enquiry": "02.12.2026",  # Wednesday
    "information": "07.12.2026",  # Monday
}


def new(kind: str = "signal") -> str:
    return f"/feedback/new/{kind}/"


def typed(kind: str = "signal", **changes: Any) -> dict[str, str]:
    return filing(kind, **{"token": new_form_token(), **changes})


def test_every_kind_may_be_chosen_with_its_term(client: Client) -> None:
    response = client.get(CHOOSE)

    shown = {row["kind"]: (row["term"] and row["term"].code, row["is_named"]) for row in response.context["kinds"]}
    assert response.status_code == 200
    assert shown == {
        Kind.SIGNAL: ("signal-decision", True),
        Kind.PROPOSAL: ("proposal-decision", True),
        Kind.COMPLAINT: ("act-review", True),
        Kind.ENQUIRY: ("enquiry-answer", True),
        Kind.PRAISE: (None, False),
        Kind.INFORMATION: ("information-decision", True),
    }
    assert [kind for kind in Kind if new(kind.value) not in response.content.decode()] == []


@pytest.mark.parametrize("kind", [*DUE, "praise"])
@pytest.mark.parametrize("prefix", ["", "/en"])
def test_the_form_of_every_kind_is_there(client: Client, kind: str, prefix: str) -> None:
    response = client.get(f"{prefix}{new(kind)}")

    assert response.status_code == 200
    assert response.context["form"]["token"].value()


@pytest.mark.parametrize("kind", ["Signal", "жалба", "other", "signal%00"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_kind_that_is_not_there_is_not_found(client: Client, method: str, kind: str) -> None:
    assert getattr(client, method)(new(kind), typed()).status_code == 404


@pytest.mark.parametrize("kind", DUE)
def test_each_kind_is_filed_and_the_receipt_says_number_code_and_last_day(
    client: Client, clock: Any, kind: str
) -> None:
    response = client.post(new(kind), typed(kind))

    case, page = Case.objects.get(), response.content.decode()
    assert response.status_code == 200
    assert (case.kind, case.name, case.email, case.channel) == (kind, "Мария Стоянова", "maria@example.bg", "web")
    assert (case.received_at, case.registered_at) == (clock, clock)
    assert [said for said in (case.number, response.context["code"], DUE[kind]) if said not in page] == []


def test_praise_needs_no_name_and_is_promised_no_answer(client: Client, clock: Any) -> None:
    response = client.post(new("praise"), typed("praise", name="", email=""))

    case = Case.objects.get()
    assert response.status_code == 200
    assert (case.kind, case.name, case.due_on) == ("praise", "", None)
    assert case.number in response.content.decode()


def test_everything_that_was_filled_in_is_stored(client: Client, clock: Any) -> None:
    settlement, service = Settlement.objects.get(name="Алино"), Service.objects.get(number="2016")

    client.post(
        new(),
        typed(
            happened_on="20.11.2026",
            settlement=str(settlement.pk),
            place="до № 5",
            service=str(service.pk),
            phone="0888 123 456",
            address="с. Алино",
        ),
    )

    case = Case.objects.get()
    assert (case.settlement, case.service, case.place, case.happened_on) == (
        settlement,
        service,
        "до № 5",
        date(2026, 11, 20),
    )
    assert (case.phone, case.address, case.unit) == ("0888 123 456", "с. Алино", None)


@pytest.mark.parametrize(
    "contact", [{"email": "maria@example.bg"}, {"phone": "0888 123 456"}, {"address": "с. Алино, ул. „Рила“ № 1"}]
)
def test_one_way_to_answer_is_enough(client: Client, contact: dict[str, str]) -> None:
    response = client.post(new(), typed(**{"email": "", **contact}))

    assert response.status_code == 200
    assert Case.objects.count() == 1


INCOMPLETE = [
    ("email", {"email": ""}),  # nowhere to answer
    ("email", {"email": "мария"}),
    ("email", {"email": "maria@"}),
    ("name", {"name": ""}),
    ("name", {"name": "   "}),
    ("name", {"name": "Мария\x00"}),
    ("name", {"name": "я" * 151}),
    ("subject", {"subject": ""}),
    ("subject", {"subject": "я" * 121}),
    ("text", {"text": ""}),
    ("text", {"text": "я" * 10_001}),
    ("text", {"text": "текст\x00"}),
    ("happened_on", {"happened_on": "вчера"}),
    ("happened_on", {"happened_on": "31.02.2026"}),
    ("happened_on", {"happened_on": "24.11.2026"}),  # tomorrow
    ("happened_on", {"happened_on": "31.12.1989"}),
    ("settlement", {"settlement": "няма"}),
    ("settlement", {"settlement": "-1"}),
    ("settlement", {"settlement": "99999999999999999999"}),
    ("settlement", {"settlement": "1\x00"}),
    ("service", {"service": "[]"}),
    ("standard", {"standard": "1.5"}),
    ("phone", {"phone": "0" * 41}),
    ("address", {"address": "я" * 251}),
    ("token", {"token": "\x00"}),
]


@pytest.mark.parametrize(("field", "changes"), INCOMPLETE)
def test_a_form_with_an_error_comes_back_and_nothing_is_stored(
    client: Client, clock: Any, field: str, changes: dict[str, str]
) -> None:
    response = client.post(new(), typed(**changes))

    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert not Case.objects.exists()


def test_everything_typed_is_kept_with_an_error(client: Client, clock: Any) -> None:
    settlement = str(Settlement.objects.get(name="Алино").pk)
    form = typed(email="", phone="", text="Първи ред\nВтори ред <b>", settlement=settlement, happened_on="20.11.2026")
    del form["act_reference"]

    response = client.post(new(), form)

    bound, page = response.context["form"], response.content.decode()
    assert response.status_code == 422
    assert {name: bound[name].value() for name in form} == form
    assert "Втори ред &lt;b&gt;" in page
    assert f'value="{settlement}" selected' in page
    assert 'href="#id_email"' in page  # the summary leads to the field


def test_a_form_that_was_sent_empty_comes_back(client: Client) -> None:
    response = client.post(new(), {})

    assert response.status_code in (200, 422)
    assert not Case.objects.exists()


@pytest.mark.parametrize("token", ["", "чужд", "1" * 32, "1" * 32 + ":подпис"])
def test_a_foreign_token_is_replaced_and_everything_typed_is_kept(client: Client, clock: Any, token: str) -> None:
    form = typed(token=token)

    response = client.post(new(), form)

    bound = response.context["form"]
    fresh = bound["token"].value()
    assert response.status_code == 422
    assert bound["text"].value() == form["text"]
    assert fresh != token
    assert client.post(new(), {**form, "token": fresh}).status_code == 200


def test_the_longest_text_is_taken_with_its_lines(client: Client) -> None:
    text = "ред\r\n" * 2500  # as browsers send lines; 10,000 characters as a person counts them

    response = client.post(new(), typed(text=f"{text[:-2]}!"))

    assert response.status_code == 200
    assert Case.objects.get().text == text.replace("\r\n", "\n")[:-1] + "!"


def test_a_form_larger_than_any_honest_one_is_refused(client: Client) -> None:
    response = client.post(new(), typed(text="я" * 1_200_000))  # 2.4 MB

    assert response.status_code == 413
    assert not Case.objects.exists()


def test_a_text_that_is_too_long_comes_back_and_is_not_lost(client: Client) -> None:
    text = "я" * 400_000

    response = client.post(new(), typed(text=text))

    assert response.status_code == 422
    assert response.context["form"]["text"].value() == text
    assert not Case.objects.exists()


def test_what_was_typed_is_shown_as_text_not_as_markup(client: Client) -> None:
    response = client.post(new(), typed(text="<script>alert(1)</script>", subject="<b>Лампа</b>"))

    page = response.content.decode()
    assert response.status_code == 200
    assert [markup for markup in ("<script>alert(1)", "<b>Лампа</b>") if markup in page] == []


def test_a_second_press_is_one_case_with_one_number_and_code(client: Client, clock: Any) -> None:
    form = typed()

    first, second = client.post(new(), form), client.post(new(), form)

    assert [first.status_code, second.status_code] == [200, 200]
    assert first.context["case"] == second.context["case"] == Case.objects.get()
    assert first.context["code"] == second.context["code"]


def test_a_changed_form_that_was_sent_already_is_a_conflict(client: Client) -> None:
    form = typed()
    client.post(new(), form)

    response = client.post(new(), {**form, "text": "Друго."})

    case = Case.objects.get()
    assert response.status_code == 409
    assert case.text == form["text"]
    assert response.context["used"] == case
    assert response.context["form"]["text"].value() == "Друго."
    assert case.number in response.content.decode()


def test_two_tabs_are_two_cases(client: Client) -> None:
    numbers = [client.post(new(), typed()).context["case"].number for _ in range(2)]

    assert len(set(numbers)) == 2


def test_the_receipt_is_not_kept_by_browser_or_proxy(client: Client) -> None:
    response = client.post(new(), typed())

    assert "no-store" in response["Cache-Control"]


def test_page_on_which_a_code_is_typed_is_not_kept(client: Client) -> None:
    assert "no-store" in client.get(TRACK)["Cache-Control"]


def test_empty_form_is_kept_by_the_own_browser_only(client: Client) -> None:
    # Not no-store, so that „back“ may bring the same token; private, so that no proxy gives one token to two people.
    assert client.get("/feedback/new/signal/")["Cache-Control"] == "private, max-age=0"


def test_the_code_is_in_no_address_and_no_cookie(client: Client) -> None:
    response = client.post(new(), typed())

    code = response.context["code"]
    carried = [
        response.request["PATH_INFO"],
        response.request["QUERY_STRING"],
        str(response.headers),
        str(client.cookies),
    ]
    assert response.status_code == 200  # the answer itself: no redirect that would need the code
    assert [where for where in carried if code in where] == []
    assert f"={code}" not in response.content.decode()


def test_a_form_of_another_site_is_refused() -> None:
    response = Client(enforce_csrf_checks=True).post(new(), typed())

    assert response.status_code == 403
    assert not Case.objects.exists()


def test_a_form_with_its_csrf_token_is_taken() -> None:
    client = Client(enforce_csrf_checks=True)
    page = client.get(new())

    response = client.post(new(), {**typed(), "csrfmiddlewaretoken": str(page.context["csrf_token"])})

    assert response.status_code == 200
    assert Case.objects.count() == 1


@pytest.mark.parametrize("page", [CHOOSE, TRACK, "/feedback/new/signal/"])
def test_other_methods_are_refused(client: Client, page: str) -> None:
    assert client.delete(page).status_code == 405


def test_what_happened_today_in_sofia_may_be_filed_after_midnight(client: Client, monkeypatch: Any) -> None:
    after_midnight = datetime(2026, 11, 22, 22, 30, tzinfo=UTC)  # 00:30 on Monday 23.11 in Sofia
    monkeypatch.setattr("django.utils.timezone.now", lambda: after_midnight)

    response = client.post(new(), typed(happened_on="23.11.2026"))

    assert response.status_code == 200


def test_a_promise_that_was_reworded_is_offered_as_it_reads_now() -> None:
    first, *others = standards()
    first.title = "Както гласи сега"

    save_with_history(first, by=None, why="преформулирана")

    assert list(map(str, standards())) == list(map(str, [first, *others]))
    assert "Както гласи сега" in str(FilingForm(kind="signal", now=datetime(2026, 11, 23, tzinfo=UTC))["standard"])
