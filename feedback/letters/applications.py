"""Letters to applicants for services: to whom, how, and what they name.

The sentences are in Bulgarian, as the texts around them are: letters have the language of the register.
"""

import re
from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from feedback.choices import Means
from feedback.letters.fields import contacts_of_the_municipality, day_in_letter, marked, tracking_page
from feedback.letters.outbox import put
from feedback.models import Letter
from samokov_portal.legal.terms import TERMS
from samokov_portal.office.templatetags.bulgarian import duration, money
from services.choices import Notice
from services.clock import DEFECTS, term_of
from services.models import Application, ApplicationEvent

# As short as a telephone number of a village may be without its code.
FEWEST_DIGITS = 5


def means_for_applicant(application: Application) -> tuple[Means, str] | None:
    """How the applicant is reached, and where, by the one contact that was asked for; None when in no way."""
    contact = application.applicant_contact.strip()
    try:
        validate_email(contact)
    except ValidationError:
        digits = re.sub(r"\D", "", contact)
        return (Means.PHONE, contact) if len(digits) >= FEWEST_DIGITS else None
    return Means.EMAIL, contact


def write_notice(notice: Notice, *, application: Application, event: ApplicationEvent, now: datetime) -> Letter | None:
    """Put a letter to the applicant into the outbox, in the caller's transaction; None when nobody can be reached.

    Whoever came or called knows that the application was received: of that only an e-mail is written.
    """
    means = means_for_applicant(application)
    if means is None or (notice == Notice.RECEIVED and means[0] != Means.EMAIL):
        return None
    how, address = means
    letter = Letter(
        application=application,
        application_event=event,
        kind=notice,
        means=how,
        recipient=application.applicant_name,
        address=address,
        created_at=now,
    )
    return put(letter, lambda: fields_for_applicant(application, event), now=now)


def fields_for_applicant(application: Application, event: ApplicationEvent) -> dict[str, str]:
    """What a letter about an application names."""
    contacts = contacts_of_the_municipality()
    return {
        "greeting": f"Здравейте, {application.applicant_name},",
        "name": application.applicant_name,
        "number": application.number,
        "service": str(application.service),
        "received": day_in_letter(application.received_at),
        "due": day_in_letter(application.due_on),
        "deadline": _deadline(application),
        "mending": _mending(event),
        "note": event.note,
        "fee": _fee(application),
        "contest": _contest(),
        "follow": _follow(application, contacts),
        "address": tracking_page(),
        "contacts": contacts,
    }


def _deadline(application: Application) -> str:
    """By when, how long the term is by which article, and from when it is counted."""
    term = term_of(application)
    return (
        f"Ще бъде готово най-късно до {day_in_letter(application.due_on)} Срокът е {duration(term)} "
        f"({marked(term.source, verified=term.verified)}). Брои се от деня след получаването "
        f"({day_in_letter(application.received_at)}); ако последният ден е неработен, срокът изтича в първия работен "
        "ден след него."
    )


def _mending(event: ApplicationEvent) -> str:
    """That the term stands still, and until when the defects may be mended; empty in other letters."""
    if event.until is None:
        return ""
    return (
        f"Докато чакаме, срокът за услугата не тече ({marked(DEFECTS.source, verified=DEFECTS.verified)}). Имате време "
        f"до {day_in_letter(event.until)} Ако дотогава недостатъците не са отстранени, заявлението може да остане без "
        "производство."
    )


def _fee(application: Application) -> str:
    """What is due and whether it was paid; nothing of what is not known."""
    if application.fee is None:
        return ""
    if not application.fee:
        return "Такса не се дължи."
    owed = f"Дължимата такса е {money(application.fee, '€')}."
    if application.paid is None:
        return f"{owed} Още не е отбелязана като платена."
    return f"{owed} Платени са {money(application.paid, '€')}."


def _follow(application: Application, contacts: str) -> str:
    if not application.access_digest:
        return f"За хода на заявлението питайте в общината и посочете номера: {contacts}."
    return f"Докъде е стигнало заявлението, ще видите на {tracking_page()} с номера и кода, който Ви дадохме."


def _contest() -> str:
    term = TERMS["act-complaint"]
    return (
        f"Ако не сте съгласни, може да обжалвате отказа чрез общината в срок от {duration(term)}, след като Ви е "
        f"съобщен ({marked(term.source, verified=term.verified)})."
    )
