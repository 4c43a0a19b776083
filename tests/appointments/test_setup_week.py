"""The week of a clinician: the verb that sets it, and the grid in which it is typed. Reception may do both."""

import functools
from datetime import time, timedelta

import pytest

from appointments.admin.setup.grid import WeekForm
from appointments.models import Clinician, WorkingHours
from appointments.setup.week import (
    HoursClash,
    HoursEndFirst,
    NoSuchClinician,
    WeekChanged,
    difference,
    digest,
    every_week,
    set_week,
)
from ipsc import clock
from ipsc.roles import MANAGER, RECEPTION
from tests import factories
from tests.appointments.desk import reception
from tests.factories import NOW, TODAY, TOMORROW, at
from tests.gate import rush
from tests.staff import client_of, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_nine")]

BASE = "/admin/appointments/appointment/setup/"
MONDAY, TUESDAY = 0, 1


@pytest.fixture
def clinician() -> Clinician:
    return factories.clinician(name="Consultant, spine")


@pytest.fixture
def desk():
    return client_of(RECEPTION)


def span(weekday=MONDAY, opens=10, closes=13):
    return every_week(weekday, time(opens), time(closes))


def rows_of(clinician) -> list[str]:
    return [str(row) for row in clinician.hours.order_by("weekday", "opens")]


def set_(clinician, *week, **options):
    return set_week(clinician=clinician, week=week, by=reception(), now=NOW, **options)


# The verb


def test_it_adds_changes_and_removes_rows_and_keeps_the_others(clinician):
    factories.hours(clinician, weekdays=[0, 1, 2])
    monday, tuesday, wednesday = clinician.hours.order_by("weekday")
    set_(clinician, span(0), span(1, 9, 12), span(3, 17, 0))
    assert rows_of(clinician) == ["Monday 10:00–13:00", "Tuesday 09:00–12:00", "Thursday 17:00–00:00"]
    assert monday.history.count() == 1
    last = tuesday.history.first()
    assert (last.history_type, last.actor, last.history_change_reason) == ("~", "reception", "week set")
    gone = WorkingHours.history.filter(id=wednesday.pk).first()
    assert (gone.history_type, gone.actor) == ("-", "reception")
    added = clinician.hours.get(weekday=3).history.get()
    assert (added.history_type, added.actor) == ("+", "reception")


def test_the_same_week_again_changes_nothing_however_old_its_form_is(clinician):
    factories.hours(clinician, weekdays=[0])
    assert set_(clinician, span(), seen="long ago") == []
    assert clinician.hours.get().history.count() == 1


def test_it_refuses_a_week_made_from_hours_that_are_no_more(clinician):
    (row,) = factories.hours(clinician, weekdays=[0])
    seen = digest([row])
    set_(clinician, span(0, 9, 12), seen=seen)
    with pytest.raises(WeekChanged):
        set_(clinician, span(0, 17, 20), seen=seen)
    assert rows_of(clinician) == ["Monday 09:00–12:00"]


def test_it_refuses_hours_that_overlap_or_end_first(clinician):
    with pytest.raises(HoursClash):
        set_(clinician, span(0, 10, 13), span(0, 12, 14))
    with pytest.raises(HoursClash):
        set_(clinician, span(), span())
    with pytest.raises(HoursEndFirst):
        set_(clinician, span(0, 13, 10))
    assert not clinician.hours.exists()


def test_hours_may_touch_and_may_end_at_midnight(clinician):
    set_(clinician, span(0, 10, 13), span(0, 13, 0))
    assert len(rows_of(clinician)) == 2


def test_it_leaves_special_hours_alone_and_refuses_to_overlap_them(clinician):
    factories.hours(clinician, "17:00", "20:00", weekdays=[0], every=2, valid_from=TODAY)
    factories.hours(clinician, "08:00", "09:00", weekdays=[1], online_cap=2)
    set_(clinician, span())
    assert len(rows_of(clinician)) == 3
    set_(clinician)
    assert len(rows_of(clinician)) == 2
    with pytest.raises(HoursClash):
        set_(clinician, span(0, 19, 21))


def test_samples_become_the_clinics_own(clinician):
    factories.hours(clinician, weekdays=[0, 1], is_sample=True)
    set_(clinician, span(0), span(1, 9, 10))
    assert not clinician.hours.filter(is_sample=True).exists()
    assert [row.history.count() for row in clinician.hours.all()] == [2, 2]


