"""A report as one file that is PDF/A-3a and PDF/UA-1 at once."""

import gzip
import hashlib
import io
import json
import re
import zlib
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import UTC
from decimal import Decimal
from types import ModuleType
from typing import Any

import pikepdf
from django.conf import settings
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.utils import translation

from charter.choices import ReportStatus, StandardKind, Verdict
from charter.fingerprints import fingerprints
from charter.freezing import Packed
from charter.manifest import MANIFEST, SIGNATURE, manifest_of, signature_of
from charter.measurement import Period
from charter.models import Report
from charter.moved import moved_rows
from charter.pades import sign
from charter.report import Line, as_csv, as_json, by_groups, frozen_lines
from charter.satisfaction import frozen_satisfaction
from samokov_portal.keys import private_key
from samokov_portal.printing import LAST_SPACE, weasyprint

# WeasyPrint writes one variant; PDF/UA-1 asks for this beside PDF/A's own, declared as PDF/A wants extensions declared.
PDF_UA = """
<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/"><pdfuaid:part>1</pdfuaid:part></rdf:Description>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA Universal Accessibility Schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name><pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of ISO 14289 to which the file conforms</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>
</rdf:RDF>
""".strip().encode()
RDF_END = b"</rdf:RDF>"
GROUPED_BY = {"unit": "По звено", "channel": "По начин на подаване", "settlement": "По населено място"}
# So many stand on the first page in full; of more broken ones only the names.
GLANCED_BROKEN, GLANCED_CHANGES = 7, 3
PLACE = re.compile(r"standard-(\d+)")
ABOUT = {
    MANIFEST: "Опис на доклада: резултатите, приложените файлове и отпечатъците на страниците",
    SIGNATURE: "Подписът на описа (Ed25519)",
}


def render_report(report: Report) -> bytes:
    """The stored report in Bulgarian as PDF, its figures embedded as JSON and CSV; the same bytes every time.

    Raises RendererMissing.
    """
    library = weasyprint()
    lines = frozen_lines(report)
    files = data_files(report, lines)
    page = page_of(report, lines, files)
    # Nothing but what stands in the page itself is fetched, whatever a text of a standard may say.
    fetcher = library.urls.URLFetcher(allowed_protocols=["data"])
    options = {
        "pdf_variant": "pdf/a-3a",
        "uncompressed_pdf": True,
        "pdf_identifier": f"{report.period}.{report.version}".encode(),
    }
    document = library.HTML(string=page, url_fetcher=fetcher).render(
        stylesheets=[library.CSS(filename=finders.find("css/report.css"))], **options
    )

    # Nothing is attached but what we attach.
    document.metadata.attachments = []

    entries = [_attachment(library, report, name) for name in files]

    def finish(_document: Any, written: Any) -> None:
        _fill(written, files.values())
        _also_pdf_ua(written)

    written = document.write_pdf(attachments=entries, finisher=finish, **options)
    return _sealed(written, report, files, _standing(document, [line.code for line in lines]))


def page_of(report: Report, lines: list[Line], files: Mapping[str, Packed]) -> str:
    """What is rendered: the stored report in Bulgarian as HTML, with the digests of the `files` beside it."""
    with translation.override("bg"):
        return LAST_SPACE.sub("", render_to_string("charter/report_pdf.html", _context(report, lines, files)))


def _sealed(written: bytes, report: Report, files: Mapping[str, Packed], standing: list[list[str]]) -> bytes:
    """The PDF with its manifest and what signs it: they tell the fingerprints of its pages, so they come last.

    To let WeasyPrint write it a second time would take as long as the first.
    """
    with pikepdf.open(io.BytesIO(written)) as pdf:
        digests = {name: file.sha256 for name, file in files.items()}
        manifest = manifest_of(files["figures.json"].whole(), digests, fingerprints(pdf), standing).as_bytes()
        _attach(pdf, report, MANIFEST, manifest)
        key = private_key(settings.REPORT_KEY_FILE)
        if key is not None:
            _attach(pdf, report, SIGNATURE, signature_of(manifest, key))
        sealed = io.BytesIO()
        # As they were written: compressed anew, a stream may end so that its length is misread (`_also_pdf_ua`).
        pdf.save(sealed, deterministic_id=True, fix_metadata_version=False, compress_streams=False)
    if settings.PADES_KEY_FILE is None:
        return sealed.getvalue()
    return sign(sealed.getvalue(), settings.PADES_KEY_FILE, settings.PADES_PASSWORD)


