"""Signing in by the eAuth of the state: whoever is staff, after the second factor; what is not in order is refused."""

import io
import sys
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings as portal_settings
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from samokov_portal.signin.views.eauth import ASKED
from samokov_portal.staff.factors import has_factor, renew_codes
from samokov_portal.staff.identities import IdentityTaken, person_called, set_identity
from samokov_portal.staff.models import StaffEvent, StaffIdentity, StaffUser
from tests.staff.oidc import CLIENT, SECRET, Provider, served
from tests.staff.test_second_factor import SEED, add_app, code_of

pytestmark = pytest.mark.django_db
OFF, BACK, SECOND = "/desk/login/eauth/", "/desk/login/eauth/back/", "/desk/login/second/"
WHO = "BG-7501011234"


@pytest.fixture(scope="module")
def running() -> Iterator[Provider]:
    with served() as provider:
        yield provider


@pytest.fixture
def provider(running: Provider, settings: Any) -> Iterator[Provider]:
    """The provider as the settings name it, in order again after each test."""
    settings.EAUTH_ISSUER, settings.EAUTH_CLIENT_ID = running.address, CLIENT
    settings.EAUTH_CLIENT_SECRET, settings.EAUTH_SCOPE = SECRET, "openid profile"
    settings.STAFF_SECOND_FACTOR = True
    yield running
    running.claims, running.about, running.answers, running.signs_by = {}, {}, {}, None
    running.algorithm = "ES256"


@pytest.fixture
def clerk(provider: Provider, staff: dict[str, StaffUser]) -> StaffUser:
    """A clerk known at the provider."""
    set_identity(user=staff["clerk"], identifier=WHO)
    return staff["clerk"]


def come_back(client: Client, provider: Provider, wanted: str = "", **changed: str) -> Any:
    address = client.get(OFF, {"next": wanted} if wanted else {})["Location"]
    return client.get(f"{BACK}?{provider.authorize(address, **changed)}")


def who(client: Client) -> str | None:
    return client.session.get("_auth_user_id")


