"""Ten clinicians' diaries with as many appointments as asked for, written by the database itself.

What lies ahead is the same whatever the size: three visits for each clinician on each working day of four weeks. All
else is past and fulfilled, eighteen visits a day and clinician, going back as far as it takes (15 years for a million).
"""

from datetime import date, time, timedelta
from typing import Any

from django.db import connection

from appointments.models import Clinician, Service, TimeOff, WorkingHours
from appointments.models.schedule import Weekday
from ipsc.dates import start_of_day
from ipsc.models import ClinicSettings

# Raise it when the seeding changes: databases made before are then made again.
VERSION = 2
CLINICIANS = 10
HORIZON_DAYS = 28
VISITS_A_DAY_AHEAD = 3
WORKING_DAYS_AHEAD = 24
AHEAD = CLINICIANS * VISITS_A_DAY_AHEAD * WORKING_DAYS_AHEAD
HOURS = [(time(10), time(13)), (time(16), time(19))]

# A day of 18 visits of 20 minutes: nine from 10:00, nine from 16:00.
INSERT = """
INSERT INTO appointments_appointment (
    reference, public_id, link_version, sequence, service_id, clinician_id, starts_at, ends_at, busy_until, status,
    source, squeeze_in, squeeze_in_reason, came_from, name, search_name, phone, email, age_years, for_someone_else,
    contact_name, contact_relation, phone_is_patients, language, reason, red_flags, needs_wheelchair,
    needs_no_long_sitting, needs_language, needs_attendant, needs_woman_present, consent_version, consent_at,
    created_at, booked_at, fulfilled_at, cancelled_by, end_reason, is_sample
)
SELECT
    digits::text || (10 - (
        digits / 10000000 %% 10 + twice[digits / 1000000 %% 10 + 1]
        + digits / 100000 %% 10 + twice[digits / 10000 %% 10 + 1]
        + digits / 1000 %% 10 + twice[digits / 100 %% 10 + 1]
        + digits / 10 %% 10 + twice[digits %% 10 + 1]
    ) %% 10) %% 10,
    substr(md5('bench' || number), 1, 12), 1, 0, %(service)s, clinician, starts_at,
    starts_at + interval '20 minutes', starts_at + interval '20 minutes', %(status)s,
    'online', false, '', '', 'Patient ' || number, 'patient ' || number, '+9198' || lpad(number::text, 8, '0'), '',
    20 + number %% 70, false, '', '', true, 'en', '', '', false, false, '', false, false, '2026-11', made_at, made_at,
    made_at, CASE WHEN %(status)s = 'fulfilled' THEN starts_at + interval '20 minutes' END, '', '', false
FROM (
    SELECT number, clinician, starts_at, least(starts_at, %(now)s) - interval '5 days' AS made_at,
           -- Eight digits in no order, each once: the factor has no divisor in common with 90 million.
           (10000000 + number::bigint * 41234567 %% 90000000)::int AS digits,
           -- Twice a digit, its digits added.
           ARRAY[0, 2, 4, 6, 8, 1, 3, 5, 7, 9] AS twice
    FROM (
        SELECT number, clinicians[who + 1] AS clinician,
               (day + CASE WHEN visit < 9 THEN time '10:00' ELSE time '13:00' END + visit * interval '20 minutes')
               AT TIME ZONE 'Asia/Kolkata' AS starts_at
        FROM ({visits}) AS visits, (SELECT %(clinicians)s::bigint[] AS clinicians) AS all_ten
    ) AS placed
) AS numbered
ORDER BY starts_at
"""

PAST = """
    SELECT number, %(today)s::date - 1 - number / 180 AS day, number / 10 %% 18 AS visit, number %% 10 AS who
    FROM generate_series(0, %(count)s - 1) AS number
"""

# Numbered behind those of the past. Which visits of a day are taken changes from day to day and between clinicians.
AHEAD_OF_TODAY = """
    SELECT %(first)s + (row_number() OVER (ORDER BY day, place, who))::int - 1 AS number, day::date,
           (place * 6 + (who + extract(day FROM day)::int) %% 5) AS visit, who
    FROM generate_series(%(today)s::date, %(today)s::date + 27, interval '1 day') AS day,
         generate_series(0, 2) AS place, generate_series(0, 9) AS who
    WHERE extract(isodow FROM day) < 7
"""


def seed(size: int, *, today: date) -> None:
    """Fill an empty database with `size` appointments in all.

    :raises ValueError: what lies ahead alone is more.
    """
    if size < AHEAD:
        raise ValueError(f"the smallest size is {AHEAD}")
    ClinicSettings.objects.create(pk=1, online_booking_open=True)
    service = Service(name="First consultation", slug="first-consultation", description="A visit.", first_choice=True)
    service.horizon = HORIZON_DAYS
    service.save()
    for number in range(CLINICIANS):
        clinician = Clinician.objects.create(name=f"Consultant {number + 1}", order=number)
        clinician.services.add(service)
        _set_hours(clinician)
        # A day off each, all in the weeks ahead.
        first = start_of_day(today + timedelta(days=3 + 2 * number))
        TimeOff.objects.create(clinician=clinician, starts_at=first, ends_at=first + timedelta(days=1))
    _insert(PAST, "fulfilled", today, first=0, count=size - AHEAD)
    _insert(AHEAD_OF_TODAY, "booked", today, first=size - AHEAD, count=AHEAD)


def renew_ahead(size: int, *, today: date) -> None:
    """Take away what lay ahead on the day of seeding, or was left by a run, and make it again from `today` on."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM appointments_appointment WHERE id > %s", [size - AHEAD])
        cursor.execute("TRUNCATE appointments_historicalappointment, appointments_bookingdraft, ipsc_ratelimit")
        for number, time_off in enumerate(TimeOff.objects.order_by("pk")):
            first = start_of_day(today + timedelta(days=3 + 2 * number))
            TimeOff.objects.filter(pk=time_off.pk).update(starts_at=first, ends_at=first + timedelta(days=1))
    _insert(AHEAD_OF_TODAY, "booked", today, first=size - AHEAD, count=AHEAD)


def settle() -> None:
    """Bring statistics and visibility up to date, as autovacuum would in its own time."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE) appointments_appointment")


def _set_hours(clinician: Clinician) -> None:
    for weekday in Weekday:
        if weekday != Weekday.SUNDAY:
            for opens, closes in HOURS:
                WorkingHours.objects.create(clinician=clinician, weekday=weekday, opens=opens, closes=closes)


def _insert(visits: str, status: str, today: date, *, first: int, count: int) -> None:
    values: dict[str, Any] = {
        "service": Service.objects.get().pk,
        "clinicians": list(Clinician.objects.order_by("pk").values_list("pk", flat=True)),
        "status": status,
        "today": today,
        "now": start_of_day(today),
        "first": first,
        "count": count,
    }
    with connection.cursor() as cursor:
        cursor.execute(INSERT.format(visits=visits), values)
