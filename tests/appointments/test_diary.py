"""Rule B3: what the diary fetches and offers, from rows to starts, in at most five queries."""

from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from appointments.diary import openings
from appointments.models import Appointment, Clinician, Source, Status, TimeOff, WorkingHours
from ipsc.dates import clinic_day, start_of_day
from tests.appointments import naive
from tests.factories import (
    EVERY_DAY,
    NOW,
    TODAY,
    TOMORROW,
    appointment,
    at,
    clinician,
    hours,
    service,
    time_off,
)

pytestmark = pytest.mark.django_db


def clock(slots) -> list[str]:
    """Starts as the clock on the clinic's wall shows them."""
    return [f"{start_of_day(TODAY) + (slot.starts_at - start_of_day(TODAY)):%H:%M}" for slot in slots]


def offered(service, day=TOMORROW, **options) -> list[str]:
    """The times that a day offers, asked on a Wednesday morning."""
    return clock(openings(service, **({"now": NOW} | options)).on(day))


@pytest.fixture
def visit():
    """A visit of half an hour every half hour."""
    return service(duration=30, step=30)


@pytest.fixture
def doctor(visit):
    """Somebody who sees patients from 10:00 to 12:00 every day."""
    row = clinician(services=[visit])
    hours(row, "10:00", "12:00")
    return row


ALL_DAY = ["10:00", "10:30", "11:00", "11:30"]


# Whole diaries, against the model