def _attach(pdf: pikepdf.Pdf, report: Report, name: str, content: bytes) -> None:
    """Embed one more file, as WeasyPrint has embedded the others."""
    moment = f"{report.as_of.astimezone(UTC):D:%Y%m%d%H%M%SZ}"
    # qpdf also names it among the associated files, because it says how it is related.
    pdf.attachments[name] = pikepdf.AttachedFileSpec(
        pdf,
        content,
        filename=name,
        description=ABOUT[name],
        mime_type="application/json" if name == MANIFEST else "text/plain",
        creation_date=moment,
        mod_date=moment,
        relationship=pikepdf.Name.Supplement if name == SIGNATURE else pikepdf.Name.Data,
    )


def _standing(document: Any, codes: list[str]) -> list[list[str]]:
    """The codes of the standards whose blocks stand, wholly or in part, on each page."""
    found = []
    for sheet in document.pages:
        # The one place where the boxes are: WeasyPrint tells only on which page a block begins.
        elements = [box.element for box in sheet._page_box.descendants() if box.element is not None]
        places = {_place(element) for element in elements} - {None}
        found.append([codes[place - 1] for place in sorted(filter(None, places))])
    return found


def _place(element: Any) -> int | None:
    """The number of the standard whose block an element is; the id stands on the block or on its heading."""
    own = [element] if element.get("class") != "standard" else element.iter()
    numbers = [PLACE.fullmatch(part.get("id") or "") for part in own]
    return next((int(number[1]) for number in numbers if number), None)


def data_files(report: Report, lines: list[Line]) -> dict[str, Packed]:
    """The files embedded in the PDF, to the byte those that the portal offers. Readers garble names not in ASCII.

    A report of before there were frozen files has its figures only.
    """
    frozen = {file.name: Packed(bytes(file.content)) for file in report.files.all()}
    if frozen:
        return frozen
    figures = {"figures.json": json.dumps(as_json(report, lines), ensure_ascii=False)}
    figures["figures.csv"] = "\ufeff" + as_csv(lines)
    return {name: Packed(gzip.compress(text.encode())) for name, text in figures.items()}


def _context(report: Report, lines: list[Line], files: Mapping[str, Packed]) -> dict[str, Any]:
    figures = report.figures.prefetch_related("actions", "findings")
    entries = [
        _entry(place, line) | {"figure": figure}
        for place, (line, figure) in enumerate(zip(lines, figures, strict=True), start=1)
    ]
    count = Counter(line.verdict for line in lines)
    standing = Report.objects.of_period(report.period).standing().without_pdf()
    corrected = report.replaces if report.is_public else standing.first()
    return {
        "report": report,
        "period": Period.parse(report.period),
        "entries": entries,
        "measured": [entry for entry in entries if entry["line"].whole is not None],
        "grouped": [entry for entry in entries if entry["groups"]],
        "broken_count": count[Verdict.BROKEN],
        "counts": [
            (verdict.label, count[verdict]) for verdict in Verdict if count[verdict] or verdict != Verdict.WITHHELD
        ],
        **_at_a_glance(entries),
        "findings": report.findings.select_related("figure"),
        "corrected": corrected,
        "moved": moved_rows(frozen_lines(corrected), lines) if corrected is not None else [],
        "people": _people(report),
        "said": frozen_satisfaction(report),
        "digests": {name: file.sha256 for name, file in files.items()},
        # A manifest cannot hold its own digest, nor can what signs it.
        "sealing": [MANIFEST, SIGNATURE] if private_key(settings.REPORT_KEY_FILE) is not None else [MANIFEST],
        "portal": settings.PORTAL_URL.rstrip("/"),
    }


def _entry(place: int, line: Line) -> dict[str, Any]:
    """A line with its number in the report, with its codes in words and with what it was a period before."""
    earlier = line.details.get("trend", [])[-2:-1]
    return {
        "place": place,
        "line": line,
        "kind": StandardKind(line.kind).label,
        "chart_title": f"Стандарт {place} по периоди: {line.title}",
        "groups": [(GROUPED_BY[group.by], group.shown, group.withheld) for group in by_groups(line.details)],
        "before": Decimal(str(earlier[0]["share"])) if earlier and earlier[0]["share"] is not None else None,
    }


