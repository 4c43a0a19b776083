"""Signed links by which a patient or a doctor without an account comes back (rule B6).

A token holds a public id and the row's `link_version`, signed with the site's secret under a salt of its own. Nothing
secret is stored, and raising the version ends every link made before. It is as short as it can be, since an SMS has to
carry it: carriers in India take at most 30 characters where a registered text changes (docs/adr/0008).
"""

import base64
import re
from dataclasses import dataclass

from django.utils.crypto import constant_time_compare, salted_hmac

from ipsc.identifiers import ALPHABET

SIGNATURE_BYTES = 12  # 96 bits: nobody finds one by asking a web site
SIGNATURE_LENGTH = 16
MOST_DIGITS = 9
# A token where an address has one, whatever it looks like, and whatever looks like a token, wherever it stands.
IN_ADDRESS = re.compile(r"(/m(?:\?|%3F)|/manage/|/feed/|/call-me-back/sent/)[\w.~%-]+", re.IGNORECASE)
TOKEN = re.compile(rf"[\w-]{{{SIGNATURE_LENGTH}}}\d{{1,{MOST_DIGITS}}}_[{ALPHABET}]{{10}}(?!\w)")


@dataclass(frozen=True)
class Link:
    public_id: str
    version: int


def _signature(salt: str, public_id: str, version: int) -> str:
    # A dot stands in no id, so that no two pairs are one text.
    mac = salted_hmac(f"ipsc.links.{salt}", f"{public_id}.{version}", algorithm="sha256").digest()
    return base64.urlsafe_b64encode(mac[:SIGNATURE_BYTES]).decode()


def sign(salt: str, public_id: str, version: int) -> str:
    """The token that stands in the address: letters, digits, `-` and `_` only, 28 of them up to version 9."""
    return f"{_signature(salt, public_id, version)}{version}_{public_id}"


def read(salt: str, token: str) -> Link | None:
    """What a token says, or None where it was not signed by this site for this purpose."""
    rest = token[SIGNATURE_LENGTH:]
    digits, _, public_id = rest.partition("_")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= MOST_DIGITS and public_id):
        return None
    link = Link(public_id, int(digits))
    # As signed, so that 01 is no other way to write 1.
    if not constant_time_compare(sign(salt, link.public_id, link.version), token):
        return None
    return link


def masked(text: str) -> str:
    """Text for the ledger and the log, with the secret part of each link left out (rule M2)."""
    return TOKEN.sub("…", IN_ADDRESS.sub(r"\1…", text))
