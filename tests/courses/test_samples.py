"""The sample courses: loaded once, rolled on, peopled, adopted by editing, removed with one command (rule F3)."""

import io
import threading
from datetime import timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection, connections
from django.db.models import F
from django.urls import reverse

from appointments import samples as appointment_samples
from appointments.models import Service
from appointments.setup.facts import _has_samples
from courses import enrolment as verbs
from courses import samples
from courses.models import (
    Category,
    Course,
    CourseRun,
    Enrolment,
    Faculty,
    ItemKind,
    Level,
    Mode,
    Money,
    Payment,
    PaymentState,
    ProgrammeItem,
    RunState,
    Status,
)
from courses.refusals import RunNotOnOffer
from courses.samples import content, people
from courses.samples.dates import Scene, hours, months, plan, scene_of
from ipsc import clinic
from ipsc.dates import clinic_day
from ipsc.history import PATIENT, Actor
from ipsc.models import ClinicSettings, Message
from ipsc.roles import MANAGER
from ipsc.sampling import NoSamplesHere
from tests.courses import rows
from tests.factories import NOW
from tests.staff import client_of, words

OFFICE = Actor("office")
pytestmark = pytest.mark.django_db
MODELS = (Course, Faculty, CourseRun, ProgrammeItem, Enrolment, Payment)


def command(name: str, *args: str) -> str:
    out = io.StringIO()
    with time_machine.travel(NOW, tick=False):
        call_command(name, *args, stdout=out)
    return out.getvalue()


def demonstration() -> None:
    samples.load(now=NOW)
    samples.fill(now=NOW)


def open_run() -> CourseRun:
    runs = CourseRun.objects.upcoming(NOW).filter(state=RunState.PUBLISHED, opens_at__lt=NOW)
    return next(run for run in runs if run.seats_taken < run.capacity and not run.enrolments.queue().exists())


def enrol(run: CourseRun) -> Enrolment:
    return verbs.enrol(run=run, details=rows.details(), by=PATIENT, now=NOW)


