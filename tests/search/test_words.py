"""Words that people mean as one meet in one form; what they mean apart stays apart."""

import pytest

from samokov_portal.search.words import stem, stems, words


@pytest.mark.parametrize(
    "forms",
    [
        "удостоверение удостоверения удостоверението удостоверенията",
        "наследник наследници наследниците наследника",
        "скица скици скицата скиците",
        "строеж строежи строежите строежа",
        "адрес адреса адреси адресът",
        "данъчна данъчни данъчен",
        "място места мястото",
        "дете деца детето децата",
        "семейно семеен",
        "дърво дърва дървета дърветата",
        "промяна промени промяната",
        "имот имоти имота имотът",
        "регистър регистри регистъра",
        "карта карти картата",
        "смърт смъртта",
        "съпруг съпрузи съпрузите",
        "категоризация категоризиране категоризацията",
        "име имена имената",
    ],
)
def test_the_forms_of_a_word_meet(forms: str) -> None:
    assert len({stem(word) for word in forms.split()}) == 1


@pytest.mark.parametrize(
    "pair", ["имот име", "брак брат", "пчела пчелин", "строеж строя", "2052 2053", "данък данъчен"]
)
def test_other_words_stay_apart(pair: str) -> None:
    one, other = pair.split()

    assert stem(one) != stem(other)


def test_words_that_tell_nothing_are_left_out_and_letters_part_from_digits() -> None:
    assert stems("Искам удостоверение за УП2") == [stem("удостоверение"), "уп", "2"]


@pytest.mark.parametrize("text", ["", " ", "%", "_", "„“", "!?"])
def test_what_has_no_word_has_none(text: str) -> None:
    assert words(text) == []
