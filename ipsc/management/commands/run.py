import os
import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.db.utils import OperationalError

from ipsc.serving import steps
from ipsc.serving.environment import WILDCARDS, CannotServe, address, check_free, in_brackets
from ipsc.serving.sender import Sender


class Command(BaseCommand):
    help = "Prepare the site and serve it on HOST:PORT (from the environment; by default 127.0.0.1:8000)."
    # Made below, after the look at the port: they read the whole site.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--autoreload", action="store_true", help="Serve with Django's development server, for work on the code."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Run the steps in order; the port first, since it takes no time and the rest does.

        :raises CannotServe: the port or the database cannot be used.
        """
        try:
            host, port = address()
            check_free(host, port)
            self.say(f"IPSC, {settings.MODE} mode")
            self.check()
            steps.prepare(self.say)
        except (OperationalError, TimeoutError) as problem:
            raise CannotServe(" ".join(str(problem).split())) from problem
        except KeyboardInterrupt:
            sys.exit(130)
        if options["autoreload"]:
            # It has this process for its parent, whatever runs in it.
            Sender().start()
            # In this process's place, so that the reloader starts a fresh one of its own and no lock is held here.
            os.execv(sys.executable, [sys.executable, sys.argv[0], "runserver", f"{in_brackets(host)}:{port}"])  # noqa: S606
        from ipsc.serving.web import serve

        serve(host, port, lambda: self.say(self.invitation(host, port)))

    def invitation(self, host: str, port: int) -> str:
        """Return the addresses to open."""
        shown = {WILDCARDS[0]: "127.0.0.1", WILDCARDS[1]: "::1"}.get(host, host)
        base = f"http://{in_brackets(shown)}:{port}"
        return f"Ready.\n  English  {base}/\n  हिन्दी     {base}/hi/\n  Staff    {base}/admin/\nCtrl-C ends it."

    def say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()
