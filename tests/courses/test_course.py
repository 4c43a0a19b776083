"""The page of a course: all that one wants to know before one enrols, and nothing that is not true."""

from datetime import date, timedelta

import pytest
import time_machine
from django.utils import translation

from courses.models import Mode, OldCourseSlug
from ipsc.models import ClinicSettings
from tests.courses import rows
from tests.factories import NOW, clinic_time
from tests.public_pages import read
from tests.staff import words

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False), translation.override("en"):
        yield


@pytest.fixture(autouse=True)
def clinic():
    row = ClinicSettings(pk=1, enrolment_open=True, phone="+911145678901", address="Plot 1\nNew Delhi")
    row.save()
    return row


def page(client, course, status=200):
    response = client.get(f"/courses/{course.slug}/")
    assert response.status_code == status
    return response


def said(client, course) -> str:
    return words(page(client, course))


def test_it_says_what_it_is_and_for_whom(client):
    course = rows.course(
        title="Blocks",
        summary="All about blocks.",
        description="First.\n\nSecond.",
        outcomes="Place a block\nKnow its risks",
        syllabus="Anatomy\nNeedles",
        audience="Anaesthetists",
        eligibility="A registration with a council",
        categories=["acute", "interventions"],
        level="advanced",
        hours="7.5",
    )
    text = said(client, course)
    for each in (
        "All about blocks.",
        "First. Second.",
        "What you can do afterwards Place a block Know its risks",
        "Syllabus Anatomy Needles",
        "For whom Anaesthetists",
        "What you need to take part A registration with a council",
        "Subject acute pain, interventions",
        "Level advanced",
        "Hours of teaching 7.5",
    ):
        assert each in text, each


def test_what_nobody_has_entered_has_no_heading(client):
    text = said(client, rows.course())
    for each in ("Syllabus", "For whom", "What it is about", "What you can do", "Who has written", "It ran before"):
        assert each not in text
    assert "No dates are planned at the moment. See what else runs" in text


def test_it_is_called_endorsed_only_where_it_is(client):
    told = "Developed and endorsed by the Faculty of Pain Medicine of the IPSC experts."
    assert told not in said(client, rows.course())
    assert told in said(client, rows.course(endorsed=True))


def test_credit_is_promised_by_nobody_before_a_council_has_granted_it(client):
    course = rows.course()
    rows.run(course=course)
    assert "Credit hours Not granted yet" in said(client, course)
    granted = {"credit_hours": 6, "credit_council": "Delhi Medical Council", "credit_reference": "DMC/CME/1"}
    rows.run(course=course, starts_at=clinic_time(2027, 2, 13, 9), **granted)
    assert "Granted: 6 hours by Delhi Medical Council, reference DMC/CME/1" in said(client, course)


def test_each_run_has_its_programme_by_day_with_who_speaks(client):
    speaker = rows.faculty(name="Consultant, pain")
    gone = rows.faculty(name="Somebody who left", active=False)
    run = rows.run(starts_at=clinic_time(2027, 1, 9, 9), ends_at=clinic_time(2027, 1, 10, 17))
    rows.item(run, title="Anatomy", speaker=speaker)
    rows.item(
        run,
        title="Needles",
        kind="hands_on",
        speaker=gone,
        starts_at=clinic_time(2027, 1, 10, 9),
        ends_at=clinic_time(2027, 1, 10, 11),
    )
    rows.item(
        run, title="Tea", kind="break", starts_at=clinic_time(2027, 1, 10, 11), ends_at=clinic_time(2027, 1, 10, 12)
    )
    text = said(client, run.course)
    assert "Saturday 9 January 2027 9:00 am – 10:00 am Anatomy Consultant, pain lecture" in text
    assert "Sunday 10 January 2027 9:00 am – 11:00 am Needles hands-on" in text
    assert "Tea" in text
    assert "Somebody who left" not in text


