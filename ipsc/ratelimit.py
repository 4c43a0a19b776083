"""A token bucket per key, kept in PostgreSQL and spent by one conditional statement."""

from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network

from django.conf import settings
from django.db import connection
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from ipsc.models import RateLimit

# One statement, so that simultaneous requests cannot both spend the last token. A bucket fills evenly over `period`
# and never beyond `capacity`; where less than one token is left, nothing is written and no row comes back.
SPEND = """
INSERT INTO ipsc_ratelimit AS bucket (key, tokens, updated_at) VALUES (%(key)s, %(capacity)s - 1, %(now)s)
ON CONFLICT (key) DO UPDATE SET
    tokens = LEAST(%(capacity)s, bucket.tokens
        + GREATEST(0, EXTRACT(EPOCH FROM %(now)s - bucket.updated_at)) * %(capacity)s / %(period)s) - 1,
    updated_at = GREATEST(bucket.updated_at, %(now)s)
WHERE LEAST(%(capacity)s, bucket.tokens
    + GREATEST(0, EXTRACT(EPOCH FROM %(now)s - bucket.updated_at)) * %(capacity)s / %(period)s) >= 1
RETURNING tokens
"""


def spend(what: str, value: str, *, capacity: int, period: timedelta, now: datetime) -> bool:
    """Take one token for `value` (a phone number, an address) and say whether there was one.

    `capacity` tokens come back over `period`. Inside a transaction that rolls back, the token is given back too.
    """
    key = salted_hmac(f"ipsc.ratelimit.{what}", value, algorithm="sha256").hexdigest()
    values: dict[str, str | float | datetime] = {
        "key": key,
        "capacity": float(capacity),
        "period": period.total_seconds(),
        "now": now,
    }
    with connection.cursor() as cursor:
        cursor.execute(SPEND, values)
        return cursor.fetchone() is not None


def forget_full_buckets(*, now: datetime, period: timedelta = timedelta(days=2)) -> int:
    """Delete buckets that nobody touched for `period`; each would be full again. Returns how many."""
    return RateLimit.objects.filter(updated_at__lt=now - period).delete()[0]


def address_of(request: HttpRequest) -> str:
    """Where a request came from, as limits count it; behind a proxy of the clinic's own, what the proxy saw.

    One home has 2^64 addresses of IPv6, so these are counted by their network. An address that is none counts as one.
    """
    if settings.BEHIND_PROXY:
        # The last entry is the proxy's word; those before it are the client's, who may write what it likes.
        text = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
    else:
        text = request.META.get("REMOTE_ADDR", "")
    if not text:  # a server behind a socket, which tells no address
        return ""
    try:
        address = ip_address(text)
    except ValueError:
        return "unknown"
    if address.version == 4:
        return str(address)
    mapped = address.ipv4_mapped
    return str(mapped or ip_network((address, 64), strict=False).network_address)
