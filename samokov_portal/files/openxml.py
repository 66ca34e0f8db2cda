"""DOCX and XLSX: what the parts say they are, what they lead to, and which of them say who wrote the document."""

import posixpath
import zipfile
from xml.etree import ElementTree
from xml.sax.saxutils import quoteattr

from samokov_portal.files.package import Findings, local, parsed
from samokov_portal.files.refusals import Damaged, HasActiveContent, HasMacros, NotAccepted

TYPES = "[Content_Types].xml"
ROOT_LINKS = "_rels/.rels"
MAIN_PARTS = {
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml": "docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml": "xlsx",
}
# Whatever the part is called: modules of Visual Basic, sheets of old macros, dialogs of both.
MACRO_TYPES = ("vba", "macro", "dialogsheet")
MACRO_NAMES = ("vbaproject", "vbadata", "macrosheets/", "dialogsheets/")
ACTIVE_TYPES = ("oleobject", "activex", "package", "externallink")
ACTIVE_NAMES = ("/activex/", "/embeddings/", "/externallinks/")
PERSONAL_LINKS = ("/core-properties", "/extended-properties", "/custom-properties", "/thumbnail")
HARMLESS_EXTERNAL = "/hyperlink"
SIGNATURES = "_xmlsignatures/"


def examine_openxml(archive: zipfile.ZipFile, names: list[str]) -> Findings:
    """The kind of the document, and what to leave out of it; refused when it holds or fetches what can run."""
    types = parsed(archive, TYPES)
    declared = [element.get("ContentType", "").lower() for element in types]
    lowered = ["/" + name.lower() for name in names]
    if mentions(declared, MACRO_TYPES) or mentions(lowered, MACRO_NAMES):
        raise HasMacros
    kinds = {MAIN_PARTS[name] for name in declared if name in MAIN_PARTS}
    if len(kinds) != 1:
        raise NotAccepted
    if ROOT_LINKS not in names:
        raise Damaged
    links = {name: parsed(archive, name) for name in names if name.lower().endswith(".rels")}
    leads_out = any(map(is_active_link, (link for part in links.values() for link in part)))
    if leads_out or mentions(last_words(declared), ACTIVE_TYPES) or mentions(lowered, ACTIVE_NAMES):
        raise HasActiveContent
    findings = Findings(kinds.pop(), signed=any(name.lower().startswith(SIGNATURES) for name in names))
    forget_authors(findings, types, links[ROOT_LINKS], names)
    return findings


def mentions(texts: list[str], words: tuple[str, ...]) -> bool:
    return any(word in text for text in texts for word in words)


def last_words(types: list[str]) -> list[str]:
    """What stands after the last dot: every type of the family has the word „package“ somewhere before it."""
    return [name.rpartition(".")[2] for name in types]


def is_active_link(link: ElementTree.Element) -> bool:
    """Whether the document itself would fetch something; a link that a person follows is theirs to follow."""
    outside = link.get("TargetMode", "").lower() == "external"
    return outside and not link.get("Type", "").endswith(HARMLESS_EXTERNAL)


def forget_authors(
    findings: Findings, types: ElementTree.Element, links: ElementTree.Element, names: list[str]
) -> None:
    """Leave out the optional parts with author, company, times and thumbnail, and every mention of them."""
    personal = [link for link in links if link.get("Type", "").endswith(PERSONAL_LINKS)]
    targets = {part_name(link.get("Target", "")) for link in personal}
    findings.dropped |= {name for name in names if "/" + name.lower() in targets}
    rest = [link for link in links if link not in personal]
    findings.replaced[ROOT_LINKS] = flat_xml(links, rest)
    kept_types = [element for element in types if part_name(element.get("PartName", "")) not in targets]
    findings.replaced[TYPES] = flat_xml(types, kept_types)


def part_name(target: str) -> str:
    """The name of a part, as a link from the root of the document names it; names differ by more than case."""
    return posixpath.normpath(posixpath.join("/", target)).lower()


def flat_xml(root: ElementTree.Element, children: list[ElementTree.Element]) -> bytes:
    """`root` with these children, which have nothing but attributes, in the one namespace that such parts have."""
    namespace = root.tag.partition("}")[0].removeprefix("{")
    lines = [
        f"<{local(child.tag)} {' '.join(f'{key}={quoteattr(value)}' for key, value in child.attrib.items())}/>"
        for child in children
    ]
    name = local(root.tag)
    declaration = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    return f"{declaration}\n<{name} xmlns={quoteattr(namespace)}>{''.join(lines)}</{name}>".encode()
