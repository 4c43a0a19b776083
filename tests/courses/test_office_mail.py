"""What the course office writes to those who are in a run."""

import uuid

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from courses.enrolment import transfer, withdraw
from courses.messages.office import FROM_OFFICE, NothingToWrite, write_to
from courses.models import Status
from ipsc.history import DOCTOR
from ipsc.models import Message, MessageState
from ipsc.outbox import NoLongerTrue
from ipsc.outbox.rendering import mail
from ipsc.roles import COURSE_OFFICE
from tests.courses import rows
from tests.courses.office import office
from tests.factories import NOW
from tests.staff import client_of, words

pytestmark = pytest.mark.django_db

SUBJECT, TEXT = "Please bring your certificate", "Dear colleagues,\n\nplease bring it with you.\n\nThe course office"


def write(run, **fields) -> int:
    values = {
        "statuses": [Status.CONFIRMED],
        "subject": SUBJECT,
        "text": TEXT,
        "by": office(),
        "now": NOW,
        "attempt": uuid.uuid4(),
    }
    return write_to(run=run, **(values | fields))


def letters() -> list[Message]:
    return list(Message.objects.filter(kind=FROM_OFFICE.name).order_by("pk"))


def url(run) -> str:
    return reverse("admin:courses_enrolment_write", args=[run.pk])


def form(**fields) -> dict:
    return {"attempt": uuid.uuid4(), "statuses": ["confirmed"], "subject": SUBJECT, "text": TEXT} | fields


@pytest.fixture
def client(at_nine):
    return client_of(COURSE_OFFICE)


# The verb.


def test_it_writes_to_those_who_stand_as_chosen_and_have_an_address():
    run = rows.run()
    first, second = rows.enrolment(run), rows.enrolment(run, status=Status.WAITING)
    rows.enrolment(run, email="")
    rows.enrolment(run, status=Status.OFFERED)
    rows.enrolment(run, status=Status.CANCELLED)
    rows.enrolment(rows.run())
    assert write(run, statuses=[Status.CONFIRMED, Status.WAITING]) == 2
    assert [each.to for each in letters()] == [first.email, second.email]


def test_it_writes_once_for_an_attempt():
    run, attempt = rows.run(), uuid.uuid4()
    rows.enrolment(run)
    assert write(run, attempt=attempt) == 1
    # Not even to somebody who has come in the meantime: nobody has seen that in the preview.
    rows.enrolment(run)
    assert write(run, attempt=attempt) == 0
    assert len(letters()) == 1
    assert write(run) == 2


def test_it_writes_to_no_sample():
    run = rows.run()
    rows.enrolment(run, is_sample=True)
    assert write(run) == 0


@pytest.mark.parametrize(
    "fields",
    [
        {"statuses": []},
        {"statuses": ["cancelled"]},
        {"statuses": ["confirmed", "nobody"]},
        {"subject": " \n"},
        {"subject": "x" * 121},
        {"text": " "},
        {"text": "x" * 4001},
    ],
)
def test_it_refuses_a_letter_that_is_none(fields):
    with pytest.raises(NothingToWrite):
        write(rows.run(), **fields)


def test_only_staff_write():
    with pytest.raises(PermissionDenied):
        write(rows.run(), by=DOCTOR)


def test_it_asks_the_database_as_often_for_many_as_for_few(django_assert_max_num_queries):
    run = rows.run(capacity=40)
    for _each in range(40):
        rows.enrolment(run)
    by = office()
    with django_assert_max_num_queries(10):
        assert write(run, by=by) == 40


@pytest.mark.parametrize("language", ["en", "hi"])
def test_a_letter_says_what_was_typed(language):
    run = rows.run()
    person = rows.enrolment(run, language=language)
    write(run, text=TEXT + "\n<b>5 < 6 & more</b>")
    (message,) = letters()
    sent = mail(message, FROM_OFFICE.prepare(message))
    assert SUBJECT in sent.subject
    for kept in (person.name, person.email, person.registration_number, person.reference):
        assert kept not in sent.subject
    assert "<b>5 < 6 & more</b>" in sent.text
    assert "&lt;b&gt;5 &lt; 6 &amp; more" in sent.html
    assert "/courses/" in sent.text
    assert person.spoken_reference in sent.text


