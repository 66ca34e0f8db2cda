"""The anonymised records as open data, and the document that describes the addresses."""

import csv
import io
import re
import tracemalloc
from collections.abc import Callable
from datetime import date
from itertools import repeat
from typing import Any

import pytest
from django.test import Client
from django.urls import get_resolver

from charter.freezing import CASE_COLUMNS
from charter.recount import differences
from charter.views import open_cases
from feedback.actions import merging
from tests.factories import CaseFactory, at
from tests.feedback.life_stories import filed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

CASES, TABLE, SCHEMA = "/api/v1/cases/", "/api/v1/cases.csv", "/api/v1/schema/"
Q2 = {"from": "2026-04-01", "to": "2026-06-30"}


@pytest.fixture
def eleven(staff: Any) -> None:
    CaseFactory.create_batch(8, closed=True)
    CaseFactory.create_batch(2)
    CaseFactory(closed=True, extended_at=at("2026-04-01"), due_on=date(2026, 6, 4))
    merging.merge_case(case_id=filed().pk, main=filed(), reason="същата лампа", by=staff["clerk"], now=at("2026-03-20"))


def pages(client: Client, asked: dict[str, str]) -> list[dict[str, Any]]:
    """Every page, by the address that the one before it gives."""
    found = [client.get(CASES, asked).json()]
    while found[-1]["next"]:
        found.append(client.get(found[-1]["next"]).json())
    return found


def rows_of(client: Client, asked: dict[str, str]) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(client.get(TABLE, asked).getvalue().decode("utf-8-sig"))))


def tag_of(client: Client, address: str, asked: dict[str, str]) -> str:
    """The ETag of an answer that is read to its end, as whoever keeps it does."""
    answer = client.get(address, asked)
    assert answer.getvalue()
    return answer["ETag"]


def test_every_standard_can_be_counted_again_from_the_records(client: Client, eleven: None) -> None:
    sheet = client.get(TABLE, Q2).getvalue()
    live = {row["code"]: row for row in client.get("/api/v1/standards/", Q2).json() if row["whole"] is not None}

    assert live["signal-decision"]["whole"] == 13
    assert live["signal-decision"]["merged"] == 1
    assert differences(live, sheet, None) == []


def test_pages_are_the_table_whole_and_once(client: Client, eleven: None, monkeypatch: Any) -> None:
    monkeypatch.setattr(open_cases, "PAGE", 5)

    found = pages(client, Q2)

    told = [record for page in found for record in page["results"]]
    assert all(len(page["results"]) <= 5 for page in found)
    plain = [
        {
            name: "" if value is None else str(int(value) if value in (True, False) else value)
            for name, value in record.items()
        }
        for record in told
    ]
    assert plain == rows_of(client, Q2)
    assert len({(record["standard"], record["row"]) for record in told}) == len(told) == 13


def test_one_standard_is_asked_for_alone(client: Client, eleven: None) -> None:
    found = client.get(CASES, {**Q2, "standard": "signal-decision"}).json()

    assert {record["standard"] for record in found["results"]} == {"signal-decision"}


def test_a_record_says_days_and_nothing_of_anybody(client: Client, eleven: None) -> None:
    first = next(record for record in client.get(CASES, Q2).json()["results"] if record["state"] == "kept")

    assert set(first) == {
        "standard", "row", "state", "extended", "began_on", "last_day", "done_on", "lasted", "merged",
    }  # fmt: skip
    text = client.get(TABLE, Q2).getvalue().decode()
    assert "Мария" not in text
    assert not re.search(r"[А-Я]-2026-", text)


def test_small_months_have_no_days_and_cannot_be_cut_out(client: Client) -> None:
    CaseFactory.create_batch(4, closed=True)
    asked = {"standard": "signal-decision"}

    quarter = client.get(CASES, {**asked, **Q2}).json()
    days = client.get(CASES, {**asked, "from": "2026-05-01", "to": "2026-05-10"}).json()

    assert {record["last_day"] for record in quarter["results"]} == {None}
    assert quarter["withheld"] == []
    assert (days["results"], days["withheld"]) == ([], ["signal-decision"])
    assert rows_of(client, {**asked, "from": "2026-05-01", "to": "2026-05-10"}) == []


