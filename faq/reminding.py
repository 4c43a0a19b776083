"""What doctors are told by e-mail: a draft that waits for them, and the answers whose review is due (rule M1).

Nobody is told who has no account with an address: the list in the admin has it all.
"""

from collections import defaultdict
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from appointments.models import Clinician
from faq.models import State, Wording
from ipsc import outbox
from ipsc.dates import clinic_day
from ipsc.history import SITE, Actor
from ipsc.models import Channel, Message
from ipsc.outbox import Kind, NoLongerTrue, Order, register
from ipsc.outbox.kinds import Content
from ipsc.verbs import verb

AHEAD = timedelta(days=30)
WEEK = timedelta(days=7)


def address_of(doctor: Clinician | None) -> str:
    """Where a doctor is written to: the address of the staff account; empty where there is none, or no e-mail goes."""
    user = doctor.user if doctor and doctor.active else None
    return user.email if settings.SENDS_EMAIL and user is not None and user.is_active else ""


def tell_of_draft(wording: Wording, *, by: Actor, now: datetime) -> None:
    """Tell the doctor who looks after a question that a draft of it waits to be read."""
    to = address_of(wording.question.reviewer)
    if not to:
        return
    order = Order(
        kind=DRAFT.name,
        about=wording,
        version=wording.sequence,
        channel=Channel.EMAIL,
        to=to,
        language="en",
        due_at=now,
    )
    outbox.queue(order, by=by, now=now)


def waiting(message: Message) -> Content:
    wording = Wording.objects.select_related("question").filter(pk=message.about_id).first()
    if wording is None or wording.state != State.REVIEW:
        raise NoLongerTrue("The draft does not wait for the doctor any more.")
    return Content({"wording": wording})


def due(until: date) -> QuerySet[Wording]:
    """Published answers whose review is due up to a day, or that nobody has reviewed as they stand; the worst first."""
    stale = Q(reviewed_version__isnull=True) | Q(review_due_on__lte=until) | ~Q(reviewed_version=F("version"))
    rows = Wording.objects.filter(stale, published_at__isnull=False, question__topic__published=True)
    return rows.select_related("question__topic", "question__reviewer", "reviewed_by")


@verb(refusals={})
def queue_digests(*, now: datetime) -> int:
    """Queue this week's digest for each doctor who has anything to review; return for how many there is one."""
    by_doctor: dict[Clinician, list[int]] = defaultdict(list)
    for wording in due(clinic_day(now) + AHEAD).select_related("question__reviewer__user"):
        doctor = wording.question.reviewer
        if doctor is not None and address_of(doctor):
            by_doctor[doctor].append(wording.pk)
    year, week, _day = clinic_day(now).isocalendar()
    orders = [
        Order(
            kind=DIGEST.name,
            about=doctor,
            version=year * 100 + week,
            channel=Channel.EMAIL,
            to=address_of(doctor),
            language="en",
            due_at=now,
            worthless_at=now + WEEK,
        )
        for doctor in by_doctor
    ]
    outbox.queue(*orders, by=SITE, now=now)
    return len(orders)


def digest(message: Message) -> Content:
    """The answers that wait for this doctor at the moment of sending."""
    from ipsc.dates import now

    today = clinic_day(now())
    rows = [row for row in due(today + AHEAD) if row.question.reviewer_id == message.about_id]
    if not rows:
        raise NoLongerTrue("Nothing waits for this doctor any more.")
    return Content({"rows": [(row, row.is_overdue(today)) for row in rows], "today": today})


DRAFT = register(Kind("faq.draft", _("draft to be read"), waiting, by_day=True, replaces=False))
DIGEST = register(Kind("faq.digest", _("answers to review"), digest, by_day=True, replaces=False))
