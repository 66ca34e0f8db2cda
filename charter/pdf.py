"""The only module that knows WeasyPrint: a report as one file that is PDF/A-3a and PDF/UA-1 at once."""

import hashlib
import json
import re
from collections import Counter
from datetime import UTC
from types import ModuleType
from typing import Any

from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.utils import translation

from charter.choices import Exclusion, StandardKind, Verdict
from charter.measurement import Period
from charter.models import Report
from charter.report import Line, as_csv, as_json, frozen_lines

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
# WeasyPrint 70 breaks a line after its first word where the text fits but the white space after it does not.
LAST_SPACE = re.compile(r"\s+(?=</(?:blockquote|caption|li|p|td|th)>)")


class RendererMissing(Exception):
    """WeasyPrint or a library of the system that it needs (Pango) is not on this machine."""


def render_report(report: Report) -> bytes:
    """The stored report in Bulgarian as PDF, its figures embedded as JSON and CSV; the same bytes every time.

    Raises RendererMissing.
    """
    weasyprint = _weasyprint()
    lines = frozen_lines(report)
    files = data_files(report, lines)
    with translation.override("bg"):
        page = render_to_string("charter/report_pdf.html", _context(report, lines, files))
    # Nothing but what stands in the page itself is fetched, whatever a text of a standard may say.
    fetcher = weasyprint.urls.URLFetcher(allowed_protocols=["data"])
    return weasyprint.HTML(string=LAST_SPACE.sub("", page), url_fetcher=fetcher).write_pdf(
        stylesheets=[weasyprint.CSS(filename=finders.find("css/report.css"))],
        attachments=[_attachment(weasyprint, report, name, content) for name, content in files.items()],
        pdf_variant="pdf/a-3a",
        uncompressed_pdf=True,
        pdf_identifier=f"{report.period}.{report.version}".encode(),
        finisher=_also_pdf_ua,
    )


def data_files(report: Report, lines: list[Line]) -> dict[str, str]:
    """The files embedded in the PDF, to the byte those that the portal offers. Readers garble names not in ASCII."""
    figures = json.dumps(as_json(report, lines), ensure_ascii=False)
    return {"figures.json": figures, "figures.csv": "\ufeff" + as_csv(lines)}


def _weasyprint() -> ModuleType:
    try:
        import weasyprint
    except (ImportError, OSError) as error:
        raise RendererMissing(
            "The PDF renderer cannot start: WeasyPrint or Pango is missing (Debian: libpango-1.0-0, libpangoft2-1.0-0, "
            "libharfbuzz-subset0)."
        ) from error
    return weasyprint


def _context(report: Report, lines: list[Line], files: dict[str, str]) -> dict[str, Any]:
    entries = [_entry(place, line) for place, line in enumerate(lines, start=1)]
    count = Counter(line.verdict for line in lines)
    return {
        "report": report,
        "period": Period.parse(report.period),
        "entries": entries,
        "measured": [entry for entry in entries if entry["line"].verdict != Verdict.NOT_MEASURED],
        "counts": [(verdict.label, count[verdict]) for verdict in Verdict],
        "digests": {name: hashlib.sha256(content.encode()).hexdigest() for name, content in files.items()},
    }


def _entry(place: int, line: Line) -> dict[str, Any]:
    """A line with its number in the report and with its codes in words."""
    reasons = dict(Exclusion.choices)
    left_out = [(reasons.get(reason, reason), count) for reason, count in line.excluded.items() if count]
    return {"place": place, "line": line, "kind": StandardKind(line.kind).label, "left_out": left_out}


def _attachment(weasyprint: ModuleType, report: Report, name: str, content: str) -> Any:
    # WeasyPrint writes a moment as if it were in UTC; without one it would take the clock's.
    moment = report.as_of.astimezone(UTC)
    return weasyprint.Attachment(
        string=content,
        name=name,
        description=f"Резултатите от доклада като данни ({name.rpartition('.')[2].upper()})",
        created=moment,
        modified=moment,
        relationship="Data",
    )


def _also_pdf_ua(document: Any, pdf: Any) -> None:
    """Say PDF/UA-1 in the metadata, compress everything else, and list each attachment once."""
    for stream in pdf.objects:
        if not hasattr(stream, "compress"):
            continue
        if stream.extra.get("Type") == "/Metadata":
            stream.stream = [part.replace(RDF_END, PDF_UA) for part in stream.stream]
            continue
        stream.compress = True
        # Together with the line feed that follows it would be read as one end of line, and the length as wrong.
        if stream.data.endswith(b"\r\nendstream"):
            stream.compress = False
    if "AF" in pdf.catalog:
        pdf.catalog["AF"][:] = dict.fromkeys(pdf.catalog["AF"])
