"""Every constraint of the database is violated once by plain rows, without verb or form in front (rules B1, B5, B8)."""

import uuid
from collections.abc import Callable
from datetime import date, time, timedelta

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.db import DatabaseError, IntegrityError, connection, models, transaction

from appointments.models import (
    Appointment,
    CallBack,
    CallState,
    Clinician,
    Patient,
    Service,
    Status,
    TimeOff,
    WorkingHours,
)
from ipsc.identifiers import luhn_digit
from ipsc.models import ClinicSettings, Message, Picture, RateLimit, RedFlagWords
from ipsc.verbs import constraint_of
from tests import factories
from tests.courses import test_constraints as courses_constraints
from tests.factories import NOW, TOMORROW, at
from tests.faq import test_constraints, test_constraints_search

pytestmark = pytest.mark.django_db

OUR_APPS = ("ipsc", "appointments", "faq", "courses")
TEN = at(TOMORROW, "10:00")
MINUTE = timedelta(minutes=1)

# Pairs of a constraint's name and a function that tries to break it.
CASES: list[tuple[str, Callable[[], object]]] = []


def breaks(*names: str):
    def note(case):
        CASES.extend((name, case) for name in names)
        return case

    return note


def setting(row: models.Model, **wrong) -> Callable[[], object]:
    """An UPDATE of one row that is good so far."""
    return lambda: type(row).objects.filter(pk=row.pk).update(**wrong)


def add(name: str, make: Callable[..., models.Model], given: dict | None = None, **wrong) -> None:
    """Note an UPDATE that breaks `name`, on a row made by `make` from `given`."""
    CASES.append((name, lambda: setting(make(**(given or {})), **wrong)()))


def clinic_settings() -> ClinicSettings:
    return ClinicSettings.objects.create(pk=1)


def picture() -> Picture:
    return Picture.objects.create(digest=f"{Picture.objects.count():064}", content=b"", width=1, height=1)


def working_hours() -> WorkingHours:
    return factories.hours(factories.clinician(), weekdays=[0])[0]


def day_off() -> TimeOff:
    return factories.time_off(NOW, NOW + MINUTE)


# The clinic
CASES.append(("clinic_settings_one_row", lambda: ClinicSettings.objects.create(pk=2)))
add("clinic_settings_answer_hours", clinic_settings, answer_hours=0)
add("clinic_settings_answer_hours", clinic_settings, answer_hours=337)
add("clinic_settings_bookings_per_phone", clinic_settings, bookings_per_phone=0)
add("clinic_settings_bookings_per_phone", clinic_settings, bookings_per_phone=101)
add("clinic_settings_unanswered_requests", clinic_settings, unanswered_requests="forget")
add("clinic_settings_call_back_hours", clinic_settings, call_back_hours=0)
add("clinic_settings_call_back_hours", clinic_settings, call_back_hours=73)
add("clinic_settings_service_defaults", clinic_settings, default_notice=721)
add("clinic_settings_service_defaults", clinic_settings, default_horizon=0)
add("clinic_settings_service_defaults", clinic_settings, default_horizon=61)
CONFIRMED = {
    "red_flags_confirmed_version": 1,
    "red_flags_confirmed_by": "A doctor",
    "red_flags_confirmed_on": date(2026, 11, 25),
}
add("clinic_settings_confirmation", clinic_settings, **CONFIRMED | {"red_flags_confirmed_version": 2})
add("clinic_settings_confirmation", clinic_settings, **CONFIRMED | {"red_flags_confirmed_by": ""})
add("clinic_settings_confirmation", clinic_settings, **CONFIRMED | {"red_flags_confirmed_on": None})
add("clinic_settings_confirmation", clinic_settings, **CONFIRMED | {"red_flags_confirmed_version": None})
CASES.append(("red_flag_words_one_row", lambda: RedFlagWords.objects.create(pk=2)))
add("picture_has_a_size", picture, width=0)
add("picture_has_a_size", picture, height=0)
CASES.append(("rate_limit_never_below_zero", lambda: RateLimit.objects.create(key="k", tokens=-0.1, updated_at=NOW)))

# Services
add("service_duration", factories.service, duration=4)
add("service_duration", factories.service, duration=481)
add("service_buffer", factories.service, buffer=241)
add("service_step", factories.service, step=4)
add("service_step", factories.service, step=481)
add("service_notice", factories.service, notice=721)
add("service_horizon", factories.service, horizon=0)
add("service_horizon", factories.service, horizon=61)


