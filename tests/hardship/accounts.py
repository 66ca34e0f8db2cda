"""What there is of each case in the tables, in the store and at the mail server, counted past the portal's own code."""

from dataclasses import dataclass
from hashlib import sha256

from tests.hardship.portal import Portal, wait_until
from tests.hardship.postbox import PostBox

WHOLE = """
    SELECT cases.email, cases.number,
        ARRAY(SELECT kind FROM feedback_caseevent WHERE case_id = cases.id),
        ARRAY(SELECT history_type || ' ' || history_change_reason FROM feedback_historicalcase WHERE id = cases.id),
        ARRAY(SELECT letter.kind || ' ' || letter.state || ' ' || letter.address FROM feedback_letter AS letter
              JOIN feedback_caseevent AS event ON event.id = letter.event_id AND event.kind = 'registered'
              WHERE letter.case_id = cases.id AND event.case_id = cases.id),
        ARRAY(SELECT key::text FROM feedback_letter WHERE case_id = cases.id),
        ARRAY(SELECT sha256 || ' ' || stored FROM feedback_attachment WHERE case_id = cases.id)
    FROM feedback_case AS cases ORDER BY cases.id
"""
# Everything that exists only together with a case.
TOTALS = """
    SELECT 'cases', count(*) FROM feedback_case
    UNION ALL SELECT 'history', count(*) FROM feedback_historicalcase
    UNION ALL SELECT 'events', count(*) FROM feedback_caseevent
    UNION ALL SELECT 'letters', count(*) FROM feedback_letter
    UNION ALL SELECT 'files', count(*) FROM feedback_attachment
"""
UNSENT = "SELECT count(*) FROM feedback_letter WHERE state <> 'sent'"
WAITING_JOBS = "SELECT count(*) FROM procrastinate_jobs WHERE status = 'todo' AND task_name = 'feedback.deliver_letter'"
# A letter whose sending was cut off waits a minute for the next attempt: here that minute is over.
A_MINUTE_LATER = "UPDATE feedback_letter SET try_at = now() WHERE state = 'queued' AND try_at > now() RETURNING id"


@dataclass(frozen=True)
class Account:
    """All that is there of one case; what must be there exactly once is a list, so that two are seen."""

    number: str
    events: list[str]
    history: list[str]
    letters: list[str]
    files: list[str]
    mails: set[str]


def accounts(portal: Portal, post: PostBox) -> list[tuple[str, Account]]:
    """Each case with the address of its sender, in the order of registration."""
    came, host = post.by_address(), "127.0.0.1"
    found = []
    for email, number, events, history, letters, keys, files in portal.query(WHOLE):
        # A mail is known by the key of its letter; any other would stand out.
        mails = {"own" if mail in {f"<{key}@{host}>" for key in keys} else mail for mail in came.get(email, [])}
        stored = [checked(portal, file) for file in files]
        found.append((email, Account(number, events, history, letters, stored, mails)))
    return found


def whole(number: str, email: str, digest: str) -> Account:
    """What there must be of a case that was filed with one file."""
    return Account(number, ["registered"], ["+ регистрирана"], [f"received sent {email}"], [digest], {"own"})


def checked(portal: Portal, file: str) -> str:
    """The digest of the bytes in the store, when the row says the same."""
    digest, _space, stored = file.partition(" ")
    found = sha256(portal.read_file(stored)).hexdigest()
    return found if found == digest else f"{found}, and the row says {digest}"


def litter(portal: Portal) -> list[str]:
    """What lies in the store and belongs to no row."""
    rows = {stored for (stored,) in portal.query("SELECT stored FROM feedback_attachment")}
    return sorted(portal.files() - rows)


def totals(portal: Portal) -> dict[str, int]:
    """How many rows there are of each, whether they belong to a case or not."""
    return dict(portal.query(TOTALS))


def counted(portal: Portal) -> list[tuple[str, int]]:
    """The last number given in each register."""
    return portal.query("SELECT register, last FROM office_registercounter")


def serial(number: str) -> int:
    return int(number.rpartition("-")[2])


def empty_outbox(portal: Portal) -> None:
    """Wait until every letter has left; a worker that ended is started again."""

    def all_left() -> bool:
        portal.keep_worker()
        if portal.query(WAITING_JOBS) == [(0,)] and portal.force(A_MINUTE_LATER):
            portal.manage("procrastinate", "defer", "-i", "feedback.deliver_waiting_letters", '{"timestamp": 0}')
        return portal.query(UNSENT) == [(0,)]

    wait_until(all_left, "every letter has left")
