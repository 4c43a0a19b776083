from typing import Any

from django.core.management.base import BaseCommand, CommandError

from appointments import samples
from courses import samples as courses
from ipsc.dates import now
from ipsc.sampling import NoSamplesHere


class Command(BaseCommand):
    help = "Load sample services, clinicians, hours and courses where there are none at all; never in production."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            self.stdout.write(str(samples.load()))
            self.stdout.write(str(courses.load(now=now())))
        except NoSamplesHere as refusal:
            raise CommandError(str(refusal)) from refusal
