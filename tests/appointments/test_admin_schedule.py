"""Hours, time off, clinicians and services in the admin: what reception does alone, and what is said of slips."""

from datetime import date, time, timedelta

import pytest

from appointments.admin.hours import Interval
from appointments.models import Clinician, Service, Status, TimeOff, WorkingHours
from ipsc.models import ClinicSettings
from ipsc.roles import MANAGER, RECEPTION
from tests import factories
from tests.factories import NOW, TODAY, TOMORROW, at
from tests.staff import admin_url, client_of, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_nine")]


@pytest.fixture
def desk():
    return client_of(RECEPTION)


@pytest.fixture
def manager():
    return client_of(MANAGER)


@pytest.fixture
def clinician() -> Clinician:
    return factories.clinician(name="Consultant, spine")


def hours(weekday=0, opens="10:00", closes="13:00", **fields) -> dict:
    values = {"weekday": weekday, "opens": opens, "closes": closes, "valid_from": "", "valid_until": ""}
    return values | {"every": "1", "online_cap": ""} | fields


def save_hours(browser, clinician, *rows: dict, **fields):
    """Save the clinician's page with these rows of hours; a row with an id changes the one that is there."""
    initial = sum("id" in row for row in rows)
    typed = {"hours-TOTAL_FORMS": len(rows), "hours-INITIAL_FORMS": initial}
    for number, row in enumerate(sorted(rows, key=lambda row: "id" not in row)):
        typed |= {f"hours-{number}-{name}": value for name, value in row.items()}
        typed[f"hours-{number}-clinician"] = clinician.pk
    return browser.post(admin_url("clinician", "change", clinician.pk), typed | fields)


def typed_in(page) -> dict:
    """The form of a page as the browser would send it back."""
    initial = page.context["adminform"].form.initial
    sent = {name: value for name, value in initial.items() if value is not None and value is not False}
    return {name: ",".join(map(str, each)) if isinstance(each, list) else each for name, each in sent.items()}


def errors(response) -> list[dict]:
    return [form.errors for form in response.context["inline_admin_formsets"][0].formset.forms]


# Working hours


def test_reception_adds_changes_and_deletes_hours_alone(desk, clinician):
    assert save_hours(desk, clinician, hours(), hours(closes="00:00", opens="17:00")).status_code == 302
    morning, evening = clinician.hours.order_by("opens")
    assert (evening.opens, evening.closes) == (time(17), time(0))
    assert morning.history.get().actor == "reception"
    changed = hours(closes="14:00", id=morning.pk)
    gone = hours(opens="17:00", closes="00:00", id=evening.pk, DELETE="on")
    assert save_hours(desk, clinician, changed, gone).status_code == 302
    assert [str(row) for row in clinician.hours.all()] == ["Monday 10:00–14:00"]
    last = WorkingHours.history.filter(id=evening.pk).latest()
    assert (last.history_type, last.actor) == ("-", "reception")


def test_reception_cannot_change_who_a_clinician_is(desk, clinician):
    page = desk.get(admin_url("clinician", "change", clinician.pk))
    assert not page.context["adminform"].form.fields
    assert save_hours(desk, clinician, hours(), name="Somebody else", active="").status_code == 302
    clinician.refresh_from_db()
    assert (clinician.name, clinician.active) == ("Consultant, spine", True)
    assert clinician.history.count() == 1