@breaks("service_one_first_choice")
def second_first_choice():
    factories.service(first_choice=True, active=False)
    factories.service(first_choice=True)
    setting(factories.service(), first_choice=True)()


@breaks("appointments_service_slug_key")
def second_slug():
    setting(factories.service(), slug=factories.service().slug)()


@breaks("appointments_service_public_id_key")
def second_public_id_of_a_service():
    setting(factories.service(), public_id=factories.service().public_id)()


# Clinicians
add("clinician_gender", factories.clinician, gender="unknown")


@breaks("clinician_registration_once")
def second_registration():
    registration = {"council": "Delhi Medical Council", "registration_number": "DMC/R/00001"}
    factories.clinician(**registration | {"council": "Haryana Medical Council"})
    factories.clinician(**registration)
    setting(factories.clinician(), **registration)()


@breaks("appointments_clinician.slug")
def second_slug_of_a_clinician():
    setting(factories.clinician(), slug=factories.clinician().slug)()


@breaks("appointments_clinician_public_id_key")
def second_public_id_of_a_clinician():
    setting(factories.clinician(), public_id=factories.clinician().public_id)()


@breaks("appointments_clinician_user_id_key")
def second_clinician_of_an_account():
    user = get_user_model().objects.create_user("clinician-one")
    factories.clinician(user=user)
    setting(factories.clinician(), user=user)()


@breaks("appointments_clinician_services.clinician_id,service_id")
def service_twice():
    doctor = factories.clinician(services=[factories.service()])
    through = Clinician.services.through
    through.objects.create(clinician=doctor, service=doctor.services.get())


# Hours
add("working_hours_weekday", working_hours, weekday=7)
add("working_hours_ordered", working_hours, closes=time(10, 0))
add("working_hours_ordered", working_hours, closes=time(9, 59))
add("working_hours_valid_ordered", working_hours, valid_from=TOMORROW, valid_until=factories.TODAY)
add("working_hours_every", working_hours, every=0)
add("working_hours_every", working_hours, every=2)
add("working_hours_every", working_hours, every=53, valid_from=TOMORROW)
add("time_off_ordered", day_off, ends_at=NOW)

# Time off
add("time_off_holiday_of_all", lambda: factories.time_off(NOW, NOW + MINUTE, factories.clinician()), holiday="Diwali")

# Call-backs
add("call_back_state", factories.call_back, state="forgotten")
add("call_back_best_time", factories.call_back, best_time="never")
add("call_back_came_from", factories.call_back, came_from="nowhere")
add("call_back_tried", factories.call_back, state=CallState.TRIED, tries=1)
add("call_back_tried", factories.call_back, state=CallState.TRIED, tried_at=NOW)
add("call_back_reached", factories.call_back, state=CallState.REACHED)
add("call_back_reached", factories.call_back, reached_at=NOW)
add("call_back_dropped", factories.call_back, state=CallState.DROPPED, note="Wrong number")
add("call_back_dropped", factories.call_back, state=CallState.DROPPED, dropped_at=NOW)
add("call_back_dropped", factories.call_back, dropped_at=NOW)
add("call_back_consent", factories.call_back, consent_version="")


@breaks("appointments_callback_attempt_key")
def second_call_back_of_an_attempt():
    setting(factories.call_back(), attempt=factories.call_back().attempt)()


@breaks("appointments_callback_public_id_key")
def second_public_id_of_a_call_back():
    setting(factories.call_back(), public_id=factories.call_back().public_id)()


# Appointments
add("appointment_ordered", factories.appointment, ends_at=TEN)
add("appointment_ordered", factories.appointment, ends_at=TEN - MINUTE)
add("appointment_ordered", factories.appointment, busy_until=TEN + 19 * MINUTE)
add("appointment_within_a_day", factories.appointment, busy_until=TEN + timedelta(hours=24, microseconds=1))
add("appointment_reference_digits", factories.appointment, reference="01234567" + luhn_digit("01234567"))
add("appointment_reference_check_digit", factories.appointment, reference="12345678" + luhn_digit("12345679"))
add("appointment_reference_digits", factories.appointment, reference="")
add("appointment_status", factories.appointment, status="forgotten")
add("appointment_source", factories.appointment, source="fax")
add("appointment_came_from", factories.appointment, came_from="my knee")
add("appointment_squeeze_in_reason", factories.appointment, squeeze_in=True)
add("appointment_answer_by", factories.appointment, {"status": Status.REQUESTED}, answer_by_at=None)
add("appointment_cancelled_by", factories.appointment, {"status": Status.CANCELLED}, cancelled_by="")
add("appointment_age", factories.appointment, age_years=121)
add("appointment_contact", factories.appointment, for_someone_else=True)
add("appointment_consent", factories.appointment, consent_at=None)
add("appointment_consent", factories.appointment, consent_version="")
add("service_change_notice", factories.service, change_notice=721)

