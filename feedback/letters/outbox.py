"""How a letter gets into the outbox, whatever it is about: filled in, stored, and given to the worker."""

from collections.abc import Callable
from datetime import datetime

from django.conf import settings
from django.utils import translation
from procrastinate.contrib.django import app

from feedback.choices import Means
from feedback.letters.wording import filled_in, text_of
from feedback.models import Letter
from samokov_portal.history import save_with_history


def put(letter: Letter, fields: Callable[[], dict[str, str]], *, now: datetime) -> Letter:
    """Fill in the text of the letter's kind with `fields` and store it, in the caller's transaction."""
    subject, text = text_of(letter.kind)
    # Letters are in the language of the register, whatever the language of the page that caused them.
    with translation.override(settings.LANGUAGE_CODE):
        named = fields()
    # One line, whatever the sender typed: it becomes a header of the mail.
    letter.subject = " ".join(filled_in(subject, named).split())[:200]
    letter.text = filled_in(text, named)
    if letter.means == Means.EMAIL:
        letter.try_at = now
    save_with_history(letter, by=None, why="написано")
    if letter.means == Means.EMAIL:
        send_soon(letter)
    return letter


def send_soon(letter: Letter) -> None:
    """Ask the worker to send the letter when the caller's transaction is over.

    In the same transaction: a letter that is not stored is not sent, and one that is stored is not forgotten.
    """
    app.configure_task("feedback.deliver_letter").defer(letter_id=letter.pk)
