"""Forms that come in floods: what is asked, and of whom nothing is."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from altcha import Challenge, Payload, solve_challenge
from django import forms
from django.db import connection
from django.http import QueryDict
from django.template.loader import render_to_string
from django.test import RequestFactory

from feedback.models import Case
from samokov_portal.office.limits import Limit, Standing
from samokov_portal.office.once import BadToken, form_digest, issued_at, new_form_token, read_form_token
from samokov_portal.office.proof import is_proof, new_challenge
from samokov_portal.office.spam import HIDDEN_FIELD, TOO_QUICK, Pause, SpamGuard, Verdict, decide, pause_before
from samokov_portal.office.tally import Tally
from tests.factories import CaseFactory

HOUR = timedelta(hours=1)
ADDRESS, NEIGHBOUR, STRANGER = "203.0.113.7", "203.0.113.8", "198.51.100.1"
PACE, PER_ADDRESS, PER_NETWORK = 2, 4, 6


class Letter(SpamGuard):
    text = forms.CharField()


@pytest.fixture(autouse=True)
def small_limits(settings: Any) -> None:
    settings.FILINGS_UNTIMED = PACE
    settings.FILINGS_AN_HOUR_PER_ADDRESS = PER_ADDRESS
    settings.FILINGS_AN_HOUR_PER_NETWORK = PER_NETWORK
    settings.FILING_PROOF_COST = 1


def letter(token: str = "", **changes: str) -> Letter:
    """A letter as a browser sends it, checked."""
    data = QueryDict(mutable=True)
    data.update({"token": token or new_form_token(), "text": "Не свети лампа", "website": "", "proof": "", **changes})
    form = Letter(data)
    form.is_valid()
    return form


def send(form: Letter, seconds: float = 0, address: str = ADDRESS) -> Pause | None:
    """What the guard says to a form sent so many seconds after it was opened."""
    return pause_before(form, model=Case, address=address, now=form.issued_at + timedelta(seconds=seconds))


def send_many(count: int, address: str = ADDRESS) -> None:
    for _ in range(count):
        send(letter(), seconds=60, address=address)


def solved(challenge: str) -> str:
    """What the browser sends back for a challenge of ours."""
    parsed = Challenge.from_dict(json.loads(challenge))
    solution = solve_challenge(parsed)
    assert solution is not None
    return Payload(parsed, solution).to_base64()


def standing(count: int, amount: int) -> Standing:
    return Standing(Limit("x", amount, HOUR), count, HOUR)


PASS, TOO_QUICK_, CROWDED, FLOODED = Verdict.PASS, Verdict.TOO_QUICK, Verdict.CROWDED, Verdict.FLOODED


@pytest.mark.parametrize(
    ("pace", "address", "network", "seconds", "is_proved", "verdict"),
    [
        # few: nothing is asked, not even of a text pasted in an instant
        (1, 1, 1, 0, False, PASS),
        (5, 30, 120, 0, False, PASS),
        # quick and many in ten minutes: look again and send again
        (6, 6, 6, 1.9, False, TOO_QUICK_),
        (6, 6, 6, 2, False, PASS),
        (6, 6, 6, 0, True, PASS),
        # many in an hour, from the address or from its network: a proof, or a form that was open for a while
        (1, 31, 31, 29, False, CROWDED),
        (1, 31, 31, 30, False, PASS),
        (1, 31, 31, 0, True, PASS),
        (1, 1, 121, 29, False, CROWDED),
        (1, 1, 121, 30, False, PASS),
        (6, 31, 121, 0, False, CROWDED),
        # the clock of the other server is behind
        (6, 1, 1, -5, False, TOO_QUICK_),
        (1, 31, 1, -5, False, CROWDED),
        # far beyond: neither helps
        (6, 300, 1200, 30, False, PASS),
        (6, 301, 1200, 3600, True, FLOODED),
        (6, 1, 1201, 3600, True, FLOODED),
    ],
)
def test_what_is_asked_follows_from_how_many_came_and_how_quickly(
    pace: int, address: int, network: int, seconds: float, is_proved: bool, verdict: Verdict
) -> None:
    decided = decide(
        pace=standing(pace, 5),
        hour=[standing(address, 30), standing(network, 120)],
        age=timedelta(seconds=seconds),
        is_proved=is_proved,
        least=timedelta(seconds=2),
        wait=timedelta(seconds=30),
    )

    assert decided is verdict


def test_limits_that_are_off_ask_nothing() -> None:
    decided = decide(
        pace=standing(10_000, 0),
        hour=[standing(10_000, 0), standing(10_000, 0)],
        age=timedelta(0),
        is_proved=False,
        least=timedelta(seconds=2),
        wait=timedelta(seconds=30),
    )

    assert decided is Verdict.PASS


def test_a_token_tells_when_it_was_issued_and_keeps_its_random_part() -> None:
    token = new_form_token()

    assert len(read_form_token(token)) == 32
    assert issued_at(token).utcoffset() == timedelta(0)


def test_the_time_in_a_token_cannot_be_changed() -> None:
    nonce, stamp, signature = new_form_token().split(":")

    with pytest.raises(BadToken):
        issued_at(f"{nonce}:{stamp[:-1]}0:{signature[::-1]}")
    with pytest.raises(BadToken):
        read_form_token(f"{nonce}:{signature}")


@pytest.mark.django_db
def test_the_first_forms_of_an_address_pass_at_once() -> None:
    assert [send(letter()) for _ in range(PACE)] == [None] * PACE


@pytest.mark.django_db
def test_a_further_form_sent_at_once_comes_back_and_passes_when_sent_again() -> None:
    send_many(PACE)
    form = letter()

    pause = send(form, seconds=1)
    again = letter(form.data["token"])

    assert pause == Pause(422)
    assert form.non_field_errors() == [TOO_QUICK]
    assert send(again, seconds=3) is None
    assert again.errors == {}


@pytest.mark.django_db
def test_past_the_limit_a_form_that_was_open_for_a_while_passes() -> None:
    send_many(PER_ADDRESS)

    assert send(letter(), seconds=30) is None


@pytest.mark.django_db
@pytest.mark.parametrize(("seconds", "words"), [(5, "25 секунди"), (28.5, "2 секунди"), (29.5, "1 секунда")])
def test_past_the_limit_a_quick_form_is_asked_to_wait_for_what_remains(seconds: float, words: str) -> None:
    send_many(PER_ADDRESS)
    form = letter()

    pause = send(form, seconds=seconds)

    assert pause is not None
    assert (pause.status, pause.retry_after) == (422, timedelta(0))
    assert form.non_field_errors() == [
        "За кратко време от Вашата мрежа са подадени много формуляри. Написаното е запазено. "
        f"Изчакайте {words} и го изпратете отново."
    ]


@pytest.mark.django_db
def test_the_same_form_passes_after_the_wait() -> None:
    send_many(PER_ADDRESS)
    form = letter()
    send(form, seconds=5)

    assert send(letter(form.data["token"]), seconds=30) is None


@pytest.mark.django_db
def test_the_same_form_passes_at_once_with_the_proof() -> None:
    send_many(PER_ADDRESS)
    form = letter()
    pause = send(form, seconds=5)
    assert pause is not None

    assert send(letter(form.data["token"], proof=solved(pause.challenge)), seconds=6) is None


@pytest.mark.django_db
def test_the_proof_of_one_form_does_not_open_another() -> None:
    send_many(PER_ADDRESS)
    form = letter()
    pause = send(form, seconds=5)
    assert pause is not None

    refused = send(letter(proof=solved(pause.challenge)), seconds=6)

    assert refused is not None
    assert refused.status == 422


@pytest.mark.django_db
def test_a_network_is_counted_together_and_another_network_apart() -> None:
    send_many(PER_ADDRESS)
    send_many(PER_NETWORK - PER_ADDRESS, NEIGHBOUR)

    pause = send(letter(), address="203.0.113.99")

    assert pause is not None
    assert pause.challenge
    assert send(letter(), address=STRANGER) is None


@pytest.mark.django_db
def test_a_flood_is_told_when_to_come_back_and_where_else_to_go() -> None:
    send_many(PER_ADDRESS * 10)
    form = letter()
    end = Tally.objects.get(name="filings of an address").ends_at

    pause = send(form, seconds=60)

    assert pause is not None
    assert (pause.status, pause.challenge) == (429, "")
    assert pause.retry_after == end - form.issued_at - timedelta(seconds=60)
    assert "изпратете го отново след " in form.non_field_errors()[0]
    assert "на гише, по пощата или по имейл" in form.non_field_errors()[0]
    assert send(letter(), seconds=60, address=STRANGER) is None


@pytest.mark.django_db
def test_pressing_again_is_not_another_filing() -> None:
    token = new_form_token()

    pauses = [send(letter(token)) for _ in range(PER_ADDRESS * 10)]

    assert pauses == [None] * PER_ADDRESS * 10
    assert Tally.objects.get(name="filings of an address").count == 1


@pytest.mark.django_db
def test_a_form_that_was_registered_passes_even_in_a_flood() -> None:
    send_many(PER_ADDRESS * 10 + 1)
    token = new_form_token()
    assert send(letter(token)) is not None
    CaseFactory(form_digest=form_digest(read_form_token(token)))

    assert send(letter(token)) is None


@pytest.mark.django_db
def test_the_guard_of_a_new_form_is_three_queries_and_of_a_registered_one_is_one(
    django_assert_num_queries: Any,
) -> None:
    form = letter()

    with django_assert_num_queries(3):
        send(form)
    CaseFactory(form_digest=form_digest(form.cleaned_data["token"]))
    with django_assert_num_queries(1):
        send(form)


@pytest.mark.django_db(transaction=True)
def test_presses_of_one_form_at_once_count_once() -> None:
    token, together = new_form_token(), Barrier(20)

    def press(_n: int) -> Pause | None:
        together.wait(timeout=10)
        try:
            return send(letter(token))
        finally:
            connection.close()

    with ThreadPoolExecutor(20) as presses:
        pauses = list(presses.map(press, range(20)))

    assert pauses == [None] * 20
    assert dict(Tally.objects.values_list("name", "count")) == {
        "presses of one form": 20,
        "filing pace": 1,
        "filings of an address": 1,
        "filings of a network": 1,
    }


def test_a_filled_hidden_field_brings_the_form_back_with_everything_else() -> None:
    form = letter(website="https://spam.example")

    assert form.errors == {"__all__": [HIDDEN_FIELD]}
    assert (form["website"].value(), form["text"].value()) == ("", "Не свети лампа")
    assert read_form_token(form["token"].value())


def test_an_empty_hidden_field_is_no_fault() -> None:
    assert letter().errors == {}


def test_the_hidden_field_is_kept_from_people_and_told_to_screen_readers() -> None:
    page = render_to_string("includes/proof.html", {"form": Letter(), "pause": None})

    assert '<div class="visually-hidden">' in page
    assert '<label for="id_website">Уебсайт – оставете това поле празно</label>' in page
    assert 'autocomplete="off" tabindex="-1"' in page
    assert "<script" not in page


def test_the_script_is_loaded_only_where_a_proof_is_asked_for() -> None:
    page = render_to_string("includes/proof.html", {"form": Letter(), "pause": Pause(422, challenge='{"a": "<"}')})

    assert page.count("<script") == page.count("js/proof.js") == 1
    assert 'data-challenge="{&quot;a&quot;: &quot;&lt;&quot;}"' in page


@pytest.mark.django_db
def test_the_answer_to_a_flood_carries_the_time_for_machines() -> None:
    request, context = RequestFactory().get("/"), {"form": Letter()}

    response = Pause(429, retry_after=timedelta(seconds=90.2)).render(request, "includes/proof.html", context)

    assert (response.status_code, response["Retry-After"]) == (429, "91")
    assert "Retry-After" not in Pause(422).render(request, "includes/proof.html", context)


def test_a_challenge_is_solved_for_its_own_form_only() -> None:
    solution = solved(new_challenge("1" * 32))

    assert is_proof(solution, "1" * 32)
    assert not is_proof(solution, "2" * 32)


def changed(challenge: str, **parameters: Any) -> str:
    """A challenge made easier on the way."""
    document = json.loads(challenge)
    document["parameters"] |= parameters
    return json.dumps(document)


@pytest.mark.parametrize("parameters", [{"keyPrefix": "00"}, {"data": {"form": form_digest("2" * 32)}}, {"data": None}])
def test_a_challenge_that_was_changed_on_the_way_proves_nothing(parameters: dict[str, Any]) -> None:
    assert not is_proof(solved(changed(new_challenge("1" * 32), **parameters)), "2" * 32)
    assert not is_proof(solved(changed(new_challenge("1" * 32), **parameters)), "1" * 32)


def test_a_challenge_of_another_portal_proves_nothing(settings: Any) -> None:
    solution = solved(new_challenge("1" * 32))

    settings.SECRET_KEY = "the key of another portal"

    assert not is_proof(solution, "1" * 32)


@pytest.mark.parametrize(
    "rubbish", ["", "я", "%%%", "e30=", "W10=", "bnVsbA==", "eyJjaGFsbGVuZ2UiOiAxfQ==", "A" * 9999]
)
def test_rubbish_proves_nothing(rubbish: str) -> None:
    assert not is_proof(rubbish, "1" * 32)
