"""A new visit on one page of the admin, on the phone or at the desk."""

import uuid

import pytest

from appointments.models import Appointment, Source, Status
from ipsc.roles import RECEPTION
from tests import factories
from tests.appointments.desk import everything, records
from tests.factories import TODAY, TOMORROW, at
from tests.staff import admin_url, client_of, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_nine")]


@pytest.fixture
def desk():
    return client_of(RECEPTION)


def look(desk, **query):
    response = desk.get(admin_url("appointment", "add"), query)
    assert response.status_code == 200
    return response


def typed(clinic, **fields) -> dict:
    """The whole form as the browser sends it."""
    values = {
        "save": "1",
        "attempt": str(uuid.uuid4()),
        "source": Source.PHONE,
        "service": clinic.service.pk,
        "clinician": "",
        "day": TODAY.isoformat(),
        "start": "2026-11-25T10:00",
        "name": "Patient One",
        "phone": "98000 00001",
        "phone_is_patients": "on",
        "language": "en",
    }
    return values | fields


def send(desk, clinic, **fields):
    return desk.post(admin_url("appointment", "add"), typed(clinic, **fields))


def starts(page) -> list[str]:
    return [f"{slot.starts_at.astimezone(at(TODAY, '10:00').tzinfo):%H:%M}" for slot in page.context["offer"].slots]


def test_it_shows_todays_times_at_once(desk, clinic):
    page = look(desk)
    assert starts(page) == ["10:00", "10:20", "10:40", "11:00", "11:20", "11:40", "12:00", "12:20", "12:40"]
    assert [day.count for day in page.context["offer"].days] == [9] * 14


def test_it_books_with_name_and_phone_alone(desk, clinic):
    response = send(desk, clinic)
    made = Appointment.objects.get()
    assert response.headers["Location"] == admin_url("appointment", "change", made.pk)
    assert (made.starts_at, made.clinician, made.status) == (at(TODAY, "10:00"), clinic.clinician, Status.BOOKED)
    assert (made.source, made.consent_version, made.age_years) == (Source.PHONE, "", None)
    assert records(made) == [("+", "reception", "", "booked")]
    page = desk.get(response.headers["Location"])
    told = f"Booked: Patient One, Wednesday 25 November 2026, 10:00 am. Reference {made.spoken_reference}."
    assert told in words(page)


def test_it_books_somebody_who_walks_in(desk, clinic):
    send(desk, clinic, source=Source.WALK_IN)
    assert Appointment.objects.get().source == Source.WALK_IN


def test_it_asks_for_no_notice_and_no_open_booking(desk, clinic):
    clinic.settings.online_booking_open = False
    clinic.settings.save()
    clinic.service.notice, clinic.service.instant = 48, False
    clinic.service.save()
    assert send(desk, clinic).status_code == 302
    assert Appointment.objects.get().status == Status.BOOKED


@pytest.mark.parametrize("button", [{"show": "1"}, {"go_to": "2026-11-26"}])
def test_it_shows_other_times_and_keeps_all_that_was_typed(desk, clinic, button):
    fields = typed(clinic, day=TOMORROW.isoformat(), needs_wheelchair="on", reason="Back", **button)
    del fields["save"]
    page = desk.post(admin_url("appointment", "add"), fields)
    assert page.status_code == 200
    assert "Thursday 26 November 2026" in words(page)
    form = page.context["form"]
    assert (form["name"].value(), form["phone"].value(), form["reason"].value()) == (
        "Patient One",
        "98000 00001",
        "Back",
    )
    assert form["needs_wheelchair"].value()
    assert form["attempt"].value() == fields["attempt"]
    assert not form.errors
    assert Appointment.objects.count() == 0


def test_it_leaves_out_times_that_are_over(desk, clinic):
    factories.hours(clinic.clinician, "07:00", "09:20")
    # At nine, 08:40 to 09:00 is over.
    assert starts(look(desk))[0] == "09:00"


def test_it_leads_on_where_a_day_is_full(desk, clinic):
    factories.time_off(at(TODAY, "00:00"), at(TOMORROW, "00:00"))
    assert "No free times on this day. Show Thu 26 Nov" in words(look(desk))


def test_it_says_so_where_there_is_nothing_to_book(desk):
    assert "There is no service yet that could be booked." in words(look(desk))
    assert desk.post(admin_url("appointment", "add"), {"save": "1"}).status_code == 200


def test_it_keeps_all_and_says_why_when_the_time_is_taken(desk, clinic):
    send(desk, clinic)
    before = everything()
    response = send(desk, clinic, name="Patient Two", reason="Neck")
    assert response.status_code == 409
    assert "Another visit is at that time." in " ".join(response.context["form"].errors["start"])
    assert response.context["form"]["name"].value() == "Patient Two"
    assert "10:00" not in starts(response)
    assert everything() == before


def test_it_makes_one_visit_of_a_form_that_is_sent_twice(desk, clinic):
    fields = typed(clinic)
    answers = [desk.post(admin_url("appointment", "add"), fields) for _time in range(2)]
    assert Appointment.objects.count() == 1
    assert answers[0].headers["Location"] == answers[1].headers["Location"]


