"""The texts from which letters are made: what they may name in braces, and what each kind must name."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from feedback.choices import LETTER_KINDS, LetterKind
from feedback.models import LetterTemplate
from samokov_portal.pagestore import remembered
from services.choices import Notice

TEXTS = Path(__file__).parent.parent / "data" / "letters"
FIELD = re.compile(r"\{(\w+)\}")
BRACES = re.compile(r"\{[^{}\n]*\}|[{}]")
# What an empty field leaves behind.
BLANK_LINES = re.compile(r"\n{3,}")


@dataclass(frozen=True)
class Field:
    """What a text may name in braces: what it stands for, and how it looks in a preview."""

    meaning: Any
    example: str


FIELDS: dict[str, Field] = {
    "greeting": Field(gettext_lazy("обръщението, с името, когато го знаем"), "Здравейте, Мария Стоянова,"),
    "name": Field(gettext_lazy("името на подателя"), "Мария Стоянова"),
    "number": Field(gettext_lazy("регистрационният номер"), "С-2026-000123"),
    "kind": Field(gettext_lazy("видът: сигнал, предложение…"), "сигнал"),
    "subject": Field(gettext_lazy("темата, както я е писал подателят"), "Не свети лампа"),
    "received": Field(gettext_lazy("денят на получаване"), "02.03.2026 г."),
    "due": Field(gettext_lazy("крайният срок в сила"), "04.05.2026 г."),
    "deadline": Field(
        gettext_lazy("изречение за срока: докога, колко е дълъг, по кой член и как се брои"),
        "Ще отговорим най-късно до 04.05.2026 г. Срокът е 2 месеца (АПК, чл. 121 – за проверка).",
    ),
    "ground": Field(gettext_lazy("членът, на който се основава удължаването"), "АПК, чл. 121 – за проверка"),
    "note": Field(gettext_lazy("пояснението, написано от служителя"), "Нужна е проверка на място."),
    "bodies": Field(gettext_lazy("органите, до които е препратено"), "Областно пътно управление – София"),
    "outcome": Field(gettext_lazy("изходът от решението"), "уважен"),
    "answer": Field(gettext_lazy("отговорът с мотивите"), "Лампите са подменени на 10.03.2026 г."),
    "reopen": Field(
        gettext_lazy("изречение как се иска ново разглеждане; празно при похвала"),
        "Ако отговорът не Ви помага, до 14 дни може да поискате да разгледаме преписката отново.",
    ),
    "survey": Field(
        gettext_lazy("покана за анкетата, с код; само в писмото с отговора"),
        "Доволни ли сте от обслужването? Пет въпроса на https://example.bg/feedback/survey/ с код ABCD-EFGH-JKLM-NPQR.",
    ),
    "follow": Field(
        gettext_lazy("изречение къде се вижда докъде е стигнало"),
        "Докъде е стигнало, ще видите на https://example.bg/feedback/track/.",
    ),
    "address": Field(gettext_lazy("адресът на страницата за проследяване"), "https://example.bg/feedback/track/"),
    "contacts": Field(gettext_lazy("адресът, телефонът и имейлът на общината"), "ул. „Македония“ № 34"),
    "reason": Field(gettext_lazy("защо се препраща"), "Пътят е републикански."),
}
FORWARDING_FIELDS: dict[str, Field] = {
    "body": Field(gettext_lazy("органът, до който е писмото"), "Областно пътно управление – София"),
    "text": Field(gettext_lazy("целият текст на подателя"), "От седмица не свети лампата на кръстовището."),
    "contact": Field(gettext_lazy("адресът, имейлът и телефонът на подателя"), "maria@example.bg"),
}
APPLICATION_FIELDS: dict[str, Field] = {
    "greeting": Field(gettext_lazy("обръщението, с името на заявителя"), "Здравейте, Иван Петров,"),
    "name": Field(gettext_lazy("името на заявителя"), "Иван Петров"),
    "number": Field(gettext_lazy("регистрационният номер"), "У-2026-000123"),
    "service": Field(gettext_lazy("услугата"), "2016 Издаване на удостоверение за наследници"),
    "received": Field(gettext_lazy("денят на получаване"), "02.03.2026 г."),
    "due": Field(gettext_lazy("крайният срок в сила"), "16.03.2026 г."),
    "deadline": Field(
        gettext_lazy("изречение за срока: докога, колко е дълъг, по кой член и как се брои"),
        "Ще бъде готово най-късно до 16.03.2026 г. Срокът е 14 дни (АПК, чл. 57 – за проверка).",
    ),
    "mending": Field(
        gettext_lazy("изречение за недостатъците: че срокът не тече и докога се отстраняват"),
        "Докато чакаме, срокът не тече (АПК, чл. 30 – за проверка). Имате време до 09.03.2026 г.",
    ),
    "note": Field(gettext_lazy("пояснението, написано от служителя"), "Липсва подпис."),
    "fee": Field(
        gettext_lazy("изречение за таксата; празно, когато не е известна"), "Дължимата такса е 3,07 €. Платена е."
    ),
    "contest": Field(
        gettext_lazy("изречение как се обжалва отказ"), "Отказът може да се обжалва до 14 дни (АПК, чл. 84, ал. 1)."
    ),
    "follow": Field(gettext_lazy("изречение къде се вижда докъде е стигнало"), "Посочете номера."),
    "address": Field(gettext_lazy("адресът на страницата за проследяване"), "https://example.bg/feedback/track/"),
    "contacts": Field(gettext_lazy("адресът, телефонът и имейлът на общината"), "ул. „Македония“ № 34"),
}
# Without these a letter would not say what it is for.
REQUIRED: dict[str, tuple[str, ...]] = {
    LetterKind.RECEIVED: ("number", "deadline"),
    LetterKind.REQUALIFIED: ("number", "note", "deadline"),
    LetterKind.QUESTION: ("number", "note", "deadline"),
    LetterKind.FORWARDING: ("number", "reason", "text", "name", "contact"),
    LetterKind.FORWARDED: ("number", "bodies"),
    LetterKind.EXTENDED: ("number", "due", "note"),
    LetterKind.MOVED: ("number", "due", "note"),
    LetterKind.DECIDED: ("number", "outcome", "answer"),
    LetterKind.REOPENED: ("number", "deadline"),
    LetterKind.ENDED: ("number", "note"),
    LetterKind.WITHDRAWN: ("number",),
    Notice.RECEIVED: ("number", "deadline"),
    Notice.DEFECTS: ("number", "note", "mending"),
    Notice.MENDED: ("number", "deadline"),
    Notice.READY: ("number",),
    Notice.REFUSED: ("number", "note", "contest"),
    Notice.LEFT: ("number", "note"),
    Notice.WITHDRAWN: ("number",),
    Notice.MOVED: ("number", "note"),
}


def fields_of(kind: str) -> dict[str, Field]:
    """What a letter of `kind` may name; the sender's text and contacts go to a competent body only."""
    if kind in Notice.values:
        return APPLICATION_FIELDS
    return {**FIELDS, **FORWARDING_FIELDS} if kind == LetterKind.FORWARDING else FIELDS


