"""Public holidays, offered to staff and entered by them: once each, and with a word about the visits of the day."""

import functools
from datetime import date, timedelta

import pytest

from appointments.models import Status, TimeOff
from appointments.setup import public_holidays
from appointments.setup.public_holidays import NotAHoliday, accept, closed_days, last_day, offered
from ipsc.dates import clinic_day
from ipsc.models import ClinicSettings
from ipsc.roles import MANAGER
from tests import factories
from tests.appointments.desk import reception
from tests.factories import NOW, TODAY, at
from tests.gate import rush
from tests.staff import client_of, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_nine")]

URL = "/admin/appointments/appointment/setup/holidays/"
CHRISTMAS, REPUBLIC = date(2026, 12, 25), date(2027, 1, 26)
LAST = date(2027, 11, 25)


@pytest.fixture
def manager():
    return client_of(MANAGER)


def send(browser, *days: date | str, until: date | str = LAST, **options):
    typed = {"day": [str(day) for day in days], "until": str(until)}
    return browser.post(URL, typed, **options)


def named() -> list[tuple[date, str, str]]:
    return [(clinic_day(row.starts_at), row.holiday, row.holiday_hi) for row in TimeOff.objects.all()]


# What the package offers


def test_it_offers_the_public_holidays_of_a_year_in_both_languages():
    found = {each.day: each for each in offered(TODAY, last_day(TODAY))}
    assert found[CHRISTMAS].name == "Christmas"
    assert found[REPUBLIC].name_hi == "गणतंत्र दिवस"
    assert min(found) >= TODAY
    assert max(found) <= LAST
    assert len(found) > 12


def test_it_says_which_days_follow_the_moon_and_calls_them_by_their_plain_names():
    found = offered(date(2027, 1, 1), date(2027, 12, 31))
    both = next(each for each in found if each.day == date(2027, 8, 15))
    assert both.name == "Independence Day; Milad-un-Nabi"
    assert both.estimated == "Milad-un-Nabi"
    assert not any("estimated" in each.name or "अनुमानित" in each.name_hi for each in found)
    assert next(each for each in found if each.day == REPUBLIC).estimated == ""


def test_every_holiday_has_a_hindi_name_for_years_to_come():
    assert all(each.name_hi and each.name for each in offered(date(2026, 1, 1), date(2034, 12, 31)))


def test_it_offers_none_where_the_package_knows_none(manager, monkeypatch):
    monkeypatch.setattr(public_holidays, "_named", lambda *args: {})
    assert "No public holiday is known" in words(manager.get(URL))


# The page and the verb


def test_it_enters_what_is_ticked_and_remembers_that_all_was_looked_at(manager):
    response = send(manager, CHRISTMAS, REPUBLIC, follow=True)
    assert "2 holidays entered." in response.content.decode()
    assert named() == [(CHRISTMAS, "Christmas", "क्रिसमस"), (REPUBLIC, "Republic Day", "गणतंत्र दिवस")]
    row = TimeOff.objects.first()
    assert (row.starts_at, row.ends_at) == (at(CHRISTMAS, "00:00"), at(CHRISTMAS + timedelta(days=1), "00:00"))
    assert row.clinician is None
    assert row.history.get().actor == "manager"
    settings = ClinicSettings.load()
    assert settings.holidays_checked_until == LAST
    assert settings.history.get().actor == "manager"


def test_nothing_ticked_is_an_answer_too(manager):
    response = send(manager, follow=True)
    assert "Noted: you have looked through them." in response.content.decode()
    assert ClinicSettings.load().holidays_checked_until == LAST


def test_get_enters_nothing(manager):
    manager.get(URL, {"day": str(CHRISTMAS), "until": str(LAST)})
    assert not TimeOff.objects.exists()
    assert not ClinicSettings.objects.exists()


def test_sent_twice_it_enters_once(manager):
    for _time in range(2):
        assert send(manager, CHRISTMAS, CHRISTMAS).status_code == 302
    assert TimeOff.objects.count() == 1
    assert ClinicSettings.load().history.count() == 1


def test_a_day_that_is_off_already_is_shown_so_and_stays(manager):
    row = factories.time_off(at(date(2026, 12, 24), "00:00"), at(date(2026, 12, 27), "00:00"), reason="Winter break")
    page = manager.get(URL).content.decode()
    assert f'value="{CHRISTMAS}"' not in page
    assert f"/timeoff/{row.pk}/change/" in page
    send(manager, CHRISTMAS)
    assert TimeOff.objects.get() == row


