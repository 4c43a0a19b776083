"""The clinic, its physicians and its treatments in the words of schema.org: what is true and nothing else."""

import itertools
from datetime import date, time, timedelta

import pytest
from django.urls import reverse
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from appointments.front import structured
from appointments.models import Clinician, Service, TimeOff, WorkingHours
from ipsc.jsonld import element, told
from ipsc.models import ClinicSettings
from tests import factories
from tests.factories import TODAY, at
from tests.public_pages import blocks_of

BASE = "https://clinic.example"
MONDAY, TUESDAY, SATURDAY = 0, 1, 5


def row(opens: str, closes: str, weekday: int = MONDAY, **fields) -> WorkingHours:
    return WorkingHours(weekday=weekday, opens=time.fromisoformat(opens), closes=time.fromisoformat(closes), **fields)


def hours(*rows: WorkingHours) -> list[tuple]:
    """The opening hours of these rows, short: weekdays, from, until, first and last day."""
    return [
        (
            [day.removeprefix("https://schema.org/")[:2] for day in each["dayOfWeek"]],
            each["opens"],
            each["closes"],
            *(each[key] for key in ("validFrom", "validThrough") if each[key]),
        )
        for each in structured.opening_hours(rows, today=TODAY)
    ]


def clinic(settings_row: ClinicSettings, **more) -> dict:
    return told(structured.clinic(settings_row, base_url=BASE, today=TODAY, **more))


def full() -> ClinicSettings:
    return ClinicSettings(
        name="IPSC",
        full_name="Interventional pain and spine centre",
        full_name_hi="दर्द केंद्र",
        phone="+911145678901",
        second_phone="+911145678902",
        email="desk@clinic.example",
        address="Plot 1,\r\nNew Delhi 110001",
        map_url="https://maps.example/x",
        languages="Hindi, English and Punjabi",
        languages_hi="हिन्दी, अंग्रेज़ी और पंजाबी",
    )


def test_a_clinic_says_what_staff_have_entered():
    found = clinic(full())
    assert found["@type"] == "MedicalClinic"
    assert found["name"] == "IPSC"
    assert found["alternateName"] == "Interventional pain and spine centre"
    assert found["url"] == f"{BASE}/"
    assert found["telephone"] == ["+911145678901", "+911145678902"]
    assert found["email"] == "desk@clinic.example"
    assert found["address"] == "Plot 1, New Delhi 110001"
    assert found["hasMap"] == "https://maps.example/x"
    assert found["knowsLanguage"] == ["Hindi", "English", "Punjabi"]


def test_a_clinic_leaves_out_what_nobody_has_entered():
    found = clinic(ClinicSettings())
    assert set(found) == {"@context", "@type", "@id", "name", "alternateName", "url", "logo", "medicalSpecialty"}


def test_a_clinic_speaks_the_language_of_the_page_and_marks_what_falls_back():
    with translation.override("hi"):
        found = clinic(full())
    assert found["url"] == f"{BASE}/hi/"
    assert found["@id"] == f"{BASE}/#clinic"
    assert found["alternateName"] == "दर्द केंद्र"
    assert found["knowsLanguage"] == ["हिन्दी", "अंग्रेज़ी", "पंजाबी"]
    assert found["address"] == {"@language": "en", "@value": "Plot 1, New Delhi 110001"}


def test_a_clinic_shows_its_own_logo_before_the_mark_of_the_site():
    assert clinic(full())["logo"] == f"{BASE}/static/ipsc/icon-512.png"
    with_logo = full()
    with_logo.logo_id = "ab12" * 16
    assert clinic(with_logo)["logo"] == BASE + reverse("picture", args=["ab12" * 16])


def test_the_same_hours_on_several_days_stand_in_one():
    rows = [row("10:00", "13:00", day) for day in range(5)] + [row("10:00", "12:00", SATURDAY)]
    assert hours(*rows) == [(["Mo", "Tu", "We", "Th", "Fr"], "10:00", "13:00"), (["Sa"], "10:00", "12:00")]


def test_hours_of_several_clinicians_that_touch_or_overlap_are_one():
    assert hours(row("10:00", "13:00"), row("12:00", "14:00"), row("14:00", "15:30")) == [(["Mo"], "10:00", "15:30")]


def test_a_break_stays_a_break():
    found = hours(row("17:00", "20:00"), row("10:00", "13:00"))
    assert found == [(["Mo"], "10:00", "13:00"), (["Mo"], "17:00", "20:00")]


