"""Who may follow a case or an application: whoever gives its number and access code, and for a while the browser in
which they did.

Guessing is slowed down. The session, on the server, holds keys and moments; the code is kept nowhere.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase

from feedback.access import code_fits
from feedback.models import Case
from feedback.querysets import CaseQuerySet
from samokov_portal.office.access import NOBODY
from samokov_portal.office.limits import Limit, subscriber_of, take
from samokov_portal.office.numbers import read_number
from samokov_portal.questions import question
from services.choices import REGISTER
from services.models import Application
from services.querysets import ApplicationQuerySet

WINDOW = timedelta(minutes=15)
# Where the session keeps what this browser may see: the key of a case, or of an application with an „a“ before it,
# -> until when, in seconds since 1970.
GRANTS = "feedback.followed"
OF_APPLICATION = "a"
GRANT_LASTS = timedelta(minutes=30)
GRANTS_AT_MOST = 3


class TooManyFailures(Exception):
    """This address has guessed too often; `retry_after` is when it may try again."""

    def __init__(self, retry_after: timedelta) -> None:
        super().__init__(str(retry_after))
        self.retry_after = retry_after


def find_followed(*, number: str, code: str, address: str, now: datetime) -> Case | Application | None:
    """What has this number and this code; None, with the failure counted, when they do not belong together.

    The answer is the same whether or not the number exists. A right pair opens also from an address (a library, a town
    hall) from which others guess: the code is too long to be guessed. `address` is the network address of who asks.
    Raises TooManyFailures.
    """
    number = read_number(number)
    # The letter of the register stands in the number itself, so asking that one alone tells nothing to who guesses.
    found = _application(number) if number.startswith(REGISTER) else _case(number)
    row: Case | Application | None = next(iter(found), None)
    # An application has no code until the desk gives one out, and then none fits.
    if code_fits(code, (row.access_digest if row else "") or NOBODY) and row is not None and row.access_digest:
        return row
    standing = take(Limit("tracking", settings.TRACKING_FAILURES_ALLOWED, WINDOW), subscriber_of(address), now)
    if standing.is_over:
        raise TooManyFailures(standing.retry_after)
    return None


@question
def _case(number: str) -> CaseQuerySet:
    return cases_to_follow().filter(number=number)


@question
def _application(number: str) -> ApplicationQuerySet:
    return applications_to_follow().filter(number=number)


def applications_to_follow() -> ApplicationQuerySet:
    """Applications with all that the applicant's page names of one."""
    return Application.objects.with_frame()


def cases_to_follow() -> CaseQuerySet:
    """Cases with all that the sender's page names of one."""
    return Case.objects.with_frame().select_related("standard").with_what_there_is()


def grant(session: SessionBase, row: Case | Application, *, now: datetime) -> None:
    """Let this browser see `row` for half an hour after its code was given; the session gets a new key."""
    _remember(session, row, now)
    session.cycle_key()


def granted(session: SessionBase, number: str, *, now: datetime) -> Case | None:
    """The case with this number if this browser may still see it; using the grant renews it.

    None is no answer about the number: another's case and none at all are asked for in the same way.
    """
    keys = [int(key) for key in _live(session, now) if not key.startswith(OF_APPLICATION)]
    if not keys:
        return None
    case: Case | None = cases_to_follow().filter(number=number, pk__in=keys).first()
    if case is not None:
        _remember(session, case, now)
    return case


def granted_application(session: SessionBase, number: str, *, now: datetime) -> Application | None:
    """The application with this number if this browser may still see it; as `granted`."""
    keys = [int(key.removeprefix(OF_APPLICATION)) for key in _live(session, now) if key.startswith(OF_APPLICATION)]
    if not keys:
        return None
    row: Application | None = applications_to_follow().filter(number=number, pk__in=keys).first()
    if row is not None:
        _remember(session, row, now)
    return row


def leave(session: SessionBase) -> None:
    """Forget everything that this browser may see, and the session with them when it holds nothing else."""
    session.pop(GRANTS, None)
    if session.keys():
        session.cycle_key()
    else:
        session.flush()


def _key(row: Case | Application) -> str:
    return f"{OF_APPLICATION if isinstance(row, Application) else ''}{row.pk}"


def _remember(session: SessionBase, row: Case | Application, now: datetime) -> None:
    """Renew the grant of `row`; of too many the ones that were used last stay."""
    grants = {_key(row): (now + GRANT_LASTS).timestamp()}
    grants = {**grants, **{key: until for key, until in _live(session, now).items() if key not in grants}}
    newest = sorted(grants.items(), key=lambda item: item[1], reverse=True)
    session[GRANTS] = dict(newest[:GRANTS_AT_MOST])


def _live(session: SessionBase, now: datetime) -> dict[str, float]:
    """The grants that have not run out."""
    return {key: until for key, until in session.get(GRANTS, {}).items() if until > now.timestamp()}
