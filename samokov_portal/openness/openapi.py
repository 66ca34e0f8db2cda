"""The open data as an OpenAPI 3.1 document: each address, what may be asked and what comes back."""

from collections.abc import Mapping
from typing import Any

from charter.freezing import CASE_COLUMNS
from charter.report import BESIDE
from samokov_portal.legal.terms import TERMS
from samokov_portal.office.choices import Fact

Schema = dict[str, Any]

DAY: Schema = {"type": "string", "format": "date"}
MOMENT: Schema = {"type": "string", "format": "date-time"}
TEXT: Schema = {"type": "string"}
NUMBER: Schema = {"type": "integer"}
YES_OR_NO: Schema = {"type": "boolean"}


def or_null(schema: Schema) -> Schema:
    """The same, or nothing where nothing is known or told."""
    return {**schema, "type": [schema["type"], "null"]}


def record(**fields: Schema) -> Schema:
    """An object that has all of `fields`."""
    return {"type": "object", "required": list(fields), "properties": fields}


def list_of(name: str) -> Schema:
    return {"type": "array", "items": {"$ref": f"#/components/schemas/{name}"}}


# What stands beside a share; the others are whole numbers.
OF_ANOTHER_SORT: dict[str, Schema] = {
    "interval_low": {"type": "number"},
    "interval_high": {"type": "number"},
    "span": TEXT,
}
SCHEMAS: dict[str, Schema] = {
    "Standard": record(
        code=TEXT,
        version=NUMBER,
        kind=TEXT,
        text=TEXT,
        definition=TEXT,
        unit=TEXT,
        target=or_null({"type": "number"}),
        part=or_null(NUMBER),
        whole=or_null(NUMBER),
        share=or_null({"type": "number"}),
        excluded={"type": "object", "additionalProperties": NUMBER},
        verdict=TEXT,
        **{name: or_null(OF_ANOTHER_SORT.get(name, NUMBER)) for name in BESIDE},
        as_of=MOMENT,
    ),
    "Case": record(
        standard=TEXT,
        row=NUMBER,
        state={"type": "string", "enum": [fact.value for fact in Fact]},
        extended=YES_OR_NO,
        began_on=or_null(DAY),
        last_day=or_null(DAY),
        done_on=or_null(DAY),
        lasted=or_null(NUMBER),
        merged=YES_OR_NO,
    ),
    "Cases": record(
        **{
            "from": DAY,
            "to": DAY,
            "as_of": MOMENT,
            "results": list_of("Case"),
            "withheld": {"type": "array", "items": TEXT},
            "next": or_null(TEXT),
        }
    ),
    "Service": record(
        number=or_null(TEXT),
        slug=TEXT,
        name=TEXT,
        group=TEXT,
        unit=or_null(TEXT),
        details={"type": "array", "items": {"type": "object"}},
    ),
    "Services": record(results=list_of("Service")),
    "Step": record(date=DAY, counted=YES_OR_NO, why=TEXT),
    "Term": record(
        rule=TEXT,
        source=TEXT,
        verified=YES_OR_NO,
        valid_from=or_null(DAY),
        received_on=DAY,
        due_on=DAY,
        steps=list_of("Step"),
        as_of=or_null(MOMENT),
    ),
    "Seals": record(
        seals={"type": "array", "items": {"type": "object"}},
        keys={"type": "object", "additionalProperties": TEXT},
        next=or_null(TEXT),
    ),
    "Errors": record(errors={"type": "object", "additionalProperties": {"type": "array", "items": TEXT}}),
}

PERIOD = {
    "period": (TEXT, "2026, 2026-H1, 2026-Q3 или 2026-07; иначе от ден до ден, иначе текущото тримесечие."),
    "from": (DAY, "Първи ден."),
    "to": (DAY, "Последен ден, включен."),
    "as_of": (MOMENT, "Каквото порталът е знаел в този момент (ISO 8601); иначе сега."),
}


def asks(parameters: Mapping[str, tuple[Schema, str]], required: tuple[str, ...] = ()) -> list[Schema]:
    """The parameters of a question, as they stand in an address."""
    return [
        {"name": name, "in": "query", "required": name in required, "schema": schema, "description": words}
        for name, (schema, words) in parameters.items()
    ]


