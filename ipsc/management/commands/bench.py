import warnings
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError
from django.test import Client, override_settings

from appointments.bench import databases, report
from appointments.bench.seeding import AHEAD
from ipsc.dates import clinic_day, now
from ipsc.history import SITE

# As in production, save for what needs a certificate, a host name or collected files.
SERVED = {
    "DEBUG": False,
    "ALLOWED_HOSTS": ["testserver"],
    "ROOT_URLCONF": "appointments.bench.actions",
    "SECURE_SSL_REDIRECT": False,
    "STORAGES": {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}},
}


class Command(BaseCommand):
    help = "Measure pages and a booking against a thousand and a million appointments, the search, and the courses."
    # They would load the templates before DEBUG is off.
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--sizes", nargs=2, type=int, default=[1_000, 1_000_000], metavar=("SMALL", "LARGE"))
        parser.add_argument("--questions", nargs=2, type=int, default=[], metavar=("FEW", "MANY"), help="10 and 10000.")
        parser.add_argument("--runs", nargs=2, type=int, default=[], metavar=("FEW", "MANY"), help="300 and 30000.")
        parser.add_argument("--rounds", type=int, default=200, help="Turns to measure; 200 unless told.")
        parser.add_argument("--quick", action="store_true", help="40 turns.")
        parser.add_argument("--prefix", default="ipsc_bench", help="How the names of the databases begin.")

    def handle(self, *args: Any, **options: Any) -> None:
        sizes, rounds = options["sizes"], 40 if options["quick"] else options["rounds"]
        if min(sizes) < AHEAD or rounds < 2:
            raise CommandError(f"The smallest size is {AHEAD}, and it takes two rounds to compare.")
        with override_settings(**SERVED), warnings.catch_warnings():
            warnings.filterwarnings("ignore", message="No directory at", category=UserWarning)
            try:
                found = [
                    databases.prepare(options["prefix"], size, today=clinic_day(now()), say=self.stdout.write)
                    for size in sizes
                ]
            except DatabaseError as problem:
                raise CommandError(f"The databases cannot be made: {problem}") from problem
            try:
                self.measure(sizes, found, rounds, options["questions"], options["runs"])
            finally:
                for database in found:
                    database.close()

    def measure(self, sizes: list[int], found: list, rounds: int, questions: list[int], runs: list[int]) -> None:
        # Only now: these import the site's addresses, and with them the admin.
        from appointments.bench import actions, measuring
        from courses import bench as courses_bench
        from courses.enrolment import bench as seats_bench
        from faq import bench as faq_bench
        from faq import content

        client = Client()
        each = []
        for database in found:
            with databases.using(database):
                content.load(by=SITE, now=now())
                each.append(
                    [
                        actions.times_page(client),
                        actions.bare_page(client),
                        actions.home_page(client),
                        actions.topic_page(client),
                        actions.booking(client),
                    ]
                )
        series = measuring.measure(each, found, rounds=rounds)
        with databases.using(found[-1]):
            alone = [measuring.over_and_over(action, rounds=rounds) for action in each[-1][:4]]
            parts = measuring.profile(each[-1][0], rounds=rounds)
        names = [action.name for action in each[0]]
        self.stdout.write(f"{rounds} turns, small and large in each; times with all middleware, in this process.")
        for line in report.lines(sizes, names, series, alone, parts):
            self.stdout.write(line)
        with databases.using(found[0]):
            faq_bench.measure(rounds=min(rounds, 20), now=now(), say=self.stdout.write, sizes=questions)
            courses_bench.measure(rounds=min(rounds, 40), now=now(), say=self.stdout.write, sizes=runs)
            # At least a few for each of its clients.
            seats_bench.measure(now=now(), say=self.stdout.write, people=min(rounds * 8, seats_bench.PEOPLE))
