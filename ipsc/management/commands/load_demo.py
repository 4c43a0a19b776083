from typing import Any

from django.core.management.base import BaseCommand, CommandError

from appointments import samples
from ipsc.dates import now
from ipsc.demonstration import Account, make_accounts


class Command(BaseCommand):
    help = "Make an account for each role and today's sample visits, where they are missing; never in production."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            filled = samples.fill(now=now())
        except samples.NoSamplesHere as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(str(filled))
        if made := make_accounts():
            self.show(made)

    def show(self, accounts: list[Account]) -> None:
        self.stdout.write("Accounts made. The passwords are shown this once; change them in the admin.")
        for account in accounts:
            self.stdout.write(f"  {account.role:<12}{account.username:<12}{account.password}")
