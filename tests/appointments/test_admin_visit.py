"""The page of one visit in the admin, and the buttons that take it through its day."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.functional import Promise

from appointments import booking
from appointments.admin.forms import DetailsForm
from appointments.admin.steps import LABELS, ONWARD
from appointments.booking import STEPS
from appointments.models import Status
from ipsc.roles import RECEPTION
from tests import factories
from tests.appointments.desk import details, everything, reception, records
from tests.factories import NOW, TODAY, TOMORROW, at
from tests.staff import admin_url, client_of, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_nine")]

JUST_NOW = at(TODAY, "08:50")
CHANGED = "The appointment has changed meanwhile; look at it again before you go on."


@pytest.fixture
def desk():
    return client_of(RECEPTION)


@pytest.fixture
def visit():
    return factories.appointment(starts_at=at(TODAY, "10:00"), name="Patient One")


def look(desk, visit):
    response = desk.get(admin_url("appointment", "change", visit.pk))
    assert response.status_code == 200
    return response


def press(desk, visit, to: str, sequence: int | None = None, **typed):
    go = f"{to}:{visit.sequence if sequence is None else sequence}"
    return desk.post(admin_url("appointment", "step", visit.pk), {"go": go} | typed)


def send(desk, page: str, visit, **typed):
    return desk.post(admin_url("appointment", page, visit.pk), {"sequence": visit.sequence} | typed)


def buttons(page) -> set[str]:
    return {step.to for step in page.context["steps"]}


def test_it_shows_the_visit_calmly(desk):
    row = factories.appointment(
        starts_at=at(TODAY, "10:00"),
        name="सुनीता देवी",
        phone="+919876543210",
        email="patient@example.org",
        reason="Pain in the <b>back</b>",
        age_years=62,
        needs_attendant=True,
        for_someone_else=True,
        contact_name="Relative One",
        contact_relation="daughter",
    )
    page = look(desk, row)
    shown = words(page)
    for told in ("सुनीता देवी", "62 years", "10:00 am Wednesday 25 November 2026", "booked", "attendant", "online"):
        assert told in shown
    for told in (row.spoken_reference, "patient@example.org", "Relative One (daughter)", "+91 98765 43210"):
        assert told in shown
    assert "Pain in the <b>back</b>" in shown
    assert "<b>back</b>" not in page.content.decode()


def test_it_has_no_form_that_could_save(desk, visit):
    url = admin_url("appointment", "change", visit.pk)
    before = everything()
    assert desk.post(url, {"name": "Somebody else", "status": "fulfilled"}).status_code == 405
    assert everything() == before


@pytest.mark.parametrize("key", ["abc", "-1", "9" * 5_000, "0", "1;2", "%00", "½"])
@pytest.mark.parametrize("page", ["change", "history", "delete", "step", "cancel", "decline", "move", "amend", "link"])
def test_it_has_no_page_for_what_does_not_exist(desk, visit, key, page):
    response = desk.get(f"/admin/appointments/appointment/{key}/{page}/")
    assert response.status_code in (302, 403, 404, 405)


def test_it_says_who_did_what_when_and_why(desk, visit):
    press(desk, visit, Status.ARRIVED)
    send(desk, "amend", fresh(visit), **typed_details(name="Patient Two"))
    shown = words(look(desk, visit))
    assert "reception changed: details corrected Wednesday 25 November 2026, 9:00 am" in shown
    assert "Patient's name: Patient One → Patient Two" in shown
    assert "Status: booked → arrived" in shown
    assert "site made" in shown


def fresh(row):
    row.refresh_from_db()
    return row


def typed_details(**fields) -> dict:
    """The details form of a visit as the browser sends it."""
    values = {"name": "Patient One", "phone": "98000 00001", "age_years": "62", "language": "en"}
    return values | {"phone_is_patients": "on"} | fields


# Steps


def test_it_has_words_for_every_step():
    assert set(LABELS) == {(Status(before), after) for before, afters in STEPS.items() for after in afters}
    assert all(isinstance(label, Promise) for label in LABELS.values())
    assert all(after in STEPS[before] for before, after in ONWARD.items())


@pytest.mark.parametrize(("before", "afters"), STEPS.items())
def test_it_offers_what_the_status_allows_and_nothing_else(desk, before, afters):
    page = look(desk, factories.appointment(status=before, starts_at=JUST_NOW))
    assert buttons(page) == set(afters)
    shown = words(page)
    assert ("Move" in shown) == (before in (Status.REQUESTED, Status.BOOKED))
    assert ("Cancel" in shown) == (before in (Status.REQUESTED, Status.BOOKED, Status.ARRIVED))


@pytest.mark.parametrize(("before", "after"), [(before, after) for before, afters in STEPS.items() for after in afters])
def test_it_takes_every_step_through_the_verb(desk, before, after):
    visit = factories.appointment(status=before, starts_at=JUST_NOW)
    response = press(desk, visit, after)
    assert response.headers["Location"] == admin_url("appointment", "change", visit.pk)
    visit.refresh_from_db()
    assert visit.status == after
    assert records(visit)[-1][1] == "reception"


def test_it_offers_and_takes_nothing_for_which_it_is_too_early(desk):
    tomorrow = factories.appointment(starts_at=at(TOMORROW, "10:00"))
    assert buttons(look(desk, tomorrow)) == set()
    for to in (Status.ARRIVED, Status.NO_SHOW):
        response = press(desk, tomorrow, to)
        assert response.status_code == 409
        assert "It is too early for that" in words(response)


def test_it_goes_back_to_the_list_that_the_button_stood_in(desk, visit):
    here = admin_url("appointment", "list") + "?day=2026-11-25"
    assert press(desk, visit, Status.ARRIVED, next=here).headers["Location"] == here


@pytest.mark.parametrize("there", ["https://example.org/", "//example.org", "javascript:alert(1)", "home", "#"])
def test_it_goes_to_no_other_site(desk, visit, there):
    response = press(desk, visit, Status.ARRIVED, next=there)
    assert response.headers["Location"] == admin_url("appointment", "change", visit.pk)


def test_it_refuses_a_stale_button_in_words_and_shows_the_visit_as_it_is(desk, visit):
    press(desk, visit, Status.ARRIVED)
    response = press(desk, visit, Status.NO_SHOW)
    assert response.status_code == 409
    assert CHANGED in words(response)
    assert "arrived" in words(response)
    assert response.context["steps"][0].go == f"{Status.IN_CONSULTATION}:1"


def test_it_takes_a_button_pressed_twice_once(desk, visit):
    for _time in range(2):
        assert press(desk, visit, Status.ARRIVED, sequence=0).status_code == 302
    assert len(records(visit)) == 2


@pytest.mark.parametrize(
    "go",
    ["", "arrived", "arrived:", "arrived:-1", "arrived:x", "flying:0", ":0", "arrived:" + "9" * 5_000, "ar\0rived:0"],
)
def test_it_takes_no_button_that_the_page_does_not_have(desk, visit, go):
    before = everything()
    response = desk.post(admin_url("appointment", "step", visit.pk), {"go": go})
    assert response.status_code == 409
    assert everything() == before


def test_it_refuses_a_step_that_the_status_does_not_allow(desk, visit):
    response = press(desk, visit, Status.FULFILLED)
    assert response.status_code == 409
    assert CHANGED in words(response)


def test_it_says_in_words_why_a_cancelled_visit_cannot_come_back(desk):
    service = factories.service()
    clinician = factories.clinician(services=[service])
    gone = factories.appointment(service=service, clinician=clinician, status=Status.CANCELLED)
    factories.appointment(service=service, clinician=clinician, name="Patient Two")
    before = everything()
    response = press(desk, gone, Status.BOOKED)
    assert response.status_code == 409
    assert "Another visit has this time by now." in words(response)
    assert everything() == before


@pytest.mark.parametrize("page", ["step", "cancel", "decline", "move", "amend", "link"])
def test_it_needs_the_token_against_forged_requests(page, visit):
    desk = client_of(RECEPTION)
    desk.handler.enforce_csrf_checks = True
    response = desk.post(admin_url("appointment", page, visit.pk), {"go": "arrived:0", "save": 1, "person": "new"})
    assert response.status_code == 403


@pytest.mark.parametrize("method", ["get", "put", "delete", "patch"])
def test_it_steps_by_post_only(desk, visit, method):
    assert getattr(desk, method)(admin_url("appointment", "step", visit.pk)).status_code == 405


@pytest.mark.parametrize("page", ["cancel", "decline", "move", "amend", "link"])
def test_it_knows_no_other_methods(desk, visit, page):
    assert desk.put(admin_url("appointment", page, visit.pk)).status_code == 405


# Cancelling and declining


def test_it_asks_why_before_it_cancels(desk, visit):
    page = desk.get(admin_url("appointment", "cancel", visit.pk))
    assert "Cancel this visit?" in words(page)
    visit.refresh_from_db()
    assert visit.status == Status.BOOKED
    assert send(desk, "cancel", visit, reason="Patient called").status_code == 302
    visit.refresh_from_db()
    assert (visit.status, visit.end_reason, visit.cancelled_by) == (Status.CANCELLED, "Patient called", "reception")
    assert records(visit)[-1][:3] == ("~", "reception", "Patient called")


def test_it_keeps_the_reason_when_the_form_is_stale(desk, visit):
    press(desk, visit, Status.ARRIVED)
    response = send(desk, "cancel", visit, reason="Patient called")
    assert response.status_code == 409
    assert CHANGED in words(response)
    assert response.context["form"]["reason"].value() == "Patient called"
    assert 'name="sequence" value="1"' in response.content.decode()


@pytest.mark.parametrize("sequence", ["", "x", "-1", "9" * 40, "9" * 5_000, "0\0", "٣"])
def test_it_refuses_a_version_that_never_was(desk, visit, sequence):
    before = everything()
    assert send(desk, "cancel", visit, sequence=sequence).status_code == 409
    assert everything() == before


@pytest.mark.parametrize("reason", ["x" * 301, "a\0b"])
def test_it_says_what_is_wrong_with_a_reason(desk, visit, reason):
    response = send(desk, "cancel", visit, reason=reason)
    assert response.status_code == 200
    assert response.context["form"].errors["reason"]
    visit.refresh_from_db()
    assert visit.status == Status.BOOKED


def test_it_cancels_once_however_often_it_is_told(desk, visit):
    for _time in range(2):
        assert send(desk, "cancel", visit, sequence=0).status_code == 302
    assert len(records(visit)) == 2


@pytest.mark.parametrize(("page", "status"), [("cancel", Status.FULFILLED), ("decline", Status.BOOKED)])
def test_it_says_when_it_is_too_late(desk, page, status):
    visit = factories.appointment(status=status)
    response = desk.get(admin_url("appointment", page, visit.pk))
    assert response.status_code == 409
    assert "This is not possible any more" in words(response)
    response = send(desk, page, visit)
    assert response.status_code == 409
    assert CHANGED in words(response)
    assert "steps" in response.context


def test_it_declines_a_request_with_the_reason(desk):
    asked = factories.appointment(status=Status.REQUESTED)
    assert send(desk, "decline", asked, reason="Needs a referral").status_code == 302
    asked.refresh_from_db()
    assert (asked.status, asked.end_reason) == (Status.DECLINED, "Needs a referral")


# Moving


@pytest.fixture
def booked(clinic):
    return factories.appointment(service=clinic.service, clinician=clinic.clinician, starts_at=at(TOMORROW, "10:00"))


def move(desk, visit, **typed):
    values = {"save": 1, "clinician": visit.clinician_id, "day": TOMORROW.isoformat(), "start": "2026-11-26T11:00"}
    return send(desk, "move", visit, **(values | typed))


def test_it_shows_the_free_times_of_the_day_that_is_asked_for(desk, booked):
    page = desk.get(admin_url("appointment", "move", booked.pk))
    assert "Thursday 26 November 2026" in words(page)
    # Its own time counts as free: it may move by a few minutes.
    assert [str(slot.starts_at.time()) for slot in page.context["offer"].slots][:2] == ["04:30:00", "04:50:00"]
    for typed in ({"go_to": "2026-11-27"}, {"day": "2026-11-27", "show": "1"}):
        page = desk.post(admin_url("appointment", "move", booked.pk), typed)
        assert "Friday 27 November 2026" in words(page)
    booked.refresh_from_db()
    assert booked.sequence == 0


def test_it_moves_to_a_time_on_offer(desk, booked):
    assert move(desk, booked).status_code == 302
    booked.refresh_from_db()
    assert booked.starts_at == at(TOMORROW, "11:00")
    assert records(booked)[-1][1:3] == ("reception", "moved")


def test_it_moves_to_a_typed_time_and_another_clinician(desk, booked):
    other = factories.clinician()
    factories.hours(other, "14:00", "15:00")
    assert move(desk, booked, clinician=other.pk, start="", other_time="14:07").status_code == 302
    booked.refresh_from_db()
    assert (booked.starts_at, booked.clinician) == (at(TOMORROW, "14:07"), other)


def test_it_asks_before_it_goes_outside_hours_and_keeps_what_was_typed(desk, booked):
    response = move(desk, booked, start="", other_time="20:00")
    assert response.status_code == 409
    assert "The clinician does not work at that time." in words(response)
    assert response.context["form"]["other_time"].value() == "20:00"
    assert move(desk, booked, start="", other_time="20:00", outside_hours="on").status_code == 302


def test_it_squeezes_in_with_a_reason(desk, booked, clinic):
    factories.appointment(
        service=clinic.service, clinician=clinic.clinician, starts_at=at(TOMORROW, "12:00"), name="Patient Two"
    )
    response = move(desk, booked, start="", other_time="12:00")
    assert response.status_code == 409
    assert "Another visit is at that time." in words(response)
    assert move(desk, booked, start="", other_time="12:00", squeeze_in_reason="In great pain").status_code == 302
    booked.refresh_from_db()
    assert (booked.squeeze_in, booked.squeeze_in_reason) == (True, "In great pain")


def test_it_refuses_to_move_what_has_changed_meanwhile(desk, booked):
    booking.amend(appointment=booked, details=details(), by=reception(), now=NOW)
    response = move(desk, booked)
    assert response.status_code == 409
    assert CHANGED in words(response)


@pytest.mark.parametrize("status", [Status.ARRIVED, Status.FULFILLED, Status.CANCELLED])
def test_it_moves_nothing_that_is_over(desk, status):
    visit = factories.appointment(status=status)
    assert desk.get(admin_url("appointment", "move", visit.pk)).status_code == 409
    assert move(desk, visit).status_code == 409


@pytest.mark.parametrize(
    ("typed", "field", "told"),
    [
        ({"start": ""}, "start", "Choose a time."),
        ({"start": "2026-11-26T11:00", "other_time": "12:00"}, "other_time", "not both"),
        ({"start": "2026-11-27T11:00"}, "start", "Choose a time of Thursday 26 November 2026."),
        ({"start": "soon"}, "start", "Choose a time of"),
        ({"start": "2026-11-26T11:00\0"}, "start", ""),
        ({"start": "x" * 10_000}, "start", ""),
        ({"day": "31/02/2026"}, "day", "This is not a day."),
        ({"day": "9999-12-31"}, "day", "too far away"),
        ({"day": "2026\0-11-26"}, "day", ""),
        ({"other_time": "25:00", "start": ""}, "other_time", "This is not a time."),
        ({"clinician": ""}, "clinician", ""),
        ({"clinician": "abc"}, "clinician", "not there any more"),
        ({"clinician": "9" * 30}, "clinician", "not there any more"),
        ({"squeeze_in_reason": "x" * 201}, "squeeze_in_reason", ""),
    ],
)
def test_it_says_beside_the_field_what_is_wrong(desk, booked, typed, field, told):
    before = everything()
    response = move(desk, booked, **typed)
    assert response.status_code == 200
    assert told in " ".join(response.context["form"].errors[field])
    assert "Nothing is saved yet" in words(response)
    assert everything() == before


# Correcting


def test_it_corrects_the_details_through_the_verb(desk, visit):
    page = desk.get(admin_url("appointment", "amend", visit.pk))
    assert page.context["form"]["name"].value() == "Patient One"
    typed = typed_details(name="सुनीता देवी", phone="+44 20 7946 0958", needs_wheelchair="on", language="hi")
    assert send(desk, "amend", visit, **typed).status_code == 302
    visit.refresh_from_db()
    assert (visit.name, visit.search_name, visit.language) == ("सुनीता देवी", "sunita devi /snt/ /dv/", "hi")
    assert (visit.phone.as_e164, visit.needs_wheelchair, visit.sequence) == ("+442079460958", True, 1)
    assert visit.consent_version == factories.CONSENT


def test_it_keeps_typed_corrections_when_the_visit_has_changed_meanwhile(desk, visit):
    press(desk, visit, Status.ARRIVED)
    response = send(desk, "amend", visit, **typed_details(name="Patient Two"))
    assert response.status_code == 409
    assert CHANGED in words(response)
    assert response.context["form"]["name"].value() == "Patient Two"


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"name": "a\0b"}, "name"),
        ({"phone": "12"}, "phone"),
        ({"phone": "\0"}, "phone"),
        ({"age_years": "121"}, "age_years"),
        ({"age_years": "-1"}, "age_years"),
        ({"age_years": "9" * 5_000}, "age_years"),
        ({"age_years": "old"}, "age_years"),
        ({"born_on": "2026-11-26"}, "born_on"),
        ({"born_on": "1890-01-01"}, "born_on"),
        ({"born_on": "1999-02-31"}, "born_on"),
        ({"email": "nobody"}, "email"),
        ({"language": "xx"}, "language"),
        ({"reason": "x" * 1001}, "reason"),
        ({"for_someone_else": "on"}, "contact_name"),
        ({"contact_relation": "x" * 61}, "contact_relation"),
        ({"needs_language": "x" * 61}, "needs_language"),
    ],
)
def test_it_refuses_details_that_cannot_be(desk, visit, typed, field):
    before = everything()
    response = send(desk, "amend", visit, **typed_details(**typed))
    assert response.status_code == 200
    assert response.context["form"].errors[field]
    assert everything() == before


def test_it_takes_the_same_queries_however_long_the_history_is(desk, visit):
    def queries() -> int:
        look(desk, visit)
        with CaptureQueriesContext(connection) as captured:
            look(desk, visit)
        return len(captured)

    few = queries()
    for _time in range(3):
        press(desk, fresh(visit), Status.ARRIVED)
        press(desk, fresh(visit), Status.BOOKED)
    for number in range(5):
        factories.patient(name="Patient One", phone=factories.phone(number))
    assert queries() == few


def test_it_agrees_with_the_verb_about_what_details_are():
    """A field that the verb takes and the form leaves out would be wiped by each correction."""
    assert set(DetailsForm.base_fields) == set(vars(details())) - {"consent_version", "consent_at"}
