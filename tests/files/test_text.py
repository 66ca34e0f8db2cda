"""Plain text is text and nothing else."""

import pytest

from samokov_portal.files.refusals import NotAccepted
from tests.files.makers import cleaned

TAKEN = {
    "Bulgarian": "Дупка на ул. „Търговска“ 12.\r\n\tМоля, елате.\f".encode(),
    "with a mark of its order": "\ufeffЗдравейте".encode(),
    "starts as a picture for Windows does": b"BMW in front of my door",
    "letters across a border of reading": "я".encode() * 70_000,
    "arithmetic": b"a < b and c > d",
}
REFUSED = {
    "page of the web": b"<!DOCTYPE html><script>alert(1)</script>",
    "page of the web behind spaces": b"\xef\xbb\xbf \n\t<HTML>",
    "drawing with a script": b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    "XML": b'<?xml version="1.0"?><x/>',
    "script": b"#!/bin/sh\nrm -rf /",
    "RTF": rb"{\rtf1 {\object}}",
    "PostScript": b"%!PS-Adobe",
    "old Bulgarian letters": "Здравейте".encode("cp1251"),
    "UTF-16": "Здравейте".encode("utf-16"),
    "zeros": b"text\0text",
    "letter cut in two": "Здраве".encode()[:-1],
    "program for Windows": b"MZ\x90\x00\x03",
    "program for Linux": b"\x7fELF\x02\x01",
    "film": b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom",
    "AVIF": b"\0\0\0\x1cftypavif\0\0\0\0avifmif1miaf",
    "RAR": b"Rar!\x1a\x07\x00",
}


@pytest.mark.parametrize("what", TAKEN)
def test_text_is_kept_as_it_is(what: str) -> None:
    assert cleaned(TAKEN[what]) == ("text", TAKEN[what])


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_not_plain_text_is_refused(what: str) -> None:
    with pytest.raises(NotAccepted):
        cleaned(REFUSED[what])