def _at_a_glance(entries: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """What stands on the page that everybody reads: every broken promise, and the three that changed most since the
    period before; both in the order of the charter, because promises are not ranked."""
    broken = [entry for entry in entries if entry["line"].verdict == Verdict.BROKEN]
    compared = [entry for entry in entries if entry["before"] is not None and entry["line"].share is not None]
    changed = [entry for entry in compared if entry["line"].share != entry["before"]]
    most = sorted(changed, key=lambda entry: -abs(entry["line"].share - entry["before"]))[:GLANCED_CHANGES]
    return {
        "broken": broken[:GLANCED_BROKEN],
        "also_broken": broken[GLANCED_BROKEN:],
        "changed": sorted(most, key=lambda entry: entry["place"]),
    }


def _people(report: Report) -> list[dict[str, Any]]:
    """Who took which step up to the approval; publishing comes after the PDF is made."""
    submitted = report.steps.filter(status=ReportStatus.SUBMITTED).order_by("at", "pk").last()
    steps = [{"what": "Изготвил", "who": report.prepared_by, "at": report.prepared_at}]
    if submitted is not None and report.submitted_by is not None:
        steps.append({"what": "Предал за одобрение", "who": report.submitted_by, "at": submitted.at})
    if report.approved_by is not None:
        steps.append({"what": "Одобрил", "who": report.approved_by, "at": report.approved_at})
    return steps


def _attachment(library: ModuleType, report: Report, name: str) -> Any:
    """An empty file of this name: what is in it comes piece by piece (`_fill`)."""
    # WeasyPrint writes a moment as if it were in UTC; without one it would take the clock's.
    moment = report.as_of.astimezone(UTC)
    return library.Attachment(
        string=b"",
        name=name,
        description=f"Резултатите от доклада като данни ({name.rpartition('.')[2].upper()})",
        created=moment,
        modified=moment,
        relationship="Data",
    )


def _fill(pdf: Any, files: Iterable[Packed]) -> None:
    """Put the files into the empty attachments, each compressed as it is unpacked: as a whole they would be long."""
    streams = [found for found in pdf.objects if getattr(found, "extra", {}).get("Type") == "/EmbeddedFile"]
    for stream, file in zip(streams, files, strict=True):
        packer, digest, packed, size = zlib.compressobj(level=9), hashlib.md5(usedforsecurity=False), bytearray(), 0
        for piece in file:
            digest.update(piece)
            size += len(piece)
            packed += packer.compress(piece)
        packed += packer.flush()
        stream.extra["Params"] |= {"CheckSum": f"<{digest.hexdigest()}>", "Size": size}
        if _may_be_misread(packed):
            stream.stream = [file.whole()]
        else:
            stream.extra["Filter"], stream.stream = "/FlateDecode", [bytes(packed)]


def _also_pdf_ua(pdf: Any) -> None:
    """Say PDF/UA-1 in the metadata, compress everything else, and list each attachment once."""
    for stream in pdf.objects:
        if not hasattr(stream, "compress") or stream.extra.get("Type") == "/EmbeddedFile":
            continue
        if stream.extra.get("Type") == "/Metadata":
            stream.stream = [part.replace(RDF_END, PDF_UA) for part in stream.stream]
            continue
        _compress(stream)
    if "AF" in pdf.catalog:
        pdf.catalog["AF"][:] = dict.fromkeys(pdf.catalog["AF"])


def _compress(stream: Any) -> None:
    """Compress a stream once: the library would do it anew for the file, and again for the digest that names it."""
    stream.compress = True
    packed = stream.data.partition(b"\nstream\n")[2].removesuffix(b"\nendstream")
    stream.compress = False
    if not _may_be_misread(packed):
        stream.extra["Filter"], stream.stream = "/FlateDecode", [packed]


def _may_be_misread(packed: bytes | bytearray) -> bool:
    """Whether its end and the line feed that follows would be read as one end of line, and the length as wrong."""
    return packed.endswith(b"\r")
