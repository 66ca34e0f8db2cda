"""What a letter about a case may name, found from the case and from what happened to it.

The sentences are in Bulgarian, as the texts around them are: letters have the language of the register.
"""

from datetime import date, datetime

from django.conf import settings
from django.urls import reverse

from feedback.choices import EventKind, Kind, LetterKind, outcome_in_words
from feedback.models import Case, CaseEvent, Reopening, SurveyInvitation
from samokov_portal.legal.grounds import EXTENSIONS, SUSPENSIONS
from samokov_portal.legal.receipt import SOFIA
from samokov_portal.legal.terms import TERMS
from samokov_portal.office.choices import Channel
from samokov_portal.office.templatetags.bulgarian import duration
from samokov_portal.pagestore import remembered
from services.models import Unit

# Whoever came in person or wrote on the portal holds the receipt, with the access code, already.
HOLDS_RECEIPT = (Channel.WEB, Channel.COUNTER, Channel.PHONE)


def fields_for(kind: str, case: Case, event: CaseEvent, extra: dict[str, str]) -> dict[str, str]:
    """What a letter of `kind` names; of a case that was looked at again, the dates and the answer are the new ones."""
    again = case.reopenings.order_by("-asked_at", "-pk").first() if case.notified_at else None
    now = again or case
    contacts = contacts_of_the_municipality()
    return {
        "greeting": f"Здравейте, {case.name}," if case.name else "Здравейте,",
        "name": case.name,
        "number": case.number,
        "kind": case.get_kind_display(),
        "subject": case.subject,
        "received": day_in_letter(case.received_at),
        "due": day_in_letter(now.due_on) if now.due_on else "няма законов срок",
        "deadline": _pause(case) if kind == LetterKind.QUESTION else _deadline(case, again),
        "ground": _ground(event),
        "note": event.note,
        "reason": _why_forwarded(case) if kind == LetterKind.FORWARDED else "",
        "bodies": case.forwarded_to,
        "outcome": outcome_in_words(case.kind, now.outcome),
        "answer": now.answer,
        "reopen": _reopen(case, contacts),
        "survey": _survey(case) if kind == LetterKind.DECIDED else "",
        "follow": _follow(kind, case, contacts),
        "address": tracking_page(),
        "contacts": contacts,
        **extra,
    }


def marked(source: str, *, verified: bool) -> str:
    """An article, with the mark of what was not compared with the text of the law yet."""
    return source if verified else f"{source} – за проверка"


def day_in_letter(value: date | datetime) -> str:
    """A day as letters write it: 23.11.2026 г."""
    if isinstance(value, datetime):
        value = value.astimezone(SOFIA)
    return f"{value:%d.%m.%Y} г."


@remembered("services.Unit")
def contacts_of_the_municipality() -> str:
    """Name, address, telephone and e-mail, as far as they are known."""
    municipality = Unit.objects.municipality()
    if municipality is None:
        return "Община Самоков"
    parts = (municipality.name, municipality.address, municipality.phone, municipality.email)
    return ", ".join(part for part in parts if part)


def tracking_page() -> str:
    """The address of the page where a matter is followed."""
    return settings.PORTAL_URL + reverse("feedback:track")


def _deadline(case: Case, again: Reopening | None) -> str:
    """By when, how long the term is by which article, and from when it is counted."""
    now = again or case
    if now.due_on is None:
        return "За похвала законът не определя срок за отговор. Ще я предадем на колегите, за които е."
    term = TERMS[now.term_code].as_of_version(now.term_version)
    since = "искането Ви за ново разглеждане" if again else "получаването"
    began = day_in_letter(again.asked_at if again else case.received_at)
    return (
        f"Ще отговорим най-късно до {day_in_letter(now.due_on)} Срокът е {duration(term)} "
        f"({marked(term.source, verified=term.verified)}). Брои се от деня след {since} ({began}); "
        "ако последният ден е неработен, срокът изтича в първия работен ден след него."
    )


def _pause(case: Case) -> str:
    """Whether the term stands still while the sender is asked, and until when an answer is awaited."""
    question = case.questions.open().first()
    if question is None or question.answer_due_on is None:
        return f"Въпросът не спира срока: ще отговорим най-късно до {day_in_letter(case.due_on)}" if case.due_on else ""
    ground = SUSPENSIONS[question.ground]
    return (
        f"Докато чакаме отговора Ви, срокът не тече ({marked(ground.source, verified=ground.verified)}). "
        f"Отговорете най-късно до {day_in_letter(question.answer_due_on)} Ако дотогава не отговорите, преписката може "
        "да приключи без решение."
    )


def _ground(event: CaseEvent) -> str:
    ground = EXTENSIONS.get(event.ground)
    return marked(ground.source, verified=ground.verified) if ground else ""


def _why_forwarded(case: Case) -> str:
    """What the official wrote when deciding to forward: the event names the bodies first."""
    event = case.events.filter(kind=EventKind.FORWARDING).in_order().last()
    return event.note.removeprefix(f"{case.forwarded_to}. ") if event else ""


def _reopen(case: Case, contacts: str) -> str:
    if case.kind == Kind.PRAISE:
        return ""
    days = settings.REOPEN_DAYS
    until = f"Ако отговорът не Ви помага, до {days} {'ден' if days == 1 else 'дни'}"
    if not _holds_code(case):
        return f"{until} се обърнете към нас и посочете номера: {contacts}."
    return (
        f"{until} може да поискате да разгледаме преписката отново на {tracking_page()} с номера и кода за достъп от "
        "разписката. Там пише и към кого още може да се обърнете."
    )


def _survey(case: Case) -> str:
    """Where and with which code the sender may say how satisfied they are with the newest answer."""
    invitation = SurveyInvitation.objects.filter(case=case).order_by("-round").first()
    if invitation is None:
        return ""
    return (
        f"Доволни ли сте от обслужването? Пет въпроса за по-малко от минута на "
        f"{settings.PORTAL_URL + reverse('feedback:survey')} с код {invitation.code}. Анкетата е анонимна: отговорите "
        "не се свързват с Вас и с преписката. Кодът важи веднъж."
    )


def _follow(kind: str, case: Case, contacts: str) -> str:
    if not _holds_code(case):
        return f"За хода на преписката питайте в общината ({contacts}) и посочете номера."
    where = f"Докъде е стигнала преписката, ще видите на {tracking_page()} с номера и кода за достъп от разписката."
    if kind != LetterKind.RECEIVED:
        return where
    return f"{where} Кодът не се изпраща по имейл и ние не го пазим: само Вие го имате."


def _holds_code(case: Case) -> bool:
    return case.channel in HOLDS_RECEIPT
