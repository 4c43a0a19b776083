"""What was seen is what is done: the checked rows travel signed through the form, and are enrolled one by one."""

import uuid
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta

from django.core import signing
from django.utils.translation import gettext as _

from courses.enrolment import enrol, take_payment
from courses.importing.outlook import Fate
from courses.importing.rows import COLUMNS, Row, checked
from courses.models import CourseRun, Enrolment, Source, Status, Way
from courses.refusals import AlreadyEnrolled, EnrolmentRefused, WrongStatus
from ipsc.history import Actor
from ipsc.verbs import Refusal

# Another one whenever COLUMNS change: what was signed before that cannot be read any more.
SALT = "courses.import.2"
LIFE = timedelta(hours=1)
# Less than the site takes in a form.
MOST_SIGNED = 2_300_000


class Expired(Refusal):
    """The form is too old, was changed, or belongs to another run."""


class TooMuchText(Refusal):
    """The rows do not fit into a form."""


@dataclass(frozen=True)
class Batch:
    """The rows of one file that may come into a run, and what staff chose. `key` tells one batch from another."""

    run: int
    queue: bool
    notify: bool
    rows: list[tuple[int, list[str]]]
    key: str = field(default_factory=lambda: uuid.uuid4().hex)


@dataclass(frozen=True)
class Outcome:
    """What became of a row; `paid` is what was noted as received with it, whole INR, and `problem` why it was not."""

    number: int
    name: str
    words: str
    fate: Fate
    enrolment: Enrolment | None = None
    paid: int = 0
    problem: str = ""


def sign(batch: Batch) -> str:
    """:raises TooMuchText: with words; the file has to be divided."""
    text = signing.dumps(asdict(batch), salt=SALT, compress=True)
    if len(text) > MOST_SIGNED:
        raise TooMuchText(_("There is very much text in this file. Divide it into several files."))
    return text


def unsign(text: str, run: CourseRun) -> Batch:
    """:raises Expired: with words; nothing is done with it."""
    try:
        batch = Batch(**signing.loads(text, salt=SALT, max_age=LIFE))
    except signing.BadSignature as error:
        raise Expired(_("What was shown is older than an hour, or not whole. Choose the file again.")) from error
    if batch.run != run.pk:
        raise Expired(_("That was for another run. Choose the file again."))
    return batch


def packed(rows: Iterable[Row]) -> list[tuple[int, list[str]]]:
    return [(row.number, [row.values[name] for name in COLUMNS]) for row in rows]


def bring_in(*, batch: Batch, run: CourseRun, by: Actor, now: datetime) -> list[Outcome]:
    """Enrol the rows in their order, each in a transaction of its own, and tell what became of each.

    Nobody gets a seat that is not there, and whoever is in the run already stays as they are: sent twice, a batch
    changes nothing, but for a payment that it had not come to note before it was broken off.
    """
    return [
        _bring_in(checked(number, dict(zip(COLUMNS, values, strict=True))), batch, run, by, now)
        for number, values in batch.rows
    ]


def _bring_in(row: Row, batch: Batch, run: CourseRun, by: Actor, now: datetime) -> Outcome:
    name = row.values["name"]
    if row.details is None:
        return Outcome(row.number, name, " ".join(row.problems), Fate.WRONG)
    attempt = uuid.uuid5(uuid.UUID(batch.key), str(row.number))
    if there := Enrolment.objects.filter(attempt=attempt).first():
        problem = _note_payment(row, there, batch, by, now) if there.is_active and not there.payments.exists() else ""
        return Outcome(row.number, name, str(Fate.THERE.label), Fate.THERE, there, problem=problem)
    try:
        made = enrol(
            run=run,
            details=row.details,
            by=by,
            now=now,
            source=Source.IMPORT,
            attempt=attempt,
            queue=batch.queue,
            notify=batch.notify,
        )
    except AlreadyEnrolled as refusal:
        return Outcome(row.number, name, str(Fate.THERE.label), Fate.THERE, refusal.enrolment)
    except EnrolmentRefused as refusal:
        return Outcome(row.number, name, str(refusal), Fate.FULL)
    fate = Fate.QUEUE if made.status == Status.WAITING else Fate.SEAT
    problem = _note_payment(row, made, batch, by, now)
    return Outcome(row.number, name, str(fate.label), fate, made, paid=0 if problem else row.paid, problem=problem)


def _note_payment(row: Row, enrolment: Enrolment, batch: Batch, by: Actor, now: datetime) -> str:
    """Note what somebody of the file has paid before; return why that could not be, in words."""
    if not row.paid:
        return ""
    try:
        take_earlier_payment(
            enrolment=enrolment,
            amount=row.paid,
            transaction_number=row.values["transaction_number"],
            notify=batch.notify,
            by=by,
            now=now,
        )
    except WrongStatus:
        # The same form, sent twice at once: the other one has noted it.
        return ""
    except EnrolmentRefused as refusal:
        return _("The payment is not noted: %(why)s") % {"why": refusal}
    return ""


def take_earlier_payment(
    *, enrolment: Enrolment, amount: int, transaction_number: str, notify: bool, by: Actor, now: datetime
) -> None:
    """Note money that had come before the enrolment stood here: by bank where it has a number, else at the desk.

    Without `notify` nobody is written to, as with the enrolment itself.

    :raises WrongStatus: something has been paid for it already.
    :raises TransactionUsed: the number stands for another payment.
    """
    way = Way.BANK if transaction_number else Way.DESK
    take_payment(
        enrolment=enrolment,
        way=way,
        amount=amount,
        transaction_number=transaction_number,
        seen_paid=0,
        by=by,
        now=now,
        notify=notify,
    )