def test_half_a_day_or_one_clinicians_day_does_not_close_the_clinic():
    clinician = factories.clinician()
    factories.time_off(at(CHRISTMAS, "00:00"), at(CHRISTMAS, "12:00"))
    factories.time_off(at(CHRISTMAS, "00:00"), at(CHRISTMAS + timedelta(days=1), "00:00"), clinician)
    factories.time_off(at(REPUBLIC, "09:00"), at(REPUBLIC + timedelta(days=1), "09:00"))
    assert closed_days(TODAY, LAST) == {}
    assert len(accept(days=[CHRISTMAS], until=LAST, by=reception(), now=NOW)) == 1


def test_a_holiday_with_visits_is_entered_and_the_visits_are_named(manager, clinic):
    for name, status in (("Patient One", Status.BOOKED), ("Patient Two", Status.REQUESTED)):
        factories.appointment(
            service=clinic.service,
            clinician=factories.clinician(services=[clinic.service]),
            starts_at=at(CHRISTMAS, "10:00"),
            status=status,
            name=name,
        )
    factories.appointment(service=clinic.service, starts_at=at(CHRISTMAS, "11:00"), status=Status.CANCELLED)
    page = manager.get(URL).content.decode()
    assert "2 visits on this day" in page
    assert f"?day={CHRISTMAS}" in page
    told = send(manager, CHRISTMAS, follow=True).content.decode()
    assert "Saved, but 2 visits lie in this time" in told
    assert "Patient Two" in told
    assert TimeOff.objects.count() == 1


@pytest.mark.parametrize("day", ["2026-12-24", "2020-12-25", "2030-12-25", "Christmas", "", "\0", "9999-99-99", "1"])
def test_a_forged_day_enters_nothing_at_all(manager, day):
    response = send(manager, REPUBLIC, day)
    assert response.status_code == 200
    assert "not on the list any more" in words(response)
    assert f'value="{REPUBLIC}"\n                     checked' in response.content.decode()
    assert not TimeOff.objects.exists()
    assert ClinicSettings.load().holidays_checked_until is None


@pytest.mark.parametrize("until", ["", "soon", "\0"])
def test_a_form_without_its_last_day_enters_nothing(manager, until):
    assert "not on the list any more" in words(send(manager, REPUBLIC, until=until))
    assert not TimeOff.objects.exists()


def test_nobody_has_looked_further_than_the_list_or_less_far_than_before(manager):
    send(manager, until="9999-12-31")
    assert ClinicSettings.load().holidays_checked_until == LAST
    send(manager, until="2026-12-01")
    assert ClinicSettings.load().holidays_checked_until == LAST


def test_the_verb_refuses_a_day_that_is_no_holiday():
    with pytest.raises(NotAHoliday):
        accept(days=[date(2026, 12, 24)], until=LAST, by=reception(), now=NOW)


def test_it_changes_nothing_else_of_the_settings():
    ClinicSettings.objects.create(pk=1, phone="+911123456789")
    accept(days=[], until=LAST, by=reception(), now=NOW)
    assert ClinicSettings.load().phone == "+911123456789"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("until", [LAST, None, "never saved"], ids=str)
def test_two_managers_at_once_enter_each_holiday_once(transactional_db, until):
    if until != "never saved":
        ClinicSettings.objects.create(pk=1, holidays_checked_until=until)
    call = functools.partial(accept, days=[CHRISTMAS, REPUBLIC], until=LAST, by=reception(), now=NOW)
    ends = rush([call] * 8, table="appointments_timeoff")
    assert sorted(len(end) for end in ends) == [0] * 7 + [2]
    assert TimeOff.objects.count() == 2


def test_it_takes_the_same_queries_however_many_visits_there_are(manager, clinic, django_assert_num_queries):
    with django_assert_num_queries(6):  # session, user, two for rights; days off, visits
        manager.get(URL)
    accept(days=[CHRISTMAS, REPUBLIC], until=LAST, by=reception(), now=NOW)
    for hour in range(10, 13):
        factories.appointment(clinician=clinic.clinician, service=clinic.service, starts_at=at(CHRISTMAS, f"{hour}:00"))
    with django_assert_num_queries(6):
        manager.get(URL)