add("message_state", factories.message, {"state": "sent"}, state="lost")
add("message_channel", factories.message, channel="fax")
add("message_claim", factories.message, claimed_until=NOW)
add("message_claim", factories.message, {"state": "sending"}, claimed_until=None)
add("message_end", factories.message, ended_at=NOW)
add("message_end", factories.message, {"state": "sent"}, ended_at=None)
add("message_sent", factories.message, {"state": "sent"}, to="")
add("message_sent", factories.message, {"state": "sent"}, body="")
add("message_failure_says_why", factories.message, {"state": "failed"}, last_error="")


@breaks("ipsc_message_key_key")
def second_message_of_a_cause():
    factories.message(key=factories.message().key)


for _status in Status:
    add(f"appointment_{_status}_moment", factories.appointment, {"status": _status}, **{f"{_status}_at": None})
for _status in (Status.FULFILLED, Status.NO_SHOW, Status.CANCELLED, Status.DECLINED):
    add(f"appointment_{_status}_moment", factories.appointment, **{f"{_status}_at": NOW})


@breaks("appointment_clinician_free")
def overlap_by_a_minute():
    first = factories.appointment()
    factories.appointment(clinician=first.clinician, service=first.service, starts_at=TEN + 19 * MINUTE)


@breaks("appointment_clinician_free")
def overlap_with_the_buffer():
    first = factories.appointment(service=factories.service(buffer=10))
    factories.appointment(clinician=first.clinician, starts_at=TEN + 29 * MINUTE)


@breaks("appointment_clinician_free")
def overlap_by_an_update():
    first = factories.appointment()
    second = factories.appointment(clinician=first.clinician, starts_at=TEN + 20 * MINUTE)
    setting(first, ends_at=second.ends_at, busy_until=second.busy_until)()


@breaks("appointment_clinician_free")
def overlap_by_an_undone_end():
    first = factories.appointment(status=Status.CANCELLED)
    factories.appointment(clinician=first.clinician)
    setting(first, status=Status.BOOKED, booked_at=NOW, cancelled_at=None)()


@breaks("appointment_patient_in_one_place")
def patient_in_two_places():
    patient = factories.patient()
    factories.appointment(patient=patient)
    factories.appointment(patient=patient, starts_at=TEN + 19 * MINUTE)


@breaks("appointments_appointment_reference_key")
def second_reference():
    setting(factories.appointment(), reference=factories.appointment().reference)()


@breaks("appointments_appointment_public_id_key")
def second_public_id_of_an_appointment():
    setting(factories.appointment(), public_id=factories.appointment().public_id)()


@breaks("appointments_appointment_attempt_key")
def second_of_an_attempt():
    attempt = uuid.uuid4()
    factories.appointment(attempt=attempt)
    factories.appointment(attempt=attempt)


@pytest.mark.parametrize(("name", "case"), CASES, ids=[name for name, _ in CASES])
def test_it_upholds(name, case):
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        case()
    assert constraint_of(refused.value) == named(name)


def our_models() -> list[type[models.Model]]:
    """Those with rows of their own; a history repeats rows that the constraints have let in."""
    found = [model for app in OUR_APPS for model in apps.get_app_config(app).get_models(include_auto_created=True)]
    return [model for model in found if not model.__name__.startswith("Historical")]


def constraints_in_the_database() -> dict[str, str]:
    """The checks, exclusions and unique indexes on our tables, primary keys aside, each with its columns."""
    sql = """
        SELECT conname, '' FROM pg_constraint
        WHERE conrelid::regclass::text = ANY(%(tables)s) AND contype IN ('c', 'x')
        UNION
        SELECT index.relname, indrelid::regclass || '.' || (
            SELECT string_agg(attname, ',' ORDER BY attnum) FROM pg_attribute
            WHERE attrelid = indrelid AND attnum = ANY(indkey)
        )
        FROM pg_index JOIN pg_class AS index ON index.oid = indexrelid
        WHERE indrelid::regclass::text = ANY(%(tables)s) AND indisunique AND NOT indisprimary
    """
    with connection.cursor() as cursor:
        cursor.execute(sql, {"tables": [model._meta.db_table for model in our_models()]})
        return dict(cursor.fetchall())


