"""The secret calendar of a clinician: time, service and reference, and nothing of any patient."""

from datetime import timedelta

import pytest
import vobject
from django.test import Client

from appointments.feeding import feed_url
from appointments.models import Clinician
from ipsc.roles import MANAGER, RECEPTION
from tests import factories
from tests.factories import TOMORROW, at
from tests.staff import admin_url, client_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_nine")]


@pytest.fixture
def clinician(clinic) -> Clinician:
    return clinic.clinician


def path(clinician) -> str:
    clinician.refresh_from_db()
    return feed_url(clinician).partition("://")[2].partition("/")[2]


def read(clinician):
    answer = Client().get("/" + path(clinician))
    assert answer.status_code == 200
    return answer


def visit(clinic, clock="10:00", day=TOMORROW, **fields):
    values = {"clinician": clinic.clinician, "service": clinic.service, "starts_at": at(day, clock)}
    return factories.appointment(**(values | fields))


def test_it_shows_time_service_and_reference_of_each_visit(clinic, clinician):
    made = [visit(clinic), visit(clinic, "11:00", status="requested")]
    events = vobject.readOne(read(clinician).text).vevent_list
    assert [event.dtstart.value for event in events] == [row.starts_at for row in made]
    assert [event.summary.value for event in events] == [
        f"{clinic.service.name} · {row.spoken_reference}" for row in made
    ]
    assert [event.status.value for event in events] == ["CONFIRMED", "TENTATIVE"]


def test_nothing_of_a_patient_stands_in_it(clinic, clinician):
    visit(clinic, name="Patient One", email="one@example.org", reason="my back", end_reason="why")
    text = read(clinician).text
    for secret in ("Patient One", "one@example", "98000", "my back", "why", "ATTENDEE", "DESCRIPTION"):
        assert secret not in text


def test_only_their_own_visits_that_hold_time_stand_in_it(clinic, clinician):
    visit(clinic, "10:00", status="cancelled")
    visit(clinic, "11:00", is_sample=True)
    visit(clinic, "12:00", day=factories.TODAY - timedelta(days=40))
    visit(clinic, "12:00", clinician=factories.clinician())
    assert "VEVENT" not in read(clinician).text
    visit(clinic, "13:00", day=factories.TODAY - timedelta(days=29), status="fulfilled")
    assert read(clinician).text.count("BEGIN:VEVENT") == 1


def test_an_empty_calendar_is_a_calendar(clinician):
    assert vobject.readOne(read(clinician).text).version.value == "2.0"


def test_it_is_neither_kept_nor_listed(clinician):
    answer = read(clinician)
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert "no-store" in answer.headers["Cache-Control"]
    assert "noindex" in answer.headers["X-Robots-Tag"]


@pytest.mark.parametrize("forge", [lambda token: token[:-1], lambda token: token[1:], lambda token: "x", str.swapcase])
def test_a_forged_address_opens_nothing(clinician, forge):
    address = path(clinician)
    token = address.rpartition("/")[2].removesuffix(".ics")
    assert Client().get("/" + address.replace(token, forge(token))).status_code == 404


def test_the_link_of_a_booking_opens_no_calendar(clinic):
    from appointments.links import token_of

    assert Client().get(f"/appointments/feed/{token_of(visit(clinic))}.ics").status_code == 404


def test_it_ends_with_the_work(clinician):
    Clinician.objects.update(active=False)
    assert Client().get("/" + path(clinician)).status_code == 404


def test_a_new_address_ends_the_old_one_at_once(clinician):
    old = path(clinician)
    manager = client_of(MANAGER)
    assert feed_url(clinician) in manager.get(admin_url("clinician", "change", clinician.pk)).text
    answer = manager.post(admin_url("clinician", "feed", clinician.pk), follow=True)
    assert "has ended" in answer.text
    assert Client().get("/" + old).status_code == 404
    assert Client().get("/" + path(clinician)).status_code == 200
    assert clinician.history.latest().actor == "manager"


def test_reception_is_not_shown_the_address(clinician):
    page = client_of(RECEPTION).get(admin_url("clinician", "change", clinician.pk))
    assert page.status_code == 200
    assert "/appointments/feed/" not in page.text


def test_it_can_only_be_read(clinician):
    for method in ("post", "put", "delete", "patch"):
        assert getattr(Client(), method)("/" + path(clinician)).status_code == 405
    assert Client().head("/" + path(clinician)).status_code == 200


def test_it_takes_the_same_queries_however_many_visits_there_are(clinic, clinician, django_assert_num_queries):
    for number in range(6):
        visit(clinic, day=TOMORROW + timedelta(days=number))
    address = "/" + path(clinician)
    with django_assert_num_queries(2):
        Client().get(address)
