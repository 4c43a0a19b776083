from typing import Any

from django.core.management.base import BaseCommand, CommandError

from appointments import samples
from courses import samples as courses
from ipsc.dates import now
from ipsc.demonstration import Account, make_accounts
from ipsc.sampling import NoSamplesHere


class Command(BaseCommand):
    help = "Make an account for each role and what the samples lack as of today; never in production."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            moment = now()
            filled = [samples.fill(now=moment), courses.fill(now=moment)]
        except NoSamplesHere as refusal:
            raise CommandError(str(refusal)) from refusal
        for each in filled:
            self.stdout.write(str(each))
        if made := make_accounts():
            self.show(made)

    def show(self, accounts: list[Account]) -> None:
        self.stdout.write("Accounts made. The passwords are shown this once; change them in the admin.")
        for account in accounts:
            self.stdout.write(f"  {account.role:<15}{account.username:<12}{account.password}")
