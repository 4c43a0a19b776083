"""A booking remembers from which page of the site it began, and tells it to the desk alone."""

import html
import re
import uuid
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from appointments import attempts, ical
from appointments.attempts import Choice
from appointments.feeding import feed_url
from appointments.links import manage_url
from appointments.models import Appointment, BookingDraft, CallBack, Status
from ipsc import origins
from ipsc.models import ClinicSettings, Message
from ipsc.origins import Origin
from ipsc.roles import RECEPTION
from tests import factories
from tests.appointments import guest
from tests.appointments.caller import CallerAtBrowser
from tests.appointments.desk import book, book_by_phone
from tests.factories import NOW, TOMORROW, at
from tests.ipsc.test_origins import NONE
from tests.people import ANSWERS, Patient, query_of
from tests.staff import admin_url, client_of, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_nine", "pages")]

ID, OTHER_ID, GONE_ID = "23kfm9bcdf", "99kfm9bcdf", "77kfm9bcdf"
HERE, OTHER, GONE = (f"q-{each}" for each in (ID, OTHER_ID, GONE_ID))
TITLE = "Will the cement hurt?"
# A letter that no page of the site has, so that an echo shows.
FORGED = [*NONE, "q-ζζζ", "q-" + "ζ" * 10_000, 'q-"><script>ζ</script>']


@pytest.fixture
def asked() -> list[set[str]]:
    """What the resolver was asked."""
    return []


@pytest.fixture
def pages(asked, monkeypatch) -> None:
    def resolve(ids):
        asked.append(set(ids))
        # One query, as an app with rows of its own would need.
        ClinicSettings.objects.filter(pk=0).exists()
        known = {ID: Origin(TITLE, "/faq/stent/"), OTHER_ID: Origin("<b>Another</b> & more")}
        return {each: known[each] for each in ids if each in known}

    monkeypatch.setitem(origins.RESOLVERS, "q", resolve)


def links(page, part: str = "<html") -> list[str]:
    """The addresses to which a page leads, or a part of it: the first element of this name."""
    name = part[1:]
    inside = page.text.partition(part)[2].partition(f"</{name}>")[0]
    return [html.unescape(each) for each in re.findall(r'href="([^"]+)"', inside)]


def leading(page, address: str) -> list[str]:
    return [each for each in links(page) if address in each]


def origin_in(address: str) -> list[str] | None:
    return parse_qs(urlsplit(address).query, keep_blank_values=True).get("from")


def begin(patient: Patient, clinic, came_from: str = HERE, start: str = "2026-11-26T10:00"):
    """Choose a start on a page of times to which somebody came from another page."""
    address = patient.address("choose", clinic.service.public_id)
    query = {"start": start, "clinician": "any", "from": came_from}
    answer = patient.client.get(address, query)
    patient.who_url = answer.headers["Location"]
    patient.attempt = re.search(r"/a/([0-9a-f-]{36})/who/", patient.who_url)[1]
    return answer


def visit(**fields) -> Appointment:
    return factories.appointment(came_from=HERE, **fields)


# The way through the pages


@pytest.mark.parametrize("prefix", ["", "/hi"])
def test_a_booking_keeps_it_from_the_first_page_to_the_reference(clinic, prefix):
    patient = Patient(prefix=prefix)
    follow = patient.client.get
    page = follow(f"{patient.address('urgent')}?from={HERE}")
    page = follow(leading(page, "/book/visit/")[0])
    page = follow(leading(page, "/times/")[0])
    patient.who_url = follow(leading(page, "/choose/")[0]).headers["Location"]
    assert origin_in(patient.who_url) == [HERE]
    patient.attempt = re.search(r"/a/([0-9a-f-]{36})/", patient.who_url)[1]
    assert patient.answer().headers["Location"].endswith("/check/")
    assert BookingDraft.objects.get().came_from == HERE
    patient.send()
    made = Appointment.objects.get()
    assert (made.came_from, made.history.get().came_from) == (HERE, HERE)


def test_the_first_page_leads_on_with_it_to_the_visit_and_the_clinician_asked_for(client, clinic):
    query = {"from": HERE, "service": clinic.service.public_id, "clinician": clinic.clinician.public_id}
    page = client.get(reverse("appointments:urgent"), query)
    (address,) = leading(page, "/times/")
    assert parse_qs(urlsplit(address).query) == {"from": [HERE], "clinician": [clinic.clinician.public_id]}


def every_page(clinic) -> dict[str, str]:
    """The addresses that somebody may open with `from`, before anything is typed."""
    return {
        "urgent": reverse("appointments:urgent"),
        "emergency": reverse("appointments:emergency"),
        "service": reverse("appointments:service"),
        "times": reverse("appointments:times", args=[clinic.service.public_id]),
        "who": f"/appointments/book/a/8b0b6f0e-0f6f-4f0e-9a55-7b8f3a1f7f10/who/?service={clinic.service.public_id}"
        "&clinician=any&start=2026-11-26T10:00",
    }


