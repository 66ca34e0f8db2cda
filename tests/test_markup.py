"""Pages are valid HTML, and the check of that finds what it is there to find."""

import pytest
from django.test import Client

from tests.browser.markup import markup_faults
from tests.test_weight import ADDRESSES

VALID = "<!DOCTYPE html><html lang=bg><head><title>Добре</title></head><body id=main>{}</body></html>"


def test_valid_page_has_no_faults() -> None:
    words = (
        "<ul><li><a href='#main'>горе</a></li></ul><details><summary><h2>още</h2></summary><p>Текст</p></details>"
        "<label for=a>Име</label><input id=a maxlength=5 aria-describedby=b><p id=b>Пояснение</p><!-- бележка -->"
        "<svg><title>Рисунка</title><circle r=1 /></svg>"
    )

    assert markup_faults(VALID.format(words)) == []


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        ("<p id=main></p>", "id 'main' stands 2 times"),
        ("<p><div>в абзац</div></p>", "line 1: unexpected-end-tag"),
        ("<b><p>незатворено</b></p>", "line 1: adoption-agency-1.3"),
        ("<span><ul><li>а</li></ul></span>", "ul in span"),
        ("<a href='/'><button>б</button></a>", "button in a"),
        ("<ul><p>не е точка</p></ul>", "p in ul"),
        ("<dl><span>а</span></dl>", "span in dl"),
        ("<label for=никого>а</label>", "for of label names 'никого', which is not there"),
        ("<p aria-labelledby=никой></p>", "aria-labelledby of p names 'никой', which is not there"),
        ("<a href='#никъде'>а</a>", "a link leads to '#никъде', which is not there"),
        ("<input type=number maxlength=3>", "an input of type number has maxlength"),
        ("<table align=left></table>", "table has align, which is obsolete"),
        ("<p onclick='x()'></p>", "p has onclick"),
        ("<img src='/a.png'>", "img without alt"),
        ("<fieldset><p>а</p><legend>б</legend></fieldset>", "legend is not the first in fieldset"),
    ],
)
def test_fault_in_markup_is_found(words: str, fault: str) -> None:
    assert fault in markup_faults(VALID.format(words))


@pytest.mark.django_db
def test_public_pages_are_valid(client: Client) -> None:
    wrong = {address: markup_faults(client.get(address).content.decode()) for address in ADDRESSES}

    assert {address: found for address, found in wrong.items() if found} == {}


@pytest.mark.django_db
def test_refused_form_is_valid(client: Client) -> None:
    response = client.post("/feedback/new/signal/", {"subject": "Лампа"})

    assert response.status_code == 422
    assert markup_faults(response.content.decode()) == []
