"""The outbox of development: e-mails that became files, read in the browser."""

import os
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.core.mail import EmailMultiAlternatives

from ipsc.roles import COURSE_OFFICE, MANAGER, RECEPTION
from tests.appointments.guest import book, send
from tests.factories import NOW
from tests.people import make_clinic
from tests.staff import NO_GROUP, client_of, words

pytestmark = pytest.mark.django_db

URL = "/admin/ipsc/message/outbox/"


@pytest.fixture
def folder(settings, tmp_path):
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = tmp_path
    return tmp_path


@pytest.fixture
def desk():
    return client_of(RECEPTION)


def letters(desk) -> list[str]:
    page = desk.get(URL)
    assert page.status_code == 200
    return [(each.name, each.number) for each in page.context["letters"]]


def test_it_shows_what_the_site_has_sent_with_links_that_open(desk, folder):
    book(make_clinic())
    send()
    [(name, number)] = letters(desk)
    assert "IPSC: booked for Thursday 26 November 2026, 10:00 am" in words(desk.get(URL))
    page = desk.get(f"{URL}{name}/{number}/")
    assert "Your visit is booked" in page.text
    assert "appointment.ics text/calendar" in page.text
    assert '<a href="http://' in page.text
    html = desk.get(f"{URL}{name}/{number}/html/")
    assert "<base target=" in html.text
    policy = html.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "sandbox" in policy
    assert html.headers["X-Frame-Options"] == "SAMEORIGIN"


def test_the_newest_comes_first(desk, folder):
    for number in range(3):
        with time_machine.travel(NOW + timedelta(seconds=number), tick=False):
            mail.send_mail(f"Letter {number}", "text", None, ["one@example.org"])
    # The clock of a file system is slow: without this, all three may be of one moment.
    for number, path in enumerate(sorted(folder.iterdir())):
        os.utime(path, (number, number))
    shown = words(desk.get(URL))
    assert shown.index("Letter 2") < shown.index("Letter 1") < shown.index("Letter 0")


def test_scripts_in_a_letter_are_text_in_the_admin(desk, folder):
    letter = EmailMultiAlternatives("<script>1</script>", "<script>2</script>", None, ["one@example.org"])
    letter.send()
    [(name, number)] = letters(desk)
    for address in (URL, f"{URL}{name}/{number}/"):
        page = desk.get(address).text
        assert "<script>1" not in page
        assert "<script>2" not in page
    assert desk.get(f"{URL}{name}/{number}/html/").status_code == 404


@pytest.mark.parametrize(
    "path",
    ["secret_key/0/", "20261125-090000-1.log/0/", "20261125-090000-1.log/99999/", "x/0/html/"],
)
def test_it_opens_no_other_file(desk, folder, path):
    (folder / "secret_key").write_text("do not show" + "-" * 79)
    assert desk.get(URL + path).status_code == 404
    assert "do not show" not in desk.get(f"{URL}..%2Fsecret_key/0/", follow=True).text


def test_a_file_that_is_no_letter_breaks_nothing(desk, folder):
    (folder / "20261125-090000-1.log").write_bytes(b"\xff\xfe\0garbage\n" + b"-" * 79 + b"\n")
    assert letters(desk) == [("20261125-090000-1.log", 0)]
    assert desk.get(f"{URL}20261125-090000-1.log/0/").status_code == 200


def test_there_is_none_in_production(desk, folder, settings):
    settings.IS_PRODUCTION = True
    assert desk.get(URL).status_code == 404
    assert "that this demonstration has sent" not in desk.get("/admin/ipsc/message/").text


def test_whoever_may_not_see_messages_reads_none(folder):
    assert client_of(NO_GROUP).get(URL).status_code == 403


def test_it_says_so_where_nothing_was_sent(desk, folder):
    assert "Nothing has been sent yet." in desk.get(URL).text


def test_the_course_office_reads_no_patients_letter(folder, desk):
    book(make_clinic())
    send()
    [(name, number)] = letters(desk)
    office = client_of(COURSE_OFFICE)
    assert letters(office) == []
    for address in (f"{URL}{name}/{number}/", f"{URL}{name}/{number}/html/"):
        assert office.get(address).status_code == 404
    assert letters(client_of(MANAGER)) == [(name, number)]