def content(schema: Schema, media: str = "application/json") -> Schema:
    return {media: {"schema": schema}}


def answers(schema: Schema, words: str, *, media: str = "application/json", asked: bool = True) -> Schema:
    """What comes back: the answer and, where something can be asked wrongly, the reasons."""
    found = {"200": {"description": words, "content": content(schema, media)}}
    if not asked:
        return found
    wrong = (
        content({"$ref": "#/components/schemas/Errors"}) if media == "application/json" else content(TEXT, "text/plain")
    )
    return {**found, "400": {"description": "Въпросът не може да се разбере; казано е защо.", "content": wrong}}


def named(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def get(operation: str, summary: str, parameters: list[Schema], responses: Schema) -> Schema:
    return {"get": {"operationId": operation, "summary": summary, "parameters": parameters, "responses": responses}}


OF_CASES = {**PERIOD, "standard": (TEXT, "Кодът на един стандарт; иначе всички измервани.")}
LINKED = {
    "application/ld+json": {"schema": {"type": "object"}},
    "text/turtle": {"schema": TEXT},
}


def linked(operation: str, summary: str) -> Schema:
    """Linked data in either of its two forms."""
    form = {"name": "form", "in": "path", "required": True, "schema": {"type": "string", "enum": ["jsonld", "ttl"]}}
    found = {"200": {"description": summary, "content": LINKED}, "404": {"description": "Няма такъв вид."}}
    return get(operation, summary, [form], found)


def paths() -> dict[str, Schema]:
    """Each address of the open data."""
    rule = {"type": "string", "enum": sorted(TERMS)}
    return {
        "/api/v1/standards/": get(
            "standards",
            "Всяко обещание с резултата си за период, към момент",
            asks(PERIOD),
            answers({"type": "array", "items": named("Standard")}, "Стандартите в реда на хартата"),
        ),
        "/api/v1/cases/": get(
            "cases",
            "Анонимните записи зад резултатите, по петстотин",
            asks({**OF_CASES, "after": (TEXT, "След кой запис; дава се от next.")}),
            answers(named("Cases"), "Записи, стандарти без записи за показване и адресът на следващите"),
        ),
        "/api/v1/cases.csv": get(
            "casesTable",
            f"Всички същите записи като таблица: {', '.join(CASE_COLUMNS)}",
            asks(OF_CASES),
            answers(TEXT, "CSV (UTF-8)", media="text/csv"),
        ),
        "/api/v1/services/": get(
            "services",
            "Каталогът на услугите, най-подходящата отпред",
            asks({"q": (TEXT, "Думи или номер на услуга.")}),
            answers(named("Services"), "Услугите", asked=False),
        ),
        "/api/v1/term/": get(
            "term",
            "Краен срок по правило, ден по ден",
            asks(
                {
                    "rule": (rule, "Кодът на правилото."),
                    "received_on": (DAY, "Кога е получено."),
                    "as_of": (MOMENT, "Календарът, какъвто е бил известен тогава; иначе днешният."),
                },
                required=("rule", "received_on"),
            ),
            answers(named("Term"), "Срокът и всеки ден, броен или прескочен"),
        ),
        "/api/v1/seals/": get(
            "seals",
            "Печатите на историята с ключовете, по сто",
            asks({"after": ({"type": "integer", "minimum": 0}, "След кой печат.")}),
            answers(named("Seals"), "Печатите"),
        ),
        "/api/v1/catalogue.{form}": linked("catalogue", "Каталогът по CPSV-AP"),
        "/api/v1/open-data.{form}": linked("openData", "Описание на отворените данни по DCAT-AP"),
        "/api/v1/schema/": get("schema", "Този документ", [], answers({"type": "object"}, "OpenAPI 3.1", asked=False)),
    }


def document(address: str) -> Schema:
    """The whole document, for the portal at `address`."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Харта на клиента на Община Самоков: отворени данни",
            "version": "1",
            "description": "Без вход. Отговорите имат ETag. Дните са по Europe/Sofia.",
        },
        "servers": [{"url": address}],
        "paths": paths(),
        "components": {"schemas": SCHEMAS},
    }
