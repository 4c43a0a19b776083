"""The outbox: messages are queued in the transaction that causes them and sent by a worker after it (rules M1, M2).

``kinds``      what kinds of message there are; each app registers its own
``queueing``   queue, withdraw, readdress and resend: the verbs
``claiming``   how a worker takes a message, and notes what became of it
``rendering``  a message as text, from the templates and the facts
``sending``    the channels
``worker``     the loop of `manage.py send_messages`

The one place in which a message may go twice: a worker that dies, or loses the database for longer than its claim,
after the mail server or the gateway has taken the message and before that is noted. Such a message is sent again, since
one that comes twice does less harm than one that never comes. Both copies carry the same Message-ID or key, by which
many mailboxes and gateways drop the second.
"""

from ipsc.outbox.kinds import Kind, NoLongerTrue, register
from ipsc.outbox.queueing import NotResendable, Order, queue, readdress, resend, withdraw

__all__ = [
    "Kind",
    "NoLongerTrue",
    "NotResendable",
    "Order",
    "queue",
    "readdress",
    "register",
    "resend",
    "withdraw",
]