def joined(address: str, query: str) -> str:
    return f"{address}{'&' if '?' in address else '?'}{query}"


@pytest.mark.parametrize("name", ["urgent", "emergency", "service", "times", "who"])
def test_every_link_along_the_way_keeps_it(client, clinic, name):
    """Back, another week, day or clinician, the other language: all that goes on with this booking."""
    colleague = factories.clinician(services=[clinic.service], name="Consultant Two")
    factories.hours(colleague)
    page = client.get(joined(every_page(clinic)[name], f"from={HERE}"))
    assert page.status_code == 200
    onward = [each for each in links(page, "<main") if each.startswith(("?", "/appointments/book/"))]
    assert onward
    assert [each for each in onward if origin_in(each) != [HERE]] == []
    assert f"/hi{joined(every_page(clinic)[name], f'from={HERE}')}" in links(page, "<nav")


def test_it_survives_another_week_day_clinician_and_service(clinic):
    other = factories.service(name="Another visit")
    other.clinicians.add(clinic.clinician)
    factories.hours(factories.clinician(services=[clinic.service, other], name="Consultant Two"))
    patient = Patient()
    url = patient.address("times", clinic.service.public_id)
    page = patient.client.get(f"{url}?from={HERE}")
    for step in ("day=2026-11-27", "#days", f"clinician={clinic.clinician.public_id}"):
        page = patient.client.get(f"{url}{next(each for each in links(page) if each.startswith('?') and step in each)}")
    page = patient.client.get(leading(page, "/book/visit/")[0])
    page = patient.client.get(leading(page, f"/{other.public_id}/times/")[0])
    address = leading(page, "/choose/")[0]
    patient.who_url = patient.client.get(address).headers["Location"]
    patient.attempt = re.search(r"/a/([0-9a-f-]{36})/", patient.who_url)[1]
    patient.answer()
    patient.send()
    made = Appointment.objects.get()
    assert (made.service, made.came_from) == (other, HERE)


def test_a_page_without_times_keeps_it(client, clinic):
    away = factories.clinician(services=[clinic.service], name="Consultant without hours")
    factories.service(name="Another visit").clinicians.add(clinic.clinician)
    url = reverse("appointments:times", args=[clinic.service.public_id])
    page = client.get(url, {"clinician": away.public_id, "from": HERE})
    assert "What you can do" in page.text
    ways = [each for each in links(page, "<main") if each.startswith(("?", "/appointments/book/"))]
    assert len(ways) >= 3
    assert [each for each in ways if origin_in(each) != [HERE]] == []


@pytest.mark.parametrize("start", ["soon", "", "\0"])
def test_it_survives_a_start_that_is_none(client, clinic, start):
    url = reverse("appointments:choose", args=[clinic.service.public_id])
    answer = client.get(url, {"start": start, "from": HERE})
    assert query_of(answer) == {"lost": ["changed"], "from": [HERE]}


def test_it_survives_a_service_that_is_gone(client, clinic):
    for page in ("times", "choose"):
        answer = client.get(reverse(f"appointments:{page}", args=["zzzzzzzzzz"]), {"from": HERE})
        assert query_of(answer) == {"gone": ["1"], "from": [HERE]}


def test_it_survives_a_lost_race(clinic, patient):
    begin(patient, clinic)
    patient.answer()
    factories.appointment(clinician=clinic.clinician, service=clinic.service, name="Patient Two")
    lost = patient.send()
    assert (query_of(lost)["lost"], query_of(lost)["from"]) == (["taken"], [HERE])
    choose = reverse("appointments:choose", args=[clinic.service.public_id])
    patient.client.post(choose, {"attempt": patient.attempt, "clinician": "any", "start": "2026-11-26T10:20"})
    patient.send()
    assert Appointment.objects.get(name="Patient One").came_from == HERE


def test_it_survives_the_change_to_the_other_language(clinic, patient):
    begin(patient, clinic)
    page = patient.client.get(patient.who_url)
    patient.who_url, patient.prefix = leading(page, "/hi/appointments/book/a/")[0], "/hi"
    patient.answer()
    patient.send()
    made = Appointment.objects.get()
    assert (made.language, made.came_from) == ("hi", HERE)


def test_corrected_answers_keep_it(clinic, patient):
    begin(patient, clinic)
    patient.answer()
    patient.who_url = patient.address("who", patient.attempt)
    patient.answer(name="Patient Two")
    patient.send()
    made = Appointment.objects.get()
    assert (made.name, made.came_from) == ("Patient Two", HERE)