def holds() -> bool:
    """Whether every counter is as its rows are: the trigger looks now and not at the end (docs/adr/0012)."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    return True


# What is planned


def test_a_month_has_three_to_five_courses_each_once():
    for month in months(clinic_day(NOW)):
        planned = plan(month, 10)
        assert 3 <= len(planned) <= 5
        assert len({each.course for each in planned}) == len(planned)
        assert {(each.on.year, each.on.month) for each in planned} == {(month.year, month.month)}


def test_the_months_are_the_last_one_this_one_and_twelve_more():
    assert [f"{month:%Y-%m}" for month in months(clinic_day(NOW))] == [
        *(f"2026-{number}" for number in (10, 11, 12)),
        *(f"2027-{number:02}" for number in range(1, 12)),
    ]


def test_every_course_comes_within_five_months():
    assert {each.course for month in months(clinic_day(NOW))[:5] for each in plan(month, 10)} == set(range(10))


def test_ten_runs_in_a_row_show_every_scene():
    for first in range(8):
        assert {scene_of(first + number) for number in range(10)} == set(Scene)


# Loading


def test_it_loads_ten_courses_and_twelve_months_all_flagged():
    assert command("load_samples").endswith(
        "Loaded samples: 10 courses, 8 faculty, 55 dates. Online enrolment is open.\n"
    )
    for model in (Course, Faculty, CourseRun):
        assert model.objects.exists()
        assert not model.objects.filter(is_sample=False).exists()
        assert set(model.history.values_list("actor", flat=True)) == {"site"}
    ahead = set(CourseRun.objects.upcoming(NOW).values_list("starts_at", flat=True))
    assert len({(clinic_day(each).year, clinic_day(each).month) for each in ahead}) == 13


def test_they_cover_what_the_centre_teaches():
    samples.load(now=NOW)
    assert {each for course in Course.objects.all() for each in course.categories} == set(Category.values)
    assert set(Course.objects.values_list("level", flat=True)) == set(Level.values)
    assert set(CourseRun.objects.values_list("mode", flat=True)) == set(Mode.values)
    assert set(ProgrammeItem.objects.values_list("kind", flat=True)) == set(ItemKind.values)


def test_it_makes_nothing_up():
    samples.load(now=NOW)
    unknown = {"credentials": "", "about": "", "about_hi": "", "interests": "", "photo": None}
    assert Faculty.objects.filter(**unknown).count() == len(content.FACULTY)
    ungranted = {"credit_hours": None, "credit_council": "", "credit_reference": "", "phone": "", "venue": ""}
    assert CourseRun.objects.filter(**ungranted).count() == CourseRun.objects.count()
    assert not CourseRun.objects.exclude(fee_includes__startswith="This is a sample fee").exists()
    assert not CourseRun.objects.exclude(joining_url__in=["", content.JOINING]).exists()


def test_it_satisfies_the_fields_own_validators_in_both_languages():
    samples.load(now=NOW)
    for row in (*Course.objects.all(), *Faculty.objects.all(), *CourseRun.objects.all(), *ProgrammeItem.objects.all()):
        row.full_clean()
        hindi = [field.name for field in row._meta.fields if field.name.endswith("_hi")]
        assert [bool(getattr(row, name)) for name in hindi] == [bool(getattr(row, name[:-3])) for name in hindi]
    for course in Course.objects.all():
        for name in ("outcomes", "syllabus"):
            assert len(getattr(course, name).splitlines()) == len(getattr(course, f"{name}_hi").splitlines())


def test_a_programme_fills_the_hours_that_the_course_names():
    samples.load(now=NOW)
    for told in content.courses():
        course = Course.objects.get(slug=told["slug"])
        assert course.hours == hours(told["plan"])
        run = course.runs.first()
        items = list(run.programme.select_related("speaker"))
        assert (items[0].starts_at, items[-1].ends_at) == (run.starts_at, run.ends_at)
        taught = [(each.title, each.title_hi, each.speaker.name) for each in items if each.kind != ItemKind.BREAK]
        assert taught == [tuple(each) for each in told["programme"]]


def test_it_loads_once():
    samples.load(now=NOW)
    assert command("load_samples").endswith("No sample courses loaded: there is content already.\n")
    assert Course.objects.count() == len(content.courses())


@pytest.mark.parametrize("make", [rows.course, rows.faculty])
def test_it_leaves_a_centre_alone_that_has_begun(make):
    make()
    assert not samples.load(now=NOW).courses
    assert Course.objects.count() + Faculty.objects.count() == 1
    assert not ClinicSettings.load().enrolment_open


def test_enrolment_opens_with_the_first_loading_alone():
    assert samples.load(now=NOW).opened
    assert ClinicSettings.objects.get().enrolment_open
    samples.remove(by=OFFICE)
    clinic.amend(values={"enrolment_open": False}, by=OFFICE)
    assert not samples.load(now=NOW).opened
    assert not ClinicSettings.objects.get().enrolment_open


@pytest.mark.parametrize("name", ["load_samples", "load_demo"])
def test_it_refuses_in_production(name, settings):
    settings.SHOWS_SAMPLES = False
    with pytest.raises(CommandError, match="sample content is never loaded here"):
        command(name)
    for verb in (samples.load, samples.fill):
        with pytest.raises(NoSamplesHere):
            verb(now=NOW)
    assert not Course.objects.exists()
    assert not ClinicSettings.load().enrolment_open


def test_nobody_outside_sees_one_in_production(settings):
    demonstration()
    settings.SHOWS_SAMPLES = False
    assert not Course.objects.public().exists()
    assert not CourseRun.objects.public().exists()
    with pytest.raises(RunNotOnOffer):
        enrol(open_run())


@pytest.mark.django_db(transaction=True)
def test_it_loads_once_when_two_start_together():
    together, loaded = threading.Barrier(2, timeout=30), []

    def start() -> None:
        try:
            together.wait()
            loaded.append(samples.load(now=NOW).courses)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=start) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert sorted(loaded) == [0, len(content.courses())]


# The demonstration


@pytest.mark.parametrize("days", range(0, 360, 90))
def test_it_shows_every_state_whenever_it_is_loaded(days):
    now = NOW + timedelta(days=days)
    samples.load(now=now)
    samples.fill(now=now)
    assert holds()
    ahead = CourseRun.objects.upcoming(now).with_queue()
    published = ahead.filter(state=RunState.PUBLISHED)
    assert ahead.filter(state=RunState.CANCELLED).exists()
    assert published.filter(opens_at__gt=now).exists()
    free = [run.capacity - run.seats_taken for run in published.filter(opens_at__lt=now, waiting=0)]
    assert 0 in free
    assert people.FEW in free
    assert max(free) > people.FEW
    assert published.filter(waiting__gt=0, seats_taken=F("capacity")).exists()
    assert Enrolment.objects.filter(status=Status.OFFERED, offer_ends_at__gt=now).exists()
    past = CourseRun.objects.filter(ends_at__lt=now)
    assert set(Enrolment.objects.active().filter(run__in=past).values_list("status", flat=True)) == {
        Status.ATTENDED,
        Status.ABSENT,
    }


def test_its_people_are_nobody_and_are_told_nothing():
    demonstration()
    assert not Enrolment.objects.filter(is_sample=False).exists()
    assert not Enrolment.objects.exclude(name__startswith="Dr Sample ", email__endswith="@example.org").exists()
    assert not Payment.objects.filter(is_sample=False).exists()
    assert not Message.objects.exists()


def test_no_moment_of_theirs_is_in_the_future():
    demonstration()
    moments = ("created_at", "waiting_at", "offered_at", "confirmed_at", "attended_at", "absent_at", "consent_at")
    for moment in moments:
        assert not Enrolment.objects.filter(**{f"{moment}__gt": NOW}).exists()


def test_what_they_paid_is_what_their_payments_say():
    demonstration()
    for enrolment in Enrolment.objects.filter(fee__gt=0).prefetch_related("payments"):
        received = [each.amount for each in enrolment.payments.all() if each.state == PaymentState.RECEIVED]
        assert sum(received) == enrolment.paid
    assert {Money.DUE, Money.CLAIMED, Money.PAID} <= set(Enrolment.objects.values_list("payment_state", flat=True))


def test_a_second_start_adds_nothing():
    demonstration()
    before = [list(model.objects.order_by("pk").values()) for model in MODELS]
    assert "Demonstration courses: nothing to add.\n" in command("load_demo")
    assert [list(model.objects.order_by("pk").values()) for model in MODELS] == before


def test_a_start_five_months_later_rolls_it_on():
    demonstration()
    later = NOW + timedelta(days=150)
    filled = samples.fill(now=later)
    assert holds()
    assert filled.runs > 0
    assert filled.enrolments > 0
    last = CourseRun.objects.order_by("-starts_at").first()
    assert last.month == months(clinic_day(later))[-1]
    past = CourseRun.objects.filter(ends_at__lt=later)
    assert not past.filter(enrolments__status__in=[Status.CONFIRMED, Status.OFFERED, Status.WAITING]).exists()
    assert samples.fill(now=later) == samples.Filled()


def test_a_month_that_the_centre_made_its_own_is_not_made_again():
    demonstration()
    CourseRun.objects.update(is_sample=False)
    assert samples.fill(now=NOW) == samples.Filled()


def test_a_course_that_the_centre_made_its_own_gets_no_more_sample_dates():
    demonstration()
    Course.objects.update(is_sample=False)
    assert not samples.fill(now=NOW + timedelta(days=150)).runs


def test_nobody_made_up_joins_a_run_that_somebody_is_in():
    samples.load(now=NOW)
    run = open_run()
    enrol(run)
    samples.fill(now=NOW)
    assert run.enrolments.count() == 1


# Removing


def test_it_previews_without_removing():
    demonstration()
    people_there = Enrolment.objects.count()
    said = command("remove_samples", "--dry-run")
    assert said.startswith("Would be removed:\n")
    assert "  course: First steps in pain medicine\n" in said
    assert f"  55 dates of courses, {people_there} sample enrolments\n" in said
    assert Enrolment.objects.count() == people_there


def test_one_command_removes_every_sample():
    demonstration()
    appointment_samples.load()
    said = command("remove_samples")
    assert "Stayed" not in said
    for model in (*MODELS, Service):
        assert not model.objects.exists()
    assert command("remove_samples") == "There are no samples.\n"


def test_it_leaves_one_line_of_history_and_none_of_people():
    demonstration()
    samples.remove(by=OFFICE)
    for model in (Course, Faculty, CourseRun):
        told = model.history.values_list("history_type", "actor", "history_change_reason").distinct().order_by()
        assert list(told) == [("-", "office", "samples removed")]
    for model in (Enrolment, Payment, ProgrammeItem):
        assert not model.history.exists()


def test_it_keeps_what_a_doctor_has_enrolled_in_and_sends_the_made_up_ones_out():
    demonstration()
    run = open_run()
    mine = enrol(run)
    removal = samples.remove(by=OFFICE)
    assert holds()
    assert Enrolment.objects.get() == mine
    assert CourseRun.objects.get().seats_taken == 1
    assert Course.objects.get() == run.course
    staying = {*run.course.authors.all(), *(each.speaker for each in run.programme.all() if each.speaker)}
    assert set(Faculty.objects.all()) == staying
    assert str(run) in {line.label for line in removal.kept}
    assert "Doctors have enrolled here" in str(removal.kept[0])


def test_nothing_comes_back_after_they_were_removed():
    demonstration()
    enrol(open_run())
    samples.remove(by=OFFICE)
    assert samples.fill(now=NOW + timedelta(days=90)) == samples.Filled()


def test_what_is_loaded_again_rolls_on_again():
    demonstration()
    samples.remove(by=OFFICE)
    demonstration()
    assert samples.fill(now=NOW + timedelta(days=150)).runs


def test_it_keeps_a_course_of_which_the_centre_has_dates_of_its_own():
    demonstration()
    own = rows.run(course=Course.objects.first())
    samples.remove(by=OFFICE)
    assert CourseRun.objects.get() == own
    assert Course.objects.get() == own.course


def test_it_keeps_what_the_centre_has_adopted_but_for_the_made_up_people():
    demonstration()
    run = open_run()
    CourseRun.objects.filter(pk=run.pk).update(is_sample=False)
    samples.remove(by=OFFICE)
    assert CourseRun.objects.get().seats_taken == 0
    assert not Enrolment.objects.exists()


def test_a_sample_enrolment_with_a_real_payment_stays():
    demonstration()
    paid = Enrolment.objects.filter(status=Status.CONFIRMED).first()
    rows.payment(paid)
    samples.remove(by=OFFICE)
    assert holds()
    assert Enrolment.objects.get() == paid


def test_editing_an_enrolment_makes_it_real():
    demonstration()
    row = Enrolment.objects.filter(status=Status.CONFIRMED, run__starts_at__gt=NOW).first()
    verbs.amend(enrolment=row, details=rows.details(), by=OFFICE, now=NOW)
    samples.remove(by=OFFICE)
    assert Enrolment.objects.get() == row


def test_whoever_enrols_in_a_run_that_was_removed_meanwhile_is_refused_kindly():
    demonstration()
    run = open_run()
    samples.remove(by=OFFICE)
    with pytest.raises(RunNotOnOffer):
        enrol(run)


def test_a_preview_costs_the_same_however_many_there_are(django_assert_num_queries):
    demonstration()
    samples.fill(now=NOW + timedelta(days=150))
    with django_assert_num_queries(7):
        samples.preview()


def test_the_set_up_names_samples_of_courses_as_well():
    assert not _has_samples()
    samples.load(now=NOW)
    assert _has_samples()


def test_a_manager_sees_them_on_the_one_page_and_removes_them_there():
    demonstration()
    client = client_of(MANAGER)
    page = words(client.get(reverse("admin:appointments_samples")))
    assert "course: First steps in pain medicine" in page
    assert f"55 dates of courses, {Enrolment.objects.count()} sample enrolments" in page
    assert client.post(reverse("admin:appointments_samples")).headers["Location"] == reverse("admin:index")
    for model in MODELS:
        assert not model.objects.exists()