def test_the_faculty_declare_their_interests_or_it_says_that_they_have_not(client):
    course = rows.course()
    open_ = rows.faculty(name="Author one", interests="Shares in X", interests_on=date(2026, 3, 1))
    silent = rows.faculty(name="Author two")
    course.authors.set([open_, silent, rows.faculty(name="Left", active=False)])
    text = said(client, course)
    assert "Interests, declared on 1 March 2026: Shares in X" in text
    assert "Interests: no declaration made." in text
    assert "Left" not in text


def test_each_run_tells_place_language_fee_and_terms(client):
    run = rows.run(
        venue="Hall 2\nJaipur",
        map_url="https://maps.example/hall",
        language="Hindi",
        fee_includes="Lunch\nNotes",
        phone="+911145678903",
    )
    text = said(client, run.course)
    for each in ("Hall 2 Jaipur", "See it on a map", "Language of teaching Hindi", "It includes: Lunch Notes"):
        assert each in text
    assert "Coordinator +91 11 4567 8903" in text
    assert "You pay within 7 days" in text


@pytest.mark.parametrize(
    ("typed", "said_"),
    [("English", "अंग्रेज़ी"), ("hindi ", "हिन्दी"), ("English and Hindi", "अंग्रेज़ी और हिन्दी"), ("Tamil", "Tamil")],
)
def test_the_language_of_teaching_is_said_in_that_of_the_page_where_it_is_known(client, typed, said_, monkeypatch):
    known = {"English": "अंग्रेज़ी", "Hindi": "हिन्दी", "English and Hindi": "अंग्रेज़ी और हिन्दी"}
    monkeypatch.setattr("courses.catalogue.cards.pgettext", lambda _context, words: known[words])
    run = rows.run(language=typed)
    assert f"Language of teaching {said_}" in said(client, run.course)


def test_a_description_in_hindi_alone_is_shown(client):
    text = said(client, rows.course(description_hi="पहला"))
    assert "What it is about पहला" in text


def test_of_several_days_it_tells_when_the_last_one_ends(client):
    run = rows.run(ends_at=clinic_time(2027, 1, 10, 13))
    assert "Sat 9:00 am – Sun 1:00 pm" in said(client, run.course)


def test_without_a_venue_it_is_at_the_centre_and_online_it_is_nowhere(client):
    run = rows.run()
    assert "Place Plot 1 New Delhi" in said(client, run.course)
    online = rows.run(mode=Mode.ONLINE, venue="Hall 2")
    text = said(client, online.course)
    assert "Hall 2" not in text
    assert "Those who are enrolled see the link to join." in text


def test_the_joining_link_is_shown_to_nobody(client):
    run = rows.run(mode=Mode.HYBRID, joining_url="https://meet.example/secret")
    for address in (run.course.get_absolute_url(), "/courses/", "/courses/2027/01/", "/courses/calendar.ics"):
        assert "meet.example" not in client.get(address).text


def test_all_coming_runs_are_there_and_of_the_past_only_a_few(client):
    course = rows.course()
    for year in range(2016, 2027):
        rows.run(course=course, starts_at=clinic_time(year, 2, 1, 9))
    for month in range(1, 9):
        rows.run(course=course, starts_at=clinic_time(2027, month, 1, 9))
    found = read(page(client, course).text)
    assert len([tag for tag in found.all("article") if "run-whole" in tag.attributes["class"]]) == 8
    past = [link for link in found.links if link.startswith("/courses/20")]
    assert past == [f"/courses/{year}/02/" for year in range(2026, 2020, -1)]


def test_a_cancelled_run_says_so_and_offers_nothing(client):
    run = rows.run(state="cancelled")
    text = said(client, run.course)
    assert "Cancelled These dates are cancelled." in text
    assert "₹" not in text
    # Why is for those who were in it.
    assert "flooded" not in text
    assert "/enrol/" not in page(client, run.course).text


def test_a_card_leads_to_its_run_whatever_its_state(client):
    run = rows.run()
    off = rows.run(course=run.course, state="cancelled")
    ids = {tag.attributes.get("id") for tag in read(page(client, run.course).text).tags}
    assert {run.public_id, off.public_id} <= ids


