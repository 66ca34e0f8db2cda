"""Letters handed to the mail server, each once: the outbox is the truth, the server only takes from it.

Every attempt is two short transactions. The first one counts the attempt and puts the next one off, so that a worker
that dies, or a letter that breaks it, cannot be tried without end. The second one holds the letter locked while it is
sent and records what came of it; nobody else sends it meanwhile.

One window cannot be closed from this side: the server has taken the mail, and its confirmation, or our record of it,
is lost (a cut line, a killed worker). The letter is then sent again, with the same Message-ID, by which servers and
mail programs know a second copy.
"""

import logging
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from smtplib import SMTPDataError, SMTPException, SMTPRecipientsRefused, SMTPResponseException, SMTPSenderRefused

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.core.validators import validate_email
from django.db import transaction

from feedback.actions.post import letter_has_left
from feedback.choices import LetterState, Means
from feedback.mail.message import message_of
from feedback.models import Letter
from feedback.querysets import ABOUT
from samokov_portal.history import save_with_history

logger = logging.getLogger(__name__)

FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=2)
# With these pauses the last attempt is made three days after the first.
ATTEMPTS = 43
UNFINISHED = "опитът е започнат и още няма отговор"
UNREACHABLE = "няма връзка с пощенския сървър"
BAD_ADDRESS = "адресът не е валиден имейл"
BROKEN = "изпращането прекъсва при всеки опит"
# The server's own words name the recipient, so only its codes are kept.
ENHANCED_CODE = re.compile(r"\b[245]\.\d{1,3}\.\d{1,3}\b")
FILE_BACKEND = "django.core.mail.backends.filebased.EmailBackend"

# How a server says, before it sees the letter, that it is larger than it takes.
TOO_LARGE_CODES = (523, 552)


class Came(Enum):
    """What came of an attempt."""

    NOT_DUE = "not due, or with somebody else"
    SENT = "sent"
    PUT_OFF = "put off"
    UNREACHABLE = "put off, and the others have no better chance"
    GIVEN_UP = "given up"


@dataclass(frozen=True)
class Failure:
    """Why a letter did not go, without anybody's data, and whether trying again makes sense."""

    reason: str
    came: Came = Came.PUT_OFF


class NotTaken(SMTPException):
    """The mail server neither refused the letter nor said that it has it."""


def deliver(letter_id: int, now: datetime) -> Came:
    """Send the letter if its turn has come at the aware moment `now` and nobody else is sending it; record the end."""
    attempt = _begin(letter_id, now)
    return Came.NOT_DUE if attempt is None else _finish(letter_id, attempt, now)


def is_held_up(now: datetime) -> bool:
    """Whether the mail server was not to be reached a while ago, so that new letters had better wait their turn."""
    waiting = Letter.objects.filter(state=LetterState.QUEUED, means=Means.EMAIL, try_at__gt=now)
    return waiting.filter(last_error=UNREACHABLE).exists()


def pause_after(attempt: int) -> timedelta:
    """How long after the attempt with this number (from 1) the next one is made: each pause twice the one before."""
    doubled = min(attempt - 1, 10)  # a pause of years is no timedelta
    return min(FIRST_PAUSE * 2**doubled, LONGEST_PAUSE)


@transaction.atomic
def _begin(letter_id: int, now: datetime) -> int | None:
    """The number of the attempt that may be made now, already counted; None when none may be made."""
    letter = Letter.objects.select_for_update(of=("self",), skip_locked=True).to_mail(now).filter(pk=letter_id).first()
    if letter is None:
        return None
    if letter.attempts >= ATTEMPTS:
        _give_up(letter, BROKEN)
        return None
    letter.attempts += 1
    letter.try_at = now + pause_after(letter.attempts)
    letter.last_error = UNFINISHED
    fields = ["attempts", "try_at", "last_error"]
    save_with_history(letter, by=None, why=f"опит за изпращане {letter.attempts}", fields=fields)
    return letter.attempts


