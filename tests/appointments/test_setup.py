"""The set-up's pages: the steps, the switch of online booking, the card on the first page, and the previews."""

import functools

import pytest

from appointments.models import Clinician, Service
from appointments.setup import switch
from appointments.setup.switch import NotReady, close_booking, open_booking
from appointments.templatetags.setup import to_url
from ipsc.models import ClinicSettings
from ipsc.roles import MANAGER, RECEPTION
from tests import factories
from tests.appointments.desk import reception
from tests.appointments.test_setup_steps import ready_clinic
from tests.factories import NOW
from tests.gate import rush
from tests.staff import client_of, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_nine")]

URL = "/admin/appointments/appointment/setup/"


@pytest.fixture
def manager():
    return client_of(MANAGER)


# The steps


def test_it_leads_through_an_empty_database(manager):
    told = words(manager.get(URL))
    assert "0 of 8 done. Next: Clinic details" in told
    assert "The phone for patients." in told
    assert "Patients who cannot find or call the clinic do not come" in told


def test_each_step_and_each_thing_that_is_missing_leads_somewhere(manager):
    factories.clinician()
    factories.service()
    page = manager.get(URL)
    progress = page.context["progress"]
    to = {step.to for step in progress.steps} | {
        point.to for step in progress.steps for point in (*step.missing, *step.hints) if point.to
    }
    assert len(to) >= 9
    for address in to:
        found = manager.get(to_url(address), follow=True)
        assert found.status_code == 200, address


def test_a_name_full_of_markup_is_shown_as_text(manager):
    factories.clinician(name="<img src=x onerror=alert(1)>")
    factories.service(name="<b>" * 40)
    for address in (URL, f"{URL}open/"):
        page = manager.get(address).content.decode()
        assert "<img src=x" not in page
        assert "<b><b>" not in page


def test_it_takes_the_same_queries_however_large_the_clinic_is(manager, django_assert_num_queries):
    with django_assert_num_queries(9):  # session, user, two for rights; five for the steps
        manager.get(URL)
    for _each in range(3):
        factories.hours(factories.clinician(services=[factories.service(), factories.service(is_sample=True)]))
    with django_assert_num_queries(9):
        manager.get(URL)


# The card on the first page


def test_the_card_shows_managers_how_far_they_are(manager):
    factories.service(is_sample=True)
    assert "0 of 9 done. Next: Clinic details" in words(manager.get("/admin/"))
    assert "done. Next:" not in words(client_of(RECEPTION).get("/admin/"))


def test_the_card_goes_when_all_is_done(manager):
    ready_clinic(online_booking_open=True)
    told = words(manager.get("/admin/"))
    assert "done. Next:" not in told
    assert "Set-up and online booking" in told


def test_reception_finds_the_weekly_hours_on_the_first_page():
    page = client_of(RECEPTION).get("/admin/")
    assert "Weekly hours" in words(page)
    assert "Set-up" not in words(page)


# Opening and closing


def test_it_shows_what_patients_would_find_before_it_opens(manager):
    ready_clinic()
    lonely = factories.service(name="Review")
    idle = factories.service(name="Injection", horizon=5, notice=720)
    factories.clinician(name="Consultant, new", services=[lonely])
    factories.hours(factories.clinician(services=[idle]))
    factories.service(name="Procedure")
    factories.service(name="Made up", is_sample=True)
    told = words(manager.get(f"{URL}open/"))
    assert "Consultation Next free: Wednesday 25 November 2026, 10:00 am" in told
    assert "Review Nothing free. Nobody who offers it has working hours." in told
    assert "Procedure Nothing free. Nobody offers it." in told
    assert "Injection Nothing free. No time is free in the next 5 days." in told
    assert "Made up" not in told
    assert not ClinicSettings.load().online_booking_open


def test_it_opens_by_post_and_says_who_did(manager):
    ready_clinic()
    response = manager.post(f"{URL}open/", follow=True)
    assert "Online booking is open. Patients can book now." in response.content.decode()
    settings = ClinicSettings.load()
    assert settings.online_booking_open
    assert not settings.without_messages
    assert settings.history.first().actor == "manager"
    assert settings.history.first().history_change_reason == "booking opened"


def test_opened_twice_it_is_recorded_once(manager):
    ready_clinic()
    for _time in range(2):
        assert manager.post(f"{URL}open/").status_code == 302
    assert ClinicSettings.load().history.count() == 2


def test_untested_messages_only_warn_and_opening_means_to_do_without(manager):
    ready_clinic(messages_tested_at=None, holidays_checked_until=None)
    told = words(manager.get(f"{URL}open/"))
    assert "You can open, but think of this" in told
    assert "If you open now, you open without a test" in told
    assert "Nobody has looked through the public holidays yet." in told
    manager.post(f"{URL}open/")
    assert ClinicSettings.load().without_messages


def no_phone():
    ClinicSettings.objects.update(phone="")


def no_hours():
    Clinician.objects.get().hours.all().delete()


def no_service():
    Service.objects.update(active=False)


def no_confirmation():
    ClinicSettings.objects.update(red_flags_version=2)


