"""What the course office writes to those who are in a run: words of its own, by e-mail, once (rules M1 and M2)."""

import uuid
from collections.abc import Collection
from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from courses.links import whole_url
from courses.models import ACTIVE, CourseRun, Enrolment
from ipsc import outbox
from ipsc.history import Actor
from ipsc.models import Channel, ClinicSettings, Message
from ipsc.outbox import Kind, NoLongerTrue, Order, register
from ipsc.outbox.kinds import Content
from ipsc.verbs import Refusal, verb

MOST_SUBJECT, MOST_TEXT = 120, 4000
# After a course, what is written about it is of use for so long.
LIFE = timedelta(days=7)


class NothingToWrite(Refusal):
    words = _("Choose to whom you write, and type a subject and a text.")


def content(message: Message) -> Content:
    enrolment = Enrolment.objects.select_related("run__course").get(pk=message.about_id)
    if not enrolment.is_active:
        raise NoLongerTrue("The enrolment has ended.")
    if enrolment.run_id != message.facts["run"]:
        raise NoLongerTrue("The enrolment was moved to other dates.")
    clinic = ClinicSettings.load()
    phone = enrolment.run.phone or clinic.course_phone or clinic.phone
    context = {"enrolment": enrolment, "manage_url": whole_url(enrolment), "phone": phone}
    return Content(context, reply_to=clinic.course_email)


FROM_OFFICE = register(Kind("courses.from_office", _("written by the course office"), content, replaces=False))


def people_in(run: CourseRun, statuses: Collection[str]) -> QuerySet[Enrolment]:
    """Those in a run who stand like this, by name; nobody writes to samples (rule F3)."""
    rows = Enrolment.objects.filter(run=run, status__in=statuses, is_sample=False).active()
    return rows.order_by("search_name", "pk")


@verb(refusals={})
def write_to(
    *,
    run: CourseRun,
    statuses: Collection[str],
    subject: str,
    text: str,
    by: Actor,
    now: datetime,
    attempt: uuid.UUID,
) -> int:
    """Queue a message to all who stand in a run with one of `statuses` and have an address; return how many they are.

    `subject` has 1 to MOST_SUBJECT characters, `text` 1 to MOST_TEXT. The same `attempt` is sent once, to those who
    were there then: again, it returns 0.

    :raises NothingToWrite: one of them is missing or too long, or a status is none of those who are in a run.
    :raises PermissionDenied: who writes is not of the staff.
    """
    if not by.is_staff:
        raise PermissionDenied("only staff may do this")
    subject, text = " ".join(subject.split()), text.strip()
    if not (0 < len(subject) <= MOST_SUBJECT and 0 < len(text) <= MOST_TEXT and statuses and {*statuses} <= {*ACTIVE}):
        raise NothingToWrite
    # Behind the lock, so that a form that is sent twice at once finds what its first copy has queued.
    CourseRun.objects.select_for_update(no_key=True).get(pk=run.pk)
    if was_sent(run, attempt):
        return 0
    facts = {"subject": subject, "text": text, "run": run.pk}
    people = people_in(run, statuses).exclude(email="").select_related("run__course")
    orders = [_order(each, facts, now, attempt) for each in people]
    outbox.queue(*orders, by=by, now=now)
    return len(orders)


def was_sent(run: CourseRun, attempt: uuid.UUID) -> bool:
    """Whether this attempt has queued messages before."""
    about = {"about": Enrolment._meta.label_lower, "about_id__in": Enrolment.objects.filter(run=run).values("pk")}
    return Message.objects.filter(**about, kind=FROM_OFFICE.name, key__endswith=f":{attempt}").exists()


def _order(enrolment: Enrolment, facts: dict, now: datetime, attempt: uuid.UUID) -> Order:
    ends_at = enrolment.run.ends_at
    return Order(
        kind=FROM_OFFICE.name,
        about=enrolment,
        # The attempt alone tells one letter from another, whatever changes meanwhile.
        version=0,
        channel=Channel.EMAIL,
        to=enrolment.email,
        language=enrolment.language,
        due_at=now,
        worthless_at=ends_at if now < ends_at else now + LIFE,
        facts=facts,
        part=str(attempt),
    )
