"""The safety text: a new version with every change, and a doctor who confirms it (rule F2)."""

import threading
from datetime import date

import pytest
from django.db import connection

from appointments.setup.switch import close_booking
from ipsc.admin.pictures import PicturedForm
from ipsc.clinic import amend
from ipsc.history import Actor
from ipsc.models import ClinicSettings
from ipsc.roles import MANAGER
from ipsc.safety import CardChanged, confirm_card
from tests.ipsc.test_pictures import CLINIC, form_of
from tests.staff import client_of, member

URL = "/admin/ipsc/clinicsettings/safety/"
DOCTOR = "Doctor One, Council of X, 12345"


def sent(**changes) -> dict:
    return {"confirmed_by": DOCTOR, "has_read": "on", "version": "1"} | changes


@pytest.mark.django_db
def test_a_manager_records_who_has_confirmed_the_text():
    manager = client_of(MANAGER)
    assert "No doctor has confirmed version 1 yet." in manager.get(URL).text
    assert manager.post(URL, sent()).status_code == 302
    row = ClinicSettings.load()
    assert row.card_is_confirmed
    assert (row.red_flags_confirmed_by, row.red_flags_confirmed_version) == (DOCTOR, 1)
    assert row.history.latest().actor == "manager"
    assert DOCTOR in manager.get(URL).text


@pytest.mark.django_db
def test_the_page_shows_the_card_as_patients_see_it_in_both_languages():
    text = client_of(MANAGER).get(URL).text
    row = ClinicSettings()
    for sign in (*row.red_flags.splitlines(), *row.red_flags_hi.splitlines()):
        assert sign in text
    assert text.count('id="red-flags-en"') == text.count('id="red-flags-hi"') == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    "field",
    ["emergency_number", "red_flags", "red_flags_hi", "red_flags_advice", "red_flags_advice_hi"],
)
def test_a_changed_text_is_a_new_version_that_nobody_has_confirmed(field):
    manager = client_of(MANAGER)
    manager.post(URL, sent())
    form = form_of(manager, CLINIC)
    manager.post(CLINIC, form | {field: form[field] + "0"})
    row = ClinicSettings.load()
    assert row.red_flags_version == 2
    assert not row.card_is_confirmed
    assert "the text has changed since" in manager.get(URL).text


@pytest.mark.django_db
def test_any_other_change_leaves_the_version_as_it_is():
    manager = client_of(MANAGER)
    manager.post(URL, sent())
    manager.post(CLINIC, form_of(manager, CLINIC) | {"address": "Plot 1"})
    row = ClinicSettings.load()
    assert row.address == "Plot 1"
    assert row.card_is_confirmed


@pytest.mark.django_db
def test_the_line_ends_of_a_browser_are_no_change_of_the_text():
    manager = client_of(MANAGER)
    manager.post(URL, sent())
    form = {name: value.replace("\n", "\r\n") for name, value in form_of(manager, CLINIC).items()}
    manager.post(CLINIC, form | {"address": "Plot 1\r\nNew Delhi"})
    row = ClinicSettings.load()
    assert row.address == "Plot 1\nNew Delhi"
    assert row.card_is_confirmed


@pytest.mark.django_db
def test_nobody_confirms_a_text_that_has_changed_meanwhile():
    ClinicSettings(pk=1, red_flags_version=2, red_flags="Another sign").save()
    page = client_of(MANAGER).post(URL, sent())
    assert page.status_code == 409
    assert "has been changed meanwhile" in page.text
    assert DOCTOR in page.text, "what was typed is kept"
    assert "Another sign" in page.text
    assert 'name="version" value="2"' in page.text
    assert not ClinicSettings.load().card_is_confirmed


@pytest.mark.django_db
@pytest.mark.parametrize(
    "changes",
    [
        {"confirmed_by": ""},
        {"confirmed_by": "12345"},
        {"confirmed_by": "x" * 301},
        {"confirmed_by": "Doctor\0 One"},
        {"has_read": ""},
        {"version": "x"},
        {"version": "-1"},
        {"version": "9" * 30},
    ],
)
def test_odd_answers_record_nothing(changes):
    page = client_of(MANAGER).post(URL, sent(**changes))
    assert page.status_code == 200
    assert not ClinicSettings.load().card_is_confirmed


@pytest.mark.django_db
def test_the_name_of_the_doctor_is_shown_as_text():
    manager = client_of(MANAGER)
    manager.post(URL, sent(confirmed_by="<script>x</script>"))
    assert "<script>x" not in manager.get(URL).text


@pytest.mark.django_db
def test_the_page_of_the_settings_writes_what_was_changed_on_it_and_nothing_else(monkeypatch):
    """While a form is read (a large picture takes a second) somebody else closes booking and confirms the text."""
    manager, by = client_of(MANAGER), Actor.staff(member(MANAGER))
    ClinicSettings(pk=1, online_booking_open=True).save()
    sent, clean = form_of(manager, CLINIC), PicturedForm.full_clean

    def meanwhile(form) -> None:
        close_booking(by=by)
        confirm_card(version=1, confirmed_by=DOCTOR, on=date(2026, 11, 25), by=by)
        clean(form)

    monkeypatch.setattr(PicturedForm, "full_clean", meanwhile)
    assert manager.post(CLINIC, sent | {"address": "Plot 1"}).status_code == 302
    row = ClinicSettings.load()
    assert (row.address, row.online_booking_open) == ("Plot 1", False)
    assert row.card_is_confirmed


@pytest.mark.django_db
def test_two_texts_that_are_saved_at_once_are_two_versions(monkeypatch):
    manager, by = client_of(MANAGER), Actor.staff(member(MANAGER))
    sent, clean = form_of(manager, CLINIC), PicturedForm.full_clean

    def meanwhile(form) -> None:
        amend(values={"red_flags": "A"}, by=by)
        clean(form)

    monkeypatch.setattr(PicturedForm, "full_clean", meanwhile)
    assert manager.post(CLINIC, sent | {"red_flags": "B"}).status_code == 302
    row = ClinicSettings.load()
    assert (row.red_flags, row.red_flags_version) == ("B", 3)


@pytest.mark.django_db(transaction=True)
def test_two_who_are_the_first_to_save_lose_nothing():
    by, refused = Actor.staff(member(MANAGER)), []

    def confirm() -> None:
        try:
            confirm_card(version=1, confirmed_by=DOCTOR, on=date(2026, 11, 25), by=by)
        except CardChanged as error:
            refused.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=confirm) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not refused
    assert ClinicSettings.load().card_is_confirmed