def test_it_tells_which_visits_lie_outside_by_that(clinician):
    factories.hours(clinician)
    factories.appointment(clinician=clinician, starts_at=at(TOMORROW, "10:00"))
    leaves = factories.appointment(clinician=clinician, starts_at=at(TOMORROW, "12:00"))
    week = [span(day, 10, 12) for day in range(7)]
    assert set_(clinician, *week) == [leaves]


def test_it_refuses_somebody_who_has_been_removed(clinician):
    gone = Clinician.objects.get(pk=clinician.pk)
    clinician.delete()
    with pytest.raises(NoSuchClinician):
        set_(gone, span())


def test_difference_changes_in_order_what_stays_on_its_day(clinician):
    morning, evening = factories.hours(clinician, weekdays=[0]) + factories.hours(
        clinician, "17:00", "20:00", weekdays=[0]
    )
    found = difference([evening, morning], [span(0, 9, 12), span(0, 17, 20), span(1)])
    assert (found.kept, found.changed) == ([evening], [(morning, span(0, 9, 12))])
    assert (found.added, found.gone) == ([span(1)], [])
    found = difference([evening, morning], [span(0, 8, 9)])
    assert (found.changed, found.gone) == ([(morning, span(0, 8, 9))], [evening])


@pytest.mark.django_db(transaction=True)
def test_two_at_once_save_one_week_and_tell_the_other(transactional_db):
    clinician = factories.clinician()
    (row,) = factories.hours(clinician, weekdays=[0])
    seen, by = digest([row]), reception()
    calls = [
        functools.partial(set_week, clinician=clinician, week=[week], by=by, now=NOW, seen=seen)
        for week in (span(0, 9, 12), span(0, 17, 20))
    ]
    ends = rush(calls, table="appointments_workinghours")
    assert sorted(type(end) for end in ends if isinstance(end, Exception)) == [WeekChanged]
    assert len(rows_of(clinician)) == 1


@pytest.mark.django_db(transaction=True)
def test_five_times_the_same_form_at_once_makes_one_week(transactional_db):
    clinician, by = factories.clinician(), reception()
    call = functools.partial(set_week, clinician=clinician, week=[span()], by=by, now=NOW, seen=digest([]))
    assert rush([call] * 5, table="appointments_workinghours") == [[]] * 5
    assert rows_of(clinician) == ["Monday 10:00–13:00"]


# Times as they are typed


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("9", "09:00"),
        ("09", "09:00"),
        ("9.30", "09:30"),
        ("0930", "09:30"),
        ("930", "09:30"),
        ("9:30", "09:30"),
        ("09:30:00", "09:30"),
        ("9:30 am", "09:30"),
        ("9:30AM", "09:30"),
        ("9 a.m.", "09:00"),
        ("5 pm", "17:00"),
        ("12 am", "00:00"),
        ("12 pm", "12:00"),
        ("12:30 p.m.", "12:30"),
        ("९:३०", "09:30"),
        ("०९३०", "09:30"),
        ("９：３０", "09:30"),
        (" 17 : 00 ", "17:00"),
        ("24:00", "24:00"),
        ("24", "24:00"),
        ("0", "00:00"),
    ],
)
def test_it_reads_times_as_people_type_them(typed, read):
    assert clock.read(typed) == read


@pytest.mark.parametrize(
    "typed",
    [
        "x",
        "25",
        "9:60",
        "24:01",
        "13 pm",
        "0 am",
        "-9",
        "9:3",
        "9:30:15",
        "1e1",
        "9-13",
        "\0",
        "½",
        "9" * 20,
        "٩:",
    ],
)
def test_it_reads_nothing_into_what_is_no_time(typed):
    with pytest.raises(ValueError):  # noqa: PT011 – the field has the words
        clock.read(typed)


# The pages


def url(clinician) -> str:
    return f"{BASE}week/{clinician.pk}/"


def shown(browser, clinician) -> dict[str, str]:
    """The grid as the browser would send it back."""
    form = browser.get(url(clinician)).context["form"]
    return {name: str(form[name].value() or "") for name in form.fields}


def save(browser, clinician, **typed):
    return browser.post(url(clinician), shown(browser, clinician) | typed)


def errors(response) -> dict[str, str]:
    return {name: " ".join(found) for name, found in response.context["form"].errors.items()}