def test_midnight_is_told_as_the_last_minute_of_the_day():
    assert hours(row("22:00", "00:00")) == [(["Mo"], "22:00", "23:59")]
    assert hours(row("00:00", "00:00")) == [(["Mo"], "00:00", "23:59")]


def test_hours_for_a_time_have_their_days():
    first, last = TODAY + timedelta(days=3), TODAY + timedelta(days=30)
    assert hours(row("10:00", "13:00", valid_from=first, valid_until=last)) == [
        (["Mo"], "10:00", "13:00", first.isoformat(), last.isoformat())
    ]


def test_hours_that_began_in_the_past_and_have_no_end_are_like_lasting_ones():
    rows = row("10:00", "12:00", valid_from=TODAY), row("12:00", "13:00", valid_from=TODAY - timedelta(days=400))
    assert hours(*rows) == [(["Mo"], "10:00", "13:00")]


def test_hours_that_are_over_are_left_out_and_those_of_the_last_day_are_not():
    assert hours(row("10:00", "13:00", valid_until=TODAY - timedelta(days=1))) == []
    assert hours(row("10:00", "13:00", valid_until=TODAY)) == [(["Mo"], "10:00", "13:00", TODAY.isoformat())]


def test_hours_for_a_time_within_the_lasting_ones_add_nothing():
    short = {"valid_until": TODAY + timedelta(days=9)}
    assert hours(row("10:00", "13:00"), row("11:00", "12:00", **short)) == [(["Mo"], "10:00", "13:00")]
    assert len(hours(row("10:00", "13:00"), row("11:00", "14:00", **short))) == 2
    assert len(hours(row("10:00", "13:00"), row("11:00", "12:00", TUESDAY, **short))) == 2


def test_hours_of_every_second_week_are_left_out():
    assert hours(row("10:00", "13:00", every=2, valid_from=TODAY)) == []


quarters = st.integers(0, 95).flatmap(
    lambda start: st.tuples(st.just(start * 15), st.integers(start + 1, 96).map(lambda end: end * 15))
)
weeks = st.lists(st.tuples(st.integers(0, 6), quarters), max_size=12)


