"""The ledger: every message, what was sent and what became of it (rule M2). It is read here; nothing can change it."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import timedelta

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.forms import Media
from django.http import HttpResponseNotAllowed
from django.shortcuts import render
from django.urls import NoReverseMatch, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ipsc.admin import mailbox
from ipsc.admin.base import Careful
from ipsc.admin.frame import frame
from ipsc.admin.reading import app_of, of_apps, readable
from ipsc.dates import in_words, in_words_soon
from ipsc.models import Channel, Message, MessageState
from ipsc.outbox.kinds import KINDS

# By the label of a model: the ids of the rows that somebody means who types a text, such as a reference. Each app that
# sends messages adds its own.
BY_HAND = {
    "": gettext_lazy("told by hand"),
    "phone": gettext_lazy("told by phone"),
    "whatsapp": gettext_lazy("told by WhatsApp"),
}

SOON = timedelta(days=300)

FINDERS: dict[str, Callable[[str], Collection[int]]] = {}


@dataclass(frozen=True)
class Ledgered:
    """A message in words."""

    kind: str
    channel: str
    badge: SafeString
    when: str
    url: str


def ledgered(message: Message) -> Ledgered:
    kind = KINDS.get(message.kind)
    return Ledgered(
        kind=capfirst(str(kind.label if kind else message.kind)),
        channel=message.get_channel_display(),
        badge=format_html('<span class="badge badge-message-{}">{}</span>', message.state, state_of(message)),
        when=when(message),
        url=reverse("admin:ipsc_message_change", args=[message.pk]),
    )


def when(message: Message) -> str:
    """When a message ended, or is due where it waits; the year is said only where it could be another one."""
    if not message.is_pending:
        return in_words(message.ended_at or message.caused_at)
    moment = message.next_attempt_at
    told = in_words_soon(moment) if moment - message.caused_at < SOON else in_words(moment)
    return _("due %(moment)s") % {"moment": told}


def state_of(message: Message) -> str:
    """What has become of a message in words; of what was told by hand, by which means."""
    by_hand = message.channel == Channel.HAND and message.state == MessageState.SENT
    return str(BY_HAND.get(message.receipt, BY_HAND[""])) if by_hand else message.get_state_display()


class KindFilter(admin.SimpleListFilter):
    title = gettext_lazy("kind")
    parameter_name = "kind"

    def lookups(self, request, model_admin):
        apps = readable(request.user)
        return [(name, capfirst(str(kind.label))) for name, kind in KINDS.items() if app_of(name) in apps]

    def queryset(self, request, queryset):
        return queryset.filter(kind=self.value()) if self.value() in KINDS else queryset


@admin.register(Message)
class MessageAdmin(Careful):
    change_list_template = "admin/ipsc/message/change_list.html"
    list_display = ["caused", "what", "recipient", "state_badge"]
    list_display_links = None
    list_filter = ["state", "channel", KindFilter]
    search_fields = ["to"]
    search_help_text = gettext_lazy("Part of an e-mail address or of a number, or a whole reference.")

    @property
    def media(self):
        # Nothing of the list needs the admin's scripts.
        return Media()

    def get_urls(self):
        wrap = self.admin_site.admin_view
        return [
            path("outbox/", wrap(mailbox.page), name="ipsc_mailbox"),
            path("outbox/<str:name>/<int:number>/", wrap(mailbox.letter), name="ipsc_mailbox_letter"),
            path("outbox/<str:name>/<int:number>/html/", wrap(mailbox.html), name="ipsc_mailbox_html"),
            *super().get_urls(),
        ]

    def get_queryset(self, request):
        """Only what is of the reader's own work: a course office reads no patient's messages (rule P2)."""
        return super().get_queryset(request).filter(of_apps(readable(request.user)))

    def has_add_permission(self, request) -> bool:
        return False

    def has_change_permission(self, request, obj=None) -> bool:
        return False

    def get_search_results(self, request, queryset, search_term):
        return queryset.filter(wanted(search_term)), False

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """One message as it was sent."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET", "HEAD"])
        message = self.get_object(request, unquote(object_id))
        if message is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)  # type: ignore[attr-defined]
        shown = ledgered(message)
        context = frame(request, shown.kind, "message") | {
            "opts": self.opts,
            "message": message,
            "shown": shown,
            "about_url": about_url(message),
        }
        return render(request, "admin/ipsc/message/message.html", context)

    def history_view(self, request, object_id, extra_context=None):
        # The right first: a row of somebody else's work is none, and that must not look like leave to look.
        if not self.has_view_permission(request):
            raise PermissionDenied
        return super().history_view(request, object_id, extra_context)

    @admin.display(description=gettext_lazy("caused"))
    def caused(self, message: Message) -> SafeString:
        return format_html('<span class="clock">{}</span>', in_words(message.caused_at))

    @admin.display(description=gettext_lazy("message"))
    def what(self, message: Message) -> SafeString:
        shown = ledgered(message)
        link = format_html('<a href="{}" class="who">{}</a>', shown.url, shown.kind)
        return format_html('{} <span class="quiet">{}</span>', link, shown.channel)

    @admin.display(description=gettext_lazy("to"))
    def recipient(self, message: Message) -> SafeString:
        return format_html('<span class="ledger-to">{}</span>', message.to)

    @admin.display(description=gettext_lazy("state"))
    def state_badge(self, message: Message) -> SafeString:
        error = message.last_error if message.state != MessageState.SENT else ""
        tone = "ledger-error" if message.state == MessageState.FAILED else "quiet"
        words = format_html(' <span class="{}">{}</span>', tone, error) if error else ""
        due = format_html(' <span class="quiet">{}</span>', when(message)) if message.is_pending else ""
        return format_html("{}{}{}", ledgered(message).badge, due, words)


def wanted(term: str) -> Q:
    """Messages to an address or number, in any spacing, or about what this is the reference of."""
    digits = "".join(each for each in term if each.isdigit())
    found = Q(to__icontains=term.strip())
    if digits and not any(each.isalpha() or each == "@" for each in term):
        # 098…, +91 98… and 98… are one number.
        found |= Q(to__contains=digits.lstrip("0") or digits)
    for about, find in FINDERS.items():
        if ids := list(find(term)):
            found |= Q(about=about, about_id__in=ids)
    return found


def about_url(message: Message) -> str:
    """The page of what a message is about, where there is one."""
    if not message.about or message.about_id is None:
        return ""
    try:
        return reverse(f"admin:{message.about.replace('.', '_')}_change", args=[message.about_id])
    except NoReverseMatch:
        return ""
