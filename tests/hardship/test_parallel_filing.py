"""Pressed at once, retried or opened twice, on a server of several processes: one case, one number, one mail."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier
from typing import TypeVar

import pytest

from tests.hardship.accounts import accounts, counted, empty_outbox, litter, serial, whole
from tests.hardship.citizen import Answer, Browser, Matter
from tests.hardship.portal import Portal
from tests.hardship.postbox import PostBox

PRESSES, PEOPLE = 200, 24
Result = TypeVar("Result")


def matter(email: str) -> Matter:
    return Matter(email, f"От седмица не светят лампите. Пише {email}.", f"Бележка на {email}".encode())


def at_once(calls: list[Callable[[], Result]]) -> list[Result]:
    """The results of all the calls, each made in a thread of its own at the same moment."""
    start = Barrier(len(calls))

    def call(one: Callable[[], Result]) -> Result:
        start.wait()
        return one()

    with ThreadPoolExecutor(len(calls)) as threads:
        return list(threads.map(call, calls))


@pytest.fixture
def browser(portal: Portal) -> Browser:
    return Browser(portal.options.port)


def numbers_of(portal: Portal, email: str) -> list[str]:
    rows = portal.query("SELECT number FROM feedback_case WHERE email = %s ORDER BY id", email)
    return [number for (number,) in rows]


def told(answers: list[Answer]) -> set[tuple[int, str]]:
    return {(answer.status, answer.number) for answer in answers}


def test_two_hundred_presses_of_one_form_are_one_case_with_one_mail(
    portal: Portal, post: PostBox, browser: Browser
) -> None:
    said, form = matter("presses@example.bg"), browser.open_form()

    answers = at_once([partial(browser.send, form, said)] * PRESSES)

    receipts = {answer.receipt for answer in answers}
    (receipt,) = receipts
    assert len(portal.server_processes()) == 2
    assert receipt is not None
    assert receipt.digests == (said.digest,)
    assert numbers_of(portal, said.email) == [receipt.number]
    empty_outbox(portal)
    assert [account for email, account in accounts(portal, post) if email == said.email] == [
        whole(receipt.number, said.email, said.digest)
    ]
    assert len(post.by_address()[said.email]) == 1
    assert litter(portal) == []


def test_two_tabs_sent_at_once_are_one_case_and_both_name_it(portal: Portal, post: PostBox, browser: Browser) -> None:
    said, first = matter("tabs@example.bg"), browser.open_form()
    # What the browser knew when both were sent: the first answer leaves a cookie with it.
    other_tab = Browser(browser.port, browser.cookies)
    second = other_tab.open_form()

    answers = at_once([partial(browser.send, first, said), partial(other_tab.send, second, said)])

    (number,) = numbers_of(portal, said.email)
    assert first["token"] != second["token"]
    # The one that came second cannot show the code: its browser had no receipt yet when it asked.
    assert told(answers) == {(200, number), (409, number)}
    empty_outbox(portal)
    assert len(post.by_address()[said.email]) == 1


def test_what_is_sent_again_over_the_way_back_shows_the_first_receipt(
    portal: Portal, post: PostBox, browser: Browser
) -> None:
    said = matter("back@example.bg")
    first = browser.send(browser.open_form(), said)

    second = browser.send(browser.open_form(), said)

    assert first.receipt is not None
    assert second.receipt == first.receipt
    assert numbers_of(portal, said.email) == [first.number]
    empty_outbox(portal)
    assert len(post.by_address()[said.email]) == 1


def test_retries_after_the_client_gave_up_waiting_are_one_case(portal: Portal, post: PostBox, browser: Browser) -> None:
    said, form = matter("impatient@example.bg"), browser.open_form()

    for patience in (0.01, 0.01, 0.02):
        with pytest.raises(TimeoutError):
            browser.send(form, said, timeout=patience)
    answer = browser.send(form, said)

    assert answer.receipt is not None
    assert numbers_of(portal, said.email) == [answer.number]
    empty_outbox(portal)
    assert len(post.by_address()[said.email]) == 1


def test_the_same_words_of_different_people_at_once_are_numbered_without_a_gap(portal: Portal, post: PostBox) -> None:
    said, ((_register, before),) = matter("people@example.bg"), counted(portal) or [("", 0)]
    people = [Browser(portal.options.port) for _ in range(PEOPLE)]
    forms = [browser.open_form() for browser in people]

    answers = at_once([partial(browser.send, form, said) for browser, form in zip(people, forms, strict=True)])

    receipts = {answer.receipt for answer in answers}
    given = sorted(serial(receipt.number) for receipt in receipts if receipt is not None)
    assert given == list(range(before + 1, before + 1 + PEOPLE))
    assert len({receipt.code for receipt in receipts if receipt is not None}) == PEOPLE
    ((_register, after),) = counted(portal)
    assert after == before + PEOPLE
    empty_outbox(portal)
    assert len(set(post.by_address()[said.email])) == PEOPLE