@pytest.mark.parametrize("prefix", ["", "/hi"])
def test_an_old_address_leads_to_the_new_one(client, prefix):
    course = rows.course(slug="new-name")
    OldCourseSlug.objects.create(course=course, slug="old-name")
    response = client.get(f"{prefix}/courses/old-name/")
    assert (response.status_code, response.headers["Location"]) == (301, f"{prefix}/courses/new-name/")
    assert "no-cache" in response.headers["Cache-Control"]


def test_an_old_address_of_what_is_hidden_tells_nothing(client):
    course = rows.course(published=False)
    OldCourseSlug.objects.create(course=course, slug="old-name")
    assert client.get("/courses/old-name/").status_code == 404
    page(client, course, 404)


@pytest.mark.parametrize("slug", ["nothing", "x" * 3000, "no%00thing", "2027", "find%20"])
def test_what_is_no_course_is_not_found(client, slug):
    assert client.get(f"/courses/{slug}/").status_code == 404


def test_it_costs_five_queries_however_much_there_is(client, django_assert_num_queries):
    course = rows.course()
    course.authors.set([rows.faculty() for _each in range(4)])
    for month in range(1, 9):
        run = rows.run(course=course, starts_at=clinic_time(2027, month, 1, 9))
        for hour in range(4):
            begins = run.starts_at + timedelta(hours=hour)
            rows.item(run, speaker=rows.faculty(), starts_at=begins, ends_at=begins + timedelta(hours=1))
        rows.enrolment(run)
    with django_assert_num_queries(5):
        page(client, course)


def test_hindi_is_shown_where_there_is_some_and_english_is_marked(client):
    course = rows.course(title="Blocks", title_hi="ब्लॉक", summary="In English.", outcomes="One", outcomes_hi="एक")
    rows.run(course=course, title="Winter blocks")
    text = client.get(f"/hi/courses/{course.slug}/").text
    assert "<h1>ब्लॉक</h1>" in text
    assert '<span lang="en">In English.</span>' in text
    assert "<li>एक</li>" in text
    assert "Winter blocks" in text


def test_machines_are_told_runs_prices_and_places(client, clinic):
    course = rows.course(title="Blocks", hours="7.5", outcomes="One\nTwo")
    run = rows.run(course=course, early_fee=8000, early_until_on=date(2026, 12, 1))
    full = rows.run(course=course, starts_at=clinic_time(2027, 2, 13, 9), capacity=1, mode=Mode.ONLINE)
    rows.enrolment(full)
    rows.run(course=course, starts_at=clinic_time(2027, 3, 13, 9), state="cancelled")
    rows.run(course=course, starts_at=clinic_time(2026, 3, 13, 9))
    told = {each["@type"]: each for each in read(page(client, course).text).blocks}["Course"]
    assert (told["name"], told["timeRequired"], told["teaches"]) == ("Blocks", "PT7H30M", ["One", "Two"])
    first, second, third = told["hasCourseInstance"]
    assert first["startDate"] == "2027-01-09T09:00+05:30"
    assert first["courseMode"] == ["onsite"]
    assert first["location"]["address"] == "Plot 1, New Delhi"
    offer = first["offers"]
    assert (offer["price"], offer["priceCurrency"]) == (8000, "INR")
    assert offer["availability"] == "https://schema.org/LimitedAvailability"
    assert offer["validFrom"] == "2026-11-24T09:00+05:30"
    assert offer["url"].endswith(f"#{run.public_id}")
    assert second["offers"]["availability"] == "https://schema.org/SoldOut"
    assert "location" not in second
    assert third["eventStatus"] == "https://schema.org/EventCancelled"
    assert "offers" not in third
    assert told["provider"]["@id"] == "http://testserver/#clinic"


def test_of_samples_no_person_is_told_to_machines(client):
    course = rows.course()
    course.authors.set([rows.faculty(name="By role", is_sample=True)])
    rows.run(course=course)
    told = {each["@type"]: each for each in read(page(client, course).text).blocks}["Course"]
    assert "author" not in told
