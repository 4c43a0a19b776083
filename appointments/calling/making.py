"""The verb by which a call is asked for."""

import uuid
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from appointments.calling.due import call_by
from appointments.calling.refusals import REDRAWN, REFUSALS, CallAskedFor, CallBackClosed, TooManyCalls
from appointments.models import BestTime, CallBack, CameFrom
from ipsc import ratelimit, signs
from ipsc.history import Actor, save_as
from ipsc.models import ClinicSettings
from ipsc.verbs import verb

CALLS_PER_PHONE = 3
# A town may share one address (carrier-grade NAT), so this only stops machines.
CALLS_PER_ADDRESS = 40
DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Caller:
    """What somebody says who wants to be called. It is the request's own; it attaches itself to nobody (rule B4)."""

    name: str
    phone: str
    consent_version: str
    language: str = "en"
    best_time: str = BestTime.ANY
    about: str = ""


def ask_for_call(
    *,
    caller: Caller,
    attempt: uuid.UUID,
    by: Actor,
    now: datetime,
    came_from: str = CameFrom.SITE,
    address: str = "",
) -> CallBack:
    """Put somebody on the list of those whom reception calls, and promise by when.

    The same `attempt` again returns the request that the first call made. Two requests with one phone are two requests.

    :raises CallBackClosed: “Call me back” is switched off.
    :raises TooManyCalls: the phone or the address has used up today's share.
    """
    try:
        return _ask(caller=caller, attempt=attempt, by=by, now=now, came_from=came_from, address=address)
    except (CallAskedFor, TooManyCalls):
        # The share may be used up by this very form, sent at the same time: whoever waited for it looks again.
        if made := CallBack.objects.filter(attempt=attempt).first():
            return made
        raise


@verb(refusals=REFUSALS, redrawn=REDRAWN)
def _ask(*, caller, attempt, by, now, came_from, address) -> CallBack:
    # First of all: whoever sends a form again is told what became of it, whatever has changed since.
    if made := CallBack.objects.filter(attempt=attempt).first():
        return made
    settings = ClinicSettings.load()
    if not by.is_staff:
        if not settings.call_back_open:
            raise CallBackClosed
        _spend_share(caller.phone, address, now)
    call = CallBack(
        attempt=attempt,
        came_from=came_from,
        red_flags=signs.signs_in(caller.about),
        consent_at=now,
        created_at=now,
        due_at=call_by(now, settings.call_back_hours),
        **asdict(caller),
    )
    save_as(call, by=by, force_insert=True)
    return call


def _spend_share(phone: str, address: str, now: datetime) -> None:
    limits = [("call phone", phone, CALLS_PER_PHONE), ("call address", address, CALLS_PER_ADDRESS)]
    for what, value, capacity in limits:
        if value and not ratelimit.spend(what, value, capacity=capacity, period=DAY, now=now):
            raise TooManyCalls
