"""A request for a lost link: whoever typed it learns nothing, so the looking is done by the worker, not by the page."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from courses.links import is_open
from courses.messages.causes import send_link
from courses.models import Enrolment
from ipsc.dates import now
from ipsc.history import DOCTOR
from ipsc.models import Message
from ipsc.outbox import Kind, NoLongerTrue, register
from ipsc.outbox.kinds import Content


def look_up(message: Message) -> Content:
    """Where reference and address belong together, the link goes out as a message of its own."""
    found = Enrolment.objects.filter(reference=message.facts["reference"], email_key=message.facts["email"])
    enrolment = found.select_related("run__course").first()
    if enrolment is None or not is_open(enrolment, now()):
        raise NoLongerTrue("Reference and address belong to no enrolment.")
    with transaction.atomic():
        known = send_link(enrolment, by=DOCTOR, now=now(), part=f"find{message.pk}", why="lost")
    raise NoLongerTrue("The link went out as a message of its own." if known else "There is no way to send a link.")


FIND = register(Kind("courses.find", _("search for a lost link"), look_up, replaces=False))
