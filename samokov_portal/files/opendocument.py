"""ODT and ODS: what the manifest says, where macros lie, and which entries say who wrote the document."""

import zipfile
from xml.etree import ElementTree

from samokov_portal.files.package import Findings, local, parsed
from samokov_portal.files.refusals import Encrypted, HasMacros, NotAccepted

MIMETYPES = {
    b"application/vnd.oasis.opendocument.text": "odt",
    b"application/vnd.oasis.opendocument.spreadsheet": "ods",
}
MANIFEST = "META-INF/manifest.xml"
MANIFEST_NAMESPACE = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
SIGNATURES = "META-INF/documentsignatures.xml"
MACRO_FOLDERS = ("basic/", "scripts/")
# How a button, or the opening of the document, calls a macro that lies elsewhere on the computer.
MACRO_CALLS = (b"vnd.sun.star.script:", b"macro:///")
# A picture of the first page, and toolbars.
DROPPED_FOLDERS = ("Thumbnails/", "Configurations2/")
NOBODYS_META = (
    b'<?xml version="1.0" encoding="UTF-8"?>\n<office:document-meta '
    b'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" office:version="1.2"><office:meta/>'
    b"</office:document-meta>"
)

ElementTree.register_namespace("manifest", MANIFEST_NAMESPACE)


def examine_opendocument(archive: zipfile.ZipFile, names: list[str]) -> Findings:
    """The kind of the document, and what to leave out of it; refused when it has a password or calls macros."""
    kind = MIMETYPES.get(archive.read("mimetype").strip())
    if kind is None or MANIFEST not in names:
        raise NotAccepted
    manifest = parsed(archive, MANIFEST)
    if any(local(element.tag) == "encryption-data" for element in manifest.iter()):
        raise Encrypted
    if any(name.lower().startswith(MACRO_FOLDERS) for name in names) or calls_macros(archive, names):
        raise HasMacros
    findings = Findings(kind, signed=SIGNATURES in names)
    findings.dropped |= {name for name in names if name.startswith(DROPPED_FOLDERS)}
    findings.replaced |= {name: NOBODYS_META for name in names if name.rpartition("/")[2] == "meta.xml"}
    findings.replaced[MANIFEST] = without_dropped(manifest)
    return findings


def calls_macros(archive: zipfile.ZipFile, names: list[str]) -> bool:
    parts = (archive.read(name) for name in names if name.endswith(".xml"))
    return any(call in part for part in parts for call in MACRO_CALLS)


def without_dropped(manifest: ElementTree.Element) -> bytes:
    """The manifest without what is left out."""
    path = f"{{{MANIFEST_NAMESPACE}}}full-path"
    for entry in list(manifest):
        if entry.get(path, "").startswith(DROPPED_FOLDERS):
            manifest.remove(entry)
    return ElementTree.tostring(manifest, encoding="UTF-8", xml_declaration=True)