def test_reception_sets_a_week(desk, clinician):
    response = save(
        desk, clinician, monday_0_opens="9", monday_0_closes="1.30 pm", friday_2_opens="17", friday_2_closes="24"
    )
    assert response.status_code == 302
    assert rows_of(clinician) == ["Monday 09:00–13:30", "Friday 17:00–00:00"]
    told = words(desk.get(f"{BASE}hours/"))
    assert "Monday 09:00–13:30 Friday 17:00–24:00" in told
    assert clinician.hours.first().history.get().actor == "reception"


def test_a_manager_does_so_too_and_days_alike_stand_together(clinician):
    manager = client_of(MANAGER)
    factories.hours(clinician, weekdays=[0, 1, 2, 4])
    assert "Monday–Wednesday 10:00–13:00 Friday 10:00–13:00" in words(manager.get(f"{BASE}hours/"))
    assert save(manager, clinician, friday_0_opens="", friday_0_closes="").status_code == 302
    assert len(rows_of(clinician)) == 3


def test_copying_monday_fills_the_form_and_saves_nothing(desk, clinician):
    factories.hours(clinician, weekdays=[0, 5])
    response = save(desk, clinician, copy="monday", monday_1_opens="17", monday_1_closes="oops")
    assert response.status_code == 200
    form = response.context["form"]
    assert [form[f"{day}_0_opens"].value() for day in ("tuesday", "friday", "saturday", "sunday")] == [
        "10:00",
        "10:00",
        "10:00",
        "",
    ]
    assert form["thursday_1_closes"].value() == "oops"
    assert "They are not saved yet." in response.content.decode()
    assert len(rows_of(clinician)) == 2
    typed = {name: str(form[name].value() or "") for name in form.fields}
    for day in ("monday", "tuesday", "wednesday", "thursday", "friday"):
        typed |= {f"{day}_1_opens": "", f"{day}_1_closes": ""}
    assert desk.post(url(clinician), typed).status_code == 302
    assert len(rows_of(clinician)) == 6


@pytest.mark.parametrize(
    ("typed", "field", "told"),
    [
        ({"monday_0_opens": "13", "monday_0_closes": "10"}, "monday_0_closes", "This ends before it begins."),
        ({"monday_0_opens": "9", "monday_0_closes": "9"}, "monday_0_closes", "This ends when it begins."),
        ({"monday_0_opens": "9"}, "monday_0_closes", "Until when?"),
        ({"monday_0_closes": "9"}, "monday_0_opens", "From when?"),
        ({"monday_0_opens": "nine", "monday_0_closes": "10"}, "monday_0_opens", "This is not a time."),
        ({"monday_0_opens": "24", "monday_0_closes": "10"}, "monday_0_opens", "A day begins at 0:00;"),
        ({"monday_0_opens": "\0", "monday_0_closes": "10"}, "monday_0_opens", "This is not a time."),
        (
            {"monday_0_opens": "9", "monday_0_closes": "12", "monday_1_opens": "11", "monday_1_closes": "13"},
            "monday_1_opens",
            "This overlaps the hours from 09:00 to 12:00.",
        ),
        (
            {"monday_0_opens": "9", "monday_0_closes": "12", "monday_1_opens": "9", "monday_1_closes": "12"},
            "monday_1_opens",
            "These hours stand here twice.",
        ),
        (
            {"tuesday_0_opens": "19", "tuesday_0_closes": "21"},
            "tuesday_0_opens",
            "This overlaps the special hours from 17:00 to 20:00",
        ),
    ],
)
def test_it_says_beside_the_cell_what_is_wrong(desk, clinician, typed, field, told):
    factories.hours(clinician, "17:00", "20:00", weekdays=[1], online_cap=3)
    response = save(desk, clinician, **typed)
    assert response.status_code == 200
    assert set(errors(response)) == {field}
    assert told in errors(response)[field]
    assert f'id="id_{field}_error"' in response.content.decode()
    assert len(rows_of(clinician)) == 1


def test_it_says_what_is_wrong_with_both_ends_of_a_cell_once(desk, clinician):
    page = save(desk, clinician, monday_0_opens="nine", monday_0_closes="ten").text
    assert page.count("This is not a time.") == 1
    assert 'id="id_monday_0_opens_error"' in page
    assert 'id="id_monday_0_closes_error"' in page