@contextmanager
def taken_back():
    """Whatever the block writes is gone after it: one test of many examples is one test to the database."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


# A leap day, a February without one, the end of a year of 53 weeks.
first_days = st.sampled_from([date(2028, 2, 27), date(2027, 2, 26), date(2026, 12, 29), TODAY])
clocks = st.integers(16, 40).map(lambda half: half * 30) | st.integers(0, naive.DAY - 1)
# Visits where most hours are, in the first days, or wherever they fall.
starts = st.one_of(
    st.builds(lambda day, start: day * naive.DAY + start, st.integers(0, 3), st.integers(96, 240).map(lambda n: n * 5)),
    st.integers(-naive.DAY, 5 * naive.DAY),
)


@st.composite
def diaries(draw):
    """Rows of a small clinic, unsaved, as keywords; minutes count from the midnight before the first day."""
    stretches = st.tuples(clocks, clocks | st.just(naive.DAY)).map(sorted).filter(lambda pair: pair[0] < pair[1])
    people = draw(st.integers(1, 3))
    whose = st.integers(0, people - 1)
    return {
        "today": draw(first_days),
        "now": draw(st.integers(0, 720) | st.integers(0, naive.DAY - 1)),
        "people": people,
        "service": {
            "duration": draw(st.sampled_from([5, 20, 20, 45, 90, 480])),
            "buffer": draw(st.sampled_from([0, 0, 10, 240])),
            "step": draw(st.sampled_from([5, 15, 20, 50, 480])),
            "notice": draw(st.sampled_from([0, 0, 1, 30])),
            "horizon": draw(st.integers(1, 4) | st.just(3)),
        },
        "hours": draw(
            st.lists(
                st.tuples(
                    whose,
                    st.sampled_from([EVERY_DAY, EVERY_DAY, (0, 2, 4, 6), (1, 2, 5)]),
                    stretches | st.sampled_from([[0, naive.DAY], [540, 780], [660, 1020]]),
                    st.sampled_from([None, None, None, 0, 1, 2]),
                    st.sampled_from([1, 1, 1, 2]),
                ),
                min_size=1,
                max_size=5,
            )
        ),
        "off": draw(st.lists(st.tuples(st.none() | whose, st.integers(-600, 6000), st.integers(1, 600)), max_size=2)),
        "visits": draw(
            st.lists(
                st.tuples(
                    whose,
                    starts,
                    st.sampled_from([5, 20, 20, 45, 480]),
                    st.sampled_from([0, 0, 30, 240, 900]),
                    st.sampled_from(Status),
                    st.sampled_from(Source),
                    st.integers(-60, 60) | st.just(0),
                ),
                max_size=12,
            )
        ),
    }


def save(diary):
    """Write the rows of a diary; of two visits that clash, the second is squeezed in."""
    today, midnight = diary["today"], naive.minute(diary["today"])
    now = naive.moment(midnight + diary["now"])
    visit = service(**diary["service"])
    people = [clinician(services=[visit]) for _ in range(diary["people"])]
    for whose, weekdays, (opens, closes), cap, every in diary["hours"]:
        hours(
            people[whose],
            time(opens // 60, opens % 60),
            time(closes % naive.DAY // 60, closes % 60),
            weekdays=weekdays,
            online_cap=cap,
            every=every,
            valid_from=today - timedelta(days=10) if every > 1 else None,
        )
    for whose, start, length in diary["off"]:
        time_off(
            naive.moment(midnight + start),
            naive.moment(midnight + start + length),
            None if whose is None else people[whose],
        )
    held = []
    for whose, start, length, buffer, status, source, answer in diary["visits"]:
        span = midnight + start, midnight + start + length + buffer
        squeezed = any(each == whose and begin < span[1] and span[0] < end for each, begin, end in held)
        held.append((whose, *span))
        appointment(
            service=visit,
            clinician=people[whose],
            starts_at=naive.moment(span[0]),
            ends_at=naive.moment(span[0] + length),
            busy_until=naive.moment(span[1]),
            status=status,
            source=source,
            squeeze_in=squeezed,
            answer_by_at=now + timedelta(minutes=answer),
            created_at=now - timedelta(days=2),
        )
    return visit, people, now


def stands(row: Appointment, now: datetime, release: bool) -> bool:
    """Whether a visit was neither cancelled nor declined, nor is a request that nobody answered in time."""
    if release and row.status == "requested" and row.answer_by_at <= now:
        return False
    return row.status not in ("cancelled", "declined")


def modelled(visit, person: Clinician, now: datetime, *, release=False, public=True, ignored=None, days=None):
    """What one clinician offers, by the model, from rows read one by one."""
    off = [row for row in TimeOff.objects.all() if row.clinician_id in (None, person.pk)]
    visits = [
        row
        for row in Appointment.objects.filter(clinician=person)
        if stands(row, now, release) and row.pk != getattr(ignored, "pk", None)
    ]
    holding = [row for row in visits if row.status in ("requested", "booked", "arrived", "in_consultation")]
    midnight = naive.minute(clinic_day(now))
    rows = list(WorkingHours.objects.filter(clinician=person))
    if not public:
        for row in rows:
            row.online_cap = None
    return naive.offered(
        rows,
        [(naive.minute_of(row.starts_at), naive.minute_of(row.ends_at)) for row in off],
        [(naive.minute_of(row.starts_at), naive.minute_of(row.busy_until)) for row in holding],
        duration=visit.duration,
        buffer=visit.buffer,
        step=visit.step,
        earliest=naive.minute_of(now) + visit.notice * 60 if public else midnight,
        latest=midnight + (days or visit.horizon) * naive.DAY,
        online=[naive.minute_of(row.starts_at) for row in visits if row.source == "online"],
    )


@settings(max_examples=60, deadline=None)
@given(diaries(), st.booleans(), st.booleans(), st.data())
def test_it_offers_what_the_model_offers_whatever_the_rows_and_the_window(diary, public, release, data):
    with taken_back():
        visit, people, now = save(diary)
        moved = data.draw(st.sampled_from([None, *Appointment.objects.order_by("pk")]))
        options = {
            "now": now,
            "release_unanswered": release,
            "for_public": public,
            "ignored": moved.pk if moved else None,
        }

        found = openings(visit, **options)

        free = {}
        for person in people:
            for start in modelled(visit, person, now, release=release, public=public, ignored=moved):
                free.setdefault(naive.moment(start), []).append(person.pk)
        expected = [(start, tuple(free[start])) for start in sorted(free)]
        all_days = [diary["today"] + timedelta(days=away) for away in range(visit.horizon)]
        by_day = {day: found.on(day) for day in all_days}
        assert [(slot.starts_at, slot.clinician_ids) for day in all_days for slot in by_day[day]] == expected
        assert all(slot.ends_at - slot.starts_at == timedelta(minutes=visit.duration) for slot in found.soonest(9))
        assert [found.count_on(day) for day in all_days] == [len(by_day[day]) for day in all_days]
        assert [slot.starts_at for slot in found.soonest(3)] == sorted(free)[:3]
        # A pass over one day, as every booking makes it, agrees with the pass over all of them.
        for day in all_days:
            assert openings(visit, first_day=day, days=1, **options).on(day) == by_day[day]
        for start, who in expected[:5] + expected[-5:]:
            assert found.at(start).clinician_ids == who
            near = start + timedelta(minutes=1)
            assert bool(found.at(near)) == (near in free)


@settings(max_examples=25, deadline=None)
@given(diaries())
def test_it_offers_for_any_clinician_the_union_of_each(diary):
    with taken_back():
        visit, people, now = save(diary)

        anybody = openings(visit, now=now)
        each = {person.pk: openings(visit, now=now, clinicians=[person]) for person in people}

        for day in (diary["today"] + timedelta(days=away) for away in range(visit.horizon)):
            union = {slot.starts_at for alone in each.values() for slot in alone.on(day)}
            assert [slot.starts_at for slot in anybody.on(day)] == sorted(union)
            for slot in anybody.on(day):
                assert list(slot.clinician_ids) == [pk for pk, alone in each.items() if alone.at(slot.starts_at)]


# The cost


def queries(work) -> int:
    with CaptureQueriesContext(connection) as captured:
        work()
    return len(captured)


@pytest.mark.parametrize("cap", [None, 2])
@pytest.mark.parametrize("count_load", [False, True])
def test_it_costs_the_same_few_queries_whatever_the_days_and_the_clinicians(visit, cap, count_load):
    counts = set()
    for people in (1, 10):
        for _ in range(people - Clinician.objects.count()):
            somebody = clinician(services=[visit])
            hours(somebody, online_cap=cap)
            time_off(at(TOMORROW, "10:00"), at(TOMORROW, "10:30"), somebody)
            appointment(service=visit, clinician=somebody, starts_at=at(TOMORROW, "11:00"))
        for days in (1, 60):
            counts.add(queries(lambda: openings(visit, now=NOW, days=days, count_load=count_load)))  # noqa: B023

    assert counts == {5 if cap or count_load else 4}
    assert queries(lambda: openings(visit, now=NOW, for_public=False)) == 4


def test_it_asks_the_database_nothing_more_once_it_has_the_rows(visit, doctor):
    found = openings(visit, now=NOW, count_load=True)

    def read():
        slot = found.soonest(3)[0]
        return found.on(TOMORROW), found.count_on(TOMORROW), found.at(slot.starts_at), found.least_loaded(slot)

    assert queries(read) == 0


def test_it_offers_nothing_where_nobody_gives_the_service(visit):
    found = openings(visit, now=NOW)

    assert found.soonest(3) == []
    assert found.at(at(TOMORROW, "10:00")) is None
    assert found.count_on(TOMORROW) == 0


# Hours, days and windows


def test_it_offers_the_hours_of_the_day(visit, doctor):
    assert offered(visit) == ALL_DAY


def test_it_offers_nothing_on_a_day_outside_the_window(visit, doctor):
    found = openings(visit, now=NOW, first_day=TOMORROW, days=1)

    assert found.count_on(TODAY) == found.count_on(TOMORROW + timedelta(days=1)) == 0
    assert found.on(TODAY) == []


def test_it_offers_a_start_once_where_hours_overlap(visit, doctor):
    hours(doctor, "11:00", "12:30")

    found = openings(visit, now=NOW)

    assert clock(found.on(TOMORROW)) == [*ALL_DAY, "12:00"]
    assert {slot.clinician_ids for slot in found.on(TOMORROW)} == {(doctor.pk,)}
    assert found.count_on(TOMORROW) == 5


def test_it_lets_a_visit_run_over_midnight_where_hours_touch(visit):
    somebody = clinician(services=[visit])
    hours(somebody, "23:15", "00:00", weekdays=[TOMORROW.weekday()])
    hours(somebody, "00:00", "01:00", weekdays=[TOMORROW.weekday() + 1])

    for options in ({}, {"first_day": TOMORROW, "days": 1}):
        assert offered(visit, TOMORROW, **options) == ["23:15", "23:45"]
    for options in ({}, {"first_day": TOMORROW + timedelta(days=1), "days": 1}):
        assert offered(visit, TOMORROW + timedelta(days=1), **options) == ["00:00", "00:30"]


def test_it_stops_at_midnight_where_hours_do_not_touch(visit):
    hours(clinician(services=[visit]), "23:15", "00:00", weekdays=[TOMORROW.weekday()])

    assert offered(visit) == ["23:15"]


def test_it_begins_each_day_anew_round_the_clock_with_a_step_that_does_not_divide_the_day():
    long = service(duration=50, step=50)
    hours(clinician(services=[long]), "00:00", "00:00")

    whole = openings(long, now=NOW, days=5)

    for away in range(1, 5):
        day = TODAY + timedelta(days=away)
        alone = openings(long, now=NOW, first_day=day, days=1)
        assert clock(whole.on(day))[:2] == ["00:00", "00:50"]
        assert clock(whole.on(day))[-1] == "23:20"
        assert whole.on(day) == alone.on(day)


def test_it_sees_the_visit_that_began_before_midnight(visit):
    somebody = clinician(services=[visit])
    hours(somebody, "00:00", "02:00")
    late = at(TODAY, "20:00")
    appointment(
        clinician=somebody, starts_at=late, ends_at=late + timedelta(minutes=30), busy_until=at(TOMORROW, "00:45")
    )

    assert offered(visit, first_day=TOMORROW, days=1) == ["01:00", "01:30"]


def test_it_sees_time_off_and_visits_of_the_next_day_that_stand_in_the_way_of_the_last_evening():
    long = service(duration=60, step=60, buffer=60)
    somebody = clinician(services=[long])
    hours(somebody, "00:00", "00:00")
    window = {"first_day": TOMORROW, "days": 1}
    next_day = TOMORROW + timedelta(days=1)

    appointment(service=long, clinician=somebody, starts_at=at(next_day, "00:30"))
    assert offered(long, **window)[-1] == "22:00"

    time_off(at(next_day, "00:00"), at(next_day, "12:00"), somebody)
    assert offered(long, **window)[-1] == "22:00"

    Appointment.objects.all().delete()
    assert offered(long, **window)[-1] == "23:00"


# At


def test_it_accepts_only_the_exact_start(visit, doctor):
    found = openings(visit, now=NOW)
    start = at(TOMORROW, "10:30")

    assert found.at(start).starts_at == start
    for wrong in (timedelta(microseconds=1), timedelta(seconds=1), timedelta(minutes=1), timedelta(minutes=15)):
        assert found.at(start + wrong) is None
        assert found.at(start - wrong) is None


# Notice and horizon


@pytest.mark.parametrize(
    ("late", "first"),
    [
        (timedelta(0), "10:30"),
        (timedelta(microseconds=1), "11:00"),
        (timedelta(seconds=1), "11:00"),
        (timedelta(microseconds=-1), "10:30"),
    ],
)
def test_it_offers_a_start_until_its_notice_begins(visit, doctor, late, first):
    visit.notice = 24

    found = openings(visit, now=at(TODAY, "10:30") + late)

    assert clock(found.soonest(1)) == [first]
    assert found.on(TODAY) == []


def test_it_offers_the_last_day_of_the_horizon_and_not_the_next(visit, doctor):
    visit.horizon = 3

    found = openings(visit, now=NOW, days=60)

    assert [found.count_on(TODAY + timedelta(days=away)) for away in range(5)] == [4, 4, 4, 0, 0]


def test_it_counts_the_horizon_from_the_clinics_day_and_not_from_that_of_greenwich(visit, doctor):
    visit.horizon = 1

    # Half past midnight in Delhi is still the evening before in Greenwich.
    found = openings(visit, now=at(TOMORROW, "00:30").astimezone(UTC), days=2)

    assert found.first_day == TOMORROW
    assert [found.count_on(TOMORROW), found.count_on(TOMORROW + timedelta(days=1))] == [4, 0]


def test_it_holds_staff_to_neither_notice_nor_horizon_nor_cap(visit, doctor):
    visit.notice, visit.horizon = 72, 1
    WorkingHours.objects.all().delete()
    hours(doctor, "10:00", "12:00", online_cap=0)

    assert offered(visit) == []
    assert offered(visit, for_public=False, days=2) == ALL_DAY
    assert offered(visit, TODAY, for_public=False, now=at(TODAY, "11:50")) == ALL_DAY
    assert offered(visit, TODAY + timedelta(days=50), for_public=False, days=60) == ALL_DAY


# Time off


def test_it_offers_nothing_while_the_clinician_is_away(visit, doctor):
    time_off(at(TOMORROW, "10:30"), at(TOMORROW, "11:00"), doctor)

    assert offered(visit) == ["10:00", "11:00", "11:30"]


def test_it_offers_nothing_while_the_whole_clinic_is_closed(visit, doctor):
    other = clinician(services=[visit])
    hours(other, "10:00", "12:00")
    time_off(at(TODAY, "18:00"), at(TOMORROW, "11:00"))

    assert offered(visit) == offered(visit, first_day=TOMORROW, days=1) == ["11:00", "11:30"]


def test_it_leaves_the_others_alone_while_one_is_away(visit, doctor):
    other = clinician(services=[visit])
    hours(other, "10:00", "12:00")
    time_off(at(TOMORROW, "00:00"), at(TOMORROW, "23:00"), doctor)

    assert {slot.clinician_ids for slot in openings(visit, now=NOW).on(TOMORROW)} == {(other.pk,)}


# What occupies


@pytest.mark.parametrize(
    ("status", "occupies"),
    [
        (Status.REQUESTED, True),
        (Status.BOOKED, True),
        (Status.ARRIVED, True),
        (Status.IN_CONSULTATION, True),
        (Status.FULFILLED, False),
        (Status.NO_SHOW, False),
        (Status.CANCELLED, False),
        (Status.DECLINED, False),
    ],
)
def test_it_knows_which_statuses_hold_time(visit, doctor, status, occupies):
    appointment(service=visit, clinician=doctor, starts_at=at(TOMORROW, "10:30"), status=status)

    assert ("10:30" not in offered(visit)) == occupies


def test_it_counts_a_visit_squeezed_in_as_occupied(visit, doctor):
    start = at(TOMORROW, "10:45")
    appointment(service=visit, clinician=doctor, starts_at=start, squeeze_in=True)

    assert offered(visit) == ["10:00", "11:30"]


def test_it_keeps_a_visit_of_another_service_with_its_own_buffer(visit, doctor):
    other = service(duration=20, buffer=25)
    appointment(service=other, clinician=doctor, starts_at=at(TOMORROW, "10:00"))

    assert offered(visit) == ["11:00", "11:30"]


def test_it_keeps_the_buffer_of_the_new_visit_free_too(doctor):
    buffered = service(duration=30, step=30, buffer=15)
    doctor.services.add(buffered)
    appointment(service=buffered, clinician=doctor, starts_at=at(TOMORROW, "11:00"))

    assert offered(buffered) == ["10:00"]


def test_it_holds_the_second_into_which_a_visit_or_time_off_still_reaches(visit, doctor):
    late = at(TOMORROW, "10:30") + timedelta(microseconds=1)
    appointment(service=visit, clinician=doctor, starts_at=at(TOMORROW, "10:00"), busy_until=late)
    assert offered(visit) == ["11:00", "11:30"]

    time_off(at(TOMORROW, "10:45"), late + timedelta(minutes=30), doctor)
    assert offered(visit) == ["11:30"]


def test_it_leaves_the_time_of_others_free(visit, doctor):
    appointment(service=visit, starts_at=at(TOMORROW, "10:30"))

    assert offered(visit) == ALL_DAY


def test_it_counts_the_appointment_that_moves_as_gone(visit, doctor):
    moving = appointment(service=visit, clinician=doctor, starts_at=at(TOMORROW, "10:30"))

    assert offered(visit, ignored=moving.pk) == ALL_DAY
    assert offered(visit) == ["10:00", "11:00", "11:30"]


@pytest.mark.parametrize(
    ("release", "early", "offers"),
    [
        (False, timedelta(0), False),
        (True, timedelta(0), True),
        (True, timedelta(microseconds=1), False),
    ],
)
def test_it_holds_an_unanswered_request_unless_told_to_release_it(visit, doctor, release, early, offers):
    appointment(
        service=visit,
        clinician=doctor,
        starts_at=at(TOMORROW, "10:30"),
        status=Status.REQUESTED,
        answer_by_at=NOW,
    )

    assert ("10:30" in offered(visit, now=NOW - early, release_unanswered=release)) == offers


def test_it_holds_the_time_of_a_request_once_it_is_answered(visit, doctor):
    appointment(service=visit, clinician=doctor, starts_at=at(TOMORROW, "10:30"), answer_by_at=NOW)

    assert "10:30" not in offered(visit, release_unanswered=True)


# Caps


@pytest.fixture
def capped(visit):
    """Somebody who takes two online bookings each morning, and as many as come in the afternoon."""
    row = clinician(services=[visit])
    hours(row, "10:00", "12:00", online_cap=2)
    hours(row, "16:00", "17:00")
    return row


AFTERNOON = ["16:00", "16:30"]


def test_it_offers_no_more_than_the_cap_of_online_bookings(visit, capped):
    appointment(service=visit, clinician=capped, starts_at=at(TOMORROW, "10:00"))
    assert offered(visit) == ["10:30", "11:00", "11:30", *AFTERNOON]

    appointment(service=visit, clinician=capped, starts_at=at(TOMORROW, "11:30"))
    assert offered(visit) == AFTERNOON
    assert offered(visit, TOMORROW + timedelta(days=1)) == [*ALL_DAY, *AFTERNOON]


def test_it_counts_only_online_bookings_towards_the_cap(visit, capped):
    for start, source in (("10:00", Source.PHONE), ("10:30", Source.WALK_IN), ("11:00", Source.ONLINE)):
        appointment(service=visit, clinician=capped, starts_at=at(TOMORROW, start), source=source)

    assert offered(visit) == ["11:30", *AFTERNOON]


@pytest.mark.parametrize(
    ("status", "counts"),
    [
        (Status.REQUESTED, True),
        (Status.FULFILLED, True),
        (Status.NO_SHOW, True),
        (Status.CANCELLED, False),
        (Status.DECLINED, False),
    ],
)
def test_it_counts_visits_that_are_over_towards_the_cap_but_not_freed_ones(visit, capped, status, counts):
    appointment(service=visit, clinician=capped, starts_at=at(TOMORROW, "10:00"))
    appointment(service=visit, clinician=capped, starts_at=at(TOMORROW, "11:30"), status=status)

    assert (offered(visit) == AFTERNOON) == counts


def test_it_does_not_count_a_released_request_towards_the_cap(visit, capped):
    for start in ("10:00", "10:30"):
        appointment(
            service=visit,
            clinician=capped,
            starts_at=at(TOMORROW, start),
            status=Status.REQUESTED,
            answer_by_at=NOW,
        )

    assert offered(visit) == AFTERNOON
    assert offered(visit, release_unanswered=True) == [*ALL_DAY, *AFTERNOON]


def test_it_does_not_count_the_appointment_that_moves_towards_the_cap(visit, capped):
    appointment(service=visit, clinician=capped, starts_at=at(TOMORROW, "10:00"))
    moving = appointment(service=visit, clinician=capped, starts_at=at(TOMORROW, "11:30"))

    assert offered(visit, ignored=moving.pk) == ["10:30", "11:00", "11:30", *AFTERNOON]


# Who is on offer


def test_it_hides_sample_hours_where_samples_are_not_shown(visit, doctor, settings):
    hours(doctor, "16:00", "17:00", is_sample=True)
    assert offered(visit) == [*ALL_DAY, *AFTERNOON]

    settings.SHOWS_SAMPLES = False
    assert offered(visit) == ALL_DAY


def test_it_hides_a_sample_clinician_where_samples_are_not_shown(visit, settings):
    hours(clinician(services=[visit], is_sample=True), "10:00", "12:00")
    assert offered(visit) == ALL_DAY

    settings.SHOWS_SAMPLES = False
    assert offered(visit) == []


def test_it_leaves_out_whoever_is_not_active_or_does_not_offer_the_service(visit, doctor):
    for somebody in (clinician(services=[visit], active=False), clinician(services=[service()]), clinician()):
        hours(somebody, "08:00", "20:00")

    assert offered(visit) == ALL_DAY


def test_it_asks_only_the_clinicians_who_are_named(visit, doctor):
    other = clinician(services=[visit])
    hours(other, "11:00", "13:00")

    assert offered(visit, clinicians=[other]) == ["11:00", "11:30", "12:00", "12:30"]


def test_it_names_the_free_clinicians_in_the_clinics_order(visit, doctor):
    first, last = clinician(services=[visit], order=1), clinician(services=[visit], order=200)
    for somebody in (last, first):
        hours(somebody, "10:00", "12:00")

    assert openings(visit, now=NOW).at(at(TOMORROW, "10:00")).clinician_ids == (first.pk, doctor.pk, last.pk)


# The least loaded


@pytest.fixture
def three(visit):
    """Three clinicians with the same hours, in the clinic's order, which is not that of their ids."""
    rows = [clinician(services=[visit], order=order) for order in (3, 1, 2)]
    for row in rows:
        hours(row, "10:00", "12:00")
    return sorted(rows, key=lambda row: row.order)


