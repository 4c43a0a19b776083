"""Every constraint of the courses' tables is violated once by plain rows, without verb or form in front (rules C1–C4).

`tests.appointments.test_constraints` looks whether one is missing here.
"""

import itertools
import threading
import uuid
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, connections, models, transaction
from django.db.models import F

from courses.councils import Council
from courses.models import (
    HOLDING,
    Course,
    CourseRun,
    Enrolment,
    Faculty,
    Money,
    OldCourseSlug,
    Payment,
    PaymentState,
    ProgrammeItem,
    Refund,
    RunState,
    Status,
    Way,
)
from courses.models.course import MOST_FEE, RESERVED
from courses.models.statuses import MOMENTS
from ipsc.identifiers import luhn_digit
from ipsc.models import ClinicSettings
from ipsc.verbs import constraint_of
from tests.courses import rows
from tests.factories import NOW, TODAY, phone

pytestmark = pytest.mark.django_db

CASES: list[tuple[str, Callable[[], object]]] = []
HOUR = timedelta(hours=1)
_numbers = itertools.count(1)


def add(name: str, make: Callable[..., models.Model], given: dict | None = None, /, **wrong) -> None:
    """Note an UPDATE that breaks `name`, on a row that is good so far, made from `given`."""

    def case():
        row = make(**(given or {}))
        type(row).objects.filter(pk=row.pk).update(**wrong)

    CASES.append((name, case))


def twice(name: str, make: Callable[..., models.Model], *same: str, **given) -> None:
    """Note a second row with the same values."""

    def case():
        row = make(**given)
        make(**given | {key: getattr(row, key) for key in same})

    CASES.append((name, case))


def clinic_settings(**fields) -> ClinicSettings:
    return ClinicSettings.objects.create(pk=1, **fields)


def item(**fields) -> ProgrammeItem:
    return rows.item(rows.run(), **fields)


def enrolment(**fields) -> Enrolment:
    return rows.enrolment(fields.pop("run", None), **fields)


def abroad(**fields) -> Enrolment:
    return enrolment(**{"council": Council.OTHER, "registration_number": ""} | fields)


def payment(**fields) -> Payment:
    return rows.payment(fields.pop("enrolment", None) or enrolment(), **fields)


def received(**fields) -> Payment:
    told = {"state": PaymentState.RECEIVED, "received_at": NOW, "answered_by": "office"}
    return payment(**told | fields)


def refused(**fields) -> Payment:
    told = {"state": PaymentState.REFUSED, "refused_at": NOW, "answered_by": "office", "reason": "Not there."}
    return payment(**told | fields)


def refund(**fields) -> Refund:
    told = {"amount": 100, "way": Way.UPI, "sent_at": NOW, "sent_by": "office"}
    return Refund.objects.create(**{"enrolment": enrolment()} | told | fields)


def old_slug(**fields) -> OldCourseSlug:
    return OldCourseSlug.objects.create(**{"slug": "old", "course": rows.course()} | fields)


def author_twice() -> None:
    row, author = rows.course(), rows.faculty()
    for _each in range(2):
        Course.authors.through.objects.create(course=row, faculty=author)


# The settings of courses
add("clinic_settings_course_hours", clinic_settings, offer_hours=0)
add("clinic_settings_course_hours", clinic_settings, offer_hours=169)
add("clinic_settings_course_hours", clinic_settings, overdue_hours=23)
add("clinic_settings_course_hours", clinic_settings, overdue_hours=337)
for upi in ("nobody", "@bank", "name@", "na me@bank", "name@bank@bank"):
    add("clinic_settings_upi", clinic_settings, upi_id=upi)
BANK = {"bank_account_name": "IPSC", "bank_account_number": "123", "bank_ifsc": "ABCD0123456"}
for field in BANK:
    add("clinic_settings_bank", clinic_settings, BANK, **{field: ""})
for ifsc in ("abcd0123456", "ABCD1123456", "ABCD012345", "ABC00123456", "ABCD01234567"):
    add("clinic_settings_bank", clinic_settings, BANK, bank_ifsc=ifsc)

