"""Filing through Open311: the action of the citizen's form, with its checks, limits and receipt."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from xml.etree import ElementTree

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from feedback.access import code_fits
from feedback.models import Attachment, Case, Letter
from samokov_portal.open311.models import ApiKey, Filing
from services.models import Settlement
from tests.open311.conftest import REQUESTS

pytestmark = pytest.mark.django_db
Send = Callable[..., Any]


def reasons(answer: Any) -> list[str]:
    assert {one["code"] for one in answer.json()} == {answer.status_code}
    return [one["description"] for one in answer.json()]


def test_a_signal_is_registered_as_by_the_form(send: Send) -> None:
    answer = send(lat="42.3385", long="23.5521", media_url="https://example.org/lampa.jpg")

    case = Case.objects.get()
    assert answer.status_code == 201
    assert answer.json()[0]["service_request_id"] == case.number == "С-2026-000001"
    assert (case.kind, case.channel, case.status, case.due_on) == ("signal", "web", "registered", date(2027, 1, 25))
    assert (case.subject, case.name, case.email) == ("Не свети лампа", "Мария Стоянова", "maria@example.bg")
    assert case.place == "ул. „Македония“ № 34, 42.338500, 23.552100"
    assert case.text.endswith("От седмица е тъмно.\n\nАдрес на снимка от подателя (не е отварян): "
                              "https://example.org/lampa.jpg")  # fmt: skip
    assert answer["Cache-Control"] == "no-store"


def test_the_answer_is_the_receipt_and_the_letter_has_no_code(send: Send) -> None:
    told = send(extensions="true").json()[0]

    case, more = Case.objects.get(), told["extended_attributes"]
    assert code_fits(more["access_code"], case.access_digest)
    assert case.number in told["service_notice"]
    assert more["access_code"] in told["service_notice"]
    assert "до 25.01.2027\u00a0г. Докъде" in told["service_notice"]
    assert more["due_on"] == "2027-01-25"
    letter = Letter.objects.get()
    assert (letter.kind, letter.address) == ("received", "maria@example.bg")
    assert more["access_code"] not in letter.text


def test_without_extensions_only_what_the_specification_names_is_told(send: Send) -> None:
    assert set(send().json()[0]) == {"service_request_id", "service_notice", "account_id"}


def test_the_receipt_is_xml_too(send: Send) -> None:
    answer = send("/open311/v2/requests.xml")

    root = ElementTree.fromstring(answer.content)
    assert answer.status_code == 201
    assert root.tag == "service_requests"
    assert root.findtext("request/service_request_id") == Case.objects.get().number


def test_the_history_names_the_key_and_the_key_is_kept_nowhere(send: Send, key: str) -> None:
    send()

    row = ApiKey.objects.get()
    origin = Case.objects.get().history.get().history_origin
    assert origin.startswith("request ")
    assert origin.endswith(f" open311 {key[:8]}")
    assert Filing.objects.get().key == row
    assert key not in "".join(str(value) for value in vars(row).values())


@pytest.mark.parametrize("wrong", ["", "x", "х", "\0"])
def test_without_a_key_nothing_is_filed(send: Send, wrong: str) -> None:
    answer = send(api_key=wrong)

    assert answer.status_code == (400 if wrong == "\0" else 403)
    assert len(reasons(answer)) == 1
    assert not Case.objects.exists()


def test_a_revoked_key_opens_nothing(send: Send) -> None:
    ApiKey.objects.update_or_create(defaults={"is_active": False})

    assert send().status_code == 403
    assert not Case.objects.exists()


def test_a_key_in_the_address_is_not_taken(client: Client, told: dict[str, str]) -> None:
    key = told.pop("api_key")

    assert client.post(f"{REQUESTS}?api_key={key}", told).status_code == 403


def test_attributes_fill_in_the_form(send: Send) -> None:
    place = Settlement.objects.get(name="Говедарци")
    said = {"subject": "Дупка", "settlement": place.ekatte, "happened_on": "2026-11-20T23:30:00Z"}

    send(**{f"attribute[{name}]": value for name, value in said.items()})

    case = Case.objects.get()
    assert (case.subject, case.settlement, case.happened_on) == ("Дупка", place, date(2026, 11, 21))


REFUSED: list[tuple[dict[str, str], int, str]] = [
    ({"service_code": ""}, 400, "service_code"),
    ({"service_code": "033"}, 404, "service_code"),
    ({"jurisdiction_id": "city.gov"}, 404, "jurisdiction_id"),
    ({"address_string": ""}, 400, "lat и long"),
    ({"lat": "42.3"}, 400, "lat и long"),
    ({"lat": "42,3", "long": "23,5"}, 400, "lat и long"),
    ({"lat": "nan", "long": "23.5"}, 400, "lat и long"),
    ({"lat": "91", "long": "23.5"}, 400, "lat и long"),
    ({"lat": "1e999", "long": "23.5"}, 400, "lat и long"),
    ({"description": ""}, 400, "description"),
    ({"description": "а" * 10_001}, 400, "description"),
    ({"description": "а\0б"}, 400, "код 0"),
    ({"email": "не е имейл"}, 400, "email"),
    ({"email": ""}, 400, "email"),  # no way to answer
    ({"first_name": "", "last_name": ""}, 400, "first_name"),
    ({"address_string": "а" * 201}, 400, "address_string"),
    ({"media_url": "file:///etc/passwd"}, 400, "media_url"),
    ({"attribute[settlement]": "00000"}, 400, "attribute[settlement]"),
    ({"attribute[service]": "няма-такава"}, 400, "attribute[service]"),
    ({"attribute[happened_on]": "2027-01-01"}, 400, "attribute[happened_on]"),
    ({"attribute[happened_on]": "вчера"}, 400, "attribute[happened_on]"),
    ({"service_code": "complaint"}, 400, "attribute[act_reference]"),
]


@pytest.mark.parametrize(("changes", "status", "names"), REFUSED)
def test_what_the_form_would_refuse_is_refused_by_name(
    send: Send, changes: dict[str, str], status: int, names: str
) -> None:
    answer = send(**changes)

    assert answer.status_code == status
    assert any(names in reason for reason in reasons(answer))
    assert not Case.objects.exists()


def test_several_mistakes_are_several_errors_in_xml(send: Send) -> None:
    answer = send("/open311/v2/requests.xml", description="", email="\x07@")

    root = ElementTree.fromstring(answer.content)
    assert answer.status_code == 400
    assert [one.tag for one in root] == ["error", "error"]


def test_praise_needs_nobody_and_no_place(send: Send) -> None:
    answer = send(service_code="praise", address_string="", first_name="", last_name="", email="")

    assert answer.status_code == 201
    assert not Letter.objects.exists()


def test_the_place_of_a_kind_without_one_is_kept_in_the_text(send: Send) -> None:
    send(service_code="enquiry")

    case = Case.objects.get()
    assert (case.place, case.text.splitlines()[-1]) == ("", "Място: ул. „Македония“ № 34")


def test_a_repeated_request_gets_the_same_receipt(send: Send) -> None:
    first, again = send(), send()

    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert Case.objects.count() == Letter.objects.count() == 1


def test_a_request_repeated_after_midnight_is_still_the_same(
    send: Send, clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = send()
    monkeypatch.setattr("django.utils.timezone.now", lambda: clock + timedelta(hours=23))
    again = send()
    monkeypatch.setattr("django.utils.timezone.now", lambda: clock + timedelta(hours=25))
    later = send()

    assert (again.status_code, later.status_code) == (200, 201)
    assert first.json() == again.json() != later.json()


def test_two_nameless_people_who_say_the_same_are_two(send: Send) -> None:
    nobody = {"service_code": "praise", "first_name": "", "last_name": "", "email": ""}

    assert [send(**nobody).status_code for _ in range(2)] == [201, 201]
    assert [send(**nobody, device_id="a").status_code for _ in range(2)] == [201, 200]


def test_a_key_is_refused_past_its_limit_and_a_retry_is_not(send: Send, settings: Any) -> None:
    settings.OPEN311_AN_HOUR_PER_KEY = 2
    statuses = [send(phone=str(number)).status_code for number in range(3)]

    over = send(phone="2")

    assert statuses == [201, 201, 429]
    assert 0 < int(over["Retry-After"]) <= 3600
    assert send(phone="1").status_code == 200


def test_what_floods_the_form_is_refused_here_too(send: Send, settings: Any) -> None:
    settings.FILINGS_AN_HOUR_PER_ADDRESS = 1

    assert [send(phone=str(number)).status_code for number in range(11)] == [201] * 10 + [429]


def test_a_picture_is_taken_through_the_door_for_files(send: Send, own_shelf: Any) -> None:
    good = SimpleUploadedFile("бележка.txt", "Тъмно е.".encode(), "text/plain")
    bad = SimpleUploadedFile("снимка.jpg", b"MZ\x90\x00", "image/jpeg")

    refused, taken = send(media=bad), send(media=good)

    assert refused.status_code == 400
    assert "media" in reasons(refused)[0]
    assert taken.status_code == 201
    assert [row.name for row in Attachment.objects.filter(case=Case.objects.get())] == ["бележка.txt"]


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        ("{", "application/json", 403),
        ("x", "multipart/form-data", 400),
        ("--b\r\nx", "multipart/form-data; boundary=b", 403),
        ("&".join(f"a{number}=1" for number in range(700)), "application/x-www-form-urlencoded", 400),
        ("a=" + "b" * (3 * 1024 * 1024), "application/x-www-form-urlencoded", 413),
    ],
)
def test_a_body_that_cannot_be_read_is_refused_in_the_format_asked(
    client: Client, body: str, content_type: str, status: int
) -> None:
    answer = client.generic("POST", REQUESTS, body, content_type=content_type)

    assert answer.status_code == status
    assert len(reasons(answer)) == 1


def test_only_this_address_does_without_the_token_of_a_form(told: dict[str, str]) -> None:
    client = Client(enforce_csrf_checks=True)

    assert client.post(REQUESTS, told).status_code == 201
    assert client.post("/feedback/new/signal/", told).status_code == 403
