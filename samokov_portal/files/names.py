"""Names of files: what a stranger calls a file is shown to people and written into headers, so it is made harmless."""

import re
import unicodedata

from django.utils.translation import gettext as _

LONGEST = 150
# Separators of paths, quotes of every kind and what Windows forbids; a Windows path is a path on every system here.
FORBIDDEN = re.compile(r"[<>:|?*\"'`´‘’‚‛“”„‟«»‹›″′＂＇]")
# Control, format (bidi overrides, zero-width), surrogate, private use, unassigned; line and paragraph separators.
INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
EXTENSION = re.compile(r"\.([A-Za-z][A-Za-z0-9]{0,9})$")
RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)
# Names that a computer runs, or a browser shows as a page, when somebody opens what was downloaded.
DANGEROUS = re.compile(
    r"\.(ade|adp|apk|app|appimage|application|appref-ms|appx|asp|aspx|bat|chm|cmd|com|cpl|crt|deb|diagcab|dll|dmg|docm"
    r"|dotm|exe|gadget|hta|html?|inf|ins|iqy|iso|jar|jnlp|jse?|jsp|ksh|lnk|mht|mhtml|msc|msi|msix|msp|mst|pif|php|ppam"
    r"|pptm|ps1|ps1xml|psm1|pyw?|rb|reg|rpm|rtf|scf|scr|settingcontent-ms|sh|shtml|slk|svgz?|swf|sys|url|vb|vbe|vbs"
    r"|vhdx?|wsf|wsh|xht|xhtml|xlam|xll|xlsm|xltm|xml|xslt?)$",
    re.IGNORECASE,
)


def readable_name(name: str) -> str:
    """The name as it may be shown: its last part without what is invisible, quotes and path separators."""
    return _harmless(name)[:LONGEST].rstrip(" .") or _("файл без име")


def kept_name(name: str, extension: str) -> str:
    """The readable name with the extension of what the file really is, at most 150 characters long."""
    stem = EXTENSION.sub("", _harmless(name))[: LONGEST - len(extension) - 2].strip(" .") or _("файл без име")
    guarded = f"_{stem}" if RESERVED.match(stem) else stem
    return f"{guarded}.{extension}"


def claims_danger(name: str) -> bool:
    """Whether the name, as any system may read it, is that of a program, a script or a web page."""
    return DANGEROUS.search(_harmless(name)) is not None


def _harmless(name: str) -> str:
    composed = unicodedata.normalize("NFC", name)
    visible = "".join(" " if char in "\t\r\n" else char for char in composed if char in "\t\r\n" or _visible(char))
    last = re.split(r"[/\\∕⁄⧸＼／]", visible)[-1]
    return re.sub(r"\s+", " ", FORBIDDEN.sub("", last)).strip(" .")


def _visible(char: str) -> bool:
    return unicodedata.category(char) not in INVISIBLE