@pytest.mark.parametrize("first", [HERE, ""])
def test_a_second_value_does_not_take_the_place_of_the_first(clinic, patient, first):
    """Nor does it where the attempt began at no page that tells anything."""
    begin(patient, clinic, first)
    patient.answer()
    patient.client.post(joined(patient.who_url, f"from={OTHER}").replace(f"from={HERE}&", ""), ANSWERS)
    choose = reverse("appointments:choose", args=[clinic.service.public_id])
    again = {"attempt": patient.attempt, "clinician": "any", "start": "2026-11-26T10:20", "from": OTHER}
    patient.client.post(f"{choose}?from={OTHER}", again)
    patient.client.post(f"{patient.check_url}?from={OTHER}", {"from": OTHER})
    made = Appointment.objects.get()
    assert (made.starts_at, made.came_from) == (at(TOMORROW, "10:20"), first)


def test_of_two_answers_at_once_the_first_one_counts(clinic):
    """Two requests may both have found no draft yet."""
    key, choice = uuid.uuid4(), Choice(clinic.service, None, at(TOMORROW, "10:00"), HERE)
    attempts.keep(key, choice, {"name": "Patient One"}, NOW)
    attempts.keep(key, replace(choice, came_from=OTHER), {"name": "Patient Two"}, NOW)
    draft = BookingDraft.objects.get()
    assert (draft.answers, draft.came_from) == ({"name": "Patient Two"}, HERE)


def test_two_tabs_keep_their_own(clinic):
    one, two = Patient(), Patient()
    two.client = one.client
    begin(one, clinic, HERE)
    begin(two, clinic, OTHER, "2026-11-26T10:20")
    one.answer(name="Patient One")
    two.answer(name="Patient Two")
    two.send()
    one.send()
    assert dict(Appointment.objects.values_list("name", "came_from")) == {"Patient One": HERE, "Patient Two": OTHER}


def test_a_booking_that_began_nowhere_has_none(clinic, patient):
    patient.book(clinic)
    assert Appointment.objects.get().came_from == ""


# Forged values


@pytest.mark.parametrize("forged", FORGED, ids=range(len(FORGED)))
def test_what_is_forged_is_dropped_and_not_repeated(client, clinic, patient, forged):
    for name, address in every_page(clinic).items():
        parts = urlsplit(address)
        query = {key: values[0] for key, values in parse_qs(parts.query).items()} | {"from": forged}
        page = client.get(parts.path, query)
        assert page.status_code == 200, name
        assert [each for each in links(page) if origin_in(each) and "/call-me-back/" not in each] == [], name
        assert "ζ" not in page.text
        assert "%CE%B6" not in page.text
    assert "from" not in query_of(begin(patient, clinic, forged))
    patient.client.post(f"{patient.who_url}&from=", ANSWERS)
    patient.send()
    assert Appointment.objects.get().came_from == ""


def test_what_is_forged_is_not_repeated_at_the_ends_of_the_road(clinic, patient):
    begin(patient, clinic)
    ways = [*every_page(clinic).values(), reverse("appointments:choose", args=[clinic.service.public_id])]
    ways += [patient.check_url, patient.check_url.replace("check", "signs"), patient.who_url.partition("?")[0]]
    for is_open in (True, False):
        ClinicSettings.objects.update(online_booking_open=is_open)
        for address in ways:
            assert "%CE%B6" not in patient.client.get(joined(address, "from=%CE%B6"), follow=True).text


@pytest.mark.parametrize("raw", ["from=%ff%fe", "from", "from=", "%66rom=%CE%B6", "from=a;from=b", "from[]=&from=%0a"])
@pytest.mark.parametrize("kind", ["text/plain", "text/plain; charset=ascii", "text/plain; charset=utf-16"])
def test_what_is_badly_written_harms_nothing(client, clinic, raw, kind):
    for name, address in every_page(clinic).items():
        page = client.generic("GET", joined(address, raw), content_type=kind)
        assert page.status_code < 500, name
        assert "%CE%B6" not in page.text


def test_the_rest_of_an_address_stays_as_it_was(client, clinic):
    url = reverse("appointments:times", args=[clinic.service.public_id])
    page = client.get(f"{url}?day=2026-11-27&from=knee&note=%E0%A4%95+b")
    assert f"/hi{url}?day=2026-11-27&note=%E0%A4%95+b" in links(page)
    page = client.get(f"{url}?from=knee&day=2026-11-27&from={HERE}&from={OTHER}")
    assert f"/hi{url}?day=2026-11-27&from={HERE}" in links(page)


def test_what_nobody_has_registered_any_more_is_dropped(clinic, patient, monkeypatch):
    monkeypatch.delitem(origins.RESOLVERS, "q")
    assert "from" not in query_of(begin(patient, clinic))


