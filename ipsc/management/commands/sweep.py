from datetime import datetime, timedelta
from typing import Any

from django.apps import apps
from django.core.management import call_command
from django.core.management.base import BaseCommand

from appointments import sweeping
from courses import attempts
from courses.enrolment import end_lapsed_offers, give_notice, release_unpaid
from faq import helping, reminding
from faq.search import fruitless
from ipsc import pictures, ratelimit
from ipsc.dates import now

# Who signed in from where: needed to look into an attack, and nobody's business after a month (rule P1).
SIGN_IN_LIFE = timedelta(days=30)


class Command(BaseCommand):
    help = "Decline overdue requests, hand places of courses on, and delete what has served its time. For cron."

    def handle(self, *args: Any, **options: Any) -> None:
        moment = now()
        declined = sweeping.decline_unanswered(now=moment)
        runs = end_lapsed_offers(now=moment)
        released = release_unpaid(now=moment)
        noticed = give_notice(now=moment)
        drafts = sweeping.forget_drafts(now=moment)
        enrolment_drafts = attempts.forget(now=moment)
        limits = ratelimit.forget_full_buckets(now=moment)
        sign_ins = forget_sign_ins(now=moment)
        unused = pictures.forget_unused(now=moment)
        searches = sweeping.forget_searches(now=moment)
        fruitless_searches = fruitless.forget(now=moment)
        remarks = helping.forget_texts(now=moment)
        digests = reminding.queue_digests(now=moment)
        call_command("clearsessions")
        deleted = f"unsent bookings {drafts}, unsent enrolments {enrolment_drafts}, limits {limits}, "
        deleted += f"sign-ins {sign_ins}, unused pictures {unused}, searches {searches}, "
        deleted += f"searches without a result {fruitless_searches}, remarks {remarks}"
        told = f"Requests declined: {len(declined)}. Courses with places handed on: {runs}. "
        told += f"Unpaid places ended: {released}. Told that payment is overdue: {noticed}. Deleted: {deleted}. "
        told += f"Doctors with answers to review: {digests}."
        self.stdout.write(told)


def forget_sign_ins(*, now: datetime) -> int:
    """Delete records of signing in that are older than SIGN_IN_LIFE; return how many."""
    models = [apps.get_model("axes", name) for name in ("AccessLog", "AccessAttempt")]
    return sum(model.objects.filter(attempt_time__lte=now - SIGN_IN_LIFE).delete()[0] for model in models)
