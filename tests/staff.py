"""Members of staff at a browser, one for each role."""

import re
from html.parser import HTMLParser

from django.contrib.auth.models import Group, User
from django.test import Client
from django.urls import reverse

from ipsc.roles import COURSE_OFFICE, EDITOR, MANAGER, MATRIX, PUBLISHER, RECEPTION

ANONYMOUS, NO_GROUP, SUPERUSER = "anonymous", "staff without a group", "superuser"
ROLES = [ANONYMOUS, NO_GROUP, RECEPTION, MANAGER, EDITOR, PUBLISHER, COURSE_OFFICE, SUPERUSER]


def member(role: str) -> User:
    """An account of this role, made unless it is there."""
    username = role.lower().replace(" ", "-")
    user, _made = User.objects.get_or_create(
        username=username, defaults={"is_staff": True, "is_superuser": role == SUPERUSER}
    )
    if role in MATRIX:
        user.groups.set([Group.objects.get(name=role)])
    return user


def client_of(role: str) -> Client:
    """A browser in which somebody of this role has signed in; nobody, for `anonymous`."""
    client = Client()
    if role != ANONYMOUS:
        client.force_login(member(role))
    return client


def admin_url(model: str, page: str, *args) -> str:
    """The address of `list` or `change` or another page of a model of appointments, such as ("patient", "add")."""
    return reverse(f"admin:appointments_{model}_{'changelist' if page == 'list' else page}", args=args)


class _Words(HTMLParser):
    """The words that a reader sees."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def words(response) -> str:
    """What a page says, its main part alone, in one line."""
    html = response.content.decode()
    found = re.search(r"<main.*</main>", html, re.S)
    parser = _Words()
    parser.feed(found[0] if found else html)
    return " ".join(" ".join(parser.words).split())