def least(visit, start="11:30", **options):
    found = openings(visit, now=NOW, count_load=True, **options)
    return found.least_loaded(found.at(at(TOMORROW, start)))


def test_it_gives_a_tie_to_the_first_in_order(visit, three):
    assert least(visit) == three[0].pk


def test_it_takes_the_least_loaded_of_the_day(visit, three):
    for row, starts in zip(three, (["10:00", "10:30"], ["10:00", "11:00"], ["10:00"]), strict=True):
        for start in starts:
            appointment(service=visit, clinician=row, starts_at=at(TOMORROW, start))

    assert least(visit) == three[2].pk
    assert least(visit, first_day=TOMORROW, days=1) == three[2].pk
    assert least(visit, first_day=TOMORROW, days=1, for_public=False) == three[2].pk


def test_it_takes_only_whoever_is_free(visit, three):
    appointment(service=visit, clinician=three[0], starts_at=at(TOMORROW, "11:30"))
    appointment(service=visit, clinician=three[1], starts_at=at(TOMORROW, "10:00"))
    appointment(service=visit, clinician=three[1], starts_at=at(TOMORROW, "10:30"))
    time_off(at(TOMORROW, "11:00"), at(TOMORROW, "12:00"), three[2])

    assert least(visit) == three[1].pk