def why(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.context["why"]


# -- Switched off, and the way there


def test_without_settings_there_is_no_such_way_in(client: Client, staff: Any) -> None:
    assert [client.get(page).status_code for page in (OFF, BACK)] == [404, 404]
    assert OFF not in client.get("/desk/login/").content.decode()


def test_the_login_leads_there_with_what_was_asked_for(client: Client, provider: Provider) -> None:
    page = client.get("/desk/login/?next=/desk/letters/").content.decode()

    assert f'href="{OFF}?next=/desk/letters/"' in page


def test_the_question_is_bound_to_this_browser(client: Client, provider: Provider) -> None:
    address = client.get(OFF)["Location"]
    asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
    kept = client.session[ASKED]

    assert address.startswith(f"{provider.address}/authorize?")
    assert (asked["state"], asked["nonce"]) == (kept["state"], kept["nonce"])
    assert asked["code_challenge_method"] == "S256"
    assert kept["verifier"] not in address
    assert asked["redirect_uri"] == f"{portal_settings.PORTAL_URL}{BACK}"
    assert (asked["response_type"], asked["scope"], asked["client_id"]) == ("code", "openid profile", CLIENT)


# -- Who comes in


def test_after_it_comes_the_second_factor(client: Client, provider: Provider, clerk: StaffUser) -> None:
    add_app(user=clerk, secret=SEED, code=code_of(periods=-1))

    answer = come_back(client, provider, "/desk/applications/")

    assert answer["Location"] == f"{SECOND}?next=%2Fdesk%2Fapplications%2F"
    assert who(client) is None
    assert client.post(answer["Location"], {"code": code_of()})["Location"] == "/desk/applications/"
    assert who(client) == str(clerk.pk)


@pytest.mark.parametrize("level", ["high", "urn:egov:bg:eauth:2.0:loa:high"])
def test_no_level_of_assurance_stands_for_the_second_factor(
    client: Client, provider: Provider, clerk: StaffUser, level: str
) -> None:
    provider.claims = {"acr": level, "amr": ["hwk", "pin"]}

    answer = come_back(client, provider)

    assert answer["Location"] == "/desk/"
    assert client.get("/desk/")["Location"] == "/desk/second-factor/"
    assert not has_factor(clerk)


def test_recovery_codes_are_a_second_factor_after_it_too(client: Client, provider: Provider, clerk: StaffUser) -> None:
    add_app(user=clerk, secret=SEED, code=code_of(periods=-1))
    code = renew_codes(user=clerk)[0]
    come_back(client, provider)

    assert client.post(SECOND, {"code": code}).status_code == 302


@pytest.mark.parametrize("wanted", ["https://evil.example/", "//evil.example/"])
def test_afterwards_another_site_is_never_shown(
    client: Client, provider: Provider, clerk: StaffUser, wanted: str
) -> None:
    assert come_back(client, provider, wanted)["Location"] == "/desk/"


def test_another_claim_may_say_who_it_is(client: Client, provider: Provider, staff: Any, settings: Any) -> None:
    settings.EAUTH_CLAIM = "personIdentifier"
    set_identity(user=staff["expert"], identifier="PNOBG-1")
    provider.claims = {"personIdentifier": "PNOBG-1"}

    come_back(client, provider)

    assert who(client) == str(staff["expert"].pk)


def test_who_is_not_staff_gets_no_account(client: Client, provider: Provider, clerk: StaffUser) -> None:
    people = StaffUser.objects.count()
    provider.claims = {"sub": "BG-8001019999"}

    answer = come_back(client, provider)

    assert why(answer) == (403, "unknown")
    assert "не е записан за служител" in answer.content.decode()
    assert (who(client), StaffUser.objects.count()) == (None, people)


def test_an_address_of_mail_is_nobody(client: Client, provider: Provider, staff: dict[str, StaffUser]) -> None:
    staff["secretary"].email = "secretary@samokov.example"
    staff["secretary"].save()
    provider.claims = {"email": "secretary@samokov.example", "email_verified": True, "preferred_username": "secretary"}

    assert why(come_back(client, provider)) == (403, "unknown")
    assert who(client) is None


def test_who_left_is_nobody(client: Client, provider: Provider, clerk: StaffUser) -> None:
    clerk.is_active = False
    clerk.save()

    assert why(come_back(client, provider)) == (403, "unknown")


# -- What is not in order

WRONG: dict[str, dict[str, Any]] = {
    "nonce of another question": {"nonce": "another"},
    "no nonce": {"nonce": None},
    "issuer": {"iss": "http://127.0.0.1:1"},
    "audience": {"aud": "another-portal"},
    "given to another": {"aud": [CLIENT, "another"], "azp": "another"},
    "given to nobody says whom": {"aud": [CLIENT, "another"]},
    "expired": {"exp": 1_000_000},
    "no end": {"exp": None},
    "of tomorrow": {"iat": 4_000_000_000},
    "no subject": {"sub": None},
    "empty subject": {"sub": " "},
    "subject that is no text": {"sub": 7},
}


@pytest.mark.parametrize("claims", WRONG.values(), ids=WRONG.keys())
def test_a_token_that_is_not_for_us_is_refused(
    client: Client, provider: Provider, clerk: StaffUser, claims: dict[str, Any]
) -> None:
    provider.claims = claims

    answer = come_back(client, provider)

    assert why(answer) == (400, "doubtful")
    assert "Започнете отначало" in answer.content.decode()
    assert who(client) is None


def test_a_token_signed_by_another_key_is_refused(client: Client, provider: Provider, clerk: StaffUser) -> None:
    provider.signs_by = ec.generate_private_key(ec.SECP256R1())

    assert why(come_back(client, provider)) == (400, "doubtful")


@pytest.mark.parametrize(("algorithm", "key"), [("none", ""), ("HS256", SECRET * 4)])
def test_a_token_without_a_signature_of_a_key_pair_is_refused(
    client: Client, provider: Provider, clerk: StaffUser, algorithm: str, key: str
) -> None:
    provider.algorithm, provider.signs_by = algorithm, key

    assert why(come_back(client, provider)) == (400, "doubtful")


@pytest.mark.parametrize("state", ["", "another", "щ"])
def test_another_state_is_refused(client: Client, provider: Provider, clerk: StaffUser, state: str) -> None:
    assert why(come_back(client, provider, state=state)) == (400, "doubtful")
    assert who(client) is None


def test_an_answer_counts_once_and_in_the_browser_that_asked(
    client: Client, provider: Provider, clerk: StaffUser
) -> None:
    address = f"{BACK}?{provider.authorize(client.get(OFF)['Location'])}"

    assert why(Client().get(address)) == (400, "doubtful")
    assert client.get(address).status_code == 302
    assert why(Client().get(address)) == (400, "doubtful")


def test_an_answer_after_ten_minutes_is_refused(client: Client, provider: Provider, clerk: StaffUser) -> None:
    address = f"{BACK}?{provider.authorize(client.get(OFF)['Location'])}"
    session = client.session
    session[ASKED] = {**session[ASKED], "at": time.time() - 601}
    session.save()

    assert why(client.get(address)) == (400, "doubtful")


def test_a_verifier_of_another_question_gets_no_token(client: Client, provider: Provider, clerk: StaffUser) -> None:
    address = f"{BACK}?{provider.authorize(client.get(OFF)['Location'])}"
    session = client.session
    session[ASKED] = {**session[ASKED], "verifier": "another"}
    session.save()

    assert why(client.get(address)) == (400, "doubtful")


def test_another_code_gets_no_token(client: Client, provider: Provider, clerk: StaffUser) -> None:
    assert why(come_back(client, provider, code="another")) == (400, "doubtful")


def test_who_said_no_there_is_told_so(client: Client, provider: Provider, clerk: StaffUser) -> None:
    assert why(come_back(client, provider, error="access_denied")) == (403, "denied")


# -- A provider that is not there

DOWN: dict[str, tuple[str, tuple[int, bytes]]] = {
    "fails": ("/.well-known/openid-configuration", (500, b"")),
    "is lost": ("/.well-known/openid-configuration", (404, b"")),
    "says no JSON": ("/.well-known/openid-configuration", (200, b"<html>")),
    "says a list": ("/.well-known/openid-configuration", (200, b"[]")),
    "leads elsewhere": ("/.well-known/openid-configuration", (302, b"")),
    "says JSON without a bottom": ("/.well-known/openid-configuration", (200, b"[" * 200_000)),
}


@pytest.mark.parametrize(("path", "answer"), DOWN.values(), ids=DOWN.keys())
def test_a_provider_that_is_down_is_told_of(
    client: Client, provider: Provider, path: str, answer: tuple[int, bytes]
) -> None:
    provider.answers = {path: answer}

    page = client.get(OFF)

    assert why(page) == (503, "down")
    assert "сега не отговаря" in page.content.decode()


@pytest.mark.parametrize("path", ["/token", "/keys"])
@pytest.mark.parametrize("answer", [(503, b""), (404, b""), (200, b"[" * 200_000)], ids=["fails", "is lost", "deep"])
def test_a_provider_that_goes_down_meanwhile_is_told_of(
    client: Client, provider: Provider, clerk: Any, path: str, answer: tuple[int, bytes]
) -> None:
    address = client.get(OFF)["Location"]
    provider.answers = {path: answer}

    assert why(client.get(f"{BACK}?{provider.authorize(address)}")) == (503, "down")


@pytest.mark.parametrize("about", [{"issuer": "https://evil.example"}, {"token_endpoint": None}, {"jwks_uri": 5}])
def test_a_provider_that_speaks_of_another_one_is_none(
    client: Client, provider: Provider, about: dict[str, Any]
) -> None:
    provider.about = about

    assert why(client.get(OFF)) == (503, "down")


def test_where_nobody_listens_a_page_says_so(client: Client, provider: Provider, settings: Any) -> None:
    settings.EAUTH_ISSUER = "http://127.0.0.1:9"

    assert why(client.get(OFF)) == (503, "down")


@pytest.mark.parametrize("name", ["authorization_endpoint", "token_endpoint", "jwks_uri"])
@pytest.mark.parametrize(
    "address", ["file:///etc/passwd", "https://127.0.0.1:9/token", "javascript:alert(1)", "http://[::1", "/keys", ""]
)
def test_an_address_of_another_protocol_is_not_asked(
    client: Client, provider: Provider, name: str, address: str
) -> None:
    provider.about = {name: address}

    assert why(client.get(OFF)) == (503, "down")


# -- Entering who is whom


def test_an_administrator_enters_who_is_whom(provider: Provider, staff: Any, monkeypatch: Any, capsys: Any) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{WHO}\n"))
    call_command("set_eauth", "mayor")
    known = person_called(WHO)
    call_command("set_eauth", "mayor", remove=True)

    assert known == staff["mayor"]
    assert person_called(WHO) is None
    kinds = StaffEvent.objects.filter(user=staff["mayor"]).order_by("pk").values_list("kind", flat=True)
    assert list(kinds)[-2:] == ["eauth_on", "eauth_off"]
    assert ProcrastinateJob.objects.filter(task_name="staff.tell_of_factor").count() == 2
    assert capsys.readouterr().out == "mayor: may sign in by it from now on.\nmayor: removed.\n"


@pytest.mark.parametrize(
    ("username", "said", "message"),
    [("nobody", WHO, "no member of staff"), ("mayor", "", "is empty"), ("mayor", WHO, "another person's")],
)
def test_a_slip_is_told(clerk: StaffUser, monkeypatch: Any, username: str, said: str, message: str) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(said))

    with pytest.raises(CommandError, match=message):
        call_command("set_eauth", username)