@pytest.mark.parametrize(
    ("row", "field", "told"),
    [
        (hours(opens="13:00", closes="10:00"), "closes", "Working hours end after they begin."),
        (hours(opens="10:00", closes="10:00"), "closes", "Working hours end after they begin."),
        (hours(valid_from="2026-12-02", valid_until="2026-12-01"), "valid_until", "The last day is not before"),
        (hours(every="2"), "valid_from", "Give a first day"),
        (hours(every="0"), "every", ""),
        (hours(every="53"), "every", ""),
        (hours(every="-1"), "every", ""),
        (hours(online_cap="-1"), "online_cap", ""),
        (hours(online_cap="9" * 9), "online_cap", ""),
        (hours(weekday="7"), "weekday", ""),
        (hours(weekday="\0"), "weekday", ""),
        (hours(opens="25:00"), "opens", ""),
        (hours(opens="\0"), "opens", ""),
        (hours(valid_from="31/02/2026"), "valid_from", ""),
    ],
)
def test_it_says_beside_the_field_what_is_wrong_with_hours(desk, clinician, row, field, told):
    response = save_hours(desk, clinician, row)
    assert response.status_code == 200
    assert told in " ".join(errors(response)[0][field])
    assert set(errors(response)[0]) <= {field, "valid_from"}
    assert clinician.hours.count() == 0


def test_it_says_which_hours_overlap(desk, clinician):
    response = save_hours(desk, clinician, hours(), hours(opens="12:59", closes="15:00"))
    assert response.status_code == 200
    assert "These hours overlap the others of that day, from 10:00 to 13:00." in " ".join(errors(response)[1]["opens"])
    assert clinician.hours.count() == 0


def test_it_takes_hours_that_touch_or_replace_others(desk, clinician):
    response = save_hours(
        desk,
        clinician,
        hours(valid_until="2026-11-30"),
        hours(opens="13:00", closes="15:00"),
        hours(opens="11:00", closes="12:00", valid_from="2026-12-01"),
        hours(weekday=1),
    )
    assert response.status_code == 302
    assert clinician.hours.count() == 4


def test_it_compares_with_no_row_that_is_about_to_go(desk, clinician):
    (old,) = factories.hours(clinician, weekdays=[0])
    response = save_hours(desk, clinician, hours(id=old.pk, DELETE="on"), hours(opens="11:00"))
    assert response.status_code == 302


def interval(weekday=0, opens=10, closes=13, valid_from=None, valid_until=None, every=1) -> Interval:
    return Interval(weekday, time(opens), time(closes), valid_from, valid_until, every)


MONDAY = date(2026, 11, 30)
WEEK = timedelta(days=7)


@pytest.mark.parametrize(
    ("one", "other", "overlap"),
    [
        (interval(), interval(), True),
        (interval(), interval(weekday=1), False),
        (interval(), interval(opens=13, closes=0), False),
        (interval(opens=12, closes=0), interval(opens=23, closes=0), True),
        (interval(valid_until=MONDAY), interval(valid_from=MONDAY), True),
        (interval(valid_until=MONDAY - WEEK), interval(valid_from=MONDAY), False),
        (interval(valid_from=MONDAY, every=2), interval(valid_from=MONDAY, every=2), True),
        (interval(valid_from=MONDAY, every=2), interval(valid_from=MONDAY + WEEK, every=2), False),
        # Weeks are counted from the week of the first day, whatever its weekday.
        (interval(valid_from=MONDAY, every=2), interval(valid_from=MONDAY + timedelta(days=6), every=2), True),
        (interval(valid_from=MONDAY, every=2), interval(valid_from=MONDAY + WEEK, every=3), True),
        (interval(valid_from=MONDAY, every=2), interval(valid_from=MONDAY + WEEK, every=4), False),
        (interval(valid_from=MONDAY, every=2), interval(valid_from=MONDAY + 2 * WEEK, every=4), True),
        (interval(valid_from=MONDAY, every=2), interval(), True),
    ],
)
def test_it_knows_when_two_rhythms_meet(one, other, overlap):
    assert one.overlaps(other) is other.overlaps(one) is overlap


def test_changing_hours_of_a_sample_adopts_the_rows_changed_and_no_others(desk, clinician):
    Clinician.objects.update(is_sample=True)
    monday, tuesday = factories.hours(clinician, weekdays=[0, 1], is_sample=True)
    save_hours(desk, clinician, hours(id=monday.pk, closes="14:00"), hours(weekday=1, id=tuesday.pk))
    for row in (monday, tuesday, clinician):
        row.refresh_from_db()
    assert (monday.is_sample, tuesday.is_sample, clinician.is_sample) == (False, True, True)
    assert monday.history.latest().history_change_reason == "sample adopted"


