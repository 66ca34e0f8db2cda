"""Finding a case by number and access code, slowed down for whoever guesses."""

import logging
from datetime import datetime, timedelta

from django.conf import settings

from feedback.access import access_digest, code_fits, origin_digest
from feedback.models import Case, TrackingFailure
from samokov_portal.office.numbers import read_number

logger = logging.getLogger(__name__)
WINDOW = timedelta(minutes=15)
# Compared when there is no such number, so that the answer takes as long as for a wrong code.
NOBODY = access_digest("")


class TooManyFailures(Exception):
    """This address has guessed too often; it may try again after the window."""


def find_case(*, number: str, code: str, address: str, now: datetime) -> Case | None:
    """The case with this number and code; None, with the failure counted, when they do not belong together.

    The answer is the same whether or not the number exists. A right pair opens also from an address (a library, a town
    hall) from which others guess: the code is too long to be guessed. `address` is the network address of who asks.
    Raises TooManyFailures.
    """
    case = Case.objects.with_frame().filter(number=read_number(number)).first()
    if code_fits(code, case.access_digest if case else NOBODY) and case is not None:
        return case
    origin = origin_digest(address)
    failures = TrackingFailure.objects.recent(origin, since=now - WINDOW).count() + 1
    if failures > settings.TRACKING_FAILURES_ALLOWED:
        logger.warning("tracking blocked after %s failures from origin %s", failures, origin[:12])
        raise TooManyFailures
    TrackingFailure.objects.create(origin=origin, at=now)
    logger.warning("tracking failure %s from origin %s", failures, origin[:12])
    return None


def forget_failures(*, now: datetime) -> int:
    """Remove the failures older than the window; returns how many there were."""
    return TrackingFailure.objects.filter(at__lt=now - WINDOW).delete()[0]
