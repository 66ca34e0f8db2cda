"""Citizens who file one case after another, whatever happens to the portal, and write down each receipt."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPException
from threading import Event

from tests.hardship.citizen import FORM, Answer, Browser, Matter, Receipt
from tests.hardship.portal import PATIENCE, wait_until

# Said by the portal itself, in plain words, while its database does not answer.
UNAVAILABLE = 503


@dataclass
class Book:
    """What the citizens know: the receipts they saw, and how often they had to send again."""

    ports: tuple[int, ...]
    registered: list[tuple[Matter, Receipt]] = field(default_factory=list)
    # Sendings that ended without an answer or with „try later“; anything may have been left behind by them.
    unanswered: list[str] = field(default_factory=list)
    # Forms that are on their way at this moment.
    sending: set[str] = field(default_factory=set)
    closed: Event = field(default_factory=Event)

    def wait_for_more(self, amount: int) -> None:
        wanted = len(self.registered) + amount
        wait_until(lambda: len(self.registered) >= wanted, f"{amount} more receipts")

    def wait_for_sending(self) -> None:
        """Until somebody's form is on its way."""
        wait_until(lambda: bool(self.sending), "a form on its way")


@contextmanager
def filing_citizens(ports: tuple[int, ...], amount: int) -> Iterator[Book]:
    """So many citizens at work; at the end each finishes what was begun. AssertionError when one was turned away.

    They begin at each of the `ports` in turn, and each follows what was filed through all of them.
    """
    book = Book(ports)
    with ThreadPoolExecutor(amount) as threads:
        citizens = [threads.submit(keep_filing, book, number) for number in range(amount)]
        try:
            yield book
        finally:
            book.closed.set()
        for citizen in citizens:
            citizen.result()


def keep_filing(book: Book, number: int) -> None:
    """One case after another, each with words and a file of its own."""
    turn, who = 0, f"citizen-{number}"
    while not book.closed.is_set():
        turn += 1
        matter = Matter(f"{who}.{turn}@example.bg", f"Случай {turn} на {who}.", f"Файл {turn} на {who}".encode() * 500)
        first = (number + turn) % len(book.ports)
        browser = Browser(book.ports[first], others=book.ports[first + 1 :] + book.ports[:first])
        receipt = file_one(book, browser, matter)
        book.registered.append((matter, receipt))
        for _other in browser.others:
            follow_elsewhere(browser, receipt)


def file_one(book: Book, browser: Browser, matter: Matter) -> Receipt:
    """The receipt of one form, sent again until there is one."""
    page = insist(browser, lambda: browser.ask("GET", FORM), [])
    assert page.status == 200, (page.status, page.text)
    answer = insist(browser, lambda: send(book, browser, page, matter), book.unanswered)
    assert answer.receipt is not None, (answer.status, answer.text)
    return answer.receipt


def follow_elsewhere(browser: Browser, receipt: Receipt) -> None:
    """Another server knows at once what one has registered, also of somebody whom it has never seen."""
    browser.ask_the_next()
    stranger = Browser(browser.port, others=browser.others)
    page = insist(stranger, lambda: stranger.follow(receipt), [])
    assert (page.status, page.number) == (200, receipt.number), (page.status, page.text)


def send(book: Book, browser: Browser, page: Answer, matter: Matter) -> Answer:
    book.sending.add(matter.email)
    try:
        return browser.send(page.hidden, matter)
    finally:
        book.sending.discard(matter.email)


def insist(browser: Browser, ask: Callable[[], Answer], unanswered: list[str]) -> Answer:
    """The first real answer of any server; what went wrong before is added to `unanswered`."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            answer = ask()
            if answer.status != UNAVAILABLE:
                return answer
            unanswered.append(str(UNAVAILABLE))
        except (OSError, HTTPException) as error:
            unanswered.append(type(error).__name__)
        assert time.monotonic() < deadline, f"no answer for {PATIENCE:.0f} s"
        browser.ask_the_next()
        time.sleep(0.05)