def test_it_says_which_visits_changed_hours_leave_outside(desk, clinician):
    (row,) = factories.hours(clinician, weekdays=[TOMORROW.weekday()])
    for hour in ("10:00", "12:40", "18:00"):
        factories.appointment(clinician=clinician, starts_at=at(TOMORROW, hour), name=f"At {hour}")
    factories.appointment(clinician=clinician, starts_at=at(TOMORROW, "12:00"), status=Status.CANCELLED)
    factories.appointment(starts_at=at(TOMORROW, "12:40"), name="Of somebody else")
    weekday = TOMORROW.weekday()
    later = save_hours(desk, clinician, hours(weekday, id=row.pk, opens="09:00"), _continue="1", follow=True)
    assert "outside the hours" not in words(desk.get(later.headers["Location"]))
    shorter = save_hours(desk, clinician, hours(weekday, id=row.pk, closes="12:45"), _continue="1")
    shown = words(desk.get(shorter.headers["Location"]))
    # What was outside before was meant to be, and is not mentioned.
    assert "Saved, but 1 visit now lies outside the hours: Thu 26 Nov, 12:40 pm, At 12:40 ." in shown
    gone = save_hours(desk, clinician, hours(weekday, id=row.pk, closes="12:45", DELETE="on"), _continue="1")
    assert "1 visit now lies outside the hours: Thu 26 Nov, 10:00 am" in words(desk.get(gone.headers["Location"]))


# Clinicians and services


def test_a_manager_adds_and_changes_a_clinician(manager, clinician):
    service = factories.service()
    typed = {"name": "Consultant, pain", "services": [service.pk], "order": "5", "active": "on"}
    formset = {"hours-TOTAL_FORMS": 0, "hours-INITIAL_FORMS": 0}
    assert manager.post(admin_url("clinician", "add"), typed | formset).status_code == 302
    made = Clinician.objects.get(name="Consultant, pain")
    assert list(made.services.all()) == [service]
    assert {record.actor for record in made.history.all()} == {"manager"}
    assert save_hours(manager, clinician, name="Consultant, knee", order="5").status_code == 302
    clinician.refresh_from_db()
    assert (clinician.name, clinician.active) == ("Consultant, knee", False)


def test_it_says_when_a_registration_number_is_another_clinicians(manager, clinician):
    numbered = {"council": "DMC", "registration_number": "1"}
    factories.clinician(**numbered)
    response = save_hours(manager, clinician, name="Consultant, knee", order="5", **numbered)
    assert "Another clinician already has this council and registration number." in words(response)


def test_editing_a_sample_makes_it_the_clinics_own(manager):
    service = factories.service(is_sample=True)
    page = manager.get(admin_url("service", "change", service.pk))
    assert "This is a sample" in words(page)
    typed = typed_in(page)
    manager.post(admin_url("service", "change", service.pk), typed)
    service.refresh_from_db()
    assert service.is_sample
    page = manager.post(admin_url("service", "change", service.pk), typed | {"fee": "500"}, follow=True)
    service.refresh_from_db()
    assert (service.is_sample, service.fee) == (False, 500)
    assert "it is the clinic’s own now" in words(page)
    latest = service.history.latest()
    assert (latest.actor, latest.history_change_reason) == ("manager", "sample adopted")


@pytest.mark.parametrize(
    ("typed", "kept"), [("7,1", [7, 1]), ("", []), (" 5 , 2 ", [5, 2]), ("0", None), ("31", None), ("soon", None)]
)
def test_a_manager_chooses_when_patients_are_reminded(manager, typed, kept):
    service = factories.service()
    url = admin_url("service", "change", service.pk)
    page = manager.post(url, typed_in(manager.get(url)) | {"email_reminders": typed})
    service.refresh_from_db()
    if kept is None:
        assert page.context["adminform"].form.errors.keys() == {"email_reminders"}
        assert service.email_reminders == [3, 1]
    else:
        assert service.email_reminders == kept


