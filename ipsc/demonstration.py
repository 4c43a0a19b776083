"""Accounts for trying the site out: one for each role (rule P2)."""

import secrets
from dataclasses import dataclass

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group

from ipsc.identifiers import ALPHABET
from ipsc.roles import COURSE_OFFICE, MANAGER, RECEPTION
from ipsc.verbs import verb

# The account's name, and the group that says what it may do.
ACCOUNTS = {"reception": RECEPTION, "office": COURSE_OFFICE, "manager": MANAGER}


@dataclass(frozen=True)
class Account:
    """An account that was just made. Its password is in no other place."""

    username: str
    role: str
    password: str


def new_password() -> str:
    """Sixteen characters (76 bits) in groups of four, since it is typed from the screen."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(4)) for _ in range(4))


@verb(refusals={})
def make_accounts() -> list[Account]:
    """Make the accounts that are missing and return them; those that exist stay as they are, password and rights."""
    made = []
    for username, role in ACCOUNTS.items():
        user, is_new = get_user_model().objects.get_or_create(username=username, defaults={"is_staff": True})
        if is_new:
            account = Account(username, role, new_password())
            user.set_password(account.password)
            user.save()
            user.groups.add(Group.objects.get(name=role))
            made.append(account)
    return made
