"""Made-up doctors in a sample run: by number and not by name, at addresses that belong to nobody (rule F3)."""

from datetime import datetime, timedelta

from django.db.models import F

from courses.councils import Council
from courses.enrolment import Details
from courses.enrolment.details import fill
from courses.enrolment.money import settle
from courses.enrolment.seats import enter
from courses.models import CourseRun, Enrolment, Money, Payment, PaymentState, Source, Status, Way
from courses.offers import offer_end
from courses.samples.dates import Scene, spread
from courses.terms import pay_by
from ipsc.history import SITE, save_as
from ipsc.models import ClinicSettings
from ipsc.privacy import CONSENT_VERSION

NUMBERS = [
    "One",
    "Two",
    "Three",
    "Four",
    "Five",
    "Six",
    "Seven",
    "Eight",
    "Nine",
    "Ten",
    "Eleven",
    "Twelve",
    "Thirteen",
    "Fourteen",
    "Fifteen",
    "Sixteen",
    "Seventeen",
    "Eighteen",
    "Nineteen",
    "Twenty",
]
# The North American plan keeps 555-0100 to 555-0199 for fiction: of valid form, and never anybody's.
PHONE = "+1202555{:04}"
COUNCILS = [Council.DELHI, Council.HARYANA, Council.UTTAR_PRADESH, Council.PUNJAB, Council.RAJASTHAN]
WHY = "demonstration"
FEW, QUEUE = 2, 3
HOUR = timedelta(hours=1)


def fill_run(run: CourseRun, scene: Scene, *, now: datetime) -> int:
    """People a run that nobody is in, behind its lock, as the scene has it; return how many there are then."""
    holding = {Scene.OPEN: run.capacity // 3, Scene.FEW: run.capacity - FEW}.get(scene, run.capacity)
    waiting = QUEUE if scene == Scene.QUEUE else 0
    moments = spread(run.opens_at, min(now - HOUR, run.closes_at), holding + waiting)
    for number, moment in enumerate(moments, start=1):
        if number > holding:
            _waits(run, number, moment)
        elif waiting and number == holding and now + HOUR < run.closes_at:
            _offered(run, number, moment, now)
        else:
            _confirmed(run, number, moment, now)
    CourseRun.objects.filter(pk=run.pk).update(seats_taken=F("seats_taken") + holding)
    return len(moments)


def _doctor(run: CourseRun, number: int, moment: datetime) -> Enrolment:
    """The doctor of this number; the same in every run."""
    by_phone = number % 5 == 0
    row = Enrolment(run=run, source=Source.PHONE if by_phone else Source.ONLINE, created_at=moment, is_sample=True)
    details = Details(
        name=f"Dr Sample {NUMBERS[(number - 1) % len(NUMBERS)]}",
        email=f"sample.doctor.{number}@example.org",
        phone=PHONE.format(100 + number % 100),
        council=COUNCILS[number % len(COUNCILS)],
        registration_number=f"SAMPLE/{number:03}",
        qualification="MBBS, MD",
        specialty="Anaesthesia" if number % 2 else "Orthopaedics",
        place="Sample hospital",
        language="hi" if number % 4 == 0 else "en",
        consent_version="" if by_phone else CONSENT_VERSION,
        consent_at=None if by_phone else moment,
    )
    fill(row, details)
    # The number of versions counts from 0.
    row.sequence = -1
    return row


def _waits(run: CourseRun, number: int, moment: datetime) -> None:
    row = _doctor(run, number, moment)
    enter(row, Status.WAITING, moment)
    save_as(row, by=SITE, why=WHY)


def _offered(run: CourseRun, number: int, moment: datetime, now: datetime) -> None:
    row = _doctor(run, number, moment)
    enter(row, Status.WAITING, moment)
    enter(row, Status.OFFERED, now)
    row.offer_ends_at = offer_end(now, ClinicSettings.load().offer_hours, run.closes_at)
    save_as(row, by=SITE, why=WHY)


def _confirmed(run: CourseRun, number: int, moment: datetime, now: datetime) -> None:
    """Most have paid; of four, one has not yet, and one says so and waits for a check."""
    row = _doctor(run, number, moment)
    enter(row, Status.CONFIRMED, moment)
    row.fee = run.fee_at(moment)
    turn = number % 4 if run.starts_at > now else 2
    if turn > 1:
        row.paid = row.fee
    settle(row, now=moment)
    if row.fee and turn == 1:
        row.payment_state, row.pay_by_at = Money.CLAIMED, pay_by(run, moment)
    save_as(row, by=SITE, why=WHY)
    if row.fee and turn:
        _payment(row, moment, received=turn > 1)


def _payment(row: Enrolment, moment: datetime, *, received: bool) -> None:
    number = f"SAMPLE{row.reference}"
    payment = Payment(
        enrolment=row,
        amount=row.fee,
        way=Way.UPI,
        transaction_number=number,
        transaction_key=number,
        state=PaymentState.RECEIVED if received else PaymentState.CLAIMED,
        claimed_at=moment,
        received_at=moment if received else None,
        answered_by="office" if received else "",
        is_sample=True,
    )
    save_as(payment, by=SITE, why=WHY)