def named(name: str) -> str:
    """The name of a constraint; one that Django hashed is given here as `table.columns`."""
    if "." not in name:
        return name
    return next(each for each, columns in constraints_in_the_database().items() if columns == name)


def positive_fields() -> list[models.Field]:
    """The fields under which Django puts a check of its own: the number is not negative."""
    return [
        field
        for model in our_models()
        for field in model._meta.local_fields
        if field.db_type_parameters(connection) and field.db_check(connection)
    ]


def test_it_knows_a_violation_of_every_constraint():
    own = {f"{field.model._meta.db_table}_{field.column}_check" for field in positive_fields()}
    assert constraints_in_the_database().keys() - own == {named(name) for name, _ in all_cases()}


def test_it_knows_a_violation_of_every_constraint_that_a_model_declares():
    declared = {constraint.name for model in our_models() for constraint in model._meta.constraints}
    assert declared <= {name for name, _ in all_cases()}


def all_cases() -> list[tuple[str, Callable[[], object]]]:
    """Those of all apps, each in the tests of its own."""
    return [*CASES, *test_constraints.CASES, *test_constraints_search.CASES, *courses_constraints.CASES]


ROWS = {
    **test_constraints.ROWS,
    **test_constraints_search.ROWS,
    **courses_constraints.ROWS,
    Appointment: factories.appointment,
    CallBack: factories.call_back,
    Picture: picture,
    Clinician: factories.clinician,
    Message: factories.message,
    ClinicSettings: clinic_settings,
    Service: factories.service,
    WorkingHours: working_hours,
}


def test_it_stores_no_negative_numbers():
    fields = positive_fields()
    assert {field.model for field in fields} == ROWS.keys()
    for field in fields:
        row = ROWS[field.model]()
        with pytest.raises(IntegrityError, match="check constraint"), transaction.atomic():
            setting(row, **{field.name: -1})()
        if isinstance(row, ClinicSettings):  # there is only one
            row.delete()


def test_it_lets_touching_visits_stand_side_by_side():
    """Ranges are half-open: the buffer may end as the next visit begins, and a patient may go from one to the next."""
    patient = factories.patient()
    first = factories.appointment(service=factories.service(buffer=10), patient=patient)
    factories.appointment(clinician=first.clinician, starts_at=TEN + 30 * MINUTE)
    factories.appointment(clinician=first.clinician, starts_at=TEN - 20 * MINUTE)
    factories.appointment(patient=patient, starts_at=TEN + 20 * MINUTE)
    assert Appointment.objects.count() == 4


def test_it_exempts_a_squeeze_in_from_the_clinicians_time_but_not_from_the_patients():
    patient = factories.patient()
    first = factories.appointment(patient=patient)
    second = factories.appointment(clinician=first.clinician, squeeze_in=True)
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        setting(second, patient=patient)()
    assert constraint_of(refused.value) == "appointment_patient_in_one_place"


@pytest.mark.parametrize("status", [Status.FULFILLED, Status.NO_SHOW, Status.CANCELLED, Status.DECLINED])
def test_it_frees_time_by_an_end(status):
    patient = factories.patient()
    first = factories.appointment(status=status, patient=patient)
    factories.appointment(clinician=first.clinician, patient=patient)


def test_it_protects_services_and_clinicians_that_have_visits():
    row = factories.appointment()
    for parent in (row.service, row.clinician):
        with pytest.raises(models.ProtectedError):
            parent.delete()


def test_it_keeps_the_visits_of_a_person_who_is_removed():
    row = factories.appointment(patient=factories.patient())
    Patient.objects.all().delete()
    row.refresh_from_db()
    assert row.patient is None


def test_it_keeps_a_day_that_lasts_from_midnight_to_midnight():
    row = working_hours()
    setting(row, opens=time(0), closes=time(0))()
    setting(row, valid_from=date(2028, 2, 29), valid_until=date(2028, 2, 29), every=52)()


def test_it_refuses_more_letters_than_a_column_holds():
    row = factories.appointment()
    with pytest.raises(DatabaseError, match="too long"), transaction.atomic():
        setting(row, name="x" * 201)()