@pytest.mark.parametrize(
    ("without", "told"),
    [
        (no_phone, "The phone for patients is missing"),
        (no_hours, "Nobody has working hours yet."),
        (no_service, "No service has been entered yet."),
        (no_confirmation, "No clinician has confirmed the safety text"),
    ],
)
def test_it_refuses_in_words_while_a_step_is_missing(manager, without, told):
    ready_clinic()
    without()
    page = manager.get(f"{URL}open/")
    assert "What has to be done first" in words(page)
    assert "Open online booking</button>" not in page.content.decode()
    response = manager.post(f"{URL}open/")
    assert response.status_code == 200
    assert "Online booking cannot be opened yet." in words(response)
    assert told in words(response)
    assert not ClinicSettings.load().online_booking_open


def test_an_empty_database_is_told_what_has_to_be_done_first(manager):
    told = words(manager.get(f"{URL}open/"))
    assert "No service of your own is offered yet." in told
    assert "The phone for patients is missing" in told


def test_the_verb_refuses_an_empty_database():
    with pytest.raises(NotReady, match="The phone for patients is missing"):
        open_booking(by=reception(), now=NOW)
    assert not ClinicSettings.objects.exists()


def test_it_closes_by_a_button_and_keeps_what_is_booked(manager):
    clinician = ready_clinic(online_booking_open=True)
    visit = factories.appointment(clinician=clinician, service=clinician.services.get())
    assert "Close online booking" in words(manager.get(URL))
    response = manager.post(f"{URL}close/", follow=True)
    assert "What is booked stays booked." in response.content.decode()
    assert not ClinicSettings.load().online_booking_open
    visit.refresh_from_db()
    assert visit.status == "booked"
    assert "Close online booking" not in words(response)
    assert ClinicSettings.load().history.first().history_change_reason == "booking closed"


def test_get_closes_nothing(manager):
    ready_clinic(online_booking_open=True)
    assert manager.get(f"{URL}close/").status_code == 405
    assert ClinicSettings.load().online_booking_open


def test_closing_what_was_never_open_writes_nothing():
    close_booking(by=reception())
    assert not ClinicSettings.objects.exists()


def test_opening_changes_nothing_else_of_the_settings(monkeypatch):
    ready_clinic()
    found = switch.locked_settings

    def slowly():
        row = found()
        # Somebody saves the settings' page meanwhile, which takes no lock of ours.
        ClinicSettings.objects.filter(pk=1).update(phone="+911123456780")
        return row

    monkeypatch.setattr(switch, "locked_settings", slowly)
    open_booking(by=reception(), now=NOW)
    assert ClinicSettings.load().phone == "+911123456780"
    assert ClinicSettings.load().online_booking_open


@pytest.mark.django_db(transaction=True)
def test_opened_by_five_at_once_it_is_recorded_once(transactional_db):
    ready_clinic()
    call = functools.partial(open_booking, by=reception(), now=NOW)
    ends = rush([call] * 5, table="ipsc_clinicsettings")
    assert all(end.online_booking_open for end in ends)
    assert ClinicSettings.history.filter(history_change_reason="booking opened").count() == 1


# Previews


@pytest.mark.parametrize("page", ["home", "contact", "doctors", "treatments"])
@pytest.mark.parametrize("language", ["en", "hi"])
def test_a_preview_shows_the_page_without_samples_and_with_booking_open(manager, page, language):
    clinician = ready_clinic()
    sample = factories.service(name="Made-up visit", is_sample=True, first_choice=True)
    clinician.services.add(sample)
    factories.hours(factories.clinician(name="Made-up person", services=[sample], is_sample=True))
    response = manager.get(f"{URL}preview/{page}/", {"language": language})
    shown = response.content.decode()
    assert f'<html lang="{language}">' in shown
    assert response.headers["Content-Language"] == language
    assert response.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert "Made-up" not in shown
    assert "Demonstration:" not in shown
    assert 'rel="canonical"' not in shown
    assert f"{URL}preview/" in shown
    assert not ClinicSettings.load().online_booking_open


def test_a_preview_of_home_shows_the_next_free_time_while_booking_is_closed(manager):
    ready_clinic()
    assert "Wednesday 25 November, 10:00 am" in words(manager.get(f"{URL}preview/home/"))
    assert "Online booking is closed" in words(manager.get("/"))


def test_the_public_pages_are_no_previews(manager):
    ready_clinic()
    manager.get(f"{URL}preview/home/")
    shown = manager.get("/").content.decode()
    assert "Preview:" not in shown
    assert "Demonstration:" in shown


@pytest.mark.parametrize("page", ["privacy", "..", "x" * 300, "home%00"])
def test_there_is_no_preview_of_other_pages(manager, page):
    assert manager.get(f"{URL}preview/{page}/").status_code == 404


def test_a_preview_in_no_language_is_in_english(manager):
    assert '<html lang="en">' in manager.get(f"{URL}preview/contact/?language=xx%00").content.decode()


def test_a_preview_of_an_empty_database_is_whole(manager):
    for page in ("home", "contact", "doctors", "treatments"):
        assert manager.get(f"{URL}preview/{page}/").status_code == 200
        assert manager.post(f"{URL}preview/{page}/").status_code == 405
    assert not ClinicSettings.objects.exists()


def test_it_lists_the_previews(manager):
    shown = manager.get(f"{URL}preview/").content.decode()
    assert shown.count("?language=hi") == 4
