"""Demonstration accounts and a day of sample visits: every list has something in it, and nothing is anybody's."""

import io
from collections import Counter
from datetime import timedelta

import phonenumbers
import pytest
import time_machine
from django.contrib.auth import get_user_model
from django.core.management import call_command

from appointments import samples
from appointments.models import Appointment, Clinician, Source, Status
from appointments.models.appointment import MOMENTS
from ipsc.dates import clinic_day
from ipsc.roles import MANAGER, RECEPTION
from tests import factories
from tests.factories import NOW, TODAY, at

pytestmark = pytest.mark.django_db

NOON = at(TODAY, "12:00")
CLOCKS = ["00:05", "06:00", "09:30", "12:00", "14:45", "18:00", "23:55"]


@pytest.fixture
def loaded():
    samples.load()


def command() -> str:
    out = io.StringIO()
    call_command("load_demo", stdout=out)
    return out.getvalue()


def statuses(day) -> set[str]:
    return set(Appointment.objects.on(day).values_list("status", flat=True))


# Accounts


def test_it_makes_an_account_for_each_role_and_shows_its_password_once():
    said = command()
    for username, role in (("reception", RECEPTION), ("manager", MANAGER)):
        user = get_user_model().objects.get(username=username)
        (line,) = [line for line in said.splitlines() if line.split()[:2] == [role, username]]
        assert user.check_password(line.split()[-1])
        assert (user.is_staff, user.is_superuser) == (True, False)
        assert [group.name for group in user.groups.all()] == [role]
    assert "password" not in command()


def test_it_leaves_an_account_alone_that_exists():
    get_user_model().objects.create_user("manager", password="kept as it is")
    said = command()
    manager = get_user_model().objects.get(username="manager")
    assert manager.check_password("kept as it is")
    assert not manager.is_staff
    assert "Manager" not in said
    assert "Reception" in said


# Visits


@pytest.mark.usefixtures("loaded")
@pytest.mark.parametrize(
    ("days", "clock"),
    [*((0, clock) for clock in CLOCKS), *((days, "12:00") for days in range(1, 7)), (4, "06:00"), (4, "23:55")],
    ids=lambda value: f"{TODAY + timedelta(days=value):%a}" if isinstance(value, int) else value,
)
def test_it_fills_every_list_at_any_hour_of_any_day(days, clock):
    today = TODAY + timedelta(days=days)
    now = at(today, clock)
    samples.fill(now=now)
    is_sunday, is_monday, is_saturday = (today.weekday() == day for day in (6, 0, 5))
    assert statuses(today - timedelta(days=2 if is_monday else 1)) >= {Status.FULFILLED, Status.NO_SHOW}
    assert statuses(today) >= {Status.IN_CONSULTATION, Status.ARRIVED}
    if not is_sunday:
        assert statuses(today) >= {Status.BOOKED, Status.CANCELLED}
    assert Status.BOOKED in statuses(today + timedelta(days=2 if is_saturday else 1))
    (request,) = Appointment.objects.filter(status=Status.REQUESTED)
    assert now < request.answer_by_at <= request.starts_at
    assert set(Appointment.objects.values_list("source", flat=True)) == set(Source.values)
    for visit in Appointment.objects.all():
        check(visit, now)


def check(visit: Appointment, now) -> None:
    """What is said of a visit can be true: no moment lies ahead, and they follow one another."""
    assert visit.is_sample
    assert visit.history.get().actor == "site"
    passed = [getattr(visit, MOMENTS[each]) for each in Status if getattr(visit, MOMENTS[each])]
    assert all(visit.created_at <= moment <= now for moment in passed)
    on_the_way = [visit.created_at, visit.booked_at, visit.arrived_at, visit.in_consultation_at, visit.fulfilled_at]
    on_the_way = [moment for moment in on_the_way if moment]
    assert on_the_way == sorted(on_the_way)
    others = Appointment.objects.filter(clinician=visit.clinician).exclude(pk=visit.pk)
    assert not others.filter(starts_at__lt=visit.busy_until, busy_until__gt=visit.starts_at).exists()


@pytest.mark.usefixtures("loaded")
def test_it_gives_nobody_a_real_name_or_number():
    samples.fill(now=NOON)
    for visit in Appointment.objects.all():
        assert visit.name.startswith(("Sample patient", "नमूना मरीज़"))
        assert visit.phone.as_e164.startswith("+12025550")
        assert 100 <= int(visit.phone.as_e164[-4:]) <= 199
        # The forms accept the number, so that staff can try out correcting a visit.
        assert phonenumbers.is_valid_number(visit.phone)
    assert {visit.language for visit in Appointment.objects.all()} == {"en", "hi"}


@pytest.mark.usefixtures("loaded")
def test_it_fills_a_day_once():
    assert samples.fill(now=NOON).visits
    assert not samples.fill(now=NOON + timedelta(hours=3)).visits
    with time_machine.travel(NOON + timedelta(hours=4), tick=False):
        assert "nothing to add" in command()


@pytest.mark.usefixtures("loaded")
def test_it_does_not_fill_a_day_again_whose_visits_staff_have_worked_off():
    samples.fill(now=NOON)
    for visit in Appointment.objects.occupying():
        visit.status, visit.cancelled_at, visit.cancelled_by = Status.CANCELLED, NOON, "reception"
        visit.save()
    assert not samples.fill(now=NOON + timedelta(hours=1)).visits


@pytest.mark.usefixtures("loaded")
def test_it_tops_up_on_the_next_day_and_ends_what_was_left_open():
    samples.fill(now=NOON)
    tomorrow = NOON + timedelta(days=1)
    assert samples.fill(now=tomorrow).visits
    assert statuses(clinic_day(tomorrow)) >= {Status.IN_CONSULTATION, Status.ARRIVED, Status.BOOKED}
    assert not set(statuses(TODAY)) & {Status.BOOKED, Status.ARRIVED, Status.IN_CONSULTATION}
    assert not Appointment.objects.filter(fulfilled_at__gt=tomorrow).exists()
    per_day = Counter(clinic_day(visit.starts_at) for visit in Appointment.objects.all())
    assert per_day[TODAY - timedelta(days=1)] == 5


@pytest.mark.usefixtures("loaded")
def test_it_leaves_taken_times_alone():
    real = [
        factories.appointment(
            clinician=clinician, starts_at=at(TODAY, "00:00"), ends_at=at(TODAY, "23:59"), busy_until=at(TODAY, "23:59")
        )
        for clinician in Clinician.objects.all()
    ]
    samples.fill(now=NOON)
    assert set(Appointment.objects.on(TODAY)) == set(real)


@pytest.mark.usefixtures("loaded")
def test_it_gives_the_clinics_own_clinicians_no_sample_visits():
    Clinician.objects.update(is_sample=False)
    assert not samples.fill(now=NOON).visits


def test_it_says_that_there_is_nothing_to_fill_without_samples():
    with time_machine.travel(NOW, tick=False):
        assert command().startswith("Demonstration day: nothing to add.\n")
