"""Which person a booking is for, in the admin; and the people themselves (rule B4)."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied

from appointments import booking
from appointments.admin.linking import suggestions
from appointments.models import Appointment, Patient
from appointments.refusals import WrongStatus
from ipsc.history import PATIENT
from ipsc.roles import RECEPTION
from tests import factories
from tests.appointments.desk import reception, records, refused
from tests.staff import admin_url, client_of, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_nine")]


@pytest.fixture
def desk():
    return client_of(RECEPTION)


@pytest.fixture
def visit():
    return factories.appointment(name="Sunita Devi", phone="+919876543210", born_on=date(1958, 3, 27))


def link(desk, visit, person, **typed):
    return desk.post(admin_url("appointment", "link", visit.pk), {"person": person, "sequence": visit.sequence} | typed)


def linked(visit) -> Patient | None:
    visit.refresh_from_db()
    return visit.patient


def test_it_suggests_the_likeliest_first_and_says_why(visit):
    stranger = factories.patient(name="Patient Two")
    daughter = factories.patient(name="Meera", phone="+919876543210")
    namesake = factories.patient(name="Sunita Devi")
    herself = factories.patient(name="सुनीता देवी", phone="+919876543210", born_on=date(1958, 3, 27))
    found = suggestions(visit)
    assert [each.patient for each in found] == [herself, daughter, namesake]
    assert found[0].reasons == ["same phone", "same name", "same date of birth"]
    assert found[1].reasons == ["same phone"]
    assert stranger not in [each.patient for each in found]


def test_it_suggests_nobody_who_is_linked_already(visit):
    visit.patient = factories.patient(name="Sunita Devi", phone="+919876543210")
    assert suggestions(visit) == []


def test_it_links_by_one_click_on_the_page_of_the_visit(desk, visit):
    known = factories.patient(name="Sunita Devi")
    page = desk.get(admin_url("appointment", "change", visit.pk))
    assert f'value="{known.pk}"' in page.content.decode()
    assert link(desk, visit, known.pk).status_code == 302
    assert linked(visit) == known
    assert records(visit)[-1][1:3] == ("reception", "linked")
    shown = words(desk.get(admin_url("appointment", "change", visit.pk)))
    assert "Patient: – → Sunita Devi" in shown
    assert "Book another visit" in shown


def test_it_makes_a_new_patient_from_the_booking_once(desk, visit):
    for _time in range(2):
        assert link(desk, visit, "new").status_code == 302
    known = Patient.objects.get()
    assert linked(visit) == known
    assert (known.name, known.phone, known.born_on) == (visit.name, visit.phone, visit.born_on)
    assert known.search_name == "sunita devi /snt/ /dv/"
    assert known.history.get().actor == "reception"


def test_it_ends_a_link(desk, visit):
    link(desk, visit, factories.patient().pk)
    page = desk.get(admin_url("appointment", "link", visit.pk))
    assert "End the link" in words(page)
    link(desk, visit, "none")
    assert linked(visit) is None
    assert Patient.objects.count() == 1


def test_it_finds_anybody_else_by_name_or_phone(desk, visit):
    other = factories.patient(name="Patient Two", phone="+919811122233")
    for query in ("patient two", "2233"):
        page = desk.get(admin_url("appointment", "link", visit.pk), {"q": query})
        assert other in [each.patient for each in page.context["found"]]
        assert f'value="{other.pk}"' in page.content.decode()
    assert "Nobody found." in words(desk.get(admin_url("appointment", "link", visit.pk), {"q": "nobody at all"}))


@pytest.mark.parametrize("query", ["\0", "a\0b", "%", "x" * 10_000, "🙂" * 500])
def test_it_survives_odd_searches(desk, visit, query):
    assert desk.get(admin_url("appointment", "link", visit.pk), {"q": query}).status_code == 200


@pytest.mark.parametrize("person", ["", "abc", "-1", "0", "999999", "9" * 40, "9" * 5_000, "1.5", "\0", "٣"])
def test_it_links_to_nobody_who_does_not_exist(desk, visit, person):
    response = link(desk, visit, person)
    assert response.status_code == 409
    assert "That person is not there any more." in words(response)
    assert linked(visit) is None


def test_it_says_when_the_person_has_another_visit_then(desk, visit):
    known = factories.patient()
    factories.appointment(patient=known)
    response = link(desk, visit, known.pk)
    assert response.status_code == 409
    assert "This patient already has an appointment at that time." in words(response)


@pytest.mark.parametrize("person", ["new", "known"])
def test_it_refuses_a_stale_form(desk, visit, person):
    key = factories.patient().pk if person == "known" else person
    booking.cancel(appointment=visit, by=reception(), now=factories.NOW)
    response = link(desk, visit, key)
    assert response.status_code == 409
    assert "The appointment has changed meanwhile" in words(response)
    assert linked(visit) is None


def test_the_verbs_refuse_a_stale_version(visit):
    known = factories.patient()
    with refused(WrongStatus, "changed meanwhile"):
        booking.link(appointment=visit, patient=known, sequence=7, by=reception())
    with refused(WrongStatus, "changed meanwhile"):
        booking.register(appointment=visit, sequence=7, by=reception())


def test_the_verb_register_is_for_staff_only(visit):
    with pytest.raises(PermissionDenied):
        booking.register(appointment=visit, by=PATIENT)
    assert Patient.objects.count() == 0


# People


def save(desk, page: str, *args, **fields):
    values = {"name": "Sunita Devi", "phone": "+919876543210", "email": "", "born_on": "", "notes": ""}
    return desk.post(admin_url("patient", page, *args), values | fields)


def test_it_adds_and_changes_a_patient_and_can_find_them(desk):
    assert save(desk, "add").status_code == 302
    known = Patient.objects.get()
    assert known.history.get().actor == "reception"
    assert save(desk, "change", known.pk, name="मीरा").status_code == 302
    known.refresh_from_db()
    assert (known.name, known.search_name) == ("मीरा", "mira /mr/")
    page = desk.get(admin_url("patient", "list"), {"q": "mira"})
    assert [row.pk for row in page.context["cl"].result_list] == [known.pk]
    assert known.history.count() == 2


def test_it_records_nothing_where_nothing_was_changed(desk):
    known = factories.patient(name="Sunita Devi", phone="+919876543210")
    assert save(desk, "change", known.pk).status_code == 302
    assert known.history.count() == 1


def test_it_shows_the_visits_of_a_patient(desk):
    known = factories.patient()
    factories.appointment(patient=known)
    page = desk.get(admin_url("patient", "change", known.pk))
    assert "Thursday 26 November 2026, 10:00 am" in words(page)
    assert f"?patient={known.pk}" in page.content.decode()


@pytest.mark.parametrize(
    "fields",
    [
        {"name": ""},
        {"name": "a\0"},
        {"phone": "12"},
        {"email": "x"},
        {"born_on": "2026-11-26"},
        {"born_on": "1700-01-01"},
    ],
)
def test_it_says_what_is_wrong_about_a_patient(desk, fields):
    response = save(desk, "add", **fields)
    assert response.status_code == 200
    assert response.context["adminform"].form.errors.keys() == fields.keys()


@pytest.mark.parametrize("query", ["\0", "%", "x" * 10_000])
def test_it_survives_odd_searches_for_patients(desk, query):
    assert desk.get(admin_url("patient", "list"), {"q": query}, follow=True).status_code == 200


def test_it_takes_the_same_queries_however_many_patients_there_are(desk, django_assert_num_queries):
    def look():
        return desk.get(admin_url("patient", "list"))

    factories.patient()
    look()
    with django_assert_num_queries(6):  # session, user, two for rights; count, rows
        look()
    for _each in range(5):
        factories.patient()
    with django_assert_num_queries(6):
        look()


def test_it_lets_nobody_delete_a_patient(desk):
    known = factories.patient()
    assert desk.post(admin_url("patient", "delete", known.pk), {"post": "yes"}).status_code == 403
    assert Patient.objects.filter(pk=known.pk).exists()


def test_it_links_a_public_booking_to_nobody_by_itself():
    known = factories.patient(phone="+919876543210", name="Sunita Devi")
    factories.appointment(phone="+919876543210", name="Sunita Devi")
    assert not Appointment.objects.filter(patient=known).exists()