@cache
def standard_texts() -> dict[str, tuple[str, str]]:
    """Subject and text of each kind of letter as the portal brings them, from data/letters/<kind>.txt."""
    texts = {}
    for kind in LETTER_KINDS:
        subject, _blank, text = (TEXTS / f"{kind}.txt").read_text(encoding="utf-8").partition("\n\n")
        texts[str(kind)] = subject.strip(), text.strip()
    return texts


@remembered("feedback.LetterTemplate")
def text_of(kind: str) -> tuple[str, str]:
    """Subject and text of letters of `kind`: what an editor made of it, else as the portal brings it."""
    row = LetterTemplate.objects.filter(kind=kind).first()
    return (row.subject, row.text) if row else standard_texts()[kind]


def filled_in(text: str, fields: dict[str, str]) -> str:
    """`text` with each known {field} replaced; nothing else in braces means anything."""
    text = FIELD.sub(lambda found: fields.get(found[1], found[0]), text.replace("\r\n", "\n"))
    return BLANK_LINES.sub("\n\n", text).strip()


def preview(kind: str, subject: str, text: str) -> tuple[str, str]:
    """Subject and text as a letter to a made-up person would have them."""
    examples = {name: field.example for name, field in fields_of(kind).items()}
    return filled_in(subject, examples), filled_in(text, examples)


def faults(kind: str, subject: str, text: str) -> list[str]:
    """Why letters of `kind` cannot be made from this subject and text; empty when they can."""
    known = fields_of(kind)
    named = BRACES.findall(f"{subject}\n{text}")
    unknown = [found for found in dict.fromkeys(named) if found[1:-1] not in known]
    missing = [f"{{{name}}}" for name in REQUIRED[kind] if f"{{{name}}}" not in named]
    found = []
    if unknown:
        allowed = ", ".join(f"{{{name}}}" for name in known)
        found.append(
            _("Няма такова поле: %(unknown)s. Може да пишете: %(allowed)s.")
            % {"unknown": ", ".join(unknown), "allowed": allowed}
        )
    if missing:
        found.append(_("Липсва задължително поле: %(missing)s.") % {"missing": ", ".join(missing)})
    return found
