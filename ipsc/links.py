"""Signed links by which a patient or a doctor without an account comes back (rule B6).

A token holds a public id and the row's `link_version`, signed with the site's secret under a salt of its own. Nothing
secret is stored, and raising the version ends every link made before.
"""

from dataclasses import dataclass

from django.core.signing import BadSignature, Signer

SEPARATOR = "~"


@dataclass(frozen=True)
class Link:
    public_id: str
    version: int


def _signer(salt: str) -> Signer:
    return Signer(salt=f"ipsc.links.{salt}", sep=SEPARATOR)


def sign(salt: str, public_id: str, version: int) -> str:
    """The token that stands in the address; letters, digits, `-`, `_`, `.` and `~` only."""
    return _signer(salt).sign(f"{public_id}.{version}")


def read(salt: str, token: str) -> Link | None:
    """What a token says, or None where it was not signed by this site for this purpose."""
    try:
        public_id, _, version = _signer(salt).unsign(token).rpartition(".")
        return Link(public_id, int(version))
    except (BadSignature, ValueError):
        return None
