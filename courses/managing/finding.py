"""The verb by which somebody who has lost the link to an enrolment asks for it (rules B4 and B6)."""

import uuid
from datetime import datetime, timedelta

from courses.councils import email_key
from courses.messages.finding import FIND
from courses.refusals import TooManySearches
from ipsc import outbox, ratelimit
from ipsc.history import Actor
from ipsc.models import Channel
from ipsc.outbox import Order
from ipsc.verbs import verb

HOUR = timedelta(hours=1)
# Nobody gets more than a few letters because of what strangers type.
SEARCHES_PER_EMAIL = 3
# A hospital may share one address, so this only stops machines.
SEARCHES_PER_ADDRESS = 60


@verb(refusals={})
def ask_for_link(*, reference: str, email: str, language: str, address: str = "", by: Actor, now: datetime) -> None:
    """Ask for the link to the enrolment with this reference (nine digits) and this e-mail address.

    Nobody learns here whether there is one: nothing is looked up, and what is done is the same for all. The worker
    looks, and sends the link to the address of the enrolment; `language` is only that of the page.

    :raises TooManySearches: this address has been tried three times in an hour, or the connection sixty times.
    """
    limits = [("find email", email_key(email), SEARCHES_PER_EMAIL), ("find address", address, SEARCHES_PER_ADDRESS)]
    for what, value, capacity in limits:
        if value and not ratelimit.spend(what, value, capacity=capacity, period=HOUR, now=now):
            raise TooManySearches
    search = Order(
        kind=FIND.name,
        about=None,
        version=0,
        channel=Channel.EMAIL,
        to="",
        language=language,
        due_at=now,
        worthless_at=now + HOUR,
        facts={"reference": reference, "email": email_key(email)},
        part=str(uuid.uuid4()),
    )
    outbox.queue(search, by=by, now=now)
