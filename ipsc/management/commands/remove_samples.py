from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import transaction

from appointments import samples
from courses import samples as courses
from ipsc.history import Actor

OPERATOR = Actor("manage.py remove_samples")


class Command(BaseCommand):
    help = (
        "Remove all samples but those that people have booked or enrolled in. With --dry-run, say only what would go."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="Change nothing.")

    def handle(self, *args: Any, **options: Any) -> None:
        dry = options["dry_run"]
        # All of it or none: a clinic must not be left half made up.
        with transaction.atomic():
            visits = samples.preview() if dry else samples.remove(by=OPERATOR)
            taught = courses.preview() if dry else courses.remove(by=OPERATOR)
        kept = [*visits.kept, *taught.kept]
        if visits.is_empty and taught.is_empty and not kept:
            self.stdout.write("There are no samples.")
            return
        gone = [
            *visits.gone,
            f"{visits.visits} sample visits, {visits.hours} working hours, {visits.time_off} times off",
            *taught.gone,
            f"{taught.runs} dates of courses, {taught.enrolments} sample enrolments",
        ]
        self.tell("Would be removed:" if dry else "Removed:", gone)
        if kept:
            self.tell("Would stay:" if dry else "Stayed:", kept)

    def tell(self, heading: str, lines: list) -> None:
        self.stdout.write(heading)
        for line in lines:
            self.stdout.write(f"  {line}")
