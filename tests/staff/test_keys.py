"""Security keys beside codes: added, used, renamed and removed; refused when they are somebody else's or a copy."""

import json
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from samokov_portal.signin.passing import PASSED
from samokov_portal.staff.factors import factors_of, has_factor, renew_codes
from samokov_portal.staff.models import StaffEvent, StaffUser
from samokov_portal.staff.tasks import tell_of_factor
from tests.conftest import PASSWORD
from tests.staff.soft_key import SoftKey

pytestmark = pytest.mark.django_db
LOGIN, SECOND = "/desk/login/", "/desk/login/second/"
FACTORS, KEY, CONFIRM = "/desk/second-factor/", "/desk/second-factor/key/", "/desk/second-factor/confirm/"


@pytest.fixture(autouse=True)
def required(settings: Any) -> None:
    settings.STAFF_SECOND_FACTOR = True


def add(client: Client, key: SoftKey, name: str = "Ключ на връзката", **changed: Any) -> Any:
    answer = key.create(client.get(KEY).context["key_options"])
    return client.post(KEY, {"name": name, "credential": json.dumps(answer | changed)})


@pytest.fixture
def key(as_role: Any) -> SoftKey:
    """The key of the clerk, their only factor."""
    key = SoftKey()
    assert add(as_role("clerk"), key).status_code == 200
    return key


def asked(client: Client, role: str = "clerk") -> str:
    """What the second step asks a key of."""
    client.post(LOGIN, {"username": role, "password": PASSWORD})
    return str(client.get(SECOND).context["key_options"])


def show(client: Client, answer: Any, **more: str) -> Any:
    return client.post(SECOND, {"credential": json.dumps(answer), **more})


def who(client: Client) -> str | None:
    return client.session.get("_auth_user_id")


# -- Adding


def test_a_key_is_added_and_brings_recovery_codes(as_role: Any, staff: dict[str, StaffUser]) -> None:
    client = as_role("clerk")

    answer = add(client, SoftKey())

    assert len(answer.context["codes"]) == 10
    assert [row.wrap().name for row in factors_of(staff["clerk"]).keys] == ["Ключ на връзката"]
    assert client.get("/desk/").status_code == 200
    kinds = StaffEvent.objects.filter(user=staff["clerk"]).order_by("-pk").values_list("kind", flat=True)
    assert list(kinds[:2]) == ["codes", "key_on"]


def test_a_key_without_a_name_is_numbered(as_role: Any, staff: dict[str, StaffUser]) -> None:
    client = as_role("clerk")
    add(client, SoftKey(), name="")

    add(client, SoftKey(), name=" ")

    assert [row.wrap().name for row in factors_of(staff["clerk"]).keys] == ["Ключ 1", "Ключ 2"]


@pytest.mark.parametrize(
    "sent",
    ["", "x", "[]", "{}", "null", '{"id": "AA", "rawId": "AA", "response": {}}', "[" * 5000, "9" * 6000, "\x00"],
    ids=["nothing", "word", "list", "empty", "null", "no response", "deep", "long number", "zero byte"],
)
def test_what_is_no_answer_of_a_key_adds_none(as_role: Any, staff: dict[str, StaffUser], sent: str) -> None:
    client = as_role("clerk")
    client.get(KEY)

    answer = client.post(KEY, {"name": "x", "credential": sent})

    assert answer.status_code == 422
    assert answer.context["form"].errors["credential"]
    assert not has_factor(staff["clerk"])


@pytest.mark.parametrize("part", ["clientDataJSON", "attestationObject"])
@pytest.mark.parametrize("value", ["", "AAAA", "%%", 7, None, "oWNmbXRkbm9uZQ"])
def test_a_broken_answer_is_refused(as_role: Any, staff: dict[str, StaffUser], part: str, value: Any) -> None:
    client = as_role("clerk")
    answer = SoftKey().create(client.get(KEY).context["key_options"])
    answer["response"][part] = value

    assert client.post(KEY, {"credential": json.dumps(answer)}).status_code == 422
    assert not has_factor(staff["clerk"])


