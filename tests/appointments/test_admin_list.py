"""The day's list in the admin: which day, what each row says, finding, and what odd addresses do."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from appointments.models import Source, Status
from ipsc.admin.base import BoundedPaginator
from ipsc.roles import RECEPTION
from tests import factories
from tests.factories import NOW, TODAY, TOMORROW, at
from tests.staff import admin_url, client_of, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_nine")]

DAY_AFTER = TOMORROW + timedelta(days=1)


@pytest.fixture
def desk():
    return client_of(RECEPTION)


@pytest.fixture
def visits():
    """One today, one tomorrow, one the day after, each with a service and a clinician of its own."""
    return [
        factories.appointment(starts_at=at(day, "10:00"), name=name, phone=factories.phone(number))
        for number, (day, name) in enumerate([(TODAY, "Asha"), (TOMORROW, "Bimla"), (DAY_AFTER, "Charu")], start=1)
    ]


def names(response) -> list[str]:
    return [row.name for row in response.context["cl"].result_list]


def look(desk, **query):
    response = desk.get(admin_url("appointment", "list"), query)
    assert response.status_code == 200
    return response


def test_it_opens_on_today(desk, visits):
    page = look(desk)
    assert names(page) == ["Asha"]
    assert "Today, Wednesday 25 November 2026" in words(page)


def test_it_counts_the_clinics_day_and_not_that_of_greenwich(desk):
    late = factories.appointment(starts_at=at(TODAY, "23:50"), name="Late")
    factories.appointment(starts_at=at(TOMORROW, "00:10"), name="Early")
    assert names(look(desk)) == [late.name]


def test_it_goes_a_day_back_and_ahead_and_keeps_the_filter(desk, visits):
    page = look(desk, day=TOMORROW.isoformat(), source__exact=Source.ONLINE)
    assert names(page) == ["Bimla"]
    for link, expected in (("earlier", "Asha"), ("later", "Charu"), ("today_query", "Asha")):
        query = getattr(page.context["cl"], link)
        assert "source__exact=online" in query
        assert names(desk.get(admin_url("appointment", "list") + query)) == [expected]


def test_it_shows_all_days_the_latest_first(desk, visits):
    assert names(look(desk, day="all")) == ["Charu", "Bimla", "Asha"]


@pytest.mark.parametrize("day", ["", "yesterday", "2026-13-45", "2026-02-31", "9999-12-31", "0001-01-01", "1e9"])
def test_it_shows_today_where_the_day_is_no_day(desk, visits, day):
    assert names(look(desk, day=day)) == ["Asha"]


def test_it_says_all_that_a_receptionist_needs_at_a_glance(desk):
    row = factories.appointment(
        starts_at=at(TODAY, "10:20"),
        name="Asha",
        phone="+919876543210",
        age_years=71,
        needs_wheelchair=True,
        needs_language="Bengali",
        clinician=factories.clinician(name="Consultant, spine"),
        service=factories.service(name="First consultation"),
    )
    page = look(desk)
    shown = words(page)
    for told in ("10:20 am", "Asha", "71 years", "wheelchair", "Bengali", "booked", "First consultation"):
        assert told in shown
    assert "Consultant, spine" in shown
    assert row.spoken_reference in shown
    assert 'href="tel:+919876543210"' in page.content.decode()


def test_it_reckons_the_age_from_the_date_of_birth_on_the_day_of_the_visit(desk):
    factories.appointment(starts_at=at(TODAY, "10:00"), born_on=TOMORROW.replace(year=1956), age_years=None)
    factories.appointment(starts_at=at(TODAY, "11:00"), born_on=TODAY.replace(year=1957), age_years=None)
    assert words(look(desk)).count("69 years") == 2


def test_it_counts_the_statuses_of_the_day(desk):
    for hour, status in enumerate([Status.BOOKED, Status.BOOKED, Status.ARRIVED, Status.CANCELLED], start=10):
        factories.appointment(starts_at=at(TODAY, f"{hour}:00"), status=status)
    factories.appointment(starts_at=at(TOMORROW, "10:00"))
    page = look(desk, status__exact=Status.ARRIVED)
    assert len(names(page)) == 1
    counts = {each.status: each.count for each in page.context["cl"].statuses}
    assert counts == {"booked": 2, "arrived": 1, "cancelled": 1}


def test_it_shows_requests_to_answer_over_all_days_and_flags_what_is_overdue(desk, visits):
    factories.appointment(
        status=Status.REQUESTED,
        name="Overdue",
        starts_at=at(DAY_AFTER, "12:00"),
        created_at=NOW - timedelta(days=2),
    )
    factories.appointment(status=Status.REQUESTED, name="In time", starts_at=at(DAY_AFTER, "13:00"))
    page = look(desk)
    assert "2 requests wait for an answer 1 overdue" in words(page)
    page = look(desk, requests="open")
    assert names(page) == ["Overdue", "In time"]
    assert words(page).startswith("Requests to answer")
    assert "answer overdue since Tue 24 Nov, 9:00 am" in words(page)
    assert "answer by Thu 26 Nov, 9:00 am" in words(page)
    assert names(look(desk, requests="overdue")) == ["Overdue"]


def test_it_filters_by_clinician_and_service(desk, visits):
    for name in ("clinician", "service"):
        one = getattr(visits[1], name)
        assert names(look(desk, **{"day": "all", f"{name}__id__exact": one.pk})) == ["Bimla"]


@pytest.mark.parametrize("text", ["sunita", "SUNITA", "सुनीता", "  Sunitha  ", "sun"])
def test_it_finds_a_name_in_either_script_over_all_days(desk, visits, text):
    for hour, name in enumerate(["Sunita Devi", "सुनीता देवी"], start=16):
        factories.appointment(starts_at=at(DAY_AFTER, f"{hour}:00"), name=name)
    assert names(look(desk, q=text)) == ["सुनीता देवी", "Sunita Devi"]


def test_it_finds_the_last_four_digits_of_a_phone(desk, visits):
    assert names(look(desk, q="0002")) == ["Bimla"]
    assert names(look(desk, q="98000 00002")) == ["Bimla"]


def test_it_finds_a_reference_with_spaces_and_part_of_one(desk, visits):
    reference = visits[2].reference
    for text in (reference, visits[2].spoken_reference, reference[2:8], reference[-5:]):
        assert "Charu" in names(look(desk, q=text))


@pytest.mark.parametrize("text", ["%", "_", "%%%", "\\", "'; DROP TABLE x; --", "x" * 10_000, "अ" * 5_000, "1" * 3_000])
def test_it_takes_odd_searches_for_what_they_are(desk, visits, text):
    assert names(look(desk, q=text)) == []


def test_it_refuses_nul_in_words(desk, visits):
    for query in ({"q": "As\0ha"}, {"status__exact": "\0"}, {"day": "\0"}):
        response = desk.get(admin_url("appointment", "list"), query, follow=True)
        assert response.status_code == 200
        assert "That cannot be searched for" in words(response)


@pytest.mark.parametrize(
    "query",
    [
        {"clinician__id__exact": "abc"},
        {"clinician__id__exact": "-1"},
        {"clinician__id__exact": "9" * 5_000},
        {"status__exact": "flying"},
        {"requests": "x"},
        {"p": "9" * 5_000},
        {"p": "x"},
        {"o": "99"},
        {"source__exact": "ß"},
    ],
)
def test_it_survives_values_that_no_link_has(desk, visits, query):
    response = desk.get(admin_url("appointment", "list"), query, follow=True)
    assert response.status_code == 200


@pytest.mark.parametrize("name", ["name__regex", "status__regex", "patient__notes__contains", "starts_at__gte", "x"])
def test_it_refuses_filters_that_the_page_does_not_show(desk, visits, name):
    assert desk.get(admin_url("appointment", "list"), {name: "("}).status_code == 400


def test_it_offers_the_next_step_of_today_and_the_answer_to_any_request(desk, visits):
    asked = factories.appointment(status=Status.REQUESTED, starts_at=at(DAY_AFTER, "12:00"))
    page = look(desk, day="all").content.decode()
    assert admin_url("appointment", "step", visits[0].pk) in page
    assert admin_url("appointment", "step", asked.pk) in page
    assert admin_url("appointment", "step", visits[1].pk) not in page


def test_it_takes_the_same_queries_however_many_visits_there_are(desk):
    def queries(**query) -> list[str]:
        look(desk, **query)
        with CaptureQueriesContext(connection) as captured:
            look(desk, **query)
        frame = ("django_session", "auth_", "ipsc_clinicsettings")
        return [each["sql"] for each in captured if not any(f'FROM "{table}' in each["sql"] for table in frame)]

    for hour in range(2):
        factories.appointment(starts_at=at(TODAY, f"{10 + hour}:00"))
    few = [len(queries()), len(queries(day="all")), len(queries(q="Patient"))]
    for hour in range(8):
        factories.appointment(starts_at=at(TODAY, f"{12 + hour}:00"), patient=factories.patient())
    assert [len(queries()), len(queries(day="all")), len(queries(q="Patient"))] == few
    # Clinicians and services to filter by; count; rows; waiting requests; callers who may have an emergency;
    # statuses of the day, or the search itself.
    assert few == [7, 6, 7]


def test_it_counts_no_further_than_it_shows(desk, visits, monkeypatch):
    monkeypatch.setattr(BoundedPaginator, "most", 2)
    page = look(desk, day="all")
    assert page.context["cl"].result_count == 2
    assert "The first 2 appointments" in words(page)


def test_it_lets_nobody_delete(desk, visits):
    page = look(desk, day="all").content.decode()
    assert "delete" not in page.lower()
    assert desk.post(admin_url("appointment", "delete", visits[0].pk), {"post": "yes"}).status_code == 403
    chosen = {"action": "delete_selected", "_selected_action": visits[0].pk, "post": "yes"}
    desk.post(admin_url("appointment", "list"), chosen)
    assert type(visits[0]).objects.filter(pk=visits[0].pk).exists()


def test_it_keeps_to_the_content_security_policy(desk, visits):
    response = look(desk)
    assert "default-src 'self'" in response.headers["Content-Security-Policy"]
    html = response.content.decode()
    assert "<style" not in html
    assert "style=" not in html
    assert "onclick" not in html
