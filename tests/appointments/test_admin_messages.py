"""What the desk sees of the messages about a visit, and does about them (rules M1, M2 and B6)."""

import pytest
from django.core import mail
from django.urls import reverse

from appointments.links import manage_url
from appointments.models import Appointment, Status
from ipsc.dates import now
from ipsc.models import Channel, Message, MessageState
from ipsc.roles import RECEPTION
from tests import factories
from tests.appointments.guest import book, send
from tests.factories import NOW, TOMORROW, at
from tests.staff import admin_url, client_of, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_nine")]


@pytest.fixture
def desk():
    return client_of(RECEPTION)


def url(page: str, appointment: Appointment) -> str:
    return reverse(f"admin:appointments_appointment_{page}", args=[appointment.pk])


def look(desk, appointment) -> str:
    return words(desk.get(admin_url("appointment", "change", appointment.pk)))


def press(desk, page: str, appointment: Appointment, **values):
    appointment.refresh_from_db()
    return desk.post(url(page, appointment), {"sequence": appointment.sequence} | values, follow=True)


def states(appointment) -> list[tuple[str, str]]:
    rows = Message.objects.of(appointment).order_by("pk")
    return [(row.kind.removeprefix("appointments."), row.state) for row in rows]


def on_request(clinic, **fields) -> Appointment:
    clinic.service.instant = False
    clinic.service.save()
    return book(clinic, **fields)


# The list on the page of the visit


def test_it_shows_each_message_with_its_state(desk, clinic):
    made = book(clinic)
    assert "Booked e-mail, one@example.org waiting due 9:00 am" in look(desk, made)
    send()
    assert "Booked e-mail, one@example.org sent 9:00 am" in look(desk, made)


def test_it_shows_why_a_message_failed(desk, clinic):
    made = book(clinic, email="")
    factories.message(about="appointments.appointment", about_id=made.pk, state="failed", last_error="550 no such user")
    assert "failed 9:00 am 550 no such user" in look(desk, made)


def test_it_says_that_no_message_can_go_and_offers_to_tell(desk, clinic):
    made = book(clinic, email="")
    page = desk.get(admin_url("appointment", "change", made.pk))
    told = (
        "No message goes out: there is no e-mail address, and SMS is not set up. What changes has to be told by phone."
    )
    assert told in words(page)
    assert "Tell the patient by phone or WhatsApp: booked" in words(page)
    assert "https://wa.me/919800000001?text=Hello%2C%20this%20is%20IPSC." in page.text
    assert manage_url(made) not in page.text
    assert clinic.service.name not in page.text.partition("https://wa.me/")[2].partition('"')[0]


def test_it_tells_whoever_may_not_see_messages_nothing_of_them(clinic):
    from django.contrib.auth.models import Permission, User
    from django.test import Client

    user = User.objects.create(username="viewer", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="view_appointment"))
    client = Client()
    client.force_login(user)
    made = book(clinic)
    page = words(client.get(admin_url("appointment", "change", made.pk)))
    assert "Patient One" in page
    assert "Booked e-mail" not in page


# Sent again


def test_it_sends_a_message_again_to_the_address_of_now(desk, clinic):
    made = book(clinic)
    send()
    Appointment.objects.update(email="new@example.org")
    message = Message.objects.get()
    page = press(desk, "resend", made, message=message.pk)
    assert "On its way again, to new@example.org." in page.text
    send()
    assert [letter.to for letter in mail.outbox] == [["one@example.org"], ["new@example.org"]]
    assert states(made) == [("booked", "sent"), ("booked", "sent")]
    assert Message.objects.order_by("pk").last().by == "reception"


def test_it_sends_once_however_often_the_button_is_pressed(desk, clinic):
    made = book(clinic)
    send()
    message = Message.objects.get()
    press(desk, "resend", made, message=message.pk)
    page = press(desk, "resend", made, message=message.pk)
    assert page.status_code == 409
    assert "on its way already" in page.text
    assert Message.objects.count() == 2


def test_only_the_newest_of_a_kind_can_be_sent_again_and_not_while_one_waits(desk, clinic):
    made = book(clinic)
    assert "Send again" not in look(desk, made)
    send()
    press(desk, "resend", made, message=Message.objects.get().pk)
    assert "Send again" not in look(desk, made)
    send()
    assert look(desk, made).count("Send again") == 1


def test_it_sends_nothing_again_that_is_not_so_any_more(desk, clinic):
    made = book(clinic)
    send()
    message = Message.objects.get()
    press(desk, "cancel", made, reason="doctor ill", quietly="on")
    page = press(desk, "resend", made, message=message.pk)
    assert page.status_code == 409
    assert "is not so any more" in page.text