# Faculty and courses
twice("courses_faculty.public_id", rows.faculty, "public_id")
add("faculty_name", rows.faculty, name="")
add("faculty_interests_dated", rows.faculty, interests="None")
add("faculty_interests_dated", rows.faculty, interests_on=TODAY)
twice("courses_course.public_id", rows.course, "public_id")
twice("courses_course.slug", rows.course, "slug")
CASES.append(("courses_course_authors.course_id,faculty_id", lambda: author_twice()))
twice("courses_oldcourseslug.slug", old_slug, "slug")
add("course_title", rows.course, title="")
for slug in ("", "2027", *sorted(RESERVED)):
    add("course_address", rows.course, slug=slug)
add("course_hours", rows.course, hours=0.4)
add("course_hours", rows.course, hours=500.1)
add("course_level", rows.course, level="secret")
add("course_categories", rows.course, categories=["chronic", "nonsense"])
add("course_fee", rows.course, fee=MOST_FEE + 1)

# Runs
twice("courses_courserun.public_id", rows.run, "public_id")
add("run_seats", rows.run, seats_taken=6)
add("run_seats", rows.run, {"seats_taken": 5}, capacity=4)
add("run_capacity", rows.run, capacity=0)
add("run_capacity", rows.run, capacity=1001)
add("run_capacity", rows.run, queue_capacity=1001)
add("run_ordered", rows.run, ends_at=rows.STARTS)
add("run_enrolment_ordered", rows.run, opens_at=rows.STARTS)
add("run_enrolment_ordered", rows.run, closes_at=rows.STARTS + HOUR)
add("run_withdrawal", rows.run, withdraw_until_at=rows.STARTS + HOUR)
add("run_early_fee", rows.run, early_fee=9_000)
add("run_early_fee", rows.run, early_until_on=TODAY)
add("run_early_fee", rows.run, early_fee=10_000, early_until_on=TODAY)
add("run_fee", rows.run, fee=MOST_FEE + 1)
add("run_pay_days", rows.run, pay_days=0)
add("run_pay_days", rows.run, pay_days=91)
add("run_refund", rows.run, refund_part_days=1)
add("run_refund", rows.run, refund_part_percent=50, refund_part_days=14)
add("run_refund", rows.run, refund_part_percent=100, refund_part_days=1)
CREDIT = {"credit_hours": 2, "credit_council": "A council", "credit_reference": "A reference"}
for field, empty in (("credit_hours", None), ("credit_council", ""), ("credit_reference", "")):
    add("run_credit", rows.run, CREDIT, **{field: empty})
add("run_credit", rows.run, CREDIT, credit_hours=0)
add("run_mode", rows.run, mode="by post")
add("run_state", rows.run, state="lost")
for field, empty in (("cancelled_at", None), ("cancelled_by", ""), ("cancel_reason", "")):
    add("run_cancelled", rows.run, {"state": RunState.CANCELLED}, **{field: empty})
add("run_cancelled", rows.run, cancel_reason="Nobody came.")
add("run_was_draft", rows.run, was_draft=True)
add("programme_item_ordered", item, ends_at=rows.STARTS)
add("programme_item_kind", item, kind="nap")

# Enrolments
for field in ("reference", "public_id", "attempt"):
    twice(f"courses_enrolment.{field}", enrolment, field, **({"attempt": uuid.uuid4()} if field == "attempt" else {}))
twice("enrolment_once_per_registration", enrolment, "run", "registration_number")
twice("enrolment_once_per_email", abroad, "run", "email")
add("enrolment_registration", enrolment, registration_key="")
add("enrolment_email", abroad, email_key="")
add("enrolment_council", enrolment, council="moon")
add("enrolment_status", enrolment, status="lost")
add("enrolment_source", enrolment, source="by pigeon")
add("enrolment_name", enrolment, name="")
OFFER = {"status": Status.OFFERED}
add("enrolment_offer", enrolment, OFFER, offer_ends_at=None)
add("enrolment_offer", enrolment, OFFER, offer_ends_at=NOW)
add("enrolment_offer", enrolment, offer_ends_at=NOW + HOUR)
ENDED = {"status": Status.CANCELLED}
for field in ("end", "cancelled_by"):
    add("enrolment_end", enrolment, ENDED, **{field: ""})
