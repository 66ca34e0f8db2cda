"""What both families of office documents have in common: what is found in the archive, and its small XML parts."""

import zipfile
from dataclasses import dataclass, field
from xml.etree import ElementTree

from samokov_portal.files.refusals import TooHeavy

# Lists of parts, links and keys; the text of a document is never parsed here.
PART_MAX_BYTES = 8 * 1024 * 1024


@dataclass
class Findings:
    """What an archive is, and what is left out of it or put in another's place when it is written anew."""

    kind: str
    signed: bool = False
    dropped: set[str] = field(default_factory=set)
    replaced: dict[str, bytes] = field(default_factory=dict)


def parsed(archive: zipfile.ZipFile, name: str) -> ElementTree.Element:
    """The root of an XML part. External entities are never fetched, and expat itself refuses entities that explode."""
    if archive.getinfo(name).file_size > PART_MAX_BYTES:
        raise TooHeavy
    return ElementTree.fromstring(archive.read(name))


def local(tag: str) -> str:
    """The name of an element or attribute without its namespace."""
    return tag.rpartition("}")[2]
