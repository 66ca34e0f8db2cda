"""A name that a stranger gives is shown to people and can do nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samokov_portal.files.names import claims_danger, kept_name, readable_name

NAMES = [
    # what was sent, extension of what is kept, how it is called
    ("снимка.jpg", "jpg", "снимка.jpg"),
    ("Жалба до кмета (чернова).docx", "docx", "Жалба до кмета (чернова).docx"),
    ("IMG_0001.HEIC", "jpg", "IMG_0001.jpg"),
    ("отчет.pdf", "docx", "отчет.docx"),
    ("без разширение", "pdf", "без разширение.pdf"),
    ("Заявление 23.11.2026", "pdf", "Заявление 23.11.2026.pdf"),
    ("../../x.pdf", "pdf", "x.pdf"),
    ("C:\\Users\\Иван\\x.pdf", "pdf", "x.pdf"),
    ("/etc/passwd", "txt", "passwd.txt"),
    ("x\u202egpj.exe", "jpg", "xgpj.jpg"),
    ("a\u200b\u2066b\x00\x7f.pdf", "pdf", "ab.pdf"),
    ("„а“ \"b\" 'c' «d» `e`.pdf", "pdf", "а b c d e.pdf"),
    ("ред\r\nSet-Cookie: x=1.pdf", "pdf", "ред Set-Cookie x=1.pdf"),
    ("  . .скрит.pdf", "pdf", "скрит.pdf"),
    ("", "pdf", "файл без име.pdf"),
    (".pdf", "pdf", "pdf.pdf"),
    ("....", "pdf", "файл без име.pdf"),
    ("CON.txt", "txt", "_CON.txt"),
    ("и\u0306.pdf", "pdf", "й.pdf"),  # as a Mac writes it
]


@pytest.mark.parametrize(("sent", "extension", "expected"), NAMES)
def test_name_for_people_is_harmless(sent: str, extension: str, expected: str) -> None:
    assert kept_name(sent, extension) == expected


def test_long_name_keeps_its_beginning_and_its_extension() -> None:
    name = kept_name("а" + "щ" * 300 + ".docx", "docx")

    assert (len(name) <= 150, name[0], name[-6:]) == (True, "а", "щ.docx")


@given(st.text(), st.sampled_from(["jpg", "docx"]))
def test_no_name_breaks_out(sent: str, extension: str) -> None:
    name = kept_name(sent, extension)

    assert len(name) <= 150
    assert name.endswith(f".{extension}")
    assert not set(name) & set("/\\\"'<>:|?*\r\n\0\u202e\u2066")
    assert name == readable_name(name)


@pytest.mark.parametrize(
    "name",
    ["virus.exe", "page.HTML", "снимка.svg", "x.pdf.js", "x.exe ", "x.exe.", "x.\u200bbat", "мой.docm", "a/b.lnk"],
)
def test_name_of_a_program_or_a_page_is_seen_through(name: str) -> None:
    assert claims_danger(name)


@pytest.mark.parametrize("name", ["снимка.jpg", "exe", "html.pdf", "x.heic", "План за exe.txt", ""])
def test_name_of_a_document_is_not_suspected(name: str) -> None:
    assert not claims_danger(name)
