"""A letter as a mail: plain text, the same as HTML, and the files of a forwarded case."""

from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation

from feedback.choices import FileState, LetterKind
from feedback.models import Attachment, Letter
from services.models import Unit


def message_of(letter: Letter) -> EmailMultiAlternatives:
    """The mail: plain text, the same as HTML, and what came with a forwarded case as far as it fits."""
    attached, on_request = files_of(letter)
    municipality = Unit.objects.municipality()
    with translation.override(settings.LANGUAGE_CODE):
        words = {
            "letter": letter,
            "municipality": municipality,
            "attached": attached,
            "on_request": on_request,
            "portal": settings.PORTAL_URL,
        }
        text = render_to_string("feedback/email/letter.txt", words)
        html = render_to_string("feedback/email/letter.html", words)
    message = EmailMultiAlternatives(
        subject=_one_line(letter.subject),
        body=text,
        to=[letter.address],
        reply_to=[municipality.email] if municipality and municipality.email else None,
        headers={"Message-ID": message_id(letter), "Auto-Submitted": "auto-generated"},
    )
    message.attach_alternative(html, "text/html")
    for file in attached:
        with file.stored.open("rb") as content:
            message.attach(_one_line(file.name), content.read(), file.content_type)
    return message


def message_id(letter: Letter) -> str:
    """The same for every attempt to send the letter."""
    host = urlsplit(settings.PORTAL_URL).hostname or "localhost"
    return f"<{letter.key}@[{host}]>" if ":" in host else f"<{letter.key}@{host}>"


def files_of(letter: Letter) -> tuple[list[Attachment], list[Attachment]]:
    """The files of a forwarded case: those that go with the letter, and those that the body may ask for."""
    attached: list[Attachment] = []
    on_request: list[Attachment] = []
    if letter.case is None or letter.kind != LetterKind.FORWARDING:
        return attached, on_request
    room = settings.FORWARDED_FILES_BYTES
    for file in letter.case.attachments.in_order():
        if file.may_be_opened and file.size <= room:
            attached.append(file)
            room -= file.size
        elif file.state != FileState.INFECTED:
            on_request.append(file)
    return attached, on_request


def _one_line(text: str) -> str:
    """What becomes a header of a mail has no lines to break."""
    return " ".join(text.split())