@given(weeks)
def test_every_minute_of_the_week_is_open_in_words_as_it_is_in_rows(week):
    rows = [
        WorkingHours(weekday=day, opens=time(opens // 60, opens % 60), closes=time(closes // 60 % 24, closes % 60))
        for day, (opens, closes) in week
    ]
    open_in_rows = {(day, minute) for day, (opens, closes) in week for minute in range(opens, closes)}
    open_in_words = set()
    for each in structured.opening_hours(rows, today=TODAY):
        start, end = (time.fromisoformat(each[key]) for key in ("opens", "closes"))
        last = end.hour * 60 + end.minute + (each["closes"] == "23:59")
        span = range(start.hour * 60 + start.minute, last)
        names = [day.removeprefix("https://schema.org/") for day in each["dayOfWeek"]]
        told_now = set(itertools.product(map(structured.DAYS.index, names), span))
        assert not told_now & open_in_words
        open_in_words |= told_now
    assert open_in_words == open_in_rows


def closed(first: tuple[date, str], last: tuple[date, str], **fields) -> list[tuple]:
    off = TimeOff(starts_at=at(*first), ends_at=at(*last), **fields)
    return [
        (each["validFrom"], each["validThrough"], each["name"]) for each in structured.closed_days([off], today=TODAY)
    ]


DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("first", "last", "days"),
    [
        ((TODAY + 2 * DAY, "00:00"), (TODAY + 3 * DAY, "00:00"), (2, 2)),
        ((TODAY + 2 * DAY, "13:00"), (TODAY + 5 * DAY, "09:00"), (3, 4)),
        ((TODAY - 9 * DAY, "00:00"), (TODAY + 2 * DAY, "00:00"), (0, 1)),
        ((TODAY + 2 * DAY, "00:00"), (TODAY + 2 * DAY, "23:59"), None),
        ((TODAY + 2 * DAY, "13:00"), (TODAY + 3 * DAY, "13:00"), None),
        ((TODAY - 9 * DAY, "00:00"), (TODAY, "00:00"), None),
    ],
)
def test_only_whole_days_to_come_are_closed(first, last, days):
    expected = [(*[(TODAY + each * DAY).isoformat() for each in days], "")] if days else []
    assert closed(first, last) == expected


def test_a_closed_day_is_written_as_no_hours_and_has_its_name():
    off = TimeOff(starts_at=at(TODAY, "00:00"), ends_at=at(TODAY + DAY, "00:00"), holiday="Diwali", holiday_hi="दिवाली")
    with translation.override("hi"):
        (found,) = structured.closed_days([off], today=TODAY)
    assert (found["opens"], found["closes"], found["name"]) == ("00:00", "00:00", "दिवाली")


def test_the_time_off_of_one_clinician_closes_nothing():
    assert closed((TODAY, "00:00"), (TODAY + DAY, "00:00"), clinician_id=1) == []


def test_the_reason_for_time_off_is_told_to_nobody():
    off = TimeOff(starts_at=at(TODAY, "00:00"), ends_at=at(TODAY + DAY, "00:00"), reason="Water in the cellar")
    assert "cellar" not in str(clinic(full(), holidays=[off]))


def doctor(**fields) -> Clinician:
    values = {"name": "Dr Test One", "slug": "test-one", "council": "Delhi Medical Council"}
    return Clinician(**(values | {"registration_number": "DMC/1", "languages": "Hindi, English"} | fields))


def test_a_physician_is_told_by_the_register():
    assert told(structured.physician(doctor(), base_url=BASE)) == {
        "@context": "https://schema.org",
        "@type": "Physician",
        "name": "Dr Test One",
        "url": f"{BASE}/doctors/test-one/",
        "identifier": {"@type": "PropertyValue", "propertyID": "Delhi Medical Council", "value": "DMC/1"},
        "knowsLanguage": ["Hindi", "English"],
        "parentOrganization": {"@type": "MedicalClinic", "@id": f"{BASE}/#clinic"},
    }


def test_a_sample_is_no_physician_whatever_it_says_of_itself():
    assert structured.physician(doctor(is_sample=True), base_url=BASE) is None


def test_whoever_is_in_no_register_is_no_physician():
    assert structured.physician(doctor(registration_number=""), base_url=BASE) is None


def test_a_treatment_with_a_medical_term_is_a_procedure():
    row = Service(name="Bone cement", medical_name="vertebroplasty", slug="cement", description="x", fee=500)
    assert told(structured.treatment(row, base_url=BASE)) == {
        "@context": "https://schema.org",
        "@type": "MedicalProcedure",
        "name": "Bone cement",
        "alternateName": "vertebroplasty",
        "description": "x",
        "url": f"{BASE}/treatments/cement/",
    }


def test_a_visit_without_one_is_a_service_of_the_clinic():
    found = told(structured.treatment(Service(name="First visit", slug="first", description="x"), base_url=BASE))
    assert found["@type"] == "Service"
    assert found["provider"] == {"@type": "MedicalClinic", "@id": f"{BASE}/#clinic"}
    assert "alternateName" not in found


@pytest.mark.parametrize(
    ("typed", "languages"),
    [
        ("Hindi", ["Hindi"]),
        ("Hindi / English; Punjabi.", ["Hindi", "English", "Punjabi"]),
        ("Hindi & English\nUrdu", ["Hindi", "English", "Urdu"]),
        ("Kandahari, Andamanese", ["Kandahari", "Andamanese"]),
        (" , ", []),
        ("", []),
    ],
)
def test_languages_are_told_one_by_one(typed, languages):
    assert structured.languages(ClinicSettings(languages=typed, languages_hi="")) == languages


@pytest.mark.django_db
def test_weekly_hours_are_those_of_whom_the_public_may_see(settings, django_assert_num_queries):
    seen = factories.clinician()
    factories.hours(seen, weekdays=[MONDAY])
    factories.hours(seen, "14:00", "15:00", weekdays=[MONDAY], every=2, valid_from=TODAY)
    factories.hours(seen, "16:00", "17:00", weekdays=[MONDAY], valid_until=TODAY - DAY)
    factories.hours(factories.clinician(active=False), weekdays=[TUESDAY])
    factories.hours(factories.clinician(is_sample=True), weekdays=[SATURDAY], is_sample=True)
    with django_assert_num_queries(1):
        assert [each.weekday for each in structured.weekly_hours(TODAY)] == [MONDAY, SATURDAY]
    settings.SHOWS_SAMPLES = False
    assert [each.weekday for each in structured.weekly_hours(TODAY)] == [MONDAY]


def test_what_staff_type_cannot_end_the_element():
    bad = full()
    bad.name = bad.full_name = bad.address = "</script><script>alert(1)</script>"
    (found,) = blocks_of(element(structured.clinic(bad, base_url=BASE, today=TODAY)))
    assert found["name"] == bad.name
