"""The kinds of message about an enrolment, and what each looks at at the moment of sending."""

from datetime import date, datetime

from django.utils import translation
from django.utils.translation import gettext_lazy as _

from courses import ical
from courses.catalogue.cards import Part, by_day, card
from courses.catalogue.looking import programme_of, queue_length, runs_of
from courses.links import whole_url
from courses.messages import wording
from courses.models import CourseRun, Enrolment, Money, Status
from ipsc.dates import now
from ipsc.models import ClinicSettings, Message
from ipsc.outbox import Kind, NoLongerTrue, register
from ipsc.outbox.kinds import Attachment, Content

APP = "courses."
SHARED = "courses.news"
CALENDAR = "text/calendar; charset=utf-8; method={}"


def load(message: Message) -> Enrolment:
    """:raises NoLongerTrue: the enrolment is gone."""
    enrolment = Enrolment.objects.select_related("run__course").filter(pk=message.about_id).first()
    if enrolment is None:
        raise NoLongerTrue("The enrolment is not there any more.")
    return enrolment


def content(message: Message, enrolment: Enrolment) -> Content:
    """What a message says: the facts of its cause, with dates, place and link as they are now."""
    moment, clinic = now(), ClinicSettings.load()
    runs = CourseRun.objects.select_related("course").annotate(waiting=queue_length(moment))
    with translation.override(message.language):
        shown = card(runs.get(pk=enrolment.run_id), clinic=clinic, now=moment)
        told = wording.words_of(message, enrolment, shown, moment)
        context = {"enrolment": enrolment, "card": shown, "run": shown.run, "words": told}
        context["manage_url"] = whole_url(enrolment)
        context["alternatives"] = alternatives(message, enrolment, clinic, moment)
        context["programme"] = programme(message, enrolment)
        attached = calendar(message, enrolment, clinic)
        return Content(context, attachments=attached, reply_to=clinic.course_email)


def calendar(message: Message, enrolment: Enrolment, clinic: ClinicSettings) -> tuple[Attachment, ...]:
    """The course as an invitation that updates the entry made by an earlier message, or takes it away.

    Whoever only waits has no entry, and nothing to take away.
    """
    if enrolment.confirmed_at is None or message.kind not in WITH_CALENDAR:
        return ()
    body, method = ical.invitation(enrolment, clinic, to=message.to)
    return (Attachment("course.ics", body, CALENDAR.format(method)),)


def alternatives(message: Message, enrolment: Enrolment, clinic: ClinicSettings, moment: datetime) -> list:
    """Other dates of a cancelled course at which there are places, as cards; at most three."""
    if message.kind != RUN_CANCELLED.name:
        return []
    coming, _past = runs_of(enrolment.run.course, now=moment)
    found = [card(each, clinic=clinic, now=moment) for each in coming if each.pk != enrolment.run_id]
    return [each for each in found if each.standing.has_places][:3]


def programme(message: Message, enrolment: Enrolment) -> list[tuple[date, list[Part]]]:
    """What is taught when, day by day, for whoever is about to come."""
    if message.kind != REMINDER.name:
        return []
    return by_day(programme_of([enrolment.run]).get(enrolment.run_id, ()), ())


def change(message: Message) -> Content:
    """A change that was made; whether a later one has replaced it is looked at before."""
    return content(message, load(message))


def offer(message: Message) -> Content:
    enrolment = load(message)
    if enrolment.status != Status.OFFERED or enrolment.has_lapsed(now()):
        raise NoLongerTrue("The place is not offered any more.")
    return content(message, enrolment)


def waiting(message: Message) -> Content:
    enrolment = load(message)
    if enrolment.status != Status.WAITING:
        raise NoLongerTrue("They do not wait any more.")
    return content(message, enrolment)


def due(message: Message) -> Content:
    enrolment = load(message)
    if enrolment.payment_state != Money.DUE:
        raise NoLongerTrue("Nothing is to be paid any more.")
    return content(message, enrolment)


def reminder(message: Message) -> Content:
    enrolment = load(message)
    if enrolment.status != Status.CONFIRMED or enrolment.run.starts_at.isoformat() != message.facts["starts_at"]:
        raise NoLongerTrue("The course is not to be at this time any more, or they are not in it.")
    if enrolment.run.starts_at <= now():
        raise NoLongerTrue("The course has begun.")
    return content(message, enrolment)


def kind(name: str, label, prepare=change, **options) -> Kind:
    return register(Kind(APP + name, label, prepare, templates=SHARED, **options))


ENROLLED = kind("enrolled", _("enrolled"))
WAITING = kind("waiting", _("on the waiting list"), waiting)
OFFERED = kind("offered", _("place offered"), offer)
OFFER_ENDED = kind("offer_ended", _("offer ended"))
MOVED = kind("moved", _("moved to other dates"))
WITHDRAWN = kind("withdrawn", _("enrolment ended"))
RUN_CHANGED = kind("run_changed", _("course changed"))
RUN_CANCELLED = kind("run_cancelled", _("course cancelled"))
PAYMENT_DUE = kind("payment_due", _("payment overdue"), due, replaces=False, by_day=True)
PAYMENT_RECEIVED = kind("payment_received", _("payment received"), replaces=False)
PAYMENT_REFUSED = kind("payment_refused", _("payment not found"), replaces=False)
REFUNDED = kind("refunded", _("refunded"), replaces=False)
REMINDER = kind("reminder", _("reminder"), reminder, by_day=True, replaces=False)
LINK = kind("link", _("link to the enrolment"), replaces=False)

# What nobody needs to know once the course is over.
OF_THE_COURSE = {
    each.name for each in (ENROLLED, WAITING, OFFERED, OFFER_ENDED, MOVED, RUN_CHANGED, PAYMENT_DUE, REMINDER)
}
# Whoever waits, or is offered a place, has no entry yet; and money moves none.
WITH_CALENDAR = {each.name for each in (ENROLLED, MOVED, WITHDRAWN, RUN_CHANGED, RUN_CANCELLED, REMINDER)}
