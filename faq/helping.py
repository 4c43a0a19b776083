"""Was this helpful? What patients say of an answer, for editors alone."""

import re
import secrets
from datetime import datetime, timedelta

from django.core import signing
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from faq.models import Vote, Wording
from ipsc import ratelimit
from ipsc.signs import signs_in
from ipsc.verbs import Refusal, verb

SALT = "faq.helping"
BROWSER = re.compile(r"[A-Za-z0-9_-]{22}")
HOUR = timedelta(hours=1)
# A town may share one address (carrier-grade NAT), so this only stops machines.
VOTES_PER_ADDRESS = 60
# What people write may say who they are: editors have read it by then.
TEXT_LIFE = timedelta(days=180)
# The link to one's own answer ends soon: a later answer makes a new one.
TOKEN_SECONDS = 24 * 60 * 60


class TooManyVotes(Refusal):
    words = _("Many answers have come from your connection in the last hour. Please try again later.")


def new_browser() -> str:
    """A random value by which a browser is known again, for this one thing (128 bits)."""
    return secrets.token_urlsafe(16)


def key_of(browser: str, question_id: int) -> str:
    """The same as it is stored: nobody who reads the table can pass for the browser, or tell what else it answered."""
    return salted_hmac(SALT, f"{question_id}:{browser}", algorithm="sha256").hexdigest()


def known_browser(text: str) -> str:
    """The value that a browser sends back, if it is one of ours; else a new one."""
    return text if BROWSER.fullmatch(text) else new_browser()


@verb(refusals={}, redrawn=frozenset({"vote_once"}))
def vote(*, wording: Wording, browser: str, helpful: bool, address: str, now: datetime) -> Vote:
    """Record what a browser says of a published text; said again, it takes the place of what was said before.

    :raises TooManyVotes: the network address has answered sixty times in an hour.
    """
    if address and not ratelimit.spend("vote", address, capacity=VOTES_PER_ADDRESS, period=HOUR, now=now):
        raise TooManyVotes
    values = {
        "language": wording.language,
        "version": wording.version,
        "helpful": helpful,
        "reason": "",
        "text": "",
        "red_flags": "",
        "at": now,
    }
    key = key_of(browser, wording.question_id)
    return Vote.objects.update_or_create(question_id=wording.question_id, browser=key, defaults=values)[0]


@verb(refusals={})
def explain(*, vote: Vote, reason: str, text: str, now: datetime) -> Vote:
    """Add to an answer that did not help why. Words that may name a sign that cannot wait are marked (rule F2)."""
    row = Vote.objects.select_for_update().get(pk=vote.pk)
    if not row.helpful:
        row.reason, row.text, row.red_flags, row.at = reason, text, signs_in(text), now
        row.save()
    return row


def token_of(vote: Vote) -> str:
    """What the address of the next page carries, so that nothing depends on a cookie."""
    return signing.dumps(vote.pk, salt=SALT)


def vote_of(token: str) -> Vote | None:
    """The answer that a token is for; None for a forged, an old or a strange one."""
    try:
        found = signing.loads(token, salt=SALT, max_age=TOKEN_SECONDS)
    except (signing.BadSignature, ValueError):
        return None
    return Vote.objects.select_related("question__topic").filter(pk=found).first()


def forget_texts(*, now: datetime) -> int:
    """Delete what people wrote, 180 days after they did (rule P1); return how many texts. Yes and no stay."""
    old = Vote.objects.filter(at__lt=now - TEXT_LIFE).exclude(text="")
    return old.update(text="", red_flags="")
