"""An attempt at a form: a random id in its address, under which what was typed waits until it is sent (rule B8)."""

import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.http import HttpRequest, QueryDict
from django.utils.crypto import salted_hmac

from ipsc import ratelimit
from ipsc.privacy import CONSENT_VERSION

DRAFT_LIFE = timedelta(hours=2)
DRAFTS_PER_ADDRESS = 300


def attempt_in(query: QueryDict) -> uuid.UUID | None:
    """The attempt id that an address carries, if it is one."""
    try:
        return uuid.UUID(query.get("attempt", ""))
    except ValueError:
        return None


def key_of(request: HttpRequest, attempt: uuid.UUID | None) -> uuid.UUID | None:
    """The key of an attempt in this browser, under which draft and appointment are stored.

    The id in the address is for telling tabs apart. Somebody else who has the address has not the cookie of the form,
    derives another key and finds nothing. Without id or cookie there is none.
    """
    cookie = request.COOKIES.get(settings.CSRF_COOKIE_NAME, "")
    return key_for(attempt, cookie) if attempt and cookie else None


def key_for(attempt: uuid.UUID, cookie: str) -> uuid.UUID:
    return uuid.UUID(salted_hmac("appointments.attempts", f"{attempt}:{cookie}", algorithm="sha256").hexdigest()[:32])


def may_keep(address: str, now: datetime) -> bool:
    """Whether this address may have more answers kept: machines could fill the database, towns could not."""
    return not address or ratelimit.spend(
        "draft address", address, capacity=DRAFTS_PER_ADDRESS, period=timedelta(hours=1), now=now
    )


def consent_now(now: datetime) -> dict[str, str]:
    """What was agreed to and when, kept with the answers: the text may change before they are sent (rule P1)."""
    return {"consent_version": CONSENT_VERSION, "consent_at": now.isoformat()}


def consent_in(answers: dict[str, str]) -> dict:
    """The same as the verbs take it."""
    return {
        "consent_version": answers["consent_version"],
        "consent_at": datetime.fromisoformat(answers["consent_at"]),
    }
