"""The second step of the login, and how it is set up, kept and lost."""

import re
import time
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from cryptography.fernet import InvalidToken
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.test import Client

from samokov_portal.signin.passing import PASSED, PENDING
from samokov_portal.staff.factors import WrongCode, add_app, confirm_code, factors_of, has_factor, renew_codes
from samokov_portal.staff.models import StaffEvent, StaffUser
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db
LOGIN, SECOND = "/desk/login/", "/desk/login/second/"
FACTORS, APP, CONFIRM = "/desk/second-factor/", "/desk/second-factor/app/", "/desk/second-factor/confirm/"
CODES = "/desk/second-factor/codes/"
SEED = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.fixture(autouse=True)
def required(settings: Any) -> None:
    settings.STAFF_SECOND_FACTOR = True


def code_of(secret: str = SEED, periods: int = 0) -> str:
    """What an app shows, so many half minutes from now."""
    return totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // 30 + periods))


@pytest.fixture
def clerk(staff: dict[str, StaffUser]) -> StaffUser:
    """A clerk with an app, whose code of now is not used up."""
    add_app(user=staff["clerk"], secret=SEED, code=code_of(periods=-1))
    return staff["clerk"]


def password(client: Client, **more: str) -> Any:
    return client.post(LOGIN, {"username": "clerk", "password": PASSWORD, **more})


def who(client: Client) -> str | None:
    return client.session.get("_auth_user_id")


def enter(client: Client) -> Client:
    password(client)
    client.post(SECOND, {"code": code_of()})
    return client


# -- Logging in


def test_the_password_alone_lets_nobody_in(client: Client, clerk: StaffUser) -> None:
    answer = password(client)

    assert (answer.status_code, answer["Location"]) == (302, SECOND)
    assert who(client) is None
    assert client.get("/desk/")["Location"] == "/desk/login/?next=/desk/"


def test_the_code_lets_in_and_leads_to_what_was_asked_for(client: Client, clerk: StaffUser) -> None:
    second = password(client, next="/desk/applications/")["Location"]

    shown = client.get(second)
    answer = client.post(SECOND, {"code": code_of(), "next": shown.context["next"]})

    assert (answer.status_code, answer["Location"]) == (302, "/desk/applications/")
    assert who(client) == str(clerk.pk)
    assert PENDING not in client.session
    assert client.get("/desk/").status_code == 200


def test_a_code_may_be_spaced_as_the_app_shows_it(client: Client, clerk: StaffUser) -> None:
    password(client)
    code = code_of()

    assert client.post(SECOND, {"code": f" {code[:3]} {code[3:]}"}).status_code == 302


