"""What the desk sees of a request for a call at a glance, in the list and on its page."""

from datetime import datetime

import phonenumbers
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from phonenumbers import PhoneNumberType

from appointments.admin.facts import short_moment
from appointments.models import CallBack, CallState
from ipsc.dates import clinic_day, time_of_day

# Many countries, India not among them, give mobiles and land lines numbers of one kind.
MAY_HAVE_WHATSAPP = {PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE}


def near(moment: datetime, now: datetime) -> str:
    """3:30 pm for a moment of today; Thu 26 Nov, 3:30 pm for another."""
    return time_of_day(moment) if clinic_day(moment) == clinic_day(now) else short_moment(moment)


def by_when(call: CallBack, now: datetime) -> SafeString:
    """What was promised, or what has become of it."""
    if call.state == CallState.REACHED and call.reached_at:
        return _told("badge badge-booked", _("spoken to"), near(call.reached_at, now))
    if call.state == CallState.DROPPED and call.dropped_at:
        return _told("badge", _("closed"), near(call.dropped_at, now))
    if call.state == CallState.TRIED and call.tried_at:
        times = _("no answer, %(times)s ×") % {"times": call.tries}
        return _told("badge badge-requested", times, _("last %(moment)s") % {"moment": near(call.tried_at, now)})
    asked = _("asked %(moment)s") % {"moment": near(call.created_at, now)}
    if call.due_at is None:
        return _told("clock", _("as soon as you can"), asked)
    if call.is_overdue(now):
        return _told("clock overdue", _("overdue since %(moment)s") % {"moment": near(call.due_at, now)}, asked)
    return _told("clock", _("by %(moment)s") % {"moment": near(call.due_at, now)}, asked)


def _told(kind: str, first: str, second: str) -> SafeString:
    return format_html('<span class="{}">{}</span> <span class="quiet">{}</span>', kind, first, second)


def alarm(call: CallBack) -> SafeString:
    """Words by which the caller may need help at once (rule F2); nothing where none were found."""
    if not call.red_flags:
        return SafeString("")
    told = _("Words that may mean an emergency:")
    return format_html('<strong class="call-alarm">{} “{}”</strong>', told, call.red_flags)


def whatsapp_link(call: CallBack) -> SafeString:
    """A chat with the caller; nothing for a land line."""
    if phonenumbers.number_type(call.phone) not in MAY_HAVE_WHATSAPP:
        return SafeString("")
    return format_html(
        '<a href="https://wa.me/{}" class="call-whatsapp" rel="noreferrer" aria-label="{}: {}">{}</a>',
        call.phone.as_e164.removeprefix("+"),
        _("WhatsApp"),
        call.name,
        _("WhatsApp"),
    )


def same_number(count: int) -> SafeString:
    """How many of the requests on the page came from one number, where they are more than one."""
    if count < 2:
        return SafeString("")
    told = ngettext("%(count)s request from this number", "%(count)s requests from this number", count)
    return format_html('<span class="quiet">{}</span>', told % {"count": count})


def language(call: CallBack) -> str:
    return _("Hindi") if call.language == "hi" else _("English")


def buttons(call: CallBack) -> SafeString | str:
    """The buttons of a row. The list stands in a form of its own, to which each of them gives another address."""
    if not call.is_open:
        return ""
    acts = [("called_in_vain", _("No answer")), ("reached", _("Spoken to"))]
    pressed = format_html_join(
        " ",
        '<button class="step" name="sequence" value="{}" formaction="{}" aria-label="{}: {}">{}</button>',
        ((call.sequence, url_of(call, verb), label, call.name, label) for verb, label in acts),
    )
    label, url = _("Close…"), url_of(call, "drop")
    link = '<a class="button plain call-close" href="{}" aria-label="{} {}">{}</a>'
    return format_html('<span class="call-acts">{} {}</span>', pressed, format_html(link, url, label, call.name, label))


def url_of(call: CallBack, page: str = "change") -> str:
    return reverse(f"admin:appointments_callback_{page}", args=[call.pk])
