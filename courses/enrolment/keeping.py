"""The verbs that correct an enrolment, and take it through the day of the course."""

from datetime import datetime

from courses import messages
from courses.enrolment.details import Details, fill
from courses.enrolment.enrolling import refuse_twice
from courses.enrolment.seats import enter, locked, only_for_staff, refuse_stale, spend_change
from courses.models import Enrolment, Status
from courses.refusals import REFUSALS, TooEarly, TooLate, WrongStatus
from ipsc.dates import clinic_day
from ipsc.history import Actor, save_as
from ipsc.verbs import verb

# From which status staff may go where on the day; the way back undoes a slip.
STEPS = {
    Status.CONFIRMED: (Status.ATTENDED, Status.ABSENT),
    Status.ATTENDED: (Status.CONFIRMED, Status.ABSENT),
    Status.ABSENT: (Status.CONFIRMED, Status.ATTENDED),
}
CONSENT = ("consent_version", "consent_at", "language")


def amend(
    *, enrolment: Enrolment, details: Details, by: Actor, now: datetime, sequence: int | None = None
) -> Enrolment:
    """Correct what an enrolment says of its doctor, the name on the certificate included. Doctors may until the start.

    A changed council or number has to be checked anew. Status, fee and consent stay as they are.

    :raises WrongStatus: it has ended, or has changed since version `sequence`.
    :raises TooLate: the course has begun, and it is not staff who corrects.
    :raises AlreadyEnrolled: the corrected number or address is that of another enrolment in the run.
    :raises TooManyChanges: they have changed it many times today.
    """
    spend_change(enrolment, by=by, now=now)
    return _amend(enrolment=enrolment, details=details, by=by, now=now, sequence=sequence)


@verb(refusals=REFUSALS)
def _amend(*, enrolment, details, by, now, sequence) -> Enrolment:
    enrolment = locked(enrolment)
    refuse_stale(enrolment, sequence)
    if not enrolment.is_active:
        raise WrongStatus
    if not by.is_staff and now >= enrolment.run.starts_at:
        raise TooLate
    registered, email = (enrolment.council, enrolment.registration_key), enrolment.email
    fill(enrolment, details, but=CONSENT)
    if (enrolment.council, enrolment.registration_key) != registered:
        enrolment.registration_checked_at, enrolment.registration_checked_by = None, ""
    refuse_twice(enrolment)
    # Whoever edits a sample makes it the clinic's own (rule F3).
    enrolment.is_sample = False
    enrolment.sequence += 1
    save_as(enrolment, by=by, why="corrected")
    messages.follow_contact(enrolment, by=by, now=now)
    if enrolment.email != email:
        # Whoever mistyped the first one has the link in no mailbox yet.
        messages.send_link(enrolment, by=by, now=now, part=f"address{enrolment.sequence}", why="address")
    return enrolment


@verb(refusals=REFUSALS)
def mark(*, enrolment: Enrolment, to: Status, by: Actor, now: datetime) -> Enrolment:
    """Say who was there, from the first day of the course on; or take it back. Staff only.

    :raises TooEarly: the course has not begun.
    :raises WrongStatus: the present status does not lead to `to`.
    """
    only_for_staff(by)
    enrolment = locked(enrolment)
    if enrolment.status == to:
        return enrolment
    if to not in STEPS.get(Status(enrolment.status), ()):
        raise WrongStatus
    if clinic_day(now) < clinic_day(enrolment.run.starts_at):
        raise TooEarly
    confirmed_at = enrolment.confirmed_at
    enter(enrolment, to, now)
    if to == Status.CONFIRMED:
        enrolment.confirmed_at = confirmed_at
    save_as(enrolment, by=by, why=to.value)
    return enrolment


@verb(refusals=REFUSALS)
def check_registration(*, enrolment: Enrolment, checked: bool, by: Actor, now: datetime) -> Enrolment:
    """Note that somebody of the office has found this doctor in the council's register, or take it back. Staff only."""
    only_for_staff(by)
    enrolment = locked(enrolment)
    if checked != (enrolment.registration_checked_at is not None):
        enrolment.registration_checked_at = now if checked else None
        enrolment.registration_checked_by = by.label if checked else ""
        save_as(enrolment, by=by, why="registration checked" if checked else "registration not checked")
    return enrolment


@verb(refusals=REFUSALS)
def renew_link(*, enrolment: Enrolment, by: Actor, now: datetime, send: bool = True) -> Enrolment:
    """End every link to this enrolment that was made before, and send a new one where there is a way. Staff only."""
    only_for_staff(by)
    enrolment = locked(enrolment)
    enrolment.link_version += 1
    save_as(enrolment, by=by, why="new link")
    if send:
        messages.send_link(enrolment, by=by, now=now, part=f"link{enrolment.link_version}", why="renewed")
    return enrolment