def test_the_answer_for_another_page_adds_none(as_role: Any, staff: dict[str, StaffUser]) -> None:
    assert add(as_role("clerk"), SoftKey(origin="https://testserver.evil.example")).status_code == 422
    assert not has_factor(staff["clerk"])


def test_an_answer_under_another_name_adds_none(as_role: Any) -> None:
    assert add(as_role("clerk"), SoftKey(), id="AAAA").status_code == 422


def test_a_challenge_is_for_one_answer(as_role: Any, staff: dict[str, StaffUser]) -> None:
    client = as_role("clerk")
    options = client.get(KEY).context["key_options"]
    client.post(KEY, {"credential": json.dumps({"id": "x"})})  # the page that answers brings a new one

    assert client.post(KEY, {"credential": json.dumps(SoftKey().create(options))}).status_code == 422


def test_the_key_of_somebody_else_is_not_added_again(as_role: Any, staff: dict[str, StaffUser], key: SoftKey) -> None:
    assert add(as_role("secretary"), key).status_code == 422
    assert not has_factor(staff["secretary"])


def test_another_key_is_added_only_just_after_a_factor_was_shown(client: Client, key: SoftKey) -> None:
    show(client, key.get(asked(client)))
    session = client.session
    session[PASSED] -= 16 * 60
    session.save()

    assert client.get(KEY)["Location"].startswith(CONFIRM)
    options = client.get(CONFIRM).context["key_options"]
    assert client.post(CONFIRM, {"credential": json.dumps(SoftKey().get(options))}).status_code == 422
    options = client.get(CONFIRM).context["key_options"]
    assert client.post(CONFIRM, {"credential": json.dumps(key.get(options)), "next": KEY})["Location"] == KEY
    assert client.get(KEY).status_code == 200


# -- Signing in


def test_the_key_lets_in_and_leads_to_what_was_asked_for(client: Client, staff: Any, key: SoftKey) -> None:
    answer = show(client, key.get(asked(client)), next="/desk/applications/")

    assert (answer.status_code, answer["Location"]) == (302, "/desk/applications/")
    assert who(client) == str(staff["clerk"].pk)
    assert client.get("/desk/").status_code == 200


def test_a_foreign_key_stays_outside(client: Client, key: SoftKey) -> None:
    answer = show(client, SoftKey().get(asked(client)))

    assert answer.status_code == 422
    assert "Този ключ не е Ваш" in answer.content.decode()
    assert who(client) is None


def test_the_name_of_the_key_without_the_key_stays_outside(client: Client, key: SoftKey) -> None:
    assert show(client, SoftKey(handle=key.handle).get(asked(client))).status_code == 422
    assert who(client) is None


def test_the_key_of_a_colleague_stays_outside(client: Client, as_role: Any, key: SoftKey) -> None:
    other = SoftKey()
    add(as_role("secretary"), other)

    assert show(client, other.get(asked(client))).status_code == 422


def test_an_answer_to_a_false_page_stays_outside(client: Client, key: SoftKey) -> None:
    key.origin = "https://samokov-portal.example"

    assert show(client, key.get(asked(client))).status_code == 422


def test_an_answer_counts_once(client: Client, key: SoftKey) -> None:
    answer = key.get(asked(client))
    show(client, answer)
    other = Client()
    asked(other)

    assert show(other, answer).status_code == 422


def test_a_copy_of_the_key_is_seen_by_its_count(client: Client, key: SoftKey) -> None:
    copied = SoftKey(private=key.private, handle=key.handle, count=key.count - 1)

    assert show(client, copied.get(asked(client))).status_code == 422
    assert who(client) is None


def test_a_passkey_that_does_not_count_is_taken(client: Client, as_role: Any, key: SoftKey) -> None:
    passkey = SoftKey(count=-1)
    client_of_secretary = as_role("secretary")
    add(client_of_secretary, passkey)
    passkey.count = -1

    assert show(client, passkey.get(asked(client, "secretary"))).status_code == 302