def test_it_says_when_another_service_stands_first_already(manager):
    factories.service(first_choice=True)
    other = factories.service()
    typed = typed_in(manager.get(admin_url("service", "change", other.pk))) | {"first_choice": "on"}
    response = manager.post(admin_url("service", "change", other.pk), typed)
    assert response.status_code == 200
    assert "Another service already stands first" in words(response)


@pytest.mark.parametrize("fields", [{"duration": "4"}, {"duration": "9" * 20}, {"slug": "ä b"}, {"name": "\0"}])
def test_it_says_what_is_wrong_with_a_service(manager, fields):
    service = factories.service()
    typed = typed_in(manager.get(admin_url("service", "change", service.pk))) | fields
    response = manager.post(admin_url("service", "change", service.pk), typed)
    assert response.status_code == 200
    assert response.context["adminform"].form.errors.keys() == fields.keys()


@pytest.mark.parametrize("model", ["service", "clinician"])
def test_nobody_deletes_what_visits_hang_on(manager, model):
    row = factories.service() if model == "service" else factories.clinician()
    assert manager.post(admin_url(model, "delete", row.pk), {"post": "yes"}).status_code == 403
    assert (Service if model == "service" else Clinician).objects.filter(pk=row.pk).exists()


@pytest.mark.parametrize("model", ["service", "clinician", "timeoff", "patient"])
@pytest.mark.parametrize("key", ["abc", "-1", "9" * 30, "%00", "0"])
def test_it_leads_back_from_what_does_not_exist(manager, model, key):
    for page in ("change", "history"):
        response = manager.get(f"/admin/appointments/{model}/{key}/{page}/", follow=True)
        assert response.status_code == 200


def test_it_shows_the_history_of_hours_and_services_of_a_clinician(manager, clinician):
    service = factories.service(name="First consultation")
    save_hours(manager, clinician, name="Consultant, knee", order="5", active="on", services=[service.pk])
    shown = words(manager.get(admin_url("clinician", "history", clinician.pk)))
    assert "Name or role: Consultant, spine → Consultant, knee" in shown
    assert "Services: – → First consultation" in shown


# Time off


def test_it_lists_whole_days_as_days(desk, clinician):
    factories.time_off(at(TOMORROW, "00:00"), at(TOMORROW + timedelta(days=2), "00:00"), clinician)
    factories.time_off(at(TODAY, "14:00"), at(TODAY, "15:00"))
    shown = words(desk.get(admin_url("timeoff", "list")))
    assert "Consultant, spine Thu 26 Nov Fri 27 Nov" in shown
    assert "Whole clinic Wed 25 Nov, 2:00 pm Wed 25 Nov, 3:00 pm" in shown


def take_off(browser, *args, **fields):
    typed = {
        "clinician": "",
        "first_day": "2026-11-26",
        "from_time": "",
        "last_day": "",
        "until_time": "",
        "reason": "",
    }
    return browser.post(admin_url("timeoff", "change" if args else "add", *args), typed | fields, follow=True)