def test_it_shows_special_hours_and_does_not_touch_them(desk, clinician):
    factories.hours(clinician, weekdays=[0], every=2, valid_from=TODAY, valid_until=TODAY + timedelta(days=90))
    factories.hours(clinician, "17:00", "00:00", weekdays=[1], online_cap=0)
    told = words(desk.get(url(clinician)))
    assert "Monday 10:00–13:00, every 2 weeks, from 25 Nov 2026, until 23 Feb 2027" in told
    assert "Tuesday 17:00–24:00, by phone only" in told
    assert save(desk, clinician, sunday_0_opens="9", sunday_0_closes="10").status_code == 302
    assert len(rows_of(clinician)) == 3


def test_a_stale_form_overwrites_nothing(desk, clinician):
    typed = shown(desk, clinician)
    set_(clinician, span(0, 9, 12))
    response = desk.post(url(clinician), typed | {"monday_0_opens": "17", "monday_0_closes": "20"})
    assert "Somebody else has changed these hours meanwhile." in words(response)
    assert rows_of(clinician) == ["Monday 09:00–12:00"]


@pytest.mark.parametrize("seen", ["", "forged", "0" * 32, "0" * 200, "\0"])
def test_a_forged_form_overwrites_nothing_and_says_so(desk, clinician, seen):
    factories.hours(clinician, weekdays=[0])
    response = save(desk, clinician, seen=seen, monday_0_opens="11")
    assert response.status_code == 200
    assert "Somebody else has changed" in words(response) or "damaged on its way" in words(response)
    assert rows_of(clinician) == ["Monday 10:00–13:00"]


def test_cells_that_never_came_are_no_days_off(desk, clinician):
    rows = factories.hours(clinician)
    response = desk.post(url(clinician), {"seen": digest(rows), "monday_0_opens": "9", "monday_0_closes": "10"})
    assert "This form was damaged on its way." in words(response)
    assert len(rows_of(clinician)) == 7


def test_the_same_form_twice_saves_once(desk, clinician):
    typed = shown(desk, clinician) | {"monday_0_opens": "9", "monday_0_closes": "12"}
    assert [desk.post(url(clinician), typed).status_code for _time in range(2)] == [302, 302]
    assert clinician.hours.get().history.count() == 1


def test_it_warns_of_visits_that_lie_outside_now(desk, clinician):
    factories.hours(clinician)
    factories.appointment(clinician=clinician, starts_at=at(TOMORROW, "12:30"), name="Patient Two")
    response = desk.post(url(clinician), shown(desk, clinician) | {"thursday_0_closes": "12"}, follow=True)
    told = response.content.decode()
    assert "1 visit now lies outside the hours" in told
    assert "Patient Two" in told


def test_a_day_with_four_stretches_gets_a_fourth_cell(desk, clinician):
    for hour in (8, 10, 12, 14):
        factories.hours(clinician, f"{hour:02}:00", f"{hour + 1:02}:00", weekdays=[6])
    assert WeekForm(rows=clinician.hours.all()).width == 4
    assert save(desk, clinician, monday_0_opens="9", monday_0_closes="10").status_code == 302
    assert len(rows_of(clinician)) == 5


def test_a_sample_says_that_its_hours_go_with_it(desk):
    sample = factories.clinician(is_sample=True)
    assert "This is a sample." in words(desk.get(url(sample)))


def test_nobody_is_found_under_a_nonsense_id(desk):
    assert desk.get(f"{BASE}week/{'9' * 30}/").status_code == 404
    assert desk.get(f"{BASE}week/4711/").status_code == 404
    assert desk.post(f"{BASE}week/4711/", {"monday_0_opens": "9"}).status_code == 404


def test_a_name_full_of_markup_is_shown_as_text(desk):
    evil = factories.clinician(name="<script>alert(1)</script>" + "x" * 90)
    for address in (url(evil), f"{BASE}hours/"):
        assert "<script>alert" not in desk.get(address).content.decode()


def test_the_pages_take_the_same_queries_however_many_there_are(desk, clinician, django_assert_num_queries):
    factories.hours(clinician)
    with django_assert_num_queries(6):  # session, user, two for rights; clinicians, hours
        desk.get(f"{BASE}hours/")
    for _each in range(4):
        factories.hours(factories.clinician())
    with django_assert_num_queries(6):
        desk.get(f"{BASE}hours/")
    with django_assert_num_queries(6):  # and one clinician with the hours
        desk.get(url(clinician))
