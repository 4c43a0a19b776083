"""Which addresses an answer may lead to, in the one form in which they are stored."""

import re
import unicodedata
from urllib.parse import urlsplit

# Longer ones are tracking or an attack; browsers and mail programs cut them anyway.
MAX_LENGTH = 2000

_FORBIDDEN = re.compile(r"""[<>"'`\\{}|^\s]""")
_TELEPHONE = re.compile(r"tel:\+?[0-9*#(][0-9*#().,;=a-z-]*")
_MAIL = re.compile(r"mailto:[^@/?]+@[^@/?]+(\?.*)?")


def address(href: str) -> str:
    """The address as it is stored, or "" where an answer may not lead there.

    http and https with a host and without credentials, mailto, tel, and paths of this site that begin with one slash.
    A browser ignores some characters inside an address and takes "\\" for "/", so that any of these refuses it whole.
    """
    href = href.strip().replace(" ", "%20")
    if not href or len(href) > MAX_LENGTH or _FORBIDDEN.search(href) or any(map(_invisible, href)):
        return ""
    if href.startswith("/"):
        return "" if href.startswith("//") else href
    scheme, colon, rest = href.partition(":")
    href = scheme.lower() + colon + rest
    return href if _leads_somewhere(href) else ""


def outgoing(href: str) -> bool:
    """Whether a stored address leads to another site."""
    return href.startswith(("http:", "https:"))


def _invisible(character: str) -> bool:
    # The joiners are part of Hindi words, in addresses too.
    return character not in "\u200c\u200d" and unicodedata.category(character) in ("Cc", "Cf", "Cs")


def _leads_somewhere(href: str) -> bool:
    if href.startswith("tel:"):
        return bool(_TELEPHONE.fullmatch(href.replace("%20", "")))
    if href.startswith("mailto:"):
        return bool(_MAIL.fullmatch(href))
    return href.startswith(("http://", "https://")) and _names_a_host(href)


def _names_a_host(href: str) -> bool:
    try:
        parts = urlsplit(href)
        return bool(parts.hostname) and "@" not in parts.netloc and (parts.port is None or parts.port > 0)
    except ValueError:
        return False
