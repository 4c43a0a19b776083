"""What the page of a booking says of the messages that come and that do not (rule M2)."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from appointments import booking, messages
from appointments.links import token_of
from appointments.messages.reaching import How, tell
from appointments.models import Appointment
from ipsc.history import Actor
from ipsc.models import Message, MessageState
from ipsc.roles import RECEPTION
from tests.appointments.guest import Guest, book, send
from tests.factories import NOW, TOMORROW, at
from tests.staff import member, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_nine")]

FAR = at(TOMORROW + timedelta(days=5), "10:00")


def shown(appointment: Appointment) -> str:
    return words(Guest(appointment).client.get(Guest(appointment).home))


def test_an_email_is_on_its_way_and_then_sent(clinic):
    made = book(clinic)
    assert "We are sending you an e-mail to o…@example.org now." in shown(made)
    send()
    text = shown(made)
    assert "We have sent you an e-mail to o…@example.org." in text
    assert "now." not in text
    assert "one@example.org" not in text


def test_it_says_on_which_days_it_reminds(clinic):
    text = shown(book(clinic, FAR))
    assert "We remind you by e-mail on Saturday 28 November and Monday 30 November." in text
    assert "We will not text you." in text


def test_it_promises_no_reminder_where_none_comes(clinic):
    assert "We will not remind you." in shown(book(clinic))


def test_it_says_that_a_message_keeps_being_tried_and_that_it_failed(clinic):
    made = book(clinic)
    Message.objects.update(last_error="the server is down", attempts=1)
    assert "has not gone out yet. We keep trying." in shown(made)
    Message.objects.update(state=MessageState.FAILED, ended_at=NOW)
    text = shown(made)
    assert "Our e-mail to o…@example.org could not be delivered." in text
    assert "the server is down" not in text


def test_a_patient_with_a_phone_only_reads_what_will_not_come(clinic):
    text = shown(book(clinic, email=""))
    assert "No message will come. You gave no e-mail address, and we do not text." in text
    assert "If something changes, we call you on the number that you gave." in text
    assert "Save this page" in text


def test_a_patient_of_a_site_without_mail_reads_so(clinic, settings):
    settings.SENDS_EMAIL = False
    text = shown(book(clinic))
    assert "No message will come. This site sends neither e-mails nor texts." in text
    assert "sending you" not in text


def test_a_request_says_by_which_way_the_answer_comes(clinic):
    clinic.service.instant = False
    clinic.service.save()
    assert "Our answer comes by e-mail to o…@example.org." in shown(book(clinic))
    assert "We call you with our answer" in shown(book(clinic, "11:00", email=""))


def test_a_message_that_staff_withheld_is_not_promised(clinic):
    made = book(clinic, FAR)
    send()
    by = Actor.staff(member(RECEPTION))
    booking.reschedule(appointment=made, starts_at=FAR + timedelta(hours=1), by=by, now=NOW, notify=False)
    text = shown(made)
    assert "We are sending you" not in text
    assert "We have sent you" not in text


def test_what_was_said_on_the_phone_is_no_message_to_look_for(clinic):
    made = book(clinic, email="")
    tell(appointment=made, kind=messages.BOOKED, how=How.WHATSAPP, by=Actor.staff(member(RECEPTION)), now=NOW)
    text = shown(made)
    assert "No message will come." in text
    assert "texted" not in text
    assert "98000" not in text


def test_nothing_is_promised_once_the_visit_has_ended(clinic):
    made = book(clinic)
    booking.cancel(appointment=made, by=Actor.staff(member(RECEPTION)), now=NOW)
    text = shown(made)
    assert "We are sending you an e-mail" in text
    assert "remind you" not in text
    assert "If we have to change" not in text


def test_the_share_link_tells_time_place_and_map_and_nothing_else(clinic):
    row = clinic.settings
    row.address, row.map_url = "Plot 1\nNew Delhi", "https://maps.example/x"
    row.save()
    clinic.service.name = "Bone cement"
    clinic.service.save()
    made = book(clinic, reason="my back")
    page = Guest(made).client.get(Guest(made).home).text
    link = page.partition('href="https://wa.me/?')[2].partition('"')[0]
    text = parse_qs(urlsplit("https://wa.me/?" + link).query)["text"][0]
    assert text.splitlines() == [
        "Visit to IPSC: Thursday 26 November 2026, 10:00 am",
        "Plot 1",
        "New Delhi",
        "https://maps.example/x",
    ]
    assert token_of(made) not in text


def test_a_request_is_not_shared_as_if_it_were_certain(clinic):
    clinic.service.instant = False
    clinic.service.save()
    made = book(clinic)
    assert "https://wa.me/?" not in Guest(made).client.get(Guest(made).home).text


def test_it_takes_one_query_however_many_messages_there_are(clinic, django_assert_num_queries):
    from appointments.messages.expecting import expecting

    made = book(clinic, FAR)
    with django_assert_num_queries(1):
        expecting(made)