@pytest.mark.parametrize("address", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_after_the_code_another_site_is_never_shown(client: Client, clerk: StaffUser, address: str) -> None:
    password(client)

    assert client.post(SECOND, {"code": code_of(), "next": address})["Location"] == "/desk/"


@pytest.mark.parametrize("code", ["000000", "", "abc", "1" * 21, "\x00"])
def test_a_wrong_code_stays_outside(client: Client, clerk: StaffUser, code: str) -> None:
    password(client)

    answer = client.post(SECOND, {"code": code})

    assert answer.status_code == 422
    assert answer.context["form"].errors
    assert who(client) is None


def test_a_code_counts_once(client: Client, clerk: StaffUser) -> None:
    code = code_of()
    confirm_code(user=clerk, code=code)

    with pytest.raises(WrongCode):
        confirm_code(user=clerk, code=code)


@pytest.mark.parametrize(("periods", "is_taken"), [(-3, False), (0, True), (1, True), (3, False)])
def test_a_code_lives_for_its_time(staff: Any, periods: int, is_taken: bool) -> None:
    add_app(user=staff["clerk"], secret=SEED, code=code_of(periods=-1))

    if is_taken:
        assert confirm_code(user=staff["clerk"], code=code_of(periods=periods)).type == "totp"
    else:
        with pytest.raises(WrongCode):
            confirm_code(user=staff["clerk"], code=code_of(periods=periods))


def test_a_recovery_code_lets_in_once(client: Client, clerk: StaffUser) -> None:
    code = renew_codes(user=clerk)[3]
    password(client)
    first = client.post(SECOND, {"code": code})
    other = Client()
    password(other)

    second = other.post(SECOND, {"code": code})

    assert (first.status_code, second.status_code) == (302, 422)
    assert factors_of(clerk).codes_left == 9


def test_the_code_of_somebody_else_is_wrong(client: Client, staff: Any) -> None:
    add_app(user=staff["secretary"], secret=SEED, code=code_of(periods=-1))
    other = totp.generate_totp_secret()
    add_app(user=staff["clerk"], secret=other, code=code_of(other, periods=-1))
    password(client)

    assert client.post(SECOND, {"code": code_of()}).status_code == 422


def test_codes_are_not_guessed(client: Client, clerk: StaffUser) -> None:
    password(client)
    for _ in range(8):
        client.post(SECOND, {"code": "000000"})

    answer = client.post(SECOND, {"code": code_of()})

    assert answer.status_code == 422
    assert "Твърде много опити" in answer.content.decode()
    assert who(client) is None


def test_the_second_step_is_not_there_without_the_first(client: Client, clerk: StaffUser) -> None:
    answers = [client.get(SECOND), client.post(SECOND, {"code": code_of()})]

    assert {answer["Location"].split("?")[0] for answer in answers} == {LOGIN}
    assert who(client) is None


def test_the_first_step_counts_for_ten_minutes(client: Client, clerk: StaffUser) -> None:
    password(client)
    session = client.session
    session[PENDING] = {**session[PENDING], "at": session[PENDING]["at"] - 601}
    session.save()

    assert client.post(SECOND, {"code": code_of()})["Location"].startswith(LOGIN)


@pytest.mark.parametrize("change", [{"is_active": False}, {"password": "!"}], ids=["left", "another password"])
def test_the_first_step_does_not_outlive_the_password(client: Client, clerk: StaffUser, change: dict[str, Any]) -> None:
    password(client)
    for name, value in change.items():
        setattr(clerk, name, value)
    clerk.save()

    assert client.post(SECOND, {"code": code_of()})["Location"].startswith(LOGIN)
    assert who(client) is None


def test_a_session_without_the_second_step_begins_anew(as_role: Any, clerk: StaffUser) -> None:
    client = as_role("clerk")  # as it was before the setting, or by a way past the login

    assert client.get("/desk/")["Location"] == "/desk/login/?next=/desk/"
    assert who(client) is None


def test_the_administration_pages_have_no_way_past_it(client: Client, as_role: Any, settings: Any) -> None:
    asked = client.get("/desk/admin/")
    answer = client.get(asked["Location"])
    posted = client.post("/desk/admin/login/", {"username": "editor", "password": PASSWORD})

    assert answer["Location"] == "/desk/login/?next=/desk/admin/"
    assert posted["Location"] == "/desk/login/?next=/desk/admin/"
    assert who(client) is None
    assert as_role("editor").get("/desk/admin/")["Location"] == FACTORS


# -- Where it is required, and where it is not


@pytest.mark.parametrize("role", ["clerk", "editor"])
def test_who_has_none_is_led_to_set_it_up(as_role: Any, role: str) -> None:
    client = as_role(role)

    assert {client.get(page)["Location"] for page in ("/desk/", "/desk/admin/", "/desk/kept/", CODES)} == {FACTORS}
    assert client.post("/desk/log/signal/", {"text": "x"})["Location"] == FACTORS
    assert [client.get(page).status_code for page in (FACTORS, APP)] == [200, 200]


def test_where_it_is_not_required_nobody_is_led_there(as_role: Any, settings: Any) -> None:
    settings.STAFF_SECOND_FACTOR = False

    assert as_role("clerk").get("/desk/").status_code == 200


def test_who_has_one_is_asked_for_it_also_where_it_is_not_required(client: Client, clerk: Any, settings: Any) -> None:
    settings.STAFF_SECOND_FACTOR = False

    assert password(client)["Location"] == SECOND


# -- Setting it up


def shown_secret(client: Client) -> str:
    return str(client.get(APP).context["secret"]).replace(" ", "")


def test_an_app_is_set_up_and_lets_in(as_role: Any, staff: Any) -> None:
    client = as_role("clerk")

    secret = shown_secret(client)
    answer = client.post(APP, {"code": code_of(secret)})

    assert answer.status_code == 200
    assert len(answer.context["codes"]) == 10
    assert "no-store" in answer["Cache-Control"]
    assert has_factor(staff["clerk"])
    assert client.get("/desk/").status_code == 200
    assert [event.kind for event in StaffEvent.objects.filter(user=staff["clerk"], roles="").order_by("pk")][-2:] == [
        "app_on",
        "codes",
    ]


def test_an_app_that_was_not_read_is_not_set_up(as_role: Any, staff: Any) -> None:
    client = as_role("clerk")
    secret = shown_secret(client)

    answer = client.post(APP, {"code": "000000"})

    assert answer.status_code == 422
    assert str(answer.context["secret"]).replace(" ", "") == secret
    assert not has_factor(staff["clerk"])


def test_the_seed_that_is_being_read_lies_encrypted_too(as_role: Any) -> None:
    client = as_role("clerk")

    secret = shown_secret(client)

    assert secret not in str(dict(client.session))


def test_the_picture_has_nothing_inline_and_needs_no_other_host(as_role: Any) -> None:
    picture = as_role("clerk").get(APP).context["picture"]

    assert "<svg" in picture
    assert not re.search(r"\sstyle=|<script|<image|href=", picture)


def test_seeds_and_codes_lie_encrypted(clerk: StaffUser) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(data::text, ' ') FROM mfa_authenticator")
        stored = cursor.fetchone()[0]

    assert SEED not in stored
    assert not any(code in stored for code in renew_codes(user=clerk))


def test_another_key_does_not_read_them_unless_it_is_a_fallback(clerk: StaffUser, settings: Any) -> None:
    old = settings.SECRET_KEY
    settings.SECOND_FACTOR_KEY = "another key altogether"
    with pytest.raises(InvalidToken), transaction.atomic():
        confirm_code(user=clerk, code=code_of())

    settings.SECRET_KEY_FALLBACKS = [old]

    assert confirm_code(user=clerk, code=code_of()).type == "totp"


def test_factors_are_changed_only_just_after_a_code(client: Client, clerk: StaffUser) -> None:
    enter(client)
    session = client.session
    session[PASSED] -= 16 * 60
    session.save()

    asked = [client.get(APP), client.post(CODES), client.post(f"{FACTORS}{factors_of(clerk).app.pk}/remove/")]

    assert {answer["Location"] for answer in asked} == {f"{CONFIRM}?next=%2Fdesk%2Fsecond-factor%2F"}
    assert client.post(CONFIRM, {"code": "000000"}).status_code == 422
    assert client.post(CONFIRM, {"code": renew_codes(user=clerk)[0]}).status_code == 302
    assert client.get(APP).status_code == 200


def test_new_recovery_codes_end_the_old_ones(client: Client, clerk: StaffUser) -> None:
    old = renew_codes(user=clerk)[0]

    answer = enter(client).post(CODES)

    assert len(answer.context["codes"]) == 10
    with pytest.raises(WrongCode):
        confirm_code(user=clerk, code=old)


def test_another_app_takes_the_place_of_the_first(client: Client, clerk: StaffUser) -> None:
    enter(client)
    secret = shown_secret(client)

    client.post(APP, {"code": code_of(secret)})

    assert Authenticator.objects.filter(user=clerk, type="totp").count() == 1
    with pytest.raises(WrongCode):
        confirm_code(user=clerk, code=code_of(periods=1))


@pytest.mark.parametrize(("is_required", "left"), [(True, True), (False, False)])
def test_the_last_factor_goes_only_where_none_is_required(
    client: Client, clerk: StaffUser, settings: Any, is_required: bool, left: bool
) -> None:
    settings.STAFF_SECOND_FACTOR = is_required
    enter(client)

    client.post(f"{FACTORS}{factors_of(clerk).app.pk}/remove/")

    assert has_factor(clerk) is left
    assert Authenticator.objects.filter(user=clerk).exists() is left


def test_nobody_removes_the_factor_of_somebody_else(
    client: Client, clerk: StaffUser, staff: Any, settings: Any
) -> None:
    settings.STAFF_SECOND_FACTOR = False
    other = totp.generate_totp_secret()
    add_app(user=staff["secretary"], secret=other, code=code_of(other))

    answer = enter(client).post(f"{FACTORS}{factors_of(staff['secretary']).app.pk}/remove/")

    assert answer.status_code == 404
    assert has_factor(staff["secretary"])


# -- Losing it, and changing it past the portal


def test_who_lost_everything_begins_anew(client: Client, clerk: StaffUser, capsys: Any) -> None:
    enter(client)

    call_command("reset_second_factor", "clerk")

    assert capsys.readouterr().out == "clerk: 2 factors removed, 1 sessions ended.\n"
    assert not has_factor(clerk)
    assert client.get("/desk/")["Location"] == "/desk/login/?next=/desk/"
    assert StaffEvent.objects.filter(user=clerk).latest("pk").kind == "reset"


def test_nobody_is_reset_by_a_slip(staff: Any) -> None:
    with pytest.raises(CommandError, match="there is no member of staff called klerk"):
        call_command("reset_second_factor", "klerk")


@pytest.mark.django_db(transaction=True)
def test_the_database_refuses_a_factor_that_nobody_tells_of(clerk: StaffUser) -> None:
    confirm_code(user=clerk, code=code_of())  # a use changes the row, and needs no event

    with pytest.raises(DatabaseError, match="without an event"):
        Authenticator.objects.create(user=clerk, type="webauthn", data={"name": "чужд", "credential": {}})
    with pytest.raises(DatabaseError, match="without an event"):
        Authenticator.objects.filter(user=clerk, type="totp").update(data={"secret": "x"})
    with pytest.raises(DatabaseError, match="without an event"):
        Authenticator.objects.filter(user=clerk).delete()