add("enrolment_end", enrolment, ENDED, end="tired")
add("enrolment_end", enrolment, end="withdrew")
add("enrolment_end", enrolment, cancelled_at=NOW)
for status, moment in MOMENTS.items():
    add(f"enrolment_{status.value}_moment", enrolment, {"status": status}, **{moment: None})
PAID = {"fee": 100, "paid": 100, "payment_state": Money.PAID}
add("enrolment_money", enrolment, fee=100)
add("enrolment_money", enrolment, payment_state="maybe")
add("enrolment_money", enrolment, PAID, paid=99)
add("enrolment_money", enrolment, PAID, fee=0, paid=0)
add("enrolment_money", enrolment, PAID, payment_state=Money.DUE, pay_by_at=NOW)
add("enrolment_money", enrolment, PAID, payment_state=Money.CLAIMED)
add("enrolment_money", enrolment, PAID, payment_state=Money.REFUND_DUE)
add("enrolment_kept", enrolment, kept_percent=50, ended_fee=100)
add("enrolment_kept", enrolment, ENDED, kept_percent=101, ended_fee=100)
add("enrolment_kept", enrolment, ENDED, kept_percent=50)
add("enrolment_least_kept", enrolment, least_kept_percent=101)
add("enrolment_pay_by", enrolment, fee=100, payment_state=Money.DUE)
add("enrolment_registration_checked", enrolment, registration_checked_at=NOW)
add("enrolment_registration_checked", enrolment, registration_checked_by="office")
add("enrolment_consent", enrolment, consent_version="")
add("enrolment_consent", enrolment, consent_at=None)
add("enrolment_reference_digits", enrolment, reference="01234567" + luhn_digit("01234567"))
add("enrolment_reference_check_digit", enrolment, reference="12345678" + luhn_digit("12345679"))

# Money
twice("courses_payment.public_id", payment, "public_id")
twice("payment_transaction_once", payment, "transaction_key")
twice("payment_transaction_once", received, "transaction_key")
add("payment_amount", payment, amount=0)
add("payment_way", payment, way="cowries")
add("payment_transaction", payment, transaction_key="")
add("payment_answer", payment, claimed_at=None)
add("payment_answer", payment, received_at=NOW)
add("payment_answer", received, received_at=None)
add("payment_answer", received, answered_by="")
add("payment_answer", refused, refused_at=None)
add("payment_answer", refused, answered_by="")
add("payment_answer", refused, reason="")
add("payment_answer", payment, state="lost")
add("refund_amount", refund, amount=0)
add("refund_way", refund, way="cowries")
add("refund_by", refund, sent_by="")


@pytest.mark.parametrize(("name", "case"), CASES, ids=[name for name, _ in CASES])
def test_it_upholds(name, case):
    from tests.appointments.test_constraints import named

    with pytest.raises(IntegrityError) as refused_, transaction.atomic():
        case()
    assert constraint_of(refused_.value) == named(name)


def test_it_lets_good_rows_be():
    run = rows.run(**CREDIT, early_fee=9_000, early_until_on=TODAY, refund_part_percent=50, refund_part_days=3)
    for status in Status:
        enrolment(run=rows.run(), status=status)
    # Two of whom nobody knows an Indian number, and one who comes again after she had left.
    abroad(run=run)
    abroad(run=run)
    gone = enrolment(run=run, status=Status.CANCELLED)
    enrolment(run=run, registration_number=gone.registration_number)
    # A number that was not found may be given again, by whoever it belongs to.
    payment(transaction_key=refused().transaction_key)
    payment(way=Way.DESK, transaction_key="")
    payment(way=Way.DESK, transaction_key="")
    check_now()


# The counter of seats and its rows (docs/adr/0012)


