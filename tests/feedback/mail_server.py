"""A mail server of the tests' own: it listens, takes mail, and refuses what a test tells it to refuse."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


@dataclass
class MailServer:
    """What came, and what it says to a sender, to a recipient and to a whole letter; None: it takes them."""

    sender_answer: str | None = None
    recipient_answer: str | None = None
    data_answer: str | None = None
    # Takes the letter and cuts the line before it says so.
    loses_confirmation: bool = False
    came: list[EmailMessage] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    port: int = 0

    async def handle_MAIL(  # noqa: N802 (aiosmtpd calls it so)
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.sender_answer is None:
            envelope.mail_from = address
        return self.sender_answer or "250 OK"

    async def handle_RCPT(  # noqa: N802 (aiosmtpd calls it so)
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.recipient_answer is not None:
            return self.recipient_answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.data_answer is not None:
            return self.data_answer
        content: Any = envelope.content
        self.came.append(message_from_bytes(content, policy=policy.default))  # type: ignore[arg-type]
        self.recipients += envelope.rcpt_tos
        if self.loses_confirmation:
            transport: Any = server.transport
            transport.abort()
        return "250 taken"


@contextmanager
def listening(server: MailServer, port: int = 0) -> Iterator[MailServer]:
    """`server` on a port of this machine, for as long as the context lasts."""
    controller = Controller(server, hostname="127.0.0.1", port=port or free_port())
    controller.start()
    server.port = controller.port
    try:
        yield server
    finally:
        controller.stop()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def use_smtp(settings: Any, port: int) -> None:
    """Have the portal mail to this port of the machine."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", port, 5
