"""The outbox of development and demonstration: e-mails that became files, to be read in the browser.

There is none in production, where mail goes to people: these hold links that nobody but the patient may have.
"""

import email
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import default
from email.utils import parsedate_to_datetime
from pathlib import Path

from csp.constants import NONE, SELF, UNSAFE_INLINE
from csp.decorators import csp_replace
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from ipsc.admin import reading
from ipsc.admin.frame import frame
from ipsc.models import Channel, Message
from ipsc.outbox.kinds import KINDS
from ipsc.outbox.sending import message_id

PERMISSION = "ipsc.view_message"
# As Django's file backend names the files and ends each e-mail in them.
NAME = re.compile(r"\d{8}-\d{6}-\d+\.log")
END = b"-" * 79
MOST, LARGEST = 50, 20_000_000
# So many messages are looked through for those that are somebody else's work: far more than there are letters to see.
LATEST = 5000

# What the HTML of an e-mail may do: look as it is meant to, and open its links. Nothing is run and nothing is fetched.
RELAXED = {
    "default-src": [NONE],
    "style-src": [UNSAFE_INLINE],
    "img-src": ["data:"],
    "base-uri": [NONE],
    "form-action": [NONE],
    "frame-ancestors": [SELF],
    "sandbox": ["allow-popups", "allow-popups-to-escape-sandbox"],
}


@dataclass(frozen=True)
class Letter:
    """An e-mail of a file; `number` counts those in it from 0."""

    name: str
    number: int
    content: EmailMessage

    @property
    def subject(self) -> str:
        return str(self.content["subject"] or "")

    @property
    def to(self) -> str:
        return str(self.content["to"] or "")

    @property
    def message_id(self) -> str:
        return str(self.content["message-id"] or "").strip()

    @property
    def sent_at(self) -> datetime | None:
        try:
            moment = parsedate_to_datetime(str(self.content["date"]))
        except ValueError:
            return None
        # UTC without a known zone (RFC 5322, 3.3) comes without any.
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)

    def body(self, kind: str) -> str:
        """The text, or the HTML, or nothing."""
        part = self.content.get_body((kind,))
        return str(part.get_content()) if part else ""

    @property
    def text(self) -> str:
        return self.body("plain")

    @property
    def has_html(self) -> bool:
        return bool(self.content.get_body(("html",)))

    @property
    def attachments(self) -> list[str]:
        named = ((part.get_filename() or "", part.get_content_type()) for part in self.content.iter_attachments())
        return [" ".join(filter(None, each)) for each in named]


def folder() -> Path:
    """Where the e-mails are.

    :raises Http404: this is production, or mail does not become files.
    """
    path = getattr(settings, "EMAIL_FILE_PATH", None)
    if settings.IS_PRODUCTION or not path:
        raise Http404
    return Path(path)


def is_open() -> bool:
    return not settings.IS_PRODUCTION and bool(getattr(settings, "EMAIL_FILE_PATH", None))


def newest() -> list[Letter]:
    """The latest e-mails, newest first. A worker writes many into one file."""
    place = folder()
    found: list[Letter] = []
    files = [each for each in place.glob("*.log") if NAME.fullmatch(each.name)]
    # Two files of one second are told apart by the moment at which they were written last.
    for path in sorted(files, key=lambda each: each.stat().st_mtime_ns, reverse=True):
        found += reversed(in_file(path))
        if len(found) >= MOST:
            break
    return found[:MOST]


def in_file(path: Path) -> list[Letter]:
    """The e-mails of a file in the order in which they were sent; none where it is gone or too large to be read."""
    try:
        if path.stat().st_size > LARGEST:
            return []
        # What follows the last line of dashes is being written just now, or nothing.
        *whole, _rest = re.split(rb"(?m)^" + END + rb"\r?\n", path.read_bytes())
    except OSError:
        return []
    return [
        Letter(path.name, number, email.message_from_bytes(each, policy=default)) for number, each in enumerate(whole)
    ]


def find(request: HttpRequest, name: str, number: int) -> Letter:
    require(request)
    place = folder()
    found = in_file(place / name) if NAME.fullmatch(name) else []
    if number >= len(found) or found[number].message_id in hidden_from(request.user):
        raise Http404
    return found[number]


def hidden_from(user) -> set[str]:
    """The Message-IDs of the latest messages that are not of the reader's own work (rule P2)."""
    others = {reading.app_of(kind) for kind in KINDS} - reading.readable(user)
    rows = Message.objects.filter(reading.of_apps(others), channel=Channel.EMAIL).order_by("-pk")
    return {message_id(each) for each in rows.only("key")[:LATEST]} if others else set()


def require(request: HttpRequest) -> None:
    if not request.user.has_perm(PERMISSION):
        raise PermissionDenied


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """The latest e-mails, newest first."""
    require(request)
    hidden = hidden_from(request.user)
    letters = [each for each in newest() if each.message_id not in hidden]
    context = frame(request, _("Outbox"), "mailbox") | {"letters": letters, "most": MOST, "folder": folder()}
    return render(request, "admin/ipsc/mailbox/page.html", context)


@require_safe
def letter(request: HttpRequest, name: str, number: int) -> HttpResponse:
    """One e-mail: its head, the HTML in a frame, the text with its links, the names of what is attached."""
    found = find(request, name, number)
    return render(
        request, "admin/ipsc/mailbox/letter.html", frame(request, found.subject, "mailbox") | {"letter": found}
    )


@require_safe
@xframe_options_sameorigin
@csp_replace(RELAXED)  # type: ignore[arg-type]
def html(request: HttpRequest, name: str, number: int) -> HttpResponse:
    """The HTML of an e-mail as a mail program shows it, with a policy of its own and in a sandbox."""
    found = find(request, name, number)
    if not found.has_html:
        raise Http404
    # Links open beside the admin, which stays where it is.
    return HttpResponse(found.body("html").replace("<head>", '<head><base target="_blank">', 1))
