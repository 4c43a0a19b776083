"""The verb `book`: who gets which time, and every reason why not (rules B1, B2, B4, B5, B8)."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError

from appointments.booking import making
from appointments.diary import openings
from appointments.models import Appointment, BookingDraft, Patient, Service, Source, Status
from appointments.refusals import (
    BookingClosed,
    NotOnOffer,
    OutsideHours,
    PatientElsewhere,
    ServiceNotOnOffer,
    SlotTaken,
    TooManyBookings,
)
from ipsc.history import PATIENT, SITE
from ipsc.identifiers import is_reference
from ipsc.models import ClinicSettings, RateLimit, Unanswered
from tests import factories
from tests.appointments.desk import book, book_by_phone, details, everything, reception, records, refused
from tests.factories import NOW, TODAY, TOMORROW, at

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
TAKEN = "Another visit has that time. Please choose another one."
NOT_ON_OFFER = "That time is not on offer. Please choose another one."
NOT_BOOKABLE = "That visit cannot be booked online at the moment."


def change(row, **fields):
    """Change a row behind the back of whoever holds the object."""
    type(row).objects.filter(pk=row.pk).update(**fields)


def test_it_books_a_visit_for_a_patient(clinic):
    change(clinic.service, buffer=10)
    made = book(clinic, name="Patient One")
    made = Appointment.objects.select_related("service").get(pk=made.pk)
    assert (made.status, made.source, made.clinician, made.service) == (
        Status.BOOKED,
        Source.ONLINE,
        clinic.clinician,
        clinic.service,
    )
    assert (made.starts_at, made.ends_at, made.busy_until) == (
        at(TOMORROW, "10:00"),
        at(TOMORROW, "10:20"),
        at(TOMORROW, "10:30"),
    )
    assert (made.created_at, made.booked_at, made.consent_at, made.consent_version) == (NOW, NOW, NOW, "2026-11")
    assert (made.requested_at, made.answer_by_at, made.patient, made.squeeze_in) == (None, None, None, False)
    assert is_reference(made.reference)
    assert made.sequence == 0
    assert records(made) == [("+", "patient", "", Status.BOOKED)]
    assert made.history.get().history_user is None


def test_it_stores_every_detail_as_it_was_given(clinic):
    given = details(
        email="patient@example.com",
        age_years=None,
        born_on=TODAY.replace(year=1964),
        for_someone_else=True,
        contact_name="Relative One",
        contact_relation="daughter",
        phone_is_patients=False,
        language="hi",
        reason="कमर दर्द",
        needs_wheelchair=True,
        needs_no_long_sitting=True,
        needs_language="Bengali",
        needs_attendant=True,
        needs_woman_present=True,
    )
    made = book(clinic, details=given)
    stored = Appointment.objects.get(pk=made.pk)
    assert {name: getattr(stored, name) for name in vars(given)} == vars(given) | {"consent_at": NOW}


def test_it_records_the_member_of_staff_who_booked(clinic):
    by = reception()
    made = book_by_phone(clinic, by=by)
    assert records(made) == [("+", "reception", "", Status.BOOKED)]
    assert made.history.get().history_user == by.user
    assert made.source == Source.PHONE


@pytest.mark.parametrize(
    "name",
    [
        "सुनीता देवी",
        "क्षत्रिय\u200d",  # a joiner, which changes the look of a word
        "محمد علی",
        "\u202eenO tneitaP\u202c",  # written backwards, with an override
        "m\u0301u\u0308",  # combining, not composed
        "\u1e3f\u00fc",  # composed
        "Patient 🙂👩‍⚕️ One",
        "O’Neil-Iyer  two  spaces",
        "%_\\'\"; DROP TABLE--",
        "𝒫𝒶𝓉𝒾ℯ𝓃𝓉",
        "न" * 200,
    ],
)
def test_it_keeps_names_exactly(clinic, name):
    made = book(clinic, name=name)
    assert Appointment.objects.get(pk=made.pk).name == name
    assert made.history.get().name == name


# Rule B2: only what is on offer now


@pytest.mark.parametrize(
    "start",
    [
        at(TODAY, "08:40"),  # past
        at(TODAY, "10:40"),  # the notice has begun
        at(TOMORROW - 2 * DAY, "10:00"),  # yesterday
        at(TOMORROW, "10:01"),  # off the grid
        at(TOMORROW, "10:00") + timedelta(seconds=1),
        at(TOMORROW, "10:00") + timedelta(microseconds=1),
        at(TOMORROW, "09:40"),  # before hours
        at(TOMORROW, "12:50"),
        at(TOMORROW, "13:00"),  # as hours end
        at(TODAY + 28 * DAY, "10:00"),  # beyond the horizon
        at(TODAY + 800 * DAY, "10:00"),
        datetime(1, 1, 2, tzinfo=UTC),
        datetime(9999, 12, 30, tzinfo=UTC),
    ],
)
def test_it_refuses_a_start_that_is_not_on_offer(clinic, start):
    change(clinic.service, notice=2)
    with refused(NotOnOffer, NOT_ON_OFFER):
        book(clinic, start)


@pytest.mark.parametrize("start", [at(TODAY, "11:00"), at(TOMORROW, "12:40"), at(TODAY + 27 * DAY, "10:00")])
def test_it_books_the_first_and_the_last_start_on_offer(clinic, start):
    change(clinic.service, notice=2)
    assert book(clinic, start).starts_at == start


def test_it_refuses_a_start_in_time_off(clinic):
    factories.time_off(at(TOMORROW, "10:19"), at(TOMORROW, "11:00"))
    with refused(NotOnOffer, NOT_ON_OFFER):
        book(clinic)


def test_it_refuses_a_start_in_hours_that_are_full(clinic):
    clinic.clinician.hours.all().delete()
    factories.hours(clinic.clinician, online_cap=1)
    book(clinic, "12:00")
    with refused(NotOnOffer, NOT_ON_OFFER):
        book(clinic, "10:00")
    book_by_phone(clinic, "10:00")


def test_it_believes_the_database_and_not_the_page_about_the_length(clinic):
    change(clinic.service, duration=40, buffer=5)
    made = book(clinic)
    assert (made.ends_at, made.busy_until) == (at(TOMORROW, "10:40"), at(TOMORROW, "10:45"))


def test_it_refuses_a_service_that_is_no_longer_active(clinic):
    change(clinic.service, active=False)
    with refused(ServiceNotOnOffer, NOT_BOOKABLE):
        book(clinic)


def test_it_refuses_a_service_that_is_no_more(clinic):
    gone = factories.service()
    Service.objects.filter(pk=gone.pk).delete()
    with refused(ServiceNotOnOffer, NOT_BOOKABLE):
        book(clinic, service=gone)
    with refused(ServiceNotOnOffer, NOT_BOOKABLE):
        book_by_phone(clinic, service=gone)


@pytest.mark.parametrize("named", [True, False], ids=["named", "any"])
def test_it_refuses_a_clinician_who_is_no_longer_active(clinic, named):
    change(clinic.clinician, active=False)
    with refused(ServiceNotOnOffer, NOT_BOOKABLE):
        book(clinic, clinician=clinic.clinician if named else None)


def test_it_refuses_a_clinician_who_does_not_offer_the_service(clinic):
    other = factories.clinician(services=[factories.service()])
    factories.hours(other)
    with refused(ServiceNotOnOffer, NOT_BOOKABLE):
        book(clinic, clinician=other)


@pytest.mark.parametrize("sample", ["service", "clinician"])
@pytest.mark.parametrize("call", [book, book_by_phone])
def test_it_never_books_a_sample_in_production(clinic, settings, sample, call):
    """Rule F3, for staff as well."""
    change(getattr(clinic, sample), is_sample=True)
    book(clinic, "12:00")
    settings.SHOWS_SAMPLES = False
    with refused(ServiceNotOnOffer, NOT_BOOKABLE):
        call(clinic)


def test_it_refuses_patients_while_booking_is_closed(clinic):
    change(clinic.settings, online_booking_open=False)
    with refused(BookingClosed, "Online booking is closed at the moment."):
        book(clinic)
    assert book_by_phone(clinic).status == Status.BOOKED


def test_it_is_closed_until_somebody_opens_it(clinic):
    ClinicSettings.objects.all().delete()
    with refused(BookingClosed, "Online booking is closed at the moment."):
        book(clinic)


def test_it_needs_the_consent_of_whoever_books_online(clinic):
    with pytest.raises(IntegrityError, match="appointment_consent"):
        book(clinic, details=details(consent_version=""))


# Rule B1: nobody is in two places


def test_it_refuses_a_start_that_was_taken(clinic):
    book(clinic)
    for call in (book, book_by_phone):
        with refused(SlotTaken, TAKEN):
            call(clinic, phone=factories.phone(2))


@pytest.mark.parametrize("status", Status)
def test_it_knows_which_visits_hold_their_time(clinic, status):
    factories.appointment(service=clinic.service, clinician=clinic.clinician, status=status)
    if status in (Status.REQUESTED, Status.BOOKED, Status.ARRIVED, Status.IN_CONSULTATION):
        with refused(SlotTaken, TAKEN):
            book(clinic)
    else:
        assert book(clinic).status == Status.BOOKED


@pytest.mark.parametrize("start", ["10:31", "10:59", "11:00", "11:01", "11:29"])
def test_it_refuses_overlaps_by_a_minute_buffers_included(clinic, start):
    change(clinic.service, buffer=10)
    book(clinic, "11:00")
    with refused(SlotTaken, TAKEN):
        book_by_phone(clinic, start)


@pytest.mark.parametrize("start", ["10:30", "11:30"])
def test_it_lets_buffers_touch(clinic, start):
    change(clinic.service, buffer=10)
    book(clinic, "11:00")
    book_by_phone(clinic, start)
    assert Appointment.objects.count() == 2


def test_it_is_refused_by_the_database_if_the_second_look_misses_a_visit(clinic, monkeypatch):
    book(clinic)
    monkeypatch.setattr(making, "pick", lambda *args, **options: clinic.clinician)
    with refused(SlotTaken, TAKEN):
        book(clinic)


def test_it_never_has_one_person_in_two_places(clinic):
    patient = factories.patient()
    other = factories.clinician(services=[clinic.service])
    factories.hours(other)
    book_by_phone(clinic, "10:00", patient=patient)
    with refused(PatientElsewhere, "This patient already has an appointment at that time."):
        book_by_phone(clinic, "10:19", clinician=other, patient=patient)
    book_by_phone(clinic, "10:20", clinician=other, patient=patient)


# Staff


@pytest.mark.parametrize("start", [at(TODAY, "10:00"), at(TOMORROW, "10:07"), at(TODAY + 90 * DAY, "10:00")])
def test_it_holds_staff_to_hours_only(clinic, start):
    """Neither notice nor grid nor horizon binds them."""
    change(clinic.service, notice=720)
    assert book_by_phone(clinic, start).starts_at == start


def test_it_lets_staff_write_down_a_visit_that_has_begun(clinic):
    assert book_by_phone(clinic, at(TODAY, "10:00"), now=at(TODAY, "10:15"), source=Source.WALK_IN)


@pytest.mark.parametrize("start", [at(TOMORROW, "09:59"), at(TOMORROW, "12:41"), at(TOMORROW, "18:00")])
def test_it_asks_staff_whether_a_time_outside_hours_is_meant(clinic, start):
    with refused(
        OutsideHours, "The clinician does not work at that time. Tick “outside working hours” if this is meant."
    ):
        book_by_phone(clinic, start)
    made = book_by_phone(clinic, start, outside_hours=True)
    assert (made.starts_at, made.squeeze_in) == (start, False)


def test_it_asks_staff_whether_time_off_is_meant(clinic):
    factories.time_off(at(TOMORROW, "10:00"), at(TOMORROW, "11:00"), clinic.clinician)
    with refused(OutsideHours, "The clinician does not work at that time."):
        book_by_phone(clinic, "10:00")
    book_by_phone(clinic, "10:00", outside_hours=True)


def test_it_lets_staff_book_a_clinician_who_does_not_offer_the_service(clinic):
    other = factories.clinician()
    factories.hours(other)
    assert book_by_phone(clinic, clinician=other).clinician == other


@pytest.mark.parametrize("days", [-731, 731])
def test_it_takes_a_slip_of_the_keyboard_from_nobody(clinic, days):
    for how in ({}, {"outside_hours": True}, {"squeeze_in_reason": "In pain"}):
        with refused(NotOnOffer, NOT_ON_OFFER):
            book_by_phone(clinic, NOW + timedelta(days=days), **how)


def test_it_does_not_confuse_outside_hours_with_taken(clinic):
    book_by_phone(clinic, "18:00", outside_hours=True)
    with refused(SlotTaken, TAKEN):
        book_by_phone(clinic, "18:10", outside_hours=True)


def test_it_squeezes_a_patient_in_when_staff_say_why(clinic):
    book(clinic)
    made = book_by_phone(clinic, squeeze_in_reason="In pain since last night")
    made.refresh_from_db()
    assert (made.squeeze_in, made.squeeze_in_reason) == (True, "In pain since last night")
    book_by_phone(clinic, squeeze_in_reason="Fell this morning")


def test_it_counts_a_squeeze_in_as_occupied_for_everybody_else(clinic):
    book_by_phone(clinic, "10:10", squeeze_in_reason="In pain")
    for call in (book, book_by_phone):
        with refused(SlotTaken, TAKEN):
            call(clinic)
    with refused(SlotTaken, TAKEN):
        book_by_phone(clinic, outside_hours=True)


@pytest.mark.parametrize(
    "options", [{"squeeze_in_reason": "In a hurry"}, {"outside_hours": True}, {"patient": "somebody"}]
)
@pytest.mark.parametrize("by", [PATIENT, SITE])
def test_it_keeps_what_only_staff_may_do_from_everybody_else(clinic, options, by):
    """Rules B1 and B4, whoever calls it."""
    if "patient" in options:
        options = {"patient": factories.patient()}
    before = everything()
    with pytest.raises(PermissionDenied):
        book(clinic, by=by, **options)
    assert everything() == before


# Rule B4: identity


def test_it_attaches_a_public_booking_to_nobody(clinic):
    known = factories.patient(name="Patient One", phone=factories.phone(1))
    before = Patient.objects.values().get()
    made = book(clinic, name="Patient One", phone=factories.phone(1))
    assert made.patient is None
    assert Patient.objects.values().get() == before
    assert known.history.count() == 1


def test_it_links_a_booking_by_staff(clinic):
    known = factories.patient()
    assert book_by_phone(clinic, patient=known).patient == known


# Any clinician


@pytest.fixture
def three(clinic):
    """Three clinicians in the order 0, 1, 2."""
    change(clinic.clinician, order=5)
    others = [factories.clinician(services=[clinic.service], order=order) for order in (6, 7)]
    for other in others:
        factories.hours(other)
    return [clinic.clinician, *others]


def test_it_takes_the_least_loaded_clinician_and_ties_go_by_order(clinic, three):
    made = [book(clinic, start) for start in ("10:00", "10:20", "10:40", "11:00")]
    assert [three.index(row.clinician) for row in made] == [0, 1, 2, 0]


def test_it_takes_whoever_is_free_however_loaded(clinic, three):
    for other in three[1:]:
        factories.appointment(service=clinic.service, clinician=other)
    for start in ("11:00", "11:20", "11:40"):
        book(clinic, start, clinician=three[0])
    assert book(clinic).clinician == three[0]
    with refused(SlotTaken, TAKEN):
        book(clinic)


def test_it_asks_the_load_of_that_day_only(clinic, three):
    for start in ("10:00", "10:20"):
        book(clinic, at(TOMORROW + DAY, start), clinician=three[0])
    assert book(clinic).clinician == three[0]


def test_it_takes_the_one_who_was_named(clinic, three):
    book(clinic, "11:00", clinician=three[2])
    assert book(clinic, clinician=three[2]).clinician == three[2]
    with refused(SlotTaken, TAKEN):
        book(clinic, clinician=three[2])


# On request


def test_it_holds_a_request_until_a_moment_that_is_stored(clinic):
    change(clinic.service, instant=False)
    made = book(clinic, at(TOMORROW + DAY, "10:00"))
    assert (made.status, made.requested_at, made.booked_at) == (Status.REQUESTED, NOW, None)
    assert made.answer_by_at == NOW + timedelta(hours=24)
    assert records(made) == [("+", "patient", "", Status.REQUESTED)]


@pytest.mark.parametrize(("hours", "answer_by"), [(1, "09:00"), (2, "10:00"), (3, "10:00"), (336, "10:00")])
def test_it_answers_no_later_than_the_start(clinic, hours, answer_by):
    change(clinic.service, instant=False)
    change(clinic.settings, answer_hours=hours)
    made = book(clinic, at(TODAY, "10:00"), now=at(TODAY, "08:00"))
    assert made.answer_by_at == at(TODAY, answer_by)


def test_it_is_certain_at_once_when_staff_book_what_is_on_request(clinic):
    change(clinic.service, instant=False)
    made = book_by_phone(clinic)
    assert (made.status, made.answer_by_at, made.requested_at) == (Status.BOOKED, None, None)


@pytest.mark.parametrize(
    ("setting", "late", "free"),
    [
        (Unanswered.RELEASE, timedelta(microseconds=-1), False),
        (Unanswered.RELEASE, timedelta(0), True),
        (Unanswered.RELEASE, timedelta(hours=1), True),
        (Unanswered.KEEP, timedelta(microseconds=-1), False),
        (Unanswered.KEEP, timedelta(0), False),
        (Unanswered.KEEP, timedelta(hours=1), False),
    ],
)
@pytest.mark.parametrize("call", [book, book_by_phone])
def test_it_frees_an_unanswered_request_only_where_the_clinic_says_so(clinic, setting, late, free, call):
    change(clinic.settings, unanswered_requests=setting, answer_hours=2)
    change(clinic.service, instant=False)
    request = book(clinic, name="Patient One")
    change(clinic.service, instant=True)
    moment = request.answer_by_at + late
    change(clinic.settings, bookings_per_phone=100)
    if not free:
        with refused(SlotTaken, TAKEN):
            call(clinic, now=moment)
        return
    assert call(clinic, now=moment).status == Status.BOOKED
    request.refresh_from_db()
    assert (request.status, request.declined_at) == (Status.DECLINED, moment)
    assert request.end_reason == "Nobody answered in time."
    assert records(request)[1:] == [("~", "site", "unanswered", Status.DECLINED)]


def test_it_offers_and_books_the_same_at_the_moment_a_request_is_released(clinic):
    """The page and the verb agree, at the very second."""
    change(clinic.settings, unanswered_requests=Unanswered.RELEASE, answer_hours=2)
    change(clinic.service, instant=False)
    request = book(clinic)
    for late in (timedelta(microseconds=-1), timedelta(0)):
        moment = request.answer_by_at + late
        found = openings(clinic.service, now=moment, first_day=TOMORROW, days=1, release_unanswered=True)
        if found.at(request.starts_at):
            assert late == timedelta(0)
            book(clinic, now=moment)
        else:
            with refused(SlotTaken, TAKEN):
                book(clinic, now=moment)


def test_it_releases_nothing_when_the_booking_is_refused(clinic):
    change(clinic.settings, unanswered_requests=Unanswered.RELEASE, answer_hours=1)
    change(clinic.service, instant=False)
    book(clinic)
    with refused(NotOnOffer, NOT_ON_OFFER):
        book(clinic, "10:01", now=NOW + timedelta(hours=2))


def test_it_leaves_the_requests_of_other_clinicians_alone(clinic):
    change(clinic.settings, unanswered_requests=Unanswered.RELEASE, answer_hours=1)
    change(clinic.service, instant=False)
    other = factories.clinician(services=[clinic.service])
    factories.hours(other)
    request = book(clinic, clinician=other)
    book(clinic, clinician=clinic.clinician, now=NOW + timedelta(hours=2))
    request.refresh_from_db()
    assert request.status == Status.REQUESTED


# Rule B8: one attempt, one booking


def test_it_makes_one_booking_of_one_attempt(clinic):
    attempt = uuid.uuid4()
    first = book(clinic, attempt=attempt)
    again = book(clinic, "11:00", attempt=attempt, name="Patient Two")
    assert again == first
    assert Appointment.objects.get().name == "Patient One"


def test_it_answers_an_attempt_that_was_sent_whatever_has_happened_since(clinic):
    attempt = uuid.uuid4()
    first = book(clinic, attempt=attempt)
    change(first, status=Status.CANCELLED, cancelled_at=NOW, cancelled_by="patient")
    change(clinic.service, active=False)
    change(clinic.clinician, active=False)
    change(clinic.settings, online_booking_open=False)
    assert book(clinic, attempt=attempt, now=NOW + 30 * DAY) == first


def test_it_uses_up_the_draft_of_its_own_attempt_only(clinic):
    kept, sent = (
        BookingDraft.objects.create(
            service=clinic.service, starts_at=at(TOMORROW, "10:00"), expires_at=NOW + timedelta(hours=2)
        )
        for _each in range(2)
    )
    book(clinic, attempt=sent.attempt)
    assert BookingDraft.objects.get() == kept


def test_it_keeps_the_draft_when_the_booking_is_refused(clinic):
    draft = BookingDraft.objects.create(
        service=clinic.service, starts_at=at(TOMORROW, "10:01"), expires_at=NOW + timedelta(hours=2)
    )
    with refused(NotOnOffer, NOT_ON_OFFER):
        book(clinic, "10:01", attempt=draft.attempt)
    assert BookingDraft.objects.get() == draft


def test_it_takes_bookings_without_an_attempt_as_different_ones(clinic):
    assert book_by_phone(clinic, "10:00") != book_by_phone(clinic, "10:20")


# The limits per phone and per address

STARTS = [
    at(TOMORROW + day * DAY, clock) for day in range(2) for clock in ("10:00", "10:20", "10:40", "11:00", "11:20")
]


def test_it_refuses_the_ninth_booking_from_one_phone_in_a_day(clinic):
    for start in STARTS[:8]:
        book(clinic, start)
    for start in STARTS[8:]:
        with refused(TooManyBookings, "Many visits have been booked with this phone"):
            book(clinic, start)
    book(clinic, STARTS[8], phone=factories.phone(2))
    book_by_phone(clinic, STARTS[9])


def test_it_takes_as_many_from_one_phone_as_the_manager_says(clinic):
    change(clinic.settings, bookings_per_phone=1)
    book(clinic, STARTS[0])
    with refused(TooManyBookings, "Many visits have been booked with this phone"):
        book(clinic, STARTS[1])
    with refused(TooManyBookings, "Many visits have been booked with this phone"):
        book(clinic, STARTS[1], now=NOW + DAY - timedelta(seconds=1))
    book(clinic, STARTS[5], now=NOW + DAY)


def test_it_takes_ten_bookings_from_staff_with_one_phone(clinic):
    for start in STARTS:
        book_by_phone(clinic, start)
    assert Appointment.objects.count() == 10
    assert not RateLimit.objects.exists()


def test_it_counts_no_booking_that_was_refused(clinic, monkeypatch):
    change(clinic.settings, bookings_per_phone=1)
    factories.appointment(service=clinic.service, clinician=clinic.clinician)
    with refused(SlotTaken, TAKEN):
        book(clinic)
    with monkeypatch.context() as patch:  # refused by the constraint, after the token is spent
        patch.setattr(making, "pick", lambda *args, **options: clinic.clinician)
        with refused(SlotTaken, TAKEN):
            book(clinic)
    assert not RateLimit.objects.exists()
    book(clinic, "10:20")


def test_it_counts_the_attempt_that_is_sent_twice_once(clinic):
    change(clinic.settings, bookings_per_phone=1)
    attempt = uuid.uuid4()
    assert book(clinic, attempt=attempt) == book(clinic, attempt=attempt)


def test_it_stops_a_machine_by_its_address(clinic, monkeypatch):
    monkeypatch.setattr(making, "BOOKINGS_PER_ADDRESS", 2)
    for number in (1, 2):
        book(clinic, STARTS[number], phone=factories.phone(number), address="192.0.2.1")
    buckets = RateLimit.objects.count()
    with refused(TooManyBookings, "Many visits have been booked with this phone"):
        book(clinic, phone=factories.phone(3), address="192.0.2.1")
    assert RateLimit.objects.count() == buckets, "the phone got its token back"
    book(clinic, phone=factories.phone(3), address="192.0.2.2")


def test_it_stores_neither_phone_nor_address_beside_the_count(clinic):
    book(clinic, address="192.0.2.1")
    assert not RateLimit.objects.filter(key__contains="192").filter(key__contains="9800").exists()
    assert all(len(key) == 64 for key in RateLimit.objects.values_list("key", flat=True))