@pytest.mark.parametrize(
    "asked",
    [
        {"from": "вчера"},
        {"from": "2026-04-01", "to": "2026-03-01"},
        {"as_of": "x"},
        {"standard": "няма"},
        {"standard": "none-such"},
        {"after": "none-such:0"},
        {"after": "signal-decision:-1"},
        {"after": "\x00"},
    ],
)
def test_a_bad_question_is_refused_with_its_reason(client: Client, asked: dict[str, str]) -> None:
    response = client.get(CASES, asked)

    assert response.status_code == 400
    assert response.json()["errors"]


def test_what_is_unchanged_is_not_sent_again(client: Client, eleven: None) -> None:
    asked = {**Q2, "as_of": "2026-11-01T00:00:00+02:00"}

    for address in (CASES, TABLE, SCHEMA):
        tag = tag_of(client, address, asked)
        assert client.get(address, asked, headers={"If-None-Match": tag}).status_code == 304


def test_the_table_is_never_whole_in_the_memory(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    row = dict.fromkeys(CASE_COLUMNS, "0123456789")
    monkeypatch.setattr(open_cases, "all_records", lambda _question: repeat(row, 100_000))
    client.get(TABLE, {"from": "x"})  # what is loaded once is loaded

    tracemalloc.start()
    size = sum(map(len, client.get(TABLE, Q2).streaming_content))
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert size > 100_000 * len(row) * 10
    assert peak < size / 5


@pytest.mark.parametrize("condition", ["If-None-Match", "If-Match"])
def test_a_table_that_is_not_sent_is_closed(
    client: Client, eleven: None, monkeypatch: pytest.MonkeyPatch, condition: str
) -> None:
    files: list[Any] = []
    monkeypatch.setattr(open_cases, "TemporaryFile", lambda: files.append(io.BytesIO()) or files[-1])
    tag = tag_of(client, TABLE, Q2) if condition == "If-None-Match" else '"another"'

    answer = client.get(TABLE, Q2, headers={condition: tag})

    assert (answer.status_code, answer.content) == (304 if condition == "If-None-Match" else 412, b"")
    assert files[-1].closed


def test_every_address_of_the_open_data_is_described_and_there(client: Client) -> None:
    described = client.get(SCHEMA).json()["paths"]

    served = {
        f"/{pattern.pattern}" for pattern in get_resolver().url_patterns if str(pattern.pattern).startswith("api/v1/")
    }
    assert {path.replace("{form}", "<slug:form>") for path in described} == served


def fits(schema: dict[str, Any], value: Any, schemas: dict[str, Any]) -> bool:
    """Whether a value is what its schema says: as much of JSON Schema as the document uses."""
    if "$ref" in schema:
        return fits(schemas[schema["$ref"].rpartition("/")[2]], value, schemas)
    kinds: dict[str, Callable[[Any], bool]] = {
        "null": lambda one: one is None,
        "string": lambda one: isinstance(one, str) and one in schema.get("enum", [one]),
        "integer": lambda one: isinstance(one, int) and not isinstance(one, bool),
        "number": lambda one: isinstance(one, int | float) and not isinstance(one, bool),
        "boolean": lambda one: isinstance(one, bool),
        "array": lambda one: isinstance(one, list) and all(fits(schema["items"], item, schemas) for item in one),
        "object": lambda one: (
            isinstance(one, dict)
            and set(schema.get("required", ())) <= set(one)
            and all(fits(part, one[name], schemas) for name, part in schema.get("properties", {}).items())
        ),
    }
    wanted = [schema["type"]] if isinstance(schema["type"], str) else schema["type"]
    return any(kinds[kind](value) for kind in wanted)


ASKED = {"/api/v1/term/": {"rule": "forward", "received_on": "2026-11-23"}, "/api/v1/services/": {"q": "наследници"}}


@pytest.mark.parametrize("path", ["standards", "cases", "services", "term", "seals"])
def test_each_answer_is_what_the_document_says(client: Client, eleven: None, path: str) -> None:
    document = client.get(SCHEMA).json()
    address = f"/api/v1/{path}/"
    said = document["paths"][address]["get"]

    answer = client.get(address, ASKED.get(address, Q2)).json()

    schema = said["responses"]["200"]["content"]["application/json"]["schema"]
    assert fits(schema, answer, document["components"]["schemas"])
    if "400" in said["responses"]:
        wrong = client.get(address, {"from": "x", "received_on": "x", "after": "x"})
        assert wrong.status_code == 400
        assert fits(document["components"]["schemas"]["Errors"], wrong.json(), document["components"]["schemas"])
