"""`manage.py check_seats`: compare the counter of seats of every run with its rows (rule C1)."""

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.db.models import Count, F, Q

from courses.enrolment.seats import locked_runs
from courses.models import HOLDING, CourseRun, Enrolment


class Command(BaseCommand):
    help = "Compare the counters of seats with the enrolments; exit code 1 where they differ."

    def add_arguments(self, parser) -> None:
        parser.add_argument("--repair", action="store_true", help="set each wrong counter to what the rows say")

    def handle(self, *args, **options) -> None:
        left = 0
        for run in wrong_runs():
            self.stdout.write(f"{run}: the counter says {run.seats_taken}, the enrolments say {run.held}.")
            left += not (options["repair"] and self._repair(run.pk))
        if left:
            raise CommandError(f"Counters that are wrong: {left}.")
        self.stdout.write("Every counter is as its enrolments say.")

    def _repair(self, pk: int) -> bool:
        """Count again behind the lock, and say whether the counter is right now."""
        with transaction.atomic():
            run = locked_runs([pk])[pk]
            held = Enrolment.objects.filter(run=run).holding().count()
            if held > run.capacity:
                self.stdout.write(
                    f"  Not repaired: {held} hold a place and there are {run.capacity}."
                    f" Withdraw or move people, or raise the capacity to {held}, then repair again."
                )
                return False
            # The counter is no tracked field: each enrolment has a history of its own.
            CourseRun.objects.filter(pk=pk).update(seats_taken=held)
        self.stdout.write(f"  Repaired: {held}.")
        return True


def wrong_runs():
    """The runs whose counter differs from their rows, each with `held`. One query."""
    rows = CourseRun.objects.select_related("course").order_by("pk")
    held = Count("enrolments", filter=Q(enrolments__status__in=HOLDING))
    return rows.annotate(held=held).exclude(seats_taken=F("held"))