@pytest.mark.parametrize("typed", ["", "x", "9" * 30, "\0", "-1", "٣"])
def test_it_knows_only_messages_about_this_visit(desk, clinic, typed):
    made, other = book(clinic), book(clinic, "11:00")
    send()
    theirs = Message.objects.of(other).get().pk
    for message in (typed, theirs):
        for page in ("resend", "untold"):
            answer = press(desk, page, made, message=message)
            assert answer.status_code == 409
            assert "That button is not one of this page." in answer.text
    assert Message.objects.count() == 2


# A new link


def test_a_new_link_ends_the_old_one_and_goes_out(desk, clinic):
    made = book(clinic)
    send()
    old = manage_url(made)
    page = press(desk, "new_link", made)
    assert "The old link has ended. A new one goes out by e-mail." in page.text
    assert client_of("anonymous").get(old).status_code == 404
    send()
    assert "link to your booking" in mail.outbox[-1].subject
    made.refresh_from_db()
    assert client_of("anonymous").get(manage_url(made)).status_code == 200


def test_it_asks_before_it_ends_a_link(desk, clinic):
    made = book(clinic)
    page = words(desk.get(url("new_link", made)))
    assert "Give a new link?" in page
    assert "A new one goes out by e-mail." in page
    Appointment.objects.update(email="")
    page = words(desk.get(url("new_link", made)))
    assert "End the link?" in page
    assert "No new one can be sent" in page
    made.refresh_from_db()
    assert made.link_version == 1


def test_it_says_so_where_no_new_link_can_be_sent(desk, clinic):
    page = press(desk, "new_link", book(clinic, email=""))
    assert "There is no way to send a new one" in page.text


# Told by hand


def test_it_notes_once_who_told_the_patient_and_how(desk, clinic):
    made = book(clinic, email="")
    for _again in range(2):
        page = press(desk, "told", made, kind="appointments.booked", how="whatsapp")
        assert "Noted: Patient One was told by WhatsApp." in page.text
    [row] = Message.objects.all()
    assert (row.channel, row.state, row.by, row.to) == (Channel.HAND, MessageState.SENT, "reception", "+919800000001")
    assert "Hello, this is IPSC.\nYour visit is booked: Thursday 26 November 2026, 10:00 am." in row.body
    assert "Booked by hand, +919800000001 told by WhatsApp 9:00 am" in look(desk, made)


def test_a_slip_is_taken_back_and_stays_in_the_ledger(desk, clinic):
    made = book(clinic, email="")
    press(desk, "told", made, kind="appointments.booked", how="phone")
    row = Message.objects.get()
    for _again in range(2):
        assert "was not told." in press(desk, "untold", made, message=row.pk).text
    row.refresh_from_db()
    assert (row.state, row.last_error) == (MessageState.WITHDRAWN, "Taken back by reception.")


def test_what_was_sent_by_mail_is_not_taken_back(desk, clinic):
    made = book(clinic)
    send()
    page = press(desk, "untold", made, message=Message.objects.get().pk)
    assert page.status_code == 409
    assert states(made) == [("booked", "sent")]


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"kind": "appointments.booked", "how": "pigeon"},
        {"kind": "appointments.link", "how": "phone"},
        {"kind": "tests.unknown", "how": "phone"},
        {"kind": "\0", "how": "\0"},
    ],
)
def test_it_notes_nothing_of_a_damaged_button(desk, clinic, values):
    made = book(clinic, email="")
    assert press(desk, "told", made, **values).status_code == 409
    assert not Message.objects.exists()


def test_it_notes_nothing_of_a_visit_that_has_changed_meanwhile(desk, clinic):
    made = book(clinic, email="")
    page = desk.post(url("told", made), {"sequence": made.sequence + 1, "kind": "appointments.booked", "how": "phone"})
    assert page.status_code == 409
    assert not Message.objects.exists()


# Whether to tell, beside each change that is told


def change(desk, what: str, appointment: Appointment, **boxes):
    appointment.refresh_from_db()
    if what == "confirm":
        return press(desk, "step", appointment, go=f"booked:{appointment.sequence}", **boxes)
    values = {"reason": "doctor ill"}
    if what == "move":
        values = {
            "save": "1",
            "clinician": appointment.clinician_id,
            "day": TOMORROW.isoformat(),
            "start": "2026-11-26T11:00",
        }
    return press(desk, what, appointment, **values, **boxes)


CHANGES = {"cancel": "cancelled", "decline": "declined", "move": "moved", "confirm": "confirmed"}