def test_call_me_back_keeps_its_own_places_and_no_others(clinic):
    ClinicSettings.objects.update(call_back_open=True)
    for said, kept in ((HERE, "site"), ("no_times", "no_times")):
        CallerAtBrowser().send(came_from=said)
        assert CallBack.objects.latest("pk").came_from == kept


# What it costs


@pytest.mark.parametrize("name", ["urgent", "emergency", "service", "times", "who"])
def test_no_public_page_asks_one_query_more(clinic, asked, name):
    address = every_page(clinic)[name]
    with CaptureQueriesContext(connection) as without:
        Client().get(address)
    with CaptureQueriesContext(connection) as with_it:
        page = Client().get(joined(address, f"from={HERE}"))
    assert len(with_it) == len(without)
    assert asked == []
    assert bool(page.cookies) == (name == "who")


def test_booking_takes_no_query_more(clinic, asked):
    counts = []
    for came_from, start in (("", "2026-11-26T10:00"), (HERE, "2026-11-26T10:20")):
        patient = Patient()
        begin(patient, clinic, came_from, start)
        with CaptureQueriesContext(connection) as queries:
            patient.answer()
            patient.send()
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert asked == []


# The desk


def look(appointment):
    return client_of(RECEPTION).get(admin_url("appointment", "change", appointment.pk))


def test_the_desk_sees_the_page_and_a_link_to_it():
    page = look(visit())
    assert f"Came from {TITLE}" in words(page)
    assert 'href="/faq/stent/"' in page.text


def test_the_desk_sees_words_alone_where_there_is_no_page_and_as_text():
    page = look(factories.appointment(came_from=OTHER))
    assert "Came from <b>Another</b> & more" in words(page)
    assert "<b>Another" not in page.text
    assert "/faq/" not in page.text


@pytest.mark.parametrize("came_from", ["", GONE, "leaflet-23kfm9bcdf"])
def test_the_desk_sees_nothing_of_what_nobody_knows(came_from):
    page = look(factories.appointment(came_from=came_from))
    assert page.status_code == 200
    assert "Came from" not in words(page)
    assert came_from == "" or came_from not in page.text


def test_the_page_of_a_visit_asks_once_more_only_where_it_came_from_somewhere(asked):
    desk, counts = client_of(RECEPTION), []
    for came_from in ("", HERE):
        row = factories.appointment(came_from=came_from)
        with CaptureQueriesContext(connection) as queries:
            desk.get(admin_url("appointment", "change", row.pk))
        counts.append(len(queries))
    assert counts[1] == counts[0] + 1
    assert asked == [{ID}]


def test_the_list_says_and_asks_nothing_of_it(asked):
    visit()
    page = client_of(RECEPTION).get(admin_url("appointment", "list"), {"day": TOMORROW.isoformat()})
    assert "Patient One" in page.text
    assert TITLE not in page.text
    assert asked == []


def test_a_visit_that_staff_book_or_move_keeps_what_it_had(clinic):
    assert book_by_phone(clinic).came_from == ""
    assert book(clinic, "10:20", came_from=HERE).came_from == HERE


# Privacy (rules M2 and P1)


def test_the_notice_says_that_it_is_kept(client):
    kept = client.get("/privacy/").text.partition("What we ask, and why")[2].partition("Who sees it")[0]
    assert "If you begin to book from one of our questions and answers: which one" in kept


def test_no_message_says_it(clinic, asked):
    made = book(clinic, came_from=HERE)
    Appointment.objects.filter(pk=made.pk).update(email=guest.EMAIL)
    row = guest.book(clinic, "10:20")
    Appointment.objects.filter(pk=row.pk).update(came_from=HERE)
    assert guest.send() == 1
    sent = b"".join(each.message().as_bytes() for each in mail.outbox)
    parts = [part.get_payload(decode=True) or b"" for part in mail.outbox[0].message().walk()]
    kept = str(list(Message.objects.values()))
    for secret in (HERE, ID, TITLE, "came_from", "/faq/"):
        assert secret not in kept
        assert secret.encode() not in sent + b"".join(parts)
    assert asked == []


def test_no_calendar_and_no_page_of_the_patient_says_it(client, clinic, asked):
    row = visit(clinician=clinic.clinician, service=clinic.service, status=Status.BOOKED)
    path = urlsplit(feed_url(clinic.clinician)).path
    told = [
        ical.entry(row, clinic.settings).decode(),
        ical.invitation(row, clinic.settings, to=guest.EMAIL)[0].decode(),
        client.get(path).text,
        client.get(manage_url(row)).text,
        client.get(guest.Guest(row).url("move")).text,
        client.get(guest.Guest(row).url("calendar")).text,
    ]
    assert all(each for each in told)
    for secret in (HERE, ID, TITLE):
        assert not [each for each in told if secret in each]
    assert asked == []