def test_without_a_provider_nobody_is_entered(staff: Any) -> None:
    with pytest.raises(CommandError, match="EAUTH_ISSUER is not set"):
        call_command("set_eauth", "mayor")


def test_the_identifier_is_kept_as_a_keyed_digest_and_outlives_a_change_of_the_key(
    clerk: StaffUser, settings: Any
) -> None:
    old = settings.SECRET_KEY
    settings.SECRET_KEY = "another key altogether"
    lost = person_called(WHO)
    settings.SECRET_KEY_FALLBACKS = [old]

    assert (lost, person_called(WHO)) == (None, clerk)
    assert "7501011234" not in StaffIdentity.objects.get().digest
    with pytest.raises(IdentityTaken):
        set_identity(user=StaffUser.objects.get(username="mayor"), identifier=WHO)


def test_at_another_provider_the_same_identifier_is_nobody(clerk: StaffUser, settings: Any) -> None:
    settings.EAUTH_ISSUER = "https://another.example"

    assert person_called(WHO) is None


def test_the_database_refuses_an_identity_that_nobody_tells_of(staff: dict[str, StaffUser]) -> None:
    StaffIdentity.objects.create(user=staff["clerk"], digest="x" * 64)

    with pytest.raises(DatabaseError, match="without an event"):
        connection.check_constraints()
