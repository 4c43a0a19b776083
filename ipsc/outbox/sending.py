"""The channels by which a message leaves, and what their failures mean."""

import logging
import smtplib
import uuid
from dataclasses import dataclass
from email.utils import parseaddr

from django.conf import settings
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend

from ipsc import sms
from ipsc.links import masked
from ipsc.models import Channel, Message
from ipsc.outbox import rendering
from ipsc.outbox.kinds import Content
from ipsc.outbox.problems import Refused, TryAgain

log = logging.getLogger("ipsc.outbox")


@dataclass(frozen=True)
class Sent:
    """What left, for the ledger: the link in `body` is masked."""

    to: str
    channel: str
    subject: str
    body: str
    receipt: str


class Channels:
    """The open ways out of one worker: a mail connection that serves many messages, and the SMS gateway."""

    def __init__(self) -> None:
        self._mail: BaseEmailBackend | None = None

    def send(self, message: Message, content: Content) -> Sent:
        """Send a message by its channel.

        :raises TryAgain: later may do.
        :raises Refused: nothing will do.
        """
        channel, to = content.channel or message.channel, content.to or message.to
        if channel == Channel.SMS:
            return self._text(message, content, to)
        return self._letter(message, content, to)

    def close(self) -> None:
        """Hang up. Whatever goes wrong with that concerns no message."""
        connection, self._mail = self._mail, None
        if connection is not None:
            try:
                connection.close()
            except (OSError, smtplib.SMTPException):
                log.info("The mail server hung up first.")

    def _letter(self, message: Message, content: Content, to: str) -> Sent:
        letter = rendering.mail(message, content)
        sending = EmailMultiAlternatives(
            subject=letter.subject,
            body=letter.text,
            to=[to],
            reply_to=[content.reply_to] if content.reply_to else None,
            headers={
                "Message-ID": message_id(message),
                # No answer from holiday programs, and no thread of many patients' mail.
                "Auto-Submitted": "auto-generated",
            },
        )
        sending.attach_alternative(letter.html, "text/html")
        for attachment in letter.attachments:
            sending.attach(attachment.name, attachment.content, attachment.mimetype)
        try:
            sending.connection = self._connected()
            sending.send()
        except smtplib.SMTPRecipientsRefused as error:
            self.close()
            raise refused_or_later(error.recipients) from error
        except (OSError, smtplib.SMTPException) as error:
            # Whatever is left of this connection is not to be trusted with the next message.
            self.close()
            code = getattr(error, "smtp_code", 0)
            words = told(error)
            if isinstance(error, smtplib.SMTPDataError) and 500 <= code < 600:
                raise Refused(words) from error
            raise TryAgain(words) from error
        except ValueError as error:  # a header or an address that cannot be written
            self.close()
            raise Refused(told(error)) from error
        body = masked(letter.text)
        return Sent(to, Channel.EMAIL, letter.subject, body, message_id(message))

    def _connected(self) -> BaseEmailBackend:
        """The open connection, or a new one where the server has hung up since: servers do so after some messages."""
        if self._mail is not None and not _answers(self._mail):
            self.close()
        if self._mail is None:
            self._mail = mail.get_connection()
            self._mail.open()
        return self._mail

    def _text(self, message: Message, content: Content, to: str) -> Sent:
        template, adapter = sms.registered(message.kind, message.language), sms.adapter()
        if template is None or adapter is None or not sms.is_set_up():
            raise TryAgain("No SMS of this kind and language can be sent: see the settings.")
        try:
            text = sms.fill(template, content.variables)
        except sms.Unfit as error:
            raise Refused(str(error)) from error
        receipt = adapter.send(to=to, text=text, template_id=template.id, key=str(key_of(message)))
        return Sent(to, Channel.SMS, "", masked(text), receipt)


def _answers(connection: BaseEmailBackend) -> bool:
    """Whether a mail server that took a message before is still there; backends that write files always are."""
    server = getattr(connection, "connection", None)
    if not isinstance(server, smtplib.SMTP):
        return True
    try:
        return server.noop()[0] == 250
    except (OSError, smtplib.SMTPException):
        return False


def key_of(message: Message) -> uuid.UUID:
    """A name of the message that is the same in each attempt and tells nothing."""
    return uuid.uuid5(uuid.NAMESPACE_OID, f"{settings.SITE_URL} {message.key}")


def message_id(message: Message) -> str:
    """The Message-ID (RFC 5322, 3.6.4): a second copy of one message carries the same."""
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    return f"<{key_of(message)}@{domain}>"


def refused_or_later(recipients: dict[str, tuple[int, bytes]]) -> Exception:
    """What a refused recipient means: 5xx for ever, 4xx for now (RFC 5321, 4.2.1)."""
    code, words = next(iter(recipients.values()), (0, b""))
    text = words.decode(errors="replace") if isinstance(words, bytes) else str(words)
    told_ = f"The mail server refused the address: {code} {' '.join(text.split())}"
    return Refused(told_) if 500 <= code < 600 else TryAgain(told_)


def told(error: Exception) -> str:
    """An error in one line, by its kind: what a server says may be long."""
    return f"{type(error).__name__}: {' '.join(str(error).split())}"[:400]
