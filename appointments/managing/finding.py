"""The verb by which somebody who has lost the link to a booking asks for it (rules B4 and B6)."""

import uuid
from datetime import datetime, timedelta

from django.conf import settings

from appointments import messages
from appointments.refusals import TooManySearches
from ipsc import outbox, ratelimit, sms
from ipsc.history import Actor
from ipsc.models import Channel
from ipsc.outbox import Order
from ipsc.verbs import verb

HOUR = timedelta(hours=1)
# Nobody gets more than a few letters because of what strangers type.
SEARCHES_PER_PHONE = 3
# A town may share one address (carrier-grade NAT), so this only stops machines.
SEARCHES_PER_ADDRESS = 60


def can_send_links() -> bool:
    """Whether the site has any way to send somebody a link, as things are set up."""
    texts = sms.is_set_up() and any(sms.registered(messages.LINK.name, code) for code, _ in settings.LANGUAGES)
    return bool(settings.SENDS_EMAIL or texts)


@verb(refusals={})
def ask_for_link(*, reference: str, phone: str, language: str, address: str = "", by: Actor, now: datetime) -> None:
    """Ask for the link to the booking with this reference (nine digits) and this phone (E.164).

    Nobody learns here whether there is one: nothing is looked up, and what is done is the same for all. The worker
    looks, and sends the link to the contact of the booking; `language` is only that of the page.

    :raises TooManySearches: this phone has been tried three times in an hour, or the address sixty times.
    """
    limits = [("find phone", phone, SEARCHES_PER_PHONE), ("find address", address, SEARCHES_PER_ADDRESS)]
    for what, value, capacity in limits:
        if value and not ratelimit.spend(what, value, capacity=capacity, period=HOUR, now=now):
            raise TooManySearches
    search = Order(
        kind=messages.FIND.name,
        about=None,
        version=0,
        channel=Channel.EMAIL,
        to="",
        language=language,
        due_at=now,
        worthless_at=now + HOUR,
        facts={"reference": reference, "phone": phone},
        part=str(uuid.uuid4()),
    )
    outbox.queue(search, by=by, now=now)
