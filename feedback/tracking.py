"""Who may follow a case: whoever gives its number and access code, and for a while the browser in which they did.

Guessing is slowed down. The session, on the server, holds keys of cases and moments; the code is kept nowhere.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase

from feedback.access import access_digest, code_fits
from feedback.models import Case
from feedback.querysets import CaseQuerySet
from samokov_portal.office.limits import Limit, subscriber_of, take
from samokov_portal.office.numbers import read_number

WINDOW = timedelta(minutes=15)
# Compared when there is no such number, so that the answer takes as long as for a wrong code.
NOBODY = access_digest("")

# Where the session keeps what this browser may see: the key of a case -> until when, in seconds since 1970.
GRANTS = "feedback.followed"
GRANT_LASTS = timedelta(minutes=30)
GRANTS_AT_MOST = 3


class TooManyFailures(Exception):
    """This address has guessed too often; `retry_after` is when it may try again."""

    def __init__(self, retry_after: timedelta) -> None:
        super().__init__(str(retry_after))
        self.retry_after = retry_after


def find_case(*, number: str, code: str, address: str, now: datetime) -> Case | None:
    """The case with this number and code; None, with the failure counted, when they do not belong together.

    The answer is the same whether or not the number exists. A right pair opens also from an address (a library, a town
    hall) from which others guess: the code is too long to be guessed. `address` is the network address of who asks.
    Raises TooManyFailures.
    """
    case = cases_to_follow().filter(number=read_number(number)).first()
    if code_fits(code, case.access_digest if case else NOBODY) and case is not None:
        return case
    standing = take(Limit("tracking", settings.TRACKING_FAILURES_ALLOWED, WINDOW), subscriber_of(address), now)
    if standing.is_over:
        raise TooManyFailures(standing.retry_after)
    return None


def cases_to_follow() -> CaseQuerySet:
    """Cases with all that the sender's page names of one."""
    return Case.objects.with_frame().select_related("standard")


def grant(session: SessionBase, case: Case, *, now: datetime) -> None:
    """Let this browser see `case` for half an hour after its code was given; the session gets a new key."""
    _remember(session, case, now)
    session.cycle_key()


def granted(session: SessionBase, number: str, *, now: datetime) -> Case | None:
    """The case with this number if this browser may still see it; using the grant renews it.

    None is no answer about the number: another's case and none at all are asked for in the same way.
    """
    keys = [int(key) for key in _live(session, now)]
    if not keys:
        return None
    case: Case | None = cases_to_follow().filter(number=number, pk__in=keys).first()
    if case is not None:
        _remember(session, case, now)
    return case


def leave(session: SessionBase) -> None:
    """Forget every case that this browser may see, and the session with them when it holds nothing else."""
    session.pop(GRANTS, None)
    if session.keys():
        session.cycle_key()
    else:
        session.flush()


def _remember(session: SessionBase, case: Case, now: datetime) -> None:
    """Renew the grant of `case`; of too many the ones that were used last stay."""
    grants = {str(case.pk): (now + GRANT_LASTS).timestamp()}
    grants = {**grants, **{key: until for key, until in _live(session, now).items() if key not in grants}}
    newest = sorted(grants.items(), key=lambda item: item[1], reverse=True)
    session[GRANTS] = dict(newest[:GRANTS_AT_MOST])


def _live(session: SessionBase, now: datetime) -> dict[str, float]:
    """The grants that have not run out."""
    return {key: until for key, until in session.get(GRANTS, {}).items() if until > now.timestamp()}
