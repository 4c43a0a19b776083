"""A real mail server on loopback that misbehaves as it is told."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP


class MailServer:
    """Takes mail; `arrived` is what it took. `answers` says, by recipient or for all (""), what it says instead."""

    def __init__(self) -> None:
        self.arrived: list[EmailMessage] = []
        self.recipients: list[list[str]] = []
        self.answers: dict[str, str] = {}
        self.data_answer = "250 taken"
        self.seconds = 0.0
        self.drops = False
        self.sessions = 0

    async def handle_EHLO(self, server, session, envelope, hostname, responses):
        self.sessions += 1
        session.host_name = hostname
        return responses

    async def handle_RCPT(self, server, session, envelope, address, options) -> str:
        if answer := self.answers.get(address) or self.answers.get(""):
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope) -> str:
        if self.drops:
            server.transport.abort()
            return "451 gone"
        # It blocks the server's own thread, and nobody else.
        time.sleep(self.seconds)
        if self.data_answer.startswith("2"):
            self.arrived.append(message_from_bytes(envelope.content, policy=default))
            self.recipients.append(envelope.rcpt_tos)
        return self.data_answer


class Unencrypted(Controller):
    def factory(self) -> SMTP:
        return SMTP(self.handler, enable_SMTPUTF8=True, decode_data=False)


@contextmanager
def serving(handler: MailServer, port: int = 0) -> Iterator[int]:
    """The port at which it serves."""
    controller = Unencrypted(handler, hostname="127.0.0.1", port=port or free_port())
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop(no_assert=True)


def free_port() -> int:
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