@transaction.atomic
def _finish(letter_id: int, attempt: int, now: datetime) -> Came:
    letters = Letter.objects.select_for_update(of=("self",), skip_locked=True).select_related(*ABOUT)
    letter = letters.filter(pk=letter_id, state=LetterState.QUEUED, means=Means.EMAIL, attempts=attempt).first()
    if letter is None:
        return Came.NOT_DUE
    failure = _hand_to_server(letter)
    if failure is not None:
        return _record(letter, failure)
    letter_has_left(letter, now=now, by=None)
    return Came.SENT


def _hand_to_server(letter: Letter) -> Failure | None:
    """None when the mail server has confirmed that it has the letter."""
    try:
        validate_email(letter.address)
    except ValidationError:
        return Failure(BAD_ADDRESS, Came.GIVEN_UP)
    # Read before the line is open: a file that cannot be read is no failure of the mail server.
    message, connection = message_of(letter), connection_for(letter)
    try:
        connection.open()
        # Opened here, not by `send_messages`, which would close it too: a goodbye that fails must not undo a sending.
        if not connection.send_messages([message]):
            raise NotTaken
    except OSError as error:
        return failure_of(error)
    finally:
        _close(connection)
    return None


def _close(connection: BaseEmailBackend) -> None:
    try:
        connection.close()
    except OSError as error:
        logger.info("mail server did not answer the goodbye: %s", type(error).__name__)


def _record(letter: Letter, failure: Failure) -> Came:
    logger.warning("letter %s, attempt %s: %s", letter.pk, letter.attempts, failure.reason)
    if failure.came == Came.GIVEN_UP or letter.attempts >= ATTEMPTS:
        _give_up(letter, failure.reason)
        return Came.GIVEN_UP
    letter.last_error = failure.reason
    save_with_history(letter, by=None, why=failure.reason, fields=["last_error"])
    return failure.came


def _give_up(letter: Letter, reason: str) -> None:
    letter.state, letter.try_at, letter.last_error = LetterState.FAILED, None, reason
    save_with_history(letter, by=None, why=f"недоставено: {reason}", fields=["state", "try_at", "last_error"])


def failure_of(error: OSError) -> Failure:
    """What an error of the mail server means; SMTPException is an OSError too."""
    if isinstance(error, SMTPRecipientsRefused):
        code, text = next(iter(error.recipients.values()))
        return _refused("сървърът отказа получателя", code, text)
    if isinstance(error, SMTPDataError):
        return _refused("сървърът отказа писмото", error.smtp_code, error.smtp_error)
    if isinstance(error, SMTPSenderRefused) and error.smtp_code in TOO_LARGE_CODES:
        return _refused("писмото е твърде голямо за сървъра", error.smtp_code, error.smtp_error)
    if isinstance(error, SMTPResponseException):
        # It refuses us, not this letter: nobody's fault but the settings'.
        reason = _with_codes("сървърът не приема писма от портала", error.smtp_code, error.smtp_error)
        return Failure(reason, Came.UNREACHABLE)
    return Failure(UNREACHABLE, Came.UNREACHABLE)


def _refused(what: str, code: int, text: bytes | str) -> Failure:
    return Failure(_with_codes(what, code, text), Came.GIVEN_UP if code >= 500 else Came.PUT_OFF)


def _with_codes(what: str, code: int, text: bytes | str) -> str:
    said = text.decode("ascii", "replace") if isinstance(text, bytes) else text
    enhanced = ENHANCED_CODE.search(said)
    return f"{what} ({code} {enhanced[0]})" if enhanced else f"{what} ({code})"


def connection_for(letter: Letter) -> BaseEmailBackend:
    """The mail server of the settings; letters of made-up matters go to files and never leave."""
    if letter.about.is_sample:
        settings.SAMPLE_MAIL_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
        return get_connection(FILE_BACKEND, file_path=str(settings.SAMPLE_MAIL_DIR))
    return get_connection()
