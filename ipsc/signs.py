"""What a text may say of an emergency, by the clinic's own word lists (rule F2)."""

from ipsc import redflags
from ipsc.models import RedFlagWords

MOST = 300


def signs_in(text: str) -> str:
    """The words of a text that may name a sign that cannot wait, for reception to see; empty where there are none.

    A text that holds none is no reason to reassure anybody. Costs one query, and none for an empty text.
    """
    if not text.strip():
        return ""
    hits = redflags.find(text, RedFlagWords.load().lists)
    # Each once, in the order in which they stand in the text or in the lists.
    return " … ".join(dict.fromkeys(hit.words for hit in hits))[:MOST]
