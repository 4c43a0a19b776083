"""A real mail server on loopback, which takes messages or does what a test wants instead."""

import asyncio
import email
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import policy
from email.message import EmailMessage

from aiosmtpd.smtp import SMTP


class MailServer:
    """What it was given, and how it behaves: set `answers` by recipient, or one of the faults."""

    def __init__(self) -> None:
        self.port = 0
        self.letters: list[EmailMessage] = []
        self.envelopes: list[list[str]] = []
        self.sessions = 0
        self.answers: dict[str, str] = {}
        self.says = ""  # to a whole message, in place of 250
        self.is_slow = False
        self.drops = False  # the line, when a message begins
        self.hangs_up_after = 0  # messages

    async def handle_RCPT(self, server, session, envelope, address, options) -> str:
        if address in self.answers:
            return self.answers[address]
        envelope.rcpt_tos.append(address)
        return "250 fine"

    async def handle_DATA(self, server, session, envelope) -> str:
        if self.is_slow:
            await asyncio.Event().wait()
        if self.says:
            return self.says
        self.letters.append(email.message_from_bytes(envelope.content, policy=policy.default))
        self.envelopes.append(envelope.rcpt_tos)
        return "250 taken"


class Session(SMTP):
    """One connection; aiosmtpd has no hook for a server that goes away."""

    def __init__(self, double: MailServer) -> None:
        super().__init__(double, enable_SMTPUTF8=True)
        self.double = double
        self.taken = 0
        double.sessions += 1

    async def smtp_DATA(self, arg) -> None:
        if self.double.drops:
            await self.push("354 go on")
            self.transport.abort()
            return
        await super().smtp_DATA(arg)
        self.taken += 1
        if self.taken == self.double.hangs_up_after:
            self.transport.close()


@contextmanager
def serving() -> Iterator[MailServer]:
    """A mail server in a thread of its own, gone at the end with all its connections."""
    double = MailServer()
    loop = asyncio.new_event_loop()
    server = loop.run_until_complete(loop.create_server(lambda: Session(double), host="127.0.0.1", port=0))
    double.port = server.sockets[0].getsockname()[1]
    thread = threading.Thread(target=loop.run_forever, name="mail server")
    thread.start()
    try:
        yield double
    finally:
        asyncio.run_coroutine_threadsafe(_end(server), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()


async def _end(server: asyncio.Server) -> None:
    server.close()
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