def check_now() -> None:
    """Have the deferred triggers look at this moment, as they would at the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def checked(change: Callable[..., object], *given: object) -> None:
    change(*given)
    check_now()


def counted(run: CourseRun, by: int) -> None:
    CourseRun.objects.filter(pk=run.pk).update(seats_taken=F("seats_taken") + by)


def changed(row: Enrolment, **fields) -> None:
    Enrolment.objects.filter(pk=row.pk).update(**fields)


def copied(row: Enrolment) -> None:
    """A second row like this one, uncounted."""
    told = rows.enrolment(rows.run(), phone=phone(1))
    counted(told.run, -1)
    changed(told, run=row.run)


WAITING = {"status": Status.WAITING, "waiting_at": NOW}
UNCOUNTED: list[tuple[str, Callable[[Enrolment], object]]] = [
    ("a row that comes", copied),
    ("a row that goes", lambda row: row.delete()),
    ("a row that gives its seat up", lambda row: changed(row, **WAITING)),
    ("a row that moves to another run", lambda row: changed(row, run=rows.run())),
    ("a row that moves, counted only where it goes", lambda row: moved(row, leave=0, arrive=1)),
    ("a row that moves, counted only where it left", lambda row: moved(row, leave=-1, arrive=0)),
    ("the counter alone, up", lambda row: counted(row.run, 1)),
    ("the counter alone, down", lambda row: counted(row.run, -1)),
    ("a run that is born with a count", lambda row: rows.run(seats_taken=1)),
]


def moved(row: Enrolment, *, leave: int, arrive: int) -> None:
    there = rows.run()
    changed(row, run=there)
    counted(row.run, leave)
    counted(there, arrive)


@pytest.mark.parametrize("change", [change for _, change in UNCOUNTED], ids=[name for name, _ in UNCOUNTED])
def test_the_database_refuses_a_change_that_was_not_counted(change):
    row = rows.enrolment()
    check_now()
    with pytest.raises(IntegrityError) as refused_, transaction.atomic():
        checked(change, row)
    assert constraint_of(refused_.value) == "run_seats_are_rows"


@pytest.mark.parametrize("status", HOLDING)
def test_every_status_that_holds_a_seat_is_counted(status):
    run = rows.run()
    rows.enrolment(run, status=status)
    check_now()
    with pytest.raises(IntegrityError), transaction.atomic():
        checked(counted, run, -1)


@pytest.mark.parametrize("status", [Status.WAITING, Status.CANCELLED])
def test_no_other_status_is(status):
    run = rows.run()
    rows.enrolment(run, status=status)
    check_now()
    with pytest.raises(IntegrityError), transaction.atomic():
        checked(counted, run, 1)


def test_the_order_within_a_transaction_does_not_matter():
    row = rows.enrolment()
    counted(row.run, -1)
    changed(row, **WAITING)
    check_now()
    moved(row, leave=0, arrive=0)
    check_now()


@pytest.mark.django_db(transaction=True)
def test_it_looks_when_a_transaction_ends():
    row = rows.enrolment()
    with pytest.raises(IntegrityError) as refused_, transaction.atomic():
        changed(row, **WAITING)
    assert constraint_of(refused_.value) == "run_seats_are_rows"
    assert Enrolment.objects.get().status == Status.CONFIRMED


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("counts", [True, False], ids=["both counted", "one forgot"])
def test_two_at_once_are_both_counted_or_one_is_refused(counts):
    """Both have written before either ends; the second counter waits for the first, and then sees its row."""
    run = rows.run()
    together, ends = threading.Barrier(2, timeout=30), []

    def come(number: int) -> None:
        try:
            with transaction.atomic():
                Enrolment.objects.create(**seat(run, number))
                together.wait()
                if counts or number == 1:
                    counted(run, 1)
            ends.append("")
        except IntegrityError as error:
            ends.append(constraint_of(error))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=come, args=[number]) for number in (1, 2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert sorted(ends) == ["", "" if counts else "run_seats_are_rows"]
    run.refresh_from_db()
    assert run.seats_taken == run.enrolments.count() == (2 if counts else 1)


def seat(run: CourseRun, number: int) -> dict:
    told = {"name": f"Dr Doctor {number}", "phone": phone(number), "council": Council.DELHI}
    told |= {"registration_number": str(number), "registration_key": str(number), "source": "phone"}
    return told | {"run": run, "status": Status.CONFIRMED, "confirmed_at": NOW, "created_at": NOW}


ROWS = {
    Faculty: rows.faculty,
    Course: rows.course,
    CourseRun: rows.run,
    Enrolment: enrolment,
    Payment: payment,
    Refund: refund,
}