@pytest.mark.parametrize("sent", ["", "{}", '{"id": "AA", "rawId": "AA", "response": {"signature": 5}}', "[" * 5000])
def test_what_is_no_answer_stays_outside(client: Client, key: SoftKey, sent: str) -> None:
    asked(client)

    assert client.post(SECOND, {"credential": sent}).status_code == 422
    assert who(client) is None


def test_a_recovery_code_serves_who_lost_the_key(client: Client, staff: Any, key: SoftKey) -> None:
    code = renew_codes(user=staff["clerk"])[0]
    asked(client)

    assert client.post(SECOND, {"code": code}).status_code == 302


def test_who_has_no_key_is_not_asked_for_one(client: Client, staff: Any) -> None:
    renew_codes(user=staff["clerk"])
    Authenticator.objects.create(user=staff["clerk"], type="totp", data={"secret": ""})
    client.post(LOGIN, {"username": "clerk", "password": PASSWORD})

    assert "key_options" not in client.get(SECOND).context


# -- Keeping them


def rename(client: Client, row: Authenticator, name: str) -> Any:
    return client.post(f"{FACTORS}{row.pk}/rename/", {"name": name})


def test_a_key_is_renamed_by_its_owner_only(client: Client, as_role: Any, staff: Any, key: SoftKey) -> None:
    (row,) = factors_of(staff["clerk"]).keys
    show(client, key.get(asked(client)))
    other = as_role("secretary")
    add(other, SoftKey())

    outcomes = [rename(client, row, name).status_code for name in ("Синият", "", "а" * 61)]

    assert outcomes == [302, 422, 422]
    assert rename(other, row, "Мой").status_code == 404
    assert factors_of(staff["clerk"]).keys[0].wrap().name == "Синият"
    assert "Синият" in client.get(FACTORS).content.decode()


def test_a_key_is_removed_and_lets_nobody_in_any_more(client: Client, staff: Any, key: SoftKey) -> None:
    show(client, key.get(asked(client)))
    add(client, SoftKey(), name="Втори")
    first, _second = factors_of(staff["clerk"]).keys

    client.post(f"{FACTORS}{first.pk}/remove/")

    assert [row.wrap().name for row in factors_of(staff["clerk"]).keys] == ["Втори"]
    assert StaffEvent.objects.filter(user=staff["clerk"]).latest("pk").kind == "key_off"
    other = Client()
    assert show(other, key.get(asked(other))).status_code == 422


def test_the_last_key_stays_where_a_factor_is_required(client: Client, staff: Any, key: SoftKey) -> None:
    show(client, key.get(asked(client)))

    client.post(f"{FACTORS}{factors_of(staff['clerk']).keys[0].pk}/remove/")

    assert has_factor(staff["clerk"])


# -- Telling of it


@pytest.mark.parametrize("address", ["clerk@samokov.example", ""])
def test_the_owner_is_told_by_letter_what_changed(as_role: Any, staff: Any, address: str) -> None:
    staff["clerk"].email = address
    staff["clerk"].save()
    add(as_role("clerk"), SoftKey())
    (ordered,) = ProcrastinateJob.objects.filter(task_name="staff.tell_of_factor")

    tell_of_factor(**ordered.args)

    assert [(letter.to, letter.subject) for letter in mail.outbox] == (
        [([address], "Промяна в начина, по който влизате в портала")] if address else []
    )
    assert all("добавен ключ за сигурност" in letter.body for letter in mail.outbox)


def test_each_change_of_factors_orders_a_letter(client: Client, staff: Any, key: SoftKey) -> None:
    show(client, key.get(asked(client)))
    add(client, SoftKey())
    client.post(f"{FACTORS}codes/")
    client.post(f"{FACTORS}{factors_of(staff['clerk']).keys[0].pk}/remove/")

    ordered = ProcrastinateJob.objects.filter(task_name="staff.tell_of_factor").order_by("pk")
    kinds = [StaffEvent.objects.get(pk=job.args["event_id"]).kind for job in ordered]

    assert kinds == ["key_on", "key_on", "codes", "key_off"]
