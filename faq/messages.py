"""Found by `ipsc.apps` when the site starts: the kinds of message of this app."""

from faq.reminding import DIGEST, DRAFT

__all__ = ["DIGEST", "DRAFT"]
