"""All verbs in any order, with clocks that go forward and back: what must hold after each of them.

Never more holders than seats; nobody jumps the queue; no one is lost; counter = rows; every change has its message.
"""

import contextlib
from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from courses import enrolment as verbs
from courses.enrolment.moving import MOVABLE
from courses.models import (
    SETTLED,
    CourseRun,
    End,
    Enrolment,
    Money,
    Payment,
    PaymentState,
    RunState,
    Source,
    Status,
    Way,
)
from courses.refusals import EnrolmentRefused
from ipsc.models import ClinicSettings, Message, MessageState
from tests.courses import rows
from tests.courses.office import DOCTOR, check_counters, enrol, office
from tests.factories import NOW, clinic_time

pytestmark = pytest.mark.django_db

doctors = st.integers(1, 12)
# Forward mostly, and back: servers' clocks differ.
clocks = st.one_of(
    st.integers(-5, 90).map(lambda minutes: timedelta(minutes=minutes)),
    st.integers(-12, 3).map(lambda days: timedelta(days=days)),
)
picks = st.integers(0, 60)


class Courses(RuleBasedStateMachine):
    """Two runs of one course and one of another, few seats, twelve doctors, an office."""

    @initialize(seats=st.tuples(*[st.integers(1, 3)] * 3), queues=st.tuples(*[st.integers(0, 4)] * 3))
    def begin(self, seats, queues):
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        ClinicSettings.objects.create(pk=1, enrolment_open=True)
        course = rows.course()
        months = [clinic_time(2027, 1, 9, 9), clinic_time(2027, 2, 13, 9), clinic_time(2027, 1, 16, 9)]
        courses = [course, course, rows.course()]
        self.runs = [
            rows.run(course=each, starts_at=starts, capacity=places, queue_capacity=queue)
            for each, starts, places, queue in zip(courses, months, seats, queues, strict=True)
        ]
        self.office = office()
        self.now = NOW
        # Full to begin with, and some wait: what is worth trying begins there.
        for run in self.runs[:2]:
            for number in range(1, run.capacity + min(run.queue_capacity, 3) + 1):
                enrol(run, number, queue=True)
        self.seen: dict[int, tuple[int, str, int]] = {}
        self.before: dict[int, list[int]] = {}
        self.touched: set[int] = set()
        self.quiet = False
        self.remember()

    def teardown(self):
        if hasattr(self, "atomic"):
            transaction.set_rollback(True)
            self.atomic.__exit__(None, None, None)

    def remember(self) -> None:
        """How things stand, to compare with after the next verb."""
        self.seen = {each.pk: (each.sequence, each.status, each.run_id) for each in Enrolment.objects.all()}
        self.before = {run.pk: self.queue(run.pk) for run in self.runs}
        self.touched, self.quiet = set(), False

    @staticmethod
    def queue(run_id: int) -> list[int]:
        """Those who wait, the first one first; not by what the verbs go by."""
        rows_ = Enrolment.objects.filter(run=run_id, status=Status.WAITING).order_by("waiting_at", "pk")
        return list(rows_.values_list("pk", flat=True))

    def do(self, verb, *runs: int, **given) -> None:
        """Call a verb; a refusal is an answer like any other."""
        self.touched = set(runs)
        # What was refused is undone; what was due before it is not.
        with contextlib.suppress(EnrolmentRefused):
            verb(now=self.now, **given)

    def someone(self, pick: int, *likely: Status) -> Enrolment:
        """Mostly somebody whom the verb is for."""
        rows_ = Enrolment.objects.select_related("run").order_by("pk")
        people = (pick % 8 and list(rows_.filter(status__in=likely))) or list(rows_)
        return people[pick % len(people)]

    def some_run(self, pick: int) -> CourseRun:
        return CourseRun.objects.get(pk=self.runs[pick % len(self.runs)].pk)

    def actor(self, staff: bool):
        return self.office if staff else DOCTOR

    # Each draws what it needs: one rule draws them all, since hypothesis would leave whole rules out of a run.

    def enrols(self, draw):
        run, staff = self.some_run(draw(picks)), draw(st.booleans())
        source = Source.PHONE if staff else Source.ONLINE
        given = {"details": rows.details(draw(doctors)), "queue": draw(st.integers(0, 3)) > 0, "source": source}
        self.do(verbs.enrol, run.pk, run=run, by=self.actor(staff), **given)

    def withdraws(self, draw):
        one = self.someone(draw(picks), Status.CONFIRMED)
        self.do(verbs.withdraw, one.run_id, enrolment=one, by=self.actor(draw(st.booleans())))

    def accepts(self, draw):
        one = self.someone(draw(picks), Status.OFFERED)
        self.do(verbs.accept_offer, one.run_id, enrolment=one, by=DOCTOR)

    def declines(self, draw):
        one = self.someone(draw(picks), Status.OFFERED)
        self.do(verbs.decline_offer, one.run_id, enrolment=one, by=DOCTOR)

    def moves(self, draw):
        one, run = self.someone(draw(picks), *MOVABLE), self.some_run(draw(picks))
        by = self.actor(draw(st.booleans()))
        self.do(verbs.transfer, one.run_id, run.pk, enrolment=one, run=run, by=by)

    def comes_back(self, draw):
        one = self.someone(draw(picks), Status.CANCELLED)
        self.do(verbs.reinstate, one.run_id, enrolment=one, by=self.office)

    def is_admitted(self, draw):
        one = self.someone(draw(picks), Status.WAITING)
        self.do(verbs.admit, one.run_id, enrolment=one, by=self.office)

    def is_marked(self, draw):
        one, to = self.someone(draw(picks), Status.CONFIRMED), draw(st.sampled_from(SETTLED))
        self.do(verbs.mark, enrolment=one, to=to, by=self.office)
        self.quiet = True

    def is_corrected(self, draw):
        one = self.someone(draw(picks), Status.CONFIRMED)
        self.do(verbs.amend, enrolment=one, details=rows.details(draw(doctors)), by=DOCTOR)
        self.quiet = True

    def gets_other_capacity(self, draw):
        run = self.some_run(draw(picks))
        self.do(verbs.change_capacity, run.pk, run=run, capacity=draw(st.integers(1, 4)), by=self.office)

    def gets_other_dates(self, draw):
        run = self.some_run(draw(picks))
        starts_at = max(run.starts_at + timedelta(days=draw(st.integers(-20, 40))), run.opens_at + timedelta(days=2))
        values = {
            "starts_at": starts_at,
            "ends_at": starts_at + timedelta(hours=8),
            "closes_at": min(run.opens_at + timedelta(days=draw(st.integers(1, 80))), starts_at),
            "withdraw_until_at": min(run.withdraw_until_at, starts_at),
        }
        self.do(verbs.revise_run, run.pk, run=run, values=values, by=self.office)

    def is_cancelled(self, draw):
        run = self.some_run(draw(picks))
        self.do(verbs.cancel_run, run.pk, run=run, reason="Flood", by=self.office)

    def pays(self, draw):
        one, amount = self.someone(draw(picks), Status.CONFIRMED), draw(st.integers(1, 12_000))
        self.do(verbs.take_payment, enrolment=one, way=Way.DESK, amount=amount, by=self.office)

    def says_to_have_paid(self, draw):
        one, number = self.someone(draw(picks), Status.CONFIRMED), f"NUMBER {draw(st.integers(1, 4))}"
        self.do(verbs.say_paid, enrolment=one, way=Way.UPI, transaction_number=number, amount=9_000, by=DOCTOR)

    def is_answered_about_money(self, draw):
        claim = Payment.objects.claimed().first()
        if claim and draw(st.booleans()):
            self.do(verbs.receive_payment, payment=claim, by=self.office)
        elif claim:
            self.do(verbs.refuse_payment, payment=claim, reason="Nothing came.", by=self.office)

    def is_told_to_pay(self, draw):
        """The notice, and most times the mail server takes it."""
        one = self.someone(draw(picks), Status.CONFIRMED)
        self.now = max(self.now, one.pay_by_at or self.now)
        self.do(verbs.give_notice)
        if draw(st.integers(0, 3)):
            self.deliver_notices()
        # Often nothing comes for as long as the place is kept.
        if draw(st.booleans()):
            self.now += timedelta(hours=48)
            self.hands_on()

    def is_told_by_phone(self, draw):
        """The office says itself that payment is overdue."""
        one = self.someone(draw(picks), Status.CONFIRMED)
        self.do(verbs.tell_overdue, enrolment=one, how="phone", by=self.office)

    def gets_a_receipt_taken_back(self, draw):
        received = Payment.objects.filter(state=PaymentState.RECEIVED).order_by("pk")
        if received:
            self.do(
                verbs.take_payment_back, payment=received[draw(picks) % len(received)], reason="Slip", by=self.office
            )

    def gets_money_back(self, draw):
        owed_back = Enrolment.objects.filter(payment_state=Money.REFUND_DUE).order_by("pk")
        if owed_back:
            one = owed_back[draw(picks) % len(owed_back)]
            amount = draw(st.integers(1, max(one.refund, 1)))
            self.do(verbs.send_refund, enrolment=one, way=Way.DESK, amount=amount, by=self.office)

    def is_checked_or_gets_a_link(self, draw):
        one = self.someone(draw(picks), Status.CONFIRMED)
        if draw(st.booleans()):
            self.do(verbs.check_registration, enrolment=one, checked=draw(st.booleans()), by=self.office)
        else:
            self.do(verbs.renew_link, enrolment=one, by=self.office)

    def deliver_notices(self) -> None:
        for each in Message.objects.filter(kind="courses.payment_due", state=MessageState.QUEUED):
            each.state, each.ended_at, each.attempts = MessageState.SENT, self.now, 1
            each.subject, each.body = "Your payment", "Text"
            each.save()

    def has_not_paid(self, draw):
        self.now += timedelta(hours=draw(st.sampled_from([0, 47, 48])))
        self.hands_on()

    def hands_on(self) -> None:
        self.do(verbs.release_unpaid)
        gone = Enrolment.objects.filter(end=End.UNPAID)
        self.touched = {each.run_id for each in gone if self.seen[each.pk][1] != Status.CANCELLED}

    def is_swept(self, draw):
        self.do(verbs.end_lapsed_offers)
        self.touched = {run.pk for run in self.runs}

    def time_goes_by(self, draw):
        self.now += draw(clocks)

    def it_is_nearly_the_end_of_an_offer(self, draw):
        one = self.someone(draw(picks), Status.OFFERED)
        self.now = (one.offer_ends_at or self.now) + timedelta(seconds=draw(st.integers(-1, 1)))

    def it_is_nearly_the_close(self, draw):
        self.now = self.some_run(draw(picks)).closes_at + timedelta(seconds=draw(st.integers(-1, 1)))

    OFTEN = (enrols, withdraws, accepts, moves)
    AT_TIMES = (
        declines,
        comes_back,
        is_corrected,
        gets_other_capacity,
        time_goes_by,
        it_is_nearly_the_end_of_an_offer,
    )
    MONEY = (
        pays,
        says_to_have_paid,
        is_answered_about_money,
        gets_a_receipt_taken_back,
        gets_money_back,
        is_told_to_pay,
        is_told_by_phone,
        has_not_paid,
    )
    SELDOM = (
        is_admitted,
        is_marked,
        is_checked_or_gets_a_link,
        gets_other_dates,
        is_swept,
        it_is_nearly_the_close,
    )
    ACTIONS = (*OFTEN * 6, *AT_TIMES * 3, *MONEY * 2, *SELDOM * 2, is_cancelled)

    @rule(data=st.data(), number=st.integers(0, len(ACTIONS) - 1))
    def something_happens(self, data, number):
        self.remember()
        self.ACTIONS[number % len(self.ACTIONS)](self, data.draw)

    @invariant()
    def never_more_holders_than_seats_and_the_counter_is_right(self):
        if not hasattr(self, "runs"):
            return
        check_counters()
        for run in CourseRun.objects.all():
            holders = Enrolment.objects.filter(run=run).holding().count()
            assert holders <= run.capacity, "more hold a seat than there are"
            assert holders == run.seats_taken, "the counter is wrong"

    @invariant()
    def nobody_jumps_the_queue(self):
        """Whoever still waits is passed by nobody: who got a place waited before them, and who came later is behind."""
        if not hasattr(self, "runs"):
            return
        for run in self.runs:
            before, after = self.before[run.pk], self.queue(run.pk)
            stayed = [pk for pk in before if pk in after]
            assert after[: len(stayed)] == stayed, "the order has changed"
            if not stayed:
                continue
            first = before.index(stayed[0])
            for pk in Enrolment.objects.filter(run=run).holding().values_list("pk", flat=True):
                _sequence, status, run_id = self.seen.get(pk, (0, "", 0))
                had_a_place = run_id == run.pk and status not in (Status.WAITING, Status.CANCELLED)
                assert had_a_place or pk in before[:first], "somebody has passed those who wait"

    @invariant()
    def no_seat_stays_free_while_somebody_waits_for_it(self):
        if not hasattr(self, "runs"):
            return
        for run in CourseRun.objects.filter(pk__in=self.touched, state=RunState.PUBLISHED, closes_at__gt=self.now):
            assert run.seats_taken == run.capacity or not self.queue(run.pk), "a seat is free, and somebody waits"

    @invariant()
    def nobody_loses_a_place_over_money_untold(self):
        if not hasattr(self, "runs"):
            return
        hours = timedelta(hours=ClinicSettings.load().overdue_hours)
        notices = Message.objects.filter(kind="courses.payment_due", state=MessageState.SENT)
        for each in Enrolment.objects.filter(end=End.UNPAID):
            if self.seen.get(each.pk, (0, ""))[1] == Status.CONFIRMED:
                told = notices.filter(about_id=each.pk, ended_at__lte=self.now - hours)
                assert told.filter(caused_at__gte=each.confirmed_at).exists(), "nobody has told them"
                assert not each.payments.claimed().exists(), "they say that they have paid"
                assert each.fee == 0, "they owe for a place that is gone"

    @invariant()
    def what_is_paid_is_what_came_less_what_went(self):
        if not hasattr(self, "runs"):
            return
        for each in Enrolment.objects.all():
            came = sum(each.payments.filter(state=PaymentState.RECEIVED).values_list("amount", flat=True))
            went = sum(each.refunds.values_list("amount", flat=True))
            assert each.paid == came - went, "money is lost"
            assert each.status != Status.CANCELLED or each.owed == 0, "they owe for a place that is gone"

    @invariant()
    def no_one_is_lost(self):
        if not hasattr(self, "runs"):
            return
        there = {each.pk: each for each in Enrolment.objects.all()}
        assert self.seen.keys() <= there.keys(), "somebody is gone"
        for each in there.values():
            assert each.status != Status.CANCELLED or (each.end and each.cancelled_by)

    @invariant()
    def no_offer_outlives_the_close(self):
        if not hasattr(self, "runs"):
            return
        for each in Enrolment.objects.filter(status=Status.OFFERED).select_related("run"):
            assert each.offer_ends_at <= each.run.closes_at, "an offer outlives the close"

    @invariant()
    def every_change_has_its_message(self):
        if not hasattr(self, "runs") or self.quiet:
            return
        for each in Enrolment.objects.all():
            if self.seen.get(each.pk, (-1,))[0] != each.sequence:
                told = Message.objects.of(each).filter(version=each.sequence).exclude(kind="courses.reminder")
                # A course that is over is told to nobody.
                assert told.exists() or each.run.ends_at <= self.now, f"nobody was told: {each.status} {each.end}"


def test_the_verbs_in_any_order_keep_the_rules():
    run_state_machine_as_test(
        Courses,
        settings=settings(
            max_examples=25, stateful_step_count=40, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
