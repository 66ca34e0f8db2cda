"""Linked data: statements about things with addresses, written as JSON-LD and as Turtle from one and the same nodes."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

PREFIXES = {
    "adms": "http://www.w3.org/ns/adms#",
    "cpsv": "http://purl.org/vocab/cpsv#",
    "cv": "http://data.europa.eu/m8g/",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "eli": "http://data.europa.eu/eli/ontology#",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "locn": "http://www.w3.org/ns/locn#",
    "org": "http://www.w3.org/ns/org#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
# What an address may hold beside letters and digits (RFC 3987); the rest is written with its percent sign.
IN_ADDRESS = ":/?#[]@!$&'()*+,;=-._~%"
ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


@dataclass(frozen=True)
class Text:
    """Words in a language."""

    value: str
    language: str = "bg"


@dataclass(frozen=True)
class Typed:
    """A value of a datatype, plain letters where none is named."""

    value: str
    datatype: str = ""


@dataclass(frozen=True)
class Ref:
    """Another thing, by its address."""

    iri: str


Value = Text | Typed | Ref


def in_both(thing: Any, field: str) -> list[Value]:
    """`field` of `thing` in Bulgarian, and in English where somebody has translated it."""
    english = getattr(thing, f"{field}_en")
    return [Text(getattr(thing, field)), *([Text(english, "en")] if english else [])]


@dataclass(frozen=True)
class Node:
    """A thing: its address, its classes, and what is said of it."""

    iri: str
    types: tuple[str, ...]
    said: Mapping[str, Sequence[Value]] = field(default_factory=dict)

    @property
    def ref(self) -> Ref:
        """How another thing points to it."""
        return Ref(self.iri)


def as_json_ld(nodes: Iterable[Node]) -> str:
    """The nodes as JSON-LD, with its context inside, so that nobody has to fetch one."""
    graph = [
        {"@id": _address(node.iri), "@type": list(node.types)}
        | {name: [_as_json(value) for value in values] for name, values in node.said.items() if values}
        for node in nodes
    ]
    return json.dumps({"@context": PREFIXES, "@graph": graph}, ensure_ascii=False, indent=1)


def _as_json(value: Value) -> dict[str, str]:
    if isinstance(value, Ref):
        return {"@id": _address(value.iri)}
    if isinstance(value, Text):
        return {"@value": value.value, "@language": value.language}
    return {"@value": value.value} | ({"@type": value.datatype} if value.datatype else {})


def as_turtle(nodes: Iterable[Node]) -> str:
    """The nodes as Turtle."""
    lines = [f"@prefix {name}: <{iri}> ." for name, iri in PREFIXES.items()]
    for node in nodes:
        statements = [f"a {', '.join(_class(name) for name in node.types)}"]
        statements += [f"{name} {', '.join(map(_as_turtle, values))}" for name, values in node.said.items() if values]
        lines += ["", f"<{_address(node.iri)}> " + " ;\n    ".join(statements) + " ."]
    return "\n".join(lines) + "\n"


def _class(name: str) -> str:
    return f"<{name}>" if name.startswith("http") else name


def _as_turtle(value: Value) -> str:
    if isinstance(value, Ref):
        return f"<{_address(value.iri)}>"
    text = '"' + re.sub(r'["\\\n\r\t]', lambda found: ESCAPES[found[0]], value.value) + '"'
    if isinstance(value, Text):
        return f"{text}@{value.language}"
    return f"{text}^^{value.datatype}" if value.datatype else text


def _address(iri: str) -> str:
    return quote(iri, safe=IN_ADDRESS)
