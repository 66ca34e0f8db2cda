"""The server, the worker and PostgreSQL are killed in the middle of filings; then everything promised is counted."""

from collections import Counter
from collections.abc import Callable

import pytest

from tests.hardship.accounts import accounts, counted, empty_outbox, litter, serial, totals, whole
from tests.hardship.citizen import Browser
from tests.hardship.filing import Book, filing_citizens
from tests.hardship.portal import Portal, wait_until
from tests.hardship.postbox import PostBox

CITIZENS = 4
# Receipts after each kill: enough that everybody's interrupted form was answered.
AFTER_A_KILL = 2 * CITIZENS


def kill_server_process(portal: Portal, post: PostBox) -> None:
    portal.kill_server_process()


def kill_server(portal: Portal, post: PostBox) -> None:
    portal.kill("server")
    portal.start_server()


def kill_worker(portal: Portal, post: PostBox) -> None:
    portal.kill("worker")
    portal.start("worker")


def kill_worker_unconfirmed(portal: Portal, post: PostBox) -> None:
    """At the one moment when nobody can know whether a letter has left: the mail server has it, and said nothing."""
    with post.silent() as has_one:
        wait_for_unconfirmed(portal, has_one)
        portal.kill("worker")
    portal.start("worker")


def kill_database(portal: Portal, post: PostBox) -> None:
    portal.kill_database()
    portal.start_database()


def kill_database_unconfirmed(portal: Portal, post: PostBox) -> None:
    """The mail server has a letter, and what became of it cannot be written down."""
    with post.silent() as has_one:
        wait_for_unconfirmed(portal, has_one)
        portal.kill_database()
    portal.start_database()


def wait_for_unconfirmed(portal: Portal, has_one: Callable[[], bool]) -> None:
    def look() -> bool:
        portal.keep_worker()
        return has_one()

    wait_until(look, "a letter that is taken and not confirmed")


KILLS: list[Callable[[Portal, PostBox], None]] = [
    kill_server_process,
    kill_server,
    kill_worker_unconfirmed,
    kill_worker,
    kill_database,
    kill_server_process,
    kill_database_unconfirmed,
]
# What holds a letter in its hands when it dies.
SENDERS = (kill_worker_unconfirmed, kill_worker, kill_database, kill_database_unconfirmed)


@pytest.fixture(scope="module")
def book(portal: Portal, post: PostBox) -> Book:
    """What citizens know after all the kills, when everything is up again and every letter has left."""
    with filing_citizens((portal.options.port,), CITIZENS) as kept:
        kept.wait_for_more(AFTER_A_KILL)
        for kill in KILLS:
            kept.wait_for_sending()
            kill(portal, post)
            kept.wait_for_more(AFTER_A_KILL)
    empty_outbox(portal)
    return kept


def test_every_receipt_stands_for_one_whole_case_with_its_file_and_its_mail(
    portal: Portal, post: PostBox, book: Book
) -> None:
    promised = {said.email: whole(receipt.number, said.email, said.digest) for said, receipt in book.registered}

    found = accounts(portal, post)

    assert dict(found) == promised
    assert len(found) == len(promised)
    assert [receipt.digests for _, receipt in book.registered] == [(said.digest,) for said, _ in book.registered]


def test_nothing_half_done_is_left(portal: Portal, book: Book) -> None:
    cases = len(book.registered)

    assert totals(portal) == {"cases": cases, "history": cases, "events": cases, "letters": cases, "files": cases}
    # Bytes without a row come only from a sending that was cut off.
    assert book.unanswered != []
    assert len(litter(portal)) <= len(book.unanswered)


def test_numbers_have_no_gap(portal: Portal, book: Book) -> None:
    given = sorted(serial(receipt.number) for _, receipt in book.registered)

    assert given == list(range(1, len(given) + 1))
    assert [last for _register, last in counted(portal)] == [len(given)]


def test_every_case_opens_with_the_code_of_its_receipt(portal: Portal, book: Book) -> None:
    browser = Browser(portal.options.port)

    opened = [browser.follow(receipt) for _, receipt in book.registered]

    assert [(page.status, page.number) for page in opened] == [(200, receipt.number) for _, receipt in book.registered]


def test_a_letter_comes_twice_only_when_its_confirmation_was_lost(portal: Portal, post: PostBox, book: Book) -> None:
    copies = Counter(mail for mails in post.by_address().values() for mail in mails)

    again = Counter({mail: number for mail, number in copies.items() if number > 1})

    print(f"{len(copies)} letters, more than once: {again}; sent again: {Counter(book.unanswered)}")  # noqa: T201
    assert post.unconfirmed != []
    assert [mail for mail in post.unconfirmed if mail not in again] == []
    # The other kills may have met the same moment by chance, with as many letters as are on their way at once.
    assert (again - Counter(again.keys())).total() <= sum(kill in SENDERS for kill in KILLS) * portal.letters_at_once