def test_it_counts_the_visits_of_that_day_only(visit, three):
    day_after = TOMORROW + timedelta(days=1)
    for start in (at(TODAY, "10:00"), at(TODAY, "23:30"), at(day_after, "00:00"), at(day_after, "10:00")):
        appointment(service=visit, clinician=three[0], starts_at=start)
    appointment(service=visit, clinician=three[1], starts_at=at(TOMORROW, "00:00"))
    appointment(service=visit, clinician=three[2], starts_at=at(TOMORROW, "23:30"))

    assert least(visit) == three[0].pk


def test_it_counts_visits_that_are_over_as_load_but_not_freed_ones(visit, three):
    for status in (Status.CANCELLED, Status.DECLINED):
        appointment(service=visit, clinician=three[0], starts_at=at(TOMORROW, "10:00"), status=status)
    assert least(visit) == three[0].pk

    appointment(service=visit, clinician=three[0], starts_at=at(TOMORROW, "10:00"), status=Status.FULFILLED)
    assert least(visit) == three[1].pk


# Whether a time chosen by staff lies within hours


@pytest.mark.parametrize(
    ("start", "fits"),
    [("10:00", True), ("10:07", True), ("11:30", True), ("11:31", False), ("09:59", False), ("12:00", False)],
)
def test_it_knows_whether_a_visit_off_the_grid_fits_the_hours(visit, doctor, start, fits):
    assert openings(visit, now=NOW, clinicians=[doctor]).fits_hours(at(TOMORROW, start)) == fits


def test_it_does_not_fit_a_visit_into_time_off(visit, doctor):
    time_off(at(TOMORROW, "11:00"), at(TOMORROW, "11:15"), doctor)
    found = openings(visit, now=NOW, clinicians=[doctor], first_day=TOMORROW, days=1, for_public=False)

    assert [found.fits_hours(at(TOMORROW, start)) for start in ("10:30", "10:31", "11:14", "11:15")] == [
        True,
        False,
        False,
        True,
    ]
