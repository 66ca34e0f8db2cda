"""A mail server that keeps the confirmation of a letter back for as long as a test says."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.feedback.mail_server import MailServer


@dataclass
class PostBox(MailServer):
    is_silent: bool = False
    # The letters that were taken, and whose sender has not heard it.
    unconfirmed: list[str] = field(default_factory=list)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        answer = await super().handle_DATA(server, session, envelope)
        if self.is_silent:
            self.unconfirmed.append(str(self.came[-1]["Message-ID"]))
        while self.is_silent:
            await asyncio.sleep(0.01)
        return answer

    @contextmanager
    def silent(self) -> Iterator[Callable[[], bool]]:
        """Letters are taken and nothing is said, as long as the context lasts; gives whether one was taken so."""
        before = len(self.unconfirmed)
        self.is_silent = True
        try:
            yield lambda: len(self.unconfirmed) > before
        finally:
            self.is_silent = False

    def by_address(self) -> dict[str, list[str]]:
        """The Message-IDs of what came for each address, a second copy included."""
        found: dict[str, list[str]] = {}
        for letter in list(self.came):
            found.setdefault(str(letter["To"]), []).append(str(letter["Message-ID"]))
        return found