def prepared(clinic, what: str, **fields) -> Appointment:
    made = on_request(clinic, **fields) if what in ("decline", "confirm") else book(clinic, **fields)
    send()
    return made


@pytest.mark.parametrize("what", CHANGES)
def test_a_change_is_told_unless_staff_say_otherwise(desk, clinic, what):
    made = prepared(clinic, what)
    assert change(desk, what, made).status_code == 200
    assert states(made)[-1] == (CHANGES[what], "queued")


@pytest.mark.parametrize("what", CHANGES)
def test_that_staff_chose_silence_is_recorded(desk, clinic, what):
    made = prepared(clinic, what)
    change(desk, what, made, quietly="on")
    assert states(made)[-1] == (CHANGES[what], "withheld")
    assert Message.objects.order_by("pk").last().by == "reception"
    assert send() == 0
    assert "not sent, as staff chose" in look(desk, made)


@pytest.mark.parametrize("what", CHANGES)
def test_that_staff_have_told_the_patient_is_recorded_in_the_same_step(desk, clinic, what):
    made = prepared(clinic, what, email="")
    change(desk, what, made, told="on")
    [row] = Message.objects.of(made)
    made.refresh_from_db()
    assert (row.channel, row.receipt, row.version) == (Channel.HAND, "phone", made.sequence)


@pytest.mark.parametrize("what", ["cancel", "decline", "move"])
def test_the_page_of_a_change_says_whether_a_message_goes(desk, clinic, what):
    made = prepared(clinic, what)
    shown = words(desk.get(url(what, made)))
    assert "Do not tell the patient by message" in shown
    Appointment.objects.update(email="")
    shown = words(desk.get(url(what, made)))
    assert "No message goes out: there is no e-mail address, and SMS is not set up. Please phone." in shown
    assert "Do not tell the patient by message" not in shown


@pytest.mark.parametrize(
    ("email", "boxes", "told"),
    [
        ("one@example.org", {}, "A message goes out by e-mail."),
        ("one@example.org", {"quietly": "on"}, "Nobody has told the patient yet: please phone."),
        ("one@example.org", {"quietly": "on", "told": "on"}, "Noted: the patient knows."),
        ("", {}, "Nobody has told the patient yet: please phone."),
        ("", {"told": "on"}, "Noted: the patient knows."),
    ],
)
@pytest.mark.parametrize("what", CHANGES)
def test_after_a_change_it_says_whether_the_patient_hears_of_it(desk, clinic, what, email, boxes, told):
    made = prepared(clinic, what, email=email)
    assert told in change(desk, what, made, **boxes).text


def test_the_visit_and_the_list_say_who_has_said_that_they_come(desk, clinic):
    from appointments.booking import confirm_coming
    from ipsc.history import PATIENT

    made = book(clinic)
    day = {"day": TOMORROW.isoformat()}
    assert "says they are coming" not in words(desk.get(admin_url("appointment", "list"), day))
    confirm_coming(appointment=made, by=PATIENT, now=NOW)
    assert "says they are coming" in words(desk.get(admin_url("appointment", "list"), day))
    assert "says they are coming" in look(desk, made)


def test_nothing_is_asked_about_telling_where_nobody_is_told(desk, clinic):
    walk_in = factories.appointment(source="walk_in", starts_at=at(TOMORROW, "10:00"), service=clinic.service)
    assert "tell the patient" not in words(desk.get(url("cancel", walk_in)))
    assert now() == NOW


def test_the_boxes_stay_ticked_when_the_page_comes_back(desk, clinic):
    made = book(clinic)
    page = desk.post(url("cancel", made), {"sequence": made.sequence + 1, "reason": "ill", "quietly": "on"})
    assert page.status_code == 409
    assert page.context["telling"].form["quietly"].value()
    assert not page.context["telling"].form["told"].value()


def test_undoing_a_cancellation_is_told_too(desk, clinic):
    made = book(clinic)
    change(desk, "cancel", made)
    made.refresh_from_db()
    press(desk, "step", made, go=f"booked:{made.sequence}")
    assert Appointment.objects.get().status == Status.BOOKED
    assert states(made)[-1] == ("confirmed", "queued")


def test_it_takes_the_same_queries_however_many_messages_there_are(desk, clinic, django_assert_num_queries):
    made = book(clinic)
    address = admin_url("appointment", "change", made.pk)
    desk.get(address)
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as few:
        desk.get(address)
    for _number in range(8):
        factories.message(about="appointments.appointment", about_id=made.pk, state="sent")
    with django_assert_num_queries(len(few)):
        desk.get(address)
