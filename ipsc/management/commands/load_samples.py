from typing import Any

from django.core.management.base import BaseCommand, CommandError

from appointments import samples


class Command(BaseCommand):
    help = "Load the sample services, clinicians and hours if there are none at all; never in production."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            self.stdout.write(str(samples.load()))
        except samples.NoSamplesHere as refusal:
            raise CommandError(str(refusal)) from refusal
