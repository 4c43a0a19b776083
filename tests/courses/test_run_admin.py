"""The page of a run in the admin: made, changed through its verb, and never past those who are in it."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from courses.models import CourseRun, Enrolment, ProgrammeItem, RunState, Status
from ipsc.models import Message
from ipsc.roles import COURSE_OFFICE
from tests.courses import rows
from tests.factories import NOW, clinic_time
from tests.staff import client_of, words

pytestmark = pytest.mark.django_db
ADD = "/admin/courses/courserun/add/"
LIST = "/admin/courses/courserun/"


@pytest.fixture(autouse=True)
def at_nine():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def office():
    return client_of(COURSE_OFFICE)


def url(run, page="change"):
    return f"/admin/courses/courserun/{run.pk}/{page}/"


def halves(name, moment):
    local = timezone.localtime(moment)
    return {f"{name}_0": f"{local:%Y-%m-%d}", f"{name}_1": f"{local:%H:%M}"}


NO_ITEMS = {"programme-TOTAL_FORMS": "0", "programme-INITIAL_FORMS": "0"}


def new(course, **changed):
    values = {
        "course": course.pk,
        "state": "draft",
        **halves("starts_at", rows.STARTS),
        **halves("ends_at", rows.ENDS),
        "mode": "onsite",
        "language": "English",
        "capacity": "20",
        "queue_capacity": "20",
        "pay_days": "7",
        "refund_full_days": "14",
        "refund_part_percent": "0",
        "refund_part_days": "0",
        **NO_ITEMS,
    }
    return values | changed


def typed(client, run, **changed):
    """What the page of a run sends when nothing is typed, but for what is `changed`."""
    context = client.get(url(run)).context
    values = {}
    for form in [context["adminform"].form, *(each.formset for each in context["inline_admin_formsets"])]:
        forms = [form] if not hasattr(form, "forms") else [form.management_form, *form.forms]
        for each in forms:
            for bound in each:
                found = re.findall(r'name="([^"]+)"', str(bound.as_widget()))
                value = bound.value()
                if hasattr(bound.field.widget, "decompress"):
                    values |= halves(bound.html_name, value) if value else {}
                elif found and value is not None and value is not False:
                    values[bound.html_name] = value
    return values | changed


def change(client, run, **changed):
    return client.post(url(run), typed(client, run, **changed))


# Made


def test_a_new_run_gets_what_follows_from_course_and_start(office):
    course = rows.course(fee=12_000)
    assert office.post(ADD, new(course)).status_code == 302
    run = CourseRun.objects.get()
    assert (run.fee, run.opens_at, run.state) == (12_000, NOW, RunState.DRAFT)
    assert run.closes_at == rows.STARTS - timedelta(days=1)
    assert run.withdraw_until_at == rows.STARTS - timedelta(days=3)
    assert run.history.get().actor == "course-office"


def test_the_same_run_is_not_made_twice(office):
    course = rows.course()
    office.post(ADD, new(course))
    response = office.post(ADD, new(course))
    assert "has a run that begins at this moment already" in words(response)
    assert CourseRun.objects.count() == 1


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (halves("ends_at", rows.STARTS), "A course ends after it begins."),
        (halves("closes_at", rows.ENDS), "closes no later than the course begins"),
        (halves("withdraw_until_at", rows.ENDS), "People withdraw before the course begins."),
        ({"starts_at_0": "0001-01-01"}, "Give a moment of the years 2000 to 2199."),
        ({"starts_at_0": "9999-12-31"}, "Give a moment of the years 2000 to 2199."),
        ({"ends_at_0": "2150-01-01"}, "A run lasts a year at most."),
        ({"starts_at_0": "x"}, "Enter a valid date."),
        ({"capacity": "0"}, "greater than or equal to 1"),
        ({"capacity": str(10**9)}, "less than or equal to"),
        ({"fee": str(10**12)}, "less than or equal to"),
        ({"fee": "-1"}, "greater than or equal to 0"),
        ({"early_fee": "99999999", "early_until_on": "2026-12-01", "fee": "100"}, "An early-bird fee is lower"),
        ({"early_fee": "50", "early_until_on": "2027-01-09", "fee": "100"}, "ends before the course begins"),
        ({"early_fee": "50", "fee": "100"}, "An early-bird fee is lower than the fee and has a last day."),
        ({"refund_part_percent": "50", "refund_part_days": "20"}, "A part is refunded for fewer days"),
        ({"credit_hours": "4"}, "Credit hours come with the council and its reference"),
        ({"title": "a\0b"}, "Null characters are not allowed."),
        ({"venue": "a\0b"}, "Null characters are not allowed."),
        ({"state": "cancelled"}, "Select a valid choice"),
        ({"mode": "x"}, "Select a valid choice"),
        ({"course": "999999"}, "Select a valid choice"),
        ({"pay_days": "0"}, "greater than or equal to 1"),
    ],
)
def test_what_cannot_be_is_told_in_words(office, wrong, told):
    response = office.post(ADD, new(rows.course()) | wrong)
    assert response.status_code == 200
    assert told in words(response)
    assert not CourseRun.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        (halves("ends_at", rows.STARTS), "ends_at"),
        (halves("closes_at", rows.ENDS), "closes_at"),
        (halves("withdraw_until_at", rows.ENDS), "withdraw_until_at"),
        ({"early_fee": "50", "fee": "100"}, "early_fee"),
        ({"refund_part_days": "3"}, "refund_part_percent"),
        ({"credit_hours": "4"}, "credit_hours"),
    ],
)
def test_what_the_database_would_refuse_is_told_beside_its_field(office, wrong, field):
    response = office.post(ADD, new(rows.course()) | wrong)
    assert list(response.context["adminform"].form.errors) == [field]


@pytest.mark.parametrize("query", ["course=x", "course=999999999999", "starts_at=x", "course=%00", "capacity=x"])
def test_an_odd_address_of_the_page_is_no_error(office, query):
    assert office.get(f"{ADD}?{query}").status_code == 200


def test_publishing_a_run_of_a_hidden_course_is_said(office):
    response = office.post(ADD, new(rows.course(published=False), state="published"), follow=True)
    assert "The course itself is not published: nobody outside sees this run." in response.content.decode()


# The programme


def item(number, **changed):
    values = {"day": "1", "begins": "9", "ends": "10.30", "title": "Opening", "kind": "lecture"}
    return {f"programme-{number}-{name}": value for name, value in (values | changed).items()}


def test_the_programme_is_typed_by_the_clock(office):
    speaker = rows.faculty()
    office.post(ADD, new(rows.course()) | item(0, speaker=speaker.pk) | {"programme-TOTAL_FORMS": "1"})
    found = ProgrammeItem.objects.get()
    assert (found.starts_at, found.ends_at) == (rows.STARTS, clinic_time(2027, 1, 9, 10, 30))
    assert found.speaker == speaker
    assert found.history.get().actor == "course-office"


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"begins": "8"}, "This begins before the run does."),
        ({"ends": "18:00"}, "This ends after the run does."),
        ({"ends": "9"}, "An item of the programme ends after it begins."),
        ({"begins": ""}, "Type a time."),
        ({"begins": "99"}, "This is not a time."),
        ({"day": "2"}, "This ends after the run does."),
        ({"day": str(10**9)}, "less than or equal to 366"),
        ({"title": ""}, "This field is required."),
        ({"title": "a\0"}, "Null characters are not allowed."),
        ({"kind": "x"}, "Select a valid choice"),
    ],
)
def test_an_item_outside_of_the_run_is_told(office, wrong, told):
    response = office.post(ADD, new(rows.course()) | item(0, **wrong) | {"programme-TOTAL_FORMS": "1"})
    assert response.status_code == 200
    assert told in words(response)
    assert not ProgrammeItem.objects.exists()


def test_the_programme_moves_with_the_first_day(office):
    run = rows.run()
    rows.item(run)
    later = timedelta(days=7)
    assert (
        change(
            office, run, **halves("starts_at", run.starts_at + later), **halves("ends_at", run.ends_at + later)
        ).status_code
        == 302
    )
    found = ProgrammeItem.objects.get()
    assert found.starts_at == run.starts_at + later
    assert CourseRun.objects.get().starts_at == run.starts_at + later


def test_an_item_is_taken_out(office):
    run = rows.run()
    rows.item(run)
    change(office, run, **{"programme-0-DELETE": "on"})
    assert not ProgrammeItem.objects.exists()
    assert ProgrammeItem.history.first().actor == "course-office"


# Changed


def test_a_change_goes_through_the_verb(office):
    run = rows.run(is_sample=True)
    assert change(office, run, language="Hindi").status_code == 302
    saved = CourseRun.objects.get()
    assert (saved.language, saved.sequence, saved.is_sample) == ("Hindi", 1, False)
    assert saved.history.first().history_change_reason == "revised"


def test_saving_without_a_change_changes_nothing(office):
    run = rows.run(is_sample=True)
    rows.item(run)
    assert change(office, run).status_code == 302
    saved = CourseRun.objects.get()
    assert (saved.sequence, saved.is_sample, saved.history.count()) == (0, True, 1)
    assert ProgrammeItem.objects.get().history.count() == 1


def test_a_changed_programme_makes_a_sample_the_clinics_own(office):
    run = rows.run(is_sample=True)
    rows.item(run)
    change(office, run, **{"programme-0-title": "Other"})
    assert not CourseRun.objects.get().is_sample


def test_two_tabs_do_not_undo_each_other(office):
    run = rows.run()
    mine = typed(office, run, language="Hindi")
    change(office, run, language="Tamil")
    response = office.post(url(run), mine)
    assert "Somebody else has changed this since you opened the page" in words(response)
    assert CourseRun.objects.get().language == "Tamil"
    # Looked at once more, and sent again, it holds.
    again = mine | {"seen": response.context["adminform"].form["seen"].value()}
    assert office.post(url(run), again).status_code == 302
    assert CourseRun.objects.get().language == "Hindi"


@pytest.mark.parametrize("seen", ["", "x", "99.0", "\0", "1" * 5000])
def test_a_forged_version_is_refused(office, seen):
    run = rows.run()
    response = change(office, run, language="Hindi", seen=seen)
    assert response.status_code == 200
    assert CourseRun.objects.get().language == "English"


def test_a_programme_changed_in_another_tab_is_told(office):
    run = rows.run()
    rows.item(run)
    mine = typed(office, run, **{"programme-0-title": "Mine"})
    change(office, run, **{"programme-0-title": "Theirs"})
    assert "Somebody else has changed this" in words(office.post(url(run), mine))
    assert ProgrammeItem.objects.get().title == "Theirs"


def test_the_places_are_not_in_the_form(office):
    run = rows.run()
    change(office, run, capacity="1", course=rows.course().pk, seats_taken="3")
    saved = CourseRun.objects.get(pk=run.pk)
    assert (saved.capacity, saved.course_id, saved.seats_taken) == (run.capacity, run.course_id, 0)


def test_nobody_is_asked_where_nobody_is_in_the_run(office):
    run = rows.run()
    assert change(office, run, mode="online").status_code == 302
    assert CourseRun.objects.get().mode == "online"


def told():
    """What is said at once: reminders before the course go out anyway."""
    return Message.objects.exclude(kind="courses.reminder")


def test_people_are_told_of_other_dates_after_a_page_in_between(office):
    run = rows.run()
    rows.enrolment(run)
    rows.enrolment(run, email="")
    later = clinic_time(2027, 1, 9, 10)
    sent = typed(office, run, **halves("starts_at", later))
    response = office.post(url(run), sent)
    assert "Nothing is saved yet." in words(response)
    assert "9:00 am" in words(response)
    assert "10:00 am" in words(response)
    assert "Tell 1 person by e-mail" in words(response)
    assert CourseRun.objects.get().starts_at == rows.STARTS
    again = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', response.content.decode()))
    assert office.post(url(run), again | {"notify": "on"}).status_code == 302
    assert CourseRun.objects.get().starts_at == later
    assert [each.kind for each in told().exclude(state="withheld")] == ["courses.run_changed"]
    assert set(Enrolment.objects.values_list("free_to_go", flat=True)) == {True}


def test_people_are_not_told_where_staff_say_so(office):
    run = rows.run()
    rows.enrolment(run)
    sent = typed(office, run, mode="online", _confirmed="1")
    office.post(url(run), sent)
    assert CourseRun.objects.get().mode == "online"
    assert [each.state for each in told()] == ["withheld"]


def test_a_run_with_people_does_not_go_back_to_draft(office):
    run = rows.run()
    rows.enrolment(run)
    response = office.post(url(run), typed(office, run, state="draft", language="Tamil"))
    assert response.context["adminform"].form["language"].value() == "Tamil"
    assert "People are in this run. Cancel it, so that they are told." in words(response)
    assert CourseRun.objects.get().state == RunState.PUBLISHED


def test_a_cancelled_run_can_only_be_read(office):
    run = rows.run(state=RunState.CANCELLED)
    assert "The hall is flooded." in words(office.get(url(run)))
    assert office.post(url(run), new(run.course)).status_code == 403


# Places


def test_more_places_are_offered_to_those_who_wait(office):
    run = rows.run(capacity=1)
    rows.enrolment(run)
    first = rows.enrolment(run, status=Status.WAITING)
    assert first.name in words(office.get(url(run, "capacity")))
    response = office.post(
        url(run, "capacity"), {"capacity": "2", "reason": "larger hall", "sequence": "0"}, follow=True
    )
    assert "There are 2 places now. 1 offer is open." in response.content.decode()
    first.refresh_from_db()
    assert first.status == Status.OFFERED
    assert "larger hall" in CourseRun.objects.get().history.values_list("history_change_reason", flat=True)


@pytest.mark.parametrize(
    ("capacity", "told"),
    [
        ("1", "More places are taken than that."),
        ("0", "1 to 1,000"),
        ("-5", "1 to 1,000"),
        (str(10**9), "1 to 1,000"),
        ("", "Type how many places"),
        ("many", "Type a whole number."),
        ("2\0", "Type a whole number."),
        ("1" * 5000, "whole number"),
    ],
)
def test_places_that_cannot_be_are_told(office, capacity, told):
    run = rows.run()
    rows.enrolment(run)
    rows.enrolment(run)
    response = office.post(url(run, "capacity"), {"capacity": capacity, "sequence": "0"})
    assert told in words(response)
    assert CourseRun.objects.get().capacity == 5


@pytest.mark.parametrize("page", ["capacity", "cancel"])
@pytest.mark.parametrize("sequence", ["", "7", "x", "1" * 50, "\0"])
def test_a_stale_page_of_a_run_changes_nothing(office, page, sequence):
    run = rows.run()
    response = office.post(url(run, page), {"capacity": "9", "reason": "Flood", "sequence": sequence})
    assert "Somebody else has changed this run" in words(response)
    saved = CourseRun.objects.get()
    assert (saved.capacity, saved.state) == (5, RunState.PUBLISHED)


# The end


def test_cancelling_says_what_it_means_and_tells_everybody(office):
    run = rows.run()
    rows.enrolment(run, fee=10_000, paid=10_000, payment_state="paid")
    rows.enrolment(run, status=Status.WAITING, email="")
    page = words(office.get(url(run, "cancel")))
    assert "2 people are in this run or wait for it" in page
    assert "1 person has paid ₹ 10000" in page.replace(",", "")
    assert "1 of them has no e-mail address" in page
    assert CourseRun.objects.get().state == RunState.PUBLISHED
    office.post(url(run, "cancel"), {"reason": "The hall is flooded.", "notify": "on", "sequence": "0"})
    saved = CourseRun.objects.get()
    assert (saved.state, saved.cancel_reason, saved.seats_taken) == (RunState.CANCELLED, "The hall is flooded.", 0)
    assert Message.objects.get().kind == "courses.run_cancelled"


@pytest.mark.parametrize("reason", ["", "  ", "x" * 501, "a\0b"])
def test_cancelling_needs_a_reason(office, reason):
    run = rows.run()
    assert office.post(url(run, "cancel"), {"reason": reason, "sequence": "0"}).status_code == 200
    assert CourseRun.objects.get().state == RunState.PUBLISHED


def test_a_run_that_is_over_or_cancelled_is_not_cancelled_again(office):
    over = rows.run(starts_at=clinic_time(2026, 10, 10, 9), opens_at=clinic_time(2026, 9, 1))
    assert "This run is over" in office.get(url(over, "cancel"), follow=True).content.decode()
    office.post(url(over, "cancel"), {"reason": "x", "sequence": "0"})
    assert CourseRun.objects.get().state == RunState.PUBLISHED
    gone = rows.run(state=RunState.CANCELLED)
    assert office.get(url(gone, "cancel")).status_code == 302
    assert office.get(url(gone, "capacity")).status_code == 302


# The list


def test_the_list_is_of_what_comes_unless_told(office):
    rows.run(title="Coming", starts_at=clinic_time(2027, 1, 9, 9))
    rows.run(title="Today", starts_at=clinic_time(2026, 11, 25, 12), closes_at=NOW, withdraw_until_at=NOW)
    rows.run(title="Bygone", starts_at=clinic_time(2026, 10, 10, 9), opens_at=clinic_time(2026, 9, 1))

    def found(query):
        result = office.get(f"{LIST}?{query}").context["cl"].result_list
        return [run.title for run in result]

    assert found("") == ["Today", "Coming"]
    assert found("when=today") == ["Today"]
    assert found("when=2027-01") == ["Coming"]
    assert found("when=past") == ["Bygone"]
    assert found("when=all") == ["Bygone", "Today", "Coming"]
    assert found("q=bygone") == ["Bygone"]
    assert found("when=2027-01&q=bygone") == []


@pytest.mark.parametrize(
    "query",
    ["when=x", "when=2027-13", "when=0000-00", "when=9999-12", "q=%00", "state__exact=x", "course__id__exact=x"],
)
def test_odd_filters_are_no_errors(office, query):
    rows.run()
    assert office.get(f"{LIST}?{query}", follow=True).status_code == 200


def test_the_list_shows_places_and_queue_at_a_fixed_cost(office, django_assert_num_queries):
    run = rows.run(capacity=1)
    rows.enrolment(run)
    rows.enrolment(run, status=Status.WAITING)
    assert "1 of 1" in words(office.get(LIST))
    for month in range(2, 12):
        rows.run(starts_at=clinic_time(2027, month, 13, 9))
    with django_assert_num_queries(QUERIES):
        office.get(LIST)


# Session, user, rights and settings among them.
QUERIES = 7