@pytest.mark.parametrize(
    ("fields", "begins", "ends"),
    [
        ({}, at(TOMORROW, "00:00"), at(TOMORROW + timedelta(days=1), "00:00")),
        ({"last_day": "2026-11-28"}, at(TOMORROW, "00:00"), at(TOMORROW + timedelta(days=3), "00:00")),
        ({"from_time": "14:00"}, at(TOMORROW, "14:00"), at(TOMORROW + timedelta(days=1), "00:00")),
        ({"from_time": "14:00", "until_time": "15:30"}, at(TOMORROW, "14:00"), at(TOMORROW, "15:30")),
        (
            {"from_time": "14:00", "last_day": "2026-11-27", "until_time": "10:00"},
            at(TOMORROW, "14:00"),
            at(TOMORROW + timedelta(days=1), "10:00"),
        ),
    ],
)
def test_reception_takes_time_off_in_days_and_hours(desk, clinician, fields, begins, ends):
    take_off(desk, clinician=clinician.pk, **fields)
    row = TimeOff.objects.get()
    assert (row.clinician, row.starts_at, row.ends_at) == (clinician, begins, ends)
    assert row.history.get().actor == "reception"
    # Shown again as it was typed, and the same when it is saved again.
    form = desk.get(admin_url("timeoff", "change", row.pk)).context["adminform"].form
    again = {name: form[name].value() or "" for name in form.fields}
    take_off(desk, row.pk, **again)
    row.refresh_from_db()
    assert (row.starts_at, row.ends_at) == (begins, ends)
    assert row.history.count() == 1


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"first_day": ""}, "first_day"),
        ({"first_day": "31.02.2026"}, "first_day"),
        ({"first_day": "9999-12-31"}, "first_day"),
        ({"first_day": "\0"}, "first_day"),
        ({"last_day": "2026-11-25"}, "last_day"),
        ({"from_time": "14:00", "until_time": "14:00"}, "until_time"),
        ({"from_time": "14:00", "until_time": "9:00"}, "until_time"),
        ({"until_time": "late"}, "until_time"),
        ({"clinician": "9" * 30}, "clinician"),
        ({"clinician": "x"}, "clinician"),
        ({"reason": "x" * 201}, "reason"),
    ],
)
def test_it_says_what_is_wrong_with_time_off(desk, fields, field):
    response = take_off(desk, **fields)
    assert response.context["adminform"].form.errors.keys() == {field}
    assert TimeOff.objects.count() == 0


def test_it_saves_time_off_and_says_which_visits_lie_in_it(desk, clinician):
    inside = [
        factories.appointment(clinician=clinician, starts_at=at(TOMORROW, f"{hour}:00"), name=f"Patient {hour}")
        for hour in (10, 11, 12)
    ]
    factories.appointment(clinician=clinician, starts_at=at(TOMORROW, "13:00"), status=Status.CANCELLED)
    factories.appointment(clinician=clinician, starts_at=at(TODAY, "10:00"))
    factories.appointment(starts_at=at(TOMORROW, "10:00"))
    page = take_off(desk, clinician=clinician.pk)
    shown = words(page)
    assert "Saved, but 3 visits lie in this time: Thu 26 Nov, 10:00 am, Patient 10 ; Thu 26 Nov, 11:00 am" in shown
    assert "Move or cancel them" in shown
    assert admin_url("appointment", "change", inside[2].pk) in page.content.decode()
    row = TimeOff.objects.get()
    assert "3 visits lie in this time: move or cancel them" in words(desk.get(admin_url("timeoff", "change", row.pk)))


def test_it_counts_the_visits_of_everybody_when_the_whole_clinic_is_closed(desk):
    for name in ("<b>One</b>", "Two"):
        factories.appointment(name=name)
    page = take_off(desk)
    assert "2 visits lie in this time" in words(page)
    assert "<b>One</b>" not in page.content.decode()


def test_it_counts_no_visit_that_only_touches(desk, clinician):
    factories.appointment(clinician=clinician, starts_at=at(TOMORROW, "10:00"))
    page = take_off(desk, clinician=clinician.pk, from_time="10:20", until_time="11:00")
    assert "in this time" not in words(page)


def test_reception_deletes_time_off_and_history_says_so(desk):
    row = factories.time_off(at(TOMORROW, "00:00"), at(TOMORROW, "12:00"))
    assert desk.post(admin_url("timeoff", "delete", row.pk), {"post": "yes"}).status_code == 302
    last = TimeOff.history.latest()
    assert (last.history_type, last.actor) == ("-", "reception")


