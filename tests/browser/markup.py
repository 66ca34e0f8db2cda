"""Whether a page is valid HTML: its syntax by a strict parser, and what may stand where by the rules of the standard.

The rules are those of the HTML standard that templates break: content models, ids, references, attributes of fields.
"""

from collections import Counter
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from tinyhtml5.parser import HTMLParser

HTML = "{http://www.w3.org/1999/xhtml}"
PHRASING_ONLY = {
    *("p", "h1", "h2", "h3", "h4", "h5", "h6", "span", "strong", "em", "small", "abbr", "code", "kbd", "time", "label"),
    *("button", "pre", "q", "cite", "b", "i", "sub", "sup", "legend", "summary", "option", "textarea"),
}
# These two may also hold headings.
WITH_HEADINGS = {"legend", "summary"}
HEADINGS = {f"h{level}" for level in range(1, 7)}
FLOW = HEADINGS | {
    *("address", "article", "aside", "blockquote", "details", "dialog", "div", "dl", "fieldset", "figure", "footer"),
    *("form", "header", "hr", "main", "menu", "nav", "ol", "p", "pre", "section", "table", "ul", "li", "dt", "dd"),
}
INTERACTIVE = {"a", "button", "details", "input", "select", "textarea", "label"}
CHILDREN = {
    "ul": {"li"},
    "ol": {"li"},
    "dl": {"dt", "dd", "div"},
    "tr": {"th", "td"},
    "thead": {"tr"},
    "tbody": {"tr"},
    "table": {"caption", "colgroup", "thead", "tbody", "tfoot"},
    "select": {"option", "optgroup", "hr"},
}
FIRST = {"legend": "fieldset", "summary": "details", "caption": "table"}
REFERENCES = {"for", "form", "list", "headers", "aria-labelledby", "aria-describedby", "aria-controls", "aria-owns"}
OBSOLETE = {"align", "bgcolor", "border", "cellpadding", "cellspacing", "valign", "nowrap", "language", "clear"}
OF_TEXT_FIELDS = {"maxlength", "minlength", "pattern", "placeholder", "size"}
TEXT_FIELDS = {"text", "search", "url", "tel", "email", "password"}


def markup_faults(html: str) -> list[str]:
    """What is not valid in a whole page, in words; empty when it is."""
    parser = HTMLParser()
    root = parser.parse(html)
    errors = [f"line {place[0]}: {error}" for place, error, _about in parser.errors]
    # A name that several rules complain about is named once.
    return list(dict.fromkeys([*errors, *_references(root), *_contents(root, ())]))


def _name(element: Element) -> str:
    return element.tag.removeprefix(HTML) if isinstance(element.tag, str) else ""


def _references(root: Element) -> Iterator[str]:
    ids = Counter(element.get("id") for element in root.iter() if element.get("id") is not None)
    yield from (f"id {name!r} stands {count} times" for name, count in ids.items() if count > 1)
    for element in root.iter():
        for attribute in REFERENCES.intersection(element.attrib):
            missing = [name for name in element.get(attribute, "").split() if name not in ids]
            yield from (f"{attribute} of {_name(element)} names {name!r}, which is not there" for name in missing)
        address = element.get("href", "")
        if _name(element) == "a" and len(address) > 1 and address.startswith("#") and address[1:] not in ids:
            yield f"a link leads to {address!r}, which is not there"


def _contents(element: Element, above: tuple[str, ...]) -> Iterator[str]:
    """The faults of what stands in `element`; `above` are the names of what it stands in."""
    if not isinstance(element.tag, str) or not element.tag.startswith(HTML):
        return  # comments, and drawings, which have rules of their own
    name = _name(element)
    yield from _place(name, above)
    yield from _attributes(name, element)
    names = [_name(child) for child in element if isinstance(child.tag, str)]
    allowed = CHILDREN.get(name)
    if allowed is not None:
        yield from (f"{child} in {name}" for child in names if child not in allowed | {"script", "template"})
    for first, parent in FIRST.items():
        if name == parent and first in names and names[0] != first:
            yield f"{first} is not the first in {parent}"
    for child in element:
        yield from _contents(child, (*above, name))


def _place(name: str, above: tuple[str, ...]) -> Iterator[str]:
    if name in FLOW:
        # Links and marks of change may hold whatever the element around them may.
        around = next((one for one in reversed(above) if one not in {"a", "ins", "del"}), "")
        if around in PHRASING_ONLY and not (around in WITH_HEADINGS and name in HEADINGS):
            yield f"{name} in {around}"
    for outer in ("a", "button"):
        if name in INTERACTIVE and outer in above:
            yield f"{name} in {outer}"
    if name == "form" and "form" in above:
        yield "form in form"


def _attributes(name: str, element: Element) -> Iterator[str]:
    yield from (
        f"{name} has {attribute}, which is obsolete" for attribute in sorted(OBSOLETE.intersection(element.attrib))
    )
    yield from (f"{name} has {attribute}" for attribute in element.attrib if attribute.startswith("on"))
    if name == "input":
        kind = element.get("type", "text")
        if kind not in TEXT_FIELDS:
            odd = OF_TEXT_FIELDS.intersection(element.attrib)
            yield from (f"an input of type {kind} has {attribute}" for attribute in sorted(odd))
        if kind == "hidden" and "required" in element.attrib:
            yield "a hidden input is required"
    if name == "img" and "alt" not in element.attrib:
        yield "img without alt"