def test_it_owns_up_when_a_used_form_was_changed_and_sent_again(desk, clinic):
    fields = typed(clinic)
    desk.post(admin_url("appointment", "add"), fields)
    again = desk.post(
        admin_url("appointment", "add"), fields | {"name": "Patient Two", "start": "2026-11-25T11:00"}, follow=True
    )
    assert Appointment.objects.count() == 1
    assert "This form was sent before, and made this visit." in words(again)


def test_it_squeezes_in_and_goes_outside_hours_when_told(desk, clinic):
    send(desk, clinic)
    mine = {"clinician": clinic.clinician.pk, "start": ""}
    assert send(desk, clinic, **mine, other_time="10:00", squeeze_in_reason="In great pain").status_code == 302
    response = send(desk, clinic, **mine, other_time="19:00")
    assert response.status_code == 409
    assert "Tick “outside working hours” if this is meant." in words(response)
    assert send(desk, clinic, **mine, other_time="19:00", outside_hours="on").status_code == 302
    # Between the times on the grid, staff need not say anything special.
    assert send(desk, clinic, **mine, other_time="11:07").status_code == 302


def test_it_wants_to_know_the_clinician_of_a_time_of_ones_own(desk, clinic):
    response = send(desk, clinic, start="", other_time="11:07")
    assert "Choose the clinician" in " ".join(response.context["form"].errors["clinician"])


def test_it_goes_by_no_time_of_another_day_than_the_one_typed(desk, clinic):
    response = send(desk, clinic, day=TOMORROW.isoformat())
    assert "Choose a time of Thursday 26 November 2026." in " ".join(response.context["form"].errors["start"])


def test_it_begins_with_a_known_person(desk, clinic):
    known = factories.patient(name="सुनीता देवी", phone="+919876543210")
    page = look(desk, patient=known.pk)
    assert page.context["form"]["name"].value() == "सुनीता देवी"
    assert "The visit will be linked to सुनीता देवी." in words(page)
    send(desk, clinic, patient=known.pk)
    assert Appointment.objects.get().patient == known


def test_it_says_when_that_person_is_elsewhere_then(desk, clinic):
    known = factories.patient()
    factories.appointment(patient=known, starts_at=at(TODAY, "10:10"))
    response = send(desk, clinic, patient=known.pk)
    assert response.status_code == 409
    assert "This patient already has an appointment at that time." in words(response)


def test_it_begins_with_the_patient_of_another_visit(desk, clinic):
    known = factories.patient()
    before = factories.appointment(
        name="Patient Two", patient=known, reason="Private", service=clinic.service, clinician=clinic.clinician
    )
    form = look(desk, again=before.pk).context["form"]
    assert (form["name"].value(), form["patient"].value()) == ("Patient Two", known.pk)
    assert not form["reason"].value()


@pytest.mark.parametrize("key", ["abc", "-1", "0", "9" * 5_000, "\0", "½", "1 OR 1=1"])
@pytest.mark.parametrize("name", ["patient", "again"])
def test_it_begins_empty_for_whoever_does_not_exist(desk, clinic, name, key):
    assert not look(desk, **{name: key}).context["form"]["name"].value()


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"service": "abc"}, "service"),
        ({"service": "9" * 5_000}, "service"),
        ({"service": "-1"}, "service"),
        ({"service": ""}, "service"),
        ({"clinician": "\0"}, "clinician"),
        ({"patient": "9" * 5_000}, "patient"),
        ({"patient": "x"}, "patient"),
        ({"attempt": "1"}, "attempt"),
        ({"attempt": ""}, "attempt"),
        ({"attempt": "\0"}, "attempt"),
        ({"source": Source.ONLINE}, "source"),
        ({"name": ""}, "name"),
        ({"name": "\0"}, "name"),
        ({"phone": ""}, "phone"),
        ({"phone": "one"}, "phone"),
        ({"day": ""}, "day"),
        ({"day": "2028-11-26"}, "day"),
        ({"start": ""}, "start"),
        ({"start": "31"}, "start"),
    ],
)
def test_it_says_what_is_wrong_and_books_nothing(desk, clinic, fields, field):
    response = send(desk, clinic, **fields)
    assert response.status_code == 200
    assert response.context["form"].errors[field]
    assert Appointment.objects.count() == 0


def test_it_refuses_an_inactive_service_or_clinician(desk, clinic):
    other = factories.clinician(active=False)
    assert send(desk, clinic, clinician=other.pk).context["form"].errors["clinician"]
    clinic.service.active = False
    clinic.service.save()
    assert send(desk, clinic).context["form"].errors["service"]


def test_it_offers_and_books_no_sample_in_production(desk, clinic, settings):
    settings.SHOWS_SAMPLES = False
    type(clinic.service).objects.update(is_sample=True)
    assert "There is no service yet that could be booked." in words(look(desk))
    assert send(desk, clinic).context["form"].errors["service"]


def test_it_keeps_names_exactly(desk, clinic):
    name = "José 🙂 العربية सुनीता e\u0301"
    send(desk, clinic, name=name)
    assert Appointment.objects.get().name == name


def test_it_costs_the_same_however_full_the_diary_is(desk, clinic, django_assert_max_num_queries):
    for hour in ("10:00", "10:20", "10:40"):
        send(desk, clinic, start=f"2026-11-25T{hour}")
    look(desk)
    # Session, user and rights; service and clinician lists; the diary's five.
    with django_assert_max_num_queries(13):
        look(desk)