def test_it_lists_what_is_ahead_beside_the_hours(desk, clinician):
    factories.time_off(at(TOMORROW, "00:00"), at(TOMORROW, "12:00"), clinician, reason="Conference")
    factories.time_off(NOW - timedelta(days=2), NOW - timedelta(days=1), clinician, reason="Long ago")
    shown = words(desk.get(admin_url("clinician", "change", clinician.pk)))
    assert "Conference" in shown
    assert "Long ago" not in shown


@pytest.mark.parametrize(("model", "most"), [("clinician", 8), ("service", 7), ("timeoff", 8)])
def test_the_lists_take_the_same_queries_however_long_they_are(manager, model, most, django_assert_num_queries):
    def look():
        assert manager.get(admin_url(model, "list")).status_code == 200

    def more():
        row = factories.clinician(services=[factories.service()])
        factories.time_off(at(TOMORROW, "00:00"), at(TOMORROW, "12:00"), row)

    more()
    look()
    with django_assert_num_queries(most):  # session, user, two for rights, settings; count, rows; services, filter
        look()
    for _each in range(4):
        more()
    with django_assert_num_queries(most):
        look()


# What the public pages tell of them


def new_clinician(manager, **fields):
    empty = {"hours-TOTAL_FORMS": 0, "hours-INITIAL_FORMS": 0, "order": 100, "active": "on"}
    return manager.post(admin_url("clinician", "add"), empty | fields)


@pytest.mark.parametrize(
    ("name", "slug", "address"),
    [
        ("Consultant, spine", "consultant-spine", "consultant-spine"),
        ("सलाहकार, रीढ़", "", None),
        ("Consultant, pain", "", "consultant-pain"),
    ],
)
def test_a_clinician_has_an_address_even_where_the_name_gives_none(manager, name, slug, address):
    assert new_clinician(manager, name=name, slug=slug).status_code == 302
    row = Clinician.objects.get()
    assert row.slug == (address or row.slug) != ""


def test_of_two_of_one_name_the_second_gets_another_address(manager):
    new_clinician(manager, name="Consultant, pain", slug="")
    new_clinician(manager, name="Consultant (pain)", slug="")
    assert Clinician.objects.get(name="Consultant (pain)").slug != "consultant-pain"


def test_an_address_is_anothers_only_once(manager):
    factories.clinician(slug="consultant-spine")
    assert "already exists" in new_clinician(manager, name="Another", slug="consultant-spine").text


def test_a_name_in_the_field_of_the_other_language_is_saved_with_a_word_of_warning(manager):
    new_clinician(manager, name="सलाहकार", name_hi="Consultant")
    shown = words(manager.get("/admin/"))
    assert "“Name or role” is written in Hindi" in shown
    assert "“Name or role (Hindi)” holds no Hindi letters" in shown
    assert Clinician.objects.get().name_hi == "Consultant"


@pytest.mark.parametrize("name", ["x" * 121, "x" * 300, "\0"])
def test_a_name_that_is_too_long_or_none_is_refused_in_words(manager, name):
    page = new_clinician(manager, name=name)
    assert page.status_code == 200
    assert page.context["adminform"].form.errors["name"]
    assert not Clinician.objects.exists()


def test_a_new_service_begins_with_the_notice_and_horizon_of_the_clinic(manager):
    ClinicSettings(pk=1, default_notice=12, default_horizon=14).save()
    initial = manager.get(admin_url("service", "add")).context["adminform"].form
    assert (initial["notice"].value(), initial["horizon"].value()) == (12, 14)


def test_a_holiday_is_the_whole_clinics(manager, clinician):
    day = {"first_day": "2026-12-25", "holiday": "Christmas", "holiday_hi": "क्रिसमस"}
    page = manager.post(admin_url("timeoff", "add"), day | {"clinician": clinician.pk})
    assert page.context["adminform"].form.errors["clinician"]
    assert manager.post(admin_url("timeoff", "add"), day).status_code == 302
    assert (TimeOff.objects.get().holiday, TimeOff.objects.get().holiday_hi) == ("Christmas", "क्रिसमस")
