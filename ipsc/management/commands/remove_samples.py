from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from appointments import samples
from ipsc.history import Actor

OPERATOR = Actor("manage.py remove_samples")


class Command(BaseCommand):
    help = "Remove all samples but those that patients have booked. With --dry-run, say only what would go."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="Change nothing.")

    def handle(self, *args: Any, **options: Any) -> None:
        dry = options["dry_run"]
        removal = samples.preview() if dry else samples.remove(by=OPERATOR)
        if removal.is_empty and not removal.kept:
            self.stdout.write("There are no samples.")
            return
        self.stdout.write("Would be removed:" if dry else "Removed:")
        for line in removal.gone:
            self.stdout.write(f"  {line}")
        self.stdout.write(
            f"  {removal.visits} sample visits, {removal.hours} working hours, {removal.time_off} times off"
        )
        if removal.kept:
            self.stdout.write("Would stay:" if dry else "Stayed:")
            for line in removal.kept:
                self.stdout.write(f"  {line}")