def test_a_letter_does_not_go_to_somebody_who_has_left():
    run = rows.run()
    person = rows.enrolment(run)
    write(run)
    withdraw(enrolment=person, by=office(), now=NOW)
    with pytest.raises(NoLongerTrue):
        FROM_OFFICE.prepare(letters()[0])


def test_a_letter_does_not_go_to_somebody_who_was_moved():
    run = rows.run()
    person = rows.enrolment(run)
    write(run)
    to = rows.run(course=run.course, starts_at=rows.clinic_time(2027, 2, 13, 9))
    transfer(enrolment=person, run=to, by=office(), now=NOW)
    with pytest.raises(NoLongerTrue):
        FROM_OFFICE.prepare(letters()[0])


# The pages.


def test_it_shows_whom_it_reaches_and_whom_not_before_anything_is_sent(client):
    run = rows.run()
    rows.enrolment(run)
    unreached = rows.enrolment(run, email="")
    text = words(client.post(url(run), form()))
    assert "Nothing is sent yet." in text
    assert "1 person has no e-mail address" in text
    assert unreached.name in text
    assert unreached.phone.as_international in text
    assert not letters()


def test_it_sends_what_was_shown_once(client):
    run = rows.run()
    rows.enrolment(run)
    sent = form(go="send", shown=1)
    assert "goes to 1 person" in client.post(url(run), sent, follow=True).text
    assert "sent already" in client.post(url(run), sent, follow=True).text
    (letter,) = letters()
    assert letter.state == MessageState.QUEUED
    assert letter.by == "course-office"
    assert letter.facts["text"] == TEXT


def test_it_sends_nothing_where_others_have_come_meanwhile(client):
    run = rows.run()
    rows.enrolment(run)
    rows.enrolment(run)
    answer = client.post(url(run), form(go="send", shown=1))
    assert "Other people are in this run than were shown." in words(answer)
    assert not letters()


@pytest.mark.parametrize("shown", ["", "-1", "9" * 30, "one", "\0"])
def test_it_sends_nothing_that_was_not_shown(client, shown):
    run = rows.run()
    rows.enrolment(run)
    client.post(url(run), form(go="send", shown=shown))
    assert not letters()


def test_it_sends_nothing_to_nobody(client):
    run = rows.run()
    rows.enrolment(run, email="")
    assert client.post(url(run), form(go="send", shown=0)).status_code == 200
    assert not letters()


def test_it_keeps_what_was_typed_to_be_changed(client):
    run = rows.run()
    text = client.post(url(run), form(go="change")).text
    assert SUBJECT in text
    assert "please bring it with you." in text


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"statuses": []}, "Choose to whom you write."),
        ({"statuses": ["cancelled"]}, "Select a valid choice"),
        ({"subject": ""}, "Type a subject."),
        ({"subject": "a\0b"}, "Null characters are not allowed."),
        ({"subject": "x" * 121}, "at most 120 characters"),
        ({"text": ""}, "Type what you want to say."),
        ({"text": "x" * 4001}, "at most 4000 characters"),
    ],
)
def test_it_says_what_is_wrong_next_to_it(client, fields, says):
    for go in ("preview", "send"):
        answer = client.post(url(rows.run()), form(go=go, shown=1, **fields))
        assert says in words(answer)
        assert "Nothing is saved yet." in words(answer)


@pytest.mark.parametrize("attempt", ["", "x", "\0", "9" * 400])
def test_it_gives_another_attempt_for_one_that_is_none(client, attempt):
    answer = client.post(url(rows.run()), form(attempt=attempt))
    assert answer.status_code == 200
    assert uuid.UUID(str(answer.context["attempt"]))


def test_it_sends_nothing_where_the_site_sends_no_email(client, settings):
    settings.SENDS_EMAIL = False
    run = rows.run()
    rows.enrolment(run)
    assert "sends no e-mail" in words(client.post(url(run), form(go="send", shown=1)))
    assert not letters()


def test_a_subject_of_two_lines_becomes_one(client):
    run = rows.run()
    rows.enrolment(run)
    client.post(url(run), form(subject="Hello\r\nBcc: x@example.org", go="send", shown=1))
    assert "\n" not in letters()[0].facts["subject"]
